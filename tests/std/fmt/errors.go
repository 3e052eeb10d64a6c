package fmt

import "x/errors"

// Errorf formats an error's text. The error wraps the operands of %w.
func Errorf(format string, a ...any) (err error) {
	if err = errorf(format, a...); err != nil {
		return err
	}
	// Nothing to format: the plain error may then live on the stack.
	return errors.New(format)
}

// errorf is Errorf that returns nil if the text is the format itself.
func errorf(format string, a ...any) error {
	if len(a) == 0 {
		plain := true
		for i := 0; i < len(format); i++ {
			plain = plain && format[i] != '%'
		}
		if plain {
			return nil
		}
	}
	p := newPrinter()
	p.wrapErrs = true
	p.format(format, a)
	s := string(p.buf)
	err := wrapping(s, sorted(p.wrapped), a)
	p.free()
	return err
}

// wrapping returns the error with the text s that wraps those of a with the numbers.
func wrapping(s string, wrapped []int, a []any) error {
	switch len(wrapped) {
	case 0:
		return errors.New(s)
	case 1:
		w := &wrapError{msg: s}
		w.err, _ = a[wrapped[0]].(error)
		return w
	}
	w := &wrapErrors{msg: s}
	for n, i := range wrapped {
		if n > 0 && wrapped[n-1] == i {
			continue
		}
		if e, ok := a[i].(error); ok {
			w.errs = append(w.errs, e)
		}
	}
	return w
}

// sorted sorts a few numbers in place.
func sorted(a []int) []int {
	for i := 1; i < len(a); i++ {
		for j := i; j > 0 && a[j] < a[j-1]; j-- {
			a[j], a[j-1] = a[j-1], a[j]
		}
	}
	return a
}

type wrapError struct {
	msg string
	err error
}

func (e *wrapError) Error() string { return e.msg }

func (e *wrapError) Unwrap() error { return e.err }

type wrapErrors struct {
	msg  string
	errs []error
}

func (e *wrapErrors) Error() string { return e.msg }

func (e *wrapErrors) Unwrap() []error { return e.errs }
