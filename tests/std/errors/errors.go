// Package errors makes errors and looks into chains and trees of them.
package errors

import "x/internal/rt"

type errorString struct{ s string }

func (e *errorString) Error() string { return e.s }

// New returns an error whose text is text. Each call returns a distinct value.
func New(text string) error { return &errorString{text} }

// ErrUnsupported says that an operation cannot be performed here at all.
var ErrUnsupported = New("unsupported operation")

// Unwrap returns what err's method Unwrap() error returns, nil if it has none.
func Unwrap(err error) error {
	u, ok := err.(interface{ Unwrap() error })
	if !ok {
		return nil
	}
	return u.Unwrap()
}

// Is reports whether err or an error it wraps, depth first, equals target or
// says so in its method Is(error) bool.
func Is(err, target error) bool {
	if err == nil || target == nil {
		return err == target
	}
	return is(err, target, rt.Comparable(target))
}

func is(err, target error, comparable bool) bool {
	for err != nil {
		if comparable && err == target {
			return true
		}
		if x, ok := err.(interface{ Is(error) bool }); ok && x.Is(target) {
			return true
		}
		switch x := err.(type) {
		case interface{ Unwrap() error }:
			err = x.Unwrap()
		case interface{ Unwrap() []error }:
			for _, e := range x.Unwrap() {
				if is(e, target, comparable) {
					return true
				}
			}
			return false
		default:
			return false
		}
	}
	return false
}

// As finds the first error in err's tree that can be stored in *target, or
// whose method As(any) bool stores it, and reports whether there was one.
// It panics if target is no non-nil pointer to an interface or an error type.
func As(err error, target any) bool {
	if err == nil {
		return false
	}
	if target == nil {
		panic("errors: target cannot be nil")
	}
	t := rt.TypeOf(target)
	if t.Kind() != rt.Pointer || rt.DataOf(target) == nil {
		panic("errors: target must be a non-nil pointer")
	}
	elem := t.Elem()
	if elem.Kind() != rt.Interface && !rt.Implements(elem, rt.ErrorType()) {
		panic("errors: *target must be interface or implement error")
	}
	return as(err, target, elem)
}

func as(err error, target any, elem *rt.Type) bool {
	for err != nil {
		if rt.AssignTo(err, rt.DataOf(target), elem) {
			return true
		}
		if x, ok := err.(interface{ As(any) bool }); ok && x.As(target) {
			return true
		}
		switch x := err.(type) {
		case interface{ Unwrap() error }:
			err = x.Unwrap()
		case interface{ Unwrap() []error }:
			for _, e := range x.Unwrap() {
				if as(e, target, elem) {
					return true
				}
			}
			return false
		default:
			return false
		}
	}
	return false
}

type joinError struct{ errs []error }

// Join wraps those of errs that are not nil; their texts are joined by
// newlines. It returns nil if none is left.
func Join(errs ...error) error {
	n := 0
	for _, e := range errs {
		if e != nil {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	j := &joinError{make([]error, 0, n)}
	for _, e := range errs {
		if e != nil {
			j.errs = append(j.errs, e)
		}
	}
	return j
}

func (e *joinError) Error() string {
	text := e.errs[0].Error()
	for _, err := range e.errs[1:] {
		text += "\n" + err.Error()
	}
	return text
}

func (e *joinError) Unwrap() []error { return e.errs }

// AsType returns the first error in err's tree that is of type E, or whose
// method As(any) bool says so, and whether there was one.
func AsType[E error](err error) (E, bool) {
	if err == nil {
		var none E
		return none, false
	}
	var target *E // made when a method needs it
	return asType(err, &target)
}

func asType[E error](err error, target **E) (E, bool) {
	for err != nil {
		if e, ok := err.(E); ok {
			return e, true
		}
		if x, ok := err.(interface{ As(any) bool }); ok {
			if *target == nil {
				*target = new(E)
			}
			if x.As(*target) {
				return **target, true
			}
		}
		switch x := err.(type) {
		case interface{ Unwrap() error }:
			err = x.Unwrap()
		case interface{ Unwrap() []error }:
			for _, e := range x.Unwrap() {
				if e, ok := asType(e, target); ok {
					return e, true
				}
			}
			var none E
			return none, false
		default:
			var none E
			return none, false
		}
	}
	var none E
	return none, false
}
