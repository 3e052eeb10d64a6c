package rt

import "unsafe"

// How arguments and results travel. The compiler's side of this is
// src/ssa/layout.rs and abi_sig.rs, the stubs' src/runtime/sys/reflectcall.rs.
//
// A type that flattens to at most four scalars travels as these, its leaves; a
// larger one as a pointer to a copy. Results are given registers while they
// flatten and there are any; the others are written to places that pointers
// in front of all parameters name.

// A Word is one word of a block: a value that is no pointer or one that is.
type Word struct {
	Bits uintptr
	Ptr  unsafe.Pointer
}

// Places in a block.
const (
	intRegs    = 6 // for arguments
	floatRegs  = 8
	resultRegs = 8  // for results, of either kind
	floatStart = 8  // first float register
	maskAt     = 16 // which integer results are pointers
	stackAt    = 17 // number of words of stack arguments
	headWords  = 18 // the words of stack arguments follow
)

// What a leaf is.
const (
	leafInt = iota
	leafPtr
	leafFloat
)

type leaf struct {
	off   uintptr
	size  uintptr
	class int
}

// maxLeaves is the most words that a type flattens to.
const maxLeaves = 4

// A shape is how values of a type travel: as leaves, or as pointer to a copy.
type shape struct {
	n      int
	inline bool
	leaves [maxLeaves]leaf
}

func (s *shape) add(off, size uintptr, class int) bool {
	if s.n == maxLeaves {
		return false
	}
	s.leaves[s.n] = leaf{off, size, class}
	s.n++
	return true
}

func shapeOf(t *Type) (s shape) {
	s.inline = t.Size == 0 || t.Size <= 8*maxLeaves && s.flatten(t, 0)
	if !s.inline || t.Size == 0 {
		s.n = 0
	}
	return s
}

// flatten appends t's leaves; false if there are too many, or arrays.
func (s *shape) flatten(t *Type, base uintptr) bool {
	switch t.Kind() {
	case Float32, Float64:
		return s.add(base, t.Size, leafFloat)
	case Complex64, Complex128:
		return s.add(base, t.Size/2, leafFloat) && s.add(base+t.Size/2, t.Size/2, leafFloat)
	case String:
		return s.add(base, 8, leafPtr) && s.add(base+8, 8, leafInt)
	case Slice:
		return s.add(base, 8, leafPtr) && s.add(base+8, 8, leafInt) && s.add(base+16, 8, leafInt)
	case Interface:
		return s.add(base, 8, leafInt) && s.add(base+8, 8, leafPtr)
	case Pointer, Map, Chan, Func, UnsafePointer:
		return s.add(base, 8, leafPtr)
	case Array:
		switch t.Len {
		case 0:
			return true
		case 1:
			return s.flatten(t.elem, base)
		}
		return t.elem.Size == 0
	case Struct:
		for i := 0; i < t.NumField(); i++ {
			f := t.Field(i)
			if f.Type.Size > 0 && !s.flatten(f.Type, base+f.Offset) {
				return false
			}
		}
		return true
	}
	return s.add(base, t.Size, leafInt)
}

// count returns the numbers of leaves for integer and float registers.
func (s *shape) count() (ints, floats int) {
	for _, l := range s.leaves[:s.n] {
		if l.class == leafFloat {
			floats++
		}
	}
	return s.n - floats, floats
}

func (w *Word) load(p unsafe.Pointer, l leaf) {
	p = Add(p, l.off)
	switch {
	case l.class == leafPtr:
		w.Ptr = *(*unsafe.Pointer)(p)
	case l.size == 1:
		w.Bits = uintptr(*(*uint8)(p))
	case l.size == 2:
		w.Bits = uintptr(*(*uint16)(p))
	case l.size == 4:
		w.Bits = uintptr(*(*uint32)(p))
	default:
		w.Bits = *(*uintptr)(p)
	}
}

func (w *Word) store(p unsafe.Pointer, l leaf) {
	p = Add(p, l.off)
	switch {
	case l.class == leafPtr:
		*(*unsafe.Pointer)(p) = w.Ptr
	case l.size == 1:
		*(*uint8)(p) = uint8(w.Bits)
	case l.size == 2:
		*(*uint16)(p) = uint16(w.Bits)
	case l.size == 4:
		*(*uint32)(p) = uint32(w.Bits)
	default:
		*(*uintptr)(p) = w.Bits
	}
}

// places hands out the places of arguments, in order.
type places struct{ ints, floats, stack int }

func (a *places) next(class int) int {
	switch {
	case class == leafFloat && a.floats < floatRegs:
		a.floats++
		return floatStart + a.floats - 1
	case class != leafFloat && a.ints < intRegs:
		a.ints++
		return a.ints - 1
	}
	a.stack++
	return headWords + a.stack - 1
}

