//! Channels.
//!
//! A channel is a heap object; its buffer is another, or lies behind the channel's head if the values have no
//! pointers. A goroutine that must wait puts a [`Sudog`] into the
//! channel's queue and parks; whoever completes the operation copies the value directly, to or from the place
//! that the wait record names, which may lie in the waiting goroutine's stack.
//!
//! Invariants, under the channel's lock: at least one of the two queues is empty, except for selects that wait
//! on both sides; values are buffered only while no receiver waits, and senders wait only while the buffer is
//! full.

use super::atomics::Std;
use super::errors::panic_plain;
use super::g::{G, WaitReason, getg};
use super::malloc::{MAX_ALLOC, mallocgc, mallocgc_head};
use super::sched::{goready, park, park_forever, schedule};
use super::sys::asm;
use super::timer;
use super::waitq::{Links, Waiter, Waitq};
use crate::abi::typedesc::{Str, Table, TypeDesc, kind};
use parking_lot::lock_api::RawMutex as _;
use std::ptr::null_mut;
use std::sync::LazyLock;
use std::sync::atomic::AtomicBool;

/// A goroutine that waits for a channel.
#[derive(Debug)]
pub struct Sudog {
    pub g: *mut G,
    /// Where the value is or goes, 0: nowhere. May point into the goroutine's stack.
    pub elem: u64,
    pub c: *mut Hchan,
    links: Links<Sudog>,
    /// The next record of the same goroutine.
    pub waitlink: *mut Sudog,
    /// Its index among the cases.
    pub case_idx: u32,
    /// The operation completed; otherwise the channel was closed.
    pub success: bool,
    /// One of several cases of a select.
    is_select: bool,
    /// It sends.
    pub is_send: bool,
}

impl Sudog {
    /// Nobody's.
    pub const NONE: Sudog = Sudog {
        g: null_mut(),
        elem: 0,
        c: null_mut(),
        links: Links::NONE,
        waitlink: null_mut(),
        case_idx: 0,
        success: false,
        is_select: false,
        is_send: false,
    };
}

impl Waiter<Std> for Sudog {
    unsafe fn links<'a>(w: *mut Self) -> &'a mut Links<Self> {
        // SAFETY: the caller names a live record and holds its queue's lock.
        unsafe { &mut (*w).links }
    }

    unsafe fn done<'a>(w: *mut Self) -> Option<&'a AtomicBool> {
        // SAFETY: the caller names a live record; goroutine records are never freed.
        unsafe { (*w).is_select.then(|| &(*(*w).g).select_done) }
    }
}

/// A channel.
#[repr(C)]
pub struct Hchan {
    /// The buffer. It and `timer` are the only pointers into the heap.
    buf: u64,
    /// The timer that sends to it; the program sees no buffer then.
    pub timer: *mut super::timer::Timer,
    /// Number of values in the buffer.
    pub qcount: u64,
    /// Size of the buffer in values.
    pub dataqsiz: u64,
    elem_size: u64,
    sendx: u64,
    recvx: u64,
    recvq: Waitq<Sudog>,
    sendq: Waitq<Sudog>,
    closed: bool,
    lock: parking_lot::RawMutex,
}

struct HchanType(TypeDesc);
// SAFETY: descriptors are only read.
unsafe impl Sync for HchanType {}
// SAFETY: as above.
unsafe impl Send for HchanType {}

static POINTERS: u8 = 0b11;
static HCHAN_TYPE: LazyLock<HchanType> =
    LazyLock::new(|| HchanType(plain_type(size_of::<Hchan>() as u64, 16, &POINTERS)));

/// A descriptor for the runtime's own objects: only what the allocator reads.
pub fn plain_type(size: u64, ptrdata: u64, gcdata: *const u8) -> TypeDesc {
    TypeDesc {
        size,
        ptrdata,
        hash: 0,
        flags: 0,
        align: 8,
        field_align: 8,
        kind: kind::STRUCT,
        gcdata,
        string: Str::EMPTY,
        name: Str::EMPTY,
        pkg_path: Str::EMPTY,
        ptr_to_this: std::ptr::null(),
        elem: std::ptr::null(),
        key: std::ptr::null(),
        len: 0,
        fields: Table::EMPTY,
        params: Table::EMPTY,
        results: Table::EMPTY,
        imethods: Table::EMPTY,
        methods: Table::EMPTY,
        n_exported: 0,
    }
}

impl Hchan {
    pub fn lock(&self) {
        self.lock.lock();
    }

    /// # Safety
    /// The caller must hold the lock.
    pub unsafe fn unlock(&self) {
        // SAFETY: as the caller says.
        unsafe { self.lock.unlock() };
    }

    pub fn is_closed(&self) -> bool {
        self.closed
    }

    pub fn queue(&mut self, send: bool) -> &mut Waitq<Sudog> {
        if send { &mut self.sendq } else { &mut self.recvq }
    }

