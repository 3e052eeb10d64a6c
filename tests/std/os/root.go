package os

import (
	"x/errors"
	"x/internal/rt"
	isync "x/internal/sync"
	"x/io/fs"
	"x/syscall"
	"unsafe"
)

// A Root is a directory whose methods reach only what is in it: a path leads
// nowhere else, neither by ".." nor by symbolic links.
type Root struct{ root *root }

type root struct {
	name   string
	fd     int
	mu     isync.Mutex
	users  int // operations under way: the last one closes a closed root
	closed bool
}

// Numbers of system calls on Linux, amd64, that take a directory.
const (
	sysOpenat     = 257
	sysMkdirat    = 258
	sysFchownat   = 260
	sysNewfstatat = 262
	sysUnlinkat   = 263
	sysRenameat   = 264
	sysLinkat     = 265
	sysSymlinkat  = 266
	sysReadlinkat = 267
	sysFchmodat   = 268
	sysFchmodat2  = 452

	oNofollow  = 0x20000
	atNofollow = 0x100
	atRemove   = 0x200

	maxLinks = 8
	maxSteps = 255
)

const (
	enotdir      = syscall.Errno(20)
	enametoolong = syscall.Errno(36)
	eloop        = syscall.Errno(40)
)

var (
	errEscapes = errors.New("path escapes from parent")
	errMode    = errors.New("unsupported file mode")
)

// at performs a system call on name in the directory fd; its third argument is
// a, or ptr, as in pathCall.
func at(number, fd int, name string, ptr unsafe.Pointer, a, b, c uintptr) (int, error) {
	p, ok := rt.CString(name)
	n := -int(syscall.EINVAL)
	if ok {
		n = rt.Syscall(number, uintptr(fd), uintptr(unsafe.Pointer(p)), a+uintptr(ptr), b, c)
	}
	if n < 0 {
		return n, syscall.Errno(-n)
	}
	return n, nil
}

// A link is the error of an operation that found a symbolic link, and where it
// leads. No user sees it.
type link string

func (link) Error() string { return "symbolic link" }

// linkOr returns the link that name is in fd, or err if it is none.
func linkOr(fd int, name string, err error) error {
	target, err1 := readlinkAt(fd, name)
	if err1 != nil {
		return err
	}
	return link(target)
}

func readlinkAt(fd int, name string) (string, error) {
	b := make([]byte, 4096)
	n, err := at(sysReadlinkat, fd, name, unsafe.Pointer(&b[0]), 0, uintptr(len(b)), 0)
	if err != nil {
		return "", err
	}
	return string(b[:n]), nil
}

// lstatAt describes name in fd, as called.
func lstatAt(fd int, name, called string) (FileInfo, error) {
	s := new(fileStat)
	if _, err := at(sysNewfstatat, fd, name, unsafe.Pointer(&s.sys), 0, atNofollow, 0); err != nil {
		return nil, err
	}
	return s.finish(called), nil
}

// openDirAt opens a directory; the error may be a link.
func openDirAt(fd int, name string) (int, error) {
	n, err := at(sysOpenat, fd, name, nil, oNofollow|oCloexec|oDirectory, 0, 0)
	if err == eloop || err == enotdir {
		err = linkOr(fd, name, err)
	}
	return n, err
}

func (r *root) enter() bool {
	r.mu.Lock()
	ok := !r.closed
	if ok {
		r.users++
	}
	r.mu.Unlock()
	return ok
}

func (r *root) leave() {
	r.mu.Lock()
	r.users--
	last := r.closed && r.users == 0
	r.mu.Unlock()
	if last {
		rt.Close(r.fd)
	}
}

// splitElements appends the elements of a path to list, without those that are
// "." but for the last; slash says that a slash ends it.
func splitElements(list []string, path string) (_ []string, slash bool, err error) {
	switch {
	case path == "":
		return nil, false, errors.New("empty path")
	case path[0] == '/':
		return nil, false, errEscapes
	}
	for i := 0; i < len(path); {
		end := i
		for end < len(path) && path[end] != '/' {
			end++
		}
		elem := path[i:end]
		slash = end < len(path)
		for i = end; i < len(path) && path[i] == '/'; i++ {
		}
		if elem != "." || i == len(path) {
			list = append(list, elem)
		}
	}
	return list, slash, nil
}

