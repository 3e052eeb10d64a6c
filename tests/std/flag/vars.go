package flag

import (
	"x/fmt"
	"x/os"
	"x/time"
)

// CommandLine is the set of the program's flags.
var CommandLine = commandLine()

func commandLine() *FlagSet {
	name := ""
	if len(os.Args) > 0 {
		name = os.Args[0]
	}
	return NewFlagSet(name, ExitOnError)
}

func init() {
	CommandLine.Usage = func() { Usage() }
}

// Usage prints what the program's flags do.
var Usage = func() {
	fmt.Fprintf(CommandLine.Output(), "Usage of %s:\n", os.Args[0])
	PrintDefaults()
}

// BoolVar defines a flag that sets *p, value at first.
func (f *FlagSet) BoolVar(p *bool, name string, value bool, usage string) {
	f.Var(newBoolValue(value, p), name, usage)
}

func newBoolValue(value bool, p *bool) *boolValue {
	*p = value
	return (*boolValue)(p)
}

// Bool defines a flag and returns its variable, value at first.
func (f *FlagSet) Bool(name string, value bool, usage string) *bool {
	p := new(bool)
	f.BoolVar(p, name, value, usage)
	return p
}

func BoolVar(p *bool, name string, value bool, usage string) {
	CommandLine.Var(newBoolValue(value, p), name, usage)
}

func Bool(name string, value bool, usage string) *bool {
	return CommandLine.Bool(name, value, usage)
}

// IntVar defines a flag that sets *p, value at first.
func (f *FlagSet) IntVar(p *int, name string, value int, usage string) {
	f.Var(newIntValue(value, p), name, usage)
}

func newIntValue(value int, p *int) *intValue {
	*p = value
	return (*intValue)(p)
}

// Int defines a flag and returns its variable, value at first.
func (f *FlagSet) Int(name string, value int, usage string) *int {
	p := new(int)
	f.IntVar(p, name, value, usage)
	return p
}

func IntVar(p *int, name string, value int, usage string) {
	CommandLine.Var(newIntValue(value, p), name, usage)
}

func Int(name string, value int, usage string) *int {
	return CommandLine.Int(name, value, usage)
}

// Int64Var defines a flag that sets *p, value at first.
func (f *FlagSet) Int64Var(p *int64, name string, value int64, usage string) {
	f.Var(newInt64Value(value, p), name, usage)
}

func newInt64Value(value int64, p *int64) *int64Value {
	*p = value
	return (*int64Value)(p)
}

// Int64 defines a flag and returns its variable, value at first.
func (f *FlagSet) Int64(name string, value int64, usage string) *int64 {
	p := new(int64)
	f.Int64Var(p, name, value, usage)
	return p
}

func Int64Var(p *int64, name string, value int64, usage string) {
	CommandLine.Var(newInt64Value(value, p), name, usage)
}

func Int64(name string, value int64, usage string) *int64 {
	return CommandLine.Int64(name, value, usage)
}

// UintVar defines a flag that sets *p, value at first.
func (f *FlagSet) UintVar(p *uint, name string, value uint, usage string) {
	f.Var(newUintValue(value, p), name, usage)
}

func newUintValue(value uint, p *uint) *uintValue {
	*p = value
	return (*uintValue)(p)
}

// Uint defines a flag and returns its variable, value at first.
func (f *FlagSet) Uint(name string, value uint, usage string) *uint {
	p := new(uint)
	f.UintVar(p, name, value, usage)
	return p
}

func UintVar(p *uint, name string, value uint, usage string) {
	CommandLine.Var(newUintValue(value, p), name, usage)
}

func Uint(name string, value uint, usage string) *uint {
	return CommandLine.Uint(name, value, usage)
}

// Uint64Var defines a flag that sets *p, value at first.
func (f *FlagSet) Uint64Var(p *uint64, name string, value uint64, usage string) {
	f.Var(newUint64Value(value, p), name, usage)
}

func newUint64Value(value uint64, p *uint64) *uint64Value {
	*p = value
	return (*uint64Value)(p)
}

// Uint64 defines a flag and returns its variable, value at first.
func (f *FlagSet) Uint64(name string, value uint64, usage string) *uint64 {
	p := new(uint64)
	f.Uint64Var(p, name, value, usage)
	return p
}

