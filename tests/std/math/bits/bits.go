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

func OnesCount8(x uint8) int { return int(counts[x]) }

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
func Reverse(x uint) uint {
	if UintSize == 32 {
		return uint(Reverse32(uint32(x)))
	}
	return uint(Reverse64(uint64(x)))
}

func Reverse8(x uint8) uint8 { return reversed[x] }

func Reverse16(x uint16) uint16 { return uint16(reversed[x>>8]) | uint16(reversed[x&0xff])<<8 }

func Reverse32(x uint32) uint32 {
	const m = 1<<32 - 1
	x = x>>1&(m0&m) | x&(m0&m)<<1
	x = x>>2&(m1&m) | x&(m1&m)<<2
	x = x>>4&(m2&m) | x&(m2&m)<<4
	return ReverseBytes32(x)
}

func Reverse64(x uint64) uint64 {
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

// counts and reversed have OnesCount8 and Reverse8 of every byte.
const (
	counts = "" +
		"\x00\x01\x01\x02\x01\x02\x02\x03\x01\x02\x02\x03\x02\x03\x03\x04" +
		"\x01\x02\x02\x03\x02\x03\x03\x04\x02\x03\x03\x04\x03\x04\x04\x05" +
		"\x01\x02\x02\x03\x02\x03\x03\x04\x02\x03\x03\x04\x03\x04\x04\x05" +
		"\x02\x03\x03\x04\x03\x04\x04\x05\x03\x04\x04\x05\x04\x05\x05\x06" +
		"\x01\x02\x02\x03\x02\x03\x03\x04\x02\x03\x03\x04\x03\x04\x04\x05" +
		"\x02\x03\x03\x04\x03\x04\x04\x05\x03\x04\x04\x05\x04\x05\x05\x06" +
		"\x02\x03\x03\x04\x03\x04\x04\x05\x03\x04\x04\x05\x04\x05\x05\x06" +
		"\x03\x04\x04\x05\x04\x05\x05\x06\x04\x05\x05\x06\x05\x06\x06\x07" +
		"\x01\x02\x02\x03\x02\x03\x03\x04\x02\x03\x03\x04\x03\x04\x04\x05" +
		"\x02\x03\x03\x04\x03\x04\x04\x05\x03\x04\x04\x05\x04\x05\x05\x06" +
		"\x02\x03\x03\x04\x03\x04\x04\x05\x03\x04\x04\x05\x04\x05\x05\x06" +
		"\x03\x04\x04\x05\x04\x05\x05\x06\x04\x05\x05\x06\x05\x06\x06\x07" +
		"\x02\x03\x03\x04\x03\x04\x04\x05\x03\x04\x04\x05\x04\x05\x05\x06" +
		"\x03\x04\x04\x05\x04\x05\x05\x06\x04\x05\x05\x06\x05\x06\x06\x07" +
		"\x03\x04\x04\x05\x04\x05\x05\x06\x04\x05\x05\x06\x05\x06\x06\x07" +
		"\x04\x05\x05\x06\x05\x06\x06\x07\x05\x06\x06\x07\x06\x07\x07\x08"
	reversed = "" +
		"\x00\x80\x40\xc0\x20\xa0\x60\xe0\x10\x90\x50\xd0\x30\xb0\x70\xf0" +
		"\x08\x88\x48\xc8\x28\xa8\x68\xe8\x18\x98\x58\xd8\x38\xb8\x78\xf8" +
		"\x04\x84\x44\xc4\x24\xa4\x64\xe4\x14\x94\x54\xd4\x34\xb4\x74\xf4" +
		"\x0c\x8c\x4c\xcc\x2c\xac\x6c\xec\x1c\x9c\x5c\xdc\x3c\xbc\x7c\xfc" +
		"\x02\x82\x42\xc2\x22\xa2\x62\xe2\x12\x92\x52\xd2\x32\xb2\x72\xf2" +
		"\x0a\x8a\x4a\xca\x2a\xaa\x6a\xea\x1a\x9a\x5a\xda\x3a\xba\x7a\xfa" +
		"\x06\x86\x46\xc6\x26\xa6\x66\xe6\x16\x96\x56\xd6\x36\xb6\x76\xf6" +
		"\x0e\x8e\x4e\xce\x2e\xae\x6e\xee\x1e\x9e\x5e\xde\x3e\xbe\x7e\xfe" +
		"\x01\x81\x41\xc1\x21\xa1\x61\xe1\x11\x91\x51\xd1\x31\xb1\x71\xf1" +
		"\x09\x89\x49\xc9\x29\xa9\x69\xe9\x19\x99\x59\xd9\x39\xb9\x79\xf9" +
		"\x05\x85\x45\xc5\x25\xa5\x65\xe5\x15\x95\x55\xd5\x35\xb5\x75\xf5" +
		"\x0d\x8d\x4d\xcd\x2d\xad\x6d\xed\x1d\x9d\x5d\xdd\x3d\xbd\x7d\xfd" +
		"\x03\x83\x43\xc3\x23\xa3\x63\xe3\x13\x93\x53\xd3\x33\xb3\x73\xf3" +
		"\x0b\x8b\x4b\xcb\x2b\xab\x6b\xeb\x1b\x9b\x5b\xdb\x3b\xbb\x7b\xfb" +
		"\x07\x87\x47\xc7\x27\xa7\x67\xe7\x17\x97\x57\xd7\x37\xb7\x77\xf7" +
		"\x0f\x8f\x4f\xcf\x2f\xaf\x6f\xef\x1f\x9f\x5f\xdf\x3f\xbf\x7f\xff"
)
