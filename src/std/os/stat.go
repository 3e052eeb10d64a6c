package os

import (
	"internal/rt"
	"io"
	"io/fs"
	"time"
	"unsafe"
)

// statRecord is what stat(2) fills in on Linux, amd64.
type statRecord struct {
	dev, ino, nlink  uint64
	mode, uid, gid   uint32
	_                uint32
	rdev             uint64
	size             int64
	blksize, blocks  int64
	atime, atimeNsec int64
	mtime, mtimeNsec int64
	ctime, ctimeNsec int64
	_                [3]int64
}

type fileStat struct {
	name string
	mode FileMode
	sys  statRecord
}

func (s *fileStat) Name() string       { return s.name }
func (s *fileStat) Size() int64        { return s.sys.size }
func (s *fileStat) Mode() FileMode     { return s.mode }
func (s *fileStat) ModTime() time.Time { return time.Unix(s.sys.mtime, s.sys.mtimeNsec) }
func (s *fileStat) IsDir() bool        { return s.mode.IsDir() }
func (s *fileStat) Sys() any           { return &s.sys }

// kindOf returns the kind of a file whose mode is m for the system.
func kindOf(m uint32) FileMode {
	switch m & 0xF000 {
	case 0x1000:
		return ModeNamedPipe
	case 0x2000:
		return ModeDevice | ModeCharDevice
	case 0x4000:
		return ModeDir
	case 0x6000:
		return ModeDevice
	case 0xA000:
		return ModeSymlink
	case 0xC000:
		return ModeSocket
	}
	return 0
}

// finish completes s, the record of the file name.
func (s *fileStat) finish(name string) FileInfo {
	for len(name) > 1 && name[len(name)-1] == '/' {
		name = name[:len(name)-1]
	}
	for i := len(name) - 1; i >= 0; i-- {
		if name[i] == '/' && i+1 < len(name) {
			name = name[i+1:]
			break
		}
	}
	s.name = name
	m := s.sys.mode
	s.mode = FileMode(m&0777) | kindOf(m)
	if m&0o1000 != 0 {
		s.mode |= ModeSticky
	}
	if m&0o2000 != 0 {
		s.mode |= ModeSetgid
	}
	if m&0o4000 != 0 {
		s.mode |= ModeSetuid
	}
	return s
}

// Stat describes a file, where a symbolic link leads.
//
//go:noinline
func Stat(name string) (FileInfo, error) { return stat("stat", sysStat, name) }

// Lstat is Stat that describes a symbolic link itself.
//
//go:noinline
func Lstat(name string) (FileInfo, error) { return stat("lstat", sysLstat, name) }

func stat(op string, number int, name string) (FileInfo, error) {
	s := new(fileStat)
	_, err := pathCall(op, number, name, unsafe.Pointer(&s.sys), 0, 0)
	if err != nil {
		return nil, err
	}
	return s.finish(name), nil
}

// Stat describes f.
func (f *File) Stat() (FileInfo, error) {
	s := new(fileStat)
	_, err := f.call("stat", sysFstat, unsafe.Pointer(&s.sys), 0, 0, 0)
	if err != nil {
		return nil, err
	}
	return s.finish(f.name), nil
}

// SameFile reports whether two FileInfos of this package describe the same file.
func SameFile(fi1, fi2 FileInfo) bool {
	a, ok1 := fi1.(*fileStat)
	b, ok2 := fi2.(*fileStat)
	return ok1 && ok2 && a.sys.dev == b.sys.dev && a.sys.ino == b.sys.ino
}

const oDirectory = 0x10000 // fail unless it is a directory

// dirEntry is an entry of the directory dir.
type dirEntry struct {
	dir, name string
	kind      FileMode
}

func (d *dirEntry) Name() string            { return d.name }
func (d *dirEntry) IsDir() bool             { return d.kind.IsDir() }
func (d *dirEntry) Type() FileMode          { return d.kind }
func (d *dirEntry) Info() (FileInfo, error) { return Lstat(d.dir + "/" + d.name) }

func (d *dirEntry) String() string { return fs.FormatDirEntry(d) }

