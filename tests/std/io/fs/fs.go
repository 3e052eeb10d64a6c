package fs

import (
	"x/cmp"
	"x/errors"
	"x/io"
	"x/slices"
	"x/time"
	"x/unicode/utf8"
)

// A FS is a tree of files.
type FS interface {
	Open(name string) (File, error)
}

// A File is an open file of a FS.
type File interface {
	Stat() (FileInfo, error)
	Read([]byte) (int, error)
	Close() error
}

// A DirEntry is an entry of a directory.
type DirEntry interface {
	Name() string
	IsDir() bool
	Type() FileMode
	Info() (FileInfo, error)
}

// A FileInfo describes a file.
type FileInfo interface {
	Name() string       // base name
	Size() int64        // in bytes, for regular files
	Mode() FileMode     // kind and permissions
	ModTime() time.Time // last change
	IsDir() bool
	Sys() any
}

// A ReadDirFile is a directory.
type ReadDirFile interface {
	File
	ReadDir(n int) ([]DirEntry, error)
}

// A ReadFileFS reads files at once.
type ReadFileFS interface {
	FS
	ReadFile(name string) ([]byte, error)
}

// A ReadDirFS reads directories at once.
type ReadDirFS interface {
	FS
	ReadDir(name string) ([]DirEntry, error)
}

// A StatFS describes files without opening them.
type StatFS interface {
	FS
	Stat(name string) (FileInfo, error)
}

// ValidPath reports whether name is a path for Open: elements separated by
// slashes, none empty, "." or "..", or the path ".".
func ValidPath(name string) bool {
	if !utf8.ValidString(name) {
		return false
	}
	if name == "." {
		return true
	}
	for start := 0; ; {
		i := start
		for i < len(name) && name[i] != '/' {
			i++
		}
		if elem := name[start:i]; elem == "" || elem == "." || elem == ".." {
			return false
		}
		if i == len(name) {
			return true
		}
		start = i + 1
	}
}

// A FileMode holds a file's kind and permissions.
type FileMode uint32

const (
	ModeDir        FileMode = 1 << (31 - iota) // d: directory
	ModeAppend                                 // a: append-only
	ModeExclusive                              // l: exclusive use
	ModeTemporary                              // T: temporary file
	ModeSymlink                                // L: symbolic link
	ModeDevice                                 // D: device file
	ModeNamedPipe                              // p: named pipe
	ModeSocket                                 // S: socket
	ModeSetuid                                 // u: setuid
	ModeSetgid                                 // g: setgid
	ModeCharDevice                             // c: character device, with ModeDevice
	ModeSticky                                 // t: sticky
	ModeIrregular                              // ?: nothing else is known

	ModeType          = ModeDir | ModeSymlink | ModeNamedPipe | ModeSocket | ModeDevice | ModeCharDevice | ModeIrregular
	ModePerm FileMode = 0777
)

//go:noinline
func (m FileMode) String() string {
	var b []byte
	for i, c := range []byte("dalTLDpSugct?") {
		if m&(1<<uint(31-i)) != 0 {
			b = append(b, c)
		}
	}
	if len(b) == 0 {
		b = append(b, '-')
	}
	for i, c := range []byte("rwxrwxrwx") {
		if m&(1<<uint(8-i)) == 0 {
			c = '-'
		}
		b = append(b, c)
	}
	return string(b)
}

// IsDir reports whether m is that of a directory.
func (m FileMode) IsDir() bool { return m&ModeDir != 0 }

// IsRegular reports whether m is that of a regular file.
func (m FileMode) IsRegular() bool { return m&ModeType == 0 }

// Perm returns the permissions.
func (m FileMode) Perm() FileMode { return m & ModePerm }

// Type returns the kind.
func (m FileMode) Type() FileMode { return m & ModeType }

// ReadFile returns the contents of a file.
func ReadFile(fsys FS, name string) ([]byte, error) {
	if r, ok := fsys.(ReadFileFS); ok {
		return r.ReadFile(name)
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	size := int64(0)
	if info, err := f.Stat(); err == nil {
		size = info.Size()
	}
	data := make([]byte, 0, size+1)
	for {
		if len(data) == cap(data) {
			data = append(data, 0)[:len(data)]
		}
		n, err := f.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		if err == io.EOF {
			return data, nil
		}
		if err != nil {
			return data, err
		}
	}
}

// Stat describes a file.
func Stat(fsys FS, name string) (FileInfo, error) {
	if s, ok := fsys.(StatFS); ok {
		return s.Stat(name)
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.Stat()
}

// ReadDir returns the entries of a directory, sorted by name.
func ReadDir(fsys FS, name string) ([]DirEntry, error) {
	if r, ok := fsys.(ReadDirFS); ok {
		return r.ReadDir(name)
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	d, ok := f.(ReadDirFile)
	if !ok {
		return nil, &PathError{Op: "readdir", Path: name, Err: errors.New("not implemented")}
	}
	list, err := d.ReadDir(-1)
	sortEntries(list)
	return list, err
}

func sortEntries(list []DirEntry) {
	slices.SortFunc(list, func(a, b DirEntry) int { return cmp.Compare(a.Name(), b.Name()) })
}

// FileInfoToDirEntry makes a DirEntry of info.
func FileInfoToDirEntry(info FileInfo) DirEntry {
	if info == nil {
		return nil
	}
	return dirInfo{info}
}

type dirInfo struct{ info FileInfo }

func (e dirInfo) Name() string            { return e.info.Name() }
func (e dirInfo) IsDir() bool             { return e.info.IsDir() }
func (e dirInfo) Type() FileMode          { return e.info.Mode().Type() }
func (e dirInfo) Info() (FileInfo, error) { return e.info, nil }
func (e dirInfo) String() string          { return FormatDirEntry(e) }
