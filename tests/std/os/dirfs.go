package os

import (
	"x/errors"
	"x/internal/stringslite"
	"x/io"
	"x/io/fs"
)

// DirFS returns the tree of files at dir.
func DirFS(dir string) fs.FS { return dirFS(dir) }

type dirFS string

// path returns the path of name for the operating system.
func (d dirFS) path(op, name string) (string, error) {
	if d == "" {
		return "", &PathError{op, name, errors.New("os: DirFS with empty root")}
	}
	if !fs.ValidPath(name) || stringslite.IndexByte(name, 0) >= 0 {
		return "", &PathError{op, name, ErrInvalid}
	}
	return join(string(d), name), nil
}

// called makes err speak of name.
func called(name string, err error) error {
	if e, ok := err.(*PathError); ok {
		e.Path = name
	}
	return err
}

func (d dirFS) Open(name string) (fs.File, error) {
	p, err := d.path("open", name)
	if err != nil {
		return nil, err
	}
	f, err := Open(p)
	if err != nil {
		return nil, called(name, err)
	}
	return f, nil
}

func (d dirFS) ReadFile(name string) ([]byte, error) {
	p, err := d.path("readfile", name)
	if err != nil {
		return nil, err
	}
	data, err := ReadFile(p)
	if err != nil {
		return nil, called(name, err)
	}
	return data, nil
}

func (d dirFS) ReadDir(name string) ([]DirEntry, error) {
	p, err := d.path("readdir", name)
	if err != nil {
		return nil, err
	}
	list, err := ReadDir(p)
	if err != nil {
		return nil, called(name, err)
	}
	return list, nil
}

func (d dirFS) Stat(name string) (FileInfo, error) {
	p, err := d.path("stat", name)
	if err != nil {
		return nil, err
	}
	info, err := Stat(p)
	return info, called(name, err)
}

func (d dirFS) Lstat(name string) (FileInfo, error) {
	p, err := d.path("lstat", name)
	if err != nil {
		return nil, err
	}
	info, err := Lstat(p)
	return info, called(name, err)
}

func (d dirFS) ReadLink(name string) (string, error) {
	p, err := d.path("readlink", name)
	if err != nil {
		return "", err
	}
	target, err := Readlink(p)
	return target, called(name, err)
}

// CopyFS copies the tree fsys into the directory dir. Files must not exist there.
func CopyFS(dir string, fsys fs.FS) error {
	return fs.WalkDir(fsys, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		to := join(dir, path)
		switch d.Type() {
		case ModeDir:
			return MkdirAll(to, 0777)
		case ModeSymlink:
			target, err := fs.ReadLink(fsys, path)
			if err != nil {
				return err
			}
			return Symlink(target, to)
		case 0:
			return copyFile(fsys, path, to)
		}
		return &PathError{"CopyFS", path, ErrInvalid}
	})
}

func copyFile(fsys fs.FS, from, to string) error {
	r, err := fsys.Open(from)
	if err != nil {
		return err
	}
	defer r.Close()
	info, err := r.Stat()
	if err != nil {
		return err
	}
	w, err := OpenFile(to, O_CREATE|O_EXCL|O_WRONLY, 0666|info.Mode()&0777)
	if err != nil {
		return err
	}
	if _, err := io.Copy(w, r); err != nil {
		w.Close()
		return &PathError{"Copy", to, err}
	}
	return w.Close()
}
