// Package syscall has system calls of Linux on amd64, their constants and errors.
package syscall

import (
	"x/internal/rt"
	"unsafe"
)

// Numbers of system calls.
const (
	SYS_READ          = 0
	SYS_WRITE         = 1
	SYS_OPEN          = 2
	SYS_CLOSE         = 3
	SYS_LSEEK         = 8
	SYS_MMAP          = 9
	SYS_MPROTECT      = 10
	SYS_MUNMAP        = 11
	SYS_IOCTL         = 16
	SYS_PIPE          = 22
	SYS_MADVISE       = 28
	SYS_DUP           = 32
	SYS_DUP2          = 33
	SYS_NANOSLEEP     = 35
	SYS_GETPID        = 39
	SYS_FORK          = 57
	SYS_EXECVE        = 59
	SYS_EXIT          = 60
	SYS_WAIT4         = 61
	SYS_KILL          = 62
	SYS_FCNTL         = 72
	SYS_GETCWD        = 79
	SYS_CHDIR         = 80
	SYS_UNLINK        = 87
	SYS_UMASK         = 95
	SYS_GETTIMEOFDAY  = 96
	SYS_GETRLIMIT     = 97
	SYS_GETRUSAGE     = 98
	SYS_GETUID        = 102
	SYS_GETGID        = 104
	SYS_GETEUID       = 107
	SYS_GETEGID       = 108
	SYS_GETPPID       = 110
	SYS_SETRLIMIT     = 160
	SYS_GETTID        = 186
	SYS_CLOCK_GETTIME = 228
	SYS_TGKILL        = 234
	SYS_PIPE2         = 293
	SYS_GETRANDOM     = 318
)

// Memory.
const (
	PROT_NONE  = 0
	PROT_READ  = 1
	PROT_WRITE = 2
	PROT_EXEC  = 4

	MAP_SHARED    = 0x1
	MAP_PRIVATE   = 0x2
	MAP_FIXED     = 0x10
	MAP_ANON      = 0x20
	MAP_ANONYMOUS = 0x20
	MAP_NORESERVE = 0x4000
	MAP_POPULATE  = 0x8000

	MADV_NORMAL   = 0
	MADV_DONTNEED = 4
)

// Files.
const (
	O_RDONLY    = 0
	O_WRONLY    = 1
	O_RDWR      = 2
	O_CREAT     = 0x40
	O_EXCL      = 0x80
	O_TRUNC     = 0x200
	O_APPEND    = 0x400
	O_NONBLOCK  = 0x800
	O_SYNC      = 0x101000
	O_DIRECTORY = 0x10000
	O_CLOEXEC   = 0x80000

	F_GETFD    = 1
	F_SETFD    = 2
	F_GETFL    = 3
	F_SETFL    = 4
	FD_CLOEXEC = 1

	S_IFMT   = 0xf000
	S_IFIFO  = 0x1000
	S_IFCHR  = 0x2000
	S_IFDIR  = 0x4000
	S_IFBLK  = 0x6000
	S_IFREG  = 0x8000
	S_IFLNK  = 0xa000
	S_IFSOCK = 0xc000

	PathMax = 0x1000

	RLIMIT_CPU    = 0
	RLIMIT_DATA   = 2
	RLIMIT_STACK  = 3
	RLIMIT_CORE   = 4
	RLIMIT_NOFILE = 7
	RLIMIT_AS     = 9

	WNOHANG   = 1
	WUNTRACED = 2

	RUSAGE_SELF     = 0
	RUSAGE_CHILDREN = -1

	ImplementsGetwd = true
)

// Descriptors of the standard streams.
var (
	Stdin  = 0
	Stdout = 1
	Stderr = 2
)

func result(n int) (r1, r2 uintptr, err Errno) {
	if n < 0 && n > -4096 {
		return ^uintptr(0), 0, Errno(-n)
	}
	return uintptr(n), 0, 0
}

// Syscall performs a system call that may take long.
//
//go:uintptrkeepalive
//go:nosplit
func Syscall(trap, a1, a2, a3 uintptr) (r1, r2 uintptr, err Errno) {
	return result(rt.Syscall6(int(trap), &[6]uintptr{a1, a2, a3}))
}

