package os

import (
	"errors"
	"internal/rt"
	"internal/stringslite"
	"syscall"
	"unsafe"
)

var (
	errNegativeOffset      = errors.New("negative offset")
	errWriteAtInAppendMode = errors.New("os: invalid use of WriteAt on file opened with O_APPEND")
)

// A LinkError records a failed operation on two paths.
type LinkError struct {
	Op  string
	Old string
	New string
	Err error
}

func (e *LinkError) Error() string { return e.Op + " " + e.Old + " " + e.New + ": " + e.Err.Error() }

func (e *LinkError) Unwrap() error { return e.Err }

// linkCall performs a system call on two paths.
func linkCall(op string, number int, old, new string) error {
	p, ok1 := rt.CString(old)
	q, ok2 := rt.CString(new)
	n := -int(syscall.EINVAL)
	if ok1 && ok2 {
		n = rt.Syscall(number, uintptr(unsafe.Pointer(p)), uintptr(unsafe.Pointer(q)), 0, 0, 0)
	}
	if n < 0 {
		return &LinkError{op, old, new, syscall.Errno(-n)}
	}
	return nil
}

// Rename moves a file.
func Rename(oldpath, newpath string) error { return linkCall("rename", sysRename, oldpath, newpath) }

// Link gives a file another name.
func Link(oldname, newname string) error { return linkCall("link", sysLink, oldname, newname) }

// Symlink makes a symbolic link.
func Symlink(oldname, newname string) error { return linkCall("symlink", sysSymlink, oldname, newname) }

// Readlink returns where a symbolic link leads.
func Readlink(name string) (string, error) { return readlink(name) }

func readlink(name string) (string, error) {
	b := make([]byte, 4096)
	n, err := pathCall("readlink", sysReadlink, name, unsafe.Pointer(&b[0]), 0, uintptr(len(b)))
	if err != nil {
		return "", err
	}
	return string(b[:n]), nil
}

// Mkdir makes a directory.
func Mkdir(name string, perm FileMode) error { return mkdir(name, perm) }

func mkdir(name string, perm FileMode) error {
	_, err := pathCall("mkdir", sysMkdir, name, nil, modeBits(perm), 0)
	return err
}

// MkdirAll makes a directory and those above it, as far as they do not exist.
func MkdirAll(path string, perm FileMode) error {
	if info, err := Stat(path); err == nil {
		if info.IsDir() {
			return nil
		}
		return &PathError{"mkdir", path, syscall.Errno(20)} // ENOTDIR
	}
	i := len(path) - 1
	for i >= 0 && path[i] == '/' {
		i--
	}
	for i >= 0 && path[i] != '/' {
		i--
	}
	if i > 0 {
		if err := MkdirAll(path[:i], perm); err != nil {
			return err
		}
	}
	err := Mkdir(path, perm)
	if err != nil {
		if info, err1 := Lstat(path); err1 == nil && info.IsDir() {
			return nil
		}
	}
	return err
}

// Remove removes a file or an empty directory.
func Remove(name string) error {
	_, err := pathCall("remove", sysUnlink, name, nil, 0, 0)
	if err == nil {
		return nil
	}
	_, err1 := pathCall("remove", sysRmdir, name, nil, 0, 0)
	if err1 == nil {
		return nil
	}
	if e, ok := err1.(*PathError); ok && e.Err != syscall.Errno(20) {
		return err1
	}
	return err
}

// RemoveAll removes a file or a directory with all in it; nil if there is none.
func RemoveAll(path string) error { return removeAll(path) }

func removeAll(path string) error {
	if path == "" {
		return nil
	}
	if n := len(path); path[n-1] == '.' && (n == 1 || path[n-2] == '/') {
		return &PathError{"RemoveAll", path, syscall.EINVAL}
	}
	err := Remove(path)
	if err == nil || IsNotExist(err) {
		return nil
	}
	dir, base := splitPath(path)
	if _, err := Stat(dir); err != nil {
		if IsNotExist(err) {
			return nil
		}
		return &PathError{"open", dir, underlying(err)}
	}
	return removeTree(dir + "/" + base)
}

// splitPath returns the directory of path and its last element.
func splitPath(path string) (dir, base string) {
	for len(path) > 1 && path[len(path)-1] == '/' {
		path = path[:len(path)-1]
	}
	i := stringslite.LastIndex(path, "/")
	base = path[i+1:]
	for i > 0 && path[i-1] == '/' {
		i--
	}
	switch {
	case i < 0:
		return ".", base
	case i == 0:
		return "/", base
	}
	return path[:i], base
}

