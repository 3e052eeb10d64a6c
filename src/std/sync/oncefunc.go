package sync

// OnceFunc returns a function that calls f once. If f panics, so does each call.
func OnceFunc(f func()) func() {
	var (
		once  Once
		valid bool
		with  any
	)
	return func() {
		once.Do(func() {
			defer func() {
				f = nil
				if !valid {
					with = recover()
					panic(with)
				}
			}()
			f()
			valid = true
		})
		if !valid {
			panic(with)
		}
	}
}

// OnceValue returns a function that calls f once and always returns what f
// returned. If f panics, so does each call.
//
//go:noinline
func OnceValue[T any](f func() T) func() T {
	var (
		once   Once
		valid  bool
		with   any
		result T
	)
	return func() T {
		once.Do(func() {
			defer func() {
				f = nil
				if !valid {
					with = recover()
					panic(with)
				}
			}()
			result = f()
			valid = true
		})
		if !valid {
			panic(with)
		}
		return result
	}
}

// OnceValues is OnceValue for two results.
func OnceValues[T1, T2 any](f func() (T1, T2)) func() (T1, T2) {
	type pair struct {
		a T1
		b T2
	}
	value := OnceValue(func() pair {
		a, b := f()
		return pair{a, b}
	})
	return func() (T1, T2) {
		p := value()
		return p.a, p.b
	}
}
