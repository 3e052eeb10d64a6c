package rt

import "unsafe"

// Open opens a file with the flags and mode of open(2), close-on-exec added,
// and returns its descriptor or the negated errno.
//
//go:noescape
func Open(path string, flags, mode int) int

// Close closes a file descriptor; it returns the negated errno.
func Close(fd int) int

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
