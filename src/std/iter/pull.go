package iter

import "runtime"

// A coro is a goroutine that runs in turn with those that call coroswitch.
type coro struct {
	g    uintptr
	goid uint64
}

// newcoro makes c one that will run f when it is switched to.
func newcoro(c *coro, f func())

// coroswitch lets c run until it calls coroswitch itself or ends.
//
//go:noescape
func coroswitch(c *coro)

// A pull is what an iterator and the functions made of it share.
type pull struct {
	coro
	done   bool // there are no more values
	wanted bool // next waits for a value
	ended  bool // the iterator returned
	panics any  // what the iterator panicked with
}

// exited says that the iterator called runtime.Goexit.
type exited struct{}

// finish is called when the iterator ends, in whatever way.
func (p *pull) finish() {
	if r := recover(); r != nil {
		p.panics = r
	} else if !p.ended {
		p.panics = exited{}
	}
	p.done = true
}

// yields notes that the iterator, of the function named, has a value.
func (p *pull) yields(name string) {
	if !p.wanted {
		panic(name + ": yield called again before next")
	}
	p.wanted = false
}

// Pull turns an iterator into a function that returns its next value and
// whether there was one, and a function that ends it. Both must not be called
// by several goroutines at once.
//
//go:noinline
func Pull[V any](seq Seq[V]) (next func() (V, bool), stop func()) {
	p := new(struct {
		pull
		v  V
		ok bool
	})
	newcoro(&p.coro, func() {
		if p.done {
			return
		}
		defer p.finish()
		seq(func(v V) bool {
			if p.done {
				return false
			}
			p.yields("iter.Pull")
			p.v, p.ok = v, true
			coroswitch(&p.coro)
			return !p.done
		})
		var none V
		p.v, p.ok, p.ended = none, false, true
	})
	next = func() (v V, ok bool) {
		if p.done {
			return
		}
		if p.wanted {
			panic("iter.Pull: next called again before yield")
		}
		p.wanted = true
		coroswitch(&p.coro)
		if p.panics != nil {
			if p.panics == any(exited{}) {
				runtime.Goexit()
			}
			panic(p.panics)
		}
		return p.v, p.ok
	}
	stop = func() {
		if p.done {
			return
		}
		p.done = true
		coroswitch(&p.coro)
		if p.panics != nil {
			if p.panics == any(exited{}) {
				runtime.Goexit()
			}
			panic(p.panics)
		}
	}
	return next, stop
}

// Pull2 is Pull for pairs.
//
//go:noinline
func Pull2[K, V any](seq Seq2[K, V]) (next func() (K, V, bool), stop func()) {
	p := new(struct {
		pull
		k  K
		v  V
		ok bool
	})
	newcoro(&p.coro, func() {
		if p.done {
			return
		}
		defer p.finish()
		seq(func(k K, v V) bool {
			if p.done {
				return false
			}
			p.yields("iter.Pull2")
			p.k, p.v, p.ok = k, v, true
			coroswitch(&p.coro)
			return !p.done
		})
		var noKey K
		var noValue V
		p.k, p.v, p.ok, p.ended = noKey, noValue, false, true
	})
	next = func() (k K, v V, ok bool) {
		if p.done {
			return
		}
		if p.wanted {
			panic("iter.Pull2: next called again before yield")
		}
		p.wanted = true
		coroswitch(&p.coro)
		if p.panics != nil {
			if p.panics == any(exited{}) {
				runtime.Goexit()
			}
			panic(p.panics)
		}
		return p.k, p.v, p.ok
	}
	stop = func() {
		if p.done {
			return
		}
		p.done = true
		coroswitch(&p.coro)
		if p.panics != nil {
			if p.panics == any(exited{}) {
				runtime.Goexit()
			}
			panic(p.panics)
		}
	}
	return next, stop
}
