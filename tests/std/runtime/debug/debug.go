// Package debug has programs look at and tune the runtime system.
package debug

import "runtime"

// SetMaxStack sets the largest size of a stack and returns the previous one.
func SetMaxStack(bytes int) int { return setMaxStack(bytes) }

func setMaxStack(bytes int) int { panic("native") }

// SetTraceback sets which goroutines' traces a program that dies prints, as the
// environment variable GOTRACEBACK does, which says the least there are.
func SetTraceback(level string) { setTraceback(level) }

func setTraceback(level string) { panic("native") }

// SetGCPercent sets how much the heap may grow before it is collected, in percent
// of what the last collection left, and returns the previous setting. A negative
// percentage turns that off.
func SetGCPercent(percent int) int { return setGCPercent(percent) }

func setGCPercent(percent int) int { panic("native") }

// SetMemoryLimit sets how much memory the program should use at most and returns
// the previous limit; negative limits only ask.
func SetMemoryLimit(limit int64) int64 { return setMemoryLimit(limit) }

func setMemoryLimit(limit int64) int64 { panic("native") }

// FreeOSMemory collects garbage, and gives memory that is then unused back to the
// system, as every collection does.
func FreeOSMemory() { runtime.GC() }
