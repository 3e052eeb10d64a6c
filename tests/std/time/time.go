// Package time measures and shows time.
//
// A Time counts seconds and nanoseconds since the beginning of the year 1,
// UTC. What Now returns has a reading of the monotonic clock besides, by which
// differences of two such Times are measured.
package time

import "x/internal/rt"

// A Time is an instant with nanosecond precision, in a time zone for display.
//
// wall holds a flag, seconds and nanoseconds: [1 | 33 | 30 bits]. With the
// flag, the 33 bits count seconds since 1885 and ext is the monotonic clock in
// nanoseconds since the program's start; without, they are zero and ext counts
// seconds since the year 1.
type Time struct {
	wall uint64
	ext  int64
	loc  *Location // nil: UTC
}

const (
	hasMonotonic = 1 << 63
	nsecBits     = 30
	nsecMask     = 1<<nsecBits - 1

	daysTo1885 = 1884*365 + 1884/4 - 1884/100 + 1884/400
	daysTo1970 = 1969*365 + 1969/4 - 1969/100 + 1969/400

	secondsPerDay    = 24 * 60 * 60
	internalTo1885   = daysTo1885 * secondsPerDay
	unixToInternal   = daysTo1970 * secondsPerDay
	internalToUnix   = -unixToInternal
	minWall, maxWall = int64(internalTo1885), int64(internalTo1885) + 1<<33 - 1
)

// start is the reading of the monotonic clock at the program's start.
var start = rt.Nanotime() - 1

// Now returns the current time in the local time zone.
func Now() Time {
	sec, nsec := rt.Walltime()
	mono := rt.Nanotime() - start
	s := sec + unixToInternal - minWall
	if uint64(s)>>33 != 0 {
		return Time{uint64(nsec), s + minWall, Local}
	}
	return Time{hasMonotonic | uint64(s)<<nsecBits | uint64(nsec), mono, Local}
}

// Since returns the time elapsed since t.
func Since(t Time) Duration {
	if t.wall&hasMonotonic != 0 {
		return difference(rt.Nanotime()-start, t.ext)
	}
	return Now().Sub(t)
}

// Until returns the time that remains until t.
func Until(t Time) Duration {
	if t.wall&hasMonotonic != 0 {
		return difference(t.ext, rt.Nanotime()-start)
	}
	return t.Sub(Now())
}

// difference returns a-b, or the extreme Duration beyond which it lies.
func difference(a, b int64) Duration {
	d := Duration(a - b)
	if d < 0 && a > b {
		return maxDuration
	}
	if d > 0 && a < b {
		return minDuration
	}
	return d
}

// sec returns the seconds since the year 1.
func (t *Time) sec() int64 {
	if t.wall&hasMonotonic != 0 {
		return minWall + int64(t.wall<<1>>(nsecBits+1))
	}
	return t.ext
}

func (t *Time) nsec() int32 { return int32(t.wall & nsecMask) }

func (t *Time) unixSec() int64 { return t.sec() + internalToUnix }

// stripMono drops the monotonic reading.
func (t *Time) stripMono() {
	if t.wall&hasMonotonic != 0 {
		t.ext = t.sec()
		t.wall &= nsecMask
	}
}

// addSec adds d seconds, between the extremes of int64.
func (t *Time) addSec(d int64) {
	if t.wall&hasMonotonic != 0 {
		s := int64(t.wall<<1>>(nsecBits+1)) + d
		if 0 <= s && s < 1<<33 {
			t.wall = t.wall&nsecMask | uint64(s)<<nsecBits | hasMonotonic
			return
		}
		t.stripMono()
	}
	sum := t.ext + d
	if (sum > t.ext) == (d > 0) {
		t.ext = sum
	} else if d > 0 {
		t.ext = 1<<63 - 1
	} else {
		t.ext = -(1<<63 - 1)
	}
}

func (t *Time) setLoc(loc *Location) {
	if loc == &utcLoc {
		loc = nil
	}
	t.stripMono()
	t.loc = loc
}

// IsZero reports whether t is January 1 of the year 1, 00:00 UTC.
func (t Time) IsZero() bool { return t.sec() == 0 && t.nsec() == 0 }

