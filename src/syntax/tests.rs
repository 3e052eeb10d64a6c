//! Tests of the lexer and parser: errors as Go reports them, trees, identities, hostile input.

#![forbid(unsafe_code)]

use std::cell::Cell;
use std::rc::Rc;

use crate::source::{SourceFile, SourceMap};
use crate::syntax::dump::{dump_file, dump_tokens};
use crate::syntax::parser::{MAX_NESTING, parse_file, parse_library_file};
use crate::syntax::print::expr_string;
use crate::syntax::{ast, lexer};

/// Gives `body` the source as a file.
fn with_file<T>(text: &[u8], body: impl FnOnce(crate::source::FileId, &SourceFile) -> T) -> T {
    let mut map = SourceMap::default();
    let id = map.add("x.go".into(), "/x.go".into(), text.to_vec()).expect("small enough");
    body(id, map.file(id))
}

/// The errors of a source, as `line:col: message`.
fn errors(text: &[u8]) -> Vec<String> {
    with_file(text, |id, src| {
        let (_, diagnostics) = parse_file(id, src, &mut 0);
        let show = |d: &crate::diag::Diagnostic| {
            let lc = src.line_col(d.span.lo);
            format!("{}:{}: {}", lc.line, lc.col, d.message)
        };
        diagnostics.iter().map(show).collect()
    })
}