    fn slot(&self, i: u64) -> u64 {
        self.buf + i * self.elem_size
    }

    unsafe fn copy(&self, dst: u64, src: u64) {
        // SAFETY: the caller names places for a value.
        unsafe { std::ptr::copy_nonoverlapping(src as *const u8, dst as *mut u8, self.elem_size as usize) };
    }

    unsafe fn clear(&self, dst: u64) {
        // SAFETY: the caller names a place for a value.
        unsafe { std::ptr::write_bytes(dst as *mut u8, 0, self.elem_size as usize) };
    }

    /// Empties the buffer. Returns whether there was something in it.
    ///
    /// # Safety
    /// The lock must be held.
    pub unsafe fn drain(&mut self) -> bool {
        let any = self.qcount > 0;
        while self.qcount > 0 {
            let at = self.slot(self.recvx);
            // SAFETY: the slot is in the buffer; the lock is held.
            unsafe { self.clear(at) };
            self.recvx = if self.recvx + 1 == self.dataqsiz { 0 } else { self.recvx + 1 };
            self.qcount -= 1;
        }
        any
    }

    /// Tries to send without waiting. False: would have to wait.
    ///
    /// # Safety
    /// The lock must be held, and `elem` hold a value of the channel's type.
    pub unsafe fn try_send(&mut self, elem: u64) -> bool {
        // SAFETY: the lock is held; a record's place waits for a value.
        unsafe {
            if self.closed {
                self.unlock();
                panic_plain("send on closed channel");
            }
            let s = self.recvq.dequeue();
            if !s.is_null() {
                if (*s).elem != 0 {
                    self.copy((*s).elem, elem);
                }
                wake(s, true);
                return true;
            }
            if self.qcount < self.dataqsiz {
                self.copy(self.slot(self.sendx), elem);
                self.sendx = if self.sendx + 1 == self.dataqsiz { 0 } else { self.sendx + 1 };
                self.qcount += 1;
                return true;
            }
        }
        false
    }

    /// Tries to receive without waiting. Some: whether it was a sent value; none: would have to wait.
    ///
    /// # Safety
    /// The lock must be held, and `elem` be a place for a value of the channel's type, or 0.
    pub unsafe fn try_recv(&mut self, elem: u64) -> Option<bool> {
        // SAFETY: as in `try_send`.
        unsafe {
            if self.closed && self.qcount == 0 {
                if elem != 0 {
                    self.clear(elem);
                }
                return Some(false);
            }
            let s = self.sendq.dequeue();
            if !s.is_null() {
                if self.dataqsiz == 0 {
                    if elem != 0 {
                        self.copy(elem, (*s).elem);
                    }
                } else {
                    // The buffer is full: its head goes out, the sender's value in at the same place.
                    let at = self.slot(self.recvx);
                    if elem != 0 {
                        self.copy(elem, at);
                    }
                    self.copy(at, (*s).elem);
                    self.recvx = if self.recvx + 1 == self.dataqsiz { 0 } else { self.recvx + 1 };
                    self.sendx = self.recvx;
                }
                wake(s, true);
                return Some(true);
            }
            if self.qcount > 0 {
                let at = self.slot(self.recvx);
                if elem != 0 {
                    self.copy(elem, at);
                }
                self.clear(at);
                self.recvx = if self.recvx + 1 == self.dataqsiz { 0 } else { self.recvx + 1 };
                self.qcount -= 1;
                return Some(true);
            }
        }
        None
    }

    /// Puts the goroutine whose record is `s` into a queue.
    ///
    /// # Safety
    /// The lock must be held; `s` is this thread's goroutine's, its `elem` as for the operation.
    unsafe fn wait(&mut self, s: *mut Sudog) {
        // SAFETY: the goroutine is this thread's; the lock is held.
        unsafe {
            let g = (*s).g;
            (*s).waitlink = std::mem::replace(&mut (*g).waiting, s);
            self.queue((*s).is_send).enqueue(s);
        }
    }

    /// Waits for a plain send or receive.
    ///
    /// # Safety
    /// As for [`Self::wait`].
    unsafe fn wait_plain(&mut self, g: *mut G, elem: u64, is_send: bool) {
        // SAFETY: the goroutine is this thread's.
        unsafe {
            (*g).sudog = Sudog { g, elem, c: self, is_send, ..Sudog::NONE };
            self.wait(&raw mut (*g).sudog);
        }
    }

    /// Waits as case `case_idx` of a select.
    ///
    /// # Safety
    /// As for [`Self::wait`]; `g.cases` has room for the record.
    pub unsafe fn wait_case(&mut self, g: *mut G, elem: u64, is_send: bool, case_idx: usize) {
        // SAFETY: the goroutine is this thread's; records do not move because there is room.
        unsafe {
            let cases = (*g).cases.get_or_insert_default();
            debug_assert!(cases.len() < cases.capacity());
            let case_idx = case_idx as u32;
            cases.push(Sudog { g, elem, c: self, is_send, is_select: true, case_idx, ..Sudog::NONE });
            let last = cases.len() - 1;
            self.wait(&raw mut cases[last]);
        }
    }
}

