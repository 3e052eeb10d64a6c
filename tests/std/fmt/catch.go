package fmt

import "x/internal/rt"

// catch writes that the method of arg panicked, if it did: "<nil>" if arg is a
// nil pointer, which most methods cannot print.
func (p *pp) catch(arg any, verb rune, method string) {
	e := recover()
	if e == nil {
		return
	}
	if v := rt.ValueOf(arg); v.Kind() == rt.Pointer && v.IsNil() {
		p.str("<nil>")
		return
	}
	if p.panicking {
		// Printing a panic's value panicked: it must go on.
		panic(e)
	}
	saved := p.flags
	p.flags = flags{}
	p.str("%!")
	p.rune(verb)
	p.str("(PANIC=")
	p.str(method)
	p.str(" method: ")
	p.panicking = true
	p.printArg(e, 'v')
	p.panicking = false
	p.char(')')
	p.flags = saved
}
