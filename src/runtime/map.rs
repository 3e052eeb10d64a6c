//! Maps: open addressing over groups of eight slots with one control byte each ("Swiss tables").
//!
//! ```text
//!   Map ──▶ slots: | key elem | key elem | ...
//!       ──▶ ctrl:  | 8 bytes | 8 bytes | ...     7 hash bits, or EMPTY, or DELETED
//! ```
//!
//! Slots and control bytes are one object, made when the first entry is.
//! Growth makes a table of twice the size (or the same, to get rid of deletions) and moves everything at once.
//! An iterator walks the table it began with, from a random place. If the map has grown since, that old table
//! still says which keys to visit, and each is looked up in the new one: so entries are visited at most once,
//! deleted ones never, and values are current.
//!
//! Who changes a map flips `writing` before and after. It is no lock: whoever finds it set, or flipped meanwhile by
//! somebody else, uses the map at the same time as another goroutine without a lock, and the program ends.
//!
//! Invariant: a table of more than one group is at most seven eighths full of entries and deletions, so that
//! every probe ends. Maps that do not outlive a frame have their header, and their first group, in it.

use super::chan::plain_type;
use super::errors::{panic_plain, panic_unhashable};
use super::heapcheck::register_static;
use super::iface::{typeequal, typehash, unhashable};
use super::m::fastrand;
use super::malloc::{mallocgc, mallocgc_head, zerobase};
use super::panic::throw_in;
use super::sys::mem::map_table;
use crate::abi::rtfn::{MAP_GROUP, MAP_WORDS};
use crate::abi::typedesc::{Str, TypeDesc, kind};
use parking_lot::{Mutex, RwLock};
use rustc_hash::FxHashMap;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

const EMPTY: u8 = 0x80;
const DELETED: u8 = 0xfe;
const GROUP: u64 = MAP_GROUP;
const LOW_BITS: u64 = 0x0101_0101_0101_0101;
const HIGH_BITS: u64 = 0x8080_8080_8080_8080;

/// A map's header. Pointers first.
#[repr(C)]
#[derive(Debug)]
pub struct Map {
    ctrl: u64,
    slots: u64,
    pub count: u64,
    /// Number of slots, a power of two, or 0 before the first entry.
    cap: u64,
    /// Empty slots that may still be used before the table grows.
    growth_left: u64,
    seed: u64,
    /// Counts `clear`, for iterators.
    clears: u32,
    /// See the module.
    writing: AtomicU32,
    layout: *const Layout,
}

const _: () = assert!(size_of::<Map>() as u64 == MAP_WORDS * 8);

/// An iterator: twelve words in a frame. Words 0 to 5 are pointers.
#[repr(C)]
#[derive(Debug)]
pub struct Iter {
    pub key: u64,
    pub elem: u64,
    map: u64,
    /// The table it walks.
    ctrl: u64,
    slots: u64,
    pointers: u64,
    ty: u64,
    cap: u64,
    /// Where it began, and how many slots it has seen.
    start: u64,
    seen: u64,
    clears: u64,
    spare: u64,
}

/// How a map type's slots are laid out.
#[derive(Debug)]
struct Layout {
    elem_off: u64,
    slot_size: u64,
    /// A key may differ from itself.
    irreflexive: bool,
    /// Equal keys may differ: in a sign, or in the memory they keep.
    replaces: bool,
    slot: TypeDesc,
    fast: Fast,
}

/// Key kinds with a short way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fast {
    No,
    Word,
    Half,
    Str,
}

struct LayoutPtr(*const Layout);
// SAFETY: layouts are only read and never freed.
unsafe impl Send for LayoutPtr {}
// SAFETY: as above.
unsafe impl Sync for LayoutPtr {}

static LAYOUTS: LazyLock<RwLock<FxHashMap<u64, LayoutPtr>>> = LazyLock::new(Default::default);

struct MapType(TypeDesc);
// SAFETY: descriptors are only read.
unsafe impl Send for MapType {}
// SAFETY: as above.
unsafe impl Sync for MapType {}