// compare compares instants.
func (t Time) compare(u Time) int {
	a, b := t.ext, u.ext
	if t.wall&u.wall&hasMonotonic == 0 {
		a, b = t.sec(), u.sec()
		if a == b {
			a, b = int64(t.nsec()), int64(u.nsec())
		}
	}
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// Compare returns -1, 0 or 1 as t is before, at or after u.
func (t Time) Compare(u Time) int { return t.compare(u) }

func (t Time) After(u Time) bool { return t.compare(u) > 0 }

//go:noinline
func (t Time) Before(u Time) bool { return t.compare(u) < 0 }

// Equal reports whether t and u are the same instant, in whatever zones.
func (t Time) Equal(u Time) bool { return t.compare(u) == 0 }

// Add returns t+d.
func (t Time) Add(d Duration) Time {
	sec := int64(d / 1e9)
	nsec := t.nsec() + int32(d%1e9)
	if nsec >= 1e9 {
		sec++
		nsec -= 1e9
	} else if nsec < 0 {
		sec--
		nsec += 1e9
	}
	t.wall = t.wall&^nsecMask | uint64(nsec)
	t.addSec(sec)
	if t.wall&hasMonotonic != 0 {
		e := t.ext + int64(d)
		if d < 0 && e > t.ext || d > 0 && e < t.ext {
			t.stripMono()
		} else {
			t.ext = e
		}
	}
	return t
}

// Sub returns t-u, or the extreme Duration beyond which it lies.
func (t Time) Sub(u Time) Duration {
	if t.wall&u.wall&hasMonotonic != 0 {
		return difference(t.ext, u.ext)
	}
	d := Duration(t.sec()-u.sec())*Second + Duration(t.nsec()-u.nsec())
	switch {
	case u.Add(d).Equal(t):
		return d
	case t.Before(u):
		return minDuration
	}
	return maxDuration
}

// AddDate adds years, months and days, and normalises the result as Date does.
func (t Time) AddDate(years int, months int, days int) Time {
	year, month, day := t.Date()
	hour, min, sec := t.Clock()
	return Date(year+years, month+Month(months), day+days, hour, min, sec, int(t.nsec()), t.Location())
}

// Truncate rounds t down to a multiple of d since the zero Time.
func (t Time) Truncate(d Duration) Time {
	t.stripMono()
	if d <= 0 {
		return t
	}
	return t.Add(-t.mod(d))
}

// Round rounds t to the nearest multiple of d since the zero Time, halves up.
func (t Time) Round(d Duration) Time {
	t.stripMono()
	if d <= 0 {
		return t
	}
	r := t.mod(d)
	if r+r < d && r+r >= 0 {
		return t.Add(-r)
	}
	return t.Add(d - r)
}

// mod returns what is left of the time since the year 1 modulo d: the number
// sec*1e9+nsec has up to 94 bits and is reduced bit by bit.
func (t Time) mod(d Duration) Duration {
	sec, nsec := t.sec(), uint64(t.nsec())
	neg := sec < 0
	if neg {
		sec = -sec
		if nsec != 0 {
			sec--
			nsec = 1e9 - nsec
		}
	}
	m := uint64(d)
	r := uint64(0)
	for i := 63; i >= 0; i-- {
		r = r * 2
		if uint64(sec)>>uint(i)&1 != 0 {
			r++
		}
		r %= m
	}
	// r < 2^63 is sec mod m. Times 1e9, bit by bit again.
	x := uint64(0)
	for i := 29; i >= 0; i-- {
		x = x * 2 % m
		if 1000000000>>uint(i)&1 != 0 {
			x = (x + r) % m
		}
	}
	x = (x + nsec%m) % m
	if neg && x != 0 {
		x = m - x
	}
	return Duration(x)
}

// Unix returns the local Time of sec seconds and nsec nanoseconds since 1970 UTC.
func Unix(sec int64, nsec int64) Time {
	if nsec < 0 || nsec >= 1e9 {
		n := nsec / 1e9
		sec += n
		nsec -= n * 1e9
		if nsec < 0 {
			nsec += 1e9
			sec--
		}
	}
	return unixTime(sec, int32(nsec))
}

func unixTime(sec int64, nsec int32) Time { return Time{uint64(nsec), sec + unixToInternal, Local} }

// UnixMilli returns the local Time of msec milliseconds since 1970 UTC.
func UnixMilli(msec int64) Time { return Unix(msec/1e3, (msec%1e3)*1e6) }

// UnixMicro returns the local Time of usec microseconds since 1970 UTC.
func UnixMicro(usec int64) Time { return Unix(usec/1e6, (usec%1e6)*1e3) }

func (t Time) Unix() int64 { return t.unixSec() }

func (t Time) UnixMilli() int64 { return t.unixSec()*1e3 + int64(t.nsec())/1e6 }

func (t Time) UnixMicro() int64 { return t.unixSec()*1e6 + int64(t.nsec())/1e3 }

func (t Time) UnixNano() int64 { return t.unixSec()*1e9 + int64(t.nsec()) }
