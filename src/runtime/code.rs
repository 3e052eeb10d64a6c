//! The registry of compiled functions: by index and by program counter, readable without locks while other
//! threads register more.
//!
//! ```text
//!   pc ── bits 24.. ──▶ L1 ── bits 4..23 (16-byte granules) ──▶ function index + 1
//! ```
//!
//! Functions begin at multiples of 16, so a granule belongs to one function at most.

use super::sys::mem::map_table;
use crate::abi::meta::{CallSite, FuncMeta, PcLine, TrapSite};
use std::ptr::null_mut;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicPtr, AtomicU32, Ordering::*};

/// Function numbers are below it. The last few are the runtime's own.
pub const N_FUNCS: usize = 1 << 22;
const REGION_SHIFT: u32 = 24;
const GRANULE_SHIFT: u32 = 4;
const N_REGIONS: usize = 1 << (47 - REGION_SHIFT);
const N_GRANULES: usize = 1 << (REGION_SHIFT - GRANULE_SHIFT);

struct Registry {
    by_index: *mut AtomicPtr<FuncMeta>,
    regions: *mut AtomicPtr<AtomicU32>,
}

// SAFETY: the tables consist of atomics.
unsafe impl Send for Registry {}
// SAFETY: as above.
unsafe impl Sync for Registry {}

static REGISTRY: OnceLock<Registry> = OnceLock::new();

#[inline(always)]
fn registry() -> &'static Registry {
    REGISTRY.get_or_init(|| Registry { by_index: map_table(N_FUNCS), regions: map_table(N_REGIONS) })
}

/// Adds a function whose code is in place. Its metadata lives for ever.
pub fn register(meta: FuncMeta) {
    let r = registry();
    let index = meta.index;
    let (first, last) = (meta.entry >> GRANULE_SHIFT, (meta.entry + meta.size.max(1) as u64 - 1) >> GRANULE_SHIFT);
    let f = Box::into_raw(Box::new(meta));
    // SAFETY: indices are inside the tables: function numbers are dense and user addresses have 47 bits.
    unsafe {
        assert!((index as usize) < N_FUNCS, "too many functions");
        (*r.by_index.add(index as usize)).store(f, Release);
        for granule in first..=last {
            let slot = &*r.regions.add((granule >> (REGION_SHIFT - GRANULE_SHIFT)) as usize);
            let mut t = slot.load(Acquire);
            if t.is_null() {
                let fresh = map_table::<AtomicU32>(N_GRANULES);
                t = match slot.compare_exchange(null_mut(), fresh, AcqRel, Acquire) {
                    Ok(_) => fresh,
                    Err(theirs) => {
                        super::sys::mem::unmap(fresh as u64, N_GRANULES * 4);
                        theirs
                    }
                };
            }
            (*t.add(granule as usize & (N_GRANULES - 1))).store(index + 1, Release);
        }
    }
}

/// The function with this index, if it has code.
#[inline]
pub fn by_index(index: u32) -> Option<&'static FuncMeta> {
    if index as usize >= N_FUNCS {
        return None;
    }
    // SAFETY: the index is inside the table; registered metadata lives for ever.
    unsafe { (*registry().by_index.add(index as usize)).load(Acquire).as_ref() }
}

/// The function whose code contains `pc`.
#[inline]
pub fn find(pc: u64) -> Option<&'static FuncMeta> {
    if pc >> 47 != 0 {
        return None;
    }
    // SAFETY: the address has 47 bits, so both indices are inside the tables.
    unsafe {
        let t = (*registry().regions.add((pc >> REGION_SHIFT) as usize)).load(Acquire);
        if t.is_null() {
            return None;
        }
        let i = (*t.add((pc >> GRANULE_SHIFT) as usize & (N_GRANULES - 1))).load(Acquire);
        if i == 0 {
            return None;
        }
        let f = by_index(i - 1)?;
        (pc >= f.entry && pc - f.entry < f.size as u64).then_some(f)
    }
}

/// The call that returns to `pc`.
pub fn call_site(f: &'static FuncMeta, pc: u64) -> Option<&'static CallSite> {
    let off = (pc - f.entry) as u32;
    f.calls.binary_search_by_key(&off, |c| c.pc).ok().map(|i| &f.calls[i])
}

/// The instruction at `pc`, if it may fault.
pub fn trap_site(f: &'static FuncMeta, pc: u64) -> Option<TrapSite> {
    let off = (pc - f.entry) as u32;
    f.traps.binary_search_by_key(&off, |c| c.pc).ok().map(|i| f.traps[i])
}

/// Line information for the byte at `off`.
pub fn pc_line(f: &FuncMeta, off: u32) -> Option<PcLine> {
    let i = f.lines.partition_point(|l| l.pc <= off);
    if i == 0 { f.lines.first().copied() } else { Some(f.lines[i - 1]) }
}

/// A place in the source, as traces show it.
#[derive(Debug, Clone)]
pub struct Location {
    pub func: String,
    pub file: String,
    pub line: u32,
    /// Inlined into the next location's function.
    pub inlined: bool,
}

/// The functions that the byte at `off` belongs to, innermost first; the last one is `f` itself.
pub fn locations(f: &FuncMeta, off: u32) -> Vec<Location> {
    let file = |i: u16| f.files.get(i as usize).cloned().unwrap_or_else(|| "??".into());
    let mut out = Vec::new();
    let Some(l) = pc_line(f, off) else {
        out.push(Location { func: f.name.clone(), file: file(0), line: f.start_line, inlined: false });
        return out;
    };
    let (mut line, mut file_idx, mut inl) = (l.line, l.file, l.inl);
    while inl != 0 {
        let Some(c) = f.inlined.get(inl as usize - 1) else { break };
        out.push(Location { func: c.name.clone(), file: file(file_idx), line, inlined: true });
        line = c.call_line;
        file_idx = c.call_file;
        inl = c.parent;
    }
    out.push(Location { func: f.name.clone(), file: file(file_idx), line, inlined: false });
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::abi::meta::InlinedCall;

    #[test]
    fn functions_are_found_by_any_pc() {
        let entry = 0x7123_4567_8ff0;
        for i in 0..3u64 {
            register(FuncMeta { index: 1000 + i as u32, entry: entry + i * 64, size: 50, ..FuncMeta::default() });
        }
        assert_eq!(find(entry).map(|f| f.index), Some(1000));
        assert_eq!(find(entry + 49).map(|f| f.index), Some(1000));
        assert!(find(entry + 50).is_none());
        assert_eq!(find(entry + 64 + 17).map(|f| f.index), Some(1001));
        assert!(find(entry - 1).is_none());
    }

    #[test]
    fn inlined_calls_unfold() {
        let f = FuncMeta {
            name: "main.f".into(),
            files: vec!["/a.go".into(), "/b.go".into()],
            lines: vec![PcLine { pc: 0, line: 3, file: 0, inl: 0 }, PcLine { pc: 8, line: 30, file: 1, inl: 1 }],
            inlined: vec![InlinedCall { parent: 0, name: "main.g".into(), call_line: 5, call_file: 0 }],
            ..FuncMeta::default()
        };
        let l = locations(&f, 9);
        assert_eq!((l[0].func.as_str(), l[0].line, l[0].file.as_str(), l[0].inlined), ("main.g", 30, "/b.go", true));
        assert_eq!((l[1].func.as_str(), l[1].line, l[1].inlined), ("main.f", 5, false));
        assert_eq!(locations(&f, 7).len(), 1);
    }
}