/// Sources behind `package p` and a newline, and what Go 1.27.3 says about them.
const ERRORS: &[(&str, &[&str])] = &[
    ("var x = 1 +", &["3:1: syntax error: unexpected EOF, expected expression"]),
    ("var x int = )", &["2:13: syntax error: unexpected ), expected expression"]),
    ("var x y z", &["2:9: syntax error: unexpected name z after top level declaration"]),
    ("const c := 1", &["2:9: syntax error: unexpected :=, expected ="]),
    ("func f( {}", &["2:9: syntax error: unexpected {, expected )"]),
    ("func f() { x y }", &["2:14: syntax error: unexpected name y at end of statement"]),
    ("func f() { x = }", &["2:16: syntax error: unexpected }, expected expression"]),
    (
        "func f() { f(1 2) }",
        &["2:16: syntax error: unexpected literal 2 in argument list; possibly missing comma or )"],
    ),
    ("func f() { f(1, 2 }", &["2:19: syntax error: unexpected } in argument list; possibly missing comma or )"]),
    ("func f() { a[1 2] = 3 }", &["2:16: syntax error: unexpected literal 2, expected comma, : or ]"]),
    ("func f() { a[] = 3 }", &["2:14: syntax error: unexpected ], expected operand"]),
    (
        "func f() { a[1:2:] = 3; a[::3] = 4 }",
        &["2:18: final index required in 3-index slice", "2:28: middle index required in 3-index slice"],
    ),
    (
        "func f() { x := []int{1 2} }",
        &["2:25: syntax error: unexpected literal 2 in composite literal; possibly missing comma or }"],
    ),
    (
        "func f() { x := []int{1, 2\n} }",
        &["2:27: syntax error: unexpected newline in composite literal; possibly missing comma or }"],
    ),
    (
        "func f() { f(1,\n2\n) }",
        &["3:2: syntax error: unexpected newline in argument list; possibly missing comma or )"],
    ),
    ("func f() { if { } }", &["2:15: syntax error: missing condition in if statement"]),
    ("func f() { if x := 1; { } }", &["2:21: syntax error: missing condition in if statement"]),
    ("func f() { if x\n{ } }", &["2:16: syntax error: unexpected newline, expected { after if clause"]),
    ("func f() { if x = 1 { } }", &["2:17: syntax error: cannot use assignment x = 1 as value"]),
    ("func f() { if x = a == b { } }", &["2:17: syntax error: cannot use assignment x = (a == b) as value"]),
    ("func f() { if x := 1 { } }", &["2:17: syntax error: cannot use x := 1 as value"]),
    ("func f() { if var x = 1; x { } }", &["2:19: syntax error: var declaration not allowed in if initializer"]),
    (
        "func f() { for var i = 0; i < 10; i++ { } }",
        &["2:20: syntax error: var declaration not allowed in for initializer"],
    ),
    ("func f() { for i := 0; i < 10 { } }", &["2:31: syntax error: unexpected {, expected semicolon or newline"]),
    ("func f() { for i := 0; { } }", &["2:24: syntax error: unexpected {, expected for loop condition"]),
    (
        "func f() { for i := 0; i < 10; i := 1 { } }",
        &["2:34: syntax error: cannot declare in post statement of for loop"],
    ),
    ("func f() { for x y { } }", &["2:18: syntax error: unexpected name y, expected {"]),
    ("func f() { for ; ; x y { } }", &["2:22: syntax error: unexpected name y, expected { after for clause"]),
    ("func f() { for range x y { } }", &["2:24: syntax error: unexpected name y, expected { after for clause"]),
    ("func f() { switch x y { } }", &["2:21: syntax error: unexpected name y, expected {"]),
    ("func f() { switch x; y z { } }", &["2:24: syntax error: missing { after switch clause"]),
    ("func f() { switch x { foo() } }", &["2:23: syntax error: unexpected name foo, expected case or default or }"]),
    ("func f() { switch x { case 1 2: } }", &["2:30: syntax error: unexpected literal 2, expected :"]),
    (
        "func f() { switch { case 1: f() case 2: } }",
        &["2:33: syntax error: unexpected keyword case at end of statement"],
    ),
    ("func f() { select x { } }", &["2:19: syntax error: missing { after select clause"]),
    ("func f() { if x { } else x() }", &["2:26: syntax error: else must be followed by if or statement block"]),
    ("func f() { if x { }\nelse { } }", &["3:1: syntax error: unexpected keyword else, expected }"]),
    ("func f() { L: }", &[]),
    ("func f() { switch { case a: L: case b: } }", &["2:30: syntax error: missing statement after label"]),
    ("func f() { go (f()) }", &["2:15: expression in go must not be parenthesized"]),
    ("func f() { defer (f()) }", &["2:18: expression in defer must not be parenthesized"]),
    ("func f() { a, b }", &["2:17: syntax error: unexpected }, expected := or = or comma"]),
    ("func f() { a, b += 1 }", &["2:17: syntax error: unexpected +=, expected := or = or comma"]),
    ("func f() { x := (T){1} }", &["2:20: syntax error: cannot parenthesize type in composite literal"]),
    ("func f() { x := a.1 }", &["2:18: syntax error: unexpected literal .1 at end of statement"]),
    ("func f() { x := a.(b c) }", &["2:22: syntax error: unexpected name c, expected )"]),
    ("func f() { var c chan }", &["2:23: syntax error: missing channel element type"]),
    (
        "func f() { f(x ...int) }",
        &["2:19: syntax error: unexpected name int in argument list; possibly missing comma or )"],
    ),
    ("func f() { g := func[T any]() {} }", &["2:21: syntax error: function type must have no type parameters"]),
    ("func f() { func g() {} }", &["2:17: syntax error: unexpected name g, expected ("]),
    ("func (a, b T) m() {}", &["2:15: method has multiple receivers"]),
    ("func () m() {}", &["2:9: method has no receiver"]),
    ("func (t T) () {}", &["2:12: syntax error: unexpected (, expected name"]),
    ("func f(a int, b) {}", &["2:16: syntax error: missing parameter type"]),
    ("func f(a, b c, int) {}", &["2:19: syntax error: missing parameter type"]),
    ("func f(...) {}", &["2:11: syntax error: ... is missing type"]),
    ("func f(a ...int, b int) {}", &["2:10: can only use ... with final parameter"]),
    ("func f() (a ...int) { return }", &["2:13: invalid use of ..."]),
    ("func f[]() {}", &["2:8: syntax error: empty type parameter list"]),
    ("func f[T]() {}", &["2:9: syntax error: missing type constraint"]),
    ("func f[T any, int]() {}", &["2:18: syntax error: missing type constraint"]),
    ("type T", &["2:7: syntax error: unexpected newline in type declaration"]),
    ("type T[P any]", &["2:14: syntax error: unexpected newline in type declaration"]),
    (
        "type T[int] struct { x y z }",
        &["2:26: syntax error: unexpected name z in struct type; possibly missing semicolon or newline or }"],
    ),
    ("type T struct { x, y }", &["2:22: syntax error: unexpected }, expected type"]),
    ("type T struct { (T) }", &["2:17: syntax error: cannot parenthesize embedded type"]),
    ("type T struct { *(T) }", &["2:18: syntax error: cannot parenthesize embedded type"]),
    (
        "type T struct { x int, y int }",
        &["2:22: syntax error: unexpected comma in struct type; possibly missing semicolon or newline or }"],
    ),
    ("type I interface { m( }", &["2:23: syntax error: unexpected }, expected )"]),
    (
        "type I interface { m() int, n() }",
        &["2:27: syntax error: unexpected comma in interface type; possibly missing semicolon or newline or }"],
    ),
    ("type I interface { m[T any]() }", &["2:21: interface method must have no type parameters"]),
    ("type I interface { ~ }", &["2:22: syntax error: unexpected }, expected type"]),
    ("type I interface { + }", &["2:20: syntax error: unexpected +, expected ~ term or type"]),
    ("type T []", &["2:10: syntax error: unexpected newline, expected type"]),
    ("type T map[string", &["2:18: syntax error: unexpected newline, expected ]"]),
    ("type T <-int", &["2:10: syntax error: unexpected name int, expected keyword chan"]),
    ("type T = ", &["3:1: syntax error: unexpected EOF in type declaration"]),
    ("import \"fmt\" \"os\"", &["2:14: syntax error: unexpected literal \"os\" after top level declaration"]),
    ("import fmt", &["2:11: syntax error: missing import path"]),
    ("import 3", &["2:8: syntax error: import path must be a string"]),
    ("x := 1", &["2:1: syntax error: non-declaration statement outside function body"]),
    ("}", &["2:1: syntax error: non-declaration statement outside function body"]),
    ("func f()\n{ }", &["3:1: syntax error: unexpected semicolon or newline before {"]),
    ("var x int\nimport \"fmt\"", &["3:1: syntax error: imports must appear before other declarations"]),
    (
        "var ( a int b int )",
        &["2:13: syntax error: unexpected name b in grouped declaration; possibly missing semicolon or newline or )"],
    ),
    (
        "const ( a = 1; b 2 c )",
        &[
            "2:18: syntax error: unexpected literal 2 in grouped declaration; possibly missing semicolon or newline or )",
        ],
    ),
    ("func f() { return 1 2 }", &["2:21: syntax error: unexpected literal 2 at end of statement"]),
    ("func f() { break 1 }", &["2:18: syntax error: unexpected literal 1 at end of statement"]),
    ("func f() { goto }", &["2:17: syntax error: unexpected }, expected name"]),
    ("func f() { x++ 1 }", &["2:16: syntax error: unexpected literal 1 at end of statement"]),
    ("func f() { x = y = z }", &["2:18: syntax error: unexpected = at end of statement"]),
    (
        "func f() { f(a; b) }",
        &["2:15: syntax error: unexpected semicolon in argument list; possibly missing comma or )"],
    ),
    (
        "func f() { x := map[string]int{\"a\": 1; \"b\": 2} }",
        &["2:38: syntax error: unexpected semicolon in composite literal; possibly missing comma or }"],
    ),
    ("func f() {\n\tx := 1\n\ty = = 2\n\tz(\n\tw := 3\n}", &["4:6: syntax error: unexpected =, expected expression"]),
    ("func f() { else { } }", &["2:12: syntax error: unexpected keyword else, expected }"]),
    ("func f() { case 1: }", &["2:12: syntax error: unexpected keyword case, expected }"]),
    ("func f() { ) }", &["2:12: syntax error: unexpected ), expected }"]),
    ("func f(a [3 4]int) { x := }", &["2:13: syntax error: unexpected literal 4, expected ]"]),
    ("func f() { if x { f( } }", &["2:22: syntax error: unexpected }, expected expression"]),
    ("func f() { x := \"abc", &["2:21: newline in string"]),
    ("func f() { x := 'ab' }", &["2:17: more than one character in rune literal"]),
    ("func f() { x := '' }", &["2:18: empty rune literal or unescaped '"]),
    (
        "func f() { x := \"\\q\\x1z\\u12\\400\\ud800\" }",
        &[
            "2:19: unknown escape",
            "2:23: invalid character 'z' in hexadecimal escape",
            "2:28: invalid character '\\\\' in hexadecimal escape",
            "2:32: octal escape value 256 > 255",
            "2:38: escape is invalid Unicode code point U+D800",
        ],
    ),
    (
        "func f() { x := 0x + 08 + 1_ + 0b12 + 1e + 0x1.0 + 0b1.0 + 0x1e+1p1 }",
        &[
            "2:19: hexadecimal literal has no digits",
            "2:23: invalid digit '8' in octal literal",
            "2:28: '_' must separate successive digits",
            "2:35: invalid digit '2' in binary literal",
            "2:41: exponent has no digits",
            "2:49: hexadecimal mantissa requires a 'p' exponent",
            "2:55: invalid radix point in binary literal",
            "2:66: 'p' exponent requires hexadecimal mantissa",
        ],
    ),
    ("func f() { x := 'a }", &["2:21: newline in rune literal"]),
    ("func f() { x := `abc }", &["2:17: string not terminated"]),
    (
        "func f() { x # y }",
        &["2:14: invalid character U+0023 '#'", "2:16: syntax error: unexpected name y at end of statement"],
    ),
    (
        "func f() { x⌘ := ٣ }",
        &["2:13: invalid character U+2318 '⌘' in identifier", "2:20: identifier cannot begin with digit U+0663 '٣'"],
    ),
    ("func f() { /* abc }", &["2:12: comment not terminated"]),
    ("func f() {", &["3:1: syntax error: unexpected EOF, expected }"]),
    ("func f() { f(", &["3:1: syntax error: unexpected EOF, expected )"]),
    ("type T struct {", &["3:1: syntax error: unexpected EOF, expected }"]),
    ("func f() { x := T{", &["3:1: syntax error: unexpected EOF, expected }"]),
];

