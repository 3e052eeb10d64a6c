//! The command line as a user of `go` and `cargo` expects it, and input that nobody should write.

mod common;

use std::path::PathBuf;

use common::{Output, mgo, root};

/// A fresh folder, gone when dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let dir = std::env::temp_dir().join(format!("mgo-cli-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&dir);
        std::fs::create_dir_all(&dir).expect("temporary folders can be made");
        Folder(dir)
    }

    fn file(&self, name: &str, text: impl AsRef<[u8]>) -> &Folder {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().expect("below the folder")).expect("folders can be made");
        std::fs::write(path, text).expect("files can be written");
        self
    }

    fn mgo(&self, args: &[&str]) -> Output {
        self.mgo_with(args, "")
    }

    fn mgo_with(&self, args: &[&str], stdin: &str) -> Output {
        mgo(&self.0, &args.iter().map(ToString::to_string).collect::<Vec<_>>(), stdin, &[])
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

const HELLO: &str = "package main\n\nfunc main() { println(\"hello\") }\n";

/// Ends with a diagnostic: no crash, no hang, no internal error.
#[track_caller]
fn is_refused(what: &str, output: &Output) {
    assert!(!output.timed_out, "{what}: hangs");
    assert_eq!(output.code, Some(1), "{what}: {:?}\n{}", output.code, head(&output.stderr));
    assert!(!output.stderr.is_empty(), "{what}: no diagnostic");
}

/// Is accepted or refused, but never crashes.
#[track_caller]
fn survives(what: &str, output: &Output) {
    assert!(!output.timed_out, "{what}: hangs");
    assert!(matches!(output.code, Some(0 | 1)), "{what}: {:?}\n{}", output.code, head(&output.stderr));
}

fn head(s: &str) -> String {
    s.chars().take(600).collect()
}

#[test]
fn help_is_everywhere() {
    let f = Folder::new("help");
    for args in [vec!["--help"], vec!["run", "--help"], vec!["build", "--help"], vec!["dump", "--help"], vec!["help"]] {
        let o = f.mgo(&args);
        assert_eq!(o.code, Some(0), "{args:?}");
        assert!(o.stdout.contains("Usage"), "{args:?}: {}", o.stdout);
    }
    assert_eq!(f.mgo(&["--version"]).code, Some(0));
    assert_eq!(f.mgo(&["version"]).code, Some(0));
}

#[test]
fn misuse_is_explained() {
    let f = Folder::new("misuse");
    f.file("x.go", HELLO).file("sub/readme.txt", "no program");
    for (args, words) in [
        (vec!["frobnicate"], "frobnicate"),
        (vec!["run"], "FILES"),
        (vec!["run", "nosuch.go"], "no such file"),
        (vec!["run", "-frob", "x.go"], "-frob"),
        (vec!["build", "-gcflags=-frob", "x.go"], "flag provided but not defined: -frob"),
        (vec!["build", "sub"], "no Go files"),
        (vec!["build", "nosuchdir"], "nosuchdir"),
        (vec!["build", "x.go", "sub/readme.txt"], "readme.txt"),
        (vec!["dump", "nosuchstage", "x.go"], "nosuchstage"),
        (vec!["dump", "ssa", "x.go", "-func", "nosuchfunc"], "nosuchfunc"),
    ] {
        let o = f.mgo(&args);
        assert!(matches!(o.code, Some(1 | 2)), "{args:?}: {:?} {}", o.code, o.stderr);
        assert!(o.stderr.contains(words), "{args:?}: {}", o.stderr);
    }
}

#[test]
fn files_and_directories() {
    let f = Folder::new("files");
    f.file("a.go", "package main\n\nfunc main() { println(greet()) }\n")
        .file("b.mgo", "package main\n\nfunc greet() string { return \"from b\" }\n")
        .file("b_test.go", "package main\n\nfunc main() {}\n")
        .file("c_windows.go", "package main\n\nfunc greet() string { return \"windows\" }\n");
    for args in [vec!["run", "a.go", "b.mgo"], vec!["run", "."], vec!["run", "./"]] {
        let o = f.mgo(&args);
        assert_eq!((o.code, o.stderr.as_str()), (Some(0), "from b\n"), "{args:?}");
    }
    is_refused("half a package", &f.mgo(&["run", "a.go"]));
}

#[test]
fn arguments_input_and_status_are_the_programs() {
    let f = Folder::new("args");
    f.file(
        "x.go",
        "package main\n\nimport (\n\t\"fmt\"\n\t\"os\"\n)\n\nfunc main() {\n\tbuf := make([]byte, 100)\n\tn, _ := os.Stdin.Read(buf)\n\tfmt.Println(os.Args[1:], string(buf[:n]))\n\tos.Exit(len(os.Args))\n}\n",
    );
    let o = f.mgo_with(&["run", "x.go", "-gcflags=-m", "--help", "y.txt", "-x"], "some input");
    assert_eq!(o.stdout, "[-gcflags=-m --help y.txt -x] some input\n", "{}", o.stderr);
    assert_eq!(o.code, Some(5));
}

#[test]
fn message_formats() {
    let f = Folder::new("formats");
    f.file("x.go", "package main\n\nfunc main() {\n\tx := y\n}\n");
    let short = f.mgo(&["build", "x.go"]);
    assert!(short.stderr.contains("./x.go:4:7: undefined: y"), "{}", short.stderr);
    let json = f.mgo(&["build", "--message-format=json", "x.go"]);
    let line = json.stderr.lines().next().unwrap_or_default();
    let value: serde_json::Value = serde_json::from_str(line).expect("one JSON object a line");
    assert_eq!(value["severity"], "error");
    let human = f.mgo(&["build", "--message-format=human", "x.go"]);
    assert!(human.stderr.contains("undefined: y"), "{}", human.stderr);
}

#[test]
fn errors_stop_after_ten_unless_asked() {
    let f = Folder::new("many");
    let body: String = (0..15).map(|i| format!("\tundefined{i}()\n")).collect();
    f.file("x.go", format!("package main\n\nfunc main() {{\n{body}}}\n"));
    let o = f.mgo(&["build", "x.go"]);
    assert!(o.stderr.ends_with("too many errors\n"), "{}", o.stderr);
    assert_eq!(o.stderr.matches("undefined:").count(), 10);
    assert_eq!(f.mgo(&["build", "-gcflags=-e", "x.go"]).stderr.matches("undefined:").count(), 15);
}

#[test]
fn every_stage_can_be_dumped() {
    let examples = root().join("examples");
    for stage in ["tokens", "ast", "types", "hir", "escape", "ssa", "clif", "asm", "stackmap"] {
        let args: Vec<String> =
            ["dump", stage, "escape.mgo", "-func", "keep"].iter().map(ToString::to_string).collect();
        let o = mgo(&examples, &args, "", &[]);
        assert_eq!(o.code, Some(0), "{stage}: {}", o.stderr);
        assert!(!o.stdout.trim().is_empty(), "{stage} prints nothing");
    }
}

#[test]
fn both_models_of_stacks_are_compared() {
    let examples = root().join("examples");
    let args: Vec<String> =
        ["stacks", "-message-format=json", "hotsplit.mgo"].iter().map(ToString::to_string).collect();
    let o = mgo(&examples, &args, "", &[]);
    assert_eq!(o.code, Some(0), "{}", o.stderr);
    let report: serde_json::Value = serde_json::from_str(&o.stdout).expect("one JSON object");
    let n = |model: &str, what: &str| report[model][what].as_u64().expect("a count");
    assert_eq!(report["same_output"], true);
    assert!(n("contiguous", "growths") > 0 && n("contiguous", "bytes_copied") > 0);
    assert_eq!((n("contiguous", "segments_allocated"), n("segmented", "growths")), (0, 0));
    assert!(n("segmented", "hot_splits") > 100_000);
    assert!(n("segmented", "segments_freed") <= n("segmented", "segments_allocated"));
    let place = report["segmented"]["hottest_split"]["place"].as_str().expect("a place");
    assert!(place.ends_with("hotsplit.mgo:34"), "{place}");
    // Standard input reaches both runs; the exit status is the program's.
    let f = Folder::new("stacks");
    f.file("x.go", "package main\n\nimport (\n\t\"bufio\"\n\t\"os\"\n)\n\nfunc main() {\n\ts, _ := bufio.NewReader(os.Stdin).ReadString('\\n')\n\tos.Stdout.WriteString(s)\n\tos.Exit(3)\n}\n");
    let o = f.mgo_with(&["stacks", "x.go"], "hello\n");
    assert_eq!(o.code, Some(3), "{}", o.stderr);
    assert!(o.stdout.starts_with("hello\n") && !o.stdout.contains("differ"), "{}", o.stdout);
}

#[test]
fn local_packages_of_a_module() {
    let f = Folder::new("module");
    f.file("go.mod", "module example.com/m\n\ngo 1.27\n")
        .file(
            "main.go",
            "package main\n\nimport \"example.com/m/inner/deep\"\n\nfunc main() { println(deep.Answer()) }\n",
        )
        .file("inner/deep/deep.go", "package deep\n\nfunc Answer() int { return 42 }\n");
    let o = f.mgo(&["run", "."]);
    assert_eq!((o.code, o.stderr.as_str()), (Some(0), "42\n"));
    f.file("main.go", "package main\n\nimport \"example.com/m/nosuch\"\n\nfunc main() { nosuch.F() }\n");
    is_refused("missing package", &f.mgo(&["run", "."]));
}

#[test]
fn garbage_is_refused() {
    let f = Folder::new("garbage");
    let noise: Vec<u8> = (0u32..20000).map(|i| (i.wrapping_mul(2654435761) >> 13) as u8).collect();
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("empty", Vec::new()),
        ("nul", b"package main\x00\nfunc main() {}\n".to_vec()),
        ("nuls", vec![0; 5000]),
        ("noise", noise),
        ("utf8", b"package main\n\nfunc main() { println(\"\xff\xfe\") }\n\xff\n".to_vec()),
        ("bom", b"package main\n\xef\xbb\xbffunc main() {}\n".to_vec()),
        ("string", b"package main\n\nfunc main() { println(\"never ends".to_vec()),
        ("raw", b"package main\n\nfunc main() { println(`never ends".to_vec()),
        ("comment", b"package main /* never ends".to_vec()),
        ("keywords", "func if for switch ".repeat(2000).into_bytes()),
        ("braces", format!("package main\n\nfunc main() {}", "{".repeat(3000)).into_bytes()),
        ("closers", format!("package main\n\nfunc main() {{ {} }}", "}".repeat(3000)).into_bytes()),
    ];
    for (name, text) in cases {
        f.file("x.go", &text);
        is_refused(name, &f.mgo(&["build", "x.go"]));
    }
}

