package os

import "x/syscall"

// SyscallConn returns access to f's descriptor.
func (f *File) SyscallConn() (syscall.RawConn, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	return &rawConn{f}, nil
}

type rawConn struct{ f *File }

// use calls op with the descriptor, which stays open meanwhile.
func (c *rawConn) use(op func(fd uintptr)) error {
	f := c.f.file
	if f.poll != nil {
		if !f.poll.enter() {
			return errClosing
		}
		defer f.poll.leave(f)
	}
	if f.fd < 0 {
		return errClosing
	}
	op(uintptr(f.fd))
	return nil
}

// wait calls op until it returns true, whenever the descriptor may be ready.
func (c *rawConn) wait(direction int, op func(fd uintptr) bool) error {
	var err error
	closed := c.use(func(fd uintptr) {
		for !op(fd) {
			if c.f.poll == nil {
				err = ErrNoDeadline
				return
			}
			if err = c.f.poll.wait(int(fd), direction); err != nil {
				return
			}
		}
	})
	if closed != nil {
		return closed
	}
	return err
}

func (c *rawConn) Control(f func(fd uintptr)) error { return c.use(f) }

func (c *rawConn) Read(f func(fd uintptr) bool) error { return c.wait(reading, f) }

func (c *rawConn) Write(f func(fd uintptr) bool) error { return c.wait(writing, f) }