#[test]
fn errors_are_those_of_go() {
    for (source, expected) in ERRORS {
        assert_eq!(errors(format!("package p\n{source}\n").as_bytes()), *expected, "in {source}");
    }
}

#[test]
fn package_clause_comes_first() {
    assert_eq!(errors(b""), ["1:1: syntax error: package statement must be first"]);
    assert_eq!(errors(b"import \"fmt\"\n"), ["1:1: syntax error: package statement must be first"]);
    assert_eq!(errors(b"package 1\nfunc\n"), ["1:9: syntax error: unexpected literal 1, expected name"]);
}

#[test]
fn bytes_that_are_no_text() {
    assert_eq!(errors(b"package p // a\0b\n"), ["1:15: invalid NUL character"]);
    assert_eq!(errors(b"package p // a\xffb\n"), ["1:15: invalid UTF-8 encoding"]);
    assert_eq!(errors(b"package p // \xef\xbb\xbf\n"), ["1:14: invalid BOM in the middle of the file"]);
    assert_eq!(errors(b"\xef\xbb\xbfpackage p\n"), [""; 0]);
}

/// All tokens' texts, with `;` and the reason for it.
fn tokens(text: &str) -> String {
    let dump = with_file(text.as_bytes(), |_, src| dump_tokens(src));
    dump.lines().map(|l| l[9..].split_whitespace().last().unwrap_or("")).collect::<Vec<_>>().join(" ")
}