#[test]
fn truncated_programs_never_crash() {
    let f = Folder::new("truncated");
    let text = std::fs::read(root().join("examples/escape.mgo")).expect("the example is there");
    for n in (0..text.len()).step_by(37) {
        f.file("x.go", &text[..n]);
        survives(&format!("{n} bytes"), &f.mgo(&["build", "x.go"]));
    }
}

#[test]
fn deep_and_long_input() {
    let f = Folder::new("deep");
    let n = 100_000;
    let cases = vec![
        ("parentheses", format!("package main\n\nvar x = {}1{}\n\nfunc main() {{}}\n", "(".repeat(n), ")".repeat(n))),
        ("open parentheses", format!("package main\n\nvar x = {}\n", "(".repeat(n))),
        ("unary", format!("package main\n\nvar x = {}1\n\nfunc main() {{}}\n", "-".repeat(n).replace("--", "- -"))),
        ("binary", format!("package main\n\nvar x = 1{}\n\nfunc main() {{}}\n", " + 1".repeat(n))),
        ("pointers", format!("package main\n\nvar x {}int\n\nfunc main() {{}}\n", "*".repeat(n))),
        ("slices", format!("package main\n\nvar x {}int\n\nfunc main() {{}}\n", "[]".repeat(n))),
        ("blocks", format!("package main\n\nfunc main() {{ {} {} }}\n", "{".repeat(n), "}".repeat(n))),
        ("calls", format!("package main\n\nfunc f() func()\n\nfunc main() {{ f{} }}\n", "()".repeat(n))),
        ("selectors", format!("package main\n\nfunc main() {{ x{} }}\n", ".y".repeat(n))),
        ("ifs", format!("package main\n\nfunc main() {{ {} {} }}\n", "if true {".repeat(n), "}".repeat(n))),
        ("else ifs", format!("package main\n\nfunc main() {{ if true {{}} {} }}\n", "else if true {}".repeat(n))),
        (
            "functions",
            format!("package main\n\nvar f = {}{}\n\nfunc main() {{}}\n", "func() { _ = ".repeat(n), "}".repeat(n)),
        ),
        ("literals", format!("package main\n\nvar f = []any{}{}\n\nfunc main() {{}}\n", "{".repeat(n), "}".repeat(n))),
        (
            "structs",
            format!("package main\n\ntype T {} int {}\n\nfunc main() {{}}\n", "struct { x ".repeat(n), "}".repeat(n)),
        ),
        (
            "long line",
            format!("package main\n\nvar s = \"{}\"\n\nfunc main() {{ println(len(s)) }}\n", "x".repeat(10_000_000)),
        ),
        (
            "long list",
            format!("package main\n\nvar s = []int{{{}}}\n\nfunc main() {{ println(len(s)) }}\n", "1,".repeat(200_000)),
        ),
        ("long name", format!("package main\n\nvar {} = 1\n\nfunc main() {{}}\n", "x".repeat(1_000_000))),
        (
            "many functions",
            (0..5000).fold("package main\n\nfunc main() {}\n".to_string(), |s, i| s + &format!("func f{i}() {{}}\n")),
        ),
    ];
    for (name, text) in cases {
        f.file("x.go", &text);
        survives(name, &f.mgo(&["build", "x.go"]));
    }
}

