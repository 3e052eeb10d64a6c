//! Size classes: the sizes that small objects are rounded up to. They are Go's, because programs see them in
//! the capacities that `append` makes.

/// Objects above this many bytes have spans of their own.
pub const MAX_SMALL: u64 = 32768;
/// Objects with pointers above this many bytes are charged [`HEADER`] more, as in Go, where a type header
/// precedes them.
pub const MIN_FOR_HEADER: u64 = 512;
/// See [`MIN_FOR_HEADER`].
pub const HEADER: u64 = 8;
/// Bytes of a page of the heap.
pub const PAGE_SIZE: u64 = 8192;
/// log2 of [`PAGE_SIZE`].
pub const PAGE_SHIFT: u32 = 13;
/// Number of size classes, class 0 (large objects) included.
pub const N_CLASSES: usize = 68;

/// Bytes of an object of each class.
pub const CLASS_TO_SIZE: [u16; N_CLASSES] = [
    0, 8, 16, 24, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240, 256, 288, 320, 352, 384, 416, 448,
    480, 512, 576, 640, 704, 768, 896, 1024, 1152, 1280, 1408, 1536, 1792, 2048, 2304, 2688, 3072, 3200, 3456, 4096,
    4864, 5376, 6144, 6528, 6784, 6912, 8192, 9472, 9728, 10240, 10880, 12288, 13568, 14336, 16384, 18432, 19072,
    20480, 21760, 24576, 27264, 28672, 32768,
];

const fn n_pages(size: u64) -> u64 {
    // The fewest pages of which at most an eighth is wasted at the end.
    let mut n = 1;
    while (n * PAGE_SIZE) % size > n * PAGE_SIZE / 8 {
        n += 1;
    }
    n
}

/// Pages of a span of each class.
pub const CLASS_TO_PAGES: [u8; N_CLASSES] = {
    let mut t = [0u8; N_CLASSES];
    let mut c = 1;
    while c < N_CLASSES {
        t[c] = n_pages(CLASS_TO_SIZE[c] as u64) as u8;
        c += 1;
    }
    t
};

/// Class by `ceil(size / 8)` for all small sizes.
static SIZE_TO_CLASS: [u8; MAX_SMALL as usize / 8 + 1] = {
    let mut t = [0u8; MAX_SMALL as usize / 8 + 1];
    let mut c = 1usize;
    let mut i = 1usize;
    while i < t.len() {
        if i * 8 > CLASS_TO_SIZE[c] as usize {
            c += 1;
        }
        t[i] = c as u8;
        i += 1;
    }
    t
};

/// The class of a small object.
#[inline(always)]
pub fn size_to_class(size: u64) -> usize {
    SIZE_TO_CLASS[size.div_ceil(8) as usize] as usize
}

/// The size that an allocation of `size` bytes can use, as `append` sees it (Go: roundupsize).
pub fn roundupsize(size: u64, noscan: bool) -> u64 {
    if size <= MAX_SMALL - HEADER {
        let extra = if !noscan && size > MIN_FOR_HEADER { HEADER } else { 0 };
        return CLASS_TO_SIZE[size_to_class(size + extra)] as u64 - extra;
    }
    match size.checked_add(PAGE_SIZE - 1) {
        Some(n) => n & !(PAGE_SIZE - 1),
        None => size,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_minimal() {
        for size in 1..=MAX_SMALL {
            let c = size_to_class(size);
            assert!(CLASS_TO_SIZE[c] as u64 >= size && (CLASS_TO_SIZE[c - 1] as u64) < size);
        }
    }

    #[test]
    fn pages_as_in_go() {
        assert_eq!(CLASS_TO_PAGES[35], 2); // 1408
        assert_eq!(CLASS_TO_PAGES[50], 6); // 6912
        assert_eq!(CLASS_TO_PAGES[67], 4); // 32768
    }

    #[test]
    fn rounding_as_in_go() {
        assert_eq!(roundupsize(33, true), 48);
        assert_eq!(roundupsize(520, false), 576 - 8);
        assert_eq!(roundupsize(520, true), 576);
        assert_eq!(roundupsize(32768, true), 32768);
        assert_eq!(roundupsize(32761, true), 32768);
        assert_eq!(roundupsize(32769, true), 40960);
    }
}