// Syscall6 is Syscall with six arguments.
//
//go:uintptrkeepalive
//go:nosplit
func Syscall6(trap, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2 uintptr, err Errno) {
	return result(rt.Syscall6(int(trap), &[6]uintptr{a1, a2, a3, a4, a5, a6}))
}

// RawSyscall performs a system call that takes no time.
//
//go:uintptrkeepalive
//go:nosplit
func RawSyscall(trap, a1, a2, a3 uintptr) (r1, r2 uintptr, err Errno) {
	return result(rt.Syscall(int(trap), a1, a2, a3, 0, 0))
}

// RawSyscall6 is RawSyscall with six arguments.
//
//go:uintptrkeepalive
//go:nosplit
func RawSyscall6(trap, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2 uintptr, err Errno) {
	return result(rt.Syscall6(int(trap), &[6]uintptr{a1, a2, a3, a4, a5, a6}))
}

func fail(n int) error {
	if n < 0 && n > -4096 {
		return Errno(-n)
	}
	return nil
}

// outcome is n, or -1 and the error that it stands for.
func outcome(n int) (int, error) {
	if err := fail(n); err != nil {
		return -1, err
	}
	return n, nil
}

// call makes a system call without addresses of Go's memory.
//
//go:noinline
func call(number int, a, b, c uintptr) (int, error) {
	return outcome(rt.Syscall(number, a, b, c, 0, 0))
}

// callPtr makes a system call whose first argument is an address. It becomes a
// number for the runtime only: the stack, if p points into it, may move before.
//
//go:noinline
func callPtr(number int, p unsafe.Pointer, b, c uintptr) (int, error) {
	return outcome(rt.Syscall(number, uintptr(p), b, c, 0, 0))
}

// callAt is callPtr where the address comes second.
//
//go:noinline
func callAt(number int, a uintptr, p unsafe.Pointer) (int, error) {
	return outcome(rt.Syscall(number, a, uintptr(p), 0, 0, 0))
}

// Getpagesize returns the size of a page of memory.
//
//go:noinline
func Getpagesize() int { return 4096 }

func Getpid() int  { return rt.Syscall(SYS_GETPID, 0, 0, 0, 0, 0) }
func Getppid() int { return rt.Syscall(SYS_GETPPID, 0, 0, 0, 0, 0) }
func Gettid() int  { return rt.Syscall(SYS_GETTID, 0, 0, 0, 0, 0) }
func Getuid() int  { return rt.Syscall(SYS_GETUID, 0, 0, 0, 0, 0) }
func Geteuid() int { return rt.Syscall(SYS_GETEUID, 0, 0, 0, 0, 0) }
func Getgid() int  { return rt.Syscall(SYS_GETGID, 0, 0, 0, 0, 0) }
func Getegid() int { return rt.Syscall(SYS_GETEGID, 0, 0, 0, 0, 0) }

// Kill sends a signal to a process.
//
//go:noinline
func Kill(pid int, sig Signal) error {
	_, err := call(SYS_KILL, uintptr(pid), uintptr(sig), 0)
	return err
}

// Exit ends the program.
//
//go:noinline
func Exit(code int) { rt.Exit(code) }

// Mmap maps a file, or memory with MAP_ANON.
func Mmap(fd int, offset int64, length int, prot int, flags int) (data []byte, err error) {
	return mmap(fd, offset, length, prot, flags)
}

func mmap(fd int, offset int64, length int, prot int, flags int) (data []byte, err error) {
	if length <= 0 {
		return nil, EINVAL
	}
	n := rt.Syscall6(SYS_MMAP, &[6]uintptr{0, uintptr(length), uintptr(prot), uintptr(flags), uintptr(fd), uintptr(offset)})
	if err := fail(n); err != nil {
		return nil, err
	}
	at := uintptr(n)
	return unsafe.Slice(*(**byte)(unsafe.Pointer(&at)), length), nil
}

// Munmap undoes Mmap.
func Munmap(b []byte) error { return munmap(b) }

//go:noinline
func munmap(b []byte) error {
	if len(b) == 0 || len(b) != cap(b) {
		return EINVAL
	}
	_, err := callPtr(SYS_MUNMAP, unsafe.Pointer(&b[0]), uintptr(len(b)), 0)
	return err
}

