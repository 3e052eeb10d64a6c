package os

import (
	"x/io"
	"x/syscall"
	"x/time"
	"unsafe"
)

// Open opens a file in r for reading.
func (r *Root) Open(name string) (*File, error) { return r.OpenFile(name, O_RDONLY, 0) }

// Create creates or empties a file in r.
func (r *Root) Create(name string) (*File, error) {
	return r.OpenFile(name, O_RDWR|O_CREATE|O_TRUNC, 0666)
}

// OpenFile is the function OpenFile for a file in r.
func (r *Root) OpenFile(name string, flag int, perm FileMode) (*File, error) {
	if perm&ModePerm != perm {
		return nil, &PathError{"openat", name, errMode}
	}
	var fd int
	err := r.in(name, 0, nil, func(dir int, base string, slash bool) (err error) {
		fd, err = at(sysOpenat, dir, base, nil, uintptr(flag)|oNofollow|oCloexec, uintptr(perm), 0)
		exclusive := flag&(O_CREATE|O_EXCL) == O_CREATE|O_EXCL
		switch {
		case exclusive && err == eloop:
			return syscall.EEXIST
		case !exclusive && (err == eloop || err == enotdir):
			return linkOr(dir, base, err)
		}
		return err
	})
	if err != nil {
		return nil, &PathError{"openat", name, err}
	}
	return &File{&file{fd: fd, name: join(r.root.name, name), appendOnly: flag&O_APPEND != 0}}, nil
}

// OpenRoot opens a directory in r as a Root.
func (r *Root) OpenRoot(name string) (*Root, error) {
	var fd int
	err := r.in(name, 0, nil, func(dir int, base string, slash bool) (err error) {
		fd, err = at(sysOpenat, dir, base, nil, oNofollow|oCloexec, 0, 0)
		if err == eloop {
			err = linkOr(dir, base, err)
		}
		return err
	})
	if err != nil {
		return nil, &PathError{"openat", name, err}
	}
	return newRoot(fd, join(r.root.name, name))
}

