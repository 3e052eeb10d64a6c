package rt

import "unsafe"


// Numbers of system calls on Linux, amd64.
const (
	sysOpen  = 2
	sysClose = 3

	openCloexec = 0x80000
)

// CString returns the address of a copy of s that ends in a zero byte; ok is
// false if s has one inside.
func CString(s string) (p *byte, ok bool) {
	b := make([]byte, len(s)+1)
	copy(b, s)
	return &b[0], IndexByte(s, 0) < 0
}

// Open opens a file with the flags and mode of open(2), close-on-exec added,
// and returns its descriptor or the negated errno.
func Open(path string, flags, mode int) int {
	p, ok := CString(path)
	if !ok {
		return -22 // EINVAL
	}
	return Syscall(sysOpen, uintptr(unsafe.Pointer(p)), uintptr(flags|openCloexec), uintptr(mode), 0, 0)
}

// Close closes a file descriptor; it returns 0 or the negated errno.
func Close(fd int) int { return Syscall(sysClose, uintptr(fd), 0, 0, 0, 0) }

// ReadFile returns the contents of a file and 0, or an errno.
func ReadFile(path string) (data []byte, errno int) {
	fd := Open(path, 0, 0)
	if fd < 0 {
		return nil, -fd
	}
	data = make([]byte, 0, 4096)
	for {
		n := Read(fd, Add(unsafe.Pointer(unsafe.SliceData(data)), uintptr(len(data))), cap(data)-len(data))
		if n <= 0 {
			Close(fd)
			return data, -n
		}
		data = data[:len(data)+n]
		if len(data) == cap(data) {
			data = append(data, 0)[:len(data)]
		}
	}
}
