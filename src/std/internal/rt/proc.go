package rt

// Fatal ends the program with the text of a fatal error and a trace, as the
// runtime does for errors that cannot be recovered.
func Fatal(text string)
