// Package binary has numbers as bytes, of either order, and as varints.
package binary

import (
	"x/errors"
	"x/io"
	"x/math"
	"x/reflect"
	"x/slices"
)

// A ByteOrder reads and writes numbers of fixed size.
type ByteOrder interface {
	Uint16([]byte) uint16
	Uint32([]byte) uint32
	Uint64([]byte) uint64
	PutUint16([]byte, uint16)
	PutUint32([]byte, uint32)
	PutUint64([]byte, uint64)
	String() string
}

// An AppendByteOrder appends numbers of fixed size.
type AppendByteOrder interface {
	AppendUint16([]byte, uint16) []byte
	AppendUint32([]byte, uint32) []byte
	AppendUint64([]byte, uint64) []byte
	String() string
}

// LittleEndian has the low byte first.
var LittleEndian littleEndian

// BigEndian has the high byte first.
var BigEndian bigEndian

// NativeEndian is the machine's order.
var NativeEndian nativeEndian

type littleEndian struct{}

type bigEndian struct{}

type nativeEndian struct{ littleEndian }

func (littleEndian) Uint16(b []byte) uint16 {
	_ = b[1]
	return uint16(b[0]) | uint16(b[1])<<8
}

func (littleEndian) PutUint16(b []byte, v uint16) {
	_ = b[1]
	b[0] = byte(v)
	b[1] = byte(v >> 8)
}

func (littleEndian) AppendUint16(b []byte, v uint16) []byte { return append(b, byte(v), byte(v>>8)) }

func (littleEndian) Uint32(b []byte) uint32 {
	_ = b[3]
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
}

func (littleEndian) PutUint32(b []byte, v uint32) {
	_ = b[3]
	b[0] = byte(v)
	b[1] = byte(v >> 8)
	b[2] = byte(v >> 16)
	b[3] = byte(v >> 24)
}

func (littleEndian) AppendUint32(b []byte, v uint32) []byte {
	return append(b, byte(v), byte(v>>8), byte(v>>16), byte(v>>24))
}

