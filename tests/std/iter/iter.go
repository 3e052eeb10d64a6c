// Package iter names the types of iterators.
package iter

// A Seq calls yield with one value after the other, until it returns false.
type Seq[V any] func(yield func(V) bool)

// A Seq2 is a Seq of pairs.
type Seq2[K, V any] func(yield func(K, V) bool)
