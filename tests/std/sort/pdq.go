package sort

import "x/math/bits"

// order sorts positions. Sorting is by pattern-defeating quicksort (Orson
// Peters): quicksort that notices sorted and reversed stretches, shuffles a
// little after bad splits, and turns to heapsort after too many. The
// comparisons and swaps are those of Go's sort, so that equal elements end up
// in the same places.
type order struct {
	less func(i, j int) bool
	swap func(i, j int)
}

const (
	insertionMost = 12 // elements that are sorted by insertion
	ninther       = 50 // elements from which on the pivot is a median of medians
)

// limit is how many bad splits of n elements are allowed.
func limit(n int) int { return bits.Len(uint(n)) }

// insertion sorts [a, b).
func (o *order) insertion(a, b int) {
	for i := a + 1; i < b; i++ {
		for j := i; j > a && o.less(j, j-1); j-- {
			o.swap(j, j-1)
		}
	}
}

// sift moves the root of a heap of the first n elements from first on down.
func (o *order) sift(root, n, first int) {
	for {
		child := 2*root + 1
		if child >= n {
			return
		}
		if child+1 < n && o.less(first+child, first+child+1) {
			child++
		}
		if !o.less(first+root, first+child) {
			return
		}
		o.swap(first+root, first+child)
		root = child
	}
}

func (o *order) heap(a, b int) {
	n := b - a
	for i := (n - 1) / 2; i >= 0; i-- {
		o.sift(i, n, a)
	}
	for i := n - 1; i >= 0; i-- {
		o.swap(a, a+i)
		o.sift(0, i, a)
	}
}

// sort sorts [a, b) and turns to heapsort after bad splits.
func (o *order) sort(a, b, bad int) {
	balanced, partitioned := true, true // of the last split
	for {
		n := b - a
		if n <= insertionMost {
			o.insertion(a, b)
			return
		}
		if bad == 0 {
			o.heap(a, b)
			return
		}
		if !balanced {
			o.shuffle(a, n)
			bad--
		}
		pivot, swaps := o.pivot(a, n)
		ascending := swaps == 0
		if swaps == 12 {
			// Every comparison came out reversed.
			for i, j := a, b-1; i < j; i, j = i+1, j-1 {
				o.swap(i, j)
			}
			pivot = b - 1 - (pivot - a)
			ascending = true
		}
		if balanced && partitioned && ascending && o.nearlySorted(a, b) {
			return
		}
		if a > 0 && !o.less(a-1, pivot) {
			// The pivot equals what is left of a: so do many others, probably.
			a = o.splitEqual(a, b, pivot)
			continue
		}
		var mid int
		mid, partitioned = o.split(a, b, pivot)
		left, right := mid-a, b-mid
		if left < right {
			balanced = left >= n/8
			o.sort(a, mid, bad)
			a = mid + 1
		} else {
			balanced = right >= n/8
			o.sort(mid+1, b, bad)
			b = mid
		}
	}
}

// split moves what is less than the pivot to the left of it and returns where
// the pivot is then, and whether all was in place already.
func (o *order) split(a, b, pivot int) (mid int, was bool) {
	o.swap(a, pivot)
	i, j := a+1, b-1
	for was = true; ; was = false {
		for i <= j && o.less(i, a) {
			i++
		}
		for i <= j && !o.less(j, a) {
			j--
		}
		if i > j {
			o.swap(j, a)
			return j, was
		}
		o.swap(i, j)
		i++
		j--
	}
}

// splitEqual moves what equals the pivot to the left and returns its end.
func (o *order) splitEqual(a, b, pivot int) int {
	o.swap(a, pivot)
	i, j := a+1, b-1
	for {
		for i <= j && !o.less(a, i) {
			i++
		}
		for i <= j && o.less(a, j) {
			j--
		}
		if i > j {
			return i
		}
		o.swap(i, j)
		i++
		j--
	}
}