#[test]
fn huge_constants_and_types() {
    let f = Folder::new("huge");
    for (name, text) in [
        ("exponent", "var x = 1e1000000000\n"),
        ("hex exponent", "var x = 0x1p1000000000\n"),
        ("shift", "const c = 1 << 1000000000\nvar x = c\n"),
        ("shift chain", "const a = 1 << 500\nconst b = a * a * a * a\nvar x int = b\n"),
        ("digits", &format!("var x int = {}\n", "9".repeat(100_000))),
        ("array", "var x [1 << 60]int\n"),
        ("array of arrays", "var x [1 << 30][1 << 30]int\n"),
        ("negative array", "var x [-1]int\n"),
        ("huge array length", "var x [1 << 100]int\n"),
        ("index", "var x = [...]int{1 << 62: 1}\n"),
        ("recursive", "type T struct { t T }\n"),
        ("recursive array", "type T [2]T\n"),
        ("alias cycle", "type A = B\ntype B = A\n"),
        ("init cycle", "var a = b\nvar b = a\n"),
        ("constant cycle", "const a = b\nconst b = a\n"),
        ("string repeat", "const s = \"0123456789\"\nconst t = s + s + s + s\nvar x int = t\n"),
    ] {
        f.file("x.go", format!("package main\n\n{text}\nfunc main() {{}}\n"));
        is_refused(name, &f.mgo(&["build", "x.go"]));
    }
    f.file("x.go", "package main\n\nvar x float64 = 1e-1000000000\n\nfunc main() {}\n");
    survives("tiny exponent", &f.mgo(&["build", "x.go"]));
}

