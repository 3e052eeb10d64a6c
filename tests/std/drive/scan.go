package main

import (
	"fmt"
	"io"
	"strings"
	x "x/fmt"
	xio "x/io"
)

type named int

type str string

// variables returns pointers to variables of some types.
func variables(kinds []int) (p []any, show func() string) {
	for _, k := range kinds {
		switch k {
		case 0:
			p = append(p, new(int))
		case 1:
			p = append(p, new(string))
		case 2:
			p = append(p, new(float64))
		case 3:
			p = append(p, new(bool))
		case 4:
			p = append(p, new(uint8))
		case 5:
			p = append(p, new(rune))
		case 6:
			p = append(p, new([]byte))
		case 7:
			p = append(p, new(complex128))
		case 8:
			p = append(p, new(named))
		case 9:
			p = append(p, new(str))
		case 10:
			p = append(p, new(int8))
		case 11:
			p = append(p, 5)
		case 12:
			p = append(p, new([]int))
		case 13:
			p = append(p, new(float32))
		case 14:
			p = append(p, new(uint64))
		}
	}
	return p, func() string {
		s := ""
		for _, v := range p {
			switch v := v.(type) {
			case *int:
				s += fmt.Sprint(*v)
			case *string:
				s += fmt.Sprintf("%q", *v)
			case *float64:
				s += fmt.Sprint(*v)
			case *bool:
				s += fmt.Sprint(*v)
			case *uint8:
				s += fmt.Sprint(*v)
			case *rune:
				s += fmt.Sprint(*v)
			case *[]byte:
				s += fmt.Sprintf("%q", *v)
			case *complex128:
				s += fmt.Sprint(*v)
			case *named:
				s += fmt.Sprint(*v)
			case *str:
				s += fmt.Sprintf("%q", *v)
			case *int8:
				s += fmt.Sprint(*v)
			case *float32:
				s += fmt.Sprint(*v)
			case *uint64:
				s += fmt.Sprint(*v)
			}
			s += " "
		}
		return s
	}
}

// plain hides all but Read, and gives each package its own EOF.
type plain struct {
	r   io.Reader
	eof error
}

func (p plain) Read(b []byte) (int, error) {
	n, err := p.r.Read(b)
	if err == io.EOF {
		err = p.eof
	}
	return n, err
}

func main() {
	pieces := []string{"1", "23", "-4", " ", "\n", "\t", "abc", "true", "F", "3.5", "1e3", "0x1f", "0b11", "07", "300", "\"q\\n\"", "`r`", "(1+2i)", "é", "世",
		"\xff", "\r\n", ",", "%", "nan", "+Inf", "0x1p4", "5p2", "616263", "U+41", "99999999999999999999", "_", "\u00a0"}
	forms := []string{"%d", "%s", "%v", "%f", "%t", "%c", "%q", "%x", "%5d", "%3s", "%2v", " ", "\n", ",", "%%", "%o", "%b", "%U", "%g", "abc", "%5x", "  \n ", "%", "%2c", "%e"}
	for i := 0; i < 150000; i++ {
		in := random(pieces, 7)
		kinds := make([]int, rnd.Intn(4))
		for j := range kinds {
			kinds[j] = rnd.Intn(15)
		}
		p, show := variables(kinds)
		q, Show := variables(kinds)
		what := fmt.Sprintf("(%q, %v)", in, kinds)
		r, R := strings.NewReader(in), strings.NewReader(in)
		var n, N int
		var err, ERR error
		switch rnd.Intn(6) {
		case 0:
			what = "Sscan" + what
			n, err = fmt.Sscan(in, p...)
			N, ERR = x.Sscan(in, q...)
		case 1:
			what = "Sscanln" + what
			n, err = fmt.Sscanln(in, p...)
			N, ERR = x.Sscanln(in, q...)
		case 2:
			what = "Fscan" + what
			n, err = fmt.Fscan(plain{r, io.EOF}, p...)
			N, ERR = x.Fscan(plain{R, xio.EOF}, q...)
			check(what+" rest", r.Len(), R.Len())
		case 3:
			what = "Fscanln" + what
			n, err = fmt.Fscanln(plain{r, io.EOF}, p...)
			N, ERR = x.Fscanln(plain{R, xio.EOF}, q...)
			check(what+" rest", r.Len(), R.Len())
		default:
			f := random(forms, 5)
			what = fmt.Sprintf("Sscanf(%q, %q, %v)", in, f, kinds)
			n, err = fmt.Sscanf(in, f, p...)
			N, ERR = x.Sscanf(in, f, q...)
		}
		check(what, fmt.Sprint(n, err, " ", show()), fmt.Sprint(N, ERR, " ", Show()))
	}
	done()
}
