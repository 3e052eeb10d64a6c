package rt

// IndexByte returns the index of the first c in s, -1 if there is none.
//
//go:noescape
func IndexByte(s string, c byte) int

// Index returns the index of the first sep in s, -1 if there is none; it is 0
// for an empty sep.
//
//go:noescape
func Index(s, sep string) int

// CountByte returns the number of c in s.
//
//go:noescape
func CountByte(s string, c byte) int
