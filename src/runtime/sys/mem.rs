//! Pages from the kernel. All sizes in bytes; failures of the kernel to give memory are fatal errors.

use rustix::mm::{Advice, MapFlags, MprotectFlags, ProtFlags};
use std::ptr::null_mut;

/// Size of a page of the hardware.
pub const PAGE: usize = 4096;

/// Address space that reads as zeros and costs nothing until it is written. `None`: the kernel refuses.
pub fn try_reserve(len: usize) -> Option<u64> {
    let flags = MapFlags::PRIVATE.union(MapFlags::NORESERVE);
    // SAFETY: a new anonymous mapping at an address that the kernel chooses touches no existing memory.
    let r = unsafe { rustix::mm::mmap_anonymous(null_mut(), len, ProtFlags::READ.union(ProtFlags::WRITE), flags) };
    r.ok().map(|p| p as u64)
}

/// As [`try_reserve`]; running out is fatal.
pub fn map(len: usize) -> u64 {
    match try_reserve(len) {
        Some(p) => p,
        None => super::super::panic::throw("runtime: cannot allocate memory"),
    }
}

/// A table of `n` zeroed elements that is paid for page by page as it fills.
///
/// All-zero bytes must be a valid `T`.
pub fn map_table<T>(n: usize) -> *mut T {
    map(n * size_of::<T>()) as *mut T
}

/// Gives a whole mapping back.
///
/// # Safety
/// Nothing may use `[addr, addr+len)` any more.
pub unsafe fn unmap(addr: u64, len: usize) {
    // SAFETY: as the caller says.
    let _ = unsafe { rustix::mm::munmap(addr as *mut _, len) };
}

/// Makes every access fault.
///
/// # Safety
/// Nothing may use `[addr, addr+len)`, whole pages, until it is unmapped.
pub unsafe fn protect_none(addr: u64, len: usize) {
    // SAFETY: as the caller says.
    let _ = unsafe { rustix::mm::mprotect(addr as *mut _, len, MprotectFlags::empty()) };
}

/// Makes filled pages executable and no longer writable.
///
/// # Safety
/// `[addr, addr+len)` must be whole pages of a mapping of ours.
pub unsafe fn protect_exec(addr: u64, len: usize) {
    // SAFETY: as the caller says.
    let r = unsafe { rustix::mm::mprotect(addr as *mut _, len, MprotectFlags::READ.union(MprotectFlags::EXEC)) };
    if r.is_err() {
        super::super::panic::throw("runtime: cannot make stubs executable");
    }
}

/// Tells the kernel that the contents are no longer needed: the pages read as zeros afterwards.
///
/// # Safety
/// `[addr, addr+len)` must be whole pages of an anonymous mapping whose contents nobody needs.
pub unsafe fn discard(addr: u64, len: usize) {
    // SAFETY: as the caller says.
    let _ = unsafe { rustix::mm::madvise(addr as *mut _, len, Advice::LinuxDontNeed) };
}

/// Asks for huge pages where `[addr, addr+len)` is not touched yet. Only advice.
pub fn advise_huge(addr: u64, len: usize) {
    // SAFETY: no contents change, whatever is mapped there.
    let _ = unsafe { rustix::mm::madvise(addr as *mut _, len, Advice::LinuxHugepage) };
}
