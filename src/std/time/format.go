package time

import "errors"

// String returns t like 2006-01-02 15:04:05.999999999 -0700 MST, with the
// monotonic reading, if any, as m=±seconds.
func (t Time) String() string {
	s := t.Format("2006-01-02 15:04:05.999999999 -0700 MST")
	if t.wall&hasMonotonic == 0 {
		return s
	}
	u, sign := uint64(t.ext), byte('+')
	if t.ext < 0 {
		u, sign = -u, '-'
	}
	var a [40]byte
	b := append(a[:0], " m="...)
	b = append(b, sign)
	b = appendInt(b, int(u/1e9), 0)
	b = append(b, '.')
	b = appendInt(b, int(u%1e9), 9)
	return s + string(b)
}

// GoString returns the Go expression for t.
func (t Time) GoString() string {
	year, month, day := t.Date()
	hour, min, sec := t.Clock()
	b := append([]byte(nil), "time.Date("...)
	b = appendInt(b, year, 0)
	b = append(b, ", "...)
	if January <= month && month <= December {
		b = append(b, "time."...)
		b = append(b, month.String()...)
	} else {
		b = appendInt(b, int(month), 0)
	}
	for _, n := range [...]int{day, hour, min, sec, t.Nanosecond()} {
		b = append(b, ", "...)
		b = appendInt(b, n, 0)
	}
	b = append(b, ", "...)
	switch l := t.Location(); l {
	case UTC:
		b = append(b, "time.UTC"...)
	case Local:
		b = append(b, "time.Local"...)
	default:
		b = append(b, "time.Location("...)
		b = appendQuoted(b, l.name)
		b = append(b, ')')
	}
	return string(append(b, ')'))
}

// appendQuoted appends s in quotes, escaping all but printable ASCII.
func appendQuoted(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c < ' ' || c >= 0x80:
			b = append(b, '\\', 'x', hex[c>>4], hex[c&15])
		default:
			b = append(b, c)
		}
	}
	return append(b, '"')
}

// appendInt appends x with at least width digits.
func appendInt(b []byte, x int, width int) []byte {
	u := uint(x)
	if x < 0 {
		b = append(b, '-')
		u = -u
	}
	var a [20]byte
	i := len(a)
	for u > 0 || width > 0 || i == len(a) {
		i--
		a[i] = byte('0' + u%10)
		u /= 10
		width--
	}
	return append(b, a[i:]...)
}

// Format returns t as layout, an example with the reference time, shows it.
//
//go:noinline
func (t Time) Format(layout string) string {
	var a [64]byte
	return string(t.AppendFormat(a[:0], layout))
}

// AppendFormat appends what Format returns.
func (t Time) AppendFormat(b []byte, layout string) []byte {
	name, offset := t.Zone()
	y, mo, d := t.Date()
	h, mi, s := t.Clock()
	for layout != "" {
		before, e, spelling, rest := next(layout)
		b = append(b, before...)
		layout = rest
		switch e {
		case text:
			return b
		case longMonth:
			b = append(b, mo.String()...)
		case month:
			b = append(b, mo.String()[:3]...)
		case numMonth:
			b = appendInt(b, int(mo), 0)
		case zeroMonth:
			b = appendInt(b, int(mo), 2)
		case longWeekDay:
			b = append(b, t.weekday().String()...)
		case weekDay:
			b = append(b, t.weekday().String()[:3]...)
		case day:
			b = appendInt(b, d, 0)
		case underDay:
			if d < 10 {
				b = append(b, ' ')
			}
			b = appendInt(b, d, 0)
		case zeroDay:
			b = appendInt(b, d, 2)
		case underYearDay:
			n := t.YearDay()
			if n < 100 {
				b = append(b, ' ')
				if n < 10 {
					b = append(b, ' ')
				}
			}
			b = appendInt(b, n, 0)
		case zeroYearDay:
			b = appendInt(b, t.YearDay(), 3)
		case hour:
			b = appendInt(b, h, 2)
		case hour12:
			b = appendInt(b, (h+11)%12+1, 0)
		case zeroHour12:
			b = appendInt(b, (h+11)%12+1, 2)
		case minute:
			b = appendInt(b, mi, 0)
		case zeroMinute:
			b = appendInt(b, mi, 2)
		case second:
			b = appendInt(b, s, 0)
		case zeroSecond:
			b = appendInt(b, s, 2)
		case longYear:
			b = appendInt(b, y, 4)
		case year:
			b = appendInt(b, max(y, -y)%100, 2)
		case upperPM:
			b = append(b, "AMPM"[h/12*2:h/12*2+2]...)
		case lowerPM:
			b = append(b, "ampm"[h/12*2:h/12*2+2]...)
		case zoneName:
			if name == "" {
				b = appendOffset(b, offset/60, zoneNumber)
			} else {
				b = append(b, name...)
			}
		case fraction0, fraction9:
			b = appendFraction(b, int(t.nsec()), spelling, e)
		default:
			if e >= isoZoneColonSeconds && e <= isoShortZone {
				if offset == 0 {
					b = append(b, 'Z')
					continue
				}
				e += zoneColonSeconds - isoZoneColonSeconds
			}
			if e == zoneColonSeconds || e == zoneSeconds {
				b = appendOffset(b, offset/60, zoneNumber+e-zoneSeconds)
				if e == zoneColonSeconds {
					b = append(b, ':')
				}
				b = appendInt(b, max(offset, -offset)%60, 2)
			} else {
				b = appendOffset(b, offset/60, e)
			}
		}
	}
	return b
}

