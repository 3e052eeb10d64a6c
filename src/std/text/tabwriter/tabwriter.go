// Package tabwriter aligns columns of text with elastic tabstops: cells of
// adjacent lines that end in a tab form a column, which is as wide as its
// widest cell.
package tabwriter

import (
	"internal/rt"
	"io"
	"unicode/utf8"
	"unsafe"
)

// Flags.
const (
	FilterHTML          uint = 1 << iota // tags have no width, entities that of a character
	StripEscape                          // escape characters are not written
	AlignRight                           // cells have their text at the right
	DiscardEmptyColumns                  // empty columns of soft tabs (\v) are left out
	TabIndent                            // leading empty cells are tabs
	Debug                                // bars between columns
)

// Escape brackets text that is one cell's whatever it has.
const Escape = '\xff'

// A cell is a piece of text that a tab, a line's end or a flush ended.
type cell struct {
	size  int // bytes
	width int // characters
	soft  bool
}

// A Writer aligns what it gets and writes it to another one.
type Writer struct {
	out      io.Writer
	minwidth int
	tabwidth int
	padding  int
	padchar  byte // the padding character
	flags    uint

	text     []byte   // of the lines not yet written
	cell     cell     // the cell being read
	counted  int      // bytes of text whose width is counted
	end      byte     // what ends the escaped text, tag or entity being read; 0: none
	lines    [][]cell // the last line has no end yet
	widths   []int    // of the columns that are settled, while lines are written
	padding8 [8]byte  // so much padding is written at a time
	err      error
}

// NewWriter returns a Writer; see Init.
func NewWriter(output io.Writer, minwidth, tabwidth, padding int, padchar byte, flags uint) *Writer {
	return new(Writer).Init(output, minwidth, tabwidth, padding, padchar, flags)
}

// Init makes b ready. Cells have at least minwidth and padding characters
// more than their text; padchar fills them. With tabs for padding, cells are
// multiples of tabwidth.
//
//go:noinline
func (b *Writer) Init(output io.Writer, minwidth, tabwidth, padding int, padchar byte, flags uint) *Writer {
	if minwidth < 0 || tabwidth < 0 || padding < 0 {
		panic("negative minwidth, tabwidth, or padding")
	}
	*b = Writer{
		out: output, minwidth: minwidth, tabwidth: tabwidth, padding: padding, padchar: padchar, flags: flags,
		text: b.text, lines: b.lines, widths: b.widths,
	}
	if padchar == '\t' {
		// Text at the right would not be aligned.
		b.flags &^= AlignRight
	}
	b.reset()
	return b
}

func (b *Writer) reset() {
	b.text = b.text[:0]
	b.cell = cell{}
	b.counted = 0
	b.end = 0
	b.lines = b.lines[:0]
	b.addLine()
}

// addLine begins a line, in the memory of one of before, if there is one.
func (b *Writer) addLine() {
	n := len(b.lines)
	if n < cap(b.lines) {
		b.lines = b.lines[:n+1]
		b.lines[n] = b.lines[n][:0]
	} else {
		if b.lines == nil {
			b.lines = make([][]cell, 0, 8)
		}
		b.lines = append(b.lines, nil)
	}
	if n > 0 {
		// It is likely to have as many cells as the one before.
		if k := len(b.lines[n-1]); k > cap(b.lines[n]) {
			b.lines[n] = make([]cell, 0, k)
		}
	}
}

// count adds the text read since the last time to the width of the cell.
func (b *Writer) count() {
	b.cell.width += utf8.RuneCount(b.text[b.counted:])
	b.counted = len(b.text)
}

// terminate ends the cell and returns the number of cells in its line.
func (b *Writer) terminate(soft bool) int {
	b.count()
	start := 0
	for _, line := range b.lines {
		for _, c := range line {
			start += c.size
		}
	}
	b.cell.size = len(b.text) - start
	b.cell.soft = soft
	last := &b.lines[len(b.lines)-1]
	*last = append(*last, b.cell)
	b.cell = cell{}
	return len(*last)
}

func (b *Writer) startEscape(c byte) {
	switch c {
	case Escape:
		b.end = Escape
	case '<':
		b.end = '>'
	case '&':
		b.end = ';'
	}
}

func (b *Writer) endEscape() {
	switch b.end {
	case Escape:
		b.count()
		if b.flags&StripEscape == 0 {
			b.cell.width -= 2
		}
	case '>':
	case ';':
		b.cell.width++
	}
	b.counted = len(b.text)
	b.end = 0
}

