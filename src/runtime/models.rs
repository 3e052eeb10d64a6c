//! Model checking: the scheduler's protocols under loom, which runs each model in every interleaving of its
//! threads, with every value that the memory model lets a load see.
//!
//! What is checked is the code the runtime runs ([`runq`], [`wakeup`], [`waitq`]), instantiated with loom's
//! atomics. A cell that two threads use without order between them fails the model, so cells stand for what the
//! protocols hand over: the registers in a goroutine's record, the value that a channel copies.

use super::atomics::{Flag, implement};
use super::runq::RunQueue;
use super::waitq::{Links, Waiter, Waitq};
use super::wakeup::Wakeup;
use loom::cell::UnsafeCell;
use loom::sync::atomic::AtomicBool;
use loom::sync::{Arc, Mutex};
use loom::thread;
use std::ptr::null_mut;

#[derive(Debug)]
struct Loom;
implement!(Loom, loom::sync::atomic);

/// What a queue hands over: a goroutine's record, written by who stopped it and by who goes on with it.
struct Record(UnsafeCell<u32>);

impl Record {
    fn leak(v: u32) -> *mut Record {
        Box::into_raw(Box::new(Record(UnsafeCell::new(v))))
    }

    /// Runs the goroutine: adds `n` to its state.
    fn run(this: *mut Record, n: u32) {
        // SAFETY: records of a model live until its end; loom checks who uses the cell.
        unsafe { (*this).0.with_mut(|p| *p += n) };
    }

    /// Its state, at the end.
    fn end(this: *mut Record) -> u32 {
        // SAFETY: the model is over: nobody else knows the record.
        unsafe { Box::from_raw(this).0.with(|p| *p) }
    }
}

type Queue<const N: usize> = RunQueue<Record, Loom, N>;

#[derive(Clone, Copy)]
struct Ptr(*mut Record);
// SAFETY: records are handed over by the queues.
unsafe impl Send for Ptr {}

/// The owner adds three and takes what it can, a thief steals: each goroutine runs once, after all that was
/// done to it before.
#[test]
fn run_queue_hands_each_over_once() {
    loom::model(|| {
        let q = Arc::new(Queue::<4>::default());
        let records = [Record::leak(1), Record::leak(1), Record::leak(1)];
        assert!(q.push(records[0]) && q.push(records[1]));
        let thief = {
            let q = q.clone();
            thread::spawn(move || {
                let own = Queue::<4>::default();
                let mut t = own.steal(&q);
                while let Some(r) = t {
                    Record::run(r, 10);
                    t = own.pop();
                }
            })
        };
        Record::run(records[2], 100);
        assert!(q.push(records[2]));
        while let Some(r) = q.pop() {
            Record::run(r, 10);
        }
        thief.join().unwrap();
        assert_eq!(records.map(Record::end), [11, 11, 111]);
    });
}

/// A full queue gives half away while a thief steals.
#[test]
fn run_queue_overflows_beside_a_thief() {
    loom::model(|| {
        let q = Arc::new(Queue::<2>::default());
        let records = [Record::leak(0), Record::leak(0), Record::leak(0)];
        assert!(q.push(records[0]) && q.push(records[1]));
        let thief = {
            let q = q.clone();
            thread::spawn(move || {
                let own = Queue::<2>::default();
                if let Some(r) = own.steal(&q) {
                    Record::run(r, 1);
                }
            })
        };
        while !q.push(records[2]) {
            let mut half = [null_mut(); 1];
            if q.take_half(&mut half) == 1 {
                Record::run(half[0], 1);
            }
        }
        while let Some(r) = q.pop() {
            Record::run(r, 1);
        }
        thief.join().unwrap();
        assert_eq!(records.map(Record::end), [1, 1, 1]);
    });
}

/// What runs next is taken by its owner, replaced, or stolen, but once.
#[test]
fn run_next_is_taken_once() {
    loom::model(|| {
        let q = Arc::new(Queue::<2>::default());
        let records = [Record::leak(0), Record::leak(0)];
        assert!(q.set_next(records[0]).is_null());
        let thief = {
            let q = q.clone();
            thread::spawn(move || {
                let own = Queue::<2>::default();
                if let Some(r) = own.steal(&q).or_else(|| own.steal_next(&q)) {
                    Record::run(r, 1);
                }
            })
        };
        let old = q.set_next(records[1]);
        if !old.is_null() {
            assert!(q.push(old));
        }
        while let Some(r) = q.pop() {
            Record::run(r, 1);
        }
        thief.join().unwrap();
        assert_eq!(records.map(Record::end), [1, 1]);
    });
}

/// Work queued while the last spinner gives up: one of the two sides sees the other.
#[test]
fn no_work_is_left_with_an_idle_p() {
    loom::model(|| {
        let q = Arc::new(Queue::<2>::default());
        // One thread spins with the other p, which is not idle yet.
        let wakeup = Arc::new(Wakeup::<Loom>::new(0, 1));
        let r = Ptr(Record::leak(0));
        let producer = {
            let (q, wakeup) = (q.clone(), wakeup.clone());
            thread::spawn(move || {
                let r = r;
                assert!(q.push(r.0));
                wakeup.should_wake()
            })
        };
        let own = Queue::<2>::default();
        let found = match own.steal(&q) {
            Some(_) => {
                wakeup.found_work();
                true
            }
            None => wakeup.give_up(true, || wakeup.add_idle(), || !q.is_empty()),
        };
        let woken = producer.join().unwrap();
        assert!(found || woken, "work is left behind");
        Record::end(r.0);
    });
}

