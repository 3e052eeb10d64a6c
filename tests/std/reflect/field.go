package reflect

import (
	"x/internal/rt"
	"x/strconv"
)

// A StructField describes a field of a struct.
type StructField struct {
	Name      string
	PkgPath   string // of an unexported name
	Type      Type
	Tag       StructTag
	Offset    uintptr
	Index     []int // for FieldByIndex
	Anonymous bool  // embedded
}

// IsExported reports whether the field is exported.
func (f StructField) IsExported() bool { return f.PkgPath == "" }

// A StructTag is the tag of a field: by convention key:"value" pairs.
type StructTag string

// Get returns the value of key, "" if there is none.
func (tag StructTag) Get(key string) string {
	v, _ := tag.Lookup(key)
	return v
}

// Lookup returns the value of key and whether there is one.
func (tag StructTag) Lookup(key string) (value string, ok bool) {
	s := string(tag)
	for s != "" {
		i := 0
		for i < len(s) && s[i] == ' ' {
			i++
		}
		s = s[i:]
		i = 0
		for i < len(s) && s[i] > ' ' && s[i] != ':' && s[i] != '"' && s[i] != 0x7f {
			i++
		}
		if i == 0 || i+1 >= len(s) || s[i] != ':' || s[i+1] != '"' {
			break
		}
		name := s[:i]
		quoted, err := strconv.QuotedPrefix(s[i+1:])
		if err != nil {
			break
		}
		s = s[i+1+len(quoted):]
		if name == key {
			value, err := strconv.Unquote(quoted)
			return value, err == nil
		}
	}
	return "", false
}

func (t *rtype) NumField() int {
	if t.Kind() != Struct {
		panic("reflect: NumField of non-struct type " + t.String())
	}
	return t.t.NumField()
}

// indexes has the numbers that they are indexes of, where they were asked for.
var indexes [256]int

// indexOf returns the index of field number i of a struct.
func indexOf(i int) []int {
	if i >= len(indexes) {
		return []int{i}
	}
	indexes[i] = i
	return indexes[i : i+1 : i+1]
}

func field(t *rt.Type, i int) StructField {
	f := t.Field(i)
	return StructField{f.Name, f.PkgPath, toType(f.Type), StructTag(f.Tag), f.Offset, indexOf(i), f.Embedded()}
}

func (t *rtype) Field(i int) StructField {
	if t.Kind() != Struct {
		panic("reflect: Field of non-struct type " + t.String())
	}
	if i < 0 || i >= t.t.NumField() {
		panic("reflect: Field index out of bounds")
	}
	return field(&t.t, i)
}

func (t *rtype) FieldByIndex(index []int) (f StructField) {
	typ := Type(t)
	for i, x := range index {
		if i > 0 {
			typ = f.Type
			if typ.Kind() == Pointer && typ.Elem().Kind() == Struct {
				typ = typ.Elem()
			}
		}
		f = typ.Field(x)
	}
	f.Index = append([]int(nil), index...)
	return f
}

func (t *rtype) FieldByName(name string) (StructField, bool) {
	if t.Kind() != Struct {
		panic("reflect: FieldByName of non-struct type " + t.String())
	}
	embedded := false
	for i := 0; i < t.t.NumField(); i++ {
		f := t.t.Field(i)
		if f.Name == name {
			return field(&t.t, i), true
		}
		embedded = embedded || f.Embedded()
	}
	if !embedded {
		return StructField{}, false
	}
	return find(&t.t, func(s string) bool { return s == name })
}

func (t *rtype) FieldByNameFunc(match func(string) bool) (StructField, bool) {
	if t.Kind() != Struct {
		panic("reflect: FieldByNameFunc of non-struct type " + t.String())
	}
	return find(&t.t, match)
}

// A place is an embedded struct to look into.
type place struct {
	t     *rt.Type
	index []int
}

// find returns the field that matches at the least depth of embedding, unless
// several do.
func find(t *rt.Type, match func(string) bool) (found StructField, ok bool) {
	seen := map[*rt.Type]bool{}
	for level := []place{{t, nil}}; len(level) > 0; {
		var next []place
		count := 0
		times := map[*rt.Type]int{}
		for _, p := range level {
			times[p.t]++
		}
		for _, p := range level {
			if seen[p.t] {
				continue
			}
			seen[p.t] = true
			for i := 0; i < p.t.NumField(); i++ {
				f := p.t.Field(i)
				matches := match(f.Name)
				if !matches && !f.Embedded() {
					continue
				}
				index := append(p.index[:len(p.index):len(p.index)], i)
				if matches {
					count += times[p.t]
					found = field(p.t, i)
					found.Index = index
					continue
				}
				e := f.Type
				if e.Kind() == rt.Pointer {
					e = e.Elem()
				}
				if e.Kind() == rt.Struct {
					for range times[p.t] {
						next = append(next, place{e, index})
					}
				}
			}
		}
		if count > 0 {
			if count > 1 {
				return StructField{}, false
			}
			return found, true
		}
		level = next
	}
	return StructField{}, false
}

// VisibleFields returns the fields of the struct type t, promoted ones included.
func VisibleFields(t Type) []StructField {
	if t == nil {
		panic("reflect: VisibleFields(nil)")
	}
	if t.Kind() != Struct {
		panic("reflect.VisibleFields of non-struct type")
	}
	var out []StructField
	var walk func(typ Type, index []int, visiting map[Type]bool)
	walk = func(typ Type, index []int, visiting map[Type]bool) {
		if visiting[typ] {
			return
		}
		visiting[typ] = true
		for i := 0; i < typ.NumField(); i++ {
			f := typ.Field(i)
			f.Index = append(index[:len(index):len(index)], i)
			if g, ok := t.FieldByName(f.Name); ok && equalIndex(g.Index, f.Index) {
				out = append(out, f)
			}
			if e := f.Type; f.Anonymous {
				if e.Kind() == Pointer {
					e = e.Elem()
				}
				if e.Kind() == Struct {
					walk(e, f.Index, visiting)
				}
			}
		}
		delete(visiting, typ)
	}
	walk(t, nil, map[Type]bool{})
	return out
}

func equalIndex(a, b []int) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
