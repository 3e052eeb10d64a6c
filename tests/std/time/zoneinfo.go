package time

import (
	"x/errors"
	"x/internal/rt"
)

// readLocal fills localLoc.
func readLocal() {
	localLoc.name = "Local"
	tz, set := getenv("TZ")
	if !set {
		if l := load("/etc/localtime"); l != nil {
			localLoc = *l
			localLoc.name = "Local"
			return
		}
		localLoc.name = "UTC"
		return
	}
	if tz != "" && tz[0] == ':' {
		tz = tz[1:]
	}
	if tz != "" && tz != "UTC" {
		path := tz
		if tz[0] != '/' {
			path = zoneDir + tz
		}
		if l := load(path); l != nil {
			localLoc = *l
			localLoc.name = "Local"
			if tz[0] == '/' {
				localLoc.name = tz
			}
			return
		}
	}
	localLoc.name = "UTC"
}

const zoneDir = "/usr/share/zoneinfo/"

func getenv(key string) (string, bool) {
	for i := 0; ; i++ {
		s := rt.Environ(i)
		if s == "" {
			return "", false
		}
		if n := len(key); len(s) > n && s[:n] == key && s[n] == '=' {
			return s[n+1:], true
		}
	}
}

var errLocation = errors.New("time: invalid location name")

// LoadLocation returns the Location of that name: "" or "UTC", "Local", or
// a file of the IANA time zone database.
func LoadLocation(name string) (*Location, error) {
	switch name {
	case "", "UTC":
		return UTC, nil
	case "Local":
		return Local, nil
	}
	if name[0] == '/' || name[0] == '\\' {
		return nil, errLocation
	}
	for i := 0; i+1 < len(name); i++ {
		if name[i] == '.' && name[i+1] == '.' {
			return nil, errLocation
		}
	}
	l := load(zoneDir + name)
	if l == nil {
		return nil, errors.New("unknown time zone " + name)
	}
	l.name = name
	return l, nil
}

func load(path string) *Location {
	data, errno := rt.ReadFile(path)
	if errno != 0 {
		return nil
	}
	l, err := LoadLocationFromTZData("", data)
	if err != nil {
		return nil
	}
	return l
}

var errBadData = errors.New("malformed time zone information")

// A reader takes big-endian numbers off the front of data; ok becomes false
// when there is too little.
type reader struct {
	data []byte
	bad  bool
}

func (r *reader) bytes(n int) []byte {
	if n < 0 || n > len(r.data) {
		r.bad = true
		return nil
	}
	b := r.data[:n]
	r.data = r.data[n:]
	return b
}

func (r *reader) number(size int) int64 {
	n := int64(0)
	for i, c := range r.bytes(size) {
		if i == 0 {
			n = int64(int8(c))
		} else {
			n = n<<8 | int64(c)
		}
	}
	return n
}

// header reads a header of a TZif file: the counts of UT/local indicators,
// standard/wall indicators, leap seconds, transitions, zones and name bytes.
func (r *reader) header() (version byte, n [6]int) {
	h := r.bytes(20)
	if r.bad || string(h[:4]) != "TZif" {
		r.bad = true
		return 0, n
	}
	for i := range n {
		n[i] = int(r.number(4))
	}
	return h[4], n
}

// LoadLocationFromTZData returns the Location described by data in the format
// of time zone files (RFC 9636).
func LoadLocationFromTZData(name string, data []byte) (*Location, error) {
	r := reader{data: data}
	version, n := r.header()
	size := 4
	if version > 0 {
		// The first block has 32-bit times; the second one is better.
		r.bytes(n[3]*5 + n[4]*6 + n[5] + n[2]*8 + n[1] + n[0])
		_, n = r.header()
		size = 8
	}
	times := reader{data: r.bytes(n[3] * size)}
	indices := r.bytes(n[3])
	infos := reader{data: r.bytes(n[4] * 6)}
	names := r.bytes(n[5])
	r.bytes(n[2]*(size+4) + n[1] + n[0])
	if r.bad || n[4] == 0 {
		return nil, errBadData
	}
	l := &Location{name: name}
	if rest := r.data; size == 8 && len(rest) > 2 && rest[0] == '\n' && rest[len(rest)-1] == '\n' {
		l.extend = string(rest[1 : len(rest)-1])
	}
	for i := 0; i < n[4]; i++ {
		z := zone{offset: int(infos.number(4)), isDST: infos.number(1) != 0}
		from := int(uint8(infos.number(1)))
		if from >= len(names) {
			return nil, errBadData
		}
		to := from
		for to < len(names) && names[to] != 0 {
			to++
		}
		z.name = string(names[from:to])
		l.zones = append(l.zones, z)
	}
	for _, i := range indices {
		if int(i) >= len(l.zones) {
			return nil, errBadData
		}
		l.tx = append(l.tx, transition{times.number(size), int(i)})
	}
	if len(l.tx) == 0 {
		l.tx = append(l.tx, transition{-1 << 63, 0})
	}
	return l, nil
}
