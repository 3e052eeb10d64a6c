// Package pprof writes profiles of the running program: of goroutines, as
// text. There are no samples of processor time or of allocations.
package pprof

import (
	"x/context"
	"x/errors"
	"x/fmt"
	"x/io"
	"runtime"
	"x/slices"
	"x/strings"
	"sync"
)

// A Profile is a collection of stacks.
type Profile struct {
	name  string
	mu    sync.Mutex
	items map[any][]uintptr
}

var (
	mu       sync.Mutex
	profiles = map[string]*Profile{
		"goroutine":    {name: "goroutine"},
		"threadcreate": {name: "threadcreate"},
		"heap":         {name: "heap"},
		"allocs":       {name: "allocs"},
		"block":        {name: "block"},
		"mutex":        {name: "mutex"},
	}
)

// NewProfile makes a profile with the name; there must be none yet.
func NewProfile(name string) *Profile {
	mu.Lock()
	defer mu.Unlock()
	if name == "" {
		panic("pprof: NewProfile with empty name")
	}
	if profiles[name] != nil {
		panic("pprof: NewProfile name already in use: " + name)
	}
	p := &Profile{name: name, items: map[any][]uintptr{}}
	profiles[name] = p
	return p
}

// Lookup returns the profile with the name, or nil.
func Lookup(name string) *Profile {
	mu.Lock()
	defer mu.Unlock()
	return profiles[name]
}

// Profiles returns all profiles, by name.
func Profiles() []*Profile {
	mu.Lock()
	defer mu.Unlock()
	var list []*Profile
	for _, p := range profiles {
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b *Profile) int { return strings.Compare(a.name, b.name) })
	return list
}

// Name returns the profile's name.
func (p *Profile) Name() string { return p.name }

// Count returns the number of stacks.
func (p *Profile) Count() int {
	if p.name == "goroutine" {
		return runtime.NumGoroutine()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.items)
}

// Add adds the calling stack for value.
func (p *Profile) Add(value any, skip int) {
	if p.items == nil {
		panic("pprof: Add called on built-in Profile " + p.name)
	}
	var pcs [32]uintptr
	n := runtime.Callers(skip+2, pcs[:])
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.items[value] != nil {
		panic("pprof: Profile.Add of duplicate value")
	}
	p.items[value] = append([]uintptr(nil), pcs[:n]...)
}

// Remove removes the stack of value.
func (p *Profile) Remove(value any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.items, value)
}

// WriteTo writes the profile as text. With debug 2, goroutines are written as
// a dying program does.
func (p *Profile) WriteTo(w io.Writer, debug int) error {
	if p.name == "goroutine" {
		return writeGoroutines(w, debug)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, err := fmt.Fprintf(w, "%s profile: total %d\n", p.name, len(p.items)); err != nil {
		return err
	}
	for _, pcs := range p.items {
		fmt.Fprint(w, "1 @")
		for _, pc := range pcs {
			fmt.Fprintf(w, " %#x", pc)
		}
		fmt.Fprint(w, "\n")
		frames := runtime.CallersFrames(pcs)
		for {
			f, more := frames.Next()
			if f.Function != "" {
				fmt.Fprintf(w, "#\t%#x\t%s\t%s:%d\n", f.PC, f.Function, f.File, f.Line)
			}
			if !more {
				break
			}
		}
		fmt.Fprint(w, "\n")
	}
	return nil
}

var stacks sync.Mutex

func writeGoroutines(w io.Writer, debug int) error {
	stacks.Lock()
	defer stacks.Unlock()
	buf := make([]byte, 64<<10)
	for {
		n := runtime.Stack(buf, true)
		if n < len(buf) {
			buf = buf[:n]
			break
		}
		buf = make([]byte, 2*len(buf))
	}
	if debug < 2 {
		if _, err := fmt.Fprintf(w, "goroutine profile: total %d\n", runtime.NumGoroutine()); err != nil {
			return err
		}
	}
	_, err := w.Write(buf)
	return err
}

// WriteHeapProfile writes the heap profile.
func WriteHeapProfile(w io.Writer) error { return Lookup("heap").WriteTo(w, 0) }

// StartCPUProfile fails: processor time is not sampled.
func StartCPUProfile(w io.Writer) error {
	return errors.New("cpu profiling is not supported by mgo")
}

// StopCPUProfile does nothing: no profile can have been started.
func StopCPUProfile() {}

// A LabelSet is a set of labels.
type LabelSet struct{ list []string }

// Labels makes a set of pairs of keys and values.
func Labels(args ...string) LabelSet {
	if len(args)%2 != 0 {
		panic("uneven number of arguments to pprof.Labels")
	}
	return LabelSet{args}
}

type labelKey struct{}

// WithLabels returns a context with more labels.
func WithLabels(ctx context.Context, labels LabelSet) context.Context {
	old, _ := ctx.Value(labelKey{}).([]string)
	return context.WithValue(ctx, labelKey{}, append(old[:len(old):len(old)], labels.list...))
}

// Label returns the value of a label in ctx.
func Label(ctx context.Context, key string) (string, bool) {
	list, _ := ctx.Value(labelKey{}).([]string)
	for i := len(list) - 2; i >= 0; i -= 2 {
		if list[i] == key {
			return list[i+1], true
		}
	}
	return "", false
}

// ForLabels calls f with the labels of ctx until it returns false.
func ForLabels(ctx context.Context, f func(key, value string) bool) {
	list, _ := ctx.Value(labelKey{}).([]string)
	for i := 0; i+1 < len(list); i += 2 {
		if v, _ := Label(ctx, list[i]); v == list[i+1] && !f(list[i], v) {
			return
		}
	}
}

// Do calls f with a context with more labels.
func Do(ctx context.Context, labels LabelSet, f func(context.Context)) { f(WithLabels(ctx, labels)) }

// SetGoroutineLabels would label the samples of the goroutine; there are none.
func SetGoroutineLabels(ctx context.Context) {}
