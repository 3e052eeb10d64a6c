package time

import "x/internal/strconv"

// A Month is a month of the year, January = 1.
type Month int

const (
	January Month = 1 + iota
	February
	March
	April
	May
	June
	July
	August
	September
	October
	November
	December
)

// A Weekday is a day of the week, Sunday = 0.
type Weekday int

const (
	Sunday Weekday = iota
	Monday
	Tuesday
	Wednesday
	Thursday
	Friday
	Saturday
)

// Names, each in nine columns.
const (
	monthNames = "January  February March    April    May      June     July     August   SeptemberOctober  November December "
	dayNames   = "Sunday   Monday   Tuesday  WednesdayThursday Friday   Saturday "
)

// column returns name i of a list of names.
func column(names string, i int) string {
	s := names[9*i : 9*i+9]
	for s[len(s)-1] == ' ' {
		s = s[:len(s)-1]
	}
	return s
}

func (m Month) String() string { return name(monthNames, "%!Month(", int(m)-1, int(m)) }

func (d Weekday) String() string { return name(dayNames, "%!Weekday(", int(d), int(d)) }

func name(names, bad string, i, n int) string {
	if i < 0 || 9*i >= len(names) {
		return bad + strconv.FormatUint(uint64(n), 10) + ")"
	}
	return column(names, i)
}

// civil converts days since March 1 of the year 0 (proleptic Gregorian
// calendar) to a date. Years begin in March here, so that the leap day is the
// last one, and repeat every 400 years.
func civil(days int64) (year int, month Month, day int) {
	era := days / 146097
	if days%146097 < 0 {
		era--
	}
	doe := days - era*146097 // day of era, 0 to 146096
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100) // from March 1
	m := (5*doy + 2) / 153                   // from March
	day = int(doy-(153*m+2)/5) + 1
	year = int(yoe + era*400)
	month = Month(m + 3)
	if month > December {
		month -= 12
		year++
	}
	return year, month, day
}

// daysBefore returns the days from March 1 of the year 0 to the given date;
// the day may be out of range.
func daysBefore(year int64, month int, day int64) int64 {
	if month <= 2 {
		year--
		month += 12
	}
	era := year / 400
	if year%400 < 0 {
		era--
	}
	yoe := year - era*400
	doy := int64(153*(month-3)+2) / 5
	return era*146097 + yoe*365 + yoe/4 - yoe/100 + doy + day - 1
}

// march0 is the number of days from March 1 of the year 0 to January 1 of the year 1.
const march0 = 306

// local returns the seconds since the year 1 that t's zone shows.
func (t Time) local() int64 {
	s := t.sec()
	if t.loc != nil {
		_, offset := t.loc.lookup(s + internalToUnix)
		s += int64(offset)
	}
	return s
}

// days splits the local time into days since the year 1 and seconds of the day.
func (t Time) days() (days int64, seconds int) {
	s := t.local()
	days = s / secondsPerDay
	seconds = int(s % secondsPerDay)
	if seconds < 0 {
		seconds += secondsPerDay
		days--
	}
	return days, seconds
}

// Date returns the date of t.
func (t Time) Date() (year int, month Month, day int) {
	days, _ := t.days()
	return civil(days + march0)
}

//go:noinline
func (t Time) Year() int {
	year, _, _ := t.Date()
	return year
}

func (t Time) Month() Month {
	_, month, _ := t.Date()
	return month
}

func (t Time) Day() int {
	_, _, day := t.Date()
	return day
}

// YearDay returns the day of the year, from 1 on.
func (t Time) YearDay() int {
	days, _ := t.days()
	return int(days-daysBefore(int64(t.Year()), 1, 1)+march0) + 1
}

func (t Time) Weekday() Weekday { return t.weekday() }

func (t Time) weekday() Weekday {
	days, _ := t.days()
	d := (days + 1) % 7 // January 1 of the year 1 was a Monday
	if d < 0 {
		d += 7
	}
	return Weekday(d)
}

// ISOWeek returns the ISO 8601 year and week of t: the year of the Thursday
// of t's week, and that Thursday's number among the year's Thursdays.
func (t Time) ISOWeek() (year, week int) {
	days, _ := t.days()
	thursday := days + int64(Thursday-(t.weekday()+6)%7-1)
	year, _, _ = civil(thursday + march0)
	first := daysBefore(int64(year), 1, 1) - march0
	return year, int(thursday-first)/7 + 1
}

// Clock returns the time of day.
func (t Time) Clock() (hour, min, sec int) {
	_, s := t.days()
	return s / 3600, s / 60 % 60, s % 60
}

func (t Time) Hour() int { return t.second() / 3600 }

func (t Time) Minute() int { return t.second() / 60 % 60 }

func (t Time) Second() int { return t.second() % 60 }

// second returns the second of the day.
func (t Time) second() int {
	_, s := t.days()
	return s
}

func (t Time) Nanosecond() int { return int(t.nsec()) }

// carry brings lo into [0, base) and adds what it moved to hi.
func carry(hi, lo, base int) (int, int) {
	n := lo / base
	lo -= n * base
	if lo < 0 {
		lo += base
		n--
	}
	return hi + n, lo
}

// Date returns the Time of the given date and time of day in loc. Values out
// of range are normalised; of two or no instants that a change of the zone's
// offset leaves, one is chosen by the offset before or after it.
func Date(year int, month Month, day, hour, min, sec, nsec int, loc *Location) Time {
	if loc == nil {
		panic("time: missing Location in call to Date")
	}
	year, m := carry(year, int(month)-1, 12)
	sec, nsec = carry(sec, nsec, 1e9)
	min, sec = carry(min, sec, 60)
	hour, min = carry(hour, min, 60)
	day, hour = carry(day, hour, 24)
	s := (daysBefore(int64(year), m+1, int64(day)) - march0) * secondsPerDay
	s += int64(hour*3600 + min*60 + sec)
	t := Time{uint64(nsec), s, nil}
	if loc != &utcLoc {
		unix := s + internalToUnix
		offset := loc.offsetOfLocal(unix)
		t.ext -= int64(offset)
	}
	t.setLoc(loc)
	return t
}