func Uint64Var(p *uint64, name string, value uint64, usage string) {
	CommandLine.Var(newUint64Value(value, p), name, usage)
}

func Uint64(name string, value uint64, usage string) *uint64 {
	return CommandLine.Uint64(name, value, usage)
}

// StringVar defines a flag that sets *p, value at first.
func (f *FlagSet) StringVar(p *string, name string, value string, usage string) {
	f.Var(newStringValue(value, p), name, usage)
}

func newStringValue(value string, p *string) *stringValue {
	*p = value
	return (*stringValue)(p)
}

// String defines a flag and returns its variable, value at first.
func (f *FlagSet) String(name string, value string, usage string) *string {
	p := new(string)
	f.StringVar(p, name, value, usage)
	return p
}

func StringVar(p *string, name string, value string, usage string) {
	CommandLine.Var(newStringValue(value, p), name, usage)
}

func String(name string, value string, usage string) *string {
	return CommandLine.String(name, value, usage)
}

// Float64Var defines a flag that sets *p, value at first.
func (f *FlagSet) Float64Var(p *float64, name string, value float64, usage string) {
	f.Var(newFloat64Value(value, p), name, usage)
}

func newFloat64Value(value float64, p *float64) *float64Value {
	*p = value
	return (*float64Value)(p)
}

// Float64 defines a flag and returns its variable, value at first.
func (f *FlagSet) Float64(name string, value float64, usage string) *float64 {
	p := new(float64)
	f.Float64Var(p, name, value, usage)
	return p
}

func Float64Var(p *float64, name string, value float64, usage string) {
	CommandLine.Var(newFloat64Value(value, p), name, usage)
}

func Float64(name string, value float64, usage string) *float64 {
	return CommandLine.Float64(name, value, usage)
}

// DurationVar defines a flag that sets *p, value at first.
func (f *FlagSet) DurationVar(p *time.Duration, name string, value time.Duration, usage string) {
	f.Var(newDurationValue(value, p), name, usage)
}

func newDurationValue(value time.Duration, p *time.Duration) *durationValue {
	*p = value
	return (*durationValue)(p)
}

// Duration defines a flag and returns its variable, value at first.
func (f *FlagSet) Duration(name string, value time.Duration, usage string) *time.Duration {
	p := new(time.Duration)
	f.DurationVar(p, name, value, usage)
	return p
}

func DurationVar(p *time.Duration, name string, value time.Duration, usage string) {
	CommandLine.Var(newDurationValue(value, p), name, usage)
}

func Duration(name string, value time.Duration, usage string) *time.Duration {
	return CommandLine.Duration(name, value, usage)
}

// Func defines a flag that calls fn with its value.
func (f *FlagSet) Func(name, usage string, fn func(string) error) { f.Var(funcValue(fn), name, usage) }

// BoolFunc defines a boolean flag that calls fn with its value.
func (f *FlagSet) BoolFunc(name, usage string, fn func(string) error) {
	f.Var(boolFuncValue(fn), name, usage)
}

// The functions below are the methods of CommandLine.

func Func(name, usage string, fn func(string) error) { CommandLine.Func(name, usage, fn) }

func BoolFunc(name, usage string, fn func(string) error) { CommandLine.BoolFunc(name, usage, fn) }

func Var(value Value, name string, usage string) { CommandLine.Var(value, name, usage) }

func VisitAll(fn func(*Flag)) { CommandLine.VisitAll(fn) }

func Visit(fn func(*Flag)) { CommandLine.Visit(fn) }

func Lookup(name string) *Flag { return CommandLine.formal[name] }

func Set(name, value string) error { return CommandLine.set(name, value) }

func PrintDefaults() { CommandLine.PrintDefaults() }

func NFlag() int { return len(CommandLine.actual) }

func Arg(i int) string { return CommandLine.Arg(i) }

func NArg() int { return len(CommandLine.args) }

func Args() []string { return CommandLine.args }

// Parse reads the flags of the command line.
func Parse() { CommandLine.Parse(os.Args[1:]) }

func Parsed() bool { return CommandLine.Parsed() }
