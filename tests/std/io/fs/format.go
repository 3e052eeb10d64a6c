package fs

import (
	"x/internal/strconv"
	"x/time"
)

// FormatFileInfo describes a file in a line: mode, size, time and name.
func FormatFileInfo(info FileInfo) string {
	line := info.Mode().String() + " " + strconv.FormatInt(info.Size(), 10) + " " + info.ModTime().Format(time.DateTime) + " " + info.Name()
	if info.IsDir() {
		line += "/"
	}
	return line
}

// FormatDirEntry describes an entry of a directory in a line: kind and name.
func FormatDirEntry(dir DirEntry) string {
	kind := dir.Type().String()
	line := kind[:len(kind)-len("rwxrwxrwx")] + " " + dir.Name()
	if dir.IsDir() {
		line += "/"
	}
	return line
}
