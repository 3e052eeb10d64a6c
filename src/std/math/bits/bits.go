// Package bits counts, moves and multiplies bits of unsigned integers.
//
// The compiler replaces most of these functions by single instructions.
package bits

// UintSize is the size of a uint in bits.
const UintSize = 64

const (
	m0 = 0x5555555555555555 // 01010101 …
	m1 = 0x3333333333333333 // 00110011 …
	m2 = 0x0f0f0f0f0f0f0f0f // 00001111 …
	m3 = 0x00ff00ff00ff00ff
	m4 = 0x0000ffff0000ffff
)

// LeadingZeros returns the number of leading zero bits in x. (intrinsic, as are all in this file)
func LeadingZeros(x uint) int { return UintSize - Len(x) }

func LeadingZeros8(x uint8) int { return 8 - Len8(x) }

func LeadingZeros16(x uint16) int { return 16 - Len16(x) }

func LeadingZeros32(x uint32) int { return 32 - Len32(x) }

func LeadingZeros64(x uint64) int { return 64 - Len64(x) }

// TrailingZeros returns the number of trailing zero bits in x: those that x-1
// sets and x does not have.
func TrailingZeros(x uint) int { return TrailingZeros64(uint64(x)) }

func TrailingZeros8(x uint8) int { return OnesCount8(^x & (x - 1)) }

func TrailingZeros16(x uint16) int { return OnesCount16(^x & (x - 1)) }

func TrailingZeros32(x uint32) int { return OnesCount32(^x & (x - 1)) }

func TrailingZeros64(x uint64) int { return OnesCount64(^x & (x - 1)) }

// OnesCount returns the number of one bits in x.
func OnesCount(x uint) int { return OnesCount64(uint64(x)) }

func OnesCount8(x uint8) int { return OnesCount64(uint64(x)) }

func OnesCount16(x uint16) int { return OnesCount64(uint64(x)) }

func OnesCount32(x uint32) int { return OnesCount64(uint64(x)) }

func OnesCount64(x uint64) int {
	// Sums of pairs, of fours, of bytes; the product adds up the bytes.
	x -= x >> 1 & m0
	x = x>>2&m1 + x&m1
	x = (x>>4 + x) & m2
	return int(x * 0x0101010101010101 >> 56)
}

// Len returns the number of bits needed for x, 0 for 0.
func Len(x uint) int { return Len64(uint64(x)) }

func Len8(x uint8) int { return Len64(uint64(x)) }

func Len16(x uint16) int { return Len64(uint64(x)) }

func Len32(x uint32) int { return Len64(uint64(x)) }

func Len64(x uint64) (n int) {
	for s := uint(32); s > 0; s >>= 1 {
		if x>>s != 0 {
			x >>= s
			n += int(s)
		}
	}
	return n + int(x)
}

// RotateLeft returns x rotated left by k bits, right if k is negative.
func RotateLeft(x uint, k int) uint { return x<<(uint(k)&63) | x>>(-uint(k)&63) }

func RotateLeft8(x uint8, k int) uint8 { return x<<(uint(k)&7) | x>>(-uint(k)&7) }

func RotateLeft16(x uint16, k int) uint16 { return x<<(uint(k)&15) | x>>(-uint(k)&15) }

func RotateLeft32(x uint32, k int) uint32 { return x<<(uint(k)&31) | x>>(-uint(k)&31) }

func RotateLeft64(x uint64, k int) uint64 { return x<<(uint(k)&63) | x>>(-uint(k)&63) }

// Reverse returns x with its bits in reverse order.
func Reverse(x uint) uint { return uint(Reverse64(uint64(x))) }

func Reverse8(x uint8) uint8 { return uint8(Reverse64(uint64(x)) >> 56) }

func Reverse16(x uint16) uint16 { return uint16(Reverse64(uint64(x)) >> 48) }

func Reverse32(x uint32) uint32 { return uint32(Reverse64(uint64(x)) >> 32) }

func Reverse64(x uint64) uint64 { return reverse(x) }

//go:noinline
func reverse(x uint64) uint64 {
	x = x>>1&m0 | x&m0<<1
	x = x>>2&m1 | x&m1<<2
	x = x>>4&m2 | x&m2<<4
	return ReverseBytes64(x)
}

// ReverseBytes returns x with its bytes in reverse order.
func ReverseBytes(x uint) uint { return uint(ReverseBytes64(uint64(x))) }

func ReverseBytes16(x uint16) uint16 { return x>>8 | x<<8 }

func ReverseBytes32(x uint32) uint32 {
	x = x>>8&(m3&0xffffffff) | x&(m3&0xffffffff)<<8
	return x>>16 | x<<16
}

func ReverseBytes64(x uint64) uint64 {
	x = x>>8&m3 | x&m3<<8
	x = x>>16&m4 | x&m4<<16
	return x>>32 | x<<32
}