/// What Go's command says about values of `-gcflags`, and its compiler about the flags in them; of the
/// compiler's list of flags only the first line is looked at.
#[test]
fn wrong_compiler_flags() {
    const LIST: &str = "usage: compile [options] file.go...";
    let f = Folder::new("gcflags");
    f.file("x.go", HELLO);
    for (value, text) in [
        ("foo", "missing =<value> in <pattern>=<value>"),
        ("=-m", "missing <pattern> in <pattern>=<value>"),
        ("'-m", "missing =<value> in <pattern>=<value>"),
        ("'x=-m", "parameter may not start with quote character '"),
        ("all='-m", "unterminated ' string"),
        ("-m '-l", "unterminated ' string"),
    ] {
        let o = f.mgo(&["build", &format!("-gcflags={value}"), "x.go"]);
        let usage = "usage: mgo build [-o output] [build flags] [packages]\nRun 'mgo help build' for details.\n";
        let expected = format!("invalid value \"{value}\" for flag -gcflags: {text}\n{usage}");
        assert_eq!((o.code, o.stderr), (Some(2), expected), "{value}");
    }
    let json = "compile: -json option should be '<version>,<destination>' where <version> is a number";
    let made = "compile: optimizer logging destination '<version>,<directory>' but could not create <directory>: err=";
    for (value, text) in [
        ("-foo", format!("flag provided but not defined: -foo\n{LIST}")),
        ("command...=-foo", format!("flag provided but not defined: -foo\n{LIST}")),
        ("-=x", format!("bad flag syntax: -=x\n{LIST}")),
        ("---m", format!("bad flag syntax: ---m\n{LIST}")),
        ("-m=x", format!("invalid boolean value \"x\" for -m: invalid count \"x\"\n{LIST}")),
        ("-l=x", format!("invalid boolean value \"x\" for -l: invalid count \"x\"\n{LIST}")),
        ("-dwarf=x", format!("invalid boolean value \"x\" for -dwarf: parse error\n{LIST}")),
        ("-c=x", format!("invalid value \"x\" for flag -c: parse error\n{LIST}")),
        ("-c=0", "compile: -c must be at least 1, got 0".into()),
        ("-d=foo", format!("invalid value \"foo\" for flag -d: unknown debug key foo\n\n{LIST}")),
        ("-d=panic=x", "compile: invalid debug value panic".into()),
        ("-m foo", "open foo: no such file or directory".into()),
        ("-goversion=foo", "compile: version \"go1.27.3\" does not match go tool version \"foo\"".into()),
        ("-lang=foo", "compile: invalid value \"foo\" for -lang: should be something like \"go1.12\"".into()),
        ("-lang=go1.99", "compile: invalid value \"go1.99\" for -lang: max known version is \"go1.27\"".into()),
        ("-json=0", json.into()),
        ("-json=x,/tmp", format!("{json}: err=strconv.Atoi: parsing \"x\": invalid syntax")),
        ("-json=1,/tmp", "compile: -json version must be 0".into()),
        (
            "-json=0,a/b",
            "compile: optimizer logging destination a/b was neither /-prefixed directory nor file://-prefixed file URI"
                .into(),
        ),
        ("-json=0,/dev/null/a/b", format!("{made}mkdir /dev/null: not a directory")),
        ("-json=0,/proc/nosuch", format!("{made}mkdir /proc/nosuch: no such file or directory")),
        ("-S", "compile: flag -S is not supported by mgo; mgo dump asm prints machine code".into()),
        ("-race", "compile: flag -race is not supported by mgo".into()),
        ("-d=nil", "compile: flag -d=nil is not supported by mgo".into()),
    ] {
        let o = f.mgo(&["build", &format!("-gcflags={value}"), "x.go"]);
        assert_eq!((o.code, o.stdout.as_str()), (Some(1), ""), "{value}");
        let listed = o.stderr.split_once(&format!("{LIST}\n"));
        let stderr = listed.map_or(o.stderr.clone(), |(head, _)| format!("{head}{LIST}\n"));
        assert_eq!(stderr, format!("# command-line-arguments\n{text}\n"), "{value}");
        if let Some((_, list)) = listed {
            assert!(list.contains("\n  -m\tprint optimization decisions\n"), "{list}");
            assert!(list.contains("\n  -lang string\n    \tGo language version source code expects\n"), "{list}");
        }
    }
    // Missing files are found before the flags are read.
    let o = f.mgo(&["build", "-gcflags=-foo", "nosuch.go"]);
    assert!(o.stderr.contains("nosuch.go: no such file"), "{}", o.stderr);
}

