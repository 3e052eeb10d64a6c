package os

import (
	"x/internal/rt"
	"x/syscall"
)

// env is the environment, as KEY=value; envRead says that it was read.
var (
	env     []string
	envRead bool
)

// onLookup is called with each variable that the program looks up or sets, if
// it is set. (Through it, names and values may outlive the calls below.)
var onLookup func(key, value string)

func note(key, value string) {
	if onLookup != nil {
		onLookup(key, value)
	}
}

func readEnv() {
	if envRead {
		return
	}
	envRead = true
	for i := 0; ; i++ {
		s := rt.Environ(i)
		if s == "" {
			return
		}
		env = append(env, s)
	}
}

// findEnv returns the index of key's entry and its value, -1 if there is none.
func findEnv(key string) (int, string) {
	readEnv()
	for i, s := range env {
		if n := len(key); len(s) > n && s[n] == '=' && s[:n] == key && n > 0 {
			return i, s[n+1:]
		}
	}
	return -1, ""
}

// Getenv returns the value of key in the environment, "" if it has none.
//
//go:noinline
func Getenv(key string) string {
	v, _ := LookupEnv(key)
	return v
}

// LookupEnv returns the value of key in the environment and whether it has one.
func LookupEnv(key string) (string, bool) {
	note(key, "")
	i, v := findEnv(key)
	return v, i >= 0
}

// Environ returns a copy of the environment, as KEY=value.
func Environ() []string {
	readEnv()
	return append([]string(nil), env...)
}

// Setenv sets the value of key in the environment.
func Setenv(key, value string) error {
	note(key, value)
	bad := key == ""
	for i := 0; i < len(key); i++ {
		bad = bad || key[i] == '=' || key[i] == 0
	}
	for i := 0; i < len(value); i++ {
		bad = bad || value[i] == 0
	}
	if bad {
		return NewSyscallError("setenv", syscall.EINVAL)
	}
	if i, _ := findEnv(key); i >= 0 {
		env[i] = key + "=" + value
	} else {
		env = append(env, key+"="+value)
	}
	return nil
}

// Unsetenv removes key from the environment.
func Unsetenv(key string) error { return unsetenv(key) }

func unsetenv(key string) error {
	note(key, "")
	if i, _ := findEnv(key); i >= 0 {
		env = append(env[:i:i], env[i+1:]...)
	}
	return nil
}

// Clearenv removes everything from the environment.
func Clearenv() {
	env, envRead = nil, true
}
