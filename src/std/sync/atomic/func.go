// Package atomic reads and changes variables in single steps, in an order that
// all goroutines agree on.
//
// The functions are native; the compiler may replace them by instructions.
package atomic

import "unsafe"

// SwapInt32 stores new in *addr and returns what was there.
//
//go:noescape
func SwapInt32(addr *int32, new int32) (old int32)

// CompareAndSwapInt32 stores new in *addr if old is there.
//
//go:noescape
func CompareAndSwapInt32(addr *int32, old, new int32) (swapped bool)

// AddInt32 adds delta to *addr and returns the sum.
//
//go:noescape
func AddInt32(addr *int32, delta int32) (new int32)

// AndInt32 clears the bits of *addr that mask has not and returns what was there.
//
//go:noescape
func AndInt32(addr *int32, mask int32) (old int32)

// OrInt32 sets the bits of mask in *addr and returns what was there.
//
//go:noescape
func OrInt32(addr *int32, mask int32) (old int32)

// LoadInt32 returns *addr.
//
//go:noescape
func LoadInt32(addr *int32) (val int32)

// StoreInt32 stores val in *addr.
//
//go:noescape
func StoreInt32(addr *int32, val int32)

// SwapInt64 stores new in *addr and returns what was there.
//
//go:noescape
func SwapInt64(addr *int64, new int64) (old int64)

// CompareAndSwapInt64 stores new in *addr if old is there.
//
//go:noescape
func CompareAndSwapInt64(addr *int64, old, new int64) (swapped bool)

// AddInt64 adds delta to *addr and returns the sum.
//
//go:noescape
func AddInt64(addr *int64, delta int64) (new int64)

// AndInt64 clears the bits of *addr that mask has not and returns what was there.
//
//go:noescape
func AndInt64(addr *int64, mask int64) (old int64)

// OrInt64 sets the bits of mask in *addr and returns what was there.
//
//go:noescape
func OrInt64(addr *int64, mask int64) (old int64)

// LoadInt64 returns *addr.
//
//go:noescape
func LoadInt64(addr *int64) (val int64)

// StoreInt64 stores val in *addr.
//
//go:noescape
func StoreInt64(addr *int64, val int64)

// SwapUint32 stores new in *addr and returns what was there.
//
//go:noescape
func SwapUint32(addr *uint32, new uint32) (old uint32)

// CompareAndSwapUint32 stores new in *addr if old is there.
//
//go:noescape
func CompareAndSwapUint32(addr *uint32, old, new uint32) (swapped bool)

// AddUint32 adds delta to *addr and returns the sum.
//
//go:noescape
func AddUint32(addr *uint32, delta uint32) (new uint32)

// AndUint32 clears the bits of *addr that mask has not and returns what was there.
//
//go:noescape
func AndUint32(addr *uint32, mask uint32) (old uint32)

// OrUint32 sets the bits of mask in *addr and returns what was there.
//
//go:noescape
func OrUint32(addr *uint32, mask uint32) (old uint32)

// LoadUint32 returns *addr.
//
//go:noescape
func LoadUint32(addr *uint32) (val uint32)

// StoreUint32 stores val in *addr.
//
//go:noescape
func StoreUint32(addr *uint32, val uint32)

// SwapUint64 stores new in *addr and returns what was there.
//
//go:noescape
func SwapUint64(addr *uint64, new uint64) (old uint64)

// CompareAndSwapUint64 stores new in *addr if old is there.
//
//go:noescape
func CompareAndSwapUint64(addr *uint64, old, new uint64) (swapped bool)

// AddUint64 adds delta to *addr and returns the sum.
//
//go:noescape
func AddUint64(addr *uint64, delta uint64) (new uint64)

// AndUint64 clears the bits of *addr that mask has not and returns what was there.
//
//go:noescape
func AndUint64(addr *uint64, mask uint64) (old uint64)

// OrUint64 sets the bits of mask in *addr and returns what was there.
//
//go:noescape
func OrUint64(addr *uint64, mask uint64) (old uint64)

// LoadUint64 returns *addr.
//
//go:noescape
func LoadUint64(addr *uint64) (val uint64)

// StoreUint64 stores val in *addr.
//
//go:noescape
func StoreUint64(addr *uint64, val uint64)

// SwapUintptr stores new in *addr and returns what was there.
//
//go:noescape
func SwapUintptr(addr *uintptr, new uintptr) (old uintptr)

// CompareAndSwapUintptr stores new in *addr if old is there.
//
//go:noescape
func CompareAndSwapUintptr(addr *uintptr, old, new uintptr) (swapped bool)

// AddUintptr adds delta to *addr and returns the sum.
//
//go:noescape
func AddUintptr(addr *uintptr, delta uintptr) (new uintptr)

// AndUintptr clears the bits of *addr that mask has not and returns what was there.
//
//go:noescape
func AndUintptr(addr *uintptr, mask uintptr) (old uintptr)

// OrUintptr sets the bits of mask in *addr and returns what was there.
//
//go:noescape
func OrUintptr(addr *uintptr, mask uintptr) (old uintptr)

// LoadUintptr returns *addr.
//
//go:noescape
func LoadUintptr(addr *uintptr) (val uintptr)

// StoreUintptr stores val in *addr.
//
//go:noescape
func StoreUintptr(addr *uintptr, val uintptr)

// SwapPointer stores new in *addr and returns what was there.
func SwapPointer(addr *unsafe.Pointer, new unsafe.Pointer) (old unsafe.Pointer)

// CompareAndSwapPointer stores new in *addr if old is there.
func CompareAndSwapPointer(addr *unsafe.Pointer, old, new unsafe.Pointer) (swapped bool)

// LoadPointer returns *addr.
func LoadPointer(addr *unsafe.Pointer) (val unsafe.Pointer)

// StorePointer stores val in *addr.
func StorePointer(addr *unsafe.Pointer, val unsafe.Pointer)