// stackWords returns the number of words of stack arguments, an even one.
func (a *places) stackWords() int { return (a.stack + 1) &^ 1 }

// results hands out registers to results, in order.
type results struct{ ints, floats int }

// fits reports whether the next result gets registers.
func (r *results) fits(s *shape) bool {
	ints, floats := s.count()
	if !s.inline || r.ints+ints > resultRegs || r.floats+floats > resultRegs {
		return false
	}
	r.ints += ints
	r.floats += floats
	return true
}

// A regs walks over result registers.
type regs struct{ ints, floats int }

func (r *regs) next(class int) int {
	if class == leafFloat {
		r.floats++
		return floatStart + r.floats - 1
	}
	r.ints++
	return r.ints - 1
}

// outs appends the numbers of the results that are written through pointers.
func (t *Type) outs(list []int) []int {
	var r results
	for i, typ := range t.Results() {
		s := shapeOf(typ)
		if !r.fits(&s) {
			list = append(list, i)
		}
	}
	return list
}

// call8, call128 and call4096 call code with what block says, on the
// goroutine's own stack, and leave the results in block. There may be so many
// words of stack arguments. ctxt is the closure, nil for methods.
func call8(code uintptr, ctxt unsafe.Pointer, block *Word)
func call128(code uintptr, ctxt unsafe.Pointer, block *Word)
func call4096(code uintptr, ctxt unsafe.Pointer, block *Word)

// MakeFuncCode returns the code of closures with so many words of stack
// arguments, 0 if these are too many.
func MakeFuncCode(words int) uintptr

// A Frame is what a call needs, of either direction. Its memory is used again:
// it must not be looked at after Free.
type Frame struct {
	Args    []unsafe.Pointer // where the arguments are
	Results []unsafe.Pointer // where the results are, after Call
	Words   []unsafe.Pointer // room for arguments that are a pointer each
	direct  []unsafe.Pointer // the same for results
	block   []Word
	outs    []int
	Unused  *Room // if set, nobody looks at the results
	room    [4][4]unsafe.Pointer // for the lists of pointers, if they are short
	words   [headWords + 4]Word  // for the block
}

// A Room is memory for results that nobody looks at.
type Room struct {
	typ *Type
	at  unsafe.Pointer
}

// of returns memory for a value of type t.
func (r *Room) of(t *Type) unsafe.Pointer {
	if r.typ != t {
		r.typ, r.at = t, New(t)
	}
	return r.at
}

// Clear forgets the last value.
func (r *Room) Clear() {
	if r.typ != nil {
		Zero(r.typ, r.at)
	}
}

// frames holds idle frames; each is taken and put back in one atomic step.
var frames [8]unsafe.Pointer

// NewFrame returns a frame with room for n arguments.
func NewFrame(n int) *Frame {
	var f *Frame
	for i := 0; f == nil && i < len(frames); i++ {
		f = (*Frame)(Swap(&frames[i], nil))
	}
	if f == nil {
		// Where the called function panics, its frame is not given back: it should be one object.
		f = new(Frame)
		f.Args, f.Words, f.Results, f.direct = f.room[0][:], f.room[1][:], f.room[2][:], f.room[3][:]
		f.block = f.words[:]
	}
	f.Args = pointers(f.Args, n)
	f.Words = pointers(f.Words, n)
	return f
}

// pointers returns n pointers, all nil, in the memory of list if that suffices.
func pointers(list []unsafe.Pointer, n int) []unsafe.Pointer {
	if n > cap(list) {
		return make([]unsafe.Pointer, n)
	}
	return list[:n]
}

// Free gives the frame back.
func (f *Frame) Free() {
	clear(f.Args)
	clear(f.Results)
	clear(f.Words)
	clear(f.direct)
	clear(f.block)
	f.Unused = nil
	for i := 0; f != nil && i < len(frames); i++ {
		f = (*Frame)(Swap(&frames[i], unsafe.Pointer(f)))
	}
}

// SetArg makes v argument number i.
func (f *Frame) SetArg(i int, v Value) {
	if v.Flag&FlagIndir != 0 {
		f.Args[i] = v.Ptr
		return
	}
	f.Words[i] = v.Ptr
	f.Args[i] = unsafe.Pointer(&f.Words[i])
}

// Call calls a function of type t, a method if hasRecv is set: recv is then
// its receiver in the form of an interface's data word. The results are new
// variables, those that are a pointer each are in the frame. A call that panics
// makes those only that it has to be given.
//
//go:wrapper
//go:noinline
func (f *Frame) Call(t *Type, code uintptr, ctxt unsafe.Pointer, hasRecv bool, recv unsafe.Pointer) {
	f.prepare(t, hasRecv, recv)
	f.enter(code, ctxt)
	f.finish(t)
}

