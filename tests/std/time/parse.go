package time

import (
	"x/errors"
	"x/internal/rt"
	"x/internal/strconv"
)

// A ParseError says why a text is no time in a layout.
type ParseError struct {
	Layout     string
	Value      string
	LayoutElem string
	ValueElem  string
	Message    string
}

func (e *ParseError) Error() string {
	b := append([]byte(nil), "parsing time "...)
	b = appendQuoted(b, e.Value)
	if e.Message != "" {
		return string(append(b, e.Message...))
	}
	b = append(b, " as "...)
	b = appendQuoted(b, e.Layout)
	b = append(b, ": cannot parse "...)
	b = appendQuoted(b, e.ValueElem)
	b = append(b, " as "...)
	b = appendQuoted(b, e.LayoutElem)
	return string(b)
}

// A parser reads a time off value.
type parser struct {
	value string
	rng   string // what is out of range
	bad   bool

	year, month, day, yday int // month 0, day and yday -1: not given
	hour, min, sec, nsec   int
	pm, am                 bool
	utc                    bool
	offset                 int // none: noOffset
	zone                   string
}

const noOffset = -1 << 31

// digits takes between least and most digits; out of [lo, hi] they are what as says.
func (p *parser) digits(least, most int) int {
	n, i := 0, 0
	for i < most && isDigit(p.value, i) {
		n = n*10 + int(p.value[i]-'0')
		i++
	}
	if i < least {
		p.bad = true
		return 0
	}
	p.value = p.value[i:]
	return n
}

func (p *parser) inRange(n, lo, hi int, what string) {
	if !p.bad && (n < lo || n >= hi) {
		p.rng = what
	}
}

// name takes one of the names, or of their first n letters, in any case.
func (p *parser) name(names string, n int) int {
	for i := 0; 9*i < len(names); i++ {
		s := column(names, i)
		if n > 0 {
			s = s[:n]
		}
		if len(p.value) < len(s) {
			continue
		}
		k := 0
		for k < len(s) && (p.value[k] == s[k] || p.value[k]|0x20 == s[k]|0x20 && s[k]|0x20 >= 'a') {
			k++
		}
		if k == len(s) {
			p.value = p.value[k:]
			return i
		}
	}
	p.bad = true
	return 0
}

// skip takes the literal text s; runs of spaces match any run of spaces.
func (p *parser) skip(s string) {
	for s != "" {
		if s[0] == ' ' {
			if p.value != "" && p.value[0] != ' ' {
				p.bad = true
				return
			}
			for s != "" && s[0] == ' ' {
				s = s[1:]
			}
			for p.value != "" && p.value[0] == ' ' {
				p.value = p.value[1:]
			}
			continue
		}
		if p.value == "" || p.value[0] != s[0] {
			p.bad = true
			return
		}
		s = s[1:]
		p.value = p.value[1:]
	}
}

// signed reads s, a number that may have a sign.
func (p *parser) signed(s string) int {
	neg := s[0] == '-'
	if neg || s[0] == '+' {
		s = s[1:]
	}
	n := 0
	for i := range len(s) {
		p.bad = p.bad || !isDigit(s, i)
		n = n*10 + int(s[i]-'0')
	}
	if neg {
		return -n
	}
	return n
}

// fraction takes . or , and n digits, or as many as there are if n is 0.
func (p *parser) fraction(n int) {
	if n == 0 {
		for isDigit(p.value, n+1) {
			n++
		}
	}
	if len(p.value) < n+1 || p.value[0] != '.' && p.value[0] != ',' {
		p.bad = true
		return
	}
	p.nsec = p.signed(p.value[1 : min(n, 9)+1])
	p.inRange(p.nsec, 0, 1e9, "fractional second")
	for i := n; i < 9; i++ {
		p.nsec *= 10
	}
	p.value = p.value[n+1:]
}

