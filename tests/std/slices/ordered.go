package slices

import "x/cmp"

// The algorithm of pdq.go on ordered elements. It is the same down to the order of
// equal ones: zeros of either sign, and NaNs, can be told apart.

func insertionOrdered[E cmp.Ordered](x []E, a, b int) {
	for i := a + 1; i < b; i++ {
		for j := i; j > a && cmp.Less(x[j], x[j-1]); j-- {
			x[j], x[j-1] = x[j-1], x[j]
		}
	}
}

func siftOrdered[E cmp.Ordered](x []E, root, n, first int) {
	for {
		child := 2*root + 1
		if child >= n {
			return
		}
		if child+1 < n && cmp.Less(x[first+child], x[first+child+1]) {
			child++
		}
		if !cmp.Less(x[first+root], x[first+child]) {
			return
		}
		x[first+root], x[first+child] = x[first+child], x[first+root]
		root = child
	}
}

func heapOrdered[E cmp.Ordered](x []E, a, b int) {
	n := b - a
	for i := (n - 1) / 2; i >= 0; i-- {
		siftOrdered(x, i, n, a)
	}
	for i := n - 1; i >= 0; i-- {
		x[a], x[a+i] = x[a+i], x[a]
		siftOrdered(x, 0, i, a)
	}
}

func pdqOrdered[E cmp.Ordered](x []E, a, b, bad int) {
	balanced, partitioned := true, true
	for {
		n := b - a
		if n <= insertionMost {
			insertionOrdered(x, a, b)
			return
		}
		if bad == 0 {
			heapOrdered(x, a, b)
			return
		}
		if !balanced {
			shuffle(x, a, n)
			bad--
		}
		pivot, swaps := pivotOrdered(x, a, n)
		ascending := swaps == 0
		if swaps == 12 {
			Reverse(x[a:b])
			pivot = b - 1 - (pivot - a)
			ascending = true
		}
		if balanced && partitioned && ascending && nearlySortedOrdered(x, a, b) {
			return
		}
		if a > 0 && !cmp.Less(x[a-1], x[pivot]) {
			a = splitEqualOrdered(x, a, b, pivot)
			continue
		}
		var mid int
		mid, partitioned = splitOrdered(x, a, b, pivot)
		left, right := mid-a, b-mid
		if left < right {
			balanced = left >= n/8
			pdqOrdered(x, a, mid, bad)
			a = mid + 1
		} else {
			balanced = right >= n/8
			pdqOrdered(x, mid+1, b, bad)
			b = mid
		}
	}
}

func splitOrdered[E cmp.Ordered](x []E, a, b, pivot int) (mid int, was bool) {
	x[a], x[pivot] = x[pivot], x[a]
	i, j := a+1, b-1
	for was = true; ; was = false {
		for i <= j && cmp.Less(x[i], x[a]) {
			i++
		}
		for i <= j && !cmp.Less(x[j], x[a]) {
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

func splitEqualOrdered[E cmp.Ordered](x []E, a, b, pivot int) int {
	x[a], x[pivot] = x[pivot], x[a]
	i, j := a+1, b-1
	for {
		for i <= j && !cmp.Less(x[a], x[i]) {
			i++
		}
		for i <= j && cmp.Less(x[a], x[j]) {
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

func nearlySortedOrdered[E cmp.Ordered](x []E, a, b int) bool {
	i := a + 1
	for step := 0; step < 5; step++ {
		for i < b && !cmp.Less(x[i], x[i-1]) {
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
			for j := i - 1; j >= 1 && cmp.Less(x[j], x[j-1]); j-- {
				x[j], x[j-1] = x[j-1], x[j]
			}
		}
		if b-i >= 2 {
			for j := i + 1; j < b && cmp.Less(x[j], x[j-1]); j++ {
				x[j], x[j-1] = x[j-1], x[j]
			}
		}
	}
	return false
}

func pivotOrdered[E cmp.Ordered](x []E, a, n int) (at, swaps int) {
	i, j, k := a+n/4, a+n/4*2, a+n/4*3
	if n >= 8 {
		if n >= ninther {
			i = medianOrdered(x, i-1, i, i+1, &swaps)
			j = medianOrdered(x, j-1, j, j+1, &swaps)
			k = medianOrdered(x, k-1, k, k+1, &swaps)
		}
		j = medianOrdered(x, i, j, k, &swaps)
	}
	return j, swaps
}

func medianOrdered[E cmp.Ordered](x []E, a, b, c int, swaps *int) int {
	if cmp.Less(x[b], x[a]) {
		*swaps++
		a, b = b, a
	}
	if cmp.Less(x[c], x[b]) {
		*swaps++
		b = c
	}
	if cmp.Less(x[b], x[a]) {
		*swaps++
		b = a
	}
	return b
}
