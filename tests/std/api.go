//go:build ignore

// Lists what the library lacks, and what no program of tests/ui uses.
//
// usage: go run tests/std/api.go LIBRARY TESTS [PACKAGE...]
//
// Go's packages are read from its source tree, ours from LIBRARY. For every
// exported name, method and field, ours must be there with the same type. Then
// the .mgo programs under TESTS are checked against Go's packages, and names
// that none of them mentions are listed as untested.
package main

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// ours imports packages of the library from a directory.
type ours struct {
	dir  string
	fset *token.FileSet
	done map[string]*types.Package
}

func (o *ours) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if p := o.done[path]; p != nil {
		return p, nil
	}
	names, _ := filepath.Glob(filepath.Join(o.dir, path, "*.go"))
	if names == nil {
		return nil, fmt.Errorf("no package %s", path)
	}
	var files []*ast.File
	for _, name := range names {
		f, err := parser.ParseFile(o.fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	conf := types.Config{Importer: o, IgnoreFuncBodies: true, Error: func(error) {}}
	p, _ := conf.Check(path, o.fset, files, nil)
	o.done[path] = p
	return p, nil
}

func qualifier(p *types.Package) string { return p.Path() }

// signature is the text of a function's type without the names of parameters.
func signature(t types.Type) string {
	sig := t.(*types.Signature)
	strip := func(vars *types.Tuple) *types.Tuple {
		var list []*types.Var
		for v := range vars.Variables() {
			list = append(list, types.NewParam(v.Pos(), v.Pkg(), "", v.Type()))
		}
		return types.NewTuple(list...)
	}
	if sig.TypeParams() != nil {
		return types.TypeString(sig, qualifier)
	}
	return types.TypeString(types.NewSignatureType(nil, nil, nil, strip(sig.Params()), strip(sig.Results()), sig.Variadic()), qualifier)
}

// entries are the exported names of a package with their types as text.
func entries(p *types.Package) map[string]string {
	all := map[string]string{}
	for _, name := range p.Scope().Names() {
		obj := p.Scope().Lookup(name)
		if !obj.Exported() {
			continue
		}
		switch obj := obj.(type) {
		case *types.Const:
			v := obj.Val().ExactString()
			if obj.Val().Kind() == constant.Float {
				v = obj.Val().String()
			}
			all[name] = "const " + types.TypeString(obj.Type(), qualifier) + " " + v
		case *types.TypeName:
			what := "type"
			if obj.IsAlias() {
				what = "alias " + types.TypeString(types.Unalias(obj.Type()), qualifier)
			}
			all[name] = what
			t := obj.Type()
			set := types.NewMethodSet(t)
			if !types.IsInterface(t) {
				set = types.NewMethodSet(types.NewPointer(t))
			}
			if !obj.IsAlias() || obj.Type().(*types.Alias).TypeParams() != nil {
				for m := range set.Methods() {
					if m.Obj().Exported() {
						all[name+"."+m.Obj().Name()] = signature(m.Obj().Type())
					}
				}
			}
			if s, ok := t.Underlying().(*types.Struct); ok && !obj.IsAlias() {
				for f := range s.Fields() {
					if f.Exported() {
						all[name+"."+f.Name()] = "field " + types.TypeString(f.Type(), qualifier)
					}
				}
			} else if !types.IsInterface(t) {
				all[name] += " " + types.TypeString(t.Underlying(), qualifier)
			}
		case *types.Func:
			all[name] = signature(obj.Type())
		default:
			all[name] = fmt.Sprintf("%T %s", obj, types.TypeString(obj.Type(), qualifier))
		}
	}
	return all
}

// mentions adds what a program uses, as PACKAGE.NAME or PACKAGE.TYPE.NAME.
func mentions(info *types.Info, used map[string]bool) {
	for _, obj := range info.Uses {
		if obj.Pkg() == nil {
			continue
		}
		if f, ok := obj.(*types.Func); ok && f.Signature().Recv() != nil {
			continue
		}
		used[obj.Pkg().Path()+"."+obj.Name()] = true
	}
	for _, s := range info.Selections {
		t := s.Recv()
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		if n, ok := types.Unalias(t).(*types.Named); ok && n.Obj().Pkg() != nil {
			used[n.Obj().Pkg().Path()+"."+n.Obj().Name()+"."+s.Obj().Name()] = true
		}
		if f, ok := s.Obj().(*types.Func); ok && f.Pkg() != nil {
			t := f.Signature().Recv().Type()
			if p, ok := types.Unalias(t).(*types.Pointer); ok {
				t = p.Elem()
			}
			if n, ok := types.Unalias(t).(*types.Named); ok {
				used[f.Pkg().Path()+"."+n.Obj().Name()+"."+f.Name()] = true
			}
		}
	}
}

func main() {
	fset := token.NewFileSet()
	real := importer.ForCompiler(fset, "source", nil)
	lib := &ours{os.Args[1], fset, map[string]*types.Package{}}
	packages := os.Args[3:]
	if len(packages) == 0 {
		packages = strings.Fields("fmt errors strings strconv bytes sort slices maps cmp iter math math/bits math/cmplx " +
			"unicode unicode/utf8 unicode/utf16 os io io/fs bufio path path/filepath flag log math/rand math/rand/v2 " +
			"container/heap container/list container/ring")
	}

	used := map[string]bool{}
	filepath.WalkDir(os.Args[2], func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".mgo") {
			return err
		}
		file, _ := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
		if file == nil {
			return nil
		}
		info := &types.Info{Uses: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{}}
		conf := types.Config{Importer: real, Error: func(error) {}}
		conf.Check("main", fset, []*ast.File{file}, info)
		mentions(info, used)
		return nil
	})

	lacking, untested, count := 0, 0, 0
	for _, path := range packages {
		p, err := real.Import(path)
		if err != nil {
			fmt.Println(path, err)
			continue
		}
		want := entries(p)
		got := map[string]string{}
		if q, err := lib.Import(path); err == nil {
			got = entries(q)
		}
		var names []string
		for name := range want {
			names = append(names, name)
		}
		sort.Strings(names)
		for _, name := range names {
			count++
			switch have, ok := got[name]; {
			case !ok:
				fmt.Printf("lacks %s.%s %s\n", path, name, want[name])
				lacking++
			case have != want[name]:
				fmt.Printf("differs %s.%s: Go %s | mgo %s\n", path, name, want[name], have)
				lacking++
			}
			if !used[path+"."+name] {
				fmt.Printf("untested %s.%s\n", path, name)
				untested++
			}
		}
		for name := range got {
			if _, ok := want[name]; !ok {
				fmt.Printf("extra %s.%s\n", path, name)
				lacking++
			}
		}
	}
	fmt.Printf("%d names, %d lacking or different, %d untested\n", count, lacking, untested)
	if lacking > 0 || untested > 0 {
		os.Exit(1)
	}
}
