//! Small pieces of machine code made at run time: each loads the address of a Rust function into r11 and
//! jumps to a common stub, which calls it on g0.

use super::asm;
use super::mem;
use crate::runtime::debug::debug;
use crate::runtime::natives::sched::gosched;

/// Bytes of one trampoline.
const SIZE: usize = 32;

/// Makes one trampoline per (function, common stub), and returns their addresses.
pub fn make(list: &[(u64, u64)]) -> Vec<u64> {
    let len = (list.len() * SIZE).next_multiple_of(mem::PAGE).max(mem::PAGE);
    let base = mem::map(len);
    let mut out = Vec::with_capacity(list.len());
    for (i, &(target, common)) in list.iter().enumerate() {
        let mut code = [0xccu8; SIZE];
        // movabs r11, target; movabs r10, common; jmp r10
        code[..2].copy_from_slice(&[0x49, 0xbb]);
        code[2..10].copy_from_slice(&target.to_le_bytes());
        code[10..12].copy_from_slice(&[0x49, 0xba]);
        code[12..20].copy_from_slice(&common.to_le_bytes());
        code[20..23].copy_from_slice(&[0x41, 0xff, 0xe2]);
        let at = base + (i * SIZE) as u64;
        // SAFETY: the page is ours, writable, and large enough.
        unsafe { std::ptr::copy_nonoverlapping(code.as_ptr(), at as *mut u8, SIZE) };
        out.push(at);
    }
    // SAFETY: whole pages of our mapping.
    unsafe { mem::protect_exec(base, len) };
    out
}

/// Stubs for native functions (System V, on g0; the goroutine may park in them).
pub fn natives(targets: &[u64]) -> Vec<u64> {
    let common = asm::stress_common().unwrap_or_else(asm::native_common);
    let with_common = |&target: &u64| {
        // Under gcstress, goroutines that wait in a loop for others would stop the world each time.
        let waits = debug().gcstress && target == gosched as *const () as u64;
        (target, if waits { asm::native_common() } else { common })
    };
    make(&targets.iter().map(with_common).collect::<Vec<_>>())
}
