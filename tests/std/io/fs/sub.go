package fs

import (
	"x/errors"
	"x/path"
)

// A ReadLinkFS has symbolic links.
type ReadLinkFS interface {
	FS
	ReadLink(name string) (string, error) // where a link leads
	Lstat(name string) (FileInfo, error)  // describes a link itself
}

// ReadLink returns where a symbolic link leads.
func ReadLink(fsys FS, name string) (string, error) {
	if r, ok := fsys.(ReadLinkFS); ok {
		return r.ReadLink(name)
	}
	return "", &PathError{Op: "readlink", Path: name, Err: ErrInvalid}
}

// Lstat is Stat that describes a symbolic link itself, if fsys has links.
func Lstat(fsys FS, name string) (FileInfo, error) {
	if r, ok := fsys.(ReadLinkFS); ok {
		return r.Lstat(name)
	}
	return Stat(fsys, name)
}

// A GlobFS finds files by patterns itself.
type GlobFS interface {
	FS
	Glob(pattern string) ([]string, error)
}

// Glob returns the files that match pattern.
func Glob(fsys FS, pattern string) (matches []string, err error) { return glob(fsys, pattern) }

func glob(fsys FS, pattern string) (matches []string, err error) {
	if g, ok := fsys.(GlobFS); ok {
		return g.Glob(pattern)
	}
	if _, err := path.Match(pattern, ""); err != nil {
		return nil, err
	}
	if !hasMeta(pattern) {
		if _, err := Stat(fsys, pattern); err != nil {
			return nil, nil
		}
		return []string{pattern}, nil
	}
	dir, file := path.Split(pattern)
	if dir == "" {
		dir = "."
	} else {
		dir = dir[:len(dir)-1]
	}
	dirs := []string{dir}
	if hasMeta(dir) {
		if dirs, err = Glob(fsys, dir); err != nil {
			return nil, err
		}
	}
	for _, d := range dirs {
		list, err := ReadDir(fsys, d)
		if err != nil {
			continue
		}
		for _, e := range list {
			ok, err := path.Match(file, e.Name())
			if err != nil {
				return matches, err
			}
			if ok {
				matches = append(matches, path.Join(d, e.Name()))
			}
		}
	}
	return matches, nil
}

func hasMeta(pattern string) bool {
	for i := 0; i < len(pattern); i++ {
		switch pattern[i] {
		case '*', '?', '[', '\\':
			return true
		}
	}
	return false
}

// A SubFS makes trees of its directories itself.
type SubFS interface {
	FS
	Sub(dir string) (FS, error)
}

// Sub returns the tree of files at dir in fsys. Symbolic links may still lead
// out of it.
func Sub(fsys FS, dir string) (FS, error) {
	if !ValidPath(dir) {
		return nil, &PathError{Op: "sub", Path: dir, Err: ErrInvalid}
	}
	if dir == "." {
		return fsys, nil
	}
	if s, ok := fsys.(SubFS); ok {
		return s.Sub(dir)
	}
	return &subTree{fsys, dir}, nil
}

type subTree struct {
	fsys FS
	dir  string
}

// full returns the name for t.fsys.
func (t *subTree) full(op, name string) (string, error) {
	if !ValidPath(name) {
		return "", &PathError{Op: op, Path: name, Err: ErrInvalid}
	}
	return path.Join(t.dir, name), nil
}

// short undoes full.
func (t *subTree) short(name string) (string, bool) {
	if name == t.dir {
		return ".", true
	}
	n := len(t.dir)
	if len(name) >= n+2 && name[:n] == t.dir && name[n] == '/' {
		return name[n+1:], true
	}
	return "", false
}

// local makes err speak of names in t.
func (t *subTree) local(err error) error {
	if e, ok := err.(*PathError); ok {
		if name, ok := t.short(e.Path); ok {
			e.Path = name
		}
	}
	return err
}

func (t *subTree) Open(name string) (File, error) {
	name, err := t.full("open", name)
	if err != nil {
		return nil, err
	}
	f, err := t.fsys.Open(name)
	return f, t.local(err)
}

func (t *subTree) ReadDir(name string) ([]DirEntry, error) {
	name, err := t.full("read", name)
	if err != nil {
		return nil, err
	}
	list, err := ReadDir(t.fsys, name)
	return list, t.local(err)
}

func (t *subTree) ReadFile(name string) ([]byte, error) {
	name, err := t.full("read", name)
	if err != nil {
		return nil, err
	}
	data, err := ReadFile(t.fsys, name)
	return data, t.local(err)
}

func (t *subTree) ReadLink(name string) (string, error) {
	name, err := t.full("readlink", name)
	if err != nil {
		return "", err
	}
	target, err := ReadLink(t.fsys, name)
	return target, t.local(err)
}

func (t *subTree) Lstat(name string) (FileInfo, error) {
	name, err := t.full("lstat", name)
	if err != nil {
		return nil, err
	}
	info, err := Lstat(t.fsys, name)
	return info, t.local(err)
}

func (t *subTree) Glob(pattern string) ([]string, error) {
	if _, err := path.Match(pattern, ""); err != nil {
		return nil, err
	}
	if pattern == "." {
		return []string{"."}, nil
	}
	list, err := Glob(t.fsys, t.dir+"/"+pattern)
	for i, name := range list {
		short, ok := t.short(name)
		if !ok {
			return nil, errors.New("invalid result from inner fsys Glob: " + short + " not in " + t.dir)
		}
		list[i] = short
	}
	return list, t.local(err)
}

func (t *subTree) Sub(dir string) (FS, error) {
	if dir == "." {
		return t, nil
	}
	full, err := t.full("sub", dir)
	if err != nil {
		return nil, err
	}
	return &subTree{t.fsys, full}, nil
}
