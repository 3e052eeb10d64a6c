// Stand-ins under real Go for the native functions of internal/rt.
package rt

import (
	"math"
	"os"
	"reflect"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"
)

func result(n int, err error) int {
	if err != nil {
		return -int(err.(syscall.Errno))
	}
	return n
}

func Write(fd int, p unsafe.Pointer, n int) int {
	return result(syscall.Write(fd, unsafe.Slice((*byte)(p), n)))
}

func Read(fd int, p unsafe.Pointer, n int) int {
	return result(syscall.Read(fd, unsafe.Slice((*byte)(p), n)))
}

func Exit(code int) { os.Exit(code) }

func Argc() int { return len(os.Args) }

func Arg(i int) string { return os.Args[i] }

func Environ(i int) string {
	if e := syscall.Environ(); i < len(e) {
		return e[i]
	}
	return ""
}

var start = time.Now()

func Nanotime() int64 { return int64(time.Since(start)) + 1 }

func Walltime() (sec int64, nsec int64) {
	t := time.Now()
	return t.Unix(), int64(t.Nanosecond())
}

func FormatFloat(buf []byte, f float64, format byte, prec, bitSize int) int {
	return copyAll(buf, strconv.FormatFloat(f, format, prec, bitSize))
}

func copyAll(buf []byte, s string) int {
	copy(buf, s)
	return len(s)
}

func ParseFloat(s string, bitSize int, f *float64) (n, status int) {
	for n := len(s); n > 0; n-- {
		x, err := strconv.ParseFloat(s[:n], bitSize)
		if err == nil {
			*f = x
			return n, 0
		}
		if err.(*strconv.NumError).Err == strconv.ErrRange {
			*f = x
			return n, 1
		}
	}
	return 0, 2
}

func Swap(addr *unsafe.Pointer, p unsafe.Pointer) unsafe.Pointer { return atomic.SwapPointer(addr, p) }

func New(t *Type) unsafe.Pointer { return reflect.New(realOf(t)).UnsafePointer() }

func NewArray(t *Type, n int) unsafe.Pointer {
	return reflect.MakeSlice(reflect.SliceOf(realOf(t)), n, n).UnsafePointer()
}

func Copy(t *Type, dst, src unsafe.Pointer) {
	reflect.NewAt(realOf(t), dst).Elem().Set(reflect.NewAt(realOf(t), src).Elem())
}

func Equal(t *Type, a, b unsafe.Pointer) bool {
	return reflect.NewAt(realOf(t), a).Elem().Interface() == reflect.NewAt(realOf(t), b).Elem().Interface()
}

func Itab(inter, t *Type) unsafe.Pointer { panic("not used under real Go") }

func realMap(t *Type, m unsafe.Pointer) reflect.Value {
	return reflect.NewAt(realOf(t), unsafe.Pointer(&m)).Elem()
}

// MapLen relies on the count being a map's first word.
func MapLen(m unsafe.Pointer) int {
	if m == nil {
		return 0
	}
	return int(*(*uint64)(m))
}

func MapAccess(t *Type, m, k unsafe.Pointer) unsafe.Pointer {
	v := realMap(t, m).MapIndex(reflect.NewAt(realOf(t.key), k).Elem())
	if !v.IsValid() {
		return nil
	}
	return place(v)
}

func place(v reflect.Value) unsafe.Pointer {
	p := reflect.New(v.Type())
	p.Elem().Set(v)
	return p.UnsafePointer()
}

var iters = map[*MapIter]*reflect.MapIter{}

func MapIterInit(t *Type, m unsafe.Pointer, it *MapIter) {
	iters[it] = realMap(t, m).MapRange()
	MapIterNext(it)
}

func MapIterNext(it *MapIter) {
	r := iters[it]
	if !r.Next() {
		it.Key = nil
		delete(iters, it)
		return
	}
	it.Key, it.Elem = place(r.Key()), place(r.Value())
}

func Syscall(number int, a, b, c, d, e uintptr) int {
	n, _, errno := syscall.Syscall6(uintptr(number), a, b, c, d, e, 0)
	if errno != 0 {
		return -int(errno)
	}
	return int(n)
}

func Sqrt(x float64) float64 { return math.Sqrt(x) }

func FMA(x, y, z float64) float64 { return math.FMA(x, y, z) }

func IndexByte(s string, c byte) int { return strings.IndexByte(s, c) }

func Index(s, sep string) int { return strings.Index(s, sep) }

func CountByte(s string, c byte) int { return strings.Count(s, string([]byte{c})) }

func Fatal(text string) { panic("fatal error: " + text) }

func Sleep(ns int64) { time.Sleep(time.Duration(ns)) }

func MakeMap(t *Type, n int) unsafe.Pointer {
	return reflect.MakeMapWithSize(realOf(t), n).UnsafePointer()
}

func MapDelete(t *Type, m, k unsafe.Pointer) {
	realMap(t, m).SetMapIndex(reflect.NewAt(realOf(t.key), k).Elem(), reflect.Value{})
}

func MapAssign(t *Type, m, k unsafe.Pointer) unsafe.Pointer { panic("not used under real Go") }