#[test]
fn semicolons() {
    assert_eq!(tokens("a\nb /* x */\n"), "a newline b newline");
    assert_eq!(tokens("a /* x\n */ b"), "a newline b eof");
    assert_eq!(tokens("a +\nb\n"), "a + b newline");
    assert_eq!(
        tokens("return\nbreak\n}\n)\n]\nx++\n"),
        "return newline break newline } newline ) newline ] newline x ++ newline"
    );
    assert_eq!(tokens("if x {\n}; y"), "if x { } semicolon y eof");
}

#[test]
fn fused_tokens() {
    assert_eq!(tokens("chan <- int"), "chan<- int eof");
    assert_eq!(tokens("chan\n<-int"), "chan<- int eof");
    assert_eq!(tokens("<-chan int"), "<- chan int eof");
    assert_eq!(tokens("a<-b"), "a <- b eof");
}

#[test]
fn numbers() {
    assert_eq!(
        tokens("1 0x1p-2 .5e3i 1_000 0b1 0o17 017 1.. 0xBad.p1"),
        "1 0x1p-2 .5e3i 1_000 0b1 0o17 017 1. . 0xBad.p1 eof"
    );
}

/// The values of `var _ = …`, printed.
fn printed(expr: &str) -> String {
    with_file(format!("package p; var _ = {expr}").as_bytes(), |id, src| {
        let (file, diagnostics) = parse_file(id, src, &mut 0);
        assert!(diagnostics.is_empty(), "{expr}: {diagnostics:?}");
        match &file.decls[0] {
            ast::Decl::Var(v) => expr_string(&v.values[0]),
            _ => panic!("not a variable"),
        }
    })
}