static TWO_WORDS: u8 = 3;
static MAP_TYPE: LazyLock<MapType> = LazyLock::new(|| MapType(plain_type(size_of::<Map>() as u64, 16, &TWO_WORDS)));

unsafe fn holds_strings(t: *const TypeDesc) -> bool {
    // SAFETY: descriptors live for ever.
    unsafe {
        match (*t).kind {
            kind::STRING => true,
            kind::ARRAY => holds_strings((*t).elem),
            kind::STRUCT => (*t).fields.get().iter().any(|f| holds_strings(f.ty)),
            _ => false,
        }
    }
}

unsafe fn irreflexive(t: *const TypeDesc) -> bool {
    // SAFETY: descriptors live for ever.
    unsafe {
        match (*t).kind {
            kind::FLOAT32 | kind::FLOAT64 | kind::COMPLEX64 | kind::COMPLEX128 | kind::INTERFACE => true,
            kind::ARRAY => irreflexive((*t).elem),
            kind::STRUCT => (*t).fields.get().iter().any(|f| irreflexive(f.ty)),
            _ => false,
        }
    }
}

unsafe fn layout(ty: *const TypeDesc) -> *const Layout {
    if let Some(l) = LAYOUTS.read().get(&(ty as u64)) {
        return l.0;
    }
    // SAFETY: descriptors live for ever.
    unsafe {
        let (k, e) = (&*(*ty).key, &*(*ty).elem);
        let align = k.align.max(e.align).max(1) as u64;
        let elem_off = k.size.next_multiple_of(e.align.max(1) as u64);
        let slot_size = (elem_off + e.size).next_multiple_of(align).max(align);
        let ptrdata = if e.ptrdata != 0 { elem_off + e.ptrdata } else { k.ptrdata };
        let mut bits = vec![0u8; (ptrdata / 8).div_ceil(8) as usize];
        let mut add = |at: u64, group: u64, n: u32| {
            for i in 0..n as u64 {
                if group >> i & 1 != 0 {
                    let w = at / 8 + i;
                    bits[(w / 8) as usize] |= 1 << (w % 8);
                }
            }
        };
        super::malloc::bitmap::type_bits(k, 0, &mut add);
        super::malloc::bitmap::type_bits(e, elem_off, &mut add);
        let gcdata = if ptrdata == 0 { std::ptr::null() } else { bits.leak().as_ptr() };
        let fast = match k.kind {
            kind::STRING => Fast::Str,
            kind::INT | kind::INT64 | kind::UINT | kind::UINT64 | kind::UINTPTR | kind::POINTER => Fast::Word,
            kind::INT32 | kind::UINT32 => Fast::Half,
            _ => Fast::No,
        };
        let l = Box::into_raw(Box::new(Layout {
            elem_off,
            slot_size,
            irreflexive: irreflexive(k),
            replaces: irreflexive(k) || holds_strings(k),
            slot: plain_type(slot_size, ptrdata, gcdata),
            fast,
        }));
        LAYOUTS.write().entry(ty as u64).or_insert(LayoutPtr(l)).0
    }
}

/// Slots for more than a group of entries.
fn capacity_for(n: u64) -> u64 {
    // At most seven eighths full.
    (n * 8).div_ceil(7).next_power_of_two()
}

#[inline(always)]
fn bytes_equal(group: u64, b: u8) -> u64 {
    // May also report a byte behind a true match; keys are compared anyway.
    let x = group ^ (LOW_BITS * b as u64);
    x.wrapping_sub(LOW_BITS) & !x & HIGH_BITS
}

#[inline(always)]
fn bytes_empty(group: u64) -> u64 {
    // EMPTY is the only value with bit 7 set and bit 1 clear.
    group & !(group << 6) & HIGH_BITS
}

#[inline(always)]
fn bytes_free(group: u64) -> u64 {
    group & HIGH_BITS
}

