// Package runtime asks and tells the runtime system.
package runtime

const (
	GOOS     = "linux"
	GOARCH   = "amd64"
	Compiler = "mgo"
)

// Version returns the version of the language and library that this one follows.
func Version() string { return "go1.27" }

// Gosched lets other goroutines run.
func Gosched() {
	checkTimeouts()
	gosched(checkTimeouts)
}

// checkTimeouts has nothing to do: timers run beside goroutines.
func checkTimeouts() {}

// gosched lets others run. Its argument has no use: Go's has one, which counts where calls are inlined.
func gosched(f func())

// Goexit ends the calling goroutine; its deferred functions run.
func Goexit()

// NumGoroutine returns the number of goroutines there are.
func NumGoroutine() int { return numGoroutine() }

func numGoroutine() int

// NumCPU returns the number of processors the program can use.
func NumCPU() int { return numCPU() }

func numCPU() int

// GOMAXPROCS sets how many threads run goroutines at once, if n is positive, and
// returns the setting before.
//
//go:noinline
func GOMAXPROCS(n int) int { return maxprocs(n) }

func maxprocs(n int) int

// KeepAlive makes x reachable up to here.
//
//go:noinline
func KeepAlive(x any) {}
