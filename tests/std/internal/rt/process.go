package rt

// Syscall6 performs a system call that may take long and returns its result or
// the negated errno.
//
func Syscall6(number int, args *[6]uintptr) int { panic("native") }

// A Process says what StartProcess starts. Strings end in a zero byte, arrays
// of them in nil.
type Process struct {
	Path   *byte
	Argv   **byte
	Envp   **byte
	Dir    *byte // nil: the same
	Files  *int  // descriptors that become 0, 1, …
	NFiles int
}

// StartProcess starts a process and returns its number or the negated errno.
func StartProcess(p *Process) int { panic("native") }

// What happens at a signal.
const (
	SignalDefault = iota
	SignalIgnored
	SignalReceived
	SignalAsIs // for SignalAction: only asks
)

// SignalAction sets what happens at a signal and returns what did before.
func SignalAction(sig, action int) int { panic("native") }

// SignalWait waits for the next signal that is to be received. SignalAction
// must have been called before.
func SignalWait() int { panic("native") }
