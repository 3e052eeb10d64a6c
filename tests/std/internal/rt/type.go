package rt

import "unsafe"

// Kinds, numbered as in reflect.
const (
	Invalid = iota
	Bool
	Int
	Int8
	Int16
	Int32
	Int64
	Uint
	Uint8
	Uint16
	Uint32
	Uint64
	Uintptr
	Float32
	Float64
	Complex64
	Complex128
	Array
	Chan
	Func
	Interface
	Map
	Pointer
	Slice
	String
	Struct
	UnsafePointer
)

// Bits of Type.Flags.
const (
	DirectIface = 1 << iota
	Named
	IsComparable
	RegularMemory
	Variadic
)

// A Type is a type descriptor, in the compiler's layout. Identical types have
// one descriptor, so == on pointers compares types.
type Type struct {
	Size       uintptr
	PtrData    uintptr
	Hash       uint32
	Flags      uint8
	Align      uint8
	FieldAlign uint8
	KindByte   uint8
	GCData     *byte
	String     string // as %T prints it
	Name       string // of a defined type
	PkgPath    string
	PtrToThis  *Type
	elem       *Type
	key        *Type
	Len        int // of an array; direction of a channel
	fields     table
	params     table
	results    table
	imethods   table
	methods    table
	NExported  int // exported methods, in methods or not
}

type table struct {
	at unsafe.Pointer
	n  int
}

// A Field describes a field of a struct.
type Field struct {
	Name     string
	PkgPath  string // empty for exported names
	Type     *Type
	Offset   uintptr
	Tag      string
	embedded uintptr
}

// Embedded reports whether the field is embedded.
func (f *Field) Embedded() bool { return f.embedded != 0 }

// An IMethod describes a method of an interface type.
type IMethod struct {
	Name    string
	PkgPath string
	Type    *Type
}

// A Method describes a method of a concrete type. Ifn is the code that takes
// an interface's data word as receiver.
type Method struct {
	Name    string
	PkgPath string
	Type    *Type
	Ifn     uintptr
}

// Kind returns t's kind.
func (t *Type) Kind() int { return int(t.KindByte) }

// Elem returns the element type of an array, channel, map, pointer or slice.
func (t *Type) Elem() *Type { return t.elem }

// Key returns the key type of a map.
func (t *Type) Key() *Type { return t.key }

// Direct reports whether an interface's data word holds the value itself.
func (t *Type) Direct() bool { return t.Flags&DirectIface != 0 }

// NumField returns the number of fields of a struct.
func (t *Type) NumField() int { return t.fields.n }

// Field returns field i of a struct.
func (t *Type) Field(i int) *Field {
	return (*Field)(Add(t.fields.at, uintptr(i)*unsafe.Sizeof(Field{})))
}

// Methods returns the concrete type's methods, sorted by name.
func (t *Type) Methods() []Method { return unsafe.Slice((*Method)(t.methods.at), t.methods.n) }

// IMethods returns the interface type's methods, sorted by name.
func (t *Type) IMethods() []IMethod { return unsafe.Slice((*IMethod)(t.imethods.at), t.imethods.n) }

// HasMethods reports whether the concrete type has any method.
func (t *Type) HasMethods() bool { return t.methods.n != 0 }

// Params returns the parameter types of a function.
func (t *Type) Params() []*Type { return unsafe.Slice((**Type)(t.params.at), t.params.n) }

// Results returns the result types of a function.
func (t *Type) Results() []*Type { return unsafe.Slice((**Type)(t.results.at), t.results.n) }