#[test]
fn expressions_print_as_go_prints_them() {
    for same in [
        "a + b * c - d",
        "(a + b) * c",
        "-x.f[i](a, b...)",
        "a[1:2:3]",
        "x.(map[string][]*T)",
        "<-c",
        "&T{…}.x",
        "func(a, b int, c ...string) (x, y int) {…}",
        "func() {}",
        "chan (<-chan int)",
        "struct{a, b int; T; *q.U}",
        "interface{M(int) string; ~int | E}",
        "G[int, []T]{}",
        "a || b && c == d + e << f",
    ] {
        let source = same.replace("{…}.x", "{1}.x").replace("{…}", "{ f() }");
        assert_eq!(printed(&source), same);
    }
}

#[test]
fn precedence() {
    let tree = |e: &str| {
        with_file(format!("package p; var _ = {e}").as_bytes(), |id, src| {
            let (file, _) = parse_file(id, src, &mut 0);
            fn shape(x: &ast::Expr) -> String {
                match &x.kind {
                    ast::ExprKind::Binary { op, x, y, .. } => format!("({}{}{})", shape(x), op.text(), shape(y)),
                    ast::ExprKind::Unary(_, x) => format!("u{}", shape(x)),
                    _ => expr_string(x),
                }
            }
            match &file.decls[0] {
                ast::Decl::Var(v) => shape(&v.values[0]),
                _ => panic!("not a variable"),
            }
        })
    };
    assert_eq!(tree("a+b+c"), "((a+b)+c)");
    assert_eq!(tree("a+b*c+d"), "((a+(b*c))+d)");
    assert_eq!(tree("a||b&&c==d+e*f"), "(a||(b&&(c==(d+(e*f)))))");
    assert_eq!(tree("a*b+c==d&&e||f"), "(((((a*b)+c)==d)&&e)||f)");
    assert_eq!(tree("-a*b"), "(ua*b)");
    assert_eq!(tree("a==b+c*d-e"), "(a==((b+(c*d))-e))");
}

/// Type parameters or array length: the same tokens may be either.
#[test]
fn type_parameters_or_array() {
    let n_tparams = |source: &str| {
        with_file(format!("package p; type {source}").as_bytes(), |id, src| {
            let (file, diagnostics) = parse_file(id, src, &mut 0);
            assert!(diagnostics.is_empty(), "{source}: {diagnostics:?}");
            match &file.decls[0] {
                ast::Decl::Type(t) => t.tparams.iter().map(|f| f.names.len()).sum::<usize>(),
                _ => panic!("not a type"),
            }
        })
    };
    for (source, n) in [
        ("T [N]int", 0),
        ("T [P * N]int", 0),
        ("T [P(N)]int", 0),
        ("T []int", 0),
        ("T [P any]int", 1),
        ("T [P *C,]int", 1),
        ("T [P *[]int]int", 1),
        ("T [P *struct{}|Q]int", 1),
        ("T [P (C),]int", 1),
        ("T [P []int]int", 1),
        ("T [P [N]int, Q any]int", 2),
        ("T [P, Q any]int", 2),
        ("T [P ~int|string] = []P", 1),
        ("(T [P []E] int)", 1),
    ] {
        assert_eq!(n_tparams(source), n, "{source}");
    }
}

