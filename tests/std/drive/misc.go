package main

import (
	"container/heap"
	"container/list"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"math/rand"
	rand2 "math/rand/v2"
	"path"
	"path/filepath"
	"unicode/utf16"
	xheap "x/container/heap"
	xlist "x/container/list"
	xerrors "x/errors"
	xiter "x/iter"
	xrand "x/math/rand"
	xrand2 "x/math/rand/v2"
	xpath "x/path"
	xfilepath "x/path/filepath"
	xutf16 "x/unicode/utf16"
)

type ints []int

func (h ints) Len() int           { return len(h) }
func (h ints) Less(i, j int) bool { return h[i] < h[j] }
func (h ints) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *ints) Push(x any)        { *h = append(*h, x.(int)) }
func (h *ints) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}

func main() {
	for i := 0; i < 300; i++ {
		seed := rnd.Int63()>>rnd.Intn(63) - 5
		r, R := rand.New(rand.NewSource(seed)), xrand.New(xrand.NewSource(seed))
		for j := 0; j < 700; j++ {
			n := rnd.Intn(1<<uint(1+rnd.Intn(62))) + 1
			m := n%(1<<31-1) + 1
			var w, g any
			switch rnd.Intn(12) {
			case 0:
				w, g = r.Int63(), R.Int63()
			case 1:
				w, g = r.Uint64(), R.Uint64()
			case 2:
				w, g = r.Intn(n), R.Intn(n)
			case 3:
				w, g = r.Int31n(int32(m)), R.Int31n(int32(m))
			case 4:
				w, g = r.Float64(), R.Float64()
			case 5:
				w, g = r.Float32(), R.Float32()
			case 6:
				w, g = r.Perm(n%20), R.Perm(n%20)
			case 7:
				a, b := []int{1, 2, 3, 4, 5, 6, 7}, []int{1, 2, 3, 4, 5, 6, 7}
				r.Shuffle(7, func(i, j int) { a[i], a[j] = a[j], a[i] })
				R.Shuffle(7, func(i, j int) { b[i], b[j] = b[j], b[i] })
				w, g = a, b
			case 8:
				a, b := make([]byte, n%11), make([]byte, n%11)
				r.Read(a)
				R.Read(b)
				w, g = a, b
			case 9:
				w, g = r.Uint32(), R.Uint32()
			case 10:
				w, g = r.Int(), R.Int()
			case 11:
				w, g = r.Int31(), R.Int31()
			}
			check(fmt.Sprint("rand ", seed, j), w, g)
		}
	}
	for i := 0; i < 300; i++ {
		a, b := rnd.Uint64(), rnd.Uint64()
		r, R := rand2.New(rand2.NewPCG(a, b)), xrand2.New(xrand2.NewPCG(a, b))
		for j := 0; j < 50; j++ {
			n := rnd.Int63()>>rnd.Intn(63) + 1
			check("rand/v2", []any{r.Uint64(), r.Int64N(n), r.IntN(int(n)), r.Float64(), r.Float32(), r.Perm(int(n % 9)), r.Uint32(), r.Int()},
				[]any{R.Uint64(), R.Int64N(n), R.IntN(int(n)), R.Float64(), R.Float32(), R.Perm(int(n % 9)), R.Uint32(), R.Int()})
		}
	}
	for i := 0; i < 20000; i++ {
		words := make([]uint16, rnd.Intn(6))
		for j := range words {
			words[j] = []uint16{0x61, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xe000, 0xffff, uint16(rnd.Intn(1 << 16))}[rnd.Intn(8)]
		}
		r := rune(rnd.Intn(0x120000) - 5)
		check(fmt.Sprintf("utf16 %x %x", words, r), []any{utf16.Decode(words), utf16.AppendRune(nil, r), utf16.RuneLen(r), utf16.IsSurrogate(r)},
			[]any{xutf16.Decode(words), xutf16.AppendRune(nil, r), xutf16.RuneLen(r), xutf16.IsSurrogate(r)})
		h, l := utf16.EncodeRune(r)
		H, L := xutf16.EncodeRune(r)
		check("utf16.EncodeRune", []rune{h, l}, []rune{H, L})
	}
	for n := 0; n < 6; n++ {
		for take := 0; take < 8; take++ {
			seq := func(yield func(int) bool) {
				for i := 0; i < n; i++ {
					if !yield(i) {
						return
					}
				}
				if n == 5 {
					panic("five")
				}
			}
			w := text(func() string {
				next, stop := iter.Pull(seq)
				s := ""
				for i := 0; i < take; i++ {
					s += fmt.Sprint(next())
				}
				stop()
				return s + fmt.Sprint(next())
			})
			g := text(func() string {
				next, stop := xiter.Pull(seq)
				s := ""
				for i := 0; i < take; i++ {
					s += fmt.Sprint(next())
				}
				stop()
				return s + fmt.Sprint(next())
			})
			check(fmt.Sprint("Pull ", n, take), w, g)
		}
	}
	e := fmt.Errorf("%w", errors.Join(errors.New("a"), &fs.PathError{Op: "o", Path: "p", Err: errors.New("e")}))
	pe, ok := errors.AsType[*fs.PathError](e)
	PE, OK := xerrors.AsType[*fs.PathError](e)
	check("AsType", fmt.Sprint(pe, ok), fmt.Sprint(PE, OK))

	pieces := []string{"a", "b", "/", "..", ".", "//", "a.go", "*", "?", "[a-c]", "[^a]", "\\", "[", "]", "-", "é", "c"}
	for i := 0; i < 100000; i++ {
		p, q := random(pieces, 7), random(pieces, 4)
		check("Clean "+p, path.Clean(p), xpath.Clean(p))
		check("Base "+p, []string{path.Base(p), path.Dir(p), path.Ext(p), path.Join(p, q), path.Join("", q)},
			[]string{xpath.Base(p), xpath.Dir(p), xpath.Ext(p), xpath.Join(p, q), xpath.Join("", q)})
		m, err := path.Match(p, q)
		M, ERR := xpath.Match(p, q)
		check(fmt.Sprintf("Match(%q, %q)", p, q), fmt.Sprint(m, err), fmt.Sprint(M, ERR))
		s, err := filepath.Rel(p, q)
		S, ERR := xfilepath.Rel(p, q)
		check(fmt.Sprintf("Rel(%q, %q)", p, q), fmt.Sprint(s, err), fmt.Sprint(S, ERR))
	}
	for i := 0; i < 3000; i++ {
		var a, b ints
		l, L := list.New(), xlist.New()
		for j := 0; j < 40; j++ {
			x := rnd.Intn(30)
			switch rnd.Intn(7) {
			case 0, 1, 2:
				heap.Push(&a, x)
				xheap.Push(&b, x)
				l.PushBack(x)
				L.PushBack(x)
			case 3:
				if len(a) > 0 {
					check("Pop", heap.Pop(&a), xheap.Pop(&b))
					check("Remove", l.Remove(l.Front()), L.Remove(L.Front()))
				}
			case 4:
				if len(a) > 0 {
					k := x % len(a)
					check("Remove", heap.Remove(&a, k), xheap.Remove(&b, k))
					l.MoveToFront(l.Back())
					L.MoveToFront(L.Back())
				}
			case 5:
				if len(a) > 0 {
					k := x % len(a)
					a[k], b[k] = x, x
					heap.Fix(&a, k)
					xheap.Fix(&b, k)
				}
			case 6:
				l.PushFront(x)
				L.PushFront(x)
				heap.Push(&a, -x)
				xheap.Push(&b, -x)
			}
			check("heap", a, b)
			var p, q []any
			for e := l.Front(); e != nil; e = e.Next() {
				p = append(p, e.Value)
			}
			for e := L.Front(); e != nil; e = e.Next() {
				q = append(q, e.Value)
			}
			check("list", p, q)
		}
	}
	done()
}