//go:wrapper
//go:noinline
func (f *Frame) enter(code uintptr, ctxt unsafe.Pointer) {
	switch n := f.block[stackAt].Bits; {
	case n <= 8:
		call8(code, ctxt, &f.block[0])
	case n <= 128:
		call128(code, ctxt, &f.block[0])
	case n <= 4096:
		call4096(code, ctxt, &f.block[0])
	default:
		panic("reflect: call of a function with too many words of arguments")
	}
}

// Forward answers a call of c, whose arguments are in block, with a call of a method
// of type t. The receiver is recv, in the form of an interface's data word; or it is
// the first argument, of type first. Arguments and results go from block to block;
// those of which there are pointers are copied, since these point into a stack, which
// the frame does not.
//
//go:wrapper
//go:noinline
func (f *Frame) Forward(c *Closure, block *Word, t *Type, code uintptr, first *Type, recv unsafe.Pointer) {
	f.pass(c, block, t, first, recv)
	f.enter(code, nil)
	f.back(t, block)
}

// pass makes the block of a call of a method from that of a call of c.
//
//go:noinline
func (f *Frame) pass(c *Closure, block *Word, t *Type, first *Type, recv unsafe.Pointer) {
	f.block = f.block[:headWords]
	f.Results = pointers(f.Results, len(t.Results()))
	f.direct = pointers(f.direct, len(t.Results()))
	f.outs = t.outs(f.outs[:0])
	var from, to places
	for _, i := range f.outs {
		from.next(leafPtr)
		f.Results[i] = f.result(i, t.Results()[i])
		f.at(to.next(leafPtr)).Ptr = f.Results[i]
	}
	if first != nil {
		f.takeOne(0, first, block, &from)
		recv = Indirect(first, f.Args[0])
	}
	f.at(to.next(leafPtr)).Ptr = recv
	for _, typ := range t.Params() {
		s := shapeOf(typ)
		if !s.inline {
			p := New(typ)
			Copy(typ, p, wordAt(block, from.next(leafPtr)).Ptr)
			f.at(to.next(leafPtr)).Ptr = p
			continue
		}
		for _, l := range s.leaves[:s.n] {
			f.at(to.next(l.class)).move(wordAt(block, from.next(l.class)), l)
		}
	}
	f.seal(t, &to)
}

// move copies what a leaf has in a word.
func (w *Word) move(from *Word, l leaf) {
	if l.class == leafPtr {
		w.Ptr = from.Ptr
	} else {
		w.Bits = from.Bits
	}
}

// back puts the results of a call into the block of another.
//
//go:noinline
func (f *Frame) back(t *Type, block *Word) {
	var a places
	for _, i := range f.outs {
		Copy(t.Results()[i], wordAt(block, a.next(leafPtr)).Ptr, f.Results[i])
	}
	for i := 0; i < resultRegs; i++ {
		*wordAt(block, i) = Word{}
	}
	var fit results
	var r regs
	for _, typ := range t.Results() {
		if s := shapeOf(typ); fit.fits(&s) {
			for _, l := range s.leaves[:s.n] {
				i := r.next(l.class)
				wordAt(block, i).move(&f.block[i], l)
			}
		}
	}
}

// prepare makes the block of a call and room for the results.
//
//go:noinline
func (f *Frame) prepare(t *Type, hasRecv bool, recv unsafe.Pointer) {
	f.block = f.block[:headWords]
	f.Results = pointers(f.Results, len(t.Results()))
	f.direct = pointers(f.direct, len(t.Results()))
	f.outs = t.outs(f.outs[:0])
	var a places
	for _, i := range f.outs {
		if typ := t.Results()[i]; f.Unused != nil {
			f.Results[i] = f.Unused.of(typ)
		} else {
			f.Results[i] = f.result(i, typ)
		}
		f.at(a.next(leafPtr)).Ptr = f.Results[i]
	}
	if hasRecv {
		f.at(a.next(leafPtr)).Ptr = recv
	}
	for i, typ := range t.Params() {
		s := shapeOf(typ)
		if !s.inline {
			p := New(typ)
			Copy(typ, p, f.Args[i])
			f.at(a.next(leafPtr)).Ptr = p
			continue
		}
		for _, l := range s.leaves[:s.n] {
			f.at(a.next(l.class)).load(f.Args[i], l)
		}
	}
	f.seal(t, &a)
}

