//! Memory for code: cranelift-jit's arena, one reservation, so that all code is within reach of near calls.
//!
//! Code is written first and *sealed* before it runs: sealing makes everything taken so far executable and no
//! longer writable, while other threads run what was sealed before. Pages are sealed whole, so functions that
//! are compiled together lie densely, one behind the other, and one that is compiled when it is first called
//! has a page of its own.
//!
//! ```text
//!   base: | slots: one word per function | stubs: 16 bytes per function | functions … | functions … |
//!           writable                       sealed together                               sealed later
//! ```

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};

use cranelift_jit::{ArenaMemoryProvider, BranchProtection, JITMemoryKind, JITMemoryProvider};

/// Address space reserved for code: near calls reach 2 GiB.
const RESERVE: usize = 256 << 20;

/// The code memory. Never freed: generated code may run until the process ends.
pub(super) struct CodeMem {
    arena: ArenaMemoryProvider,
    /// What offsets count from: the first piece that was taken.
    base: Option<*mut u8>,
    /// Something was taken since the last sealing.
    open: bool,
    /// Where the next page after a sealing begins to be used.
    color: usize,
}

impl CodeMem {
    /// Reserves it.
    pub(super) fn new() -> io::Result<CodeMem> {
        let arena = ArenaMemoryProvider::new_with_size(RESERVE).map_err(io::Error::other)?;
        Ok(CodeMem { arena, base: None, open: false, color: 0 })
    }

    /// Takes `size` bytes for code; returns their offset.
    pub(super) fn take(&mut self, size: usize, align: usize) -> usize {
        if !std::mem::replace(&mut self.open, true) {
            // Functions that have pages of their own do not all begin at the same offset in them: they would
            // crowd the same few sets of the instruction cache.
            self.color = (self.color + 5 * 64) % 2048;
            self.allocate(self.color, 16, JITMemoryKind::Executable);
        }
        self.allocate(size, align, JITMemoryKind::Executable)
    }

    /// Takes `n` words that stay writable; returns their offset.
    pub(super) fn take_words(&mut self, n: usize) -> usize {
        self.allocate(n * 8, 8, JITMemoryKind::Writable)
    }

    fn allocate(&mut self, size: usize, align: usize, kind: JITMemoryKind) -> usize {
        let at = self
            .arena
            .allocate(size.max(1), align as u64, kind)
            .unwrap_or_else(|e| crate::bug!("jit", "code memory", "{e}"));
        at as usize - *self.base.get_or_insert(at) as usize
    }

    fn ptr(&self, offset: usize) -> *mut u8 {
        self.base.map_or(std::ptr::null_mut(), |base| base.wrapping_add(offset))
    }

    /// The address of an offset.
    pub(super) fn addr(&self, offset: usize) -> u64 {
        self.ptr(offset) as u64
    }

    /// Writes code that is not sealed yet.
    pub(super) fn write(&self, offset: usize, bytes: &[u8]) {
        assert!(self.open, "code is written before it is sealed");
        // SAFETY: `offset` and the bytes behind it were taken from the arena, are still writable, and no code
        // runs there yet; only this thread writes.
        unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), self.ptr(offset), bytes.len()) }
    }

    /// Stores a word that other threads' code may be reading: code they find there is complete.
    pub(super) fn publish(&self, offset: usize, word: u64) {
        // SAFETY: an aligned word that `take_words` gave, only ever accessed as a whole.
        unsafe { (*self.ptr(offset).cast::<AtomicU64>()).store(word, Ordering::Release) }
    }

    /// Makes everything taken so far executable.
    pub(super) fn seal(&mut self) {
        if std::mem::take(&mut self.open) {
            self.arena
                .finalize(BranchProtection::None)
                .unwrap_or_else(|e| crate::bug!("jit", "code memory", "cannot be made executable: {e}"));
        }
    }
}
