// Package testing has tests and benchmarks as values: programs run them
// themselves.
package testing

import (
	"x/context"
	"x/flag"
	"x/fmt"
	"x/io"
	"x/os"
	"runtime"
	"x/strings"
	"sync"
	"x/time"
)

// Flags, as Init declares them.
var (
	initRan   bool
	short     *bool
	verbose   *bool
	benchTime *time.Duration
)

// Init declares the flags of tests. It may be called several times.
func Init() {
	if initRan {
		return
	}
	initRan = true
	short = flag.Bool("test.short", false, "run smaller test suite to save time")
	verbose = flag.Bool("test.v", false, "verbose: print additional output")
	benchTime = flag.Duration("test.benchtime", time.Second, "run each benchmark for duration `d`")
}

// Short reports whether tests shall be quick.
func Short() bool {
	if short == nil {
		panic("testing: Short called before Init")
	}
	if !flag.Parsed() {
		panic("testing: Short called before Parse")
	}
	return *short
}

// Verbose reports whether tests shall say more.
func Verbose() bool {
	if verbose == nil {
		panic("testing: Verbose called before Init")
	}
	if !flag.Parsed() {
		panic("testing: Verbose called before Parse")
	}
	return *verbose
}

// Testing reports whether the program was made by go test: it was not.
func Testing() bool { return false }

// CoverMode returns how coverage is measured: not at all.
func CoverMode() string { return "" }

// Coverage returns the fraction of code that ran, as far as measured.
func Coverage() float64 { return 0 }

// TB has the methods that tests and benchmarks share.
type TB interface {
	ArtifactDir() string
	Attr(key, value string)
	Chdir(dir string)
	Cleanup(func())
	Context() context.Context
	Error(args ...any)
	Errorf(format string, args ...any)
	Fail()
	FailNow()
	Failed() bool
	Fatal(args ...any)
	Fatalf(format string, args ...any)
	Helper()
	Log(args ...any)
	Logf(format string, args ...any)
	Name() string
	Output() io.Writer
	Setenv(key, value string)
	Skip(args ...any)
	SkipNow()
	Skipf(format string, args ...any)
	Skipped() bool
	TempDir() string
	private()
}

// common is what tests and benchmarks share.
type common struct {
	mu       sync.Mutex
	name     string
	output   strings.Builder
	failed   bool
	skipped  bool
	finished bool
	cleanups []func()
	parent   *common
	level    int
	start    time.Time
	duration time.Duration
	ctx      context.Context
	cancel   context.CancelFunc
	bench    bool
}

func (c *common) private() {}

// Name returns the name of the test.
func (c *common) Name() string { return c.name }

// Fail marks the test as failed and goes on.
func (c *common) Fail() {
	if c.parent != nil {
		c.parent.Fail()
	}
	c.mu.Lock()
	c.failed = true
	c.mu.Unlock()
}

// Failed reports whether the test failed.
func (c *common) Failed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.failed
}

// FailNow marks the test as failed and ends it.
func (c *common) FailNow() {
	c.Fail()
	c.finished = true
	runtime.Goexit()
}

// log adds a text with the place of the call that is skip frames up.
func (c *common) log(s string) {
	_, file, line, ok := runtime.Caller(2)
	if !ok {
		file, line = "???", 1
	}
	file = file[strings.LastIndexByte(file, '/')+1:]
	s = strings.ReplaceAll(strings.TrimSuffix(s, "\n"), "\n", "\n        ")
	c.mu.Lock()
	fmt.Fprintf(&c.output, "    %s:%d: %s\n", file, line, s)
	c.mu.Unlock()
}

// Log adds a text that is printed if the test fails.
func (c *common) Log(args ...any) { c.log(fmt.Sprintln(args...)) }

// Logf is Log with a format.
func (c *common) Logf(format string, args ...any) { c.log(fmt.Sprintf(format, args...)) }

// Error is Log and Fail.
func (c *common) Error(args ...any) {
	c.log(fmt.Sprintln(args...))
	c.Fail()
}

