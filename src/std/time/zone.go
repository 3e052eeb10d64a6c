package time

import (
	"sync/atomic"
	"unsafe"
)

// A Location maps instants to the offsets from UTC in use at a place.
type Location struct {
	name   string
	zones  []zone
	tx     []transition // sorted by when
	extend string       // rule for what comes after the last transition, in TZ's form
}

type zone struct {
	name   string
	offset int // seconds east of UTC
	isDST  bool
}

// A transition says which zone is in use from a Unix time on.
type transition struct {
	when int64
	zone int
}

var utcLoc = Location{name: "UTC"}

// UTC is Universal Coordinated Time.
var UTC *Location = &utcLoc

// Local is the local time zone: what the environment variable TZ names, or
// /etc/localtime. It is read when first used.
var Local *Location = &localLoc

var localLoc Location

// localRead says that localLoc was filled.
var localRead bool

func (l *Location) get() *Location {
	switch {
	case l == nil:
		return &utcLoc
	case l == &localLoc && !localRead:
		localRead = true
		readLocal()
	}
	return l
}

// String returns the name of the location.
func (l *Location) String() string { return l.get().name }

// FixedZone returns a Location with one zone, offset seconds east of UTC.
//
//go:noinline
func FixedZone(name string, offset int) *Location {
	const hours = 14
	if h := offset / 3600; name == "" && h*3600 == offset && -hours <= h && h <= hours {
		// Without a name, as texts have them: made once.
		slot := &hourZones[h+hours]
		l := (*Location)(atomic.LoadPointer(slot))
		if l == nil {
			l = fixedZone(name, offset)
			if !atomic.CompareAndSwapPointer(slot, nil, unsafe.Pointer(l)) {
				l = (*Location)(atomic.LoadPointer(slot))
			}
		}
		return l
	}
	return fixedZone(name, offset)
}

// hourZones are the locations without a name, by their hours east of UTC.
var hourZones [2*14 + 1]unsafe.Pointer

func fixedZone(name string, offset int) *Location {
	return &Location{name: name, zones: []zone{{name, offset, false}}, tx: []transition{{-1 << 63, 0}}}
}

// span returns the zone in use at the Unix time sec, and the times from which
// and until which it is.
func (l *Location) span(sec int64) (z zone, from, to int64) {
	l = l.get()
	from, to = -1<<63, 1<<63-1
	if len(l.zones) == 0 {
		return zone{name: "UTC"}, from, to
	}
	if len(l.tx) == 0 || sec < l.tx[0].when {
		if len(l.tx) > 0 {
			to = l.tx[0].when
		}
		return l.zones[l.first()], from, to
	}
	lo, hi := 0, len(l.tx)
	for hi-lo > 1 {
		m := lo + (hi-lo)/2
		if sec < l.tx[m].when {
			to = l.tx[m].when
			hi = m
		} else {
			lo = m
		}
	}
	from = l.tx[lo].when
	z = l.zones[l.tx[lo].zone]
	if lo == len(l.tx)-1 && l.extend != "" {
		if x, start, end, ok := rule(l.extend, from, sec); ok {
			return x, start, end
		}
	}
	return z, from, to
}

// first returns the zone in use before the first transition: the first one
// that is not daylight saving time.
func (l *Location) first() int {
	for i := range l.zones {
		if !l.zones[i].isDST {
			return i
		}
	}
	return 0
}

// lookup returns the name and offset of the zone in use at the Unix time sec.
func (l *Location) lookup(sec int64) (name string, offset int) {
	z, _, _ := l.span(sec)
	return z.name, z.offset
}

// offsetOfLocal returns the offset in use at the local time sec.
func (l *Location) offsetOfLocal(sec int64) int {
	z, from, to := l.span(sec)
	offset := z.offset
	if offset != 0 {
		// sec is not UTC: look again where the instant would be.
		utc := sec - int64(offset)
		if utc < from || utc >= to {
			_, offset = l.lookup(utc)
		}
	}
	return offset
}

// lookupName returns the offset of the zone of that name, preferably as in use
// about the local time sec.
func (l *Location) lookupName(name string, sec int64) (offset int, ok bool) {
	l = l.get()
	for i := range l.zones {
		z := &l.zones[i]
		if z.name == name {
			if n, off := l.lookup(sec - int64(z.offset)); n == name {
				return off, true
			}
		}
	}
	for i := range l.zones {
		if l.zones[i].name == name {
			return l.zones[i].offset, true
		}
	}
	return 0, false
}

// UTC returns t with the location UTC.
func (t Time) UTC() Time {
	t.setLoc(&utcLoc)
	return t
}

// Local returns t with the local time zone.
func (t Time) Local() Time {
	t.setLoc(Local)
	return t
}

// In returns t with the location loc.
func (t Time) In(loc *Location) Time {
	if loc == nil {
		panic("time: missing Location in call to Time.In")
	}
	t.setLoc(loc)
	return t
}

// Location returns t's location.
func (t Time) Location() *Location {
	l := t.loc
	if l == nil {
		l = UTC
	}
	return l
}

// Zone returns the abbreviation and offset of the zone in use at t.
func (t Time) Zone() (name string, offset int) {
	return t.loc.lookup(t.unixSec())
}

// ZoneBounds returns when the zone in use at t begins and ends; zero Times
// stand for never.
func (t Time) ZoneBounds() (start, end Time) {
	_, from, to := t.loc.span(t.unixSec())
	if from != -1<<63 {
		start = Unix(from, 0)
		start.setLoc(t.loc)
	}
	if to != 1<<63-1 {
		end = Unix(to, 0)
		end.setLoc(t.loc)
	}
	return start, end
}

// IsDST reports whether t is in daylight saving time.
func (t Time) IsDST() bool {
	z, _, _ := t.loc.span(t.unixSec())
	return z.isDST
}
