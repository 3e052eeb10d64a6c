package main

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"sort"
	y "x/maps"
	x "x/slices"
	s "x/sort"
)

type item struct{ key, id int }

type items []item

func (a items) Len() int           { return len(a) }
func (a items) Less(i, j int) bool { return a[i].key < a[j].key }
func (a items) Swap(i, j int)      { a[i], a[j] = a[j], a[i] }

// input returns n items of some pattern.
func input() items {
	n := []int{0, 1, 2, 5, 11, 12, 13, 20, 49, 50, 51, 100, 300, 1000}[rnd.Intn(14)]
	a := make(items, n)
	kinds := rnd.Intn(8)
	for i := range a {
		k := 0
		switch kinds {
		case 0:
			k = rnd.Intn(1 + n)
		case 1:
			k = rnd.Intn(4)
		case 2:
			k = i
		case 3:
			k = n - i
		case 4:
			k = i / 7
		case 5:
			k = min(i, n-i)
		case 6:
			k = i ^ 5
		case 7:
			k = (i * 7919) % 11
		}
		a[i] = item{k, i}
	}
	for i := rnd.Intn(4); i > 0 && n > 1; i-- {
		a.Swap(rnd.Intn(n), rnd.Intn(n))
	}
	return a
}

func both[T any](what string, in []T, want, got func([]T)) {
	a, b := slices.Clone(in), slices.Clone(in)
	want(a)
	got(b)
	check(fmt.Sprint(what, " of ", len(in)), a, b)
}

func main() {
	byKey := func(a, b item) int { return cmp.Compare(a.key, b.key) }
	for i := 0; i < 4000; i++ {
		in := input()
		both("Sort", in, func(a []item) { sort.Sort(items(a)) }, func(a []item) { s.Sort(items(a)) })
		both("Sort reverse", in, func(a []item) { sort.Sort(sort.Reverse(items(a))) }, func(a []item) { s.Sort(s.Reverse(items(a))) })
		both("Stable", in, func(a []item) { sort.Stable(items(a)) }, func(a []item) { s.Stable(items(a)) })
		both("Slice", in, func(a []item) { sort.Slice(a, func(i, j int) bool { return a[i].key < a[j].key }) },
			func(a []item) { s.Slice(a, func(i, j int) bool { return a[i].key < a[j].key }) })
		both("SliceStable", in, func(a []item) { sort.SliceStable(a, func(i, j int) bool { return a[i].key < a[j].key }) },
			func(a []item) { s.SliceStable(a, func(i, j int) bool { return a[i].key < a[j].key }) })
		both("SortFunc", in, func(a []item) { slices.SortFunc(a, byKey) }, func(a []item) { x.SortFunc(a, byKey) })
		both("SortStableFunc", in, func(a []item) { slices.SortStableFunc(a, byKey) }, func(a []item) { x.SortStableFunc(a, byKey) })
		keys := make([]int, len(in))
		floats := make([]float64, len(in))
		texts := make([]string, len(in))
		for i := range in {
			keys[i] = in[i].key
			floats[i] = float64(in[i].key)
			if rnd.Intn(5) == 0 {
				floats[i] = []float64{math.NaN(), math.Inf(1), math.Inf(-1)}[rnd.Intn(3)]
			}
			texts[i] = fmt.Sprint(in[i].key)
		}
		both("Ints", keys, sort.Ints, s.Ints)
		both("Float64s", floats, sort.Float64s, s.Float64s)
		both("Strings", texts, sort.Strings, s.Strings)
		both("slices.Sort", texts, slices.Sort[[]string], x.Sort[[]string])
		both("IntSlice", keys, func(a []int) { sort.IntSlice(a).Sort() }, func(a []int) { s.IntSlice(a).Sort() })
		sorted := slices.Sorted(slices.Values(keys))
		k := rnd.Intn(20) - 2
		check("Search", sort.SearchInts(sorted, k), s.SearchInts(sorted, k))
		i1, f1 := slices.BinarySearch(sorted, k)
		i2, f2 := x.BinarySearch(sorted, k)
		check("BinarySearch", []any{i1, f1}, []any{i2, f2})
		check("Sorted", sorted, x.Sorted(x.Values(keys)))
		check("IsSorted", []bool{sort.IntsAreSorted(keys), slices.IsSorted(floats), sort.IsSorted(in), slices.IsSortedFunc(in, byKey)},
			[]bool{s.IntsAreSorted(keys), x.IsSorted(floats), s.IsSorted(in), x.IsSortedFunc(in, byKey)})
		if len(in) > 0 {
			check("Min", []any{slices.Min(floats), slices.Max(floats), slices.MinFunc(in, byKey), slices.MaxFunc(in, byKey)},
				[]any{x.Min(floats), x.Max(floats), x.MinFunc(in, byKey), x.MaxFunc(in, byKey)})
		}
		edits(keys)
	}
	m := map[string]int{"a": 1, "b": 2, "c": 3}
	n := y.Clone(m)
	check("Clone", m, n)
	y.DeleteFunc(n, func(k string, v int) bool { return v == 2 })
	check("DeleteFunc", map[string]int{"a": 1, "c": 3}, n)
	check("Equal", []bool{maps.Equal(m, n), maps.Equal(m, m)}, []bool{y.Equal(m, n), y.Equal(m, m)})
	check("Collect", m, y.Collect(y.All(m)))
	check("Keys", slices.Sorted(maps.Keys(m)), x.Sorted(y.Keys(m)))
	check("Values", slices.Sorted(maps.Values(m)), x.Sorted(y.Values(m)))
	done()
}