func (littleEndian) Uint64(b []byte) uint64 {
	_ = b[7]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

func (littleEndian) PutUint64(b []byte, v uint64) {
	_ = b[7]
	b[0] = byte(v)
	b[1] = byte(v >> 8)
	b[2] = byte(v >> 16)
	b[3] = byte(v >> 24)
	b[4] = byte(v >> 32)
	b[5] = byte(v >> 40)
	b[6] = byte(v >> 48)
	b[7] = byte(v >> 56)
}

func (littleEndian) AppendUint64(b []byte, v uint64) []byte {
	return append(b, byte(v), byte(v>>8), byte(v>>16), byte(v>>24), byte(v>>32), byte(v>>40), byte(v>>48), byte(v>>56))
}

func (littleEndian) String() string   { return "LittleEndian" }
func (littleEndian) GoString() string { return "binary.LittleEndian" }

func (bigEndian) Uint16(b []byte) uint16 {
	_ = b[1]
	return uint16(b[1]) | uint16(b[0])<<8
}

func (bigEndian) PutUint16(b []byte, v uint16) {
	_ = b[1]
	b[0] = byte(v >> 8)
	b[1] = byte(v)
}

func (bigEndian) AppendUint16(b []byte, v uint16) []byte { return append(b, byte(v>>8), byte(v)) }

func (bigEndian) Uint32(b []byte) uint32 {
	_ = b[3]
	return uint32(b[3]) | uint32(b[2])<<8 | uint32(b[1])<<16 | uint32(b[0])<<24
}

func (bigEndian) PutUint32(b []byte, v uint32) {
	_ = b[3]
	b[0] = byte(v >> 24)
	b[1] = byte(v >> 16)
	b[2] = byte(v >> 8)
	b[3] = byte(v)
}

func (bigEndian) AppendUint32(b []byte, v uint32) []byte {
	return append(b, byte(v>>24), byte(v>>16), byte(v>>8), byte(v))
}

func (bigEndian) Uint64(b []byte) uint64 {
	_ = b[7]
	return uint64(b[7]) | uint64(b[6])<<8 | uint64(b[5])<<16 | uint64(b[4])<<24 |
		uint64(b[3])<<32 | uint64(b[2])<<40 | uint64(b[1])<<48 | uint64(b[0])<<56
}

func (bigEndian) PutUint64(b []byte, v uint64) {
	_ = b[7]
	b[0] = byte(v >> 56)
	b[1] = byte(v >> 48)
	b[2] = byte(v >> 40)
	b[3] = byte(v >> 32)
	b[4] = byte(v >> 24)
	b[5] = byte(v >> 16)
	b[6] = byte(v >> 8)
	b[7] = byte(v)
}

func (bigEndian) AppendUint64(b []byte, v uint64) []byte {
	return append(b, byte(v>>56), byte(v>>48), byte(v>>40), byte(v>>32), byte(v>>24), byte(v>>16), byte(v>>8), byte(v))
}

func (bigEndian) String() string   { return "BigEndian" }
func (bigEndian) GoString() string { return "binary.BigEndian" }

func (nativeEndian) String() string   { return "NativeEndian" }
func (nativeEndian) GoString() string { return "binary.NativeEndian" }

// Most bytes of varints.
const (
	MaxVarintLen16 = 3
	MaxVarintLen32 = 5
	MaxVarintLen64 = 10
)

// AppendUvarint appends x, seven bits a byte, the low ones first.
func AppendUvarint(buf []byte, x uint64) []byte {
	for x >= 0x80 {
		buf = append(buf, byte(x)|0x80)
		x >>= 7
	}
	return append(buf, byte(x))
}

// PutUvarint writes x to buf and returns the number of bytes.
func PutUvarint(buf []byte, x uint64) int {
	i := 0
	for x >= 0x80 {
		buf[i] = byte(x) | 0x80
		x >>= 7
		i++
	}
	buf[i] = byte(x)
	return i + 1
}

// Uvarint reads a number and returns how many bytes it has: 0 if buf is too
// short, less than 0 if the number is too large.
func Uvarint(buf []byte) (uint64, int) {
	var x uint64
	for i, b := range buf {
		if i == MaxVarintLen64 {
			return 0, -(i + 1)
		}
		if b < 0x80 {
			if i == MaxVarintLen64-1 && b > 1 {
				return 0, -(i + 1)
			}
			return x | uint64(b)<<(7*i), i + 1
		}
		x |= uint64(b&0x7f) << (7 * i)
	}
	return 0, 0
}

// zigzag maps numbers to those that are small if their distance from 0 is.
func zigzag(x int64) uint64 { return uint64(x<<1) ^ uint64(x>>63) }

// AppendVarint appends x.
func AppendVarint(buf []byte, x int64) []byte { return AppendUvarint(buf, zigzag(x)) }

// PutVarint writes x to buf and returns the number of bytes.
func PutVarint(buf []byte, x int64) int { return PutUvarint(buf, zigzag(x)) }

// Varint is Uvarint for signed numbers.
func Varint(buf []byte) (int64, int) {
	ux, n := Uvarint(buf)
	return int64(ux>>1) ^ -int64(ux&1), n
}

var errOverflow = errors.New("binary: varint overflows a 64-bit integer")

// ReadUvarint reads a number.
func ReadUvarint(r io.ByteReader) (uint64, error) {
	var x uint64
	for i := range MaxVarintLen64 {
		b, err := r.ReadByte()
		if err != nil {
			if i > 0 && err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return x, err
		}
		if b < 0x80 {
			if i == MaxVarintLen64-1 && b > 1 {
				return x, errOverflow
			}
			return x | uint64(b)<<(7*i), nil
		}
		x |= uint64(b&0x7f) << (7 * i)
	}
	return x, errOverflow
}

// ReadVarint reads a signed number.
//
//go:noinline
func ReadVarint(r io.ByteReader) (int64, error) {
	ux, err := ReadUvarint(r)
	return int64(ux>>1) ^ -int64(ux&1), err
}

// sizeof returns the bytes of a value of type t, -1 if they are not fixed.
func sizeof(t reflect.Type) int {
	switch t.Kind() {
	case reflect.Array:
		if n := sizeof(t.Elem()); n >= 0 {
			return n * t.Len()
		}
	case reflect.Struct:
		sum := 0
		for i := 0; i < t.NumField(); i++ {
			n := sizeof(t.Field(i).Type)
			if n < 0 {
				return -1
			}
			sum += n
		}
		return sum
	case reflect.Bool, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64,
		reflect.Float32, reflect.Float64, reflect.Complex64, reflect.Complex128:
		return int(t.Size())
	}
	return -1
}

func size(v reflect.Value) int {
	if !v.IsValid() {
		return -1
	}
	if v.Kind() == reflect.Slice {
		if n := sizeof(v.Type().Elem()); n >= 0 {
			return n * v.Len()
		}
		return -1
	}
	return sizeof(v.Type())
}

// Size returns the bytes that Write writes for v, -1 if it cannot.
func Size(v any) int { return size(reflect.Indirect(reflect.ValueOf(v))) }

var errShort = errors.New("buffer too small")

func invalid(op string, data any) error {
	t := "<nil>"
	if data != nil {
		t = reflect.TypeOf(data).String()
	}
	return errors.New("binary." + op + ": some values are not fixed-sized in type " + t)
}

func put(b []byte, order AppendByteOrder, v reflect.Value) []byte {
	word := func(x uint64, n int) []byte {
		switch n {
		case 1:
			return append(b, byte(x))
		case 2:
			return order.AppendUint16(b, uint16(x))
		case 4:
			return order.AppendUint32(b, uint32(x))
		}
		return order.AppendUint64(b, x)
	}
	switch v.Kind() {
	case reflect.Array, reflect.Slice:
		for i := 0; i < v.Len(); i++ {
			b = put(b, order, v.Index(i))
		}
		return b
	case reflect.Struct:
		t := v.Type()
		for i := 0; i < v.NumField(); i++ {
			if f := v.Field(i); t.Field(i).Name != "_" {
				b = put(b, order, f)
			} else {
				b = append(b, make([]byte, size(f))...)
			}
		}
		return b
	case reflect.Bool:
		if v.Bool() {
			return append(b, 1)
		}
		return append(b, 0)
	case reflect.Float32:
		return word(uint64(math.Float32bits(float32(v.Float()))), 4)
	case reflect.Float64:
		return word(math.Float64bits(v.Float()), 8)
	case reflect.Complex64:
		c := v.Complex()
		b = word(uint64(math.Float32bits(float32(real(c)))), 4)
		return word(uint64(math.Float32bits(float32(imag(c)))), 4)
	case reflect.Complex128:
		c := v.Complex()
		b = word(math.Float64bits(real(c)), 8)
		return word(math.Float64bits(imag(c)), 8)
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return word(uint64(v.Int()), int(v.Type().Size()))
	}
	return word(v.Uint(), int(v.Type().Size()))
}

func get(b []byte, order ByteOrder, v reflect.Value) []byte {
	word := func(n int) (x uint64) {
		switch n {
		case 1:
			x = uint64(b[0])
		case 2:
			x = uint64(order.Uint16(b))
		case 4:
			x = uint64(order.Uint32(b))
		default:
			x = order.Uint64(b)
		}
		b = b[n:]
		return x
	}
	switch v.Kind() {
	case reflect.Array, reflect.Slice:
		for i := 0; i < v.Len(); i++ {
			b = get(b, order, v.Index(i))
		}
	case reflect.Struct:
		t := v.Type()
		for i := 0; i < v.NumField(); i++ {
			if f := v.Field(i); f.CanSet() || t.Field(i).Name != "_" {
				b = get(b, order, f)
			} else {
				b = b[size(f):]
			}
		}
	case reflect.Bool:
		v.SetBool(word(1) != 0)
	case reflect.Float32:
		v.SetFloat(float64(math.Float32frombits(uint32(word(4)))))
	case reflect.Float64:
		v.SetFloat(math.Float64frombits(word(8)))
	case reflect.Complex64:
		re := math.Float32frombits(uint32(word(4)))
		im := math.Float32frombits(uint32(word(4)))
		v.SetComplex(complex(float64(re), float64(im)))
	case reflect.Complex128:
		re := math.Float64frombits(word(8))
		v.SetComplex(complex(re, math.Float64frombits(word(8))))
	case reflect.Int8:
		v.SetInt(int64(int8(word(1))))
	case reflect.Int16:
		v.SetInt(int64(int16(word(2))))
	case reflect.Int32:
		v.SetInt(int64(int32(word(4))))
	case reflect.Int64:
		v.SetInt(int64(word(8)))
	default:
		v.SetUint(word(int(v.Type().Size())))
	}
	return b
}

func appendOrder(order ByteOrder) AppendByteOrder {
	if a, ok := order.(AppendByteOrder); ok {
		return a
	}
	return ordered{order}
}

// ordered makes an AppendByteOrder of another order.
type ordered struct{ ByteOrder }

func (o ordered) AppendUint16(b []byte, v uint16) []byte {
	b = append(b, 0, 0)
	o.PutUint16(b[len(b)-2:], v)
	return b
}

func (o ordered) AppendUint32(b []byte, v uint32) []byte {
	b = append(b, 0, 0, 0, 0)
	o.PutUint32(b[len(b)-4:], v)
	return b
}

func (o ordered) AppendUint64(b []byte, v uint64) []byte {
	b = append(b, 0, 0, 0, 0, 0, 0, 0, 0)
	o.PutUint64(b[len(b)-8:], v)
	return b
}

func destination(op string, data any) (reflect.Value, int, error) {
	v := reflect.ValueOf(data)
	n := -1
	switch v.Kind() {
	case reflect.Pointer:
		v = v.Elem()
		n = size(v)
	case reflect.Slice:
		n = size(v)
	}
	if n < 0 {
		t := "<nil>"
		if data != nil {
			t = reflect.TypeOf(data).String()
		}
		return v, 0, errors.New("binary." + op + ": invalid type " + t)
	}
	return v, n, nil
}

// Read reads a value of fixed size, or a slice of such values, to data.
func Read(r io.Reader, order ByteOrder, data any) error {
	v, n, err := destination("Read", data)
	if err != nil {
		return err
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(r, b); err != nil {
		return err
	}
	get(b, order, v)
	return nil
}

// Decode is Read from bytes; it returns how many it took.
func Decode(buf []byte, order ByteOrder, data any) (int, error) {
	v, n, err := destination("Decode", data)
	if err != nil {
		return 0, err
	}
	if len(buf) < n {
		return 0, errShort
	}
	get(buf[:n], order, v)
	return n, nil
}

// Write writes a value of fixed size, or a slice of such values.
func Write(w io.Writer, order ByteOrder, data any) error {
	v := reflect.Indirect(reflect.ValueOf(data))
	n := size(v)
	if n < 0 {
		return invalid("Write", data)
	}
	_, err := w.Write(put(make([]byte, 0, n), appendOrder(order), v))
	return err
}

// Encode is Write to bytes; it returns how many it wrote.
func Encode(buf []byte, order ByteOrder, data any) (int, error) {
	v := reflect.Indirect(reflect.ValueOf(data))
	n := size(v)
	if n < 0 {
		return 0, invalid("Encode", data)
	}
	if len(buf) < n {
		return 0, errShort
	}
	put(buf[:0], appendOrder(order), v)
	return n, nil
}

// Append is Write to the end of bytes.
func Append(buf []byte, order ByteOrder, data any) ([]byte, error) {
	v := reflect.Indirect(reflect.ValueOf(data))
	n := size(v)
	if n < 0 {
		return nil, invalid("Append", data)
	}
	return put(slices.Grow(buf, n), appendOrder(order), v), nil
}
