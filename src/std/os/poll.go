package os

import (
	"internal/rt"
	isync "internal/sync"
	"io"
	"syscall"
	"time"
	"unsafe"
)

// A poller lets goroutines wait for a descriptor that does not block, until a
// deadline, or until the file is closed. Each waits in poll(2), for the
// descriptor and for an eventfd of its own, by which others wake it.
type poller struct {
	mu       isync.Mutex
	users    int // operations under way: the last one closes a closed file's descriptor
	closed   bool
	blocking bool     // see block
	gone     uint32   // a semaphore: the descriptor was closed
	waiters  []int    // their eventfds
	by       [2]int64 // deadlines for reading and writing, as rt.Nanotime; 0: none
}

const (
	sysPoll     = 7
	sysEventfd2 = 290
	sysPipe2    = 293
	sysFcntl    = 72

	fGetfl = 3
	fSetfl = 4

	oNonblock = 0x800
	oCloexec  = 0x80000
)

// Directions: indices of poller.by, and the events of poll(2).
const (
	reading = 0
	writing = 1
)

var pollEvents = [2]int16{1, 4} // POLLIN, POLLOUT

type pollRecord struct {
	fd      int32
	events  int16
	revents int16
}

// Pipe returns the two ends of a pipe: what is written to w can be read from r.
func Pipe() (r *File, w *File, err error) {
	var p [2]int32
	if n := rt.Syscall(sysPipe2, uintptr(unsafe.Pointer(&p)), oCloexec|oNonblock, 0, 0, 0); n < 0 {
		return nil, nil, NewSyscallError("pipe2", syscall.Errno(-n))
	}
	return newPipe(int(p[0]), "|0"), newPipe(int(p[1]), "|1"), nil
}

func newPipe(fd int, name string) *File {
	f := new(struct {
		file
		poller
	})
	f.file = file{fd: fd, name: name, poll: &f.poller}
	return &File{&f.file}
}

// block makes fd, which the program will use by itself, one that blocks, as those
// of other files.
func (p *poller) block(fd int) {
	p.mu.Lock()
	if !p.closed && !p.blocking {
		p.blocking = true
		if flags := rt.Syscall(sysFcntl, uintptr(fd), fGetfl, 0, 0, 0); flags >= 0 {
			rt.Syscall(sysFcntl, uintptr(fd), fSetfl, uintptr(flags&^oNonblock), 0, 0)
		}
	}
	p.mu.Unlock()
}

// enter begins an operation; it reports whether the file is open.
func (p *poller) enter() bool {
	p.mu.Lock()
	ok := !p.closed
	if ok {
		p.users++
	}
	p.mu.Unlock()
	return ok
}

// leave ends an operation on f.
func (p *poller) leave(f *file) {
	p.mu.Lock()
	p.users--
	last := p.closed && p.users == 0
	p.mu.Unlock()
	if last {
		rt.Close(f.fd)
		f.fd = -1
		rt.Semrelease(&p.gone)
	}
}

// wakeAll makes all who wait look again. p.mu is locked.
func (p *poller) wakeAll() {
	one := uint64(1)
	for _, fd := range p.waiters {
		rt.Write(fd, unsafe.Pointer(&one), 8)
	}
}

// late reports whether the deadline has passed, and how many milliseconds are
// left, -1 if there is none.
func (p *poller) late(direction int) (bool, int) {
	by := p.by[direction]
	if by == 0 {
		return false, -1
	}
	left := by - rt.Nanotime()
	return left <= 0, int((left + 999999) / 1000000)
}

// wait returns nil when fd may be ready.
func (p *poller) wait(fd, direction int) error {
	wake := rt.Syscall(sysEventfd2, 0, oCloexec|oNonblock, 0, 0, 0)
	p.mu.Lock()
	late, timeout := p.late(direction)
	if !late && !p.closed {
		p.waiters = append(p.waiters, wake)
		p.mu.Unlock()
		// A negative wake is one that poll ignores.
		r := [2]pollRecord{{fd: int32(fd), events: pollEvents[direction]}, {fd: int32(wake), events: pollEvents[reading]}}
		rt.Syscall(sysPoll, uintptr(unsafe.Pointer(&r)), 2, uintptr(timeout), 0, 0)
		p.mu.Lock()
		for i, w := range p.waiters {
			if w == wake {
				p.waiters = append(p.waiters[:i], p.waiters[i+1:]...)
				break
			}
		}
		late, _ = p.late(direction)
	}
	closed := p.closed
	p.mu.Unlock()
	if wake >= 0 {
		rt.Close(wake)
	}
	switch {
	case closed:
		return ErrClosed
	case late:
		return ErrDeadlineExceeded
	}
	return nil
}