// numericZone takes an offset: hours, minutes and seconds as parts says, with or
// without colons.
func (p *parser) numericZone(parts int, colon bool) {
	step := 2
	if colon {
		step = 3
	}
	n := 3 + (parts-1)*step
	if len(p.value) < n {
		p.bad = true
		return
	}
	v := p.value[:n]
	p.value = p.value[n:]
	for k := 3; colon && k < n; k += 3 {
		if v[k] != ':' {
			p.bad = true
			return
		}
	}
	sum, bad := 0, false
	for i, unit := 0, 3600; i < parts; i++ {
		k := 1 + i*step
		if !isDigit(v, k) || !isDigit(v, k+1) {
			bad = true
			break
		}
		x := int(v[k]-'0')*10 + int(v[k+1]-'0')
		switch i {
		case 0:
			p.inRange(x, 0, 25, "time zone offset hour")
		case 1:
			p.inRange(x, 0, 61, "time zone offset minute")
		default:
			p.inRange(x, 0, 61, "time zone offset second")
		}
		sum += x * unit
		unit /= 60
	}
	switch v[0] {
	case '+':
	case '-':
		sum = -sum
	default:
		bad = true
	}
	p.offset = sum
	p.bad = p.bad || bad
}

// abbreviation takes a zone's abbreviation.
func (p *parser) abbreviation() {
	v := p.value
	n := 0
	switch {
	case len(v) < 3:
	case hasPrefix(v, "UTC"):
		p.utc = true
		n = 3
	case hasPrefix(v, "ChST") || hasPrefix(v, "MeST"):
		n = 4
	case hasPrefix(v, "GMT"):
		n = 3 + signedOffset(v[3:])
	case v != "" && (v[0] == '+' || v[0] == '-'):
		n = signedOffset(v)
	default:
		up := 0
		for up < 6 && up < len(v) && 'A' <= v[up] && v[up] <= 'Z' {
			up++
		}
		switch {
		case up == 5 && v[4] == 'T', up == 4 && (v[3] == 'T' || v[:4] == "WITA"), up == 3:
			n = up
		}
	}
	if n == 0 {
		p.bad = true
		return
	}
	p.zone = v[:n]
	p.value = v[n:]
}

// signedOffset returns the length of a sign and an hour, 0 to 23, that s begins with.
func signedOffset(s string) int {
	if s == "" || s[0] != '+' && s[0] != '-' {
		return 0
	}
	i, n := 1, 0
	for isDigit(s, i) && n < 100 {
		n = n*10 + int(s[i]-'0')
		i++
	}
	if i == 1 || n > 23 {
		return 0
	}
	return i
}

// Parse returns the Time that value gives in the form that layout shows. What
// layout leaves out is zero; a time without a zone is in UTC.
//
//go:noinline
func Parse(layout, value string) (Time, error) { return parse(layout, value, UTC, Local) }

// ParseInLocation is Parse with a time without a zone in loc, and abbreviations
// as loc knows them.
//
//go:noinline
func ParseInLocation(layout, value string, loc *Location) (Time, error) {
	return parse(layout, value, loc, loc)
}

func clone(s string) string { return string([]byte(s)) }

func failure(layout, value, elem, valueElem, message string) *ParseError {
	return &ParseError{layout, clone(value), clone(elem), clone(valueElem), message}
}

func parse(layout, value string, defaultLoc, local *Location) (Time, error) {
	wholeLayout, wholeValue := layout, value
	p := parser{value: rt.NoEscapeString(value), day: -1, yday: -1, offset: noOffset}
	for {
		before, e, spelling, rest := next(layout)
		p.skip(before)
		if p.bad {
			return Time{}, failure(wholeLayout, wholeValue, before, p.value, "")
		}
		if e == text {
			if p.value != "" {
				return Time{}, failure(wholeLayout, wholeValue, "", p.value, ": extra text: "+string(appendQuoted(nil, p.value)))
			}
			break
		}
		layout = rest
		hold := p.value
		p.element(e, spelling, layout)
		if p.rng != "" {
			return Time{}, failure(wholeLayout, wholeValue, spelling, p.value, ": "+p.rng+" out of range")
		}
		if p.bad {
			return Time{}, failure(wholeLayout, wholeValue, spelling, hold, "")
		}
	}
	t, bad := p.time(defaultLoc, local)
	if bad != "" {
		return Time{}, failure(wholeLayout, wholeValue, "", value, ": "+bad)
	}
	return t, nil
}

