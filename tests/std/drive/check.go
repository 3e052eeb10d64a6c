// What all drivers share: counting and reporting differences.
package main

import (
	"fmt"
	"math/rand"
	"os"
	"strconv"
)

var (
	checks, differences int
	rnd                 = rand.New(rand.NewSource(seed()))
)

func seed() int64 {
	n, _ := strconv.ParseInt(os.Args[1], 10, 64)
	return n
}

// check compares what Go's package and ours returned for the call described by what.
func check(what string, want, got any) {
	checks++
	w, g := fmt.Sprintf("%#v", want), fmt.Sprintf("%#v", got)
	if w != g {
		differences++
		if differences <= 25 {
			fmt.Printf("\n  %s\n    go   %s\n    mgo  %s", what, w, g)
		}
	}
}

// text describes a panic or returns the text f makes.
func text(f func() string) (s string) {
	defer func() {
		if e := recover(); e != nil {
			s = fmt.Sprintf("panic: %v", e)
		}
	}()
	return f()
}

func done() {
	fmt.Printf("%d checks, %d differences\n", checks, differences)
	if differences > 0 {
		os.Exit(1)
	}
}

// pieces is what random texts are made of.
func random(pieces []string, most int) string {
	s := ""
	for n := rnd.Intn(most + 1); n > 0; n-- {
		s += pieces[rnd.Intn(len(pieces))]
	}
	return s
}
