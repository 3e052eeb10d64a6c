package syscall

// A RawConn gives access to the descriptor of an open file, which stays open
// meanwhile. The functions given to Read and Write are called until they return
// true, whenever the descriptor is ready.
type RawConn interface {
	Control(f func(fd uintptr)) error
	Read(f func(fd uintptr) (done bool)) error
	Write(f func(fd uintptr) (done bool)) error
}

// A Conn can give access to its descriptor.
type Conn interface {
	SyscallConn() (RawConn, error)
}
