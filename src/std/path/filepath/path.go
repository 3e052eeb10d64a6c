// Package filepath works on paths of the operating system.
package filepath

import (
	"errors"
	"internal/filepathlite"
	"io/fs"
	"os"
	lib "path"
	"slices"
	"strings"
	"syscall"
)

const (
	Separator     = os.PathSeparator
	ListSeparator = os.PathListSeparator
)

// ErrBadPattern says that a pattern is malformed.
var ErrBadPattern = lib.ErrBadPattern

// SkipDir, returned by a WalkFunc, skips a directory; SkipAll ends the walk.
var (
	SkipDir error = fs.SkipDir
	SkipAll error = fs.SkipAll
)

func Clean(path string) string { return lib.Clean(path) }

// Join joins the elements that are not empty and cleans the path.
func Join(elem ...string) string { return join(elem) }

func join(elem []string) string {
	for i, e := range elem {
		if e != "" {
			return Clean(strings.Join(elem[i:], string(Separator)))
		}
	}
	return ""
}

func Base(path string) string { return filepathlite.Base(path) }

func Dir(path string) string { return filepathlite.Dir(path) }

func Ext(path string) string { return filepathlite.Ext(path) }

func IsAbs(path string) bool { return filepathlite.IsAbs(path) }

func Split(path string) (dir, file string) { return filepathlite.Split(path) }

//go:noinline
func Match(pattern, name string) (matched bool, err error) { return lib.Match(pattern, name) }

func ToSlash(path string) string { return filepathlite.ToSlash(path) }

func FromSlash(path string) string { return filepathlite.FromSlash(path) }

func VolumeName(path string) string { return filepathlite.VolumeName(path) }

// SplitList splits a list like that of $PATH.
func SplitList(path string) []string { return splitList(path) }

func splitList(path string) []string {
	if path == "" {
		return []string{}
	}
	return strings.Split(path, string(ListSeparator))
}

// Abs returns p from the root on.
func Abs(path string) (string, error) {
	if IsAbs(path) {
		return Clean(path), nil
	}
	wd, err := os.Getwd()
	if err != nil {
		return "", err
	}
	return Join(wd, path), nil
}

// Rel returns a path from basePath to targPath.
func Rel(basePath, targPath string) (string, error) {
	base, targ := Clean(basePath), Clean(targPath)
	if base == targ {
		return ".", nil
	}
	if base == "." {
		base = ""
	}
	same := IsAbs(base) == IsAbs(targ)
	// Drop the elements both begin with.
	for same && base != "" {
		b, baseRest, _ := strings.Cut(base, "/")
		t, targRest, _ := strings.Cut(targ, "/")
		if b != t {
			break
		}
		base, targ = baseRest, targRest
	}
	if !same || base == ".." || strings.HasPrefix(base, "../") {
		return "", errors.New("Rel: can't make " + targPath + " relative to " + basePath)
	}
	if base == "" {
		return targ, nil
	}
	up := strings.Repeat("../", strings.Count(base, "/")) + ".."
	if targ != "" {
		up += "/" + targ
	}
	return Clean(up), nil
}

// IsLocal reports whether path, as it is written, stays below the directory it
// is relative to.
func IsLocal(path string) bool { return filepathlite.IsLocal(path) }

// Localize returns the path of the operating system for one of package io/fs.
func Localize(path string) (string, error) { return localize(path) }

func localize(path string) (string, error) {
	if !fs.ValidPath(path) || strings.IndexByte(path, 0) >= 0 {
		return "", errors.New("invalid path")
	}
	return path, nil
}

// HasPrefix reports whether the text p begins with prefix.
//
// Deprecated: it knows nothing of paths.
func HasPrefix(p, prefix string) bool { return strings.HasPrefix(p, prefix) }

// EvalSymlinks returns path without symbolic links, clean.
//
//go:noinline
func EvalSymlinks(path string) (string, error) { return evalSymlinks(path) }

