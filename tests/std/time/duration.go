package time

// A Duration is a span of time in nanoseconds.
type Duration int64

const (
	minDuration Duration = -1 << 63
	maxDuration Duration = 1<<63 - 1
)

// Units. To convert a number of them, multiply.
const (
	Nanosecond  Duration = 1
	Microsecond          = 1000 * Nanosecond
	Millisecond          = 1000 * Microsecond
	Second               = 1000 * Millisecond
	Minute               = 60 * Second
	Hour                 = 60 * Minute
)

// String returns d like 72h3m0.5s, with a unit below the second for short ones.
func (d Duration) String() string {
	var arr [32]byte
	n := d.write(&arr)
	return string(arr[n:])
}

// write writes d's text to the end of b and returns where it begins.
func (d Duration) write(b *[32]byte) int {
	u := uint64(d)
	if d < 0 {
		u = -u
	}
	i := len(b) - 1
	b[i] = 's'
	switch {
	case u == 0:
		i--
		b[i] = '0'
		return i
	case u < uint64(Microsecond):
		i--
		b[i] = 'n'
		i = writeInt(b, i, u)
	case u < uint64(Millisecond):
		i -= 2
		copy(b[i:], "µ")
		i, u = writeFraction(b, i, u, 3)
		i = writeInt(b, i, u)
	case u < uint64(Second):
		i--
		b[i] = 'm'
		i, u = writeFraction(b, i, u, 6)
		i = writeInt(b, i, u)
	default:
		i, u = writeFraction(b, i, u, 9)
		i = writeInt(b, i, u%60)
		if u /= 60; u > 0 {
			i--
			b[i] = 'm'
			i = writeInt(b, i, u%60)
			if u /= 60; u > 0 {
				i--
				b[i] = 'h'
				i = writeInt(b, i, u)
			}
		}
	}
	if d < 0 {
		i--
		b[i] = '-'
	}
	return i
}

// writeInt writes u before b[i].
func writeInt(b *[32]byte, i int, u uint64) int {
	for {
		i--
		b[i] = byte('0' + u%10)
		u /= 10
		if u == 0 {
			return i
		}
	}
}

// writeFraction writes the last n digits of u before b[i], as a fraction
// without trailing zeros, and returns what is left of u.
func writeFraction(b *[32]byte, i int, u uint64, n int) (int, uint64) {
	written := false
	for ; n > 0; n-- {
		digit := u % 10
		u /= 10
		written = written || digit != 0
		if written {
			i--
			b[i] = byte('0' + digit)
		}
	}
	if written {
		i--
		b[i] = '.'
	}
	return i, u
}

func (d Duration) Nanoseconds() int64 { return int64(d) }

func (d Duration) Microseconds() int64 { return int64(d) / 1e3 }

func (d Duration) Milliseconds() int64 { return int64(d) / 1e6 }

// Seconds, Minutes and Hours add whole units and the rest separately, which
// keeps the result exact as far as a float can be.
func (d Duration) Seconds() float64 {
	n := d / Second
	rest := d % Second
	return float64(n) + float64(rest)/1e9
}

func (d Duration) Minutes() float64 {
	n := d / Minute
	rest := d % Minute
	return float64(n) + float64(rest)/(60*1e9)
}

func (d Duration) Hours() float64 {
	n := d / Hour
	rest := d % Hour
	return float64(n) + float64(rest)/(60*60*1e9)
}

// Truncate rounds d toward zero to a multiple of m; it returns d if m <= 0.
func (d Duration) Truncate(m Duration) Duration {
	if m <= 0 {
		return d
	}
	return d - d%m
}

// Round rounds d to the nearest multiple of m, halves away from zero; the
// extreme Durations stand for what is beyond. It returns d if m <= 0.
func (d Duration) Round(m Duration) Duration {
	if m <= 0 {
		return d
	}
	r := d % m
	if d < 0 {
		r = -r
		if r+r < m && r+r >= 0 {
			return d + r
		}
		if x := d - m + r; x < d {
			return x
		}
		return minDuration
	}
	if r+r < m && r+r >= 0 {
		return d - r
	}
	if x := d + m - r; x > d {
		return x
	}
	return maxDuration
}

// Abs returns |d|, the greatest Duration for the least.
func (d Duration) Abs() Duration {
	switch {
	case d >= 0:
		return d
	case d == minDuration:
		return maxDuration
	}
	return -d
}
