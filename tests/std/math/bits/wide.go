package bits

// Add returns x+y+carry; carry must be 0 or 1, and so is carryOut.
func Add(x, y, carry uint) (sum, carryOut uint) {
	s, c := Add64(uint64(x), uint64(y), uint64(carry))
	return uint(s), uint(c)
}

func Add32(x, y, carry uint32) (sum, carryOut uint32) {
	s := uint64(x) + uint64(y) + uint64(carry)
	sum = uint32(s)
	carryOut = uint32(s >> 32)
	return
}

func Add64(x, y, carry uint64) (sum, carryOut uint64) {
	sum = x + y + carry
	// The top bits carry if both are set, or one is and the sum's is not.
	carryOut = (x&y | (x|y)&^sum) >> 63
	return
}

// Sub returns x-y-borrow; borrow must be 0 or 1, and so is borrowOut.
func Sub(x, y, borrow uint) (diff, borrowOut uint) {
	d, b := Sub64(uint64(x), uint64(y), uint64(borrow))
	return uint(d), uint(b)
}

func Sub32(x, y, borrow uint32) (diff, borrowOut uint32) {
	diff = x - y - borrow
	borrowOut = (^x&y | ^(x^y)&diff) >> 31
	return
}

func Sub64(x, y, borrow uint64) (diff, borrowOut uint64) {
	diff = x - y - borrow
	borrowOut = (^x&y | ^(x^y)&diff) >> 63
	return
}

// Mul returns the product of x and y, hi × 2^UintSize + lo.
func Mul(x, y uint) (hi, lo uint) {
	h, l := Mul64(uint64(x), uint64(y))
	return uint(h), uint(l)
}

func Mul32(x, y uint32) (hi, lo uint32) {
	p := uint64(x) * uint64(y)
	hi, lo = uint32(p>>32), uint32(p)
	return
}

//go:noinline
func Mul64(x, y uint64) (hi, lo uint64) {
	const low = 1<<32 - 1
	x1, x0 := x>>32, x&low
	y1, y0 := y>>32, y&low
	mid := x1*y0 + x0*y0>>32
	hi = x1*y1 + mid>>32 + (mid&low+x0*y1)>>32
	return hi, x * y
}

// Div returns the quotient and remainder of hi:lo and y; it panics if y is 0
// or the quotient does not fit, y <= hi.
func Div(hi, lo, y uint) (quo, rem uint) {
	q, r := Div64(uint64(hi), uint64(lo), uint64(y))
	return uint(q), uint(r)
}

func Div32(hi, lo, y uint32) (quo, rem uint32) {
	if y != 0 && y <= hi {
		panic(overflowError)
	}
	n := uint64(hi)<<32 | uint64(lo)
	quo, rem = uint32(n/uint64(y)), uint32(n%uint64(y))
	return
}

type runtimeError string

func (e runtimeError) Error() string { return "runtime error: " + string(e) }

func (runtimeError) RuntimeError() {}

var (
	overflowError error = runtimeError("integer overflow")
	divideError   error = runtimeError("integer divide by zero")
)

func Div64(hi, lo, y uint64) (quo, rem uint64) {
	if y == 0 {
		panic(divideError)
	}
	if y <= hi {
		panic(overflowError)
	}
	if hi == 0 {
		return lo / y, lo % y
	}
	// Long division with 32-bit digits, as by hand: normalise y, estimate
	// each digit by the leading digit of y, and correct it.
	s := uint(LeadingZeros64(y))
	y <<= s
	y1, y0 := y>>32, y&(1<<32-1)
	n := hi<<s | lo>>(64-s)
	lo <<= s
	digit := func(n, next uint64) (q, rest uint64) {
		q = n / y1
		r := n % y1
		for q>>32 != 0 || q*y0 > r<<32|next {
			q--
			r += y1
			if r>>32 != 0 {
				break
			}
		}
		return q, n<<32 + next - q*y
	}
	q1, n := digit(n, lo>>32)
	q0, n := digit(n, lo&(1<<32-1))
	return q1<<32 + q0, n >> s
}

// Rem returns the remainder of hi:lo and y; it panics if y is 0.
func Rem(hi, lo, y uint) uint { return uint(Rem64(uint64(hi), uint64(lo), uint64(y))) }

func Rem32(hi, lo, y uint32) uint32 { return uint32((uint64(hi)<<32 | uint64(lo)) % uint64(y)) }

func Rem64(hi, lo, y uint64) uint64 {
	_, rem := Div64(hi%y, lo, y)
	return rem
}