#[inline(always)]
unsafe fn hash(ty: &TypeDesc, l: &Layout, key: u64, seed: u64) -> u64 {
    // SAFETY: the caller names a key.
    unsafe {
        match l.fast {
            Fast::Word => super::iface::hash_word(*(key as *const u64), seed),
            Fast::Half => super::iface::hash_word(*(key as *const u32) as u64, seed),
            Fast::Str => super::iface::hash_bytes((*(key as *const Str)).bytes(), seed),
            Fast::No => typehash(ty.key, key, seed),
        }
    }
}

#[inline(always)]
unsafe fn equal(ty: &TypeDesc, l: &Layout, a: u64, b: u64) -> bool {
    // SAFETY: the caller names two keys.
    unsafe {
        match l.fast {
            Fast::Word => *(a as *const u64) == *(b as *const u64),
            Fast::Half => *(a as *const u32) == *(b as *const u32),
            Fast::Str => super::iface::str_equal(*(a as *const Str), *(b as *const Str)),
            Fast::No => typeequal(ty.key, a, b),
        }
    }
}

/// `make(map[K]V, hint)`.
///
/// # Safety
/// `ty` must be a map type's descriptor.
pub unsafe fn makemap(ty: *const TypeDesc, hint: i64) -> u64 {
    // SAFETY: as the caller says.
    unsafe {
        let m = mallocgc(size_of::<Map>() as u64, &MAP_TYPE.0) as *mut Map;
        (*m).seed = fastrand();
        (*m).layout = layout(ty);
        if hint > GROUP as i64 {
            (*m).alloc_table(capacity_for(hint as u64));
        }
        m as u64
    }
}

/// `make(map[K]V, hint)` in a frame that the map does not outlive. Tables that the first group does not
/// suffice for are on the heap.
///
/// # Safety
/// `ty` must be a map type's descriptor, `header` room for a [`Map`], and `group` null or room for a group of
/// control bytes and the slots of it, aligned to words.
pub unsafe fn makemap_in(ty: *const TypeDesc, hint: i64, header: *mut Map, group: u64) -> u64 {
    // SAFETY: as the caller says.
    unsafe {
        let l = layout(ty);
        header.write(Map {
            ctrl: 0,
            slots: 0,
            count: 0,
            cap: 0,
            growth_left: 0,
            seed: fastrand(),
            clears: 0,
            writing: AtomicU32::new(0),
            layout: l,
        });
        let m = &mut *header;
        if group != 0 {
            // Pointers in slots are found by the frame's map: they must be valid from the beginning.
            std::ptr::write_bytes((group + GROUP) as *mut u8, 0, (GROUP * (*l).slot_size) as usize);
            (m.ctrl, m.slots) = (group, group + GROUP);
            m.reset(GROUP);
        } else if hint > GROUP as i64 {
            m.alloc_table(capacity_for(hint as u64));
        }
        header as u64
    }
}

/// Go's function that ends such programs, as a line of a trace.
const FATAL: &str = "internal/runtime/maps.fatal(...)\n\t$GOROOT/src/runtime/panic.go:1\n";

/// Two goroutines use a map at the same time, at least one of them to change it.
#[cold]
#[inline(never)]
fn concurrent(text: &str) -> ! {
    throw_in(text, FATAL)
}

/// As [`concurrent`], in a range over the map.
#[cold]
#[inline(never)]
fn concurrent_range() -> ! {
    let next = "internal/runtime/maps.(*Iter).Next(...)\n\t$GOROOT/src/internal/runtime/maps/table.go:1\n";
    throw_in("concurrent map iteration and map write", &format!("{FATAL}{next}"))
}

impl Map {
    /// The map is about to change.
    #[inline(always)]
    fn begin_write(&self) {
        let w = self.writing.load(Relaxed);
        if w != 0 {
            concurrent("concurrent map writes");
        }
        self.writing.store(w ^ 1, Relaxed);
    }

    /// The change is complete.
    #[inline(always)]
    fn end_write(&self) {
        let w = self.writing.load(Relaxed);
        if w == 0 {
            concurrent("concurrent map writes");
        }
        self.writing.store(w ^ 1, Relaxed);
    }

