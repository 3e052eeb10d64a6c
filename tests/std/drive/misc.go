package main

import (
	"container/heap"
	"container/list"
	"fmt"
	"math/rand"
	"path"
	"path/filepath"
	xheap "x/container/heap"
	xlist "x/container/list"
	xrand "x/math/rand"
	xpath "x/path"
	xfilepath "x/path/filepath"
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
