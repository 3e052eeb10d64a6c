//! Marking: everything that the roots lead to, by as many threads as there are ps.
//!
//! ```text
//!   roots ──▶ mark(word): object found, bit set ──▶ work: objects whose words are still to be looked at
//!                    ▲                                 │ each thread its own; a part goes to `Shared` when
//!                    └──────── its pointer words ◀─────┘ it is long, and is fetched by who has none
//! ```
//!
//! The threads only read the program's memory, and write mark bits. They end when all of them have nothing to do:
//! only a thread with work can give work away.

use crate::abi::typedesc::TypeDesc;
use crate::runtime::debug::debug;
use crate::runtime::g::G;
use crate::runtime::malloc::Object;
use crate::runtime::malloc::bitmap;
use crate::runtime::malloc::mheap::{Mheap, Mspan, SpanState, mheap, span_of};
use crate::runtime::roots::{self, Root};
use crate::runtime::{panic, print};
use parking_lot::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::*};

/// Objects that a thread gives away at a time.
const CHUNK: usize = 256;
/// Goroutines whose stacks a thread takes at a time.
const STACKS: usize = 16;
/// Large objects are looked at in pieces of about this many bytes, so that several threads can.
const PIECE: u64 = 128 << 10;

/// An object, or what is left of a large one from `addr` on.
#[derive(Debug, Clone, Copy)]
struct Work {
    addr: u64,
    span: *const Mspan,
}

// SAFETY: records of spans are never freed, and only read while marking.
unsafe impl Send for Work {}

/// What the threads have in common.
#[derive(Debug)]
struct Shared<'a> {
    chunks: Mutex<Vec<Vec<Work>>>,
    /// Chunks in the list, readable without its lock.
    n_chunks: AtomicUsize,
    /// Threads without work.
    idle: AtomicUsize,
    n_threads: usize,
    goroutines: &'a [*mut G],
    /// How many of them were taken.
    taken: AtomicUsize,
}

// SAFETY: goroutine records are only read while marking: the world is stopped.
unsafe impl Sync for Shared<'_> {}

/// One thread's part.
#[derive(Debug)]
pub struct Marker<'a> {
    work: Vec<Work>,
    heap: &'static Mheap,
    shared: &'a Shared<'a>,
    /// The goroutine whose roots are visited.
    goid: u64,
}

/// Marks all that the roots lead to, and what `more` visits.
///
/// # Safety
/// The world must be stopped, and no marks be set.
pub unsafe fn mark(goroutines: &[*mut G], n_threads: usize, more: impl Fn(&mut Marker<'_>) + Sync) {
    // SAFETY: as the caller says.
    let first = |m: &mut Marker<'_>| unsafe {
        roots::statics(&mut |v, root| m.root(v, None, root));
        more(m);
        m.goroutines();
    };
    // SAFETY: as the caller says.
    unsafe { run(goroutines, n_threads, first) }
}