// edits performs one edit on slices that share their memory with v.
func edits(in []int) {
	if len(in) > 30 {
		in = in[:30]
	}
	room := rnd.Intn(10)
	copyOf := func() []int { return append(make([]int, 0, len(in)+room), in...) }
	i := rnd.Intn(len(in) + 2)
	j := i + rnd.Intn(4)
	p := rnd.Intn(len(in) + 1)
	q := p + rnd.Intn(len(in)-p+1)
	run := func(what string, want, got func(a, v []int) []int) {
		a, b := copyOf(), copyOf()
		show := func(f func(a, v []int) []int, a []int) string {
			return text(func() string {
				r := f(a, a[p:q])
				return fmt.Sprint(r, len(r), cap(r), r == nil, a, a[:cap(a)])
			})
		}
		check(fmt.Sprintf("%s(%d, %d, v[%d:%d]) of %v room %d", what, i, j, p, q, in, room), show(want, a), show(got, b))
	}
	run("Insert", func(a, v []int) []int { return slices.Insert(a, i, v...) }, func(a, v []int) []int { return x.Insert(a, i, v...) })
	run("Replace", func(a, v []int) []int { return slices.Replace(a, i, j, v...) }, func(a, v []int) []int { return x.Replace(a, i, j, v...) })
	run("Delete", func(a, v []int) []int { return slices.Delete(a, i, j) }, func(a, v []int) []int { return x.Delete(a, i, j) })
	run("DeleteFunc", func(a, v []int) []int { return slices.DeleteFunc(a, func(x int) bool { return x%2 == 0 }) },
		func(a, v []int) []int { return x.DeleteFunc(a, func(x int) bool { return x%2 == 0 }) })
	run("Compact", func(a, v []int) []int { return slices.Compact(a) }, func(a, v []int) []int { return x.Compact(a) })
	run("Grow", func(a, v []int) []int { return slices.Grow(a, i) }, func(a, v []int) []int { return x.Grow(a, i) })
	run("Clip", func(a, v []int) []int { return slices.Clip(a) }, func(a, v []int) []int { return x.Clip(a) })
	run("Clone", func(a, v []int) []int { return slices.Clone(v) }, func(a, v []int) []int { return x.Clone(v) })
	run("Concat", func(a, v []int) []int { return slices.Concat(a, v) }, func(a, v []int) []int { return x.Concat(a, v) })
	run("Repeat", func(a, v []int) []int { return slices.Repeat(v, i) }, func(a, v []int) []int { return x.Repeat(v, i) })
	run("Chunk", func(a, v []int) []int { return slices.Concat(slices.Collect(slices.Chunk(a, i))...) },
		func(a, v []int) []int { return x.Concat(x.Collect(x.Chunk(a, i))...) })
	run("Reverse", func(a, v []int) []int { slices.Reverse(v); return v }, func(a, v []int) []int { x.Reverse(v); return v })
	check("Compare", []any{slices.Compare(in, in[p:q]), slices.Equal(in, in[p:q]), slices.Index(in, i), slices.Contains(in, j)},
		[]any{x.Compare(in, in[p:q]), x.Equal(in, in[p:q]), x.Index(in, i), x.Contains(in, j)})
}
