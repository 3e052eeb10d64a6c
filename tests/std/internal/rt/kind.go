package rt

// kindNames holds the names of the kinds, each ended by a blank.
const kindNames = "zero bool int int8 int16 int32 int64 uint uint8 uint16 uint32 uint64 uintptr float32 float64 " +
	"complex64 complex128 array chan func interface map ptr slice string struct unsafe.Pointer "

// KindName returns the name of a kind; the invalid one is "zero".
func KindName(kind int) string {
	start := 0
	for i := 0; ; i++ {
		if kindNames[i] == ' ' {
			if kind == 0 {
				return kindNames[start:i]
			}
			kind--
			start = i + 1
		}
	}
}
