// Package context carries deadlines, cancellation and values to what a program
// does on someone's behalf.
package context

import (
	"x/errors"
	"x/internal/rt"
	"sync"
	"x/time"
)

// A Context is passed down the calls.
type Context interface {
	// Deadline returns when the context will be cancelled, if it is known.
	Deadline() (deadline time.Time, ok bool)
	// Done returns a channel that is closed when the context is cancelled; nil if
	// that never happens.
	Done() <-chan struct{}
	// Err returns why the context was cancelled, nil if it was not.
	Err() error
	// Value returns the value of key, nil if there is none.
	Value(key any) any
}

// Canceled is the error of a context that was cancelled.
var Canceled = errors.New("context canceled")

// DeadlineExceeded is the error of a context whose deadline passed.
var DeadlineExceeded error = deadlineExceeded{}

type deadlineExceeded struct{}

func (deadlineExceeded) Error() string   { return "context deadline exceeded" }
func (deadlineExceeded) Timeout() bool   { return true }
func (deadlineExceeded) Temporary() bool { return true }

type emptyCtx struct{}

func (emptyCtx) Deadline() (deadline time.Time, ok bool) { return }
func (emptyCtx) Done() <-chan struct{}                   { return nil }
func (emptyCtx) Err() error                              { return nil }
func (emptyCtx) Value(key any) any                       { return nil }

type backgroundCtx struct{ emptyCtx }

func (backgroundCtx) String() string { return "context.Background" }

type todoCtx struct{ emptyCtx }

func (todoCtx) String() string { return "context.TODO" }

// Background returns a context without anything.
func Background() Context { return backgroundCtx{} }

// TODO returns a context for where it is not clear yet which one to use.
func TODO() Context { return todoCtx{} }

// A CancelFunc cancels a context.
type CancelFunc func()

// A CancelCauseFunc cancels a context for a cause.
type CancelCauseFunc func(cause error)

// cancelCtx can be cancelled.
type cancelCtx struct {
	Context // the parent

	mu       sync.Mutex
	done     chan struct{} // made when somebody asks for it
	children map[*cancelCtx]bool
	err      error
	cause    error
}

// cancelKey makes a cancelCtx return itself as value.
var cancelKey int

func (c *cancelCtx) Value(key any) any {
	if key == &cancelKey {
		return c
	}
	return value(c.Context, key)
}

// closed is Done of what was cancelled before anybody asked for it.
var closed = make(chan struct{})

func init() { close(closed) }

func (c *cancelCtx) Done() <-chan struct{} {
	c.mu.Lock()
	if c.done == nil {
		c.done = make(chan struct{})
	}
	done := c.done
	c.mu.Unlock()
	return done
}

func (c *cancelCtx) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

func name(c Context) string {
	if s, ok := c.(interface{ String() string }); ok {
		return s.String()
	}
	return rt.TypeOf(c).String
}

func (c *cancelCtx) String() string { return name(c.Context) + ".WithCancel" }

// cancel cancels c and those below it.
func (c *cancelCtx) cancel(err, cause error) {
	if cause == nil {
		cause = err
	}
	c.mu.Lock()
	if c.err != nil {
		c.mu.Unlock()
		return
	}
	c.err = err
	c.cause = cause
	if c.done == nil {
		c.done = closed
	} else {
		close(c.done)
	}
	children := c.children
	c.children = nil
	c.mu.Unlock()
	for child := range children {
		child.cancel(err, cause)
	}
}

// leave takes c from its parent's children.
func (c *cancelCtx) leave() {
	if p, ok := c.Context.Value(&cancelKey).(*cancelCtx); ok {
		p.mu.Lock()
		delete(p.children, c)
		p.mu.Unlock()
	}
}

// newCancel makes a context that is cancelled with parent.
func newCancel(parent Context) *cancelCtx {
	c := &cancelCtx{}
	c.start(parent)
	return c
}

func (c *cancelCtx) start(parent Context) {
	if parent == nil {
		panic("cannot create context from nil parent")
	}
	c.Context = parent
	done := parent.Done()
	if done == nil {
		return
	}
	select {
	case <-done:
		c.cancel(parent.Err(), Cause(parent))
		return
	default:
	}
	if p, ok := parent.Value(&cancelKey).(*cancelCtx); ok && p.Done() == done {
		p.mu.Lock()
		err, cause := p.err, p.cause
		if err == nil {
			if p.children == nil {
				p.children = make(map[*cancelCtx]bool)
			}
			p.children[c] = true
		}
		p.mu.Unlock()
		if err != nil {
			c.cancel(err, cause)
		}
		return
	}
	// Somebody else's context: watch it.
	go func() {
		select {
		case <-done:
			c.cancel(parent.Err(), Cause(parent))
		case <-c.Done():
		}
	}()
}

// WithCancel returns a context below parent, and a function that cancels it.
func WithCancel(parent Context) (ctx Context, cancel CancelFunc) {
	c := newCancel(parent)
	return c, func() {
		c.cancel(Canceled, nil)
		c.leave()
	}
}

