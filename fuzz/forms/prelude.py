"""What every generated program starts with: a log, a printer of any value that shows no address, generic helpers."""

PRELUDE = r'''package main

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"iter"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
)

var out = bufio.NewWriter(os.Stdout)
var fuel, zero int
var empty string
var _ = strings.Repeat
var _ = errors.New

func note(words ...any) { fmt.Fprintln(out, words...) }

// say prints a value of any kind without printing an address.
func say(v any) string {
	switch x := v.(type) {
	case nil:
		return "nil"
	case runtime.Error:
		return "runtime: " + x.Error()
	case error:
		return "error: " + x.Error()
	case bool, int, int8, uint8, int16, uint16, int32, uint32, int64, uint64, float32, float64, complex128, string:
		return fmt.Sprintf("%T %v", v, x)
	case fmt.Stringer:
		return fmt.Sprintf("%T is a Stringer", v)
	}
	return fmt.Sprintf("%T", v)
}

type Integer interface {
	~int | ~int8 | ~uint8 | ~int16 | ~uint16 | ~int32 | ~uint32 | ~int64 | ~uint64
}

type Number interface{ Integer | ~float64 | ~complex128 }

type Named[T any] interface {
	*T
	Set(int)
}

type Stack[T any] struct {
	items []T
	Max   int
}

func (s *Stack[T]) Push(xs ...T) *Stack[T] {
	s.items = append(s.items, xs...)
	s.Max = max(s.Max, len(s.items))
	return s
}

func (s *Stack[T]) Pop() (v T, ok bool) {
	if len(s.items) == 0 {
		return
	}
	v = s.items[len(s.items)-1]
	s.items = s.items[:len(s.items)-1]
	return v, true
}

func (s Stack[T]) All() iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		defer func() { note("All is done") }()
		for i, v := range s.items {
			if !yield(i, v) {
				return
			}
		}
	}
}

type Pair[K comparable, V any] struct {
	Key K
	Val V
}

func (p Pair[K, V]) Is(k K) bool { return p.Key == k }

type Node[T any] struct {
	next *Node[T]
	val  T
}

func Cons[T any](v T, n *Node[T]) *Node[T] { return &Node[T]{n, v} }

func (n *Node[T]) Each(yield func(T) bool) {
	for ; n != nil; n = n.next {
		if !yield(n.val) {
			return
		}
	}
}

func (n *Node[T]) Len() int {
	if n == nil {
		return 0
	}
	return 1 + n.next.Len()
}

type Set[K comparable] map[K]struct{}

func (s Set[K]) Add(k K) bool {
	_, had := s[k]
	s[k] = struct{}{}
	return !had
}

func MakeSet[K comparable](keys ...K) Set[K] {
	s := Set[K]{}
	for _, k := range keys {
		s.Add(k)
	}
	return s
}

func Sum[T Number](xs ...T) (t T) {
	for _, x := range xs {
		t += x
	}
	return
}

func Bits[T Integer](x T) (n int) {
	for i := 0; x != 0 && i < 64; i++ {
		x &= x - 1
		n++
	}
	return n
}

func Map[T, U any](xs []T, f func(T) U) []U {
	var r []U
	for _, x := range xs {
		r = append(r, f(x))
	}
	return r
}

func Fold[T, A any](xs []T, a A, f func(A, T) A) A {
	for _, x := range xs {
		a = f(a, x)
	}
	return a
}

func Same[T comparable](a, b T) bool { return a == b }

func Index[S ~[]E, E comparable](s S, e E) int {
	for i := range s {
		if s[i] == e {
			return i
		}
	}
	return -1
}

func Largest[T cmp.Ordered](a T, more ...T) T {
	for _, m := range more {
		if m > a {
			a = m
		}
	}
	return a
}

func Reset[T any, P Named[T]](n int) T {
	var v T
	P(&v).Set(n)
	return v
}

func KindOf[T any](v T) string {
	switch any(v).(type) {
	case int:
		return "int"
	case string:
		return "string"
	case []T:
		return "[]T"
	case interface{ M0() int }:
		return "M0"
	}
	return fmt.Sprintf("%T", v)
}

func Zero[T any]() (z T) { return }

func If[T any](c bool, a, b T) T {
	if c {
		return a
	}
	return b
}

func upto(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		defer note("upto ends", n)
		for i := 0; i < n; i++ {
			if !yield(i) {
				note("upto stops at", i)
				return
			}
		}
	}
}

func only[T any](s iter.Seq[T], f func(T) bool) iter.Seq[T] {
	return func(yield func(T) bool) {
		for v := range s {
			if f(v) && !yield(v) {
				return
			}
		}
	}
}

func twice(yield func() bool) {
	_ = yield() && yield()
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

func toInt(f float64) int {
	if f > -1e9 && f < 1e9 {
		return int(f)
	}
	return -1
}

func short(s string) string { return s[:min(len(s), 24)] }

func burn() bool {
	fuel--
	return fuel > 0
}

func try(what string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			note(what, "panics:", say(r))
		}
	}()
	f()
}

func helperRecovers() any { return recover() }

func exits(f func()) {
	done := make(chan bool)
	go func() {
		defer close(done)
		defer func() { note("goexit", say(recover())) }()
		f()
		runtime.Goexit()
	}()
	<-done
}
'''
