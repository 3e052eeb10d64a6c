package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	x "x/bufio"
	xio "x/io"
)

// choppy reads s in pieces of random size, with errors now and then.
type choppy struct {
	s     string
	sizes []int
	i     int
	eof   error
}

func (c *choppy) Read(p []byte) (int, error) {
	n := c.sizes[c.i%len(c.sizes)]
	c.i++
	if c.s == "" {
		return 0, c.eof
	}
	n = copy(p, c.s[:min(n, len(c.s))])
	c.s = c.s[n:]
	if c.s == "" && c.i%2 == 0 {
		return n, c.eof
	}
	return n, nil
}

// sink collects writes, and fails after a while.
type sink struct {
	log  []string
	left int
}

func (s *sink) Write(p []byte) (int, error) {
	if len(p) > s.left {
		n := s.left
		s.log = append(s.log, string(p[:n]))
		s.left = 0
		return n, errors.New("full")
	}
	s.left -= len(p)
	s.log = append(s.log, string(p))
	return len(p), nil
}

type reader interface {
	io.Reader
	io.ByteScanner
	io.RuneScanner
	Peek(int) ([]byte, error)
	Discard(int) (int, error)
	ReadSlice(byte) ([]byte, error)
	ReadLine() ([]byte, bool, error)
	ReadBytes(byte) ([]byte, error)
	ReadString(byte) (string, error)
	Buffered() int
}

func step(r reader, op, n int) string {
	switch op {
	case 0:
		p := make([]byte, max(n, 0))
		m, err := r.Read(p)
		return fmt.Sprint(m, err, string(p))
	case 1:
		return fmt.Sprint(r.ReadByte())
	case 2:
		return fmt.Sprint(r.UnreadByte())
	case 3:
		return fmt.Sprint(r.ReadRune())
	case 4:
		return fmt.Sprint(r.UnreadRune())
	case 5:
		p, err := r.Peek(n)
		return fmt.Sprint(string(p), err)
	case 6:
		return fmt.Sprint(r.Discard(n))
	case 7:
		p, err := r.ReadSlice('a')
		return fmt.Sprint(string(p), err)
	case 8:
		p, more, err := r.ReadLine()
		return fmt.Sprint(string(p), p == nil, more, err)
	case 9:
		p, err := r.ReadBytes('\n')
		return fmt.Sprint(string(p), p == nil, err)
	case 10:
		return fmt.Sprint(r.ReadString('b'))
	}
	return ""
}

func main() {
	pieces := []string{"a", "b", "\n", "\r\n", "\r", " ", "long piece of text without end", "世", "\xff", "\xe4\xb8", "", "word"}
	texts := func(err error) string { return strings.TrimPrefix(fmt.Sprint(err), "x/") }
	for i := 0; i < 20000; i++ {
		s := random(pieces, 20)
		sizes := []int{1 + rnd.Intn(5), rnd.Intn(40), 1 + rnd.Intn(3)}
		size := 16 + rnd.Intn(30)
		w, g := bufio.NewReaderSize(&choppy{s, sizes, 0, io.EOF}, size), x.NewReaderSize(&choppy{s, sizes, 0, xio.EOF}, size)
		var log []string
		for j := 0; j < 12; j++ {
			op, n := rnd.Intn(11), rnd.Intn(50)-1
			log = append(log, fmt.Sprint(op, " ", n))
			what := fmt.Sprintf("%q %v %d %v", s, sizes, size, log)
			check(what, text(func() string { return step(w, op, n) }), text(func() string { return step(g, op, n) }))
			check(what+" Buffered", w.Buffered(), g.Buffered())
		}
		var ws, gs strings.Builder
		n, err := w.WriteTo(&ws)
		N, ERR := g.WriteTo(&gs)
		check(fmt.Sprintf("WriteTo after %v", log), fmt.Sprint(ws.String(), n, err), fmt.Sprint(gs.String(), N, ERR))

		for k := 0; k < 4; k++ {
			a, b := bufio.NewScanner(&choppy{s, sizes, 0, io.EOF}), x.NewScanner(&choppy{s, sizes, 0, xio.EOF})
			most := 8 + rnd.Intn(40)
			a.Buffer(make([]byte, 0, 4), most)
			b.Buffer(make([]byte, 0, 4), most)
			a.Split([]bufio.SplitFunc{bufio.ScanLines, bufio.ScanWords, bufio.ScanRunes, bufio.ScanBytes}[k])
			b.Split([]x.SplitFunc{x.ScanLines, x.ScanWords, x.ScanRunes, x.ScanBytes}[k])
			var p, q []string
			for a.Scan() {
				p = append(p, a.Text())
			}
			for b.Scan() {
				q = append(q, b.Text())
			}
			check(fmt.Sprintf("Scanner %d of %q by %v in %d", k, s, sizes, most), fmt.Sprintf("%q", p), fmt.Sprintf("%q", q))
			check("Scanner.Err", texts(a.Err()), texts(b.Err()))
		}

		left := rnd.Intn(100)
		t, u := &sink{nil, left}, &sink{nil, left}
		size = rnd.Intn(20) + 1
		v, z := bufio.NewWriterSize(t, size), x.NewWriterSize(u, size)
		for j := 0; j < 10; j++ {
			piece := random(pieces, 2)
			var a, b string
			switch op := rnd.Intn(6); op {
			case 0:
				a, b = fmt.Sprint(v.WriteString(piece)), fmt.Sprint(z.WriteString(piece))
			case 1:
				a, b = fmt.Sprint(v.Write([]byte(piece))), fmt.Sprint(z.Write([]byte(piece)))
			case 2:
				a, b = fmt.Sprint(v.WriteByte('x')), fmt.Sprint(z.WriteByte('x'))
			case 3:
				a, b = fmt.Sprint(v.WriteRune('世')), fmt.Sprint(z.WriteRune('世'))
			case 4:
				a, b = fmt.Sprint(v.Flush()), fmt.Sprint(z.Flush())
			case 5:
				a = fmt.Sprint(v.ReadFrom(&choppy{piece, sizes, 0, io.EOF}))
				b = fmt.Sprint(z.ReadFrom(&choppy{piece, sizes, 0, xio.EOF}))
			}
			check("Writer", a, b)
			check("Writer", fmt.Sprintf("%q", t.log), fmt.Sprintf("%q", u.log))
			check("Writer", []int{v.Buffered(), v.Available(), v.Size()}, []int{z.Buffered(), z.Available(), z.Size()})
		}
	}
	done()
}