// WithCancelCause is WithCancel with a cause.
func WithCancelCause(parent Context) (ctx Context, cancel CancelCauseFunc) {
	c := newCancel(parent)
	return c, func(cause error) {
		c.cancel(Canceled, cause)
		c.leave()
	}
}

// Cause returns why c was cancelled: what its CancelCauseFunc was given, or Err.
func Cause(c Context) error {
	if p, ok := c.Value(&cancelKey).(*cancelCtx); ok {
		p.mu.Lock()
		cause := p.cause
		p.mu.Unlock()
		if cause != nil {
			return cause
		}
	}
	return c.Err()
}

// timerCtx is cancelled at a time.
type timerCtx struct {
	cancelCtx
	deadline time.Time
	timer    *time.Timer
}

func (c *timerCtx) Deadline() (deadline time.Time, ok bool) { return c.deadline, true }

func (c *timerCtx) String() string {
	return name(c.cancelCtx.Context) + ".WithDeadline(" + c.deadline.String() + " [" + time.Until(c.deadline).String() + "])"
}

// WithDeadline returns a context below parent that is cancelled at d, and a
// function that cancels it before.
func WithDeadline(parent Context, d time.Time) (Context, CancelFunc) {
	return WithDeadlineCause(parent, d, nil)
}

// WithDeadlineCause is WithDeadline with a cause.
func WithDeadlineCause(parent Context, d time.Time, cause error) (Context, CancelFunc) {
	if parent == nil {
		panic("cannot create context from nil parent")
	}
	if cur, ok := parent.Deadline(); ok && cur.Before(d) {
		return WithCancel(parent)
	}
	c := &timerCtx{deadline: d}
	c.start(parent)
	dur := time.Until(d)
	if dur <= 0 {
		c.cancel(DeadlineExceeded, cause)
		c.leave()
		return c, func() {}
	}
	c.timer = time.AfterFunc(dur, func() {
		c.cancel(DeadlineExceeded, cause)
		c.leave()
	})
	return c, func() {
		c.cancel(Canceled, nil)
		c.leave()
		c.timer.Stop()
	}
}

// WithTimeout is WithDeadline after a duration.
func WithTimeout(parent Context, timeout time.Duration) (Context, CancelFunc) {
	return WithDeadline(parent, time.Now().Add(timeout))
}

// WithTimeoutCause is WithTimeout with a cause.
func WithTimeoutCause(parent Context, timeout time.Duration, cause error) (Context, CancelFunc) {
	return WithDeadlineCause(parent, time.Now().Add(timeout), cause)
}

// AfterFunc calls f in a goroutine of its own when ctx is cancelled; stop keeps
// it from doing so, and reports whether it did.
func AfterFunc(ctx Context, f func()) (stop func() bool) {
	var once sync.Once
	stopped := make(chan struct{})
	go func() {
		select {
		case <-ctx.Done():
			once.Do(func() { go f() })
		case <-stopped:
		}
	}()
	return func() bool {
		did := false
		once.Do(func() {
			did = true
			close(stopped)
		})
		return did
	}
}

type valueCtx struct {
	Context
	key, val any
}

// WithValue returns a context below parent in which key has the value val.
func WithValue(parent Context, key, val any) Context {
	if parent == nil {
		panic("cannot create context from nil parent")
	}
	if key == nil {
		panic("nil key")
	}
	if !rt.Comparable(key) {
		panic("key is not comparable")
	}
	return &valueCtx{parent, key, val}
}

func (c *valueCtx) String() string {
	show := func(v any) string {
		switch s := v.(type) {
		case interface{ String() string }:
			return s.String()
		case string:
			return s
		case nil:
			return "<nil>"
		}
		return rt.TypeOf(v).String
	}
	return name(c.Context) + ".WithValue(" + show(c.key) + ", " + show(c.val) + ")"
}

func (c *valueCtx) Value(key any) any {
	if c.key == key {
		return c.val
	}
	return value(c.Context, key)
}

// value looks for key from c on, without recursion through valueCtxs.
func value(c Context, key any) any {
	for {
		v, ok := c.(*valueCtx)
		if !ok {
			return c.Value(key)
		}
		if v.key == key {
			return v.val
		}
		c = v.Context
	}
}

// WithoutCancel returns a context with parent's values that is not cancelled
// with it.
func WithoutCancel(parent Context) Context {
	if parent == nil {
		panic("cannot create context from nil parent")
	}
	return withoutCancel{parent}
}

type withoutCancel struct{ c Context }

func (withoutCancel) Deadline() (deadline time.Time, ok bool) { return }
func (withoutCancel) Done() <-chan struct{}                   { return nil }
func (withoutCancel) Err() error                              { return nil }
func (c withoutCancel) String() string                        { return name(c.c) + ".WithoutCancel" }

func (c withoutCancel) Value(key any) any {
	if key == &cancelKey {
		return nil
	}
	return value(c.c, key)
}