// Errorf is Logf and Fail.
func (c *common) Errorf(format string, args ...any) {
	c.log(fmt.Sprintf(format, args...))
	c.Fail()
}

// Fatal is Log and FailNow.
func (c *common) Fatal(args ...any) {
	c.log(fmt.Sprintln(args...))
	c.FailNow()
}

// Fatalf is Logf and FailNow.
func (c *common) Fatalf(format string, args ...any) {
	c.log(fmt.Sprintf(format, args...))
	c.FailNow()
}

// Skip is Log and SkipNow.
func (c *common) Skip(args ...any) {
	c.log(fmt.Sprintln(args...))
	c.SkipNow()
}

// Skipf is Logf and SkipNow.
func (c *common) Skipf(format string, args ...any) {
	c.log(fmt.Sprintf(format, args...))
	c.SkipNow()
}

// SkipNow marks the test as skipped and ends it.
func (c *common) SkipNow() {
	c.mu.Lock()
	c.skipped = true
	c.finished = true
	c.mu.Unlock()
	runtime.Goexit()
}

// Skipped reports whether the test was skipped.
func (c *common) Skipped() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.skipped
}

// Helper would take the caller out of the places of texts.
func (c *common) Helper() {}

// Attr notes an attribute.
func (c *common) Attr(key, value string) {}

type outputWriter struct{ c *common }

func (w outputWriter) Write(p []byte) (int, error) {
	w.c.mu.Lock()
	defer w.c.mu.Unlock()
	for line := range strings.Lines(string(p)) {
		w.c.output.WriteString("    " + line)
	}
	return len(p), nil
}

// Output returns a writer of text that is printed if the test fails.
func (c *common) Output() io.Writer { return outputWriter{c} }

// Cleanup calls f when the test is over; the last one first.
func (c *common) Cleanup(f func()) {
	c.mu.Lock()
	c.cleanups = append(c.cleanups, f)
	c.mu.Unlock()
}

func (c *common) runCleanup() {
	if c.cancel != nil {
		c.cancel()
	}
	for {
		c.mu.Lock()
		n := len(c.cleanups)
		if n == 0 {
			c.mu.Unlock()
			return
		}
		f := c.cleanups[n-1]
		c.cleanups = c.cleanups[:n-1]
		c.mu.Unlock()
		f()
	}
}

// Context returns a context that is done when the test is over.
func (c *common) Context() context.Context {
	if c.ctx == nil {
		c.ctx, c.cancel = context.WithCancel(context.Background())
	}
	return c.ctx
}

// Setenv sets an environment variable for the time of the test.
func (c *common) Setenv(key, value string) {
	old, ok := os.LookupEnv(key)
	if err := os.Setenv(key, value); err != nil {
		c.Fatalf("cannot set environment variable: %v", err)
	}
	c.Cleanup(func() {
		if ok {
			os.Setenv(key, old)
		} else {
			os.Unsetenv(key)
		}
	})
}

// Chdir changes the directory for the time of the test.
func (c *common) Chdir(dir string) {
	old, err := os.Getwd()
	if err == nil {
		err = os.Chdir(dir)
	}
	if err != nil {
		c.Fatal(err)
	}
	c.Cleanup(func() { os.Chdir(old) })
}