#[test]
fn identities_are_one_sequence_over_files() {
    let mut next = 7;
    let mut map = SourceMap::default();
    for name in ["a.go", "b.go"] {
        let text = b"package p; func f(a int) { x := T{a, 1}; _ = x }".to_vec();
        let id = map.add(name.into(), name.into(), text).expect("small enough");
        let first = next;
        let (file, _) = parse_file(id, map.file(id), &mut next);
        assert!(file.package.id.0 >= first && file.package.id.0 < next);
    }
    assert!(next > 20);
}

#[test]
fn directives_are_kept() {
    let lexed =
        with_file(b"//go:noinline\nfunc f() {} // go:x\n//line a:1\n /*go:y*/ //go:z\n", |_, src| lexer::lex(src));
    let texts: Vec<_> = lexed.directives.iter().map(|d| d.text.as_str()).collect();
    assert_eq!(texts, ["go:noinline", "line a:1", "go:z"]);
}

#[test]
fn dump_shows_positions() {
    let dump = with_file(b"package p\nfunc f() {\n\tx := g(1)[2]\n}\n", |id, src| {
        let (file, _) = parse_file(id, src, &mut 0);
        dump_file(&file, src, Some("f"))
    });
    let expected = "func f 2:1\n  block 2:10\n    assign := 3:4\n      left\n        name x 3:2\n      right\n        \
                    index 3:11\n          call 3:8\n            name g 3:7\n            arguments\n              \
                    literal 1 3:9\n          index\n            literal 2 3:12\n";
    assert_eq!(dump, expected);
}

/// Everything that can nest, far deeper than is allowed: no overflow, one diagnostic.
#[test]
fn deep_nesting_is_an_error() {
    const N: usize = 100_000;
    let nests = |prefix: &str, open: &str, middle: &str, close: &str, suffix: &str| {
        format!("package p\n{prefix}{}{middle}{}{suffix}\n", open.repeat(N), close.repeat(N))
    };
    let message = format!("nesting too deep: more than {MAX_NESTING} levels");
    for source in [
        nests("var x = ", "(", "1", ")", ""),
        nests("var x = ", "(", "", "", ""),
        nests("var x ", "[1]", "int", "", ""),
        nests("var x = ", "- ", "1", "", ""),
        nests("var x ", "*", "int", "", ""),
        nests("var x ", "chan ", "int", "", ""),
        nests("var x ", "func() ", "int", "", ""),
        nests("var x = f", "()", "", "", ""),
        nests("var x = f", ".a", "", "", ""),
        nests("var x = 1", "+1", "", "", ""),
        nests("var x = T", "{", "", "}", ""),
        nests("type T ", "struct { x ", "int", "}", ""),
        nests("func f() ", "{", "", "}", ""),
        nests("func f() { if a {} ", "else if a {} ", "", "", "}"),
        nests("func f() { ", "L: ", "x()", "", "}"),
        nests("func f() { ", "func() { ", "", "}()", "}"),
    ] {
        let errors = errors(source.as_bytes());
        assert_eq!(errors.len(), 1, "{}", &source[..40]);
        assert!(errors[0].ends_with(&message), "{}: {}", &source[..40], errors[0]);
    }
}

/// What is merely long is fine.
#[test]
fn long_is_not_deep() {
    for source in [
        format!("var x = []int{{{}}}", "1,".repeat(100_000)),
        format!("func f() {{ {} }}", "x = a + b*c; ".repeat(50_000)),
        format!("func f() {{ switch {{ {} }} }}", "case a: ".repeat(50_000)),
        "var x int; ".repeat(50_000),
        "func f() {}; ".repeat(50_000),
        format!("var x = \"{}\"", "a".repeat(1_000_000)),
        format!("var x = {}", "9".repeat(1_000_000)),
    ] {
        assert_eq!(errors(format!("package p\n{source}\n").as_bytes()), [""; 0], "{}", &source[..20]);
    }
}

