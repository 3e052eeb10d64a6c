package sort

// Search returns the least i in [0, n) for which f is true, n if there is none;
// f must be true from some index on.
func Search(n int, f func(int) bool) int {
	i, j := 0, n
	for i < j {
		h := int(uint(i+j) >> 1)
		if !f(h) {
			i = h + 1
		} else {
			j = h
		}
	}
	return i
}

// Find returns the least i in [0, n) for which cmp is at most 0, n if there is
// none, and whether it is 0 there.
func Find(n int, cmp func(int) int) (i int, found bool) {
	i, j := 0, n
	for i < j {
		h := int(uint(i+j) >> 1)
		if cmp(h) > 0 {
			i = h + 1
		} else {
			j = h
		}
	}
	return i, i < n && cmp(i) == 0
}

// SearchInts returns where x is in the sorted a, or would be.
func SearchInts(a []int, x int) int {
	return Search(len(a), func(i int) bool { return a[i] >= x })
}

// SearchFloat64s returns where x is in the sorted a, or would be.
func SearchFloat64s(a []float64, x float64) int {
	return Search(len(a), func(i int) bool { return a[i] >= x })
}

// SearchStrings returns where x is in the sorted a, or would be.
func SearchStrings(a []string, x string) int {
	return Search(len(a), func(i int) bool { return a[i] >= x })
}

// Search returns where x is in p, or would be.
func (p IntSlice) Search(x int) int { return SearchInts(p, x) }

// Search returns where x is in p, or would be.
func (p Float64Slice) Search(x float64) int { return SearchFloat64s(p, x) }

// Search returns where x is in p, or would be.
func (p StringSlice) Search(x string) int { return SearchStrings(p, x) }
