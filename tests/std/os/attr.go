package os

import (
	"x/internal/rt"
	"x/syscall"
	"x/time"
	"unsafe"
)

// Chmod sets the permissions of a file.
func Chmod(name string, mode FileMode) error {
	_, err := pathCall("chmod", sysChmod, name, nil, modeBits(mode), 0)
	return err
}

// Chown sets the owner and the group of a file, where they are not -1.
func Chown(name string, uid, gid int) error {
	_, err := pathCall("chown", sysChown, name, nil, uintptr(uid), uintptr(gid))
	return err
}

// Lchown is Chown for a symbolic link itself.
func Lchown(name string, uid, gid int) error {
	_, err := pathCall("lchown", sysLchown, name, nil, uintptr(uid), uintptr(gid))
	return err
}

// timestamps are access and modification time as utimensat(2) has them; a zero
// Time leaves the file's as it is.
func timestamps(atime, mtime time.Time) (ts [2][2]int64) {
	const omit = 1<<30 - 2
	for i, t := range [2]time.Time{atime, mtime} {
		ts[i] = [2]int64{t.Unix(), int64(t.Nanosecond())}
		if t.IsZero() {
			ts[i] = [2]int64{0, omit}
		}
	}
	return ts
}

const atCwd = -100 // relative to the current directory

// Chtimes sets the times of the last access and change of a file; a zero Time
// changes nothing.
func Chtimes(name string, atime time.Time, mtime time.Time) error {
	ts := timestamps(atime, mtime)
	p, ok := rt.CString(name)
	n := -int(syscall.EINVAL)
	if ok {
		cwd := atCwd
		n = rt.Syscall(sysUtimensat, uintptr(cwd), uintptr(unsafe.Pointer(p)), uintptr(unsafe.Pointer(&ts)), 0, 0)
	}
	if n < 0 {
		return &PathError{"chtimes", name, syscall.Errno(-n)}
	}
	return nil
}

// Chmod sets f's permissions.
func (f *File) Chmod(mode FileMode) error { return f.chmod(mode) }

func (f *File) chmod(mode FileMode) error {
	_, err := f.call("chmod", sysFchmod, nil, modeBits(mode), 0, 0)
	return err
}

// Chown sets f's owner and group, where they are not -1.
func (f *File) Chown(uid, gid int) error {
	_, err := f.call("chown", sysFchown, nil, uintptr(uid), uintptr(gid), 0)
	return err
}

// Chdir makes the directory f the current one.
func (f *File) Chdir() error {
	_, err := f.call("chdir", sysFchdir, nil, 0, 0, 0)
	return err
}

// Getgroups returns the groups the process belongs to.
func Getgroups() ([]int, error) {
	var ids [65536]uint32
	n := rt.Syscall(sysGetgroups, uintptr(len(ids)), uintptr(unsafe.Pointer(&ids)), 0, 0, 0)
	if n < 0 {
		return nil, NewSyscallError("getgroups", syscall.Errno(-n))
	}
	if n == 0 {
		return nil, nil
	}
	groups := make([]int, n)
	for i := range groups {
		groups[i] = int(ids[i])
	}
	return groups, nil
}
