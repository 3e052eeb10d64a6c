package main

import (
	"fmt"
	"time"
	x "x/time"
)

var places = []string{"UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca"}

func locations() (g []*time.Location, m []*x.Location) {
	for _, p := range places {
		l, err := time.LoadLocation(p)
		L, ERR := x.LoadLocation(p)
		check("LoadLocation "+p, fmt.Sprint(err), fmt.Sprint(ERR))
		if err == nil {
			g, m = append(g, l), append(m, L)
		}
	}
	for _, off := range []int{3600, -12345, 0, 86399} {
		g, m = append(g, time.FixedZone("XYZ", off)), append(m, x.FixedZone("XYZ", off))
	}
	return append(g, time.Local, time.FixedZone("", -3600)), append(m, x.Local, x.FixedZone("", -3600))
}

func describe(t time.Time) string {
	y, m, d := t.Date()
	iy, iw := t.ISOWeek()
	h, mi, s := t.Clock()
	z, off := t.Zone()
	a, b := t.ZoneBounds()
	return fmt.Sprint(y, int(m), d, h, mi, s, t.Nanosecond(), t.YearDay(), int(t.Weekday()), iy, iw, z, off, t.IsDST(), t.Unix(), t.UnixNano(),
		t.UnixMilli(), t.UnixMicro(), a.Unix(), b.Unix(), t.IsZero(), t.Location(), t.Hour(), t.Minute(), t.Second())
}

func describeX(t x.Time) string {
	y, m, d := t.Date()
	iy, iw := t.ISOWeek()
	h, mi, s := t.Clock()
	z, off := t.Zone()
	a, b := t.ZoneBounds()
	return fmt.Sprint(y, int(m), d, h, mi, s, t.Nanosecond(), t.YearDay(), int(t.Weekday()), iy, iw, z, off, t.IsDST(), t.Unix(), t.UnixNano(),
		t.UnixMilli(), t.UnixMicro(), a.Unix(), b.Unix(), t.IsZero(), t.Location(), t.Hour(), t.Minute(), t.Second())
}

