package os

import "x/internal/rt"

// Args holds the program's arguments, its name first.
var Args = args()

func args() []string {
	a := make([]string, rt.Argc())
	for i := range a {
		a[i] = rt.Arg(i)
	}
	return a
}

// Exit ends the program with the status code; deferred functions do not run.
//
//go:noinline
func Exit(code int) { rt.Exit(code) }