/// Marks what `first` visits, on this thread alone.
///
/// # Safety
/// As for [`mark`], but marks may be set.
pub unsafe fn mark_more(first: impl Fn(&mut Marker<'_>) + Sync) {
    // SAFETY: as the caller says.
    unsafe { run(&[], 1, first) }
}

unsafe fn run(goroutines: &[*mut G], n_threads: usize, first: impl Fn(&mut Marker<'_>) + Sync) {
    let mut shared = Shared {
        chunks: Mutex::default(),
        n_chunks: AtomicUsize::new(0),
        idle: AtomicUsize::new(0),
        n_threads: 1,
        goroutines,
        taken: AtomicUsize::new(0),
    };
    if n_threads == 1 {
        let mut m = Marker::new(&shared);
        first(&mut m);
        m.drain();
        return;
    }
    shared.n_threads = n_threads;
    let shared = &shared;
    std::thread::scope(|scope| {
        for _ in 1..n_threads {
            let body = || {
                let mut m = Marker::new(shared);
                // SAFETY: the world is stopped until this thread has ended.
                unsafe { m.goroutines() };
                m.drain();
            };
            if std::thread::Builder::new().name("gc".into()).spawn_scoped(scope, body).is_err() {
                // The system has no more threads: that one counts as idle.
                shared.idle.fetch_add(1, SeqCst);
            }
        }
        let mut m = Marker::new(shared);
        first(&mut m);
        m.drain();
    });
}

impl<'a> Marker<'a> {
    fn new(shared: &'a Shared<'a>) -> Self {
        Marker { work: Vec::new(), heap: mheap(), shared, goid: 0 }
    }

    /// Visits the stacks of goroutines until all are taken.
    ///
    /// # Safety
    /// The world must be stopped.
    unsafe fn goroutines(&mut self) {
        loop {
            let at = self.shared.taken.fetch_add(STACKS, Relaxed);
            let all = self.shared.goroutines;
            if at >= all.len() {
                return;
            }
            for &g in &all[at..(at + STACKS).min(all.len())] {
                // SAFETY: records are never freed; the goroutine is stopped.
                unsafe {
                    let g = &*g;
                    self.goid = g.goid;
                    roots::goroutine(g, &mut |v, root| self.root(v, Some(g), root));
                }
            }
        }
    }

    /// Marks what a root points to. It must be nil, or point into the goroutine's own stack, a live object, or
    /// outside the heap.
    pub fn root(&mut self, v: u64, g: Option<&G>, root: Root) {
        if !self.mark(v) && !g.is_some_and(|g| g.on_stack(v)) {
            bad_pointer(v, &format!("goroutine {}, {root}", g.map_or(0, |g| g.goid)));
        }
    }

    /// Marks the object that `v` points into, if it does. False: `v` is in pages of the heap that hold no
    /// objects, or in a stack.
    #[inline(always)]
    pub fn mark(&mut self, v: u64) -> bool {
        if !self.heap.contains(v) {
            return true;
        }
        let span = span_of(v);
        // SAFETY: span records are never freed; nobody changes them but for mark bits.
        unsafe {
            if span.is_null() || (*span).state != SpanState::InUse {
                return false;
            }
            let s = &*span;
            let index = s.object_index(v);
            if index >= s.n_elems || !s.is_allocated(index) {
                // Free: a stale word that nobody uses, unless mgo is wrong.
                return !debug().gcstress;
            }
            if s.mark(index) && s.spanclass & 1 == 0 {
                self.work.push(Work { addr: s.start + index * s.elem_size, span });
            }
        }
        true
    }

    /// Looks at the pointer words of an object, without marking it itself.
    ///
    /// # Safety
    /// The object must be allocated.
    pub unsafe fn scan(&mut self, o: &Object) {
        // SAFETY: as the caller says.
        unsafe {
            if (*o.span).spanclass == 0 {
                self.work.push(Work { addr: o.base, span: o.span });
            } else {
                bitmap::for_each_pointer(o, &mut |a| self.word(a));
            }
        }
    }

    /// # Safety
    /// `a` must be the address of a pointer word of an object.
    #[inline(always)]
    unsafe fn word(&mut self, a: u64) {
        // SAFETY: as the caller says.
        let v = unsafe { *(a as *const u64) };
        if !self.mark(v) {
            bad_pointer(v, &format!("heap object, at {a:#x}"));
        }
    }

    /// Works until nobody has work.
    fn drain(&mut self) {
        loop {
            while let Some(w) = self.work.pop() {
                if self.work.len() >= 2 * CHUNK && self.shared.n_threads > 1 {
                    self.give();
                }
                // SAFETY: only allocated objects with pointers are in the list.
                unsafe { self.object(w) };
            }
            if self.shared.n_threads == 1 || !self.fetch() {
                return;
            }
        }
    }

    /// # Safety
    /// `w` must be an allocated object with pointers.
    #[inline(always)]
    unsafe fn object(&mut self, w: Work) {
        // SAFETY: as the caller says; descriptors live for ever.
        unsafe {
            let s = &*w.span;
            if s.spanclass != 0 {
                let o = Object { base: w.addr, size: s.elem_size, span: w.span.cast_mut(), index: 0 };
                return bitmap::for_each_small(&o, &mut |a| self.word(a));
            }
            let ty: *const TypeDesc = s.large_type;
            let size = (*ty).size;
            let left = (s.start + s.large_size - w.addr) / size;
            let n = left.min((PIECE / size).max(1));
            if n < left {
                self.work.push(Work { addr: w.addr + n * size, span: w.span });
            }
            bitmap::for_each_in_array(ty, w.addr, n, &mut |a| self.word(a));
        }
    }

    /// Gives the older half of its work away.
    #[cold]
    fn give(&mut self) {
        if self.shared.n_chunks.load(Relaxed) > 4 * self.shared.n_threads {
            return;
        }
        let rest = self.work.split_off(self.work.len() / 2);
        let chunk = std::mem::replace(&mut self.work, rest);
        let mut chunks = self.shared.chunks.lock();
        chunks.push(chunk);
        self.shared.n_chunks.store(chunks.len(), SeqCst);
    }

    /// Waits for work. False: there is none any more.
    fn fetch(&mut self) -> bool {
        let s = self.shared;
        loop {
            {
                let mut chunks = s.chunks.lock();
                if let Some(c) = chunks.pop() {
                    s.n_chunks.store(chunks.len(), SeqCst);
                    self.work = c;
                    return true;
                }
            }
            s.idle.fetch_add(1, SeqCst);
            loop {
                if s.n_chunks.load(SeqCst) > 0 {
                    s.idle.fetch_sub(1, SeqCst);
                    break;
                }
                if s.idle.load(SeqCst) == s.n_threads {
                    return false;
                }
                std::thread::yield_now();
            }
        }
    }
}

#[cold]
fn bad_pointer(v: u64, place: &str) -> ! {
    print::write_err(format!("runtime: pointer {v:#x} in {place}\n").as_bytes());
    panic::throw("found bad pointer in Go heap (incorrect use of unsafe or cgo?)")
}