#[test]
fn compiler_flags_are_for_packages() {
    let f = Folder::new("patterns");
    f.file("x.go", HELLO).file("m/go.mod", "module example.com/m\n\ngo 1.27\n").file("m/cmd/y/y.go", HELLO);
    let m = |args: &[&str]| {
        let o = f.mgo(&[&["build"], args].concat());
        assert_eq!(o.code, Some(0), "{args:?}: {}", o.stderr);
        o.stderr.contains("can inline main")
    };
    for (values, expected) in [
        (vec!["-gcflags=-m"], true),
        (vec!["-gcflags", "-m"], true),
        (vec!["-gcflags=-m", "-gcflags=-e"], false),
        (vec!["-gcflags=-m", "-gcflags="], false),
        (vec!["-gcflags=-m", "-gcflags=example.com/...=-e"], true),
        (vec!["-gcflags=./...=-m"], true),
        (vec!["-gcflags=main=-m"], false),
    ] {
        assert_eq!(m(&[&values[..], &["x.go"]].concat()), expected, "{values:?}");
    }
    for (pattern, expected) in
        [("example.com/m/cmd/y", true), ("example.com/...", true), ("./m/...", true), ("work", true), ("./m", false)]
    {
        assert_eq!(m(&[&format!("-gcflags={pattern}=-m"), "m/cmd/y"]), expected, "{pattern}");
    }
    let o = f.mgo(&["build", "-gcflags=-m -C", "x.go"]);
    assert_eq!(o.stderr, "# command-line-arguments\n./x.go:3: can inline main\n");
    let o = f.mgo(&["build", "-gcflags=-foo", "m/cmd/y"]);
    assert!(o.stderr.starts_with("# example.com/m/cmd/y\nflag provided"), "{}", o.stderr);
}

