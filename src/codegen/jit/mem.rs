//! Memory for code.
//!
//! One reservation, mapped twice: through the *write* view the linker fills it in, through the *exec* view it
//! runs. Both show the same pages, so
//! * functions lie densely one behind the other, however late each of them is compiled;
//! * nothing is ever both writable and executable at one address, and finishing a function costs no system
//!   call while other threads run code of the same page;
//! * all code is within reach of near calls.
//!
//! ```text
//!   base: | slots: one word per function | stubs: 16 bytes per function | functions … |
//! ```

use std::sync::atomic::{AtomicU64, Ordering};

use rustix::mm::{MapFlags, MprotectFlags, MremapFlags, ProtFlags, mmap_anonymous, mprotect, mremap};

/// Address space reserved for code: near calls reach 2 GiB.
const RESERVE: usize = 256 << 20;

/// The code memory. Never freed: generated code may run until the process ends.
#[derive(Debug)]
pub(super) struct CodeMem {
    write: *mut u8,
    exec: *mut u8,
    used: usize,
}

impl CodeMem {
    /// Reserves it.
    pub(super) fn new() -> std::io::Result<CodeMem> {
        // SAFETY: fresh mappings at addresses the kernel chooses. A remapping of old size 0 makes a second
        // view of a shared mapping and leaves the first one in place.
        unsafe {
            let rw = ProtFlags::READ | ProtFlags::WRITE;
            let write = mmap_anonymous(std::ptr::null_mut(), RESERVE, rw, MapFlags::SHARED | MapFlags::NORESERVE)?;
            let exec = mremap(write, 0, RESERVE, MremapFlags::MAYMOVE)?;
            mprotect(exec, RESERVE, MprotectFlags::READ | MprotectFlags::EXEC)?;
            Ok(CodeMem { write: write.cast(), exec: exec.cast(), used: 0 })
        }
    }

    /// Takes `size` bytes; returns their offset.
    pub(super) fn take(&mut self, size: usize, align: usize) -> usize {
        let at = self.used.next_multiple_of(align);
        assert!(at + size <= RESERVE, "code memory is exhausted");
        self.used = at + size;
        at
    }

    /// Address in the exec view.
    pub(super) fn addr(&self, offset: usize) -> u64 {
        self.exec as u64 + offset as u64
    }

    /// Writes bytes that no thread executes yet.
    pub(super) fn write(&self, offset: usize, bytes: &[u8]) {
        assert!(offset + bytes.len() <= self.used);
        // SAFETY: inside what was taken; only this thread writes, and nothing runs there yet.
        unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), self.write.add(offset), bytes.len()) }
    }

    /// Stores a word that other threads' code may be reading: code they find there is complete.
    pub(super) fn publish(&self, offset: usize, word: u64) {
        assert!(offset + 8 <= self.used && offset.is_multiple_of(8));
        // SAFETY: an aligned word inside the mapping, only ever accessed as a whole.
        unsafe { (*self.write.add(offset).cast::<AtomicU64>()).store(word, Ordering::Release) }
    }
}