// nearlySorted sorts [a, b) if few elements are out of place, and reports
// whether it is sorted.
func (o *order) nearlySorted(a, b int) bool {
	i := a + 1
	for step := 0; step < 5; step++ {
		for i < b && !o.less(i, i-1) {
			i++
		}
		if i == b {
			return true
		}
		if b-a < ninther {
			return false
		}
		o.swap(i, i-1)
		if i-a >= 2 {
			for j := i - 1; j >= 1 && o.less(j, j-1); j-- {
				o.swap(j, j-1)
			}
		}
		if b-i >= 2 {
			for j := i + 1; j < b && o.less(j, j-1); j++ {
				o.swap(j, j-1)
			}
		}
	}
	return false
}

// shuffle swaps three elements in the middle of n from a on with random ones.
func (o *order) shuffle(a, n int) {
	if n < 8 {
		return
	}
	random := uint64(n)
	mask := uint(1)<<bits.Len(uint(n)) - 1
	for i := a + n/4*2 - 1; i <= a+n/4*2+1; i++ {
		random ^= random << 13
		random ^= random >> 7
		random ^= random << 17
		other := int(uint(random) & mask)
		if other >= n {
			other -= n
		}
		o.swap(i, a+other)
	}
}

// pivot chooses a pivot of n elements from a on, and returns how many of its
// comparisons came out reversed.
func (o *order) pivot(a, n int) (at, swaps int) {
	i, j, k := a+n/4, a+n/4*2, a+n/4*3
	if n >= 8 {
		if n >= ninther {
			i = o.median(i-1, i, i+1, &swaps)
			j = o.median(j-1, j, j+1, &swaps)
			k = o.median(k-1, k, k+1, &swaps)
		}
		j = o.median(i, j, k, &swaps)
	}
	return j, swaps
}

func (o *order) median(a, b, c int, swaps *int) int {
	if o.less(b, a) {
		*swaps++
		a, b = b, a
	}
	if o.less(c, b) {
		*swaps++
		b = c
	}
	if o.less(b, a) {
		*swaps++
		b = a
	}
	return b
}

// stable sorts n elements and keeps equal ones in order: blocks by insertion,
// then merged in place (Kim and Kutzner, SymMerge).
func (o *order) stable(n int) {
	const block = 20
	for a := 0; a < n; a += block {
		o.insertion(a, min(a+block, n))
	}
	for size := block; size < n; size *= 2 {
		for a := 0; a+size < n; a += 2 * size {
			o.merge(a, a+size, min(a+2*size, n))
		}
	}
}

// merge merges the sorted [a, m) and [m, b).
func (o *order) merge(a, m, b int) {
	if m-a == 1 {
		// One element to put where the others are not less.
		i, j := m, b
		for i < j {
			if h := int(uint(i+j) / 2); o.less(h, a) {
				i = h + 1
			} else {
				j = h
			}
		}
		for ; a+1 < i; a++ {
			o.swap(a, a+1)
		}
		return
	}
	if b-m == 1 {
		// One element to put before the greater ones.
		i, j := a, m
		for i < j {
			if h := int(uint(i+j) / 2); !o.less(m, h) {
				i = h + 1
			} else {
				j = h
			}
		}
		for ; m > i; m-- {
			o.swap(m, m-1)
		}
		return
	}
	// Find a stretch [start, end) around m to rotate so that each half of [a, b)
	// has its own elements.
	mid := (a + b) / 2
	n := mid + m
	start, r := a, m
	if m > mid {
		start, r = n-b, mid
	}
	p := n - 1
	for start < r {
		c := (start + r) / 2
		if !o.less(p-c, c) {
			start = c + 1
		} else {
			r = c
		}
	}
	end := n - start
	if start < m && m < end {
		o.rotate(start, m, end)
	}
	if a < start && start < mid {
		o.merge(a, start, mid)
	}
	if mid < end && end < b {
		o.merge(mid, end, b)
	}
}

// rotate exchanges [a, m) and [m, b).
func (o *order) rotate(a, m, b int) {
	i, j := m-a, b-m
	for i != j {
		if i > j {
			o.swapRange(m-i, m, j)
			i -= j
		} else {
			o.swapRange(m-i, m+j-i, i)
			j -= i
		}
	}
	o.swapRange(m-i, m, i)
}

func (o *order) swapRange(a, b, n int) {
	for i := 0; i < n; i++ {
		o.swap(a+i, b+i)
	}
}