#[test]
fn optimiser_log() {
    let dir = Folder::new("optlog");
    dir.file("x.go", "package main\n\nfunc f() *int { x := 1; return &x }\n\nfunc main() { println(*f()) }\n");
    let out = dir.0.join("log");
    let flag = format!("-gcflags=-json=0,{}", out.display());
    let output = dir.mgo(&["build", &flag, "x.go"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    let text = std::fs::read_to_string(out.join("main/x.json")).expect("a file for the source file");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("{\"version\":0,\"package\":\"main\",\"goos\":\"linux\""), "{}", lines[0]);
    let has = |what: &str| assert!(text.contains(what), "no {what} in {text}");
    has("\"code\":\"canInlineFunction\",\"source\":\"go compiler\",\"message\":\"cost: 8\"}");
    has("\"code\":\"escape\",\"source\":\"go compiler\",\"message\":\"x escapes to heap\"");
    has("\"message\":\"escflow:    flow: ~r0 ← \\u0026x:\"");
}

#[test]
fn sigquit_prints_all_goroutines() {
    use std::io::BufRead;
    use std::process::{Command, Stdio};
    let f = Folder::new("sigquit");
    f.file(
        "x.go",
        "package main\n\nimport (\n\t\"fmt\"\n\t\"os\"\n\t\"time\"\n)\n\nfunc spin() {\n\tfor {\n\t}\n}\n\nfunc wait(c chan int) { <-c }\n\n\
         func main() {\n\tgo spin()\n\tgo wait(make(chan int))\n\ttime.AfterFunc(1, func() { select {} })\n\t\
         go func() {\n\t\tvar b [1]byte\n\t\tos.Stdin.Read(b[:])\n\t}()\n\t\
         time.Sleep(200 * time.Millisecond)\n\tfmt.Println(\"ready\")\n\tselect {}\n}\n",
    );
    let mut child = Command::new(env!("CARGO_BIN_EXE_mgo"))
        .args(["run", "x.go"])
        .current_dir(&f.0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("mgo runs");
    let stdin = child.stdin.take();
    let mut line = String::new();
    let mut stdout = std::io::BufReader::new(child.stdout.take().expect("piped"));
    stdout.read_line(&mut line).expect("the program writes");
    assert_eq!(line, "ready\n");
    let killed = Command::new("kill").args(["-QUIT", &child.id().to_string()]).status().expect("kill runs");
    assert!(killed.success());
    let output = child.wait_with_output().expect("the program ends");
    drop(stdin);
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(text.starts_with("SIGQUIT: quit\nPC=0x"), "{text}");
    for part in [
        "[running]:\nmain.spin()\n",
        "[chan receive]:\nmain.wait(...)\n",
        "[syscall]:\n",
        "[select (no cases)]:\nmain.main.func1()\n",
        "created by time.goFunc\n",
        "created by main.main in goroutine 1\n",
        "\nrip    0x",
    ] {
        assert!(text.contains(part), "no {part:?} in\n{text}");
    }
}

/// Runs a program that prints `ready` and then waits, sends it signals, and returns how it ended and what it said.
fn signalled(name: &str, program: &str, env: &[(&str, &str)], signals: &[&str]) -> (std::process::ExitStatus, String) {
    use std::io::BufRead;
    use std::process::{Command, Stdio};
    let f = Folder::new(name);
    f.file("x.go", program);
    let mut child = Command::new(env!("CARGO_BIN_EXE_mgo"))
        .args(["run", "x.go"])
        .envs(env.iter().copied())
        .current_dir(&f.0)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("mgo runs");
    let mut line = String::new();
    let mut stdout = std::io::BufReader::new(child.stdout.take().expect("piped"));
    stdout.read_line(&mut line).expect("the program writes");
    assert_eq!(line, "ready\n");
    for s in signals {
        let killed = Command::new("kill").args([s, child.id().to_string().as_str()]).status().expect("kill runs");
        assert!(killed.success());
    }
    let output = child.wait_with_output().expect("the program ends");
    (output.status, String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn signals_that_nobody_asked_for_do_what_they_do_in_go() {
    use std::os::unix::process::ExitStatusExt;
    let wait = "package main\nimport (\"os\"; \"time\")\n\
        func main() { os.Stdout.WriteString(\"ready\\n\"); time.Sleep(time.Minute) }\n";
    // Many do nothing.
    let idle = ["-USR1", "-USR2", "-ALRM", "-VTALRM", "-PROF", "-IO", "-PWR", "-XCPU", "-40", "-CHLD", "-WINCH"];
    let mut signals = idle.to_vec();
    signals.push("-TERM");
    let (status, text) = signalled("idle", wait, &[], &signals);
    assert_eq!((status.signal(), text.as_str()), (Some(15), ""));
    let (status, text) = signalled("interrupt", wait, &[], &["-INT"]);
    assert_eq!((status.signal(), text.as_str()), (Some(2), ""));
    // Some end the program with traces.
    let sleeps = "package main\nimport (\"os\"; \"runtime\"; \"strings\"; \"time\")\n\
        func main() {\n\tgo func() {\n\t\tbuf := make([]byte, 4096)\n\
        \t\tfor !strings.Contains(string(buf[:runtime.Stack(buf, true)]), \"[sleep]\") {}\n\
        \t\tos.Stdout.WriteString(\"ready\\n\")\n\t\tselect {}\n\t}()\n\ttime.Sleep(time.Minute)\n}\n";
    let (status, text) = signalled("abort", sleeps, &[], &["-ABRT"]);
    assert!(text.starts_with("SIGABRT: abort\nPC=0x") && text.contains("[sleep]:\ntime.Sleep("), "{text}");
    assert_eq!(status.code(), Some(2));
    // What a program asked for, it gets, until it asks no more.
    let notify = "package main\nimport (\"os\"; \"os/signal\"; \"syscall\")\n\
        func main() {\n\tc := make(chan os.Signal, 1)\n\tsignal.Notify(c, syscall.SIGQUIT)\n\
        \tos.Stdout.WriteString(\"ready\\n\")\n\tprintln((<-c).String())\n\tsignal.Reset()\n\
        \tp, _ := os.FindProcess(os.Getpid())\n\tp.Signal(syscall.SIGUSR1)\n\tp.Signal(syscall.SIGQUIT)\n\tselect {}\n}\n";
    let (status, text) = signalled("notify", notify, &[], &["-QUIT"]);
    assert!(text.starts_with("quit\nSIGQUIT: quit\nPC="), "{text}");
    assert_eq!(status.code(), Some(2));
    // A crash is for those who look at what the process leaves behind.
    let panic = "package main\nimport \"os\"\nfunc main() { os.Stdout.WriteString(\"ready\\n\"); panic(1) }\n";
    let (status, text) = signalled("crash", panic, &[("GOTRACEBACK", "crash")], &[]);
    assert!(text.starts_with("panic: 1\n\ngoroutine 1 [running]:\nmain.main()\n"), "{text}");
    assert_eq!(status.signal(), Some(6));
}

const LEAKS: &str = "package main

var global *int

//go:noinline
func keep(p *int) { global = p }

//go:noinline
func pass(p *int) { keep(p) }

func main() {
\tfor i := 0; i < 2; i++ {
\t\tx := i
\t\tpass(&x)
\t}
\ty := 5
\tp := &y
\tprintln(*p)
}
";

#[test]
fn explanations() {
    let dir = Folder::new("explain");
    dir.file("x.go", LEAKS);
    let output = dir.mgo(&["explain", "-message-format=human", "x.go:13"]);
    let has = |text: &str, what: &str| assert!(text.contains(what), "no `{what}` in\n{text}");
    has(&output.stdout, "variable x (int, 8 bytes) is on the heap");
    has(&output.stdout, "1. its address is taken here; 2. passed to pass as p");
    has(&output.stdout, "./x.go:9:11: parameter p of pass leaks to the heap");
    has(&output.stdout, "  ./x.go:6:11: parameter p of keep leaks to the heap");
    let output = dir.mgo(&["explain", "-message-format=json", "x.go:13"]);
    has(
        &output.stdout,
        "\"kind\":\"variable\",\"text\":\"x\",\"placement\":\"heap\",\"type\":\"int\",\"size\":8,\"loop_depth\":1",
    );
    has(&output.stdout, "\"function\":\"pass\",\"parameter\":\"p\",\"leaks_to\":\"heap\",\"depth\":0");
    let output = dir.mgo(&["explain", "x.go:16"]);
    has(&output.stdout, "variable y (int, 8 bytes) is on the stack");
    // What tools get on standard output is JSON, also where there is nothing to say.
    let output = dir.mgo(&["explain", "-message-format=json", "x.go:1"]);
    assert_eq!(output.stdout, "{\"reason\":\"explain-finished\",\"version\":1,\"explanations\":0}\n");
    let output = dir.mgo(&["explain", "nowhere.go:3"]);
    has(&output.stderr, "nowhere.go: no such file or directory");
    let output = dir.mgo(&["explain", ".:3"]);
    has(&output.stderr, ".:3: a line needs a file");
    let output = dir.mgo(&["explain", "-message-format=short", "x.go"]);
    assert_eq!(output.stdout, "./x.go:13:3: variable x (int, 8 bytes) is on the heap\n");
}

#[test]
fn explanations_across_packages() {
    let dir = Folder::new("explain-module");
    dir.file("go.mod", "module example.com/m\n\ngo 1.27\n");
    std::fs::create_dir(dir.0.join("geo")).expect("a new folder");
    dir.file(
        "geo/geo.go",
        "package geo\n\ntype Point struct{ X int }\n\nvar last *Point\n\nfunc New(x int) *Point { return &Point{x} }\n\n\
         func Keep(p *Point) { last = p }\n",
    );
    dir.file("main.go", "package main\n\nimport \"example.com/m/geo\"\n\nfunc main() {\n\tgeo.Keep(geo.New(1))\n}\n");
    for place in ["main.go", ".", "main.go:6", "main.go:6:11"] {
        let output = dir.mgo(&["explain", "-message-format=human", place]);
        let has = |what: &str| assert!(output.stdout.contains(what), "{place}: no `{what}` in\n{}", output.stdout);
        has(
            "&geo.Point{...} (geo.Point, 8 bytes) is on the heap in geo.New, which is inlined here\n  ┌─ ./main.go:6:11",
        );
        has("passed to geo.Keep as p (the call is inlined)");
        has("assigned to package variable geo.last here");
    }
    // A package that is no program, by itself.
    let output = dir.mgo(&["explain", "-message-format=short", "geo/geo.go"]);
    assert_eq!(output.stdout, "geo/geo.go:7:33: &Point{...} (Point, 8 bytes) is on the heap\n");
    // The other package's line is asked about by its own name only.
    let output = dir.mgo(&["explain", "-message-format=short", "main.go:7"]);
    assert_eq!(output.stdout, "");
}
