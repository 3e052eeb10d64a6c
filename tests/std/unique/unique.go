// Package unique makes values that can be compared by address.
package unique

import "sync"

// A Handle stands for a value: handles are equal if their values are.
type Handle[T comparable] struct{ value *T }

// Value returns the value.
func (h Handle[T]) Value() T { return *h.value }

var values sync.Map // from values to pointers to them

// Make returns the handle of a value.
func Make[T comparable](value T) Handle[T] {
	if p, ok := values.Load(key[T]{value}); ok {
		return Handle[T]{p.(*T)}
	}
	c := new(T)
	*c = value
	p, _ := values.LoadOrStore(key[T]{value}, c)
	return Handle[T]{p.(*T)}
}

// A key tells values of different types apart that are equal as interfaces.
type key[T comparable] struct{ v T }
