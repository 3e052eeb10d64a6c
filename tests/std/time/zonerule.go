package time

// A TZ string, such as CET-1CEST,M3.5.0,M10.5.0/3, says how a zone goes on
// after the last transition known.

// rule returns the zone that the TZ string s says is in use at the Unix time
// sec, and since and until when. last is the time of the last known transition.
func rule(s string, last, sec int64) (z zone, from, to int64, ok bool) {
	stdName, s, ok := ruleName(s)
	if !ok {
		return zone{}, 0, 0, false
	}
	off, s, ok := ruleTime(s)
	if !ok {
		return zone{}, 0, 0, false
	}
	std := zone{name: stdName, offset: -off}
	if s == "" || s[0] == ',' {
		return std, last, 1<<63 - 1, true
	}
	dstName, s, ok := ruleName(s)
	if !ok {
		return zone{}, 0, 0, false
	}
	dst := zone{name: dstName, offset: std.offset + 3600, isDST: true}
	if s != "" && s[0] != ',' {
		off, s, ok = ruleTime(s)
		if !ok {
			return zone{}, 0, 0, false
		}
		dst.offset = -off
	}
	if s == "" {
		s = ",M3.2.0,M11.1.0"
	}
	start, s, ok := ruleDay(s)
	if !ok {
		return zone{}, 0, 0, false
	}
	end, s, ok := ruleDay(s)
	if !ok || s != "" {
		return zone{}, 0, 0, false
	}
	year, _, _ := civil(floorDiv(sec, secondsPerDay) + daysTo1970 + march0)
	yearStart := func(y int) int64 { return (daysBefore(int64(y), 1, 1) - march0 - daysTo1970) * secondsPerDay }
	at := yearStart(year)
	on := at + start.second(year) - int64(std.offset)
	off2 := at + end.second(year) - int64(dst.offset)
	first, second := std, dst
	if off2 < on {
		on, off2 = off2, on
		first, second = dst, std
	}
	switch {
	case sec < on:
		return first, at, on, true
	case sec >= off2:
		// The year counts 365 days here, as in Go, which matters to ZoneBounds only.
		return first, off2, at + 365*secondsPerDay, true
	}
	return second, on, off2, true
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// ruleName takes a zone's abbreviation off s: letters, or anything in <>.
func ruleName(s string) (name, rest string, ok bool) {
	if s != "" && s[0] == '<' {
		for i := 1; i < len(s); i++ {
			if s[i] == '>' {
				return s[1:i], s[i+1:], true
			}
		}
		return "", "", false
	}
	i := 0
	for i < len(s) && s[i] != ',' && s[i] != '-' && s[i] != '+' && (s[i] < '0' || s[i] > '9') {
		i++
	}
	return s[:i], s[i:], i >= 3
}

func ruleNumber(s string) (n int, rest string, ok bool) {
	i := 0
	for ; i < len(s) && '0' <= s[i] && s[i] <= '9' && n < 1e6; i++ {
		n = n*10 + int(s[i]-'0')
	}
	return n, s[i:], i > 0
}

// ruleTime takes [+-]h[:m[:s]] off s, in seconds.
func ruleTime(s string) (sec int, rest string, ok bool) {
	sign := 1
	if s != "" && (s[0] == '-' || s[0] == '+') {
		if s[0] == '-' {
			sign = -1
		}
		s = s[1:]
	}
	for unit := 3600; ; unit /= 60 {
		var n int
		n, s, ok = ruleNumber(s)
		if !ok {
			return 0, "", false
		}
		sec += n * unit
		if unit == 1 || s == "" || s[0] != ':' {
			return sign * sec, s, true
		}
		s = s[1:]
	}
}

// A yearDay is the day and time of a change in each year.
type yearDay struct {
	kind             byte // 'M' month, week and day; 'J' day 1 to 365 without leap days; 0 day from 0 on
	month, week, day int
	time             int // seconds after midnight
}

// ruleDay takes ,day[/time] off s.
func ruleDay(s string) (d yearDay, rest string, ok bool) {
	if len(s) < 2 || s[0] != ',' {
		return d, "", false
	}
	s = s[1:]
	switch s[0] {
	case 'M':
		d.kind = 'M'
		for _, p := range []*int{&d.month, &d.week, &d.day} {
			if s == "" {
				return d, "", false
			}
			*p, s, ok = ruleNumber(s[1:])
			if !ok {
				return d, "", false
			}
		}
		if d.month < 1 || d.month > 12 || d.week < 1 || d.week > 5 || d.day > 6 {
			return d, "", false
		}
	case 'J':
		d.kind = 'J'
		s = s[1:]
		fallthrough
	default:
		d.day, s, ok = ruleNumber(s)
		if !ok {
			return d, "", false
		}
	}
	d.time = 2 * 3600
	if s != "" && s[0] == '/' {
		d.time, s, ok = ruleTime(s[1:])
		if !ok {
			return d, "", false
		}
	}
	return d, s, true
}

// second returns the second of the year at which the day's change happens.
func (d yearDay) second(year int) int64 {
	newYear := daysBefore(int64(year), 1, 1)
	leap := daysBefore(int64(year), 3, 1)-newYear == 60
	n := int64(d.day)
	switch d.kind {
	case 'J':
		n--
		if leap && n >= 59 {
			n++
		}
	case 'M':
		first := daysBefore(int64(year), d.month, 1)
		weekday := (first - march0 + 1) % 7
		if weekday < 0 {
			weekday += 7
		}
		n = (int64(d.day)-weekday+7)%7 + int64(d.week-1)*7
		next := daysBefore(int64(year), d.month%12+1, 1)
		if d.month == 12 {
			next = first + 31
		}
		for first+n >= next {
			n -= 7
		}
		n += first - newYear
	}
	return n*secondsPerDay + int64(d.time)
}
