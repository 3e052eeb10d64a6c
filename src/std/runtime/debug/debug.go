// Package debug has programs look at and tune the runtime system.
package debug

import "runtime"

// SetMaxStack sets the largest size of a stack and returns the previous one.
func SetMaxStack(bytes int) int { return setMaxStack(bytes) }

func setMaxStack(bytes int) int

// SetTraceback sets which goroutines' traces a program that dies prints, as the
// environment variable GOTRACEBACK does, which says the least there are.
func SetTraceback(level string) { setTraceback(level) }

func setTraceback(level string)

var gcPercent = 100

// SetGCPercent sets how much garbage there may be before it is collected, in
// percent of what is in use, and returns the previous setting.
func SetGCPercent(percent int) int {
	old := gcPercent
	gcPercent = percent
	return old
}

var memoryLimit int64 = 1<<63 - 1

// SetMemoryLimit sets how much memory the program should use at most and returns
// the previous limit; negative limits only ask.
func SetMemoryLimit(limit int64) int64 {
	old := memoryLimit
	if limit >= 0 {
		memoryLimit = limit
	}
	return old
}

// FreeOSMemory collects garbage, and gives memory that is then unused back to the
// system, as every collection does.
func FreeOSMemory() { runtime.GC() }
