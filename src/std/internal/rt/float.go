package rt

// Sqrt returns the square root of x.
func Sqrt(x float64) float64

// FMA returns x*y+z, rounded once.
func FMA(x, y, z float64) float64
