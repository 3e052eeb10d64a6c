//! Small programs and what they are lowered to.

use super::{AllChecked, lower_program};
use crate::hir::dump;
use crate::index::Symbol;
use crate::source::SourceMap;
use crate::syntax::parser::parse_file;
use crate::types::check::{PackageInput, check_program};

/// Lowers the declarations, put into package main, and prints functions whose name contains `filter`.
fn lower(filter: &str, decls: &str) -> String {
    let main = if decls.contains("func main()") { "" } else { "func main() {}" };
    let text = format!("package main\n{decls}\n{main}\n");
    let mut sources = SourceMap::default();
    let file = sources.add("./t.go".into(), "/t.go".into(), text.into_bytes()).expect("small");
    let mut n = 0;
    let (tree, diags) = parse_file(file, sources.file(file), &mut n);
    assert!(diags.is_empty(), "{diags:?}");
    let files = [tree];
    let input = [PackageInput { path: Symbol::new("main"), files: &files, is_std: false, lang: None }];
    let mut checked = check_program(&input, n, &sources);
    assert!(checked.diagnostics.is_empty(), "{:?}", checked.diagnostics);
    let pkg = checked.info.packages.ids().last().expect("main");
    let mut all = AllChecked { types: &mut checked.types, objs: &mut checked.objs, info: &checked.info };
    let (prog, diags) = lower_program(&[(pkg, &files)], &mut all, &sources, super::Report::No);
    assert!(diags.is_empty(), "{diags:?}");
    dump::program(&prog, &checked.types, &checked.objs, Some(filter))
}

fn check(filter: &str, decls: &str, expected: &str) {
    let got = lower(filter, decls);
    let trim = |s: &str| s.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim().to_owned();
    let (got, expected) = (trim(&got), trim(expected));
    if got != expected {
        let diff = similar::TextDiff::from_lines(&expected, &got);
        panic!("{}", diff.unified_diff().header("expected", "lowered"));
    }
}