// ReadDir returns up to n entries of the directory f, io.EOF when there is none
// left; all that are left, without io.EOF, if n is not positive.
func (f *File) ReadDir(n int) ([]DirEntry, error) {
	if f == nil {
		return nil, ErrInvalid
	}
	rt.LeakPointer(unsafe.Pointer(f))
	if f.fd < 0 {
		return nil, &PathError{"readdirent", f.name, errClosing}
	}
	list := []DirEntry{}
	for n <= 0 || len(list) < n {
		name, kind, err := f.next()
		if err != nil {
			return list, err
		}
		if name == nil {
			if n > 0 && len(list) == 0 {
				return list, io.EOF
			}
			break
		}
		list = append(list, &dirEntry{f.name, string(name), kind})
	}
	return list, nil
}

// next returns the name and the kind of the next entry of a directory, but . and ..; nil at the end.
func (f *File) next() (name []byte, kind FileMode, err error) {
	for {
		if len(f.entries) == 0 {
			b := f.buf
			if b == nil {
				if b = (*[8192]byte)(rt.Swap(&dirBuf, nil)); b == nil {
					b = new([8192]byte)
				}
				f.buf = b
			}
			m, err := f.call("readdirent", sysGetdents64, unsafe.Pointer(&b[0]), 0, uintptr(len(b)), 0)
			if err != nil {
				return nil, 0, err
			}
			if m == 0 {
				f.buf = nil
				rt.Swap(&dirBuf, unsafe.Pointer(b))
				return nil, 0, nil
			}
			f.entries = b[:m]
		}
		// inode and offset (8 bytes each), length (2), kind (1), name and a zero.
		e := f.entries
		size := int(e[16]) | int(e[17])<<8
		name := e[19:size]
		for i, c := range name {
			if c == 0 {
				name = name[:i]
				break
			}
		}
		f.entries = e[size:]
		if s := string(name); s != "." && s != ".." {
			return name, kindOf(uint32(e[18]) << 12), nil
		}
	}
}

// dirBuf is what directories are read into, while nobody does.
var dirBuf unsafe.Pointer

// Readdir is ReadDir with descriptions of the entries.
func (f *File) Readdir(n int) ([]FileInfo, error) {
	if f == nil {
		return nil, ErrInvalid
	}
	entries, err := f.ReadDir(n)
	list := []FileInfo{}
	for _, e := range entries {
		info, err := e.Info()
		if IsNotExist(err) {
			continue // removed since
		}
		if err != nil {
			return list, err
		}
		list = append(list, info)
	}
	return list, err
}

// Readdirnames is ReadDir for names.
func (f *File) Readdirnames(n int) (names []string, err error) {
	if f == nil {
		return nil, ErrInvalid
	}
	rt.LeakPointer(unsafe.Pointer(f))
	if f.fd < 0 {
		return nil, &PathError{"readdirent", f.name, errClosing}
	}
	for n <= 0 || len(names) < n {
		name, _, err := f.next()
		if err != nil {
			return names, err
		}
		if name == nil {
			if n > 0 && len(names) == 0 {
				return names, io.EOF
			}
			break
		}
		names = append(names, string(name))
	}
	return names, nil
}

// ReadDir returns the entries of a directory, sorted by name.
func ReadDir(name string) ([]DirEntry, error) {
	f, err := OpenFile(name, oDirectory, 0)
	if err != nil {
		return nil, err
	}
	list, err := f.ReadDir(-1)
	f.Close()
	sortEntries(list)
	return list, err
}

// sortEntries sorts by name: a heap sort, as directories can be large.
func sortEntries(a []DirEntry) {
	sift := func(root, n int) {
		for {
			child := 2*root + 1
			if child >= n {
				return
			}
			if child+1 < n && a[child].Name() < a[child+1].Name() {
				child++
			}
			if a[root].Name() >= a[child].Name() {
				return
			}
			a[root], a[child] = a[child], a[root]
			root = child
		}
	}
	for i := len(a)/2 - 1; i >= 0; i-- {
		sift(i, len(a))
	}
	for i := len(a) - 1; i > 0; i-- {
		a[0], a[i] = a[i], a[0]
		sift(0, i)
	}
}