// element takes what an element of the layout, spelled so, stands for.
func (p *parser) element(e element, spelling, rest string) {
	switch e {
	case year:
		if len(p.value) < 2 {
			p.bad = true
			return
		}
		p.year = p.signed(p.value[:2])
		p.value = p.value[2:]
		if p.year >= 69 {
			p.year += 1900
		} else {
			p.year += 2000
		}
	case longYear:
		p.year = p.digits(4, 4)
	case month:
		p.month = p.name(monthNames, 3) + 1
	case longMonth:
		p.month = p.name(monthNames, 0) + 1
	case numMonth, zeroMonth:
		p.month = p.digits(int(e-numMonth)+1, 2)
		if !p.bad {
			p.inRange(p.month, 1, 13, "month")
		}
	case weekDay:
		p.name(dayNames, 3)
	case longWeekDay:
		p.name(dayNames, 0)
	case day, underDay, zeroDay:
		least := 1
		if e == zeroDay {
			least = 2
		}
		if e == underDay && p.value != "" && p.value[0] == ' ' {
			p.value = p.value[1:]
		}
		p.day = p.digits(least, 2)
	case underYearDay, zeroYearDay:
		if e == underYearDay {
			for i := 0; i < 2 && p.value != "" && p.value[0] == ' '; i++ {
				p.value = p.value[1:]
			}
			p.yday = p.digits(1, 3)
		} else {
			p.yday = p.digits(3, 3)
		}
	case hour:
		p.hour = p.digits(1, 2)
		p.inRange(p.hour, 0, 24, "hour")
	case hour12, zeroHour12:
		p.hour = p.digits(int(e-hour12)+1, 2)
		p.inRange(p.hour, 0, 13, "hour")
	case minute, zeroMinute:
		p.min = p.digits(int(e-minute)+1, 2)
		p.inRange(p.min, 0, 60, "minute")
	case second, zeroSecond:
		p.sec = p.digits(int(e-second)+1, 2)
		p.inRange(p.sec, 0, 60, "second")
		// A fraction may follow that the layout does not have.
		if p.rng == "" && len(p.value) >= 2 && (p.value[0] == '.' || p.value[0] == ',') && isDigit(p.value, 1) {
			if _, f, _, _ := next(rest); f != fraction0 && f != fraction9 {
				p.fraction(0)
			}
		}
	case upperPM, lowerPM:
		if len(p.value) < 2 {
			p.bad = true
			return
		}
		switch s := p.value[:2]; {
		case s == "PM" && e == upperPM, s == "pm" && e == lowerPM:
			p.pm = true
		case s == "AM" && e == upperPM, s == "am" && e == lowerPM:
			p.am = true
		default:
			p.bad = true
			return
		}
		p.value = p.value[2:]
	case isoZoneColonSeconds, isoZoneSeconds, isoZoneColon, isoZone, isoShortZone:
		if p.value != "" && p.value[0] == 'Z' {
			p.value = p.value[1:]
			p.utc = true
			return
		}
		p.zoneNumber(e + zoneColonSeconds - isoZoneColonSeconds)
	case zoneColonSeconds, zoneSeconds, zoneColon, zoneNumber, shortZone:
		p.zoneNumber(e)
	case zoneName:
		p.abbreviation()
	case fraction0:
		p.fraction(len(spelling) - 1)
	case fraction9:
		if len(p.value) >= 2 && (p.value[0] == '.' || p.value[0] == ',') && isDigit(p.value, 1) {
			p.fraction(0)
		}
	}
}

func (p *parser) zoneNumber(e element) {
	switch e {
	case zoneColonSeconds:
		p.numericZone(3, true)
	case zoneSeconds:
		p.numericZone(3, false)
	case zoneColon:
		p.numericZone(2, true)
	case zoneNumber:
		p.numericZone(2, false)
	case shortZone:
		p.numericZone(1, false)
	}
}