    /// The map is about to be read.
    #[inline(always)]
    fn check_read(&self) {
        if self.writing.load(Relaxed) != 0 {
            concurrent("concurrent map read and map write");
        }
    }

    /// Marks all slots of a table empty.
    fn reset(&mut self, cap: u64) {
        // SAFETY: the control bytes of the table.
        unsafe { std::ptr::write_bytes(self.ctrl as *mut u8, EMPTY, cap as usize) };
        self.cap = cap;
        // A single group may be full: probes end after it.
        self.growth_left = if cap == GROUP { GROUP } else { cap / 8 * 7 };
    }

    fn layout(&self) -> &'static Layout {
        // SAFETY: set by `makemap`; layouts are never freed.
        unsafe { &*self.layout }
    }

    fn alloc_table(&mut self, cap: u64) {
        let l = self.layout();
        let size = cap * l.slot_size;
        // SAFETY: this thread runs a goroutine; descriptors live as long as layouts.
        self.slots = unsafe { mallocgc_head(size + cap, size, &l.slot) };
        self.ctrl = self.slots + size;
        self.reset(cap);
    }

    fn slot(&self, i: u64) -> u64 {
        self.slots + i * self.layout().slot_size
    }

    #[inline(always)]
    fn group(&self, g: u64) -> u64 {
        // SAFETY: the caller's group is inside the table.
        unsafe { *((self.ctrl + g * GROUP) as *const u64) }
    }

    fn set_ctrl(&mut self, i: u64, b: u8) {
        // SAFETY: the caller's slot is inside the table.
        unsafe { *((self.ctrl + i) as *mut u8) = b };
    }

    /// Index of the key's slot.
    #[inline(always)]
    unsafe fn find(&self, ty: &TypeDesc, key: u64, h: u64) -> Option<u64> {
        if self.cap == 0 {
            return None;
        }
        let l = self.layout();
        let mask = self.cap / GROUP - 1;
        let mut g = h >> 7 & mask;
        let mut step = 0;
        loop {
            let group = self.group(g);
            let mut hits = bytes_equal(group, (h & 0x7f) as u8);
            while hits != 0 {
                let i = g * GROUP + (hits.trailing_zeros() / 8) as u64;
                // SAFETY: full slots hold keys; a false hit is never an empty slot's zero key compared in vain.
                if unsafe { equal(ty, l, self.slots + i * l.slot_size, key) } {
                    return Some(i);
                }
                hits &= hits - 1;
            }
            if bytes_empty(group) != 0 || mask == 0 {
                return None;
            }
            step += 1;
            g = (g + step) & mask;
        }
    }

    /// A free slot for a key with hash `h`; there must be one.
    fn free_slot(&self, h: u64) -> u64 {
        let mask = self.cap / GROUP - 1;
        let mut g = h >> 7 & mask;
        let mut step = 0;
        loop {
            let free = bytes_free(self.group(g));
            if free != 0 {
                return g * GROUP + (free.trailing_zeros() / 8) as u64;
            }
            step += 1;
            g = (g + step) & mask;
        }
    }

    unsafe fn grow(&mut self, ty: &TypeDesc) {
        let l = self.layout();
        let (old_ctrl, old_slots, old_cap) = (self.ctrl, self.slots, self.cap);
        // Many deletions: the same size is enough.
        let cap = if old_cap == 0 {
            GROUP
        } else if self.count <= old_cap / 32 * 25 / 2 {
            old_cap
        } else {
            old_cap * 2
        };
        self.alloc_table(cap);
        for i in 0..old_cap {
            // SAFETY: inside the old table; new slots are free.
            unsafe {
                if *((old_ctrl + i) as *const u8) & 0x80 != 0 {
                    continue;
                }
                let from = old_slots + i * l.slot_size;
                let h = hash(ty, l, from, self.seed);
                let to = self.free_slot(h);
                self.set_ctrl(to, (h & 0x7f) as u8);
                std::ptr::copy_nonoverlapping(from as *const u8, self.slot(to) as *mut u8, l.slot_size as usize);
                self.growth_left -= 1;
            }
        }
    }
}