// Write takes text; what depends on text to come is kept until Flush.
func (b *Writer) Write(buf []byte) (n int, err error) {
	rt.LeakPointer(unsafe.Pointer(b))
	from := 0
	for i, c := range buf {
		if b.end != 0 {
			if c == b.end {
				b.text = append(b.text, buf[from:i+1]...)
				from = i + 1
				if c == Escape && b.flags&StripEscape != 0 {
					b.text = b.text[:len(b.text)-1]
				}
				b.endEscape()
			}
			continue
		}
		switch c {
		case '\t', '\v', '\n', '\f':
			b.text = append(b.text, buf[from:i]...)
			from = i + 1
			cells := b.terminate(c == '\v')
			if c == '\n' || c == '\f' {
				b.addLine()
				if c == '\f' || cells == 1 {
					// A line of one cell ends all columns before it.
					b.flush()
					if c == '\f' && b.flags&Debug != 0 {
						b.write([]byte("---\n"))
					}
				}
			}
		case Escape:
			b.text = append(b.text, buf[from:i]...)
			from = i
			b.count()
			if b.flags&StripEscape != 0 {
				from++
			}
			b.startEscape(c)
		case '<', '&':
			if b.flags&FilterHTML != 0 {
				b.text = append(b.text, buf[from:i]...)
				from = i
				b.count()
				b.startEscape(c)
			}
		}
		if b.err != nil {
			return i, b.err
		}
	}
	b.text = append(b.text, buf[from:]...)
	return len(buf), b.err
}

// Flush writes what was kept, as if the text ended here.
func (b *Writer) Flush() error { return b.finish() }

//go:noinline
func (b *Writer) finish() error {
	rt.LeakPointer(unsafe.Pointer(b))
	b.flush()
	err := b.err
	b.err = nil
	return err
}

func (b *Writer) flush() {
	start := 0
	for _, line := range b.lines {
		for _, c := range line {
			start += c.size
		}
	}
	if len(b.text) > start {
		if b.end != 0 {
			b.endEscape()
		}
		b.terminate(false)
	}
	b.format(0, 0, len(b.lines))
	b.reset()
}

func (b *Writer) write(p []byte) {
	if b.err != nil || len(p) == 0 {
		return
	}
	n, err := b.out.Write(p)
	if err == nil && n != len(p) {
		err = io.ErrShortWrite
	}
	b.err = err
}

func (b *Writer) repeat(c byte, n int) {
	for i := range b.padding8 {
		b.padding8[i] = c
	}
	for ; n > len(b.padding8); n -= len(b.padding8) {
		b.write(b.padding8[:])
	}
	b.write(b.padding8[:max(n, 0)])
}

// pad writes the padding of a cell of cellWidth with textWidth characters.
func (b *Writer) pad(textWidth, cellWidth int, tabs bool) {
	if b.padchar != '\t' && !tabs {
		b.repeat(b.padchar, cellWidth-textWidth)
		return
	}
	if b.tabwidth == 0 {
		return
	}
	cellWidth = (cellWidth + b.tabwidth - 1) / b.tabwidth * b.tabwidth
	b.repeat('\t', (cellWidth-textWidth+b.tabwidth-1)/b.tabwidth)
}

var (
	newline = []byte{'\n'}
	bar     = []byte{'|'}
)

// writeLines writes lines from to to, whose text begins at pos. It returns where
// the text ends.
func (b *Writer) writeLines(pos, from, to int) int {
	widths := b.widths
	for i := from; i < to; i++ {
		line := b.lines[i]
		tabs := b.flags&TabIndent != 0
		for j, c := range line {
			if j > 0 && b.flags&Debug != 0 {
				b.write(bar)
			}
			text := b.text[pos : pos+c.size]
			pos += c.size
			switch {
			case c.size == 0:
				if j < len(widths) {
					b.pad(c.width, widths[j], tabs)
				}
			case b.flags&AlignRight == 0:
				tabs = false
				b.write(text)
				if j < len(widths) {
					b.pad(c.width, widths[j], false)
				}
			default:
				tabs = false
				if j < len(widths) {
					b.pad(c.width, widths[j], false)
				}
				b.write(text)
			}
		}
		if i+1 < len(b.lines) {
			b.write(newline)
		}
	}
	return pos
}

// format writes lines from to to, whose text begins at pos and whose first
// columns are settled. It returns where the text ends.
func (b *Writer) format(pos, from, to int) int {
	column := len(b.widths)
	for i := from; i < to; i++ {
		if column >= len(b.lines[i])-1 {
			continue
		}
		// A cell that is not the last one of its line: a column begins.
		pos = b.writeLines(pos, from, i)
		from = i
		width := b.minwidth
		discard := true
		for ; i < to; i++ {
			line := b.lines[i]
			if column >= len(line)-1 {
				break
			}
			c := line[column]
			if w := c.width + b.padding; w > width {
				width = w
			}
			if c.width > 0 || !c.soft {
				discard = false
			}
		}
		if discard && b.flags&DiscardEmptyColumns != 0 {
			width = 0
		}
		b.widths = append(b.widths, width)
		pos = b.format(pos, from, i)
		b.widths = b.widths[:column]
		from = i
		i--
	}
	return b.writeLines(pos, from, to)
}
