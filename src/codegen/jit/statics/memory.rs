//! Memory for static data.
//!
//! One reservation in the lowest 2 GiB of the address space where that is possible: addresses are then 32-bit
//! immediates in code, for which x86-64 has short instructions and comparisons. (The kernel maps nothing
//! there by itself but executables with fixed addresses, and ours has none.)

use std::alloc::{Layout, alloc_zeroed, handle_alloc_error};

use rustix::mm::{MapFlags, ProtFlags, mmap_anonymous, munmap};

/// Where the reservation shall begin and how large it is, in bytes: far from nil, below 2 GiB.
const LOW: usize = 16 << 20;
const RESERVE: usize = 1536 << 20;

/// Hands out zeroed memory that is never freed.
#[derive(Debug, Default)]
pub(super) struct Memory {
    next: usize,
    end: usize,
    reserved: bool,
    /// What was handed out since [`Memory::news`] was last called: address and size.
    new: Vec<(u64, u64)>,
}

impl Memory {
    fn reserve(&mut self) {
        self.reserved = true;
        let (prot, flags) = (ProtFlags::READ | ProtFlags::WRITE, MapFlags::PRIVATE | MapFlags::NORESERVE);
        let fixed = flags | MapFlags::FIXED_NOREPLACE;
        // SAFETY: a fresh mapping; with `FIXED_NOREPLACE` it replaces nothing. Kernels that do not know that
        // flag may map elsewhere, which is undone.
        unsafe {
            match mmap_anonymous(LOW as *mut _, RESERVE, prot, fixed) {
                Ok(p) if p as usize == LOW => (self.next, self.end) = (LOW, LOW + RESERVE),
                Ok(p) => {
                    let _ = munmap(p, RESERVE);
                }
                Err(_) => {}
            }
        }
    }

    /// Zeroed memory for ever.
    pub(super) fn take(&mut self, size: usize, align: usize) -> *mut u8 {
        let (size, align) = (size.max(8), align.max(8));
        if !self.reserved {
            self.reserve();
        }
        let at = self.next.next_multiple_of(align);
        if at + size <= self.end {
            self.next = at + size;
            self.add(at, size);
            return at as *mut u8;
        }
        let layout = Layout::from_size_align(size, align).expect("a legal layout");
        // SAFETY: the size is not zero.
        let p = unsafe { alloc_zeroed(layout) };
        if p.is_null() {
            handle_alloc_error(layout);
        }
        self.add(p as usize, size);
        p
    }

    fn add(&mut self, at: usize, size: usize) {
        let (at, size) = (at as u64, size as u64);
        match self.new.last_mut() {
            // The gap for alignment belongs to the piece.
            Some((lo, n)) if *lo + *n <= at && at < *lo + *n + 64 => *n = at + size - *lo,
            _ => self.new.push((at, size)),
        }
    }

    /// Calls `f` with what was handed out since the last time.
    pub(super) fn news(&mut self, f: &mut dyn FnMut(u64, u64)) {
        for (at, size) in self.new.drain(..) {
            f(at, size);
        }
    }
}