func evalSymlinks(path string) (string, error) {
	done := ""
	if IsAbs(path) {
		done = "/"
	}
	for links := 0; path != ""; {
		elem, rest, more := strings.Cut(path, "/")
		path = rest
		switch elem {
		case "", ".":
			continue
		case "..":
			i := strings.LastIndexByte(done, '/')
			switch last := done[i+1:]; {
			case last == "" && i == 0: // the root has no parent
			case last == "" || last == "..":
				done = above(done)
			case i == 0:
				done = "/"
			default:
				done = done[:max(i, 0)]
			}
			continue
		}
		parent := done
		if done != "" && done != "/" {
			done += "/"
		}
		done += elem
		info, err := os.Lstat(done)
		if err != nil {
			return "", err
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			if !info.IsDir() && more {
				return "", syscall.Errno(20) // ENOTDIR
			}
			continue
		}
		if links++; links > 255 {
			return "", errors.New("EvalSymlinks: too many links")
		}
		target, err := os.Readlink(done)
		if err != nil {
			return "", err
		}
		done = parent
		if IsAbs(target) {
			done = "/"
		}
		if more {
			target += "/" + path
		}
		path = target
	}
	return Clean(done), nil
}

// above appends ".." to a path that consists of such.
func above(path string) string {
	if path == "" {
		return ".."
	}
	return path + "/.."
}

// A WalkFunc is called for each file of a walk, or with the error that kept it
// from being looked at.
type WalkFunc func(path string, info fs.FileInfo, err error) error

// Walk calls fn for root and all below it, in lexical order. It does not follow
// symbolic links.
func Walk(root string, fn WalkFunc) error {
	info, err := os.Lstat(root)
	if err != nil {
		err = fn(root, nil, err)
	} else {
		err = walk(root, info, fn)
	}
	if err == SkipDir || err == SkipAll {
		return nil
	}
	return err
}

func walk(p string, info fs.FileInfo, fn WalkFunc) error {
	if !info.IsDir() {
		return fn(p, info, nil)
	}
	list, err := names(p)
	if err1 := fn(p, info, err); err != nil || err1 != nil {
		return err1
	}
	for _, e := range list {
		name := Join(p, e)
		info, err := os.Lstat(name)
		if err != nil {
			err = fn(name, info, err)
			if err != nil && err != SkipDir {
				return err
			}
			continue
		}
		if err := walk(name, info, fn); err != nil && (!info.IsDir() || err != SkipDir) {
			return err
		}
	}
	return nil
}

// Glob returns the files that match pattern.
func Glob(pattern string) (matches []string, err error) { return glob(pattern) }

func glob(pattern string) (matches []string, err error) {
	if _, err := Match(pattern, ""); err != nil {
		return nil, err
	}
	if !strings.ContainsAny(pattern, `*?[\`) {
		if _, err := os.Lstat(pattern); err != nil {
			return nil, nil
		}
		return []string{pattern}, nil
	}
	dir, file := Split(pattern)
	if dir == "" {
		dir = "."
	} else if len(dir) > 1 {
		dir = dir[:len(dir)-1]
	}
	dirs := []string{dir}
	if strings.ContainsAny(dir, `*?[\`) {
		if dirs, err = Glob(dir); err != nil {
			return nil, err
		}
	}
	for _, d := range dirs {
		if info, err := os.Stat(d); err != nil || !info.IsDir() {
			continue
		}
		list, _ := names(d)
		for _, name := range list {
			ok, err := Match(file, name)
			if err != nil {
				return matches, err
			}
			if ok {
				matches = append(matches, Join(d, name))
			}
		}
	}
	return matches, nil
}

// WalkDir calls fn for root and all below it, in lexical order. It does not
// follow symbolic links.
func WalkDir(root string, fn fs.WalkDirFunc) error {
	info, err := os.Lstat(root)
	if err != nil {
		err = fn(root, nil, err)
	} else {
		err = walkDir(root, fs.FileInfoToDirEntry(info), fn)
	}
	if err == SkipDir || err == SkipAll {
		return nil
	}
	return err
}

func walkDir(p string, d fs.DirEntry, fn fs.WalkDirFunc) error {
	if err := fn(p, d, nil); err != nil || !d.IsDir() {
		if err == SkipDir && d.IsDir() {
			err = nil
		}
		return err
	}
	list, err := os.ReadDir(p)
	if err != nil {
		if err = fn(p, d, err); err != nil {
			if err == SkipDir {
				err = nil
			}
			return err
		}
	}
	for _, e := range list {
		if err := walkDir(Join(p, e.Name()), e, fn); err != nil {
			if err == SkipDir {
				break
			}
			return err
		}
	}
	return nil
}

// names returns the names in a directory, sorted.
func names(dir string) ([]string, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	list, err := f.Readdirnames(-1)
	f.Close()
	slices.Sort(list)
	return list, err
}