/// A wait record as channels have it.
struct Wait {
    links: Links<Wait>,
    done: Option<Arc<AtomicBool>>,
    g: *mut Record,
}

impl Waiter<Loom> for Wait {
    unsafe fn links<'a>(w: *mut Self) -> &'a mut Links<Self> {
        // SAFETY: as the caller says.
        unsafe { &mut (*w).links }
    }

    unsafe fn done<'a>(w: *mut Self) -> Option<&'a AtomicBool> {
        // SAFETY: as the caller says.
        unsafe { (*w).done.as_deref() }
    }
}

/// A channel: its lock, who waits, and what was sent while nobody did.
#[derive(Default)]
struct Chan {
    q: Waitq<Wait>,
    sent: bool,
}
// SAFETY: used under the lock.
unsafe impl Send for Chan {}

fn wait(g: *mut Record, done: Option<Arc<AtomicBool>>) -> *mut Wait {
    Box::into_raw(Box::new(Wait { links: Links::default(), done, g }))
}

/// A goroutine parks on a channel; another makes it ready; a third thread steals it and goes on with it. Its
/// registers, saved before it parked, are those it goes on with.
#[test]
fn parking_hands_the_goroutine_over() {
    loom::model(|| {
        let c = Arc::new(Mutex::new(Chan::default()));
        let q = Arc::new(Queue::<2>::default());
        let g = Record::leak(0);
        let w = wait(g, None);
        let sender = {
            let (c, q) = (c.clone(), q.clone());
            thread::spawn(move || {
                let mut c = c.lock().unwrap();
                // SAFETY: the lock is held; the record is live until it is taken out.
                unsafe {
                    let w = c.q.dequeue();
                    if w.is_null() {
                        c.sent = true;
                    } else {
                        // goready
                        let g = (*w).g;
                        Record::run(g, 100);
                        q.set_next(g);
                    }
                }
            })
        };
        let thief = {
            let q = q.clone();
            thread::spawn(move || {
                let own = Queue::<2>::default();
                if let Some(g) = own.steal_next(&q) {
                    Record::run(g, 1000);
                }
            })
        };
        // The stub saves the registers, then chanrecv runs.
        Record::run(g, 1);
        {
            let mut c = c.lock().unwrap();
            if !c.sent {
                // SAFETY: the lock is held.
                unsafe { c.q.enqueue(w) };
            }
        }
        sender.join().unwrap();
        thief.join().unwrap();
        let parked = !c.lock().unwrap().sent;
        let left = q.pop().is_some();
        let end = Record::end(g);
        assert!(if parked { end == if left { 101 } else { 1101 } } else { end == 1 });
        // SAFETY: the model is over.
        drop(unsafe { Box::from_raw(w) });
    });
}

/// A select waits on two channels; both are sent to at once. One sender gets it, the other keeps its value; the
/// goroutine then takes its record out of the channel that lost.
#[test]
fn a_select_is_completed_once() {
    loom::model(|| {
        let chans = [(); 2].map(|()| Arc::new(Mutex::new(Chan::default())));
        let done = Arc::new(AtomicBool::new(true));
        let g = Record::leak(0);
        let waits = [(); 2].map(|()| wait(g, Some(done.clone())));
        // selectgo: all channels are locked while the records go in.
        {
            let (mut a, mut b) = (chans[0].lock().unwrap(), chans[1].lock().unwrap());
            Flag::store(&*done, false, std::sync::atomic::Ordering::Relaxed);
            // SAFETY: the locks are held.
            unsafe {
                a.q.enqueue(waits[0]);
                b.q.enqueue(waits[1]);
            }
            Record::run(g, 1);
        }
        let send = |c: Arc<Mutex<Chan>>, all: [Arc<Mutex<Chan>>; 2], waits: [usize; 2]| {
            let mut chan = c.lock().unwrap();
            // SAFETY: the lock is held; records live to the end of the model.
            let w = unsafe { chan.q.dequeue() };
            if w.is_null() {
                chan.sent = true;
                return false;
            }
            drop(chan);
            // SAFETY: this side completes the operation, so the goroutine is its own: it goes on.
            unsafe {
                Record::run((*w).g, 10);
                let (mut a, mut b) = (all[0].lock().unwrap(), all[1].lock().unwrap());
                a.q.remove(waits[0] as *mut Wait);
                b.q.remove(waits[1] as *mut Wait);
            }
            true
        };
        let places = waits.map(|w| w as usize);
        let other = {
            let (c, all) = (chans[1].clone(), chans.clone());
            thread::spawn(move || send(c, all, places))
        };
        let first = send(chans[0].clone(), chans.clone(), places);
        let second = other.join().unwrap();
        assert!(first != second);
        assert_eq!(Record::end(g), 11);
        for c in chans {
            // SAFETY: the model is over.
            assert!(unsafe { c.lock().unwrap().q.dequeue() }.is_null());
        }
        for w in waits {
            // SAFETY: as above.
            drop(unsafe { Box::from_raw(w) });
        }
    });
}