// removeTree removes path and all in it, as far as it can; the error is the
// first one.
func removeTree(path string) error {
	_, err := pathCall("unlinkat", sysUnlink, path, nil, 0, 0)
	if err == nil || IsNotExist(err) {
		return nil
	}
	if e := underlying(err); e != syscall.Errno(21) && e != syscall.EPERM && e != syscall.EACCES { // EISDIR
		return err
	}
	info, err1 := Lstat(path)
	if err1 != nil || !info.IsDir() {
		if IsNotExist(err1) {
			return nil
		}
		return err
	}
	var first error
	var list []string
	f, err1 := OpenFile(path, oDirectory, 0)
	if err1 == nil {
		list, err1 = f.Readdirnames(-1)
		f.Close()
	}
	if err1 != nil {
		if IsNotExist(err1) {
			return nil
		}
		first = &PathError{"openfdat", path, underlying(err1)}
	}
	for _, e := range list {
		if err := removeTree(path + "/" + e); err != nil && first == nil {
			first = err
		}
	}
	_, err = pathCall("unlinkat", sysRmdir, path, nil, 0, 0)
	if err == nil || IsNotExist(err) {
		return nil
	}
	if first != nil {
		return first
	}
	return err
}

// Chdir makes dir the current directory.
//
//go:noinline
func Chdir(dir string) error {
	_, err := pathCall("chdir", sysChdir, dir, nil, 0, 0)
	return err
}

// Getwd returns the current directory: $PWD if it leads there.
func Getwd() (dir string, err error) {
	if dir := Getenv("PWD"); len(dir) > 0 && dir[0] == '/' {
		dot, err := Stat(".")
		if err != nil {
			return "", err
		}
		if d, err := Stat(dir); err == nil && SameFile(dot, d) {
			return dir, nil
		}
	}
	b := make([]byte, 4096)
	n := rt.Syscall(sysGetcwd, uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)), 0, 0, 0)
	if n <= 0 {
		return "", NewSyscallError("getwd", syscall.Errno(-n))
	}
	return string(b[:n-1]), nil
}

// TempDir returns the directory for temporary files.
func TempDir() string {
	if dir := Getenv("TMPDIR"); dir != "" {
		return dir
	}
	return "/tmp"
}

var errPattern = errors.New("pattern contains path separator")

// temporary calls make with names made of pattern until one does not exist.
func temporary(dir, pattern, op string, make func(name string) error) (string, error) {
	if dir == "" {
		dir = TempDir()
	}
	if stringslite.IndexByte(pattern, '/') >= 0 {
		return "", &PathError{op, pattern, errPattern}
	}
	prefix, suffix := pattern, ""
	if i := stringslite.LastIndex(pattern, "*"); i >= 0 {
		prefix, suffix = pattern[:i], pattern[i+1:]
	}
	prefix = join(dir, prefix)
	for try := uint64(0); ; try++ {
		n := uint32((uint64(rt.Nanotime())+try)*0x9E3779B97F4A7C15>>32) ^ uint32(Getpid())
		name := prefix + decimal(n) + suffix
		err := make(name)
		if err == nil || !IsExist(err) {
			return name, err
		}
		if try == 10000 {
			return "", &PathError{op, prefix + "*" + suffix, ErrExist}
		}
	}
}

// join joins a directory and a name in it.
func join(dir, name string) string {
	if dir != "" && dir[len(dir)-1] == '/' {
		return dir + name
	}
	return dir + "/" + name
}

func decimal(n uint32) string {
	var b [10]byte
	i := len(b)
	for {
		i--
		b[i] = byte('0' + n%10)
		n /= 10
		if n == 0 {
			return string(b[i:])
		}
	}
}

// CreateTemp creates a file in dir, with a random text in place of the last
// asterisk of pattern.
func CreateTemp(dir, pattern string) (*File, error) {
	var f *File
	_, err := temporary(dir, pattern, "createtemp", func(name string) (err error) {
		f, err = OpenFile(name, O_RDWR|O_CREATE|O_EXCL, 0600)
		return err
	})
	return f, err
}

// MkdirTemp makes a directory in dir, with a random text in place of the last
// asterisk of pattern.
func MkdirTemp(dir, pattern string) (string, error) {
	rt.Leak(dir)
	name, err := temporary(dir, pattern, "mkdirtemp", func(name string) error { return Mkdir(name, 0700) })
	if err == nil {
		return name, nil
	}
	if IsNotExist(err) {
		if _, err := Stat(dir); IsNotExist(err) {
			return "", err
		}
	}
	return "", err
}