#[test]
fn conversions_receivers_and_packing() {
    check(
        "main.f",
        "type T struct{ a int }
         func (t *T) p() {}
         func (t T) v() int { return t.a }
         type E struct{ *T; n int }
         func use(xs ...any) {}
         func f(e E, t T) int {
             t.p()
             e.v()
             e.a++
             use()
             use(1, t.a, nil)
             return len(\"abc\") + e.n
         }",
        r#"
func main.f(e E, t T &) (~r0 int) {
	(*T).p(&'t)
	T.v(*'e.T)
	e.T->a += 1
	use(nil<[]interface {}>...)
	use([]interface {}'{iface<interface {}>'(1), iface<interface {}>'(t.a), nil<interface {}>}...)
	return (3 + e.n)
}
"#,
    );
}

#[test]
fn closures_capture_by_value_or_reference() {
    check(
        "main.f",
        "func f() func() int {
             a, b := 1, 2
             b = 3
             c := 4
             inc := func() { c++ }
             inc()
             return func() int { return func() int { return a + b + c }() }
         }",
        r#"
func main.f() (~r0 func() int) {
	var a int
	var b int
	a, b := 1, 2
	b = 3
	var c int shared
	c := 4
	var inc func()
	inc := closure f.func1
	(inc)()
	return closure f.func2
}
closure main.f.func1() captures (c int by ref shared) {
	c += 1
}
closure main.f.func2() (~r0 int) captures (a int by value, b int by value, c int by ref shared) {
	return (closure f.func2.1)()
}
closure main.f.func2.1() (~r0 int) captures (a int by value, b int by value, c int by ref shared) {
	return ((a + b) + c)
}
"#,
    );
}

#[test]
fn loop_variables_are_copied_only_where_it_matters() {
    check(
        "main.f",
        "var sink []func() int
         func f(xs []int) {
             for i := 0; i < 3; i++ {
                 println(i)
             }
             for i := 0; i < 3; i++ {
                 sink = append(sink, func() int { i++; return i })
             }
             for _, x := range xs {
                 sink = append(sink, func() int { return x })
             }
         }",
        r#"
func main.f(xs []int) {
	{
		var i int
		i := 0
		for (i < 3) {
			println(i)
		} post {
			i += 1
		}
	}
	{
		var i int shared
		i := 0
		for (i < 3) copying i {
			sink = append(sink; closure f.func1)
		} post {
			i += 1
		}
	}
	for _, x := range xs {
		sink = append(sink; closure f.func2)
	}
}
closure main.f.func1() (~r0 int) captures (i int by ref shared) {
	i += 1
	return i
}
closure main.f.func2() (~r0 int) captures (x int by value) {
	return x
}
"#,
    );
}

#[test]
fn go_and_defer_save_their_operands() {
    check(
        "main.f",
        "type I interface{ m(int) }
         func g() {}
         func h(a int, b string) int { return a }
         func f(i I, x int) {
             defer g()
             defer h(x, \"s\")
             go i.m(x + 1)
             defer func() { recover() }()
         }",
        r#"
func main.f(i I, x int) {
	defer g()
	var .autotmp_2 int
	.autotmp_2 := x
	defer (closure f.deferwrap1)()
	var .autotmp_3 I
	var .autotmp_4 int
	.autotmp_3, .autotmp_4 := i, (x + 1)
	check nil .autotmp_3
	go (closure f.gowrap2)()
	defer (closure f.func1)()
}
call wrapper main.f.deferwrap1() captures (.autotmp_2 int by value) {
	h(.autotmp_2, "s")
}
call wrapper main.f.gowrap2() captures (.autotmp_3 I by value, .autotmp_4 int by value) {
	.autotmp_3.m(.autotmp_4)
}
closure main.f.func1() {
	recover()
}
"#,
    );
}

#[test]
fn several_results() {
    check(
        "main.f",
        "func two() (int, string) { return 1, \"\" }
         func use(a any, b string) {}
         func f() (any, string) {
             a, b := two()
             use(two())
             var x any
             x, b = two()
             _, _, _ = a, b, x
             return two()
         }",
        r#"
func main.f() (~r0 interface {}, ~r1 string) {
	var a int
	var b string
	a, b := results two()
	use((var .autotmp_6 int; var .autotmp_7 string; .autotmp_6, .autotmp_7 := results two(); iface<interface {}>'(.autotmp_6)), .autotmp_7)
	var x interface {}
	x, b = (var .autotmp_9 int; var .autotmp_10 string; .autotmp_9, .autotmp_10 := results two(); iface<interface {}>'(.autotmp_9)), .autotmp_10
	_, _, _ = a, b, x
	return (var .autotmp_11 int; var .autotmp_12 string; .autotmp_11, .autotmp_12 := results two(); iface<interface {}>'(.autotmp_11)), .autotmp_12
}
"#,
    );
}

#[test]
fn instances() {
    check(
        "main.",
        "type List[T any] struct { head T; next *List[T] }
         func (l *List[T]) push(x T) *List[T] { return &List[T]{x, l} }
         func Map[A, B any](xs []A, f func(A) B) []B {
             var out []B
             for _, x := range xs { out = append(out, f(x)) }
             return out
         }
         func main() {
             var l *List[string]
             l = l.push(\"a\")
             Map([]int{1}, func(x int) string { return l.head })
         }",
        r#"
func main.main() {
	var l *List[string]
	l = (*List[go.shape.string]).push(l, "a")
	Map[go.shape.int,go.shape.string]([]int{1}, closure main.func1)
}
func main.(*List[string]).push(l *List[string], x string) (~r0 *List[string]) {
	return &List[string]{0: x, 1: l}
}
func main.Map[int,string](xs []int, f func(int) string) (~r0 []string) {
	var out []string
	for _, x := range xs {
		out = append(out; (f)(x))
	}
	return out
}
closure main.main.func1(x int) (~r0 string) captures (l *List[string] by value) {
	return l->head
}
"#,
    );
}

#[test]
fn range_over_functions() {
    check(
        "main.f",
        "func seq(yield func(int) bool) {}
         func f() int {
             outer:
             for i := range seq {
                 for j := range seq {
                     if j > i { continue outer }
                     if j == 3 { break }
                     if j == 4 { return j }
                 }
             }
             return 0
         }",
        r#"
func main.f() (#rv1 int shared) {
	outer:
	{
		var #next int shared
		var #state1 int shared
		#state1 := 1
		var #yield2 func(int) bool
		#yield2 := closure f-range1
		seq(#yield2)
		if (#state1 == 2) {
			runtime.panicrangestate(4)
		}
		#state1 = 3
		if (#next == -1) {
			return
		}
	}
	return 0
}
range body main.f-range1(i int) (~r0 bool) captures (#state1 int by ref shared, #next int by ref shared, #rv1 int by ref shared) {
	var #tmpState int
	#tmpState := #state1
	#state1 = 2
	if (#tmpState != 1) {
		runtime.panicrangestate(#tmpState)
	}
	{
		var #state2 int shared
		#state2 := 1
		var #yield1 func(int) bool
		#yield1 := closure f-range1-range1
		seq(#yield1)
		if (#state2 == 2) {
			runtime.panicrangestate(4)
		}
		#state2 = 3
		if (#next < 0) {
			#state1 = 0
			return false
		}
		if (#next > 2) {
			runtime.panicrangestate(0)
		}
		if (#next == 1) {
			#next = 0
			#state1 = 1
			return true
		}
		if (#next > 0) {
			#state1 = 0
			return false
		}
	}
	#state1 = 1
	return true
}
range body main.f-range1-range1(j int) (~r0 bool) captures (#state2 int by ref shared, i int by value, #next int by ref shared, #rv1 int by ref shared) {
	var #tmpState int
	#tmpState := #state2
	#state2 = 2
	if (#tmpState != 1) {
		runtime.panicrangestate(#tmpState)
	}
	if (j > i) {
		#next = 1
		#state2 = 0
		return false
	}
	if (j == 3) {
		#state2 = 0
		return false
	}
	if (j == 4) {
		#rv1 = j
		#next = -1
		#state2 = 0
		return false
	}
	#state2 = 1
	return true
}
"#,
    );
}

#[test]
fn comma_ok_switches_and_select() {
    check(
        "main.f",
        "type E interface{ Error() string }
         func f(x any, m map[string]int, c chan int) {
             v, ok := m[\"a\"]
             if e, ok := x.(E); ok { println(e.Error()) }
             switch y := x.(type) {
             case int: println(y)
             case nil, string:
             default: _ = y
             }
             switch v { case 1, 2: fallthrough; case 3: default: println() }
             select {
             case a := <-c: println(a)
             case x = <-c:
             case c <- v:
             default:
             }
             _ = ok
         }",
        r#"
func main.f(x interface {}, m map[string]int, c chan int) {
	var v int
	var ok bool
	v, ok := comma-ok m[map "a"]
	{
		var e E
		var ok bool
		e, ok := comma-ok x.(E)
		if ok {
			println(e.Error())
		}
	}
	switch type x {
	case int: var y int
		println(y)
	case nil, string: var y interface {}
	default: var y interface {}
		_ = y
	}
	switch v {
	case 1, 2:
		fallthrough
	case 3:
	default:
		println()
	}
	select {
	case
			a := <-c
		println(a)
	case
			.autotmp_15 := <-c
		x = iface<interface {}>'(.autotmp_15)
	case
			c <- v
	default
	}
	_ = ok
}
"#,
    );
}