// time puts the Time together, or says what is out of range.
func (p *parser) time(defaultLoc, local *Location) (t Time, bad string) {
	if p.pm && p.hour < 12 {
		p.hour += 12
	} else if p.am && p.hour == 12 {
		p.hour = 0
	}
	if p.yday >= 0 {
		first := daysBefore(int64(p.year), 1, 1)
		if p.yday < 1 || int64(p.yday) > daysBefore(int64(p.year)+1, 1, 1)-first {
			return t, "day-of-year out of range"
		}
		_, m, d := civil(first + int64(p.yday) - 1)
		if p.month > 0 && p.month != int(m) {
			return t, "day-of-year does not match month"
		}
		p.month = int(m)
		if p.day >= 0 && p.day != d {
			return t, "day-of-year does not match day"
		}
		p.day = d
	}
	if p.month == 0 {
		p.month = 1
	}
	if p.day < 0 {
		p.day = 1
	}
	last := 31
	if p.month < 12 {
		last = int(daysBefore(int64(p.year), p.month+1, 1) - daysBefore(int64(p.year), p.month, 1))
	}
	if p.day < 1 || p.day > last {
		return t, "day out of range"
	}
	loc := defaultLoc
	if p.utc {
		loc = UTC
	}
	if p.utc || p.offset == noOffset && p.zone == "" {
		return Date(p.year, Month(p.month), p.day, p.hour, p.min, p.sec, p.nsec, loc), ""
	}
	t = Date(p.year, Month(p.month), p.day, p.hour, p.min, p.sec, p.nsec, UTC)
	if p.offset != noOffset {
		t.addSec(-int64(p.offset))
		name, offset := local.lookup(t.unixSec())
		if offset == p.offset && (p.zone == "" || name == p.zone) {
			t.setLoc(local)
		} else {
			t.setLoc(FixedZone(clone(p.zone), p.offset))
		}
		return t, ""
	}
	if offset, ok := local.lookupName(p.zone, t.unixSec()); ok {
		t.addSec(-int64(offset))
		t.setLoc(local)
		return t, ""
	}
	offset := 0
	if len(p.zone) > 3 && p.zone[:3] == "GMT" {
		offset, _ = strconv.Atoi(p.zone[3:])
		offset *= 3600
	}
	t.setLoc(FixedZone(clone(p.zone), offset))
	return t, ""
}

// units are a Duration's, by name.
func unit(s string) (u uint64, ok bool) {
	switch s {
	case "ns":
		return uint64(Nanosecond), true
	case "us", "µs", "μs":
		return uint64(Microsecond), true
	case "ms":
		return uint64(Millisecond), true
	case "s":
		return uint64(Second), true
	case "m":
		return uint64(Minute), true
	case "h":
		return uint64(Hour), true
	}
	return 0, false
}

func durationError(why, s string) error {
	rt.Leak(s)
	return errors.New("time: " + why + " " + string(appendQuoted(nil, s)))
}

// ParseDuration returns the Duration that s gives as numbers with units, like
// -1.5h or 2h45m.
func ParseDuration(s string) (Duration, error) {
	whole := s
	neg := false
	if s != "" && (s[0] == '-' || s[0] == '+') {
		neg = s[0] == '-'
		s = s[1:]
	}
	if s == "0" {
		return 0, nil
	}
	if s == "" {
		return 0, durationError("invalid duration", whole)
	}
	const most = 1 << 63
	sum := uint64(0)
	for s != "" {
		n, frac, scale := uint64(0), uint64(0), 1.0
		i := 0
		for ; isDigit(s, i); i++ {
			if n > most/10 {
				return 0, durationError("invalid duration", whole)
			}
			n = n*10 + uint64(s[i]-'0')
			if n > most {
				return 0, durationError("invalid duration", whole)
			}
		}
		found := i > 0
		s = s[i:]
		if s != "" && s[0] == '.' {
			i = 1
			full := false
			for ; isDigit(s, i); i++ {
				found = true
				if full || frac > (most-1)/10 {
					full = true
					continue
				}
				y := frac*10 + uint64(s[i]-'0')
				if y > most {
					full = true
					continue
				}
				frac = y
				scale *= 10
			}
			s = s[i:]
		}
		if !found {
			return 0, durationError("invalid duration", whole)
		}
		i = 0
		for i < len(s) && s[i] != '.' && !isDigit(s, i) {
			i++
		}
		if i == 0 {
			return 0, durationError("missing unit in duration", whole)
		}
		u, ok := unit(s[:i])
		if !ok {
			return 0, errors.New("time: unknown unit " + string(appendQuoted(nil, s[:i])) + " in duration " + string(appendQuoted(nil, whole)))
		}
		s = s[i:]
		if n > most/u {
			return 0, durationError("invalid duration", whole)
		}
		n *= u
		if frac > 0 {
			n += uint64(float64(frac) * (float64(u) / scale))
			if n > most {
				return 0, durationError("invalid duration", whole)
			}
		}
		sum += n
		if sum > most {
			return 0, durationError("invalid duration", whole)
		}
	}
	if neg {
		return -Duration(sum), nil
	}
	if sum > most-1 {
		return 0, durationError("invalid duration", whole)
	}
	return Duration(sum), nil
}
