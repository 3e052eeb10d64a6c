//! What SSA form looks like for small functions: which checks, polls and slots are left.
//!
//! Looks at `mgo dump ssa` for properties, not for its exact text.

use std::process::Command;

/// The dump of one function of a program.
fn ssa(name: &str, source: &str, func: &str) -> String {
    let dir = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("ssa");
    std::fs::create_dir_all(&dir).expect("directory");
    let path = dir.join(format!("{name}.mgo"));
    std::fs::write(&path, format!("package main\n{source}")).expect("write");
    let out = Command::new(env!("CARGO_BIN_EXE_mgo"))
        .args(["dump", "ssa"])
        .arg(&path)
        .args(["-func", func])
        .output()
        .expect("mgo runs");
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    assert!(text.contains("func "), "{}\n{}", text, String::from_utf8_lossy(&out.stderr));
    text
}

fn count(text: &str, what: &str) -> usize {
    text.matches(what).count()
}

#[test]
fn loops_over_a_slice_need_no_bounds_checks() {
    let bodies = [
        "for i := range a { t += a[i] }",
        "for i := 0; i < len(a); i++ { t += a[i] }",
        "for i := len(a) - 1; i >= 0; i-- { t += a[i] }",
        "for i := 1; i < len(a); i++ { t += a[i-1] }",
        "for i := 0; i < len(a); i++ { for j := i; j < len(a); j++ { t += a[j] - a[i] } }",
        "if len(a) > 3 { t = a[0] + a[3] }",
        "for i := range a { if i > 0 { t += a[i-1] } }",
        "_ = a[7]; t = a[3] + a[7]",
        "b := make([]int, len(a)+3); for i := 1; i < len(b); i++ { t += b[i-1] + b[i]; b[i] = t }",
    ];
    for (i, body) in bodies.iter().enumerate() {
        let source = format!("func f(a []int) (t int) {{ {body}; return }}\nfunc main() {{ println(f(nil)) }}\n");
        let text = ssa(&format!("no_checks_{i}"), &source, "main.f");
        let allowed = usize::from(body.contains("_ = a[7]"));
        assert_eq!(count(&text, "check."), allowed, "{body}\n{text}");
    }
}

#[test]
fn checks_that_may_fail_stay() {
    let bodies = [
        "for i := 0; i <= len(a); i++ { t += a[i] }",
        "for i := range a { t += a[i+1] }",
        "for i := range a { t += a[i-1] }",
        "for i := n; i < len(a); i++ { t += a[i] }",
        "for i := 0; i != n; i++ { t += a[i] }",
        "for i := n; i >= 0; i-- { t += a[i] }",
        "for i := 0; i < n; i += 1 << 62 { t += a[i] }",
        "t = a[n]",
        "t = len(a[n:])",
    ];
    for (i, body) in bodies.iter().enumerate() {
        let source =
            format!("func f(a []int, n int) (t int) {{ {body}; return }}\nfunc main() {{ println(f(nil, 0)) }}\n");
        let text = ssa(&format!("checks_{i}"), &source, "main.f");
        assert!(text.contains("check."), "{body}\n{text}");
    }
}

#[test]
fn a_pointer_is_checked_once() {
    let source = "type T struct { a, b, c int; next *T }
func f(p *T) int { p.a = 1; p.b += p.c; return p.next.a + p.next.b }
func main() { println(f(&T{next: &T{}})) }
";
    let text = ssa("nil_once", source, "main.f");
    assert_eq!(count(&text, "nil?"), 2, "p, and p.next, which is loaded once\n{text}");
}

#[test]
fn loops_without_calls_poll() {
    let poll = "func f(n int) (t int) { for i := 0; i < n; i++ { t ^= i }; return }\nfunc main() { println(f(3)) }\n";
    assert_eq!(count(&ssa("poll", poll, "main.f"), "poll"), 1);
    let calls = "
//go:noinline
func g(n int) int { if n > 0 { return g(n - 1) }; return n }
func f(n int) (t int) { for i := 0; i < n; i++ { t ^= g(i) }; return }
func main() { println(f(3)) }
";
    assert_eq!(count(&ssa("no_poll", calls, "main.f"), "poll"), 0);
}

#[test]
fn small_structs_live_in_registers() {
    let source = "type P struct { x, y int; s string }
func f(p P, i int) P { q := p; q.x += i; if i > 3 { q.s = \"big\" }; return q }
func main() { p := f(P{}, 1); println(p.x) }
";
    let text = ssa("registers", source, "main.f");
    assert!(!text.contains(" bytes, pointers"), "{text}");
    assert!(!text.contains("store"), "{text}");
}

#[test]
fn results_of_functions_that_defer_are_in_memory() {
    let source = "func f(n int) (r int, s string) { defer func() { recover() }(); r = n; s = \"x\"; panic(n) }
func main() { println(f(2)) }
";
    let text = ssa("recovery", source, "main.f");
    assert!(text.contains("recovery b"), "{text}");
    // Stored before the panic, and read again by the code that recovery leads to.
    assert!(text.contains("store [s1+0], v0"), "{text}");
    assert!(text.contains("load [s1+0]"), "{text}");
}

#[test]
fn dense_switches_are_tables() {
    let source = "func f(n int) int { switch n { case 1: return 7; case 2: return 3; case 3: return 9; case 4: return 1
case 5: return 4; case 6: return 8; case 8: return 2 }; return 0 }
func main() { println(f(2)) }
";
    let text = ssa("table", source, "main.f");
    assert_eq!(count(&text, "table v"), 1, "{text}");
}
