package fmt

import "x/internal/rt"

// printArg formats an operand.
func (p *pp) printArg(arg any, verb rune) {
	v := rt.ValueOf(arg)
	if !v.IsValid() {
		if verb == 'T' || verb == 'v' {
			p.padString("<nil>")
		} else {
			p.badVerb(v, verb)
		}
		return
	}
	switch verb {
	case 'T':
		p.fmtS(v.Typ.String)
		return
	case 'p':
		p.fmtPointer(v, 'p')
		return
	}
	if t := v.Typ; t.Kind() == rt.Slice && t.Flags&rt.Named == 0 && t.Elem() == rt.TypeOf(byte(0)) {
		p.fmtBytes(v, verb, "[]byte")
		return
	}
	if v.Typ.HasMethods() || verb == 'w' {
		if held, ok := rt.Held(v); ok {
			v = held
			if v.IsValid() && v.CanInterface() && p.handleMethods(v.Interface(), v, verb) {
				return
			}
		} else if p.handleMethods(arg, v, verb) {
			return
		}
	}
	// The commonest types, so that a program that prints only these need not have printValue compiled.
	switch x := arg.(type) {
	case string:
		p.fmtString(v, x, verb)
	case int:
		p.fmtInteger(v, uint64(x), true, verb)
	case bool:
		p.fmtBool(v, verb)
	case float64:
		p.fmtFloat(v, x, 64, verb)
	default:
		p.printValue(v, verb, 0)
	}
}

// badVerb writes the text for a verb that does not suit v.
func (p *pp) badVerb(v rt.Value, verb rune) {
	p.erroring = true
	p.str("%!")
	p.rune(verb)
	p.char('(')
	if v.IsValid() {
		p.str(v.Typ.String)
		p.char('=')
		if held, ok := rt.Held(v); ok {
			v = held
		}
		p.printValue(v, 'v', 0)
	} else {
		p.str("<nil>")
	}
	p.char(')')
	p.erroring = false
}

// handleMethods formats v, whose value arg is, by its methods, and reports
// whether it did.
func (p *pp) handleMethods(arg any, v rt.Value, verb rune) bool {
	if p.erroring {
		return false
	}
	if verb == 'w' {
		if _, ok := arg.(error); !ok || !p.wrapErrs {
			p.badVerb(v, verb)
			return true
		}
		verb = 'v'
	}
	if _, ok := arg.(Formatter); ok {
		p.call(arg, v, verb, "Format")
		return true
	}
	if p.sharpV {
		if _, ok := arg.(GoStringer); ok {
			p.call(arg, v, verb, "GoString")
			return true
		}
		return false
	}
	switch verb {
	case 'v', 's', 'x', 'X', 'q':
		switch arg.(type) {
		case error:
			p.call(arg, v, verb, "Error")
			return true
		case Stringer:
			p.call(arg, v, verb, "String")
			return true
		}
	}
	return false
}

// call formats v by the method of its value arg.
func (p *pp) call(arg any, v rt.Value, verb rune, method string) {
	defer p.catch(arg, verb, method)
	switch method {
	case "Format":
		arg.(Formatter).Format(p, verb)
	case "GoString":
		p.fmtS(arg.(GoStringer).GoString())
	case "Error":
		p.fmtString(v, arg.(error).Error(), verb)
	case "String":
		p.fmtString(v, arg.(Stringer).String(), verb)
	}
}

// printValue formats v, which lies depth levels inside the operand.
func (p *pp) printValue(v rt.Value, verb rune, depth int) {
	if depth > 0 && v.IsValid() && v.CanInterface() {
		k := v.Kind()
		if k == rt.Interface || v.Typ.HasMethods() || verb == 'w' {
			if arg := v.Interface(); p.handleMethods(arg, v, verb) {
				return
			}
		}
	}
	switch v.Kind() {
	case rt.Invalid:
		switch {
		case depth == 0:
			p.str("<invalid reflect.Value>")
		case verb == 'v':
			p.str("<nil>")
		default:
			p.badVerb(v, verb)
		}
	case rt.Bool:
		p.fmtBool(v, verb)
	case rt.Int, rt.Int8, rt.Int16, rt.Int32, rt.Int64:
		p.fmtInteger(v, uint64(v.Int()), true, verb)
	case rt.Uint, rt.Uint8, rt.Uint16, rt.Uint32, rt.Uint64, rt.Uintptr:
		p.fmtInteger(v, v.Uint(), false, verb)
	case rt.Float32:
		p.fmtFloat(v, v.Float(), 32, verb)
	case rt.Float64:
		p.fmtFloat(v, v.Float(), 64, verb)
	case rt.Complex64:
		p.fmtComplex(v, v.Complex(), 32, verb)
	case rt.Complex128:
		p.fmtComplex(v, v.Complex(), 64, verb)
	case rt.String:
		p.fmtString(v, v.Str(), verb)
	case rt.Map:
		p.printMap(v, verb, depth)
	case rt.Struct:
		p.printStruct(v, verb, depth)
	case rt.Interface:
		if x := v.Elem(); x.IsValid() {
			p.printValue(x, verb, depth+1)
		} else if p.sharpV {
			p.str(v.Typ.String)
			p.str("(nil)")
		} else {
			p.str("<nil>")
		}
	case rt.Array, rt.Slice:
		p.printList(v, verb, depth)
	case rt.Pointer:
		if depth == 0 && v.Word() != nil {
			switch v.Typ.Elem().Kind() {
			case rt.Array, rt.Slice, rt.Struct, rt.Map:
				p.char('&')
				p.printValue(v.Elem(), verb, depth+1)
				return
			}
		}
		p.fmtPointer(v, verb)
	default:
		p.fmtPointer(v, verb)
	}
}

