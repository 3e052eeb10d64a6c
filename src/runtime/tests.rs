//! Tests of parts that need a thread's records: the allocator, maps, channels of one thread.

use super::m::M;
use super::malloc::sizeclass::*;
use super::malloc::{Object, Place, bitmap, find_object, mallocgc, stats, zerobase};
use super::map::{self, Iter, Map};
use super::p::P;
use crate::abi::typedesc::{Str, TypeDesc, flag, kind};
use std::collections::HashMap;

/// Gives this thread an m, a p and a g0 record.
fn enter() {
    M::enter(1, P::alloc());
}

fn desc(k: u8, size: u64, flags: u8, bits: &'static [u8], words: u64) -> TypeDesc {
    let mut t = super::chan::plain_type(size, words * 8, if words == 0 { std::ptr::null() } else { bits.as_ptr() });
    t.kind = k;
    t.flags = flags;
    t.align = size.clamp(1, 8) as u8;
    t
}

fn int() -> TypeDesc {
    desc(kind::INT, 8, flag::COMPARABLE | flag::REGULAR_MEMORY, &[], 0)
}

fn string() -> TypeDesc {
    desc(kind::STRING, 16, flag::COMPARABLE, &[1], 1)
}

fn leak(t: TypeDesc) -> *const TypeDesc {
    Box::leak(Box::new(t))
}

fn map_type(k: TypeDesc, e: TypeDesc) -> *const TypeDesc {
    let mut t = desc(kind::MAP, 8, flag::DIRECT_IFACE, &[1], 1);
    t.key = leak(k);
    t.elem = leak(e);
    leak(t)
}

fn object(p: u64) -> Object {
    match find_object(p) {
        Place::Object(o) => o,
        other => panic!("{p:#x} is {other:?}"),
    }
}

fn pointers(p: u64) -> Vec<u64> {
    let o = object(p);
    let mut v = Vec::new();
    // SAFETY: the object is allocated.
    unsafe { bitmap::for_each_pointer(&o, &mut |a| v.push(a - o.base)) };
    v
}

#[test]
fn objects_are_zeroed_disjoint_and_found() {
    enter();
    let mut all: Vec<(u64, u64)> = Vec::new();
    for i in 0..5000u64 {
        let size = 1 + i * 37 % 3000 + if i % 500 == 0 { 40_000 } else { 0 };
        // SAFETY: the thread holds a p; the object has `size` bytes.
        unsafe {
            let p = mallocgc(size, std::ptr::null());
            assert!(std::slice::from_raw_parts(p as *const u8, size as usize).iter().all(|&b| b == 0));
            std::ptr::write_bytes(p as *mut u8, 0xff, size as usize);
            let o = object(p + size - 1);
            assert!(o.base <= p && p + size <= o.base + o.size);
            if size >= 16 {
                assert_eq!(o.base, p);
            }
            all.push((p, p + size));
        }
    }
    all.sort_unstable();
    assert!(all.windows(2).all(|w| w[0].1 <= w[1].0));
    assert!(stats().mallocs >= 5000);
    // SAFETY: the thread holds a p.
    assert_eq!(unsafe { mallocgc(0, std::ptr::null()) }, zerobase());
}

#[test]
fn slots_that_nobody_has_are_free() {
    enter();
    // SAFETY: the thread holds a p.
    let p = unsafe { mallocgc(6000, std::ptr::null()) };
    let o = object(p);
    assert!(matches!(find_object(o.base + o.size), Place::Free(_) | Place::None));
    assert!(matches!(find_object(&raw const o as u64), Place::Outside));
}

#[test]
fn pointer_words_are_known() {
    enter();
    // {string, int, *T}: words 0 and 3.
    let t = leak(desc(kind::STRUCT, 32, 0, &[0b1001], 4));
    let s = leak(desc(kind::POINTER, 8, 0, &[1], 1));
    let mut wide = desc(kind::ARRAY, 32 * 100_000, 0, &[], 4 * 100_000);
    wide.gcdata = std::ptr::null();
    wide.elem = t;
    wide.len = 100_000;
    let wide = leak(wide);
    // SAFETY: the thread holds a p.
    unsafe {
        assert_eq!(pointers(mallocgc(32, t)), [0, 24]);
        assert_eq!(pointers(mallocgc(96, t)), [0, 24, 32, 56, 64, 88]);
        assert_eq!(pointers(mallocgc(40, s)), [0, 8, 16, 24, 32]);
        assert_eq!(pointers(mallocgc(32 * 300, t)).len(), 600);
        assert_eq!(pointers(mallocgc(32 * 3000, t)).len(), 6000);
        assert_eq!(pointers(mallocgc((*wide).size, wide)).len(), 200_000);
        assert!(pointers(mallocgc(4096, std::ptr::null())).is_empty());
        // Neighbours keep their bits.
        let v: Vec<u64> = (0..300).map(|i| mallocgc(32, if i % 2 == 0 { t } else { s })).collect();
        for (i, &p) in v.iter().enumerate() {
            assert_eq!(pointers(p).len(), if i % 2 == 0 { 2 } else { 4 });
        }
    }
}

