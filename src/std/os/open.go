package os

import (
	"internal/rt"
	"io"
	"io/fs"
	"syscall"
	"unsafe"
)

// Flags of OpenFile.
const (
	O_RDONLY int = 0        // exactly one of these three
	O_WRONLY int = 1        //
	O_RDWR   int = 2        //
	O_APPEND int = 0x400    // write at the end
	O_CREATE int = 0x40     // create it if it does not exist
	O_EXCL   int = 0x80     // with O_CREATE: it must not exist
	O_SYNC   int = 0x101000 // write through
	O_TRUNC  int = 0x200    // empty it
)

// Whence values of Seek. Deprecated: use package io's.
const (
	SEEK_SET int = 0
	SEEK_CUR int = 1
	SEEK_END int = 2
)

const (
	PathSeparator     = '/'
	PathListSeparator = ':'
	DevNull           = "/dev/null"
)

// Kinds and permissions of files: see package fs.
type (
	FileMode = fs.FileMode
	FileInfo = fs.FileInfo
	DirEntry = fs.DirEntry
)

const (
	ModeDir        = fs.ModeDir
	ModeAppend     = fs.ModeAppend
	ModeExclusive  = fs.ModeExclusive
	ModeTemporary  = fs.ModeTemporary
	ModeSymlink    = fs.ModeSymlink
	ModeDevice     = fs.ModeDevice
	ModeNamedPipe  = fs.ModeNamedPipe
	ModeSocket     = fs.ModeSocket
	ModeSetuid     = fs.ModeSetuid
	ModeSetgid     = fs.ModeSetgid
	ModeCharDevice = fs.ModeCharDevice
	ModeSticky     = fs.ModeSticky
	ModeIrregular  = fs.ModeIrregular
	ModeType       = fs.ModeType
	ModePerm       = fs.ModePerm
)

// Numbers of system calls on Linux, amd64.
const (
	sysStat       = 4
	sysFstat      = 5
	sysLstat      = 6
	sysLseek      = 8
	sysPread      = 17
	sysPwrite     = 18
	sysGetpid     = 39
	sysFsync      = 74
	sysTruncate   = 76
	sysFtruncate  = 77
	sysGetcwd     = 79
	sysChdir      = 80
	sysRename     = 82
	sysMkdir      = 83
	sysRmdir      = 84
	sysLink       = 86
	sysUnlink     = 87
	sysSymlink    = 88
	sysReadlink   = 89
	sysChmod      = 90
	sysGetuid     = 102
	sysGetgid     = 104
	sysGeteuid    = 107
	sysGetegid    = 108
	sysGetppid    = 110
	sysFchdir     = 81
	sysFchmod     = 91
	sysChown      = 92
	sysFchown     = 93
	sysLchown     = 94
	sysGetgroups  = 115
	sysUtimensat  = 280
	sysGetdents64 = 217
)

// pathCall performs a system call on a path; its second argument is a, or ptr.
// Stacks move when functions are called, so an address must stay a pointer up to
// the system call itself.
func pathCall(op string, number int, path string, ptr unsafe.Pointer, a, b uintptr) (int, error) {
	n := -int(syscall.EINVAL)
	var few [200]byte
	if len(path) < len(few) {
		// The system does not keep it.
		if copy(few[:], path); rt.IndexByte(path, 0) < 0 {
			n = rt.Syscall(number, uintptr(unsafe.Pointer(&few)), a+uintptr(ptr), b, 0, 0)
		}
	} else if p, ok := rt.CString(path); ok {
		n = rt.Syscall(number, uintptr(unsafe.Pointer(p)), a+uintptr(ptr), b, 0, 0)
	}
	if n < 0 {
		rt.Leak(path)
		return n, &PathError{op, path, syscall.Errno(-n)}
	}
	return n, nil
}

// modeBits returns the permissions of mode as the system has them.
func modeBits(mode FileMode) uintptr {
	m := uintptr(mode.Perm())
	if mode&ModeSetuid != 0 {
		m |= 0o4000
	}
	if mode&ModeSetgid != 0 {
		m |= 0o2000
	}
	if mode&ModeSticky != 0 {
		m |= 0o1000
	}
	return m
}

// OpenFile opens a file with flags; if it creates it, with the permissions perm.
func OpenFile(name string, flag int, perm FileMode) (*File, error) {
	fd := rt.Open(name, flag, int(modeBits(perm)))
	if fd < 0 {
		return nil, &PathError{"open", name, syscall.Errno(-fd)}
	}
	f := NewFile(uintptr(fd), name)
	f.appendOnly = flag&O_APPEND != 0
	return f, nil
}

