package iter

// A pull runs an iterator in a goroutine of its own, which goes on only while
// somebody waits for the next value.
type pull[T any] struct {
	resume  chan bool // true: the next value; false: stop
	values  chan T
	ended   chan struct{} // closed when the iterator returned
	started bool
	done    bool
	panics  any  // what the iterator panicked with
	failed  bool // it panicked
}

func newPull[T any]() *pull[T] {
	return &pull[T]{resume: make(chan bool), values: make(chan T), ended: make(chan struct{})}
}

// start begins to run body, which calls yield with the values.
func (p *pull[T]) start(body func(yield func(T) bool)) {
	p.started = true
	go func() {
		p.failed = true
		defer close(p.ended)
		defer func() {
			if p.failed {
				p.panics = recover()
			}
		}()
		if <-p.resume {
			body(func(v T) bool {
				p.values <- v
				return <-p.resume
			})
		}
		p.failed = false
	}()
}

// next returns the next value.
func (p *pull[T]) next(body func(yield func(T) bool)) (v T, ok bool) {
	if p.done {
		return v, false
	}
	if !p.started {
		p.start(body)
	}
	p.resume <- true
	select {
	case v = <-p.values:
		return v, true
	case <-p.ended:
		p.done = true
		if p.failed {
			panic(p.panics)
		}
		return v, false
	}
}

func (p *pull[T]) stop() {
	if p.done {
		return
	}
	p.done = true
	if p.started {
		p.resume <- false
		<-p.ended
		if p.failed {
			panic(p.panics)
		}
	}
}

// Pull turns an iterator into a function that returns its next value and
// whether there was one, and a function that ends it. Both must not be called
// by several goroutines at once.
//
//go:noinline
func Pull[V any](seq Seq[V]) (next func() (V, bool), stop func()) {
	p := newPull[V]()
	return func() (V, bool) { return p.next(seq) }, p.stop
}

type pair[K, V any] struct {
	k K
	v V
}

// Pull2 is Pull for pairs.
//
//go:noinline
func Pull2[K, V any](seq Seq2[K, V]) (next func() (K, V, bool), stop func()) {
	p := newPull[pair[K, V]]()
	body := func(yield func(pair[K, V]) bool) {
		seq(func(k K, v V) bool { return yield(pair[K, V]{k, v}) })
	}
	return func() (K, V, bool) {
		x, ok := p.next(body)
		return x.k, x.v, ok
	}, p.stop
}
