package os

import (
	"x/errors"
	"x/internal/rt"
	"sync"
	"sync/atomic"
	"x/syscall"
	"x/time"
)

// A Signal is a signal of the operating system.
type Signal interface {
	String() string
	Signal()
}

// The signals that every system has.
var (
	Interrupt Signal = syscall.SIGINT
	Kill      Signal = syscall.SIGKILL
)

var (
	ErrProcessDone = errors.New("os: process already finished")
	ErrNoHandle    = errors.New("os: process handle unavailable") // see WithHandle
)

// A ProcAttr says how StartProcess starts a process.
type ProcAttr struct {
	Dir   string
	Env   []string // nil: this process's
	Files []*File  // become descriptors 0, 1, …; nil: closed
	Sys   *syscall.SysProcAttr
}

// A Process is a process that was started or found.
type Process struct {
	Pid  int
	mu   sync.Mutex
	done atomic.Bool
}

// A ProcessState says how a process ended.
type ProcessState struct {
	pid    int
	status syscall.WaitStatus
	usage  *syscall.Rusage
}

// cstrings makes an array of strings that end in zero bytes.
func cstrings(list []string) (**byte, error) {
	size := 0
	for _, s := range list {
		if rt.IndexByte(s, 0) >= 0 {
			return nil, syscall.EINVAL
		}
		size += len(s) + 1
	}
	out := make([]*byte, len(list)+1)
	text := make([]byte, size)
	for i, s := range list {
		out[i] = &text[0]
		text = text[copy(text, s)+1:]
	}
	return &out[0], nil
}

// StartProcess starts the program name with the arguments argv, the program's
// own name first.
func StartProcess(name string, argv []string, attr *ProcAttr) (*Process, error) {
	env := attr.Env
	if env == nil {
		env = Environ()
	}
	if attr.Dir != "" {
		if _, err := Stat(attr.Dir); err != nil {
			pe := err.(*PathError)
			pe.Op = "chdir"
			return nil, pe
		}
	}
	p := &rt.Process{}
	var err [4]error
	p.Path, err[0] = syscall.BytePtrFromString(name)
	p.Argv, err[1] = cstrings(argv)
	p.Envp, err[2] = cstrings(env)
	if attr.Dir != "" {
		p.Dir, err[3] = syscall.BytePtrFromString(attr.Dir)
	}
	for _, e := range err {
		if e != nil {
			return nil, &PathError{"fork/exec", name, e}
		}
	}
	files := make([]int, len(attr.Files)+1)
	for i, f := range attr.Files {
		files[i] = -1
		if f != nil {
			files[i] = int(f.Fd())
		}
	}
	p.Files, p.NFiles = &files[0], len(attr.Files)
	pid := rt.StartProcess(p)
	if pid < 0 {
		return nil, &PathError{"fork/exec", name, syscall.Errno(-pid)}
	}
	return &Process{Pid: pid}, nil
}

// FindProcess returns the process with the number, whether there is one or not.
func FindProcess(pid int) (*Process, error) { return &Process{Pid: pid}, nil }

// Signal sends a signal.
func (p *Process) Signal(sig Signal) error {
	s, ok := sig.(syscall.Signal)
	if !ok {
		return errors.New("os: unsupported signal type")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.done.Load():
		return ErrProcessDone
	case p.Pid == -1:
		return errors.New("os: process already released")
	case p.Pid == 0:
		return errors.New("os: process not initialized")
	}
	err := syscall.Kill(p.Pid, s)
	if err == syscall.ESRCH {
		return ErrProcessDone
	}
	return err
}

// Kill ends the process at once.
func (p *Process) Kill() error { return p.Signal(Kill) }

// WithHandle calls f with a handle of the process, a pidfd, that is valid until f
// returns.
func (p *Process) WithHandle(f func(handle uintptr)) error { return p.withHandle(f) }

func (p *Process) withHandle(f func(handle uintptr)) error {
	if p.done.Load() {
		return ErrProcessDone
	}
	if p.Pid == -1 {
		return errors.New("os: process already released")
	}
	const sysPidfdOpen = 434
	fd := rt.Syscall(sysPidfdOpen, uintptr(p.Pid), 0, 0, 0, 0)
	if fd < 0 {
		return ErrNoHandle
	}
	f(uintptr(fd))
	rt.Close(fd)
	return nil
}

// Release gives up what is known of the process.
func (p *Process) Release() error {
	p.Pid = -1
	return nil
}

// Wait waits until the process ends.
func (p *Process) Wait() (*ProcessState, error) {
	if p.done.Load() {
		return nil, NewSyscallError("wait", syscall.ECHILD)
	}
	if p.Pid == -1 {
		return nil, syscall.EINVAL
	}
	var status syscall.WaitStatus
	usage := new(syscall.Rusage)
	pid, err := syscall.Wait4(p.Pid, &status, 0, usage)
	if err != nil {
		return nil, NewSyscallError("wait", err)
	}
	p.mu.Lock()
	p.done.Store(true)
	p.mu.Unlock()
	return &ProcessState{pid, status, usage}, nil
}

// Pid returns the number of the process.
func (p *ProcessState) Pid() int { return p.pid }

// Exited reports whether the program exited by itself.
func (p *ProcessState) Exited() bool { return p.status.Exited() }

// Success reports whether it exited with 0.
func (p *ProcessState) Success() bool { return p.status.ExitStatus() == 0 }

// Sys returns the syscall.WaitStatus.
func (p *ProcessState) Sys() any { return p.status }

// SysUsage returns the *syscall.Rusage.
func (p *ProcessState) SysUsage() any { return p.usage }

// UserTime returns the processor time of the program.
func (p *ProcessState) UserTime() time.Duration { return time.Duration(p.usage.Utime.Nano()) }

// SystemTime returns the processor time of the system for it.
func (p *ProcessState) SystemTime() time.Duration { return time.Duration(p.usage.Stime.Nano()) }

// ExitCode returns the exit status, -1 if the process did not exit.
func (p *ProcessState) ExitCode() int {
	if p == nil {
		return -1
	}
	return p.status.ExitStatus()
}

func (p *ProcessState) String() string {
	if p == nil {
		return "<nil>"
	}
	text := ""
	switch s := p.status; {
	case s.Exited():
		text = "exit status " + decimal(uint32(s.ExitStatus()))
	case s.Signaled():
		text = "signal: " + s.Signal().String()
	case s.Stopped():
		text = "stop signal: " + s.StopSignal().String()
	case s.Continued():
		text = "continued"
	}
	if p.status.CoreDump() {
		text += " (core dumped)"
	}
	return text
}
