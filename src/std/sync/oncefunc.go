package sync

// OnceFunc returns a function that calls f once, however often it is called. If
// f panics, so does each call, with the same value.
//
// What the function knows lies in one variable, so that it is one object.
func OnceFunc(f func()) func() {
	d := struct {
		f     func()
		once  Once
		valid bool
		with  any
	}{f: f}
	return func() {
		d.once.Do(func() {
			defer func() {
				d.f = nil
				if !d.valid {
					d.with = recover()
					panic(d.with)
				}
			}()
			d.f()
			d.valid = true
		})
		if !d.valid {
			panic(d.with)
		}
	}
}

// OnceValue returns a function that calls f once and returns what that
// returned. If f panics, so does each call.
func OnceValue[T any](f func() T) func() T {
	d := struct {
		f      func() T
		once   Once
		valid  bool
		with   any
		result T
	}{f: f}
	return func() T {
		d.once.Do(func() {
			defer func() {
				d.f = nil
				if !d.valid {
					d.with = recover()
					panic(d.with)
				}
			}()
			d.result = d.f()
			d.valid = true
		})
		if !d.valid {
			panic(d.with)
		}
		return d.result
	}
}

// OnceValues is OnceValue for two results.
func OnceValues[T1, T2 any](f func() (T1, T2)) func() (T1, T2) {
	d := struct {
		f     func() (T1, T2)
		once  Once
		valid bool
		with  any
		r1    T1
		r2    T2
	}{f: f}
	return func() (T1, T2) {
		d.once.Do(func() {
			defer func() {
				d.f = nil
				if !d.valid {
					d.with = recover()
					panic(d.with)
				}
			}()
			d.r1, d.r2 = d.f()
			d.valid = true
		})
		if !d.valid {
			panic(d.with)
		}
		return d.r1, d.r2
	}
}