/// The operation of `s` is complete, or its channel closed: its goroutine goes on.
unsafe fn wake(s: *mut Sudog, success: bool) {
    // SAFETY: the record was taken from a queue, so its goroutine is ours to wake.
    unsafe {
        (*s).success = success;
        (*(*s).g).param = s;
        goready((*s).g);
    }
}

/// `make(chan T, n)`.
///
/// # Safety
/// `ty` must be a channel type's descriptor.
pub unsafe fn makechan(ty: *const TypeDesc, n: i64) -> u64 {
    // SAFETY: as the caller says.
    unsafe {
        let elem = (*ty).elem;
        let size = (*elem).size;
        let fits = n >= 0 && (n as u64).checked_mul(size).is_some_and(|b| b <= MAX_ALLOC - 96);
        if !fits {
            panic_plain("makechan: size out of range");
        }
        let (head, buf) = (size_of::<Hchan>() as u64, n as u64 * size);
        // The address behind an object is not the object's.
        let joined = (*elem).ptrdata == 0 && buf != 0;
        let c = mallocgc_head(if joined { head + buf } else { head }, head, &HCHAN_TYPE.0);
        let h = &mut *(c as *mut Hchan);
        h.elem_size = size;
        h.dataqsiz = n as u64;
        h.buf = if joined { c + head } else { mallocgc(buf, elem) };
        c
    }
}

/// `c <- v`, the value at `elem`.
///
/// # Safety
/// `c` must be a channel or null, `elem` a value of its type.
pub unsafe fn chansend(c: *mut Hchan, elem: u64) {
    if c.is_null() {
        park_forever(WaitReason::ChanSendNil);
    }
    // SAFETY: as the caller says.
    unsafe {
        (*c).lock();
        if (*c).try_send(elem) {
            (*c).unlock();
            return;
        }
        let g = getg();
        (*c).wait_plain(g, elem, true);
        park(g, WaitReason::ChanSend, Some(send_done));
        (*c).unlock();
    }
    schedule()
}

unsafe fn send_done(g: *mut G) -> ! {
    // SAFETY: the record is the one that parked the goroutine.
    unsafe {
        let success = take_waiting(g);
        if !success {
            panic_plain("send on closed channel");
        }
        asm::gogo(g)
    }
}

/// Ends the wait of a plain send or receive. Returns whether the operation succeeded.
unsafe fn take_waiting(g: *mut G) -> bool {
    // SAFETY: the goroutine is this thread's; nobody else knows the record any more.
    unsafe {
        (*g).waiting = null_mut();
        (*g).param = null_mut();
        (*g).sudog.success
    }
}

/// `<-c` into `elem`, or nowhere. Returns whether a sent value came.
///
/// # Safety
/// `c` must be a channel or null, `elem` a place for its type or 0.
pub unsafe fn chanrecv(c: *mut Hchan, elem: u64) -> bool {
    if c.is_null() {
        park_forever(WaitReason::ChanReceiveNil);
    }
    // SAFETY: as the caller says.
    unsafe {
        let mut timers = if (*c).timer.is_null() { None } else { timer::settle(None, c) };
        (*c).lock();
        if let Some(ok) = (*c).try_recv(elem) {
            (*c).unlock();
            return ok;
        }
        let g = getg();
        (*c).wait_plain(g, elem, false);
        park(g, WaitReason::ChanReceive, Some(recv_done));
        if let Some(t) = &mut timers {
            timer::block(t, c);
        }
        (*c).unlock();
        if let Some(t) = timers {
            timer::unlock_blocked(t);
        }
    }
    schedule()
}

unsafe fn recv_done(g: *mut G) -> ! {
    // SAFETY: the record is the one that parked the goroutine.
    unsafe {
        let c = (*g).sudog.c;
        if !(*c).timer.is_null() {
            timer::unblock(c);
        }
        (*g).ret[0] = take_waiting(g) as u64;
        asm::gogo(g)
    }
}

/// `close(c)`.
///
/// # Safety
/// `c` must be a channel or null.
pub unsafe fn closechan(c: *mut Hchan) {
    if c.is_null() {
        panic_plain("close of nil channel");
    }
    // SAFETY: as the caller says.
    unsafe {
        (*c).lock();
        if (*c).closed {
            (*c).unlock();
            panic_plain("close of closed channel");
        }
        (*c).closed = true;
        loop {
            let s = (*c).recvq.dequeue();
            if s.is_null() {
                break;
            }
            if (*s).elem != 0 {
                (*c).clear((*s).elem);
            }
            wake(s, false);
        }
        loop {
            let s = (*c).sendq.dequeue();
            if s.is_null() {
                break;
            }
            wake(s, false);
        }
        (*c).unlock();
    }
}
