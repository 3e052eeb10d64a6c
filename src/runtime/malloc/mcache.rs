//! A p's cache of spans: what small objects are allocated from without a lock.

use super::mcentral;
use super::mheap::Mspan;
use super::sizeclass::*;

/// See the module. Belongs to one p.
#[repr(C)]
#[derive(Debug)]
pub struct Mcache {
    /// By span class.
    alloc: [*mut Mspan; N_CLASSES * 2],
    /// The 16-byte block that tiny objects share, 0: none.
    tiny: u64,
    tiny_offset: u64,
    /// Objects allocated.
    pub n_malloc: u64,
    /// Those of them that share a block with one before.
    pub n_tiny: u64,
    /// Bytes allocated, rounded up to size classes.
    pub total_alloc: u64,
}

/// Stands in the cache where it has no span.
struct Empty(std::cell::UnsafeCell<Mspan>);
// SAFETY: nobody writes to it: it has no free objects.
unsafe impl Sync for Empty {}

static EMPTY: Empty = Empty(std::cell::UnsafeCell::new(Mspan::DEAD));

impl Default for Mcache {
    fn default() -> Self {
        Mcache {
            alloc: [EMPTY.0.get(); N_CLASSES * 2],
            tiny: 0,
            tiny_offset: 0,
            n_malloc: 0,
            n_tiny: 0,
            total_alloc: 0,
        }
    }
}

impl Mcache {
    /// A zeroed object of the class.
    ///
    /// # Safety
    /// The cache's p must be this thread's.
    #[inline(always)]
    pub unsafe fn alloc_small(&mut self, class: usize, noscan: bool) -> u64 {
        let sc = class * 2 + noscan as usize;
        // SAFETY: cached spans belong to this p.
        unsafe {
            let s = self.alloc[sc];
            let (p, s) = match (*s).next_free_fast() {
                Some(p) => (p, s),
                None => self.next_free(sc),
            };
            let size = (*s).elem_size;
            self.total_alloc += size;
            if (*s).needs_zero {
                std::ptr::write_bytes(p as *mut u8, 0, size as usize);
            }
            p
        }
    }

    #[cold]
    #[inline(never)]
    unsafe fn next_free(&mut self, sc: usize) -> (u64, *mut Mspan) {
        // SAFETY: as in `alloc_small`; `EMPTY` is full and is not given back.
        unsafe {
            loop {
                let s = self.alloc[sc];
                let empty = s == EMPTY.0.get();
                if !empty && let Some(p) = (*s).next_free() {
                    return (p, s);
                }
                self.alloc[sc] = mcentral::exchange(sc, if empty { std::ptr::null_mut() } else { s });
            }
        }
    }

    /// Forgets all spans: the heap sorts them out anew.
    pub fn flush(&mut self) {
        self.alloc = [EMPTY.0.get(); N_CLASSES * 2];
        self.tiny = 0;
        self.tiny_offset = 0;
    }

    /// A zeroed object without pointers of fewer than 16 bytes.
    ///
    /// # Safety
    /// As for [`Mcache::alloc_small`].
    pub unsafe fn alloc_tiny(&mut self, size: u64) -> u64 {
        let align = match size {
            _ if size & 7 == 0 => 8,
            _ if size & 3 == 0 => 4,
            _ if size & 1 == 0 => 2,
            _ => 1,
        };
        let off = self.tiny_offset.next_multiple_of(align);
        if self.tiny != 0 && off + size <= 16 {
            self.tiny_offset = off + size;
            self.n_tiny += 1;
            return self.tiny + off;
        }
        // SAFETY: as the caller says.
        let p = unsafe { self.alloc_small(2, true) };
        if self.tiny == 0 || size < self.tiny_offset {
            self.tiny = p;
            self.tiny_offset = size;
        }
        p
    }
}