// seal completes a block: how many words it has, and which results are pointers.
func (f *Frame) seal(t *Type, a *places) {
	for len(f.block) < headWords+a.stackWords() {
		f.block = append(f.block, Word{})
	}
	f.block[stackAt].Bits = uintptr(a.stackWords())
	var fit results
	n := 0
	for _, typ := range t.Results() {
		if s := shapeOf(typ); fit.fits(&s) {
			for _, l := range s.leaves[:s.n] {
				if l.class == leafPtr {
					f.block[maskAt].Bits |= 1 << n
				}
				if l.class != leafFloat {
					n++
				}
			}
		}
	}
}

// at returns word number i of the block, which is at most one longer than it was.
func (f *Frame) at(i int) *Word {
	if i == len(f.block) {
		f.block = append(f.block, Word{})
	}
	return &f.block[i]
}

// result returns a place for result i.
func (f *Frame) result(i int, typ *Type) unsafe.Pointer {
	if typ.Direct() {
		return unsafe.Pointer(&f.direct[i])
	}
	return New(typ)
}

// finish stores the results that came in registers.
func (f *Frame) finish(t *Type) {
	if f.Unused != nil {
		return
	}
	var fit results
	var r regs
	for i, typ := range t.Results() {
		if s := shapeOf(typ); fit.fits(&s) {
			f.Results[i] = f.result(i, typ)
			for _, l := range s.leaves[:s.n] {
				f.block[r.next(l.class)].store(f.Results[i], l)
			}
		}
	}
}

// A Closure is the head of a closure whose calls arrive at its handler, with
// the arguments in a block. The stubs know its first words.
type Closure struct {
	code     uintptr
	ptrRegs  uintptr // argument registers that hold pointers
	offsets  *uint32 // of stack arguments that are pointers
	nOffsets int
	nWords   int
	handler  func(c *Closure, block *Word)
	Type     *Type // the function's
}

// Init makes c a closure of type t, and reports whether it could.
func (c *Closure) Init(t *Type, handler func(c *Closure, block *Word)) bool {
	var a places
	var offsets []uint32
	put := func(class int) {
		i := a.next(class)
		switch {
		case class != leafPtr:
		case i < intRegs:
			c.ptrRegs |= 1 << i
		default:
			offsets = append(offsets, uint32(8*(i-headWords)))
		}
	}
	for range t.outs(nil) {
		put(leafPtr)
	}
	for _, typ := range t.Params() {
		s := shapeOf(typ)
		if !s.inline {
			put(leafPtr)
		}
		for _, l := range s.leaves[:s.n] {
			put(l.class)
		}
	}
	if len(offsets) > 0 {
		c.offsets, c.nOffsets = &offsets[0], len(offsets)
	}
	c.nWords = a.stackWords()
	c.code = MakeFuncCode(c.nWords)
	c.handler = handler
	c.Type = t
	return c.code != 0
}

func wordAt(block *Word, i int) *Word {
	return (*Word)(Add(unsafe.Pointer(block), uintptr(i)*unsafe.Sizeof(Word{})))
}

// Take copies the arguments of a call of c out of its block, to new variables;
// those that are a pointer each stay in the frame.
//
//go:noinline
func (f *Frame) Take(c *Closure, block *Word) {
	f.outs = c.Type.outs(f.outs[:0])
	var a places
	for range f.outs {
		a.next(leafPtr)
	}
	for i, typ := range c.Type.Params() {
		f.takeOne(i, typ, block, &a)
	}
}

// takeOne copies argument i, of type typ, out of a block.
func (f *Frame) takeOne(i int, typ *Type, block *Word, a *places) {
	p := unsafe.Pointer(&f.Words[i])
	if !typ.Direct() {
		p = New(typ)
	}
	s := shapeOf(typ)
	if !s.inline {
		Copy(typ, p, wordAt(block, a.next(leafPtr)).Ptr)
	}
	for _, l := range s.leaves[:s.n] {
		wordAt(block, a.next(l.class)).store(p, l)
	}
	f.Args[i] = p
}

// Give puts the results of a call of c, which are where out says, into its block.
//
//go:noinline
func (f *Frame) Give(c *Closure, block *Word, out []unsafe.Pointer) {
	f.outs = c.Type.outs(f.outs[:0])
	var a places
	for _, i := range f.outs {
		Copy(c.Type.Results()[i], wordAt(block, a.next(leafPtr)).Ptr, out[i])
	}
	for i := 0; i < resultRegs; i++ {
		*wordAt(block, i) = Word{}
	}
	var fit results
	var r regs
	for i, typ := range c.Type.Results() {
		if s := shapeOf(typ); fit.fits(&s) {
			for _, l := range s.leaves[:s.n] {
				wordAt(block, r.next(l.class)).load(out[i], l)
			}
		}
	}
}
