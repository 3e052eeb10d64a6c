//go:build ignore

// Writes a program with one function for each exported function and method of a
// package of Go, which calls it with its own parameters: what a compiler says of
// those shows what it knows of the package.
//
// usage: go run tests/std/wrap.go PACKAGE
package main

import (
	"fmt"
	"go/importer"
	"go/token"
	"go/types"
	"os"
	"sort"
	"strings"
)

var imports = map[string]string{}

// qualifier names packages so that their names do not collide.
func qualifier(p *types.Package) string {
	name := "p_" + strings.NewReplacer("/", "_", ".", "_").Replace(p.Path())
	imports[p.Path()] = name
	return name
}

// public reports whether a type can be written outside its package.
func public(t types.Type) bool {
	s := types.TypeString(t, qualifier)
	for _, word := range strings.FieldsFunc(s, func(r rune) bool { return !(r == '.' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z') }) {
		if _, name, ok := strings.Cut(word, "."); ok && (name[0] < 'A' || name[0] > 'Z') && name[0] != '.' {
			return false
		}
		if strings.HasPrefix(word, "p_internal") {
			return false
		}
	}
	return true
}

var out []string

// instance returns a generic signature for common type arguments, which names of
// type parameters suggest; nil if they do not fit.
func instance(sig *types.Signature) *types.Signature {
	params := sig.TypeParams()
	if params == nil {
		return sig
	}
	number, text := types.Typ[types.Int], types.Typ[types.String]
	var args []types.Type
	for p := range params.TypeParams() {
		switch name := p.Obj().Name(); name[0] {
		case 'S':
			args = append(args, types.NewSlice(number))
		case 'K':
			args = append(args, text)
		case 'M':
			args = append(args, types.NewMap(text, number))
		default:
			args = append(args, number)
		}
	}
	inst, err := types.Instantiate(nil, sig, args, true)
	if err != nil {
		return nil
	}
	return inst.(*types.Signature)
}

// wrap writes a function that calls f, which is found in what and has the
// parameters of sig.
func wrap(name, what string, recv types.Type, sig *types.Signature) {
	if sig = instance(sig); sig == nil || !public(sig) || recv != nil && !public(recv) {
		return
	}
	var params, args []string
	if recv != nil {
		params = append(params, "r "+types.TypeString(recv, qualifier))
	}
	for i := 0; i < sig.Params().Len(); i++ {
		p := fmt.Sprintf("a%d", i)
		t := types.TypeString(sig.Params().At(i).Type(), qualifier)
		if sig.Variadic() && i == sig.Params().Len()-1 {
			args = append(args, p+"...")
		} else {
			args = append(args, p)
		}
		params = append(params, p+" "+t)
	}
	var results []string
	for i := 0; i < sig.Results().Len(); i++ {
		results = append(results, types.TypeString(sig.Results().At(i).Type(), qualifier))
	}
	ret := "return "
	if results == nil {
		ret = ""
	}
	out = append(out, fmt.Sprintf("func %s(%s) (%s) { %s%s(%s) }", name, strings.Join(params, ", "), strings.Join(results, ", "), ret, what, strings.Join(args, ", ")))
}

func main() {
	p, err := importer.ForCompiler(token.NewFileSet(), "source", nil).Import(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for _, name := range p.Scope().Names() {
		obj := p.Scope().Lookup(name)
		if !obj.Exported() {
			continue
		}
		switch obj := obj.(type) {
		case *types.Func:
			wrap("F_"+name, qualifier(p)+"."+name, nil, obj.Signature())
		case *types.TypeName:
			n, ok := obj.Type().(*types.Named)
			if !ok || obj.IsAlias() || types.IsInterface(n) || n.TypeParams() != nil {
				continue
			}
			for i := 0; i < n.NumMethods(); i++ {
				if m := n.Method(i); m.Exported() {
					wrap("M_"+name+"_"+m.Name(), "r."+m.Name(), m.Signature().Recv().Type(), m.Signature())
				}
			}
		}
	}
	fmt.Println("package main")
	var paths []string
	for path := range imports {
		paths = append(paths, path)
	}
	sort.Strings(paths)
	body := strings.Join(out, "\n")
	for _, p := range paths {
		if strings.Contains(body, imports[p]+".") {
			fmt.Printf("import %s %q\n", imports[p], p)
		}
	}
	fmt.Println(body)
	fmt.Println("func main() {}")
}