// Open opens a file for reading.
func Open(name string) (*File, error) { return OpenFile(name, O_RDONLY, 0) }

// Create creates or empties a file.
func Create(name string) (*File, error) { return OpenFile(name, O_RDWR|O_CREATE|O_TRUNC, 0666) }

// Close closes f.
func (f *File) Close() error {
	if f == nil {
		return ErrInvalid
	}
	return f.file.close()
}

func (f *file) close() error {
	if f.poll != nil {
		return f.pollClose()
	}
	if f.fd < 0 {
		return &PathError{"close", f.name, ErrClosed}
	}
	n := rt.Close(f.fd)
	f.fd = -1
	if n < 0 {
		return &PathError{"close", f.name, syscall.Errno(-n)}
	}
	return nil
}

// call performs a system call on f; its second argument is a, or ptr, as in
// pathCall.
func (f *File) call(op string, number int, ptr unsafe.Pointer, a, b, c uintptr) (int, error) {
	if f == nil {
		return 0, ErrInvalid
	}
	n := -int(syscall.EBADF)
	if f.fd >= 0 {
		n = rt.Syscall(number, uintptr(f.fd), a+uintptr(ptr), b, c, 0)
	}
	if n < 0 {
		return 0, f.failed(op, n)
	}
	return n, nil
}

// ReadAt reads len(b) bytes at off; io.EOF if there are fewer.
func (f *File) ReadAt(b []byte, off int64) (n int, err error) {
	if f != nil && off < 0 {
		return 0, &PathError{"readat", f.name, errNegativeOffset}
	}
	for n < len(b) {
		m, err := f.call("read", sysPread, unsafe.Pointer(&b[n]), 0, uintptr(len(b)-n), uintptr(off)+uintptr(n))
		if err != nil {
			return n, err
		}
		if m == 0 {
			return n, io.EOF
		}
		n += m
	}
	return n, nil
}

// WriteAt writes b at off.
func (f *File) WriteAt(b []byte, off int64) (n int, err error) {
	if f != nil {
		if f.appendOnly {
			return 0, errWriteAtInAppendMode
		}
		if off < 0 {
			return 0, &PathError{"writeat", f.name, errNegativeOffset}
		}
	}
	for n < len(b) {
		m, err := f.call("write", sysPwrite, unsafe.Pointer(&b[n]), 0, uintptr(len(b)-n), uintptr(off)+uintptr(n))
		if err != nil {
			return n, err
		}
		n += m
	}
	return n, nil
}

// Seek sets the offset of the next Read or Write, and returns it.
func (f *File) Seek(offset int64, whence int) (ret int64, err error) {
	n, err := f.call("seek", sysLseek, nil, uintptr(offset), uintptr(whence), 0)
	if err == nil {
		f.entries = nil
	}
	return int64(n), err
}

// Sync writes what the system holds back to the disk.
func (f *File) Sync() error {
	_, err := f.call("sync", sysFsync, nil, 0, 0, 0)
	return err
}

// Truncate sets f's size.
func (f *File) Truncate(size int64) error {
	_, err := f.call("truncate", sysFtruncate, nil, uintptr(size), 0, 0)
	return err
}

// ReadFrom writes all of r.
func (f *File) ReadFrom(r io.Reader) (n int64, err error) {
	return io.Copy(onlyWriter{f}, r)
}

// WriteTo writes what is left of f to w.
func (f *File) WriteTo(w io.Writer) (n int64, err error) {
	if err := f.check(); err != nil {
		return 0, err
	}
	return io.Copy(w, onlyReader{f})
}

type onlyReader struct{ r *File }

func (o onlyReader) Read(p []byte) (int, error) { return o.r.Read(p) }

type onlyWriter struct{ w *File }

func (o onlyWriter) Write(p []byte) (int, error) { return o.w.Write(p) }

// ReadFile returns the contents of a file.
func ReadFile(name string) ([]byte, error) {
	f, err := Open(name)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(f)
	f.Close()
	return data, err
}

// WriteFile makes data the contents of a file, which it creates with the
// permissions perm if it does not exist.
func WriteFile(name string, data []byte, perm FileMode) error {
	f, err := OpenFile(name, O_WRONLY|O_CREATE|O_TRUNC, perm)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err1 := f.Close(); err == nil {
		err = err1
	}
	return err
}

// Truncate sets the size of a file.
func Truncate(name string, size int64) error {
	_, err := pathCall("truncate", sysTruncate, name, nil, uintptr(size), 0)
	return err
}