// How in treats a slash at the end of a path.
const (
	mayBeMissing = 1 << iota // what is to be made may be missing
	ignoreSlash              // f takes care of it
)

// A walk goes along a path in a root.
type walk struct {
	root  *root
	fd    int // the directory of the next element
	at    int // its index
	elems []string
	slash bool
}

// in calls action with the directory that holds the last element of path, and
// that element; action returns a link if it is one that must be followed. open,
// if not nil, opens the directories on the way.
func (r *Root) in(path string, flags int, open func(fd int, name string) (int, error), action func(fd int, name string, slash bool) error) error {
	if !r.root.enter() {
		return ErrClosed
	}
	defer r.root.leave()
	elems, slash, err := splitElements(nil, path)
	if err != nil {
		return err
	}
	if open == nil {
		open = openDirAt
	}
	w := &walk{root: r.root, fd: r.root.fd, elems: elems, slash: slash}
	defer w.restart()
	restarts, links := 0, 0
	for steps := 1; ; steps++ {
		if steps > maxSteps && restarts > maxLinks {
			return enametoolong
		}
		if w.elems[w.at] == ".." {
			restarts++
			if !w.goUp() {
				return errEscapes
			}
			continue
		}
		last := w.at == len(w.elems)-1
		var err error
		if last {
			if err = w.checkSlash(flags); err == nil {
				err = action(w.fd, w.elems[w.at], w.slash)
			}
		} else {
			var fd int
			if fd, err = open(w.fd, w.elems[w.at]); err == nil {
				w.enter(fd)
			}
		}
		switch e := err.(type) {
		case nil:
			if last {
				return nil
			}
			w.at++
		case link:
			if links++; links > maxLinks {
				return eloop
			}
			if err := w.follow(string(e), last); err != nil {
				return err
			}
		case *PathError:
			e.Path = w.elems[0]
			for _, elem := range w.elems[1 : w.at+1] {
				e.Path += "/" + elem
			}
			return e
		default:
			return err
		}
	}
}

// restart goes back to the root.
func (w *walk) restart() {
	if w.fd != w.root.fd {
		rt.Close(w.fd)
	}
	w.fd = w.root.fd
	w.at = 0
}

// goUp drops the elements ".." at w.at with those they lead back from; false if
// there are too few.
func (w *walk) goUp() bool {
	end := w.at + 1
	for end < len(w.elems) && w.elems[end] == ".." {
		end++
	}
	begin := w.at - (end - w.at)
	if begin < 0 {
		return false
	}
	w.elems = append(w.elems[:begin:begin], w.elems[end:]...)
	if len(w.elems) == 0 {
		w.elems = []string{"."}
	}
	w.restart()
	return true
}

// enter makes fd, the directory at w.at, the one of the next element.
func (w *walk) enter(fd int) {
	i := w.at
	w.restart()
	w.fd, w.at = fd, i
}

// checkSlash returns an error, which may be a link, if a slash ends the path but
// the last element is no directory.
func (w *walk) checkSlash(flags int) error {
	if !w.slash || flags&ignoreSlash != 0 {
		return nil
	}
	name := w.elems[w.at]
	info, err := lstatAt(w.fd, name, name)
	switch {
	case IsNotExist(err) && flags&mayBeMissing != 0:
	case err != nil:
		return err
	case info.Mode()&ModeSymlink != 0:
		return linkOr(w.fd, name, enotdir)
	case !info.IsDir():
		return enotdir
	}
	return nil
}

// follow puts where a link leads in place of the element at w.at.
func (w *walk) follow(target string, last bool) error {
	elems, slash, err := splitElements(w.elems[:w.at:w.at], target)
	if err != nil {
		return err
	}
	rest := w.elems[w.at+1:]
	if len(rest) > 0 && elems[len(elems)-1] == "." {
		elems = elems[:len(elems)-1]
	}
	w.slash = w.slash || last && slash
	if w.elems = append(elems, rest...); len(w.elems) == 0 {
		w.elems = []string{"."}
	}
	return nil
}

