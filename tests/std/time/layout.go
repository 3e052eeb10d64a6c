package time

// Layouts: each shows how the reference time, Mon Jan 2 15:04:05 MST 2006, is
// to be written.
const (
	Layout      = "01/02 03:04:05PM '06 -0700"
	ANSIC       = "Mon Jan _2 15:04:05 2006"
	UnixDate    = "Mon Jan _2 15:04:05 MST 2006"
	RubyDate    = "Mon Jan 02 15:04:05 -0700 2006"
	RFC822      = "02 Jan 06 15:04 MST"
	RFC822Z     = "02 Jan 06 15:04 -0700"
	RFC850      = "Monday, 02-Jan-06 15:04:05 MST"
	RFC1123     = "Mon, 02 Jan 2006 15:04:05 MST"
	RFC1123Z    = "Mon, 02 Jan 2006 15:04:05 -0700"
	RFC3339     = "2006-01-02T15:04:05Z07:00"
	RFC3339Nano = "2006-01-02T15:04:05.999999999Z07:00"
	Kitchen     = "3:04PM"

	Stamp      = "Jan _2 15:04:05"
	StampMilli = "Jan _2 15:04:05.000"
	StampMicro = "Jan _2 15:04:05.000000"
	StampNano  = "Jan _2 15:04:05.000000000"
	DateTime   = "2006-01-02 15:04:05"
	DateOnly   = "2006-01-02"
	TimeOnly   = "15:04:05"
)

// An element of a layout.
type element int

const (
	text element = iota
	longMonth
	month
	numMonth
	zeroMonth
	longWeekDay
	weekDay
	day
	underDay
	zeroDay
	underYearDay
	zeroYearDay
	hour
	hour12
	zeroHour12
	minute
	zeroMinute
	second
	zeroSecond
	longYear
	year
	upperPM
	lowerPM
	zoneName
	isoZoneColonSeconds
	isoZoneSeconds
	isoZoneColon
	isoZone
	isoShortZone
	zoneColonSeconds
	zoneSeconds
	zoneColon
	zoneNumber
	shortZone
	fraction0 // fraction of the second, with zeros
	fraction9 // fraction without trailing zeros
)

// elements lists the spellings of elements, each led by its number; where one
// begins with another, the longer comes first.
var elements = [...]struct {
	e element
	s string
}{
	{longMonth, "January"}, {month, "Jan"}, {longWeekDay, "Monday"}, {weekDay, "Mon"}, {zoneName, "MST"},
	{zeroYearDay, "002"}, {zeroMonth, "01"}, {zeroDay, "02"}, {zeroHour12, "03"}, {zeroMinute, "04"}, {zeroSecond, "05"},
	{year, "06"}, {hour, "15"}, {numMonth, "1"}, {longYear, "2006"}, {day, "2"}, {underYearDay, "__2"}, {underDay, "_2"},
	{hour12, "3"}, {minute, "4"}, {second, "5"}, {upperPM, "PM"}, {lowerPM, "pm"},
	{zoneColonSeconds, "-07:00:00"}, {zoneSeconds, "-070000"}, {zoneColon, "-07:00"}, {zoneNumber, "-0700"}, {shortZone, "-07"},
	{isoZoneColonSeconds, "Z07:00:00"}, {isoZoneSeconds, "Z070000"}, {isoZoneColon, "Z07:00"}, {isoZone, "Z0700"},
	{isoShortZone, "Z07"},
}

func hasPrefix(s, prefix string) bool { return len(s) >= len(prefix) && s[:len(prefix)] == prefix }

func isDigit(s string, i int) bool { return i < len(s) && '0' <= s[i] && s[i] <= '9' }

// next splits layout into the text before its first element, the element, its
// spelling, and the rest. Without an element, all is text.
func next(layout string) (before string, e element, spelling, rest string) {
	for i := 0; i < len(layout); i++ {
		s := layout[i:]
		switch c := s[0]; c {
		case 'J', 'M', '0', '1', '2', '_', '3', '4', '5', 'P', 'p', '-', 'Z':
			if hasPrefix(s, "_2006") {
				// An underscore and a year.
				return layout[:i+1], longYear, "2006", layout[i+5:]
			}
			for k := range elements {
				x := &elements[k]
				if !hasPrefix(s, x.s) {
					continue
				}
				n := len(x.s)
				if (x.e == month || x.e == weekDay) && len(s) > n && 'a' <= s[n] && s[n] <= 'z' {
					continue
				}
				return layout[:i], x.e, x.s, s[n:]
			}
		case '.', ',':
			// A fraction is a run of zeros or nines that no other digit follows.
			if len(s) > 1 && (s[1] == '0' || s[1] == '9') {
				n := 1
				for n < len(s) && s[n] == s[1] {
					n++
				}
				if !isDigit(s, n) {
					e = fraction0
					if s[1] == '9' {
						e = fraction9
					}
					return layout[:i], e, s[:n], s[n:]
				}
			}
		}
	}
	return layout, text, "", ""
}