/// No panic and no hang, whatever comes.
#[test]
fn garbage_ends_in_diagnostics() {
    let bytes: Vec<u8> = (0..=255).collect();
    for text in [
        bytes.repeat(20),
        b"package p\n".iter().copied().chain(bytes.repeat(20)).collect(),
        b"package p\nfunc f() { ".iter().copied().chain(b") ] } ( [ { ; , . + := ... ".repeat(500)).collect(),
        b"package p\n".iter().copied().chain(b"func if x ( { = ".repeat(500)).collect(),
        b"package p\nfunc f() {\n".iter().copied().chain(b"x y z\n".repeat(500)).collect(),
        b"package p\nfunc f() {\n".iter().copied().chain(b")".repeat(5000)).collect(),
        b"package p\n".iter().copied().chain(b"func f( {};".repeat(500)).collect(),
        b"package p\n".iter().copied().chain(b"var x = ;".repeat(20_000)).collect(),
        b"package p; var x = \"".iter().copied().chain(b"\\q".repeat(5000)).collect(),
    ] {
        assert!(!errors(&text).is_empty());
    }
}

/// A legal program with any one token missing, doubled or replaced still gives a tree, and never a panic.
#[test]
fn mutilated_programs_end_in_diagnostics() {
    const SOURCE: &str = r#"package p
import ( "fmt"; q "os" )
const ( A, B = iota, 'x'; C; D )
type ( T[P interface{ ~int | []E }] struct { a, b int `tag`; *q.X }; F = func(a int, b ...string) (x, y error) )
type G[P *C,] [2]<-chan map[string]P
func (t *T[P]) m(x, y int) (r int) {
	var a, b = 1, f[int](2)
L:	for i := 0; i < 10; i++ { if x := g(); x > 1 { continue L } else if y { break } else { goto L } }
	for k, v := range m { switch z := v.(type) { case int, []T: fmt.Println(k...); default: fallthrough } }
	select { case c <- 1: case x, ok := <-c: return; default: }
	defer func() { go h(&T{a: 1, b: -x<<2}, a[1:2:3], !b) }()
	x, y = y, (x+y)*3; x <<= 1; c <- func() int { return 1 }()
	switch { case a == b: }
	return struct{}{}
}
"#;
    let tokens = with_file(SOURCE.as_bytes(), |_, src| lexer::lex(src).tokens);
    let lo = tokens[0].span.lo.0;
    for t in &tokens {
        let (a, b) = ((t.span.lo.0 - lo) as usize, (t.span.hi.0 - lo) as usize);
        for middle in ["", "( ", "} ", "if ", ":= "] {
            let mutilated = format!("{}{middle}{}", &SOURCE[..a], &SOURCE[b..]);
            errors(mutilated.as_bytes());
        }
    }
}

/// Files of the library, read as the driver reads them.
fn library_files(dir: &std::path::Path, out: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(dir).expect("src/std is there") {
        let path = entry.expect("src/std can be read").path();
        if path.is_dir() {
            library_files(&path, out);
        } else if path.extension().is_some_and(|e| e == "go") {
            out.push(path);
        }
    }
}

/// Bodies that are skipped and parsed later are those that parsing all at once gives.
#[test]
fn deferred_bodies_are_whole() {
    let mut paths = Vec::new();
    library_files(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/std"), &mut paths);
    assert!(paths.len() > 50);
    let bodies = |file: ast::File| {
        let funcs = file.decls.into_iter().filter_map(|d| match d {
            ast::Decl::Func(f) => Some((f.name.name, f.body.map(|b| b.into_block()))),
            _ => None,
        });
        funcs.map(|(name, body)| (name, body.map(|b| (b.span, b.stmts.len())))).collect::<Vec<_>>()
    };
    for path in paths {
        let text = std::fs::read(&path).expect("src/std can be read");
        with_file(&text, |id, src| {
            let (whole, mut errors) = parse_file(id, src, &mut 0);
            // The library has directives that programs may not have.
            errors.retain(|e| e.code != "MisplacedDirective");
            assert!(errors.is_empty(), "{}: {errors:?}", path.display());
            let (deferred, errors) = parse_library_file(id, src, &Rc::new(Cell::new(0)));
            assert!(errors.is_empty(), "{}: {errors:?}", path.display());
            assert_eq!(bodies(whole), bodies(deferred), "{}", path.display());
        });
    }
}
