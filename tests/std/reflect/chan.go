package reflect

import (
	"x/internal/rt"
	"unsafe"
)

// MakeChan returns a new channel of type typ.
func MakeChan(typ Type, buffer int) Value {
	switch {
	case typ.Kind() != Chan:
		panic("reflect.MakeChan of non-chan type")
	case buffer < 0:
		panic("reflect.MakeChan: negative buffer size")
	case typ.ChanDir() != BothDir:
		panic("reflect.MakeChan: unidirectional channel type")
	}
	return Value{rt.Value{Typ: typ.common(), Ptr: rt.MakeChan(typ.common(), buffer), Flag: rt.Chan}}
}

// Close closes the channel v.
func (v Value) Close() {
	v.within(Chan, Chan, "Close")
	v.exported("Close")
	if ChanDir(v.v.Typ.Len)&SendDir == 0 {
		panic("reflect: close of receive-only channel")
	}
	rt.ChanClose(v.v.Word())
}

func (v Value) receiver(method string) {
	v.within(Chan, Chan, method)
	v.exported(method)
	if ChanDir(v.v.Typ.Len)&RecvDir == 0 {
		panic("reflect: recv on send-only channel")
	}
}

// element returns what to send for x.
func (v Value) element(x Value, method string) unsafe.Pointer {
	v.within(Chan, Chan, method)
	v.exported(method)
	if ChanDir(v.v.Typ.Len)&SendDir == 0 {
		panic("reflect: send on recv-only channel")
	}
	x.exported(method)
	return x.assign(v.rtype().t.Elem(), "reflect.Value.Send").At()
}

// Recv receives from the channel v; ok tells whether the value was sent.
func (v Value) Recv() (x Value, ok bool) {
	v.receiver("Recv")
	t := v.rtype().t.Elem()
	p := rt.New(t)
	ok = rt.ChanRecv(v.v.Word(), p)
	return at(t, p), ok
}

// TryRecv is Recv if that need not wait; else x is the zero Value.
func (v Value) TryRecv() (x Value, ok bool) {
	v.receiver("TryRecv")
	t := v.rtype().t.Elem()
	c := &rt.SelectCase{Chan: rt.NoEscape(v.v.Word()), Elem: rt.New(t), Kind: 2}
	chosen, ok := rt.Select(c, 1, true)
	if chosen < 0 {
		return Value{}, false
	}
	return at(t, c.Elem), ok
}

// Send sends x on the channel v.
func (v Value) Send(x Value) {
	p := v.element(x, "Send")
	rt.ChanSend(rt.NoEscape(v.v.Word()), p)
}

// TrySend is Send if that need not wait, and reports whether it sent.
func (v Value) TrySend(x Value) bool {
	c := &rt.SelectCase{Elem: v.element(x, "TrySend"), Kind: 1}
	c.Chan = rt.NoEscape(v.v.Word())
	chosen, _ := rt.Select(c, 1, true)
	return chosen >= 0
}

// A SelectDir says what a case of Select does.
type SelectDir int

const (
	_             SelectDir = iota
	SelectSend              // case Chan <- Send
	SelectRecv              // case <-Chan:
	SelectDefault           // default
)

// A SelectCase is a case of Select.
type SelectCase struct {
	Dir  SelectDir
	Chan Value // the zero Value: the case is left out
	Send Value
}

// Select waits until one of the cases can go on, as a select statement does.
func Select(cases []SelectCase) (chosen int, recv Value, recvOK bool) {
	if len(cases) > 65536 {
		panic("reflect.Select: too many cases (max 65536)")
	}
	list := make([]rt.SelectCase, 0, len(cases)+1)
	var index []int
	def := -1
	for i, c := range cases {
		switch c.Dir {
		default:
			panic("reflect.Select: invalid Dir")
		case SelectDefault:
			if def >= 0 {
				panic("reflect.Select: multiple default cases")
			}
			def = i
			if c.Chan.IsValid() {
				panic("reflect.Select: default case has Chan value")
			}
			if c.Send.IsValid() {
				panic("reflect.Select: default case has Send value")
			}
			continue
		case SelectSend:
			ch := c.Chan
			if !ch.IsValid() {
				break
			}
			ch.within(Chan, Chan, "Chan")
			ch.exported("Chan")
			if ChanDir(ch.v.Typ.Len)&SendDir == 0 {
				panic("reflect.Select: SendDir case using recv-only channel")
			}
			if !c.Send.IsValid() {
				panic("reflect.Select: SendDir case missing Send value")
			}
			c.Send.exported("Send")
			p := c.Send.assign(ch.v.Typ.Elem(), "reflect.Select").At()
			list = append(list, rt.SelectCase{Chan: ch.v.Word(), Elem: p, Kind: 1})
			index = append(index, i)
		case SelectRecv:
			if c.Send.IsValid() {
				panic("reflect.Select: RecvDir case has Send value")
			}
			ch := c.Chan
			if !ch.IsValid() {
				break
			}
			ch.within(Chan, Chan, "Chan")
			ch.exported("Chan")
			if ChanDir(ch.v.Typ.Len)&RecvDir == 0 {
				panic("reflect.Select: RecvDir case using send-only channel")
			}
			list = append(list, rt.SelectCase{Chan: ch.v.Word(), Elem: rt.New(ch.v.Typ.Elem()), Kind: 2})
			index = append(index, i)
		}
	}
	n := len(list)
	i, ok := rt.Select(&append(list, rt.SelectCase{})[0], n, def >= 0)
	if i < 0 {
		return def, Value{}, false
	}
	chosen = index[i]
	if list[i].Kind == 2 {
		return chosen, at(cases[chosen].Chan.v.Typ.Elem(), list[i].Elem), ok
	}
	return chosen, Value{}, false
}