// Mprotect changes what may be done with pages.
//
//go:noinline
func Mprotect(b []byte, prot int) error {
	_, err := callPtr(SYS_MPROTECT, unsafe.Pointer(unsafe.SliceData(b)), uintptr(len(b)), uintptr(prot))
	return err
}

// Madvise tells how pages will be used.
//
//go:noinline
func Madvise(b []byte, advice int) error {
	_, err := callPtr(SYS_MADVISE, unsafe.Pointer(unsafe.SliceData(b)), uintptr(len(b)), uintptr(advice))
	return err
}

// Open opens a file.
func Open(path string, mode int, perm uint32) (fd int, err error) { return open(path, mode, perm) }

func open(path string, mode int, perm uint32) (fd int, err error) {
	p, err := BytePtrFromString(path)
	if err != nil {
		return -1, err
	}
	return callPtr(SYS_OPEN, unsafe.Pointer(p), uintptr(mode), uintptr(perm))
}

// Close closes a descriptor.
//
//go:noinline
func Close(fd int) error {
	_, err := call(SYS_CLOSE, uintptr(fd), 0, 0)
	return err
}

// Read reads from a descriptor.
func Read(fd int, p []byte) (n int, err error) { return read(fd, p) }

//go:noinline
func read(fd int, p []byte) (n int, err error) {
	n = rt.Read(fd, unsafe.Pointer(unsafe.SliceData(p)), len(p))
	if err := fail(n); err != nil {
		return -1, err
	}
	return n, nil
}

// Write writes to a descriptor.
func Write(fd int, p []byte) (n int, err error) { return write(fd, p) }

//go:noinline
func write(fd int, p []byte) (n int, err error) {
	n = rt.Write(fd, unsafe.Pointer(unsafe.SliceData(p)), len(p))
	if err := fail(n); err != nil {
		return -1, err
	}
	return n, nil
}

// Seek moves the position in a file.
//
//go:noinline
func Seek(fd int, offset int64, whence int) (off int64, err error) {
	n, err := call(SYS_LSEEK, uintptr(fd), uintptr(offset), uintptr(whence))
	return int64(n), err
}

// Pipe makes a pipe.
func Pipe(p []int) error { return Pipe2(p, 0) }

// Pipe2 makes a pipe with flags.
func Pipe2(p []int, flags int) error {
	if len(p) != 2 {
		return EINVAL
	}
	var ends [2]int32
	if _, err := callPtr(SYS_PIPE2, unsafe.Pointer(&ends), uintptr(flags), 0); err != nil {
		return err
	}
	p[0], p[1] = int(ends[0]), int(ends[1])
	return nil
}

// Dup copies a descriptor.
//
//go:noinline
func Dup(fd int) (int, error) { return call(SYS_DUP, uintptr(fd), 0, 0) }

// Dup2 copies a descriptor to another.
//
//go:noinline
func Dup2(oldfd, newfd int) error {
	_, err := call(SYS_DUP2, uintptr(oldfd), uintptr(newfd), 0)
	return err
}

// CloseOnExec makes new programs start without the descriptor.
func CloseOnExec(fd int) { call(SYS_FCNTL, uintptr(fd), F_SETFD, FD_CLOEXEC) }

// SetNonblock makes a descriptor's operations not wait, or wait.
func SetNonblock(fd int, nonblocking bool) error {
	flags, err := call(SYS_FCNTL, uintptr(fd), F_GETFL, 0)
	if err != nil {
		return err
	}
	if nonblocking {
		flags |= O_NONBLOCK
	} else {
		flags &^= O_NONBLOCK
	}
	_, err = call(SYS_FCNTL, uintptr(fd), F_SETFL, uintptr(flags))
	return err
}

// ByteSliceFromString returns s with a zero byte behind it.
//
//go:noinline
func ByteSliceFromString(s string) ([]byte, error) {
	if rt.IndexByte(s, 0) >= 0 {
		return nil, EINVAL
	}
	b := make([]byte, len(s)+1)
	copy(b, s)
	return b, nil
}

// BytePtrFromString returns the address of a copy of s that ends in a zero byte.
func BytePtrFromString(s string) (*byte, error) { return bytePtrFromString(s) }