// appendOffset appends an offset in minutes as zoneColon, zoneNumber or shortZone.
func appendOffset(b []byte, minutes int, e element) []byte {
	sign := byte('+')
	if minutes < 0 {
		sign, minutes = '-', -minutes
	}
	b = appendInt(append(b, sign), minutes/60, 2)
	switch e {
	case shortZone:
		return b
	case zoneColon:
		b = append(b, ':')
	}
	return appendInt(b, minutes%60, 2)
}

// appendFraction appends the fraction nsec in the form of spelling, ".000" or ",999".
func appendFraction(b []byte, nsec int, spelling string, e element) []byte {
	n := len(spelling) - 1
	start := len(b)
	b = append(b, spelling[0])
	b = appendInt(b, nsec, 9)
	for i := 9; i < n; i++ {
		b = append(b, '0')
	}
	b = b[:start+1+n]
	if e == fraction9 {
		for len(b) > start+1 && b[len(b)-1] == '0' {
			b = b[:len(b)-1]
		}
		if len(b) == start+1 {
			b = b[:start]
		}
	}
	return b
}

// MarshalText returns t in the form RFC3339Nano.
func (t Time) MarshalText() ([]byte, error) {
	b, err := t.appendStrict(make([]byte, 0, len(RFC3339Nano)))
	if err != nil {
		return nil, errors.New("Time.MarshalText: " + err.Error())
	}
	return b, nil
}

// MarshalJSON returns t in the form RFC3339Nano, in quotes.
func (t Time) MarshalJSON() ([]byte, error) {
	b, err := t.appendStrict(append(make([]byte, 0, len(RFC3339Nano)+len(`""`)), '"'))
	if err != nil {
		return nil, errors.New("Time.MarshalJSON: " + err.Error())
	}
	return append(b, '"'), nil
}

func (t Time) appendStrict(b []byte) ([]byte, error) {
	if y := t.Year(); y < 0 || y >= 10000 {
		return nil, errors.New("year outside of range [0,9999]")
	}
	if _, offset := t.Zone(); offset <= -24*3600 || offset >= 24*3600 {
		return nil, errors.New("timezone hour outside of range [0,23]")
	}
	return t.AppendFormat(b, RFC3339Nano), nil
}

// UnmarshalText sets *t from a text in the form RFC3339.
func (t *Time) UnmarshalText(data []byte) error {
	u, err := Parse(RFC3339, string(data))
	if err == nil {
		*t = u
	}
	return err
}

// UnmarshalJSON sets *t from a quoted text in the form RFC3339; null changes nothing.
func (t *Time) UnmarshalJSON(data []byte) error {
	s := string(data)
	if s == "null" {
		return nil
	}
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' {
		return errors.New("Time.UnmarshalJSON: input is not a JSON string")
	}
	return t.UnmarshalText(data[1 : len(data)-1])
}
