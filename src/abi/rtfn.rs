//! Every runtime entry point that generated code calls, in one list.
//!
//! Each line: Rust name, Go's name where it has one is the same; parameter words and result words
//! (`p` = pointer word that may point into the stack or the heap, `i` = integer word, `d` = 64-bit float),
//! and flags: `noreturn`, `leaf` (never allocates, never switches goroutines, never panics), `preserves`.
//! The implementations are in `runtime::entry`, one function of the same name each; `driver` binds them.
//! No runtime function moves the caller's stack unless it says `moves`.

macro_rules! rtfns {
    ($($(#[$doc:meta])* $name:ident ($($p:ident)*) -> ($($r:ident)*) $([$($flag:ident)*])? ;)*) => {
        /// A runtime entry point.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[allow(non_camel_case_types)]
        #[repr(u16)]
        pub enum RtFn { $($(#[$doc])* $name,)* }

        impl RtFn {
            /// All of them, in order of their discriminants.
            pub const ALL: &'static [RtFn] = &[$(RtFn::$name,)*];

            /// The symbol's name.
            pub fn name(self) -> &'static str {
                match self { $(RtFn::$name => stringify!($name),)* }
            }

            /// Parameter words.
            pub fn params(self) -> &'static [Word] {
                match self { $(RtFn::$name => &[$(Word::$p,)*],)* }
            }

            /// Result words.
            pub fn results(self) -> &'static [Word] {
                match self { $(RtFn::$name => &[$(Word::$r,)*],)* }
            }

            /// Never returns to its caller.
            pub fn noreturn(self) -> bool {
                match self { $(RtFn::$name => [$($(stringify!($flag),)*)?].contains(&"noreturn"),)* }
            }

            /// Preserves all registers: only called on cold paths, which shall cost hot ones nothing. Results
            /// are in `g.cold_ret`.
            pub fn preserves(self) -> bool {
                match self { $(RtFn::$name => [$($(stringify!($flag),)*)?].contains(&"preserves"),)* }
            }

            /// Neither allocates nor blocks nor panics: not a safepoint.
            pub fn leaf(self) -> bool {
                match self { $(RtFn::$name => [$($(stringify!($flag),)*)?].contains(&"leaf"),)* }
            }
        }

        /// Calls `$m!` with the names, for binding tables.
        macro_rules! for_each_rtfn {
            ($m:ident) => { $m!($($name)*); };
        }
        pub(crate) use for_each_rtfn;
    };
}

/// The class of a parameter or result word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(non_camel_case_types)]
pub enum Word {
    /// Pointer into a stack, the heap or static data; tracked.
    p,
    /// Integer, or address of static data.
    i,
    /// 64-bit float.
    d,
}

/// Words of a map's header; the first two are pointers.
pub const MAP_WORDS: u64 = 8;
/// Slots of a group of a map's table, and control bytes in front of them.
pub const MAP_GROUP: u64 = 8;
/// Words of a map iterator.
pub const MAP_ITER_WORDS: usize = 12;
/// So many of them, the first ones, are pointers.
pub const MAP_ITER_PTRS: usize = 6;

rtfns! {
    // ---- allocation. `ty` is a TypeDesc; `site` numbers the allocation site (counts per site).
    /// A zeroed object of type `ty`.
    newobject(i i) -> (p);
    /// Zeroed backing store of `n` elements of `ty`; `n` was checked.
    newarray(i i i) -> (p);
    /// `make([]ty, len, cap)` on the heap: (ty, len, cap, site). Panics on bad lengths, as Go.
    makeslice(i i i i) -> (p);
    /// (oldptr, newlen, oldcap, num, ty) -> (ptr, cap): grows for append; newlen = oldlen + num; copies the
    /// old elements, capacities as Go's growslice. Panics when out of range.
    growslice(p i i i i) -> (p i) [preserves];
    /// (ptr, cap, ty) -> ptr: a copy of a slice's array up to its capacity, for a slice that leaves the frame.
    moveSlice(p i i) -> (p);
    /// (ptr, len, ty) -> (ptr, cap): a copy of a slice's elements, with the capacity that their memory has.
    moveSliceNoCap(p i i) -> (p i);
    /// Array-free interface data for values that fit a word: returns a pointer to 8 bytes holding it.
    convT64(i) -> (p);
    convT32(i) -> (p);
    convT16(i) -> (p);
    /// Interface data for a string.
    convTstring(p i) -> (p);
    /// Interface data for a slice (ptr, len, cap).
    convTslice(p i i) -> (p);

    // ---- memory
    /// (dst, src, bytes); may overlap.
    memmove(p p i) -> () [leaf];
    /// (ptr, bytes)
    memclr(p i) -> () [leaf];
    /// (a, b, bytes) -> 1 if equal
    memequal(p p i) -> (i) [leaf];

    // ---- strings. `buf` is a stack buffer of 32 bytes, or 0.
    /// (buf, array of strings, count) -> string
    concatstrings(p p i) -> (p i);
    /// -> -1, 0, 1
    cmpstring(p i p i) -> (i) [leaf];
    /// (buf, ptr, len) -> string
    slicebytetostring(p p i) -> (p i);
    /// (buf, ptr, len) -> (ptr, cap); length is len
    stringtoslicebyte(p p i) -> (p i);
    /// (buf of 32 runes, ptr, len) -> (ptr, len); capacity in g.ret2
    stringtoslicerune(p p i) -> (p i);
    /// (buf, ptr, len) -> string
    slicerunetostring(p p i) -> (p i);
    /// (buf of 4 bytes, rune) -> string
    intstring(p i) -> (p i);
    /// (ptr, len, index) -> (rune, index behind it)
    decoderune(p i i) -> (i i) [leaf];
    /// Number of runes.
    countrunes(p i) -> (i) [leaf];

    // ---- interfaces
    /// (type or 0, data, data) -> 1 if equal; panics on uncomparable types. Both have the same type.
    efaceeq(i p p) -> (i);
    /// (itab or 0, data, data)
    ifaceeq(i p p) -> (i);
    /// (ty, a, b): values of type ty at a and b; panics on uncomparable dynamic types inside.
    typeequal(i p p) -> (i);
    /// (interface type, concrete type) -> itab; panics with a TypeAssertionError.
    assertE2I(i i) -> (i);
    /// (interface type, concrete type) -> itab or 0
    assertE2I2(i i) -> (i);
    /// (have type, want type, interface type): x.(T) failed
    panicdottypeE(i i i) -> () [noreturn];
    /// (want type)
    panicnildottype(i) -> () [noreturn];

    // ---- panics
    /// (index, len), signed and unsigned index
    panicIndex(i i) -> () [noreturn];
    panicIndexU(i i) -> () [noreturn];
    /// `s[:x]` with x > len of array or string
    panicSliceAlen(i i) -> () [noreturn];
    panicSliceAlenU(i i) -> () [noreturn];
    /// `s[:x]` with x > cap
    panicSliceAcap(i i) -> () [noreturn];
    panicSliceAcapU(i i) -> () [noreturn];
    /// `s[x:y]` with x > y
    panicSliceB(i i) -> () [noreturn];
    panicSliceBU(i i) -> () [noreturn];
    panicSlice3Alen(i i) -> () [noreturn];
    panicSlice3AlenU(i i) -> () [noreturn];
    panicSlice3Acap(i i) -> () [noreturn];
    panicSlice3AcapU(i i) -> () [noreturn];
    panicSlice3B(i i) -> () [noreturn];
    panicSlice3BU(i i) -> () [noreturn];
    panicSlice3C(i i) -> () [noreturn];
    panicSlice3CU(i i) -> () [noreturn];
    /// Slice of length x converted to array of length y.
    panicSliceConvert(i i) -> () [noreturn];
    panicdivide() -> () [noreturn];
    panicshift() -> () [noreturn];
    panicmakeslicelen() -> () [noreturn];
    panicmakeslicecap() -> () [noreturn];
    /// nil dereference found by an explicit check
    panicmem() -> () [noreturn];
    /// Value method called through a nil pointer by a wrapper: (package path, type name, method) as
    /// pointer to three static strings.
    panicwrap(i) -> () [noreturn];
    panicunsafeslicelen() -> () [noreturn];
    panicunsafeslicenilptr() -> () [noreturn];
    panicunsafestringlen() -> () [noreturn];
    panicunsafestringnilptr() -> () [noreturn];
    /// panic(v): (type, data) of an any
    gopanic(i p) -> () [noreturn];
    /// recover(): (fp of the caller) -> any
    gorecover(i) -> (i p);
    /// A path the checker says is unreachable (missing return).
    throwunreachable() -> () [noreturn];

    /// Complex division as Go's `complex128div`: (re, im) / (re, im).
    complex128div(d d d d) -> (d d) [leaf];
    /// x*y + z with one rounding, for processors without the instruction.
    fma(d d d) -> (d) [leaf];

    // ---- defer. A defer record is a closure without parameters.
    /// (closure): to be run when the calling frame ends. Generated code notes most of them itself
    /// (`GHeader::defer_top`): this is for nil functions, and where there is no room.
    deferproc(p) -> ();
    /// runtime.Goexit
    goexit() -> () [noreturn];

    // ---- goroutines
    /// go f(): (closure without parameters)
    newproc(p) -> ();
    /// Called from loops when g.preempt is set.
    preempt() -> () [preserves];

    // ---- channels
    /// (chan type, size) -> chan
    makechan(i i) -> (p);
    /// (chan, pointer to the value)
    chansend(p p) -> ();
    /// (chan, pointer to receive into or 0) -> ok
    chanrecv(p p) -> (i);
    closechan(p) -> ();
    /// (array of cases {chan, elem, kind: 1 send, 2 recv}, count, has_default) -> (index or -1, received ok)
    selectgo(p i i) -> (i i);
    /// `select {}`: parks for good.
    block() -> () [noreturn];
    chanlen(p) -> (i) [leaf];
    chancap(p) -> (i) [leaf];

    // ---- maps
    /// (map type, hint) -> map
    makemap(i i) -> (p);
    /// (map type, hint, room for the header in the frame, room there for eight control bytes and the first
    /// eight slots, or null) -> map
    makemapin(i i p p) -> (p);
    /// (map type, map, pointer to key) -> pointer to the element or to a zero value; ok in rdx
    mapaccess(i p p) -> (p i);
    /// (map type, map, pointer to key) -> pointer to the element, inserted if new
    mapassign(i p p) -> (p);
    mapdelete(i p p) -> ();
    mapclear(i p) -> ();
    maplen(p) -> (i) [leaf];
    /// (map type, map, iterator: 12 words in the frame, zeroed; the first [`MAP_ITER_PTRS`] are pointers):
    /// positions at the first entry
    mapiterinit(i p p) -> ();
    /// (iterator): key pointer at word 0 (nil: end), element pointer at word 1
    mapiternext(p) -> ();

    // ---- print and println
    printlock() -> ();
    printunlock() -> ();
    printbool(i) -> ();
    printint(i) -> ();
    printuint(i) -> ();
    printfloat(d) -> ();
    /// A float32, passed as float64.
    printfloat32(d) -> ();
    printcomplex(d d) -> ();
    /// A complex64, passed as two float64.
    printcomplex64(d d) -> ();
    printstring(p i) -> ();
    printpointer(p) -> ();
    printslice(p i i) -> ();
    printeface(i p) -> ();
    printiface(i p) -> ();
    printnl() -> ();
    printsp() -> ();
}