/// Elements of absent keys.
#[repr(align(16))]
struct Zero([u8; 1024]);
static ZERO: Zero = Zero([0; 1024]);

/// Zeros that are never written to: one piece of memory for all sizes up to a power of two.
fn zeros(n: u64) -> u64 {
    static LARGE: Mutex<[u64; 64]> = Mutex::new([0; 64]);
    let size = n.next_power_of_two();
    let mut large = LARGE.lock();
    let p = &mut large[size.trailing_zeros() as usize];
    if *p == 0 {
        *p = map_table::<u8>(size as usize) as u64;
        register_static(*p, size);
    }
    *p
}

unsafe fn zero_elem(ty: &TypeDesc) -> u64 {
    // SAFETY: descriptors live for ever.
    unsafe {
        match (*ty.elem).size {
            0 => zerobase(),
            n if n <= 1024 => ZERO.0.as_ptr() as u64,
            n => zeros(n),
        }
    }
}

/// The element of a key, if present.
///
/// # Safety
/// `ty` must be the map's type, `m` a map or null, `key` a key.
pub unsafe fn lookup(ty: *const TypeDesc, m: *mut Map, key: u64) -> Option<u64> {
    // SAFETY: as the caller says.
    unsafe {
        let t = &*ty;
        if m.is_null() || (*m).count == 0 {
            // Unhashable keys panic even then.
            let may_panic = (*t.key).kind == kind::INTERFACE || (*layout(ty)).irreflexive;
            if may_panic && let Some(bad) = unhashable(t.key, key) {
                panic_unhashable(bad);
            }
            return None;
        }
        let m = &*m;
        m.check_read();
        let l = m.layout();
        let h = hash(t, l, key, m.seed);
        m.find(t, key, h).map(|i| m.slots + i * l.slot_size + l.elem_off)
    }
}

/// As [`lookup`], with the address of a zero value for absent keys.
///
/// # Safety
/// As for [`lookup`].
pub unsafe fn mapaccess(ty: *const TypeDesc, m: *mut Map, key: u64) -> (u64, bool) {
    // SAFETY: as the caller says.
    unsafe {
        match lookup(ty, m, key) {
            Some(e) => (e, true),
            None => (zero_elem(&*ty), false),
        }
    }
}

/// Where to store the element of a key, which is inserted if it is new.
///
/// # Safety
/// As for [`lookup`].
pub unsafe fn mapassign(ty: *const TypeDesc, m: *mut Map, key: u64) -> u64 {
    if m.is_null() {
        panic_plain("assignment to entry in nil map");
    }
    // SAFETY: as the caller says.
    unsafe {
        let t = &*ty;
        let m = &mut *m;
        let l = m.layout();
        let h = hash(t, l, key, m.seed);
        m.begin_write();
        let key_size = (*t.key).size as usize;
        if let Some(i) = m.find(t, key, h) {
            let slot = m.slot(i);
            // +0 and -0, or strings that share no memory: the newer key stays, where that can be seen.
            if l.replaces {
                std::ptr::copy_nonoverlapping(key as *const u8, slot as *mut u8, key_size);
            }
            m.end_write();
            return slot + l.elem_off;
        }
        let full = m.count == m.cap;
        let mut i = if full { 0 } else { m.free_slot(h) };
        if full || (m.growth_left == 0 && *((m.ctrl + i) as *const u8) == EMPTY) {
            m.grow(t);
            i = m.free_slot(h);
        }
        if *((m.ctrl + i) as *const u8) == EMPTY {
            m.growth_left -= 1;
        }
        m.set_ctrl(i, (h & 0x7f) as u8);
        m.count += 1;
        let slot = m.slot(i);
        std::ptr::copy_nonoverlapping(key as *const u8, slot as *mut u8, key_size);
        m.end_write();
        slot + l.elem_off
    }
}