func main() {
	gl, ml := locations()
	pieces := []string{"2006", "01", "02", "15", "04", "05", "Jan", "January", "Mon", "Monday", "MST", "-0700", "-07:00", "Z07:00", "Z0700", "Z07",
		"-07", "-070000", "-07:00:00", "Z070000", "Z07:00:00", "_2", "__2", "002", "2", "1", "3", "03", "4", "5", "06", "PM", "pm", ".000", ".999",
		",000000", ".999999999", ".9", ".0", "_2006", " ", "-", ":", "T", "/", "x", "Janu", ".00x", ".001", ","}
	layouts := []string{time.Layout, time.ANSIC, time.UnixDate, time.RubyDate, time.RFC822, time.RFC822Z, time.RFC850, time.RFC1123, time.RFC1123Z,
		time.RFC3339, time.RFC3339Nano, time.Kitchen, time.Stamp, time.StampMilli, time.StampNano, time.DateTime, time.DateOnly, time.TimeOnly}
	garble := []string{"0", "1", "9", " ", "x", "-", "+", "Z", "PM", "", ".5", ",25", "UTC", "GMT+3", "CEST"}
	for i := 0; i < 30000; i++ {
		k := rnd.Intn(len(gl))
		sec := rnd.Int63n(1<<36) - 1<<35
		switch rnd.Intn(4) {
		case 0:
			sec = rnd.Int63n(1<<34) - 1<<32
		case 1:
			sec = rnd.Int63n(1<<40) - 1<<39
		}
		nsec := rnd.Int63n(1e9)
		if rnd.Intn(3) == 0 {
			nsec = nsec / 1e6 * 1e6
		}
		t, T := time.Unix(sec, nsec).In(gl[k]), x.Unix(sec, nsec).In(ml[k])
		what := fmt.Sprintf("Unix(%d, %d) in %v", sec, nsec, gl[k])
		check(what, describe(t), describeX(T))
		check(what, t.String(), T.String())
		check(what, t.GoString(), T.GoString())
		layout := random(pieces, 6)
		if rnd.Intn(2) == 0 {
			layout = layouts[rnd.Intn(len(layouts))]
		}
		s := t.Format(layout)
		check(fmt.Sprintf("%s Format(%q)", what, layout), s, T.Format(layout))
		if rnd.Intn(2) == 0 && s != "" {
			n := rnd.Intn(len(s) + 1)
			m := n + rnd.Intn(len(s)-n+1)
			s = s[:n] + garble[rnd.Intn(len(garble))] + s[m:]
		}
		p, err := time.ParseInLocation(layout, s, gl[k])
		P, ERR := x.ParseInLocation(layout, s, ml[k])
		check(fmt.Sprintf("Parse(%q, %q, %v)", layout, s, gl[k]), fmt.Sprint(p, err), fmt.Sprint(P, ERR))
		p, err = time.Parse(layout, s)
		P, ERR = x.Parse(layout, s)
		check(fmt.Sprintf("Parse(%q, %q)", layout, s), fmt.Sprint(p, err), fmt.Sprint(P, ERR))
		d := rnd.Int63() >> rnd.Intn(60)
		if rnd.Intn(2) == 0 {
			d = -d
		}
		u, U := t.Add(time.Duration(d)), T.Add(x.Duration(d))
		check(what+" Add", describe(u), describeX(U))
		check(what+" Sub", int64(u.Sub(t)), int64(U.Sub(T)))
		check(what+" Compare", []any{u.Before(t), u.After(t), u.Equal(t), u.Compare(t)}, []any{U.Before(T), U.After(T), U.Equal(T), U.Compare(T)})
		check(fmt.Sprint(what, " Truncate ", d), describe(t.Truncate(time.Duration(d))), describeX(T.Truncate(x.Duration(d))))
		check(fmt.Sprint(what, " Round ", d), describe(t.Round(time.Duration(d))), describeX(T.Round(x.Duration(d))))
		a := [8]int{rnd.Intn(4000) - 1000, rnd.Intn(40) - 12, rnd.Intn(90) - 30, rnd.Intn(60) - 20, rnd.Intn(200) - 80, rnd.Intn(200) - 80, rnd.Int() >> rnd.Intn(60)}
		check(fmt.Sprint("Date", a), describe(time.Date(a[0], time.Month(a[1]), a[2], a[3], a[4], a[5], a[6], gl[k])),
			describeX(x.Date(a[0], x.Month(a[1]), a[2], a[3], a[4], a[5], a[6], ml[k])))
		check(fmt.Sprint("AddDate", a), describe(t.AddDate(a[1], a[2], a[3])), describeX(T.AddDate(a[1], a[2], a[3])))
		D, X := time.Duration(d), x.Duration(d)
		check("Duration", []any{D.String(), D.Seconds(), D.Minutes(), D.Hours(), D.Milliseconds(), D.Microseconds(), int64(D.Abs())},
			[]any{X.String(), X.Seconds(), X.Minutes(), X.Hours(), X.Milliseconds(), X.Microseconds(), int64(X.Abs())})
		m := rnd.Int63() >> rnd.Intn(60)
		check(fmt.Sprint("Duration ", d, m), []int64{int64(D.Round(time.Duration(m))), int64(D.Truncate(time.Duration(m)))},
			[]int64{int64(X.Round(x.Duration(m))), int64(X.Truncate(x.Duration(m)))})
		ds := random([]string{"1", "9", ".", "h", "m", "s", "ms", "us", "µs", "ns", "-", "+", "0", "9223372036854775807", "x"}, 6)
		if rnd.Intn(2) == 0 {
			ds = D.String()
		}
		pd, err := time.ParseDuration(ds)
		PD, ERR := x.ParseDuration(ds)
		check("ParseDuration "+ds, fmt.Sprint(int64(pd), err), fmt.Sprint(int64(PD), ERR))
	}
	for i := -1; i < 14; i++ {
		check("Month", time.Month(i).String(), x.Month(i).String())
		check("Weekday", time.Weekday(i).String(), x.Weekday(i).String())
	}
	n := x.Now()
	if d := x.Since(n); d < 0 || d > x.Second || n.Sub(n) != 0 {
		check("Since", "small", d)
	}
	done()
}