// ReadFile returns the contents of a file in r.
func (r *Root) ReadFile(name string) ([]byte, error) {
	f, err := r.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// WriteFile is the function WriteFile for a file in r.
func (r *Root) WriteFile(name string, data []byte, perm FileMode) error {
	f, err := r.OpenFile(name, O_WRONLY|O_CREATE|O_TRUNC, perm)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err1 := f.Close(); err == nil {
		err = err1
	}
	return err
}

// change performs a change of a file in r; where follow is set, of what a link
// leads to.
func (r *Root) change(op, name string, flags int, follow bool, change func(dir int, base string) error) error {
	err := r.in(name, flags, nil, func(dir int, base string, slash bool) error {
		if follow {
			if err := linkOr(dir, base, nil); err != nil {
				return err
			}
		}
		return change(dir, base)
	})
	if err != nil {
		return &PathError{op, name, err}
	}
	return nil
}

// Chmod sets the permissions of a file in r.
func (r *Root) Chmod(name string, mode FileMode) error {
	return r.change("chmodat", name, 0, true, func(dir int, base string) error {
		_, err := at(sysFchmodat2, dir, base, nil, modeBits(mode), atNofollow, 0)
		if err == syscall.ENOSYS {
			_, err = at(sysFchmodat, dir, base, nil, modeBits(mode), 0, 0)
		}
		return err
	})
}

func chownAt(dir int, base string, uid, gid int) error {
	_, err := at(sysFchownat, dir, base, nil, uintptr(uid), uintptr(gid), atNofollow)
	return err
}

// Chown sets the owner and the group of a file in r, where they are not -1.
func (r *Root) Chown(name string, uid, gid int) error {
	return r.change("chownat", name, 0, true, func(dir int, base string) error { return chownAt(dir, base, uid, gid) })
}

// Lchown is Chown for a symbolic link itself.
func (r *Root) Lchown(name string, uid, gid int) error {
	return r.change("lchownat", name, 0, false, func(dir int, base string) error { return chownAt(dir, base, uid, gid) })
}

// Chtimes sets the times of the last access and change of a file in r.
func (r *Root) Chtimes(name string, atime time.Time, mtime time.Time) error {
	ts := timestamps(atime, mtime)
	return r.change("chtimesat", name, 0, true, func(dir int, base string) error {
		_, err := at(sysUtimensat, dir, base, unsafe.Pointer(&ts), 0, atNofollow, 0)
		return err
	})
}

func mkdirAt(dir int, base string, perm FileMode) error {
	_, err := at(sysMkdirat, dir, base, nil, modeBits(perm), 0, 0)
	return err
}

// Mkdir makes a directory in r.
func (r *Root) Mkdir(name string, perm FileMode) error {
	if perm&ModePerm != perm {
		return &PathError{"mkdirat", name, errMode}
	}
	return r.change("mkdirat", name, mayBeMissing|ignoreSlash, false, func(dir int, base string) error { return mkdirAt(dir, base, perm) })
}

// MkdirAll makes a directory in r and those above it, as far as they do not exist.
func (r *Root) MkdirAll(name string, perm FileMode) error {
	if perm&ModePerm != perm {
		return &PathError{"mkdirat", name, errMode}
	}
	enter := func(dir int, base string) (int, error) {
		for second := false; ; second = true {
			fd, err := openDirAt(dir, base)
			if _, ok := err.(link); ok || err == nil {
				return fd, err
			}
			if second || !IsNotExist(err) {
				return 0, &PathError{Op: "openat", Err: err}
			}
			if err := mkdirAt(dir, base, perm); err != nil && err != syscall.EEXIST {
				return 0, &PathError{Op: "mkdirat", Err: err}
			}
		}
	}
	err := r.in(name, mayBeMissing|ignoreSlash, enter, func(dir int, base string, slash bool) error {
		err := mkdirAt(dir, base, perm)
		if err == syscall.EEXIST {
			err = r.existing(name, dir, base)
		}
		if err != nil {
			return &PathError{Op: "mkdirat", Err: err}
		}
		return nil
	})
	if err != nil {
		if _, ok := err.(*PathError); !ok {
			err = &PathError{"mkdirat", name, err}
		}
	}
	return err
}

// existing returns nil if base, which is in the way of a new directory, is one
// or leads to one.
func (r *Root) existing(name string, dir int, base string) error {
	info, err := lstatAt(dir, base, base)
	switch {
	case err != nil:
		return syscall.EEXIST
	case info.IsDir():
		return nil
	case info.Mode()&ModeSymlink != 0:
		info, err := r.Stat(name)
		switch {
		case err == nil && info.IsDir():
			return nil
		case err == nil:
			return enotdir
		case !IsNotExist(err):
			return err
		}
	}
	return syscall.EEXIST
}

// Remove removes a file or an empty directory in r.
func (r *Root) Remove(name string) error {
	return r.change("removeat", name, 0, false, func(dir int, base string) error {
		_, err := at(sysUnlinkat, dir, base, nil, 0, 0, 0)
		if err == nil {
			return nil
		}
		_, err1 := at(sysUnlinkat, dir, base, nil, atRemove, 0, 0)
		if err1 != enotdir {
			return err1
		}
		return err
	})
}

// RemoveAll removes a file or a directory in r, with all in it; nil if there is none.
func (r *Root) RemoveAll(name string) error {
	for len(name) > 0 && name[len(name)-1] == '/' {
		name = name[:len(name)-1]
	}
	if n := len(name); n > 0 && name[n-1] == '.' && (n == 1 || name[n-2] == '/') {
		return &PathError{"RemoveAll", name, syscall.EINVAL}
	}
	err := r.change("RemoveAll", name, 0, false, removeTreeAt)
	if IsNotExist(err) {
		return nil
	}
	return err
}

// removeTreeAt is removeTree for base in the directory dir.
func removeTreeAt(dir int, base string) error {
	_, err := at(sysUnlinkat, dir, base, nil, 0, 0, 0)
	if err == nil || IsNotExist(err) {
		return nil
	}
	if err != syscall.Errno(21) && err != syscall.EPERM && err != syscall.EACCES { // EISDIR
		return err
	}
	fd, err1 := openDirAt(dir, base)
	if err1 != nil {
		if IsNotExist(err1) {
			return nil
		}
		return err
	}
	f := &File{&file{fd: fd, name: base}}
	names, first := f.Readdirnames(-1)
	for _, name := range names {
		if err := removeTreeAt(fd, name); err != nil && first == nil {
			first = err
		}
	}
	f.Close()
	_, err = at(sysUnlinkat, dir, base, nil, atRemove, 0, 0)
	if err == nil || IsNotExist(err) {
		return nil
	}
	if first != nil {
		return first
	}
	return err
}

// Stat describes a file in r, where a symbolic link leads.
func (r *Root) Stat(name string) (FileInfo, error) { return r.stat(name, true) }

// Lstat is Stat that describes a symbolic link itself.
func (r *Root) Lstat(name string) (FileInfo, error) { return r.stat(name, false) }

func (r *Root) stat(name string, follow bool) (info FileInfo, err error) {
	err = r.change("statat", name, 0, follow, func(dir int, base string) (err error) {
		info, err = lstatAt(dir, base, name)
		return err
	})
	if err != nil {
		return nil, err
	}
	return info, nil
}

// Readlink returns where a symbolic link in r leads.
func (r *Root) Readlink(name string) (target string, err error) {
	err = r.change("readlinkat", name, 0, false, func(dir int, base string) (err error) {
		target, err = readlinkAt(dir, base)
		return err
	})
	return target, err
}

// Symlink makes a symbolic link in r; it may lead anywhere.
func (r *Root) Symlink(oldname, newname string) error {
	err := r.in(newname, 0, nil, func(dir int, base string, slash bool) error {
		// symlinkat(old, dir, new): the first argument is the path that at does not know.
		return symlinkAt(oldname, dir, base)
	})
	if err != nil {
		return &LinkError{"symlinkat", oldname, newname, err}
	}
	return nil
}

// Rename moves a file in r.
func (r *Root) Rename(oldname, newname string) error {
	err := r.in(oldname, 0, nil, func(from int, old string, slash bool) error {
		return r.in(newname, mayBeMissing, nil, func(to int, base string, slash bool) error {
			info, err := lstatAt(from, old, old)
			if slash {
				if err != nil {
					return err
				}
				if !info.IsDir() {
					return enotdir
				}
			}
			if there, err1 := lstatAt(to, base, base); err1 == nil && there.IsDir() {
				if err != nil {
					return err
				}
				if base == old || !SameFile(there, info) {
					return syscall.EEXIST
				}
			}
			return pairAt(sysRenameat, from, old, to, base)
		})
	})
	if err != nil {
		return &LinkError{"renameat", oldname, newname, err}
	}
	return nil
}

// Link gives a file in r another name.
func (r *Root) Link(oldname, newname string) error {
	err := r.in(oldname, 0, nil, func(from int, old string, slash bool) error {
		return r.in(newname, 0, nil, func(to int, base string, slash bool) error {
			return pairAt(sysLinkat, from, old, to, base)
		})
	})
	if err != nil {
		return &LinkError{"linkat", oldname, newname, err}
	}
	return nil
}
