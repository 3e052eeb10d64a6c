// Package strconv converts between numbers, booleans, quoted strings and text.
//
// The conversions proper are in internal/strconv; this package turns its
// error codes into *NumError values.
package strconv

import (
	"x/errors"
	"x/internal/strconv"
)

// IntSize is the size of an int in bits.
const IntSize = 64

// ErrRange says that a value does not fit its type.
var ErrRange = errors.New("value out of range")

// ErrSyntax says that a text does not have the form its type needs.
var ErrSyntax = errors.New("invalid syntax")

// A NumError records a failed conversion.
type NumError struct {
	Func string // the function that failed
	Num  string // its argument
	Err  error  // why: ErrRange, ErrSyntax or another error
}

func (e *NumError) Error() string {
	return "strconv." + e.Func + ": parsing " + Quote(e.Num) + ": " + e.Err.Error()
}

func (e *NumError) Unwrap() error { return e.Err }

// numError makes the error for code. It copies s, so that the argument of a
// parsing function need not live in the heap.
//
//go:noinline
func numError(fn, s string, code strconv.Error, base, bitSize int) error {
	err := ErrSyntax
	switch code {
	case strconv.None:
		return nil
	case strconv.ErrRange:
		err = ErrRange
	case strconv.ErrBase:
		err = errors.New("invalid base " + strconv.Itoa(base))
	case strconv.ErrBitSize:
		err = errors.New("invalid bit size " + strconv.Itoa(bitSize))
	}
	return &NumError{fn, string([]byte(s)), err}
}

// ParseBool accepts 1, t, T, TRUE, true, True, 0, f, F, FALSE, false, False.
func ParseBool(str string) (bool, error) {
	b, code := strconv.ParseBool(str)
	if code != strconv.None {
		return false, numError("ParseBool", str, code, 0, 0)
	}
	return b, nil
}

// FormatBool returns "true" or "false".
func FormatBool(b bool) string { return strconv.FormatBool(b) }

// AppendBool appends "true" or "false".
func AppendBool(dst []byte, b bool) []byte { return strconv.AppendBool(dst, b) }

// ParseUint converts s in the base (0: the one its prefix says) to bitSize bits.
func ParseUint(s string, base int, bitSize int) (uint64, error) {
	u, code := strconv.ParseUint(s, base, bitSize)
	if code != strconv.None {
		return u, numError("ParseUint", s, code, base, bitSize)
	}
	return u, nil
}

// ParseInt is ParseUint with a sign.
func ParseInt(s string, base int, bitSize int) (i int64, err error) {
	i, code := strconv.ParseInt(s, base, bitSize)
	if code != strconv.None {
		return i, numError("ParseInt", s, code, base, bitSize)
	}
	return i, nil
}

// Atoi is ParseInt(s, 10, 0) for an int.
func Atoi(s string) (int, error) {
	i, code := strconv.Atoi(s)
	if code != strconv.None {
		return i, numError("Atoi", s, code, 10, 0)
	}
	return i, nil
}

// ParseFloat converts s to the nearest float of bitSize 32 or 64 bits.
func ParseFloat(s string, bitSize int) (float64, error) {
	f, code := strconv.ParseFloat(s, bitSize)
	if code != strconv.None {
		return f, numError("ParseFloat", s, code, 0, bitSize)
	}
	return f, nil
}

// ParseComplex converts s of the form N, Ni or N±Ni, parenthesised or not.
func ParseComplex(s string, bitSize int) (complex128, error) {
	c, code := strconv.ParseComplex(s, bitSize)
	if code != strconv.None {
		return c, numError("ParseComplex", s, code, 0, bitSize)
	}
	return c, nil
}

// FormatUint returns i in the base.
func FormatUint(i uint64, base int) string { return strconv.FormatUint(i, base) }

// FormatInt returns i in the base.
func FormatInt(i int64, base int) string { return strconv.FormatInt(i, base) }

// Itoa returns i in base 10.
func Itoa(i int) string { return strconv.Itoa(i) }

// AppendInt appends i in the base.
func AppendInt(dst []byte, i int64, base int) []byte { return strconv.AppendInt(dst, i, base) }

// AppendUint appends i in the base.
func AppendUint(dst []byte, i uint64, base int) []byte { return strconv.AppendUint(dst, i, base) }

// FormatFloat converts f, of bitSize bits, in the form fmt ('e', 'E', 'f',
// 'g', 'G', 'b', 'x', 'X') with the precision prec (-1: as many digits as needed).
func FormatFloat(f float64, fmt byte, prec, bitSize int) string {
	return strconv.FormatFloat(f, fmt, prec, bitSize)
}

// AppendFloat appends what FormatFloat returns.
func AppendFloat(dst []byte, f float64, fmt byte, prec, bitSize int) []byte {
	return strconv.AppendFloat(dst, f, fmt, prec, bitSize)
}

// FormatComplex converts c to (a+bi).
func FormatComplex(c complex128, fmt byte, prec, bitSize int) string {
	return strconv.FormatComplex(c, fmt, prec, bitSize)
}
