package unicode

// What these return is data, laid out by the compiler: see its module hir::packed.

func packedTable(text string) *RangeTable

func packedCaseRanges(text string) []CaseRange

func packedFolds(text string) []foldPair
