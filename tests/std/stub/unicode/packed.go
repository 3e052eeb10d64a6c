// Stand-ins under real Go for the functions of package unicode whose results the
// compiler lays out: src/hir/packed.rs has the format.
package unicode

import "reflect"

type unpacker struct {
	text string
}

func (u *unpacker) number() int64 {
	n, shift := uint64(0), 0
	for {
		c := u.text[0]
		u.text = u.text[1:]
		d := c - '0'
		if c > '\\' {
			d--
		}
		if c > '`' {
			d--
		}
		n |= uint64(d&31) << shift
		if d < 32 {
			return int64(n>>1) ^ -int64(n&1)
		}
		shift += 5
	}
}

func (u *unpacker) value(v reflect.Value, last *[]int64, leaf *int) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		u.value(v.Elem(), last, leaf)
	case reflect.Struct:
		for i := range v.NumField() {
			u.value(v.Field(i), last, leaf)
		}
	case reflect.Array:
		for i := range v.Len() {
			u.value(v.Index(i), last, leaf)
		}
	case reflect.Slice:
		n := int(u.number())
		if n == 0 {
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		var last []int64
		for i := range n {
			leaf := 0
			u.value(v.Index(i), &last, &leaf)
		}
	default:
		if len(*last) == *leaf {
			*last = append(*last, 0)
		}
		(*last)[*leaf] += u.number()
		if n := (*last)[*leaf]; v.CanInt() {
			v.SetInt(n)
		} else {
			v.SetUint(uint64(n))
		}
		*leaf++
	}
}

func unpack[T any](text string) (x T) {
	u := unpacker{text}
	u.value(reflect.ValueOf(&x).Elem(), new([]int64), new(int))
	return x
}

func packedTable(text string) *RangeTable { return unpack[*RangeTable](text) }

func packedCaseRanges(text string) []CaseRange { return unpack[[]CaseRange](text) }

func packedFolds(text string) []foldPair { return unpack[[]foldPair](text) }