// OpenRoot opens the directory name as a Root.
func OpenRoot(name string) (*Root, error) {
	fd := rt.Open(name, 0, 0)
	if fd < 0 {
		return nil, &PathError{"open", name, syscall.Errno(-fd)}
	}
	return newRoot(fd, name)
}

func newRoot(fd int, name string) (*Root, error) {
	info, err := (&File{&file{fd: fd, name: name}}).Stat()
	if err == nil && !info.IsDir() {
		rt.Close(fd)
		return nil, &PathError{"open", name, errors.New("not a directory")}
	}
	return &Root{&root{name: name, fd: fd}}, nil
}

// OpenInRoot opens name in the directory dir, as Root does.
func OpenInRoot(dir, name string) (*File, error) {
	r, err := OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return r.Open(name)
}

// Name returns the name that r was opened by.
func (r *Root) Name() string { return r.root.name }

// Close closes r.
func (r *Root) Close() error { return r.root.close() }

func (r *root) close() error {
	r.mu.Lock()
	if !r.closed && r.users == 0 {
		rt.Close(r.fd)
	}
	r.closed = true
	r.mu.Unlock()
	return nil
}

// FS returns the tree of files in r.
func (r *Root) FS() fs.FS { return (*rootFS)(r) }

type rootFS Root

func (f *rootFS) check(op, name string) error {
	if !fs.ValidPath(name) {
		return &PathError{op, name, ErrInvalid}
	}
	return nil
}

func (f *rootFS) Open(name string) (fs.File, error) {
	if err := f.check("open", name); err != nil {
		return nil, err
	}
	file, err := (*Root)(f).Open(name)
	if err != nil {
		return nil, err
	}
	return file, nil
}

func (f *rootFS) ReadDir(name string) ([]DirEntry, error) {
	if err := f.check("readdir", name); err != nil {
		return nil, err
	}
	file, err := (*Root)(f).Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	list, err := file.ReadDir(-1)
	sortEntries(list)
	return list, err
}

func (f *rootFS) ReadFile(name string) ([]byte, error) {
	if err := f.check("readfile", name); err != nil {
		return nil, err
	}
	return (*Root)(f).ReadFile(name)
}

func (f *rootFS) ReadLink(name string) (string, error) {
	if err := f.check("readlink", name); err != nil {
		return "", err
	}
	return (*Root)(f).Readlink(name)
}

func (f *rootFS) Stat(name string) (FileInfo, error) {
	if err := f.check("stat", name); err != nil {
		return nil, err
	}
	return (*Root)(f).Stat(name)
}

func (f *rootFS) Lstat(name string) (FileInfo, error) {
	if err := f.check("lstat", name); err != nil {
		return nil, err
	}
	return (*Root)(f).Lstat(name)
}

func symlinkAt(target string, fd int, name string) error {
	p, ok1 := rt.CString(target)
	q, ok2 := rt.CString(name)
	n := -int(syscall.EINVAL)
	if ok1 && ok2 {
		n = rt.Syscall(sysSymlinkat, uintptr(unsafe.Pointer(p)), uintptr(fd), uintptr(unsafe.Pointer(q)), 0, 0)
	}
	if n < 0 {
		return syscall.Errno(-n)
	}
	return nil
}

// pairAt performs a system call on two names in two directories.
func pairAt(number, from int, old string, to int, name string) error {
	p, ok1 := rt.CString(old)
	q, ok2 := rt.CString(name)
	n := -int(syscall.EINVAL)
	if ok1 && ok2 {
		n = rt.Syscall(number, uintptr(from), uintptr(unsafe.Pointer(p)), uintptr(to), uintptr(unsafe.Pointer(q)), 0)
	}
	if n < 0 {
		return syscall.Errno(-n)
	}
	return nil
}
