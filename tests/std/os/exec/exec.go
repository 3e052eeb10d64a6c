// Package exec runs other programs.
package exec

import (
	"x/bytes"
	"x/context"
	"x/errors"
	"x/io"
	"x/os"
	"x/path/filepath"
	"x/strconv"
	"x/strings"
	"x/syscall"
	"x/time"
)

// ErrNotFound says that there is no such program on the path.
var ErrNotFound = errors.New("executable file not found in $PATH")

// ErrDot says that a program was found in the current directory.
var ErrDot = errors.New("cannot run executable found relative to current directory")

// ErrWaitDelay says that a program's output was still open after WaitDelay.
var ErrWaitDelay = errors.New("exec: WaitDelay expired before I/O complete")

// An Error says why a program was not found.
type Error struct {
	Name string
	Err  error
}

func (e *Error) Error() string { return "exec: " + strconv.Quote(e.Name) + ": " + e.Err.Error() }

func (e *Error) Unwrap() error { return e.Err }

// An ExitError is the end of a program other than with status 0.
type ExitError struct {
	*os.ProcessState
	Stderr []byte // by Output, if not collected otherwise
}

func (e *ExitError) Error() string { return e.ProcessState.String() }

// LookPath finds a program on the path.
func LookPath(file string) (string, error) {
	check := func(name string) error {
		info, err := os.Stat(name)
		if err != nil {
			return err
		}
		m := info.Mode()
		if m.IsDir() {
			return syscall.EISDIR
		}
		if m&0111 == 0 {
			return os.ErrPermission
		}
		return nil
	}
	if strings.Contains(file, "/") {
		err := check(file)
		if err == nil {
			return file, nil
		}
		return "", &Error{file, err}
	}
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		if dir == "" {
			dir = "."
		}
		name := filepath.Join(dir, file)
		if check(name) == nil {
			if !filepath.IsAbs(name) {
				return name, &Error{file, ErrDot}
			}
			return name, nil
		}
	}
	return "", &Error{file, ErrNotFound}
}

// A Cmd is a program to run, or that runs. It can be used once.
type Cmd struct {
	Path         string
	Args         []string // with the program's name
	Env          []string
	Dir          string
	Stdin        io.Reader
	Stdout       io.Writer
	Stderr       io.Writer
	ExtraFiles   []*os.File // descriptors from 3 on
	SysProcAttr  *syscall.SysProcAttr
	Process      *os.Process
	ProcessState *os.ProcessState
	Err          error // of LookPath
	Cancel       func() error
	WaitDelay    time.Duration

	ctx     context.Context
	waited  bool
	close   []io.Closer // after the start, or its failure
	parent  []io.Closer // after Wait
	copiers []func() error
	errs    chan error
	stop    chan struct{}
	stopped chan error
}

// Command returns a Cmd for a program and its arguments.
func Command(name string, arg ...string) *Cmd {
	c := &Cmd{Path: name, Args: append([]string{name}, arg...)}
	if filepath.Base(name) == name {
		path, err := LookPath(name)
		if path != "" {
			c.Path = path
		}
		c.Err = err
	}
	return c
}

// CommandContext is Command for a program that is killed when ctx is done.
func CommandContext(ctx context.Context, name string, arg ...string) *Cmd {
	if ctx == nil {
		panic("nil Context")
	}
	c := Command(name, arg...)
	c.ctx = ctx
	c.Cancel = func() error { return c.Process.Kill() }
	return c
}

func (c *Cmd) String() string {
	if c.Err != nil {
		return strings.Join(c.Args, " ")
	}
	return strings.Join(append([]string{c.Path}, c.Args[min(1, len(c.Args)):]...), " ")
}

// Environ returns the environment the program gets.
func (c *Cmd) Environ() []string {
	env := c.Env
	if env == nil {
		env = os.Environ()
	}
	if c.Dir != "" {
		env = append(env[:len(env):len(env)], "PWD="+c.Dir)
	}
	return dedup(env)
}

// dedup keeps the last value of each variable.
func dedup(env []string) []string {
	last := map[string]int{}
	for i, kv := range env {
		if j := strings.Index(kv, "="); j > 0 {
			last[kv[:j]] = i
		}
	}
	out := make([]string, 0, len(env))
	for i, kv := range env {
		if j := strings.Index(kv, "="); j <= 0 || last[kv[:j]] == i {
			out = append(out, kv)
		}
	}
	return out
}

func (c *Cmd) input() (*os.File, error) {
	if c.Stdin == nil {
		f, err := os.Open("/dev/null")
		if err == nil {
			c.close = append(c.close, f)
		}
		return f, err
	}
	if f, ok := c.Stdin.(*os.File); ok {
		return f, nil
	}
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	c.close = append(c.close, r)
	c.parent = append(c.parent, w)
	c.copiers = append(c.copiers, func() error {
		_, err := io.Copy(w, c.Stdin)
		var pe *os.PathError
		if errors.As(err, &pe) && pe.Err == syscall.EPIPE {
			err = nil
		}
		if e := w.Close(); err == nil {
			err = e
		}
		return err
	})
	return r, nil
}

func (c *Cmd) output(w io.Writer) (*os.File, error) {
	if w == nil {
		f, err := os.OpenFile("/dev/null", os.O_WRONLY, 0)
		if err == nil {
			c.close = append(c.close, f)
		}
		return f, err
	}
	if f, ok := w.(*os.File); ok {
		return f, nil
	}
	pr, pw, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	c.close = append(c.close, pw)
	c.parent = append(c.parent, pr)
	c.copiers = append(c.copiers, func() error {
		_, err := io.Copy(w, pr)
		pr.Close()
		return err
	})
	return pw, nil
}