/// `delete(m, key)`.
///
/// # Safety
/// As for [`lookup`].
pub unsafe fn mapdelete(ty: *const TypeDesc, m: *mut Map, key: u64) {
    // SAFETY: as the caller says.
    unsafe {
        if m.as_ref().is_some_and(|m| m.writing.load(Relaxed) != 0) {
            concurrent("concurrent map writes");
        }
        let Some(e) = lookup(ty, m, key) else { return };
        let m = &mut *m;
        m.begin_write();
        let l = m.layout();
        let i = (e - l.elem_off - m.slots) / l.slot_size;
        std::ptr::write_bytes(m.slot(i) as *mut u8, 0, l.slot_size as usize);
        // A probe that comes to a group with an empty slot ends there anyway.
        if bytes_empty(m.group(i / GROUP)) != 0 {
            m.set_ctrl(i, EMPTY);
            m.growth_left += 1;
        } else {
            m.set_ctrl(i, DELETED);
        }
        m.count -= 1;
        if m.count == 0 {
            m.seed = fastrand();
            m.reset(m.cap);
        }
        m.end_write();
    }
}

/// `clear(m)`.
///
/// # Safety
/// `m` must be a map or null.
pub unsafe fn mapclear(m: *mut Map) {
    // SAFETY: as the caller says.
    unsafe {
        let Some(m) = m.as_mut() else { return };
        if m.cap == 0 {
            return;
        }
        m.begin_write();
        std::ptr::write_bytes(m.slots as *mut u8, 0, (m.cap * m.layout().slot_size) as usize);
        m.reset(m.cap);
        m.count = 0;
        m.seed = fastrand();
        m.clears = m.clears.wrapping_add(1);
        m.end_write();
    }
}

/// Positions an iterator at the first entry.
///
/// # Safety
/// `it` must be twelve zeroed words; the rest as for [`lookup`].
pub unsafe fn mapiterinit(ty: *const TypeDesc, m: *mut Map, it: *mut Iter) {
    // SAFETY: as the caller says.
    unsafe {
        let it = &mut *it;
        let Some(map) = m.as_ref() else { return };
        if map.count == 0 {
            return;
        }
        if map.writing.load(Relaxed) != 0 {
            concurrent_range();
        }
        it.ty = ty as u64;
        it.map = m as u64;
        it.ctrl = map.ctrl;
        it.slots = map.slots;
        it.cap = map.cap;
        it.start = fastrand() & (map.cap - 1);
        it.seen = 0;
        it.clears = u64::from(map.clears);
        mapiternext(it);
    }
}

/// Moves an iterator on.
///
/// # Safety
/// It must have been positioned.
pub unsafe fn mapiternext(it: *mut Iter) {
    // SAFETY: as the caller says; the table it walks is kept alive by the iterator.
    unsafe {
        let it = &mut *it;
        it.key = 0;
        it.elem = 0;
        if it.map == 0 {
            return;
        }
        let m = &*(it.map as *const Map);
        if m.writing.load(Relaxed) != 0 {
            concurrent_range();
        }
        let l = m.layout();
        let ty = it.ty as *const TypeDesc;
        while it.seen < it.cap {
            let i = (it.start + it.seen) & (it.cap - 1);
            it.seen += 1;
            if *((it.ctrl + i) as *const u8) & 0x80 != 0 {
                continue;
            }
            let key = it.slots + i * l.slot_size;
            if it.ctrl == m.ctrl {
                it.key = key;
                it.elem = key + l.elem_off;
                return;
            }
            // The map has grown: the old table says which keys, the new one whether and where.
            if l.irreflexive && !typeequal((*ty).key, key, key) {
                // Such a key cannot be deleted, only cleared.
                if it.clears == u64::from(m.clears) {
                    it.key = key;
                    it.elem = key + l.elem_off;
                    return;
                }
                continue;
            }
            let t = &*ty;
            let h = hash(t, l, key, m.seed);
            if let Some(j) = m.find(t, key, h) {
                it.key = m.slot(j);
                it.elem = it.key + l.elem_off;
                return;
            }
        }
        it.map = 0;
    }
}