//go:noinline
func bytePtrFromString(s string) (*byte, error) {
	b, err := ByteSliceFromString(s)
	if err != nil {
		return nil, err
	}
	return &b[0], nil
}

// A Timespec is a time in seconds and nanoseconds.
type Timespec struct {
	Sec  int64
	Nsec int64
}

// Nano returns the time in nanoseconds.
func (ts *Timespec) Nano() int64 { return ts.Sec*1e9 + ts.Nsec }

// Unix returns the time's parts.
func (ts *Timespec) Unix() (sec, nsec int64) { return ts.Sec, ts.Nsec }

// A Timeval is a time in seconds and microseconds.
type Timeval struct {
	Sec  int64
	Usec int64
}

// Nano returns the time in nanoseconds.
func (tv *Timeval) Nano() int64 { return tv.Sec*1e9 + tv.Usec*1000 }

// Unix returns the time's parts.
func (tv *Timeval) Unix() (sec, nsec int64) { return tv.Sec, tv.Usec * 1000 }

// Gettimeofday stores the time.
func Gettimeofday(tv *Timeval) error {
	_, err := callPtr(SYS_GETTIMEOFDAY, unsafe.Pointer(tv), 0, 0)
	return err
}

// A Rlimit is a limit of a resource.
type Rlimit struct {
	Cur uint64
	Max uint64
}

// Getrlimit stores a limit.
func Getrlimit(resource int, rlim *Rlimit) error {
	_, err := callAt(SYS_GETRLIMIT, uintptr(resource), unsafe.Pointer(rlim))
	return err
}

// Setrlimit sets a limit.
//
//go:noinline
func Setrlimit(resource int, rlim *Rlimit) error {
	_, err := callAt(SYS_SETRLIMIT, uintptr(resource), unsafe.Pointer(rlim))
	return err
}

// A Rusage says what a process used.
type Rusage struct {
	Utime    Timeval
	Stime    Timeval
	Maxrss   int64
	Ixrss    int64
	Idrss    int64
	Isrss    int64
	Minflt   int64
	Majflt   int64
	Nswap    int64
	Inblock  int64
	Oublock  int64
	Msgsnd   int64
	Msgrcv   int64
	Nsignals int64
	Nvcsw    int64
	Nivcsw   int64
}

// Getrusage stores what this process, or its children, used.
//
//go:noinline
func Getrusage(who int, rusage *Rusage) error {
	_, err := callAt(SYS_GETRUSAGE, uintptr(who), unsafe.Pointer(rusage))
	return err
}

// A WaitStatus says how a process ended.
type WaitStatus uint32

func (w WaitStatus) Exited() bool    { return w&0x7f == 0 }
func (w WaitStatus) Stopped() bool   { return w&0xff == 0x7f }
func (w WaitStatus) Continued() bool { return w == 0xffff }
func (w WaitStatus) Signaled() bool  { return w&0x7f != 0x7f && w&0x7f != 0 }
func (w WaitStatus) CoreDump() bool  { return w.Signaled() && w&0x80 != 0 }

func (w WaitStatus) ExitStatus() int {
	if !w.Exited() {
		return -1
	}
	return int(w>>8) & 0xff
}

func (w WaitStatus) Signal() Signal {
	if !w.Signaled() {
		return -1
	}
	return Signal(w & 0x7f)
}

func (w WaitStatus) StopSignal() Signal {
	if !w.Stopped() {
		return -1
	}
	return Signal(w>>8) & 0xff
}

//go:noinline
func wait4(pid int, status unsafe.Pointer, options int, usage unsafe.Pointer) int {
	return rt.Syscall(SYS_WAIT4, uintptr(pid), uintptr(status), uintptr(options), uintptr(usage), 0)
}

// Wait4 waits for a process.
func Wait4(pid int, wstatus *WaitStatus, options int, rusage *Rusage) (wpid int, err error) {
	n := wait4(pid, unsafe.Pointer(wstatus), options, unsafe.Pointer(rusage))
	if err := fail(n); err != nil {
		return -1, err
	}
	return n, nil
}

// SysProcAttr would say more of how a process is started.
type SysProcAttr struct {
	Chroot  string
	Setsid  bool
	Setpgid bool
	Pgid    int
}
