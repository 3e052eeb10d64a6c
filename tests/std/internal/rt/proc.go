package rt



// Reasons to wait for a semaphore, as traces show them.
const (
	WaitSemaphore = iota
	WaitMutex
	WaitRLock
	WaitRWLock
	WaitGroup
)

// Semacquire takes one from the semaphore *s, or waits until Semrelease gives
// it one; with lifo, before all who wait already. The semaphore's address is its
// name: it must not be copied while in use.
func Semacquire(s *uint32, lifo bool, reason int) { panic("native") }

// Semrelease gives one to who waits longest, or adds one to *s.
func Semrelease(s *uint32) { panic("native") }
