package rt

// Sleep makes the goroutine wait for ns nanoseconds.
func Sleep(ns int64)

// Fatal ends the program with the text of a fatal error and a trace, as the
// runtime does for errors that cannot be recovered.
func Fatal(text string)
