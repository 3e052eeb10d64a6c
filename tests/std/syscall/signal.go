package syscall

import "x/internal/strconv"

// A Signal is a signal of the operating system.
type Signal int

// Signals.
const (
	SIGABRT   Signal = 6
	SIGALRM   Signal = 14
	SIGBUS    Signal = 7
	SIGCHLD   Signal = 17
	SIGCLD    Signal = 17
	SIGCONT   Signal = 18
	SIGFPE    Signal = 8
	SIGHUP    Signal = 1
	SIGILL    Signal = 4
	SIGINT    Signal = 2
	SIGIO     Signal = 29
	SIGIOT    Signal = 6
	SIGKILL   Signal = 9
	SIGPIPE   Signal = 13
	SIGPOLL   Signal = 29
	SIGPROF   Signal = 27
	SIGPWR    Signal = 30
	SIGQUIT   Signal = 3
	SIGSEGV   Signal = 11
	SIGSTKFLT Signal = 16
	SIGSTOP   Signal = 19
	SIGSYS    Signal = 31
	SIGTERM   Signal = 15
	SIGTRAP   Signal = 5
	SIGTSTP   Signal = 20
	SIGTTIN   Signal = 21
	SIGTTOU   Signal = 22
	SIGUNUSED Signal = 31
	SIGURG    Signal = 23
	SIGUSR1   Signal = 10
	SIGUSR2   Signal = 12
	SIGVTALRM Signal = 26
	SIGWINCH  Signal = 28
	SIGXCPU   Signal = 24
	SIGXFSZ   Signal = 25
)

// signals holds the texts of signals from 1 on, each ended by a bar.
const signals = "hangup|interrupt|quit|illegal instruction|trace/breakpoint trap|aborted|bus error|floating point exception|killed|user defined signal 1|segmentation fault|user defined signal 2|broken pipe|alarm clock|terminated|stack fault|child exited|continued|stopped (signal)|stopped|stopped (tty input)|stopped (tty output)|urgent I/O condition|CPU time limit exceeded|file size limit exceeded|virtual timer expired|profiling timer expired|window changed|I/O possible|power failure|bad system call|"

// Signal marks signals of the operating system.
func (s Signal) Signal() {}

func (s Signal) String() string {
	if s > 0 {
		n, start := Signal(1), 0
		for i := 0; i < len(signals); i++ {
			if signals[i] == '|' {
				if n == s {
					return signals[start:i]
				}
				n++
				start = i + 1
			}
		}
	}
	return "signal " + strconv.FormatInt(int64(s), 10)
}
