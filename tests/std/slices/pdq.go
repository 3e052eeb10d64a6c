package slices

import "x/math/bits"

// Sorting by a function: the algorithm of package sort (sort/pdq.go, where it
// is explained) on elements instead of positions.

const (
	insertionMost = 12 // elements that are sorted by insertion
	ninther       = 50 // elements from which on the pivot is a median of medians
)

func insertionFunc[E any](x []E, a, b int, cmp func(a, b E) int) {
	for i := a + 1; i < b; i++ {
		for j := i; j > a && cmp(x[j], x[j-1]) < 0; j-- {
			x[j], x[j-1] = x[j-1], x[j]
		}
	}
}

func siftFunc[E any](x []E, root, n, first int, cmp func(a, b E) int) {
	for {
		child := 2*root + 1
		if child >= n {
			return
		}
		if child+1 < n && cmp(x[first+child], x[first+child+1]) < 0 {
			child++
		}
		if !(cmp(x[first+root], x[first+child]) < 0) {
			return
		}
		x[first+root], x[first+child] = x[first+child], x[first+root]
		root = child
	}
}

func heapFunc[E any](x []E, a, b int, cmp func(a, b E) int) {
	n := b - a
	for i := (n - 1) / 2; i >= 0; i-- {
		siftFunc(x, i, n, a, cmp)
	}
	for i := n - 1; i >= 0; i-- {
		x[a], x[a+i] = x[a+i], x[a]
		siftFunc(x, 0, i, a, cmp)
	}
}

func pdqFunc[E any](x []E, a, b, bad int, cmp func(a, b E) int) {
	balanced, partitioned := true, true
	for {
		n := b - a
		if n <= insertionMost {
			insertionFunc(x, a, b, cmp)
			return
		}
		if bad == 0 {
			heapFunc(x, a, b, cmp)
			return
		}
		if !balanced {
			shuffle(x, a, n)
			bad--
		}
		pivot, swaps := pivotFunc(x, a, n, cmp)
		ascending := swaps == 0
		if swaps == 12 {
			Reverse(x[a:b])
			pivot = b - 1 - (pivot - a)
			ascending = true
		}
		if balanced && partitioned && ascending && nearlySortedFunc(x, a, b, cmp) {
			return
		}
		if a > 0 && !(cmp(x[a-1], x[pivot]) < 0) {
			a = splitEqualFunc(x, a, b, pivot, cmp)
			continue
		}
		var mid int
		mid, partitioned = splitFunc(x, a, b, pivot, cmp)
		left, right := mid-a, b-mid
		if left < right {
			balanced = left >= n/8
			pdqFunc(x, a, mid, bad, cmp)
			a = mid + 1
		} else {
			balanced = right >= n/8
			pdqFunc(x, mid+1, b, bad, cmp)
			b = mid
		}
	}
}

func splitFunc[E any](x []E, a, b, pivot int, cmp func(a, b E) int) (mid int, was bool) {
	x[a], x[pivot] = x[pivot], x[a]
	i, j := a+1, b-1
	for was = true; ; was = false {
		for i <= j && cmp(x[i], x[a]) < 0 {
			i++
		}
		for i <= j && !(cmp(x[j], x[a]) < 0) {
			j--
		}
		if i > j {
			x[j], x[a] = x[a], x[j]
			return j, was
		}
		x[i], x[j] = x[j], x[i]
		i++
		j--
	}
}

func splitEqualFunc[E any](x []E, a, b, pivot int, cmp func(a, b E) int) int {
	x[a], x[pivot] = x[pivot], x[a]
	i, j := a+1, b-1
	for {
		for i <= j && !(cmp(x[a], x[i]) < 0) {
			i++
		}
		for i <= j && cmp(x[a], x[j]) < 0 {
			j--
		}
		if i > j {
			return i
		}
		x[i], x[j] = x[j], x[i]
		i++
		j--
	}
}