#[test]
fn rounding_is_the_slots_size() {
    enter();
    for size in [1u64, 100, 513, 1000, 5000, 32000] {
        let t = leak(desc(kind::POINTER, 8, 0, &[1], 1));
        let size = size.next_multiple_of(8);
        // SAFETY: the thread holds a p.
        let o = unsafe { object(mallocgc(size, t)) };
        let extra = if size > MIN_FOR_HEADER { HEADER } else { 0 };
        assert_eq!(o.size - extra, roundupsize(size, false));
    }
}

fn entries(ty: *const TypeDesc, m: *mut Map) -> Vec<(u64, u64)> {
    let mut out = Vec::new();
    // SAFETY: an iterator is twelve zeroed words.
    unsafe {
        let mut it: Iter = std::mem::zeroed();
        map::mapiterinit(ty, m, &mut it);
        while it.key != 0 {
            out.push((*(it.key as *const u64), *(it.elem as *const u64)));
            map::mapiternext(&mut it);
        }
    }
    out
}

#[test]
fn maps_do_what_maps_do() {
    enter();
    let ty = map_type(int(), int());
    // SAFETY: map and keys belong to the type.
    unsafe {
        let m = map::makemap(ty, 0) as *mut Map;
        let mut model = HashMap::new();
        let mut x = 12345u64;
        for i in 0..200_000u64 {
            x = x.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            let key = (x >> 33) % if i < 100_000 { 5000 } else { 50 };
            let at = &raw const key as u64;
            match x >> 60 {
                0..=8 => {
                    *(map::mapassign(ty, m, at) as *mut u64) = i;
                    model.insert(key, i);
                }
                9..=13 => {
                    map::mapdelete(ty, m, at);
                    model.remove(&key);
                }
                _ => {
                    let (e, ok) = map::mapaccess(ty, m, at);
                    assert_eq!(ok.then(|| *(e as *const u64)), model.get(&key).copied());
                    assert!(ok || *(e as *const u64) == 0);
                }
            }
            assert_eq!((*m).count as usize, model.len());
            if i % 20_000 == 0 {
                let mut got = entries(ty, m);
                got.sort_unstable();
                let mut want: Vec<_> = model.iter().map(|(k, v)| (*k, *v)).collect();
                want.sort_unstable();
                assert_eq!(got, want);
            }
        }
        map::mapclear(m);
        assert!(entries(ty, m).is_empty());
    }
}

#[test]
fn strings_are_keys() {
    enter();
    let ty = map_type(string(), int());
    // SAFETY: map and keys belong to the type.
    unsafe {
        let m = map::makemap(ty, 100) as *mut Map;
        let keys: Vec<String> = (0..1000).map(|i| format!("key number {i}")).collect();
        for (i, k) in keys.iter().enumerate() {
            let s = Str { ptr: k.as_ptr(), len: k.len() };
            *(map::mapassign(ty, m, &raw const s as u64) as *mut u64) = i as u64;
        }
        for (i, k) in keys.iter().enumerate() {
            let copy = k.clone();
            let s = Str { ptr: copy.as_ptr(), len: copy.len() };
            let e = map::lookup(ty, m, &raw const s as u64);
            assert_eq!(e.map(|e| *(e as *const u64)), Some(i as u64));
        }
        assert_eq!((*m).count, 1000);
    }
}

#[test]
fn iteration_survives_changes() {
    enter();
    let ty = map_type(int(), int());
    // SAFETY: map, keys and iterator belong to the type.
    unsafe {
        for round in 0..50 {
            let m = map::makemap(ty, 0) as *mut Map;
            for k in 0..100u64 {
                *(map::mapassign(ty, m, &raw const k as u64) as *mut u64) = k;
            }
            let mut it: Iter = std::mem::zeroed();
            map::mapiterinit(ty, m, &mut it);
            let mut seen = HashMap::new();
            let mut deleted = std::collections::HashSet::new();
            while it.key != 0 {
                let k = *(it.key as *const u64);
                assert!(!deleted.contains(&k), "a deleted entry was visited");
                assert_eq!(*(it.elem as *const u64), if k < 100 { k + seen.len() as u64 * 1000 } else { k });
                *seen.entry(k).or_insert(0) += 1;
                // Grow, change, delete.
                for new in 0..20u64 {
                    let k = 1000 + round * 100 + seen.len() as u64 * 20 + new;
                    *(map::mapassign(ty, m, &raw const k as u64) as *mut u64) = k;
                }
                for k in 0..100u64 {
                    if !deleted.contains(&k) {
                        *(map::mapassign(ty, m, &raw const k as u64) as *mut u64) = k + seen.len() as u64 * 1000;
                    }
                }
                let d = (k.wrapping_mul(7) + 3) % 100;
                map::mapdelete(ty, m, &raw const d as u64);
                deleted.insert(d);
                map::mapiternext(&mut it);
            }
            assert!(seen.values().all(|&n| n == 1));
            assert!((0..100).all(|k| seen.contains_key(&k) || deleted.contains(&k)));
        }
    }
}

#[test]
fn iteration_begins_anywhere() {
    enter();
    let ty = map_type(int(), int());
    // SAFETY: map and keys belong to the type.
    unsafe {
        let m = map::makemap(ty, 0) as *mut Map;
        for k in 0..8u64 {
            *(map::mapassign(ty, m, &raw const k as u64) as *mut u64) = k;
        }
        let firsts: std::collections::HashSet<u64> = (0..200).map(|_| entries(ty, m)[0].0).collect();
        assert!(firsts.len() > 4);
    }
}
