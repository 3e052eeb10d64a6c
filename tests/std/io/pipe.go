package io

import "sync"

// A pipe hands what is written to who reads.
type pipe struct {
	writing sync.Mutex  // one Write at a time
	data    chan []byte // what a Write still has to give
	taken   chan int    // how much of it a Read took
	once    sync.Once   // closes done
	done    chan struct{}
	mu      sync.Mutex // guards the errors
	rerr    error      // why the reader closed
	werr    error      // why the writer closed
}

func (p *pipe) closed() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

func (p *pipe) readError() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.rerr == nil && p.werr != nil {
		return p.werr
	}
	return ErrClosedPipe
}

func (p *pipe) writeError() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.werr == nil && p.rerr != nil {
		return p.rerr
	}
	return ErrClosedPipe
}

func (p *pipe) close(where *error, err error) {
	p.mu.Lock()
	if *where == nil {
		*where = err
	}
	p.mu.Unlock()
	p.once.Do(func() { close(p.done) })
}

// A PipeReader is the end of a pipe to read from.
type PipeReader struct{ pipe }

// A PipeWriter is the end of a pipe to write to.
type PipeWriter struct{ r PipeReader }

// Pipe returns the ends of a pipe without a buffer: each Write waits until Reads
// took all of it, or the pipe is closed.
func Pipe() (*PipeReader, *PipeWriter) {
	w := &PipeWriter{PipeReader{pipe{data: make(chan []byte), taken: make(chan int), done: make(chan struct{})}}}
	return &w.r, w
}

func (r *PipeReader) Read(data []byte) (n int, err error) { return r.pipe.read(data) }

func (p *pipe) read(data []byte) (n int, err error) {
	if p.closed() {
		return 0, p.readError()
	}
	select {
	case b := <-p.data:
		n = copy(data, b)
		p.taken <- n
		return n, nil
	case <-p.done:
		return 0, p.readError()
	}
}

// Close closes the reader: Writes return ErrClosedPipe.
func (r *PipeReader) Close() error { return r.CloseWithError(nil) }

// CloseWithError closes the reader: Writes return err.
func (r *PipeReader) CloseWithError(err error) error { return r.pipe.closeRead(err) }

//go:noinline
func (p *pipe) closeRead(err error) error {
	if err == nil {
		err = ErrClosedPipe
	}
	p.close(&p.rerr, err)
	return nil
}

func (w *PipeWriter) Write(data []byte) (n int, err error) { return w.r.pipe.write(data) }

func (p *pipe) write(data []byte) (n int, err error) {
	if p.closed() {
		return 0, p.writeError()
	}
	p.writing.Lock()
	defer p.writing.Unlock()
	for once := true; once || len(data) > 0; once = false {
		select {
		case p.data <- data:
			m := <-p.taken
			data = data[m:]
			n += m
		case <-p.done:
			return n, p.writeError()
		}
	}
	return n, nil
}

// Close closes the writer: Reads return EOF.
func (w *PipeWriter) Close() error { return w.CloseWithError(nil) }

// CloseWithError closes the writer: Reads return err.
func (w *PipeWriter) CloseWithError(err error) error { return w.r.pipe.closeWrite(err) }

//go:noinline
func (p *pipe) closeWrite(err error) error {
	if err == nil {
		err = EOF
	}
	p.close(&p.werr, err)
	return nil
}