func same(a, b any) bool {
	defer func() { recover() }()
	return a == b
}

func closeAll(list []io.Closer) {
	for _, f := range list {
		f.Close()
	}
}

// Start starts the program and does not wait for it.
func (c *Cmd) Start() (err error) {
	if c.Process != nil {
		return errors.New("exec: already started")
	}
	started := false
	defer func() {
		closeAll(c.close)
		c.close = nil
		if !started {
			closeAll(c.parent)
			c.parent = nil
		}
	}()
	if c.Path == "" && c.Err == nil {
		c.Err = errors.New("exec: no command")
	}
	if c.Err != nil {
		return c.Err
	}
	if c.ctx != nil {
		if err := c.ctx.Err(); err != nil {
			return err
		}
	}
	in, err := c.input()
	if err != nil {
		return err
	}
	out, err := c.output(c.Stdout)
	if err != nil {
		return err
	}
	errOut := out
	if c.Stderr == nil || !same(c.Stderr, c.Stdout) {
		if errOut, err = c.output(c.Stderr); err != nil {
			return err
		}
	}
	args := c.Args
	if len(args) == 0 {
		args = []string{c.Path}
	}
	c.Process, err = os.StartProcess(c.Path, args, &os.ProcAttr{
		Dir: c.Dir, Env: c.Environ(), Files: append([]*os.File{in, out, errOut}, c.ExtraFiles...), Sys: c.SysProcAttr,
	})
	if err != nil {
		return err
	}
	started = true
	c.errs = make(chan error, len(c.copiers))
	for _, f := range c.copiers {
		go func() { c.errs <- f() }()
	}
	if c.ctx != nil && c.ctx.Done() != nil {
		c.stop, c.stopped = make(chan struct{}), make(chan error, 1)
		go func() {
			select {
			case <-c.stop:
				c.stopped <- nil
			case <-c.ctx.Done():
				err := c.ctx.Err()
				if c.Cancel != nil {
					if e := c.Cancel(); e != nil && !errors.Is(e, os.ErrProcessDone) {
						err = e
					} else if e != nil {
						err = nil
					}
				}
				c.stopped <- err
			}
		}()
	}
	return nil
}

// Wait waits for the program to end and for its output to be collected.
func (c *Cmd) Wait() error {
	if c.Process == nil {
		return errors.New("exec: not started")
	}
	if c.waited {
		return errors.New("exec: Wait was already called")
	}
	c.waited = true
	state, err := c.Process.Wait()
	if err == nil && !state.Success() {
		err = &ExitError{ProcessState: state}
	}
	c.ProcessState = state
	if c.stop != nil {
		close(c.stop)
		if e := <-c.stopped; e != nil && (err == nil || c.ctx.Err() != nil && e != c.ctx.Err()) {
			err = e
		} else if e != nil {
			var exit *ExitError
			if !errors.As(err, &exit) {
				err = e
			}
		}
	}
	var timer <-chan time.Time
	if c.WaitDelay > 0 {
		timer = time.After(c.WaitDelay)
	}
	for range c.copiers {
		select {
		case e := <-c.errs:
			if err == nil {
				err = e
			}
		case <-timer:
			closeAll(c.parent)
			if err == nil {
				err = ErrWaitDelay
			}
			return err
		}
	}
	closeAll(c.parent)
	c.parent = nil
	return err
}

// Run starts the program and waits for it.
func (c *Cmd) Run() error {
	if err := c.Start(); err != nil {
		return err
	}
	return c.Wait()
}

// Output runs the program and returns its standard output.
func (c *Cmd) Output() ([]byte, error) {
	if c.Stdout != nil {
		return nil, errors.New("exec: Stdout already set")
	}
	var out, errOut bytes.Buffer
	c.Stdout = &out
	collect := c.Stderr == nil
	if collect {
		c.Stderr = &errOut
	}
	err := c.Run()
	if exit, ok := err.(*ExitError); ok && collect {
		exit.Stderr = errOut.Bytes()
	}
	return out.Bytes(), err
}

// CombinedOutput runs the program and returns its output and errors.
func (c *Cmd) CombinedOutput() ([]byte, error) {
	if c.Stdout != nil {
		return nil, errors.New("exec: Stdout already set")
	}
	if c.Stderr != nil {
		return nil, errors.New("exec: Stderr already set")
	}
	var b bytes.Buffer
	c.Stdout = &b
	c.Stderr = &b
	err := c.Run()
	return b.Bytes(), err
}

// StdinPipe returns a pipe to the program's standard input.
func (c *Cmd) StdinPipe() (io.WriteCloser, error) {
	if c.Stdin != nil {
		return nil, errors.New("exec: Stdin already set")
	}
	if c.Process != nil {
		return nil, errors.New("exec: StdinPipe after process started")
	}
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	c.Stdin = r
	c.close = append(c.close, r)
	c.parent = append(c.parent, w)
	return w, nil
}

func (c *Cmd) outPipe(w *io.Writer, name string) (io.ReadCloser, error) {
	if *w != nil {
		return nil, errors.New("exec: " + name + " already set")
	}
	if c.Process != nil {
		return nil, errors.New("exec: " + name + "Pipe after process started")
	}
	pr, pw, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	*w = pw
	c.close = append(c.close, pw)
	c.parent = append(c.parent, pr)
	return pr, nil
}

// StdoutPipe returns a pipe from the program's standard output. Wait closes it.
func (c *Cmd) StdoutPipe() (io.ReadCloser, error) { return c.outPipe(&c.Stdout, "Stdout") }

// StderrPipe is StdoutPipe for standard error.
func (c *Cmd) StderrPipe() (io.ReadCloser, error) { return c.outPipe(&c.Stderr, "Stderr") }
