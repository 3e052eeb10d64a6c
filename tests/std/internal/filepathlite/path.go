// Package filepathlite holds what package path/filepath does with the text of a path.
package filepathlite

import (
	"x/internal/stringslite"
	"x/path"
)

// Separator stands between the elements of a path.
const Separator = '/'

// IsPathSeparator reports whether c is the separator.
func IsPathSeparator(c uint8) bool { return Separator == c }

// IsAbs reports whether path begins at the root.
func IsAbs(path string) bool { return stringslite.HasPrefix(path, "/") }

// ToSlash and FromSlash exchange separators for slashes and back.
func ToSlash(path string) string {
	if Separator == '/' {
		return path
	}
	return exchange(path)
}

func FromSlash(path string) string {
	if Separator == '/' {
		return path
	}
	return exchange(path)
}

func exchange(path string) string { return path }

func volumeNameLen(path string) int { return 0 }

// VolumeName returns the name of the volume of path: nothing.
func VolumeName(path string) string { return FromSlash(path[:volumeNameLen(path)]) }

// Split splits path behind its last separator.
func Split(path string) (dir, file string) {
	volume := VolumeName(path)
	i := len(path) - 1
	for i >= len(volume) && !IsPathSeparator(path[i]) {
		i--
	}
	return path[:i+1], path[i+1:]
}

// Ext returns the ending of the last element, with its dot.
func Ext(path string) string {
	for i := len(path) - 1; i >= 0 && !IsPathSeparator(path[i]); i-- {
		if path[i] == '.' {
			return path[i:]
		}
	}
	return ""
}

// Clean, Base and Dir are those of package path.
func Clean(p string) string { return path.Clean(p) }

//go:noinline
func Base(p string) string { return path.Base(p) }

//go:noinline
func Dir(p string) string { return path.Dir(p) }

// IsLocal reports whether path, as it is written, stays below the directory it
// is relative to.
func IsLocal(path string) bool { return isLocal(path) }

func isLocal(path string) bool { return unixIsLocal(path) }

//go:noinline
func unixIsLocal(path string) bool {
	if path == "" || IsAbs(path) {
		return false
	}
	path = Clean(path)
	return path != ".." && !stringslite.HasPrefix(path, "../")
}