// Numbers of the process, its parent, its user and group.
func Getpid() int  { return rt.Syscall(sysGetpid, 0, 0, 0, 0, 0) }
func Getppid() int { return rt.Syscall(sysGetppid, 0, 0, 0, 0, 0) }
func Getuid() int  { return rt.Syscall(sysGetuid, 0, 0, 0, 0, 0) }
func Geteuid() int { return rt.Syscall(sysGeteuid, 0, 0, 0, 0, 0) }
func Getgid() int  { return rt.Syscall(sysGetgid, 0, 0, 0, 0, 0) }
func Getegid() int { return rt.Syscall(sysGetegid, 0, 0, 0, 0, 0) }

// Getpagesize returns the size of a page of memory.
func Getpagesize() int { return 4096 }

// Hostname returns the machine's name.
func Hostname() (name string, err error) { return hostname() }

func hostname() (name string, err error) {
	// Six texts of 65 bytes, the second of which is the name.
	const sysUname, size = 63, 65
	var texts [6 * size]byte
	if n := rt.Syscall(sysUname, uintptr(unsafe.Pointer(&texts)), 0, 0, 0, 0); n < 0 {
		return "", NewSyscallError("uname", syscall.Errno(-n))
	}
	b := texts[size : 2*size]
	for n, c := range b {
		if c == 0 {
			b = b[:n]
			break
		}
	}
	return string(b), nil
}

// UserHomeDir returns the user's directory, $HOME.
func UserHomeDir() (string, error) {
	if dir := Getenv("HOME"); dir != "" {
		return dir, nil
	}
	return "", errors.New("$HOME is not defined")
}

// userDir returns the directory that the variable names, or the one at path in
// the user's.
func userDir(variable, path string) (string, error) {
	dir := Getenv(variable)
	switch {
	case dir == "":
		home := Getenv("HOME")
		if home == "" {
			return "", errors.New("neither $" + variable + " nor $HOME are defined")
		}
		return home + path, nil
	case dir[0] != '/':
		return "", errors.New("path in $" + variable + " is relative")
	}
	return dir, nil
}

// UserCacheDir returns the directory for what programs of the user cache.
//
//go:noinline
func UserCacheDir() (string, error) { return userDir("XDG_CACHE_HOME", "/.cache") }

// UserConfigDir returns the directory for what the user configures.
//
//go:noinline
func UserConfigDir() (string, error) { return userDir("XDG_CONFIG_HOME", "/.config") }

// Executable returns the path of the program.
func Executable() (string, error) { return executable() }

func executable() (string, error) { return Readlink("/proc/self/exe") }

// IsPathSeparator reports whether c is '/'.
func IsPathSeparator(c uint8) bool { return PathSeparator == c }

// Expand replaces $name and ${name} in s by what mapping returns for name.
func Expand(s string, mapping func(string) string) string {
	var b []byte
	last := 0
	for i := 0; i+1 < len(s); i++ {
		if s[i] != '$' {
			continue
		}
		name, n := shellName(s[i+1:])
		b = append(b, s[last:i]...)
		if name != "" {
			b = append(b, mapping(name)...)
		} else if n == 0 {
			b = append(b, '$')
		}
		i += n
		last = i + 1
	}
	if b == nil {
		return s
	}
	return string(append(b, s[last:]...))
}

// ExpandEnv is Expand with the environment.
func ExpandEnv(s string) string { return Expand(s, Getenv) }

func special(c byte) bool {
	switch c {
	case '*', '#', '$', '@', '!', '?', '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		return true
	}
	return false
}

// shellName returns the name that s begins with, in braces or not, and how many
// bytes it takes; an empty name with a length is bad syntax to drop.
func shellName(s string) (string, int) {
	if s[0] == '{' {
		if len(s) > 2 && special(s[1]) && s[2] == '}' {
			return s[1:2], 3
		}
		for i := 1; i < len(s); i++ {
			if s[i] == '}' {
				if i == 1 {
					return "", 2
				}
				return s[1:i], i + 1
			}
		}
		return "", 1
	}
	if special(s[0]) {
		return s[:1], 1
	}
	i := 0
	for i < len(s) && (s[i] == '_' || '0' <= s[i] && s[i] <= '9' || 'a' <= s[i]|0x20 && s[i]|0x20 <= 'z') {
		i++
	}
	return s[:i], i
}