func nearlySortedFunc[E any](x []E, a, b int, cmp func(a, b E) int) bool {
	i := a + 1
	for step := 0; step < 5; step++ {
		for i < b && !(cmp(x[i], x[i-1]) < 0) {
			i++
		}
		if i == b {
			return true
		}
		if b-a < ninther {
			return false
		}
		x[i], x[i-1] = x[i-1], x[i]
		if i-a >= 2 {
			for j := i - 1; j >= 1 && cmp(x[j], x[j-1]) < 0; j-- {
				x[j], x[j-1] = x[j-1], x[j]
			}
		}
		if b-i >= 2 {
			for j := i + 1; j < b && cmp(x[j], x[j-1]) < 0; j++ {
				x[j], x[j-1] = x[j-1], x[j]
			}
		}
	}
	return false
}

func shuffle[E any](x []E, a, n int) {
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
		x[i], x[a+other] = x[a+other], x[i]
	}
}

func pivotFunc[E any](x []E, a, n int, cmp func(a, b E) int) (at, swaps int) {
	i, j, k := a+n/4, a+n/4*2, a+n/4*3
	if n >= 8 {
		if n >= ninther {
			i = medianFunc(x, i-1, i, i+1, &swaps, cmp)
			j = medianFunc(x, j-1, j, j+1, &swaps, cmp)
			k = medianFunc(x, k-1, k, k+1, &swaps, cmp)
		}
		j = medianFunc(x, i, j, k, &swaps, cmp)
	}
	return j, swaps
}

func medianFunc[E any](x []E, a, b, c int, swaps *int, cmp func(a, b E) int) int {
	if cmp(x[b], x[a]) < 0 {
		*swaps++
		a, b = b, a
	}
	if cmp(x[c], x[b]) < 0 {
		*swaps++
		b = c
	}
	if cmp(x[b], x[a]) < 0 {
		*swaps++
		b = a
	}
	return b
}

// stableFunc sorts blocks by insertion and merges them in place, by swaps only.
func stableFunc[E any](x []E, cmp func(a, b E) int) {
	const block = 20
	n := len(x)
	for a := 0; a < n; a += block {
		insertionFunc(x, a, min(a+block, n), cmp)
	}
	for size := block; size < n; size *= 2 {
		for a := 0; a+size < n; a += 2 * size {
			mergeFunc(x, a, a+size, min(a+2*size, n), cmp)
		}
	}
}

func mergeFunc[E any](x []E, a, m, b int, cmp func(a, b E) int) {
	if m-a == 1 {
		// One element to put where the others are not less.
		i, j := m, b
		for i < j {
			if h := int(uint(i+j) / 2); cmp(x[h], x[a]) < 0 {
				i = h + 1
			} else {
				j = h
			}
		}
		for ; a+1 < i; a++ {
			x[a], x[a+1] = x[a+1], x[a]
		}
		return
	}
	if b-m == 1 {
		// One element to put before the greater ones.
		i, j := a, m
		for i < j {
			if h := int(uint(i+j) / 2); !(cmp(x[m], x[h]) < 0) {
				i = h + 1
			} else {
				j = h
			}
		}
		for ; m > i; m-- {
			x[m], x[m-1] = x[m-1], x[m]
		}
		return
	}
	mid := (a + b) / 2
	n := mid + m
	start, r := a, m
	if m > mid {
		start, r = n-b, mid
	}
	p := n - 1
	for start < r {
		c := (start + r) / 2
		if !(cmp(x[p-c], x[c]) < 0) {
			start = c + 1
		} else {
			r = c
		}
	}
	end := n - start
	if start < m && m < end {
		// Three reversals exchange the two parts.
		Reverse(x[start:m])
		Reverse(x[m:end])
		Reverse(x[start:end])
	}
	if a < start && start < mid {
		mergeFunc(x, a, start, mid, cmp)
	}
	if mid < end && end < b {
		mergeFunc(x, mid, end, b, cmp)
	}
}
