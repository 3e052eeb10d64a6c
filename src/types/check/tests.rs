//! What later phases rely on: side tables, canonical types, laziness of the library.

use super::{Checked, Checker, PackageInput, check_program};
use crate::index::Symbol;
use crate::source::SourceMap;
use crate::syntax::ast::File;
use crate::syntax::parser::parse_file;
use crate::types::{ConstValue, Found, Lookup, Mode, ObjKind, PkgId, TypeId, Types, link_string, type_string};

struct Program {
    sources: SourceMap,
    packages: Vec<(&'static str, Vec<File>)>,
    n_nodes: u32,
}

fn parse(packages: &[(&'static str, &str)]) -> Program {
    let mut program = Program { sources: SourceMap::default(), packages: Vec::new(), n_nodes: 0 };
    for &(path, text) in packages {
        let name = format!("./{path}.go");
        let id = program.sources.add(name.clone(), name, text.as_bytes().to_vec()).expect("fits");
        let (file, errors) = parse_file(id, program.sources.file(id), &mut program.n_nodes);
        assert!(errors.is_empty(), "{errors:?}");
        program.packages.push((path, vec![file]));
    }
    program
}

fn inputs(program: &Program) -> Vec<PackageInput<'_>> {
    let main = program.packages.len() - 1;
    program
        .packages
        .iter()
        .enumerate()
        .map(|(i, (path, files))| PackageInput { path: Symbol::new(path), files, is_std: i != main, lang: None })
        .collect()
}

/// Checks one file without errors.
fn check(text: &str) -> Checked {
    let program = parse(&[("main", text)]);
    let checked = check_program(&inputs(&program), program.n_nodes, &program.sources);
    assert!(checked.diagnostics.is_empty(), "{:?}", checked.diagnostics);
    checked
}

fn object_type(c: &Checked, name: &str) -> TypeId {
    let scope = &c.info.packages.iter().last().expect("main").scope;
    c.objs[scope[&Symbol::new(name)]].ty
}

#[test]
fn identical_types_have_one_canonical_id() {
    let mut c = check(
        "package main
         type A = map[string][]byte
         type I interface { M(x int); N() error }
         var a map[string][]uint8
         var b A
         var f func(x int) (y string)
         var g func(int) string
         var i interface { N() error; M(int) }
         var s struct { X int; y rune }
         var t struct { X int; y int32 }
         var l L[A]
         var m L[map[string][]byte]
         type L[T any] struct { next *L[T]; v T }
         func main() {}",
    );
    for (x, y) in [("a", "b"), ("f", "g"), ("s", "t"), ("l", "m")] {
        let (x, y) = (object_type(&c, x), object_type(&c, y));
        assert!(c.types.identical(x, y));
        assert_eq!(c.types.canonical(x), c.types.canonical(y));
    }
    let named = object_type(&c, "I");
    let under = c.types.underlying(named);
    let literal = object_type(&c, "i");
    assert_eq!(c.types.canonical(under), c.types.canonical(literal));
    assert_ne!(c.types.canonical(named), c.types.canonical(literal));
    assert_ne!(c.types.canonical(object_type(&c, "a")), c.types.canonical(object_type(&c, "f")));
}

#[test]
fn types_print_as_go_prints_them() {
    let c = check(
        "package main
         type T[K comparable, V any] struct { k K; v V }
         var a func(xs ...int) (n int, err error)
         var b chan (<-chan struct{ A int `tag`; *E })
         var d T[string, []any]
         type E struct{}
         func main() {}",
    );
    let main = |pkg: PkgId| if pkg.0 > 1 { "main".to_string() } else { String::new() };
    let none = |_: PkgId| String::new();
    let show = |name| type_string(&c.types, &c.objs, object_type(&c, name), &none);
    assert_eq!(show("a"), "func(xs ...int) (n int, err error)");
    assert_eq!(show("b"), "chan (<-chan struct{A int \"tag\"; *E})");
    assert_eq!(show("d"), "T[string, []any]");
    assert_eq!(show("T"), "T[K comparable, V any]");
    let link = |name| link_string(&c.types, &c.objs, object_type(&c, name), &main);
    assert_eq!(link("a"), "func(...int) (int, error)");
    assert_eq!(link("b"), "chan (<-chan struct { A int \"tag\"; *main.E })");
    assert_eq!(link("d"), "main.T[string,[]interface {}]");
}

#[test]
fn untyped_expressions_get_their_final_types() {
    let c = check(
        "package main
         func main() {
            var f float32 = 1 << 3
            var u uint8 = 'a' + 1
            s := 2
            var w int64 = 1 << s
            var e any = 1.5
            var p *int = nil
            _, _, _, _, _ = f, u, w, e, p
         }",
    );
    // Operands of constant expressions keep their kinds: only the result is a value of the program.
    let untyped = |m: Mode| !matches!(m, Mode::Constant | Mode::Nil);
    assert!(!c.info.exprs.iter().flatten().any(|tv| c.types.is_untyped(tv.ty) && untyped(tv.mode)));
    let has = |ty: TypeId, value: i64| {
        c.info
            .exprs
            .iter()
            .flatten()
            .any(|tv| tv.ty == ty && tv.value.as_ref().and_then(ConstValue::to_int) == Some(value.into()))
    };
    assert!(has(Types::FLOAT32, 8));
    assert!(has(Types::UINT8, 98));
    // The shifted constant of a non-constant shift has the type of its context.
    assert!(has(Types::INT64, 1));
    let nil = c.info.exprs.iter().flatten().find(|tv| tv.mode == Mode::Nil).expect("nil");
    assert_eq!(c.types.pointee(nil.ty), Some(Types::INT));
}

#[test]
fn typed_constants_are_rounded() {
    let c = check(
        "package main
         const x float32 = 0.1
         const y = float64(x)
         func main() {}",
    );
    let scope = &c.info.packages.iter().last().expect("main").scope;
    let value = |name: &str| match &c.objs[scope[&Symbol::new(name)]].kind {
        ObjKind::Const(v) => v.to_f64(),
        _ => None,
    };
    assert_eq!(value("x"), Some(f64::from(0.1f32)));
    assert_eq!(value("y"), Some(f64::from(0.1f32)));
}

#[test]
fn promoted_methods_are_found_through_pointers() {
    let c = check(
        "package main
         type A struct{ n int }
         func (A) Get() int { return 0 }
         func (*A) Set(int) {}
         type B struct{ *A }
         type C struct{ x int; B }
         func main() {}",
    );
    let ty = object_type(&c, "C");
    let main = c.info.packages.iter().last().expect("main").id;
    let found = c.types.lookup_field_or_method(&c.objs, ty, false, main, Symbol::new("Set"), false);
    let Lookup::Found { what: Found::Method { obj, .. }, path, indirect } = found else { panic!("{found:?}") };
    assert_eq!(c.objs[obj].name.as_str(), "Set");
    assert_eq!((path, indirect), (vec![1, 0], true));
    let names: Vec<_> = c.types.method_set(&c.objs, ty).iter().map(|m| m.0.as_str()).collect();
    assert_eq!(names, ["Get", "Set"]);
}

#[test]
fn variables_are_initialised_after_what_they_mention() {
    let c = check(
        "package main
         var a = b + f()
         var b = c
         var c, _ = two()
         var d = 1
         func f() int { return d }
         func two() (int, int) { return 1, 2 }
         func main() {}",
    );
    let order = &c.info.packages.iter().last().expect("main").init_order;
    let names: Vec<_> = order.iter().map(|i| c.objs[i.lhs[0]].name.as_str()).collect();
    assert_eq!(names, ["c", "b", "d", "a"]);
    assert_eq!(order[0].lhs.len(), 2);
}

#[test]
fn library_bodies_are_checked_on_demand() {
    let program = parse(&[
        (
            "lib",
            "package lib
             func Used() int { return helper() }
             func helper() int { return 1 }
             func Broken() { undefined() }",
        ),
        ("main", "package main\nimport \"lib\"\nfunc main() { _ = lib.Used() }"),
    ]);
    let inputs = inputs(&program);
    let mut checker = Checker::new(&inputs, program.n_nodes, &program.sources);
    checker.check_packages();
    assert!(checker.diagnostics.is_empty());
    let lib = checker.info.packages.iter().find(|p| p.path.as_str() == "lib").expect("lib").clone();
    let obj = |name: &str| lib.scope[&Symbol::new(name)];
    assert_eq!(checker.objs[obj("helper")].ty, Types::UNRESOLVED);
    checker.check_body(obj("Used"));
    assert_ne!(checker.objs[obj("helper")].ty, Types::UNRESOLVED);
    assert!(checker.diagnostics.is_empty());
    checker.check_body(obj("Broken"));
    assert_eq!(checker.diagnostics.len(), 1);
}

#[test]
fn huge_exponents_cost_nothing() {
    let program = parse(&[(
        "main",
        "package main
         const a = 1e1000000
         const b = a * a / a
         const c = 1e-2000000000 * 2
         const ok = b == a
         const d = 1.5 - c
         func main() { var x int = b; _ = x }",
    )]);
    let checked = check_program(&inputs(&program), program.n_nodes, &program.sources);
    assert_eq!(checked.diagnostics.len(), 1);
    assert!(checked.diagnostics[0].message.contains("cannot use b (untyped float constant 1e+1000000)"));
}