// sep writes what separates elements.
func (p *pp) sep() {
	if p.sharpV {
		p.str(", ")
	} else {
		p.char(' ')
	}
}

// open begins a composite value: with its type and a brace under %#v, else
// with bracket.
func (p *pp) open(t, bracket string) {
	if p.sharpV {
		p.str(t)
		bracket = "{"
	}
	p.str(bracket)
}

func (p *pp) close(bracket byte) {
	if p.sharpV {
		bracket = '}'
	}
	p.char(bracket)
}

func (p *pp) printStruct(v rt.Value, verb rune, depth int) {
	p.open(v.Typ.String, "{")
	for i := 0; i < v.Typ.NumField(); i++ {
		if i > 0 {
			p.sep()
		}
		if p.plusV || p.sharpV {
			p.str(v.Typ.Field(i).Name)
			p.char(':')
		}
		f := v.Field(i)
		if f.Kind() == rt.Interface && !f.IsNil() {
			f = f.Elem()
		}
		p.printValue(f, verb, depth+1)
	}
	p.close('}')
}

func (p *pp) printList(v rt.Value, verb rune, depth int) {
	t := v.Typ
	switch verb {
	case 's', 'q', 'x', 'X':
		if t.Elem().Kind() == rt.Uint8 {
			p.fmtBytes(v, verb, t.String)
			return
		}
	}
	if p.sharpV && v.Kind() == rt.Slice && v.IsNil() {
		p.str(t.String)
		p.str("(nil)")
		return
	}
	p.open(t.String, "[")
	for i, n := 0, v.Len(); i < n; i++ {
		if i > 0 {
			p.sep()
		}
		p.printValue(v.Index(i), verb, depth+1)
	}
	p.close(']')
}

func (p *pp) printMap(v rt.Value, verb rune, depth int) {
	if p.sharpV && v.IsNil() {
		p.str(v.Typ.String)
		p.str("(nil)")
		return
	}
	p.open(v.Typ.String, "map[")
	for i, e := range sortedEntries(v) {
		if i > 0 {
			p.sep()
		}
		p.printValue(e.key, verb, depth+1)
		p.char(':')
		p.printValue(e.elem, verb, depth+1)
	}
	p.close(']')
}

func (p *pp) fmtPointer(v rt.Value, verb rune) {
	switch v.Kind() {
	case rt.Chan, rt.Func, rt.Map, rt.Pointer, rt.Slice, rt.UnsafePointer:
	default:
		p.badVerb(v, verb)
		return
	}
	u := uint64(v.Address())
	switch verb {
	case 'v':
		if p.sharpV {
			p.char('(')
			p.str(v.Typ.String)
			p.str(")(")
			if u == 0 {
				p.str("nil")
			} else {
				p.fmtHex(u, true)
			}
			p.char(')')
		} else if u == 0 {
			p.padString("<nil>")
		} else {
			p.fmtHex(u, !p.sharp)
		}
	case 'p':
		p.fmtHex(u, !p.sharp)
	case 'b', 'o', 'd', 'x', 'X':
		p.fmtInteger(v, u, false, verb)
	default:
		p.badVerb(v, verb)
	}
}

// intOf returns the value of an operand that serves as width or precision.
func intOf(x any) (n int, ok bool) {
	v := rt.ValueOf(x)
	switch k := v.Kind(); {
	case rt.Int <= k && k <= rt.Int64:
		n, ok = int(v.Int()), true
	case rt.Uint <= k && k <= rt.Uintptr:
		n = int(v.Uint())
		ok = n >= 0
	}
	if !ok || tooLarge(n) {
		return 0, false
	}
	return n, true
}