// TempDir returns a new directory that is removed when the test is over.
func (c *common) TempDir() string {
	dir, err := os.MkdirTemp("", "test")
	if err != nil {
		c.Fatalf("TempDir: %v", err)
	}
	c.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// ArtifactDir returns a directory for what the test makes.
func (c *common) ArtifactDir() string { return c.TempDir() }

// A T is a test.
type T struct {
	common
	subs strings.Builder // reports of the tests within
}

// Parallel would let the test run together with others; it runs by itself.
func (t *T) Parallel() {}

// Deadline returns when the test must be over: never.
func (t *T) Deadline() (deadline time.Time, ok bool) { return time.Time{}, false }

// Run runs f as a test within t and reports whether it passed.
func (t *T) Run(name string, f func(t *T)) bool {
	sub := &T{common: common{name: join(t.name, name), parent: &t.common, level: t.level + 1}}
	sub.run(f)
	t.mu.Lock()
	t.subs.WriteString(sub.report())
	t.mu.Unlock()
	return !sub.failed
}

func join(parent, name string) string {
	name = strings.ReplaceAll(name, " ", "_")
	if parent == "" {
		return name
	}
	return parent + "/" + name
}

func (t *T) run(f func(*T)) {
	done := make(chan any)
	t.start = time.Now()
	go func() {
		normal := false
		defer func() {
			t.duration = time.Since(t.start)
			e := any(nil)
			if !normal && !t.finished {
				e = recover()
			}
			t.runCleanup()
			done <- e
		}()
		f(t)
		normal = true
	}()
	if e := <-done; e != nil {
		panic(e)
	}
}

func (t *T) report() string {
	indent := strings.Repeat("    ", t.level)
	seconds := fmt.Sprintf("(%.2fs)", t.duration.Seconds())
	switch {
	case t.failed:
		return indent + "--- FAIL: " + t.name + " " + seconds + "\n" + t.text(indent)
	case verbose != nil && *verbose && t.skipped:
		return indent + "--- SKIP: " + t.name + " " + seconds + "\n" + t.text(indent)
	case verbose != nil && *verbose:
		return indent + "--- PASS: " + t.name + " " + seconds + "\n" + t.text(indent)
	}
	return ""
}

func (t *T) text(indent string) string {
	var b strings.Builder
	for line := range strings.Lines(t.output.String()) {
		b.WriteString(indent + line)
	}
	b.WriteString(t.subs.String())
	return b.String()
}

// An InternalTest is a test with a name.
type InternalTest struct {
	Name string
	F    func(*T)
}

// An InternalBenchmark is a benchmark with a name.
type InternalBenchmark struct {
	Name string
	F    func(b *B)
}

// An InternalExample is an example with its output.
type InternalExample struct {
	Name      string
	F         func()
	Output    string
	Unordered bool
}

// RunTests runs the tests whose names match and reports whether all passed.
func RunTests(matchString func(pat, str string) (bool, error), tests []InternalTest) (ok bool) {
	ok = true
	for _, test := range tests {
		if matched, err := matchString("", test.Name); err == nil && !matched {
			continue
		}
		t := &T{common: common{name: test.Name}}
		t.run(test.F)
		fmt.Print(t.report())
		ok = ok && !t.failed
	}
	return ok
}

// RunBenchmarks runs benchmarks and prints their results.
func RunBenchmarks(matchString func(pat, str string) (bool, error), benchmarks []InternalBenchmark) {
	for _, b := range benchmarks {
		fmt.Printf("%s\t%s\n", b.Name, Benchmark(b.F))
	}
}

// An M is all tests of a program.
type M struct {
	tests      []InternalTest
	benchmarks []InternalBenchmark
}

// Run runs the tests and returns an exit status.
func (m *M) Run() (code int) {
	Init()
	if !flag.Parsed() {
		flag.Parse()
	}
	if !RunTests(func(pat, str string) (bool, error) { return true, nil }, m.tests) {
		fmt.Println("FAIL")
		return 1
	}
	fmt.Println("PASS")
	return 0
}

// Main runs tests and exits.
func Main(matchString func(pat, str string) (bool, error), tests []InternalTest, benchmarks []InternalBenchmark, examples []InternalExample) {
	os.Exit((&M{tests, benchmarks}).Run())
}

// AllocsPerRun returns how many objects a call of f allocates on average.
func AllocsPerRun(runs int, f func()) (avg float64) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	f()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	n := -m.Mallocs
	for range runs {
		f()
	}
	runtime.ReadMemStats(&m)
	n += m.Mallocs
	return float64(n / uint64(runs))
}
