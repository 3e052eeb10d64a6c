package rt

import "unsafe"

// A typeRequest describes a type to be made.
type typeRequest struct {
	kind    int
	elem    *Type
	key     *Type
	len     int // of an array; direction of a channel; 1 for variadic functions
	params  []*Type
	results []*Type
	fields  []Field
}

// makeType returns the type's descriptor, the same as for any type identical
// to it, or nil if the compiler cannot make it.
//
func makeType(req *typeRequest) *Type { panic("native") }

// PointerTo returns the type *t.
//
//go:noinline
func PointerTo(t *Type) *Type {
	LeakPointer(unsafe.Pointer(t))
	if t.PtrToThis != nil {
		return t.PtrToThis
	}
	return makeType(&typeRequest{kind: Pointer, elem: t})
}

// SliceOf returns the type []t.
func SliceOf(t *Type) *Type { return makeType(&typeRequest{kind: Slice, elem: t}) }

// ArrayOf returns the type [n]t.
func ArrayOf(n int, t *Type) *Type { return makeType(&typeRequest{kind: Array, elem: t, len: n}) }

// ChanOf returns the channel type with the direction.
func ChanOf(dir int, t *Type) *Type { return makeType(&typeRequest{kind: Chan, elem: t, len: dir}) }

// MapOf returns the type map[key]elem.
func MapOf(key, elem *Type) *Type { return makeType(&typeRequest{kind: Map, key: key, elem: elem}) }

// FuncOf returns the function type.
func FuncOf(params, results []*Type, variadic bool) *Type {
	req := &typeRequest{kind: Func, params: params, results: results}
	if variadic {
		req.len = 1
	}
	return makeType(req)
}

// StructOf returns the struct type; offsets in fields do not count.
func StructOf(fields []Field) *Type { return makeType(&typeRequest{kind: Struct, fields: fields}) }

// NewField makes a Field for StructOf.
func NewField(name, pkgPath string, t *Type, tag string, embedded bool) Field {
	f := Field{Name: name, PkgPath: pkgPath, Type: t, Tag: tag}
	if embedded {
		f.embedded = 1
	}
	return f
}