// start begins an operation on f; the error is nil, ErrClosed or
// ErrDeadlineExceeded in a PathError.
func (f *File) start(op string, direction int) error {
	p := f.poll
	if !p.enter() {
		return &PathError{op, f.name, ErrClosed}
	}
	p.mu.Lock()
	late, _ := p.late(direction)
	p.mu.Unlock()
	if late {
		p.leave(f.file)
		return &PathError{op, f.name, ErrDeadlineExceeded}
	}
	return nil
}

// pollRead is Read; the count may be a negated errno.
func (f *File) pollRead(b []byte) (n int, err error) {
	if err := f.start("read", reading); err != nil {
		return 0, err
	}
	for {
		n = rt.Read(f.fd, unsafe.Pointer(unsafe.SliceData(b)), len(b))
		if n != -int(syscall.EAGAIN) {
			break
		}
		if err = f.poll.wait(f.fd, reading); err != nil {
			n, err = 0, &PathError{"read", f.name, err}
			break
		}
	}
	f.poll.leave(f.file)
	return n, err
}

// pollWrite is Write.
func (f *File) pollWrite(b []byte) (n int, err error) {
	if err := f.start("write", writing); err != nil {
		return 0, err
	}
	for {
		m := rt.Write(f.fd, rt.Add(unsafe.Pointer(unsafe.SliceData(b)), uintptr(n)), len(b)-n)
		switch {
		case m == -int(syscall.EAGAIN):
			if err = f.poll.wait(f.fd, writing); err != nil {
				err = &PathError{"write", f.name, err}
			}
		case m < 0:
			err = f.failed("write", m)
		case m == 0 && n < len(b):
			err = &PathError{"write", f.name, io.ErrUnexpectedEOF}
		default:
			n += m
		}
		if err != nil || n >= len(b) && m >= 0 {
			break
		}
	}
	f.poll.leave(f.file)
	return n, err
}

// pollClose is Close. It waits until the descriptor is closed: those who wait for
// it are woken and go; others may be blocked in it for ever if the program made it
// one that blocks.
func (f *file) pollClose() error {
	p := f.poll
	if !p.enter() {
		return &PathError{"close", f.name, ErrClosed}
	}
	p.mu.Lock()
	p.closed = true
	p.wakeAll()
	blocking := p.blocking
	p.mu.Unlock()
	p.leave(f)
	if !blocking {
		rt.Semacquire(&p.gone, false, rt.WaitSemaphore)
	}
	return nil
}

// SetDeadline sets the time after which Read and Write fail; the zero Time is
// never. Only pipes have deadlines.
func (f *File) SetDeadline(t time.Time) error { return f.setDeadline(t, true, true) }

// SetReadDeadline is SetDeadline for Read.
func (f *File) SetReadDeadline(t time.Time) error { return f.setDeadline(t, true, false) }

// SetWriteDeadline is SetDeadline for Write.
func (f *File) SetWriteDeadline(t time.Time) error { return f.setDeadline(t, false, true) }

func (f *File) setDeadline(t time.Time, read, write bool) error {
	if err := f.check(); err != nil {
		return err
	}
	p := f.poll
	if p == nil && f.fd >= 0 {
		return ErrNoDeadline
	}
	if p == nil || !p.enter() {
		return errClosing
	}
	by := int64(0)
	if !t.IsZero() {
		// 0 would be no deadline.
		by = (rt.Nanotime() + int64(time.Until(t))) | 1
	}
	p.mu.Lock()
	if read {
		p.by[reading] = by
	}
	if write {
		p.by[writing] = by
	}
	p.wakeAll()
	p.mu.Unlock()
	p.leave(f.file)
	return nil
}
