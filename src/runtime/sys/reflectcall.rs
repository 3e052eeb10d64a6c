//! Calls between reflection and generated code (x86-64, the `Tail` convention).
//!
//! ```text
//!  reflect.Value.call ── internal/rt.Call ──▶ mgo_call_N: a frame, arguments from a block ──▶ any function
//!  any caller ──▶ mgo_makefunc_N: arguments to a block in its frame ──▶ the closure's handler, in Go
//! ```
//!
//! A block is a row of pairs of words: a value that is no pointer in the first, one that is in the second, the
//! other being 0; so one map fits all signatures. Pairs 0 to 7 are the integer registers, first of arguments,
//! then of results, 8 to 15 the float registers; the first word of pair 16 says which integer results are
//! pointers, that of pair 17 how many words of stack arguments there are (an even number); these follow.
//! `src/std/internal/rt/abi.go` fills blocks in.
//!
//! The closures that lead to `mgo_makefunc_N` have a head of six words: code, mask of argument registers with
//! pointers, address and number of the byte offsets of stack arguments that are pointers, number of words of
//! stack arguments, handler (a function value that takes the closure and the block).
//!
//! Each stub comes in three sizes, by how many words of stack arguments there may be, since the stack needs to
//! be checked for a known size. They are registered as functions, so that stacks with their frames can be
//! walked and moved.

use crate::abi::meta::{CallSite, FuncMeta};
use crate::runtime::code;
use std::arch::global_asm;

/// Words of stack arguments that the stubs of each size have room for.
pub const SIZES: [u64; 3] = [8, 128, 4096];
/// Bytes of a block without stack arguments.
const HEAD: u64 = 18 * 16;
/// Bytes of `mgo_makefunc_N`'s frame besides the block.
const EXTRA: u64 = 16;

/// `mov REG, first word or second word` for the argument registers; rdx, which holds the block, last.
macro_rules! load_args {
    ($b:literal) => {
        concat!(
            "mov rdi, [",
            $b,
            "]\nor rdi, [",
            $b,
            "+8]\n",
            "mov rsi, [",
            $b,
            "+16]\nor rsi, [",
            $b,
            "+24]\n",
            "mov rcx, [",
            $b,
            "+48]\nor rcx, [",
            $b,
            "+56]\n",
            "mov r8, [",
            $b,
            "+64]\nor r8, [",
            $b,
            "+72]\n",
            "mov r9, [",
            $b,
            "+80]\nor r9, [",
            $b,
            "+88]\n",
            "mov rax, [",
            $b,
            "+32]\nor rax, [",
            $b,
            "+40]\n",
        )
    };
}

/// Loads or stores the float registers.
macro_rules! floats {
    (load $b:literal) => {
        concat!(
            "movsd xmm0, [",
            $b,
            "+128]\nmovsd xmm1, [",
            $b,
            "+144]\nmovsd xmm2, [",
            $b,
            "+160]\n",
            "movsd xmm3, [",
            $b,
            "+176]\nmovsd xmm4, [",
            $b,
            "+192]\nmovsd xmm5, [",
            $b,
            "+208]\n",
            "movsd xmm6, [",
            $b,
            "+224]\nmovsd xmm7, [",
            $b,
            "+240]\n",
        )
    };
    (store $b:literal) => {
        concat!(
            "movsd [",
            $b,
            "+128], xmm0\nmovsd [",
            $b,
            "+144], xmm1\nmovsd [",
            $b,
            "+160], xmm2\n",
            "movsd [",
            $b,
            "+176], xmm3\nmovsd [",
            $b,
            "+192], xmm4\nmovsd [",
            $b,
            "+208], xmm5\n",
            "movsd [",
            $b,
            "+224], xmm6\nmovsd [",
            $b,
            "+240], xmm7\n",
        )
    };
}

/// Sets the second words of pairs 0 to 7: copies of the first ones where the mask in rax says so, else 0.
macro_rules! pointers {
    ($b:literal) => {
        concat!(
            "xor ecx, ecx\nbt rax, 0\ncmovc rcx, [",
            $b,
            "]\nmov [",
            $b,
            "+8], rcx\n",
            "mov ecx, 0\nbt rax, 1\ncmovc rcx, [",
            $b,
            "+16]\nmov [",
            $b,
            "+24], rcx\n",
            "mov ecx, 0\nbt rax, 2\ncmovc rcx, [",
            $b,
            "+32]\nmov [",
            $b,
            "+40], rcx\n",
            "mov ecx, 0\nbt rax, 3\ncmovc rcx, [",
            $b,
            "+48]\nmov [",
            $b,
            "+56], rcx\n",
            "mov ecx, 0\nbt rax, 4\ncmovc rcx, [",
            $b,
            "+64]\nmov [",
            $b,
            "+72], rcx\n",
            "mov ecx, 0\nbt rax, 5\ncmovc rcx, [",
            $b,
            "+80]\nmov [",
            $b,
            "+88], rcx\n",
            "mov ecx, 0\nbt rax, 6\ncmovc rcx, [",
            $b,
            "+96]\nmov [",
            $b,
            "+104], rcx\n",
            "mov ecx, 0\nbt rax, 7\ncmovc rcx, [",
            $b,
            "+112]\nmov [",
            $b,
            "+120], rcx\n",
        )
    };
}

macro_rules! stubs {
    ($($n:literal $words:literal;)*) => {
        $(
            global_asm!(
                // rdi: code, rsi: closure or 0, rdx: block.
                ".p2align 4",
                concat!("mgo_call_", $n, ":"),
                "lea r11, [rsp-{need}]",
                "cmp r11, [r15+{guard}]",
                "jbe 9f",
                concat!("mgo_call_body_", $n, ":"),
                "push rbp",
                "mov rbp, rsp",
                "sub rsp, 16",
                "mov [rbp-8], rdx",
                "mov r11, [rdx+272]",
                "lea rax, [r11*8]",
                "sub rsp, rax",
                "lea r10, [rdx+288]",
                "xor ecx, ecx",
                "2:",
                "cmp rcx, r11",
                "jae 3f",
                "mov rax, [r10]",
                "or rax, [r10+8]",
                "mov [rsp+rcx*8], rax",
                "add r10, 16",
                "inc rcx",
                "jmp 2b",
                "3:",
                "mov [r15+{ctxt}], rsi",
                "mov r11, rdi",
                floats!(load "rdx"),
                load_args!("rdx"),
                "mov rdx, rax",
                "call r11",
                concat!("mgo_call_ret_", $n, ":"),
                "mov r11, [rbp-8]",
                "mov [r11], rax",
                "mov [r11+16], rcx",
                "mov [r11+32], rdx",
                "mov [r11+48], rsi",
                "mov [r11+64], rdi",
                "mov [r11+80], r8",
                "mov [r11+96], r9",
                "mov [r11+112], r10",
                floats!(store "r11"),
                "mov rax, [r11+256]",
                pointers!("r11"),
                "mov rsp, rbp",
                "pop rbp",
                "ret",
                "9:",
                "mov r11d, {call}",
                "jmp [r15+{morestack}]",
                concat!("mgo_call_end_", $n, ":"),
                // g.ctxt: a closure with the head described above; arguments as its signature has them.
                ".p2align 4",
                concat!("mgo_makefunc_", $n, ":"),
                "lea r11, [rsp-{need}]",
                "cmp r11, [r15+{guard}]",
                "jbe 9f",
                concat!("mgo_makefunc_body_", $n, ":"),
                "push rbp",
                "mov rbp, rsp",
                "sub rsp, {frame}",
                "mov r11, [r15+{ctxt}]",
                "mov [rbp-8], r11",
                "mov [rsp], rdi",
                "mov [rsp+16], rsi",
                "mov [rsp+32], rdx",
                "mov [rsp+48], rcx",
                "mov [rsp+64], r8",
                "mov [rsp+80], r9",
                "mov qword ptr [rsp+96], 0",
                "mov qword ptr [rsp+112], 0",
                floats!(store "rsp"),
                "mov rax, [r11+8]",
                pointers!("rsp"),
                "mov qword ptr [rsp+256], 0",
                "mov r9, [r11+32]",
                "mov [rsp+272], r9",
                // The words of stack arguments, first all as no pointers.
                "lea r10, [rsp+288]",
                "xor ecx, ecx",
                "2:",
                "cmp rcx, {words}",
                "jae 3f",
                "xor eax, eax",
                "cmp rcx, r9",
                "jae 4f",
                "mov rax, [rbp+16+rcx*8]",
                "4:",
                "mov [r10], rax",
                "mov qword ptr [r10+8], 0",
                "add r10, 16",
                "inc rcx",
                "jmp 2b",
                "3:",
                "mov r8, [r11+16]",
                "mov r9, [r11+24]",
                "xor ecx, ecx",
                "5:",
                "cmp rcx, r9",
                "jae 6f",
                "mov eax, [r8+rcx*4]",
                "mov rdx, [rbp+16+rax]",
                "mov [rsp+296+rax*2], rdx",
                "inc rcx",
                "jmp 5b",
                "6:",
                "mov rdi, r11",
                "mov rsi, rsp",
                "mov r11, [r11+40]",
                "mov [r15+{ctxt}], r11",
                "call [r11]",
                concat!("mgo_makefunc_ret_", $n, ":"),
                floats!(load "rsp"),
                "mov rax, [rsp]",
                "or rax, [rsp+8]",
                "mov rcx, [rsp+16]",
                "or rcx, [rsp+24]",
                "mov rdx, [rsp+32]",
                "or rdx, [rsp+40]",
                "mov rsi, [rsp+48]",
                "or rsi, [rsp+56]",
                "mov rdi, [rsp+64]",
                "or rdi, [rsp+72]",
                "mov r8, [rsp+80]",
                "or r8, [rsp+88]",
                "mov r9, [rsp+96]",
                "or r9, [rsp+104]",
                "mov r10, [rsp+112]",
                "or r10, [rsp+120]",
                // The callee pops stack arguments: the return address moves up over them.
                "mov r11, [rsp+272]",
                "movq xmm15, [rbp+8]",
                "lea rsp, [rbp+r11*8+8]",
                "mov rbp, [rbp]",
                "movq [rsp], xmm15",
                "ret",
                "9:",
                "mov r11d, {makefunc}",
                "jmp [r15+{morestack}]",
                concat!("mgo_makefunc_end_", $n, ":"),
                ".pushsection .data.rel.ro.mgo_reflect,\"aw\"",
                concat!(".quad mgo_call_", $n, ", mgo_call_body_", $n, ", mgo_call_ret_", $n, ", mgo_call_end_", $n),
                concat!(".quad mgo_makefunc_", $n, ", mgo_makefunc_body_", $n),
                concat!(".quad mgo_makefunc_ret_", $n, ", mgo_makefunc_end_", $n),
                ".popsection",
                need = const need($words) as i32,
                frame = const (HEAD + 16 * $words + EXTRA) as i32,
                words = const $words,
                call = const call_index($n) as i32,
                makefunc = const makefunc_index($n) as i32,
                ctxt = const crate::abi::g::G_CTXT,
                guard = const crate::abi::g::G_STACKGUARD,
                morestack = const crate::abi::g::G_MORESTACK,
            );
        )*
    };
}

global_asm!(".pushsection .data.rel.ro.mgo_reflect,\"aw\"", ".p2align 3", "mgo_reflect_table:", ".popsection");

stubs! {
    0 8;
    1 128;
    2 4096;
}

/// Addresses in one size's stub: where it begins, its frame is to be made, its call returns to, and its end.
#[repr(C)]
struct Stub {
    entry: u64,
    body: u64,
    ret: u64,
    end: u64,
}

unsafe extern "C" {
    /// In the order of [`SIZES`]: the stub of calls, that of closures.
    #[link_name = "mgo_reflect_table"]
    static TABLE: [[Stub; 2]; SIZES.len()];
}

/// The stubs' function numbers are the last ones there are.
const fn call_index(size: u32) -> u32 {
    code::N_FUNCS as u32 - 1 - 2 * size
}

const fn makefunc_index(size: u32) -> u32 {
    call_index(size) - 1
}

/// Bytes of stack that a stub needs: its frame or arguments, saved rbp, return addresses.
const fn need(words: u64) -> u64 {
    HEAD + 16 * words + EXTRA + 32
}

fn table() -> &'static [[Stub; 2]; SIZES.len()] {
    // SAFETY: the assembly fills the table in; it never changes.
    unsafe { &TABLE }
}

/// Makes the stubs known as functions.
pub fn init() {
    for (i, ([call, makefunc], words)) in table().iter().zip(SIZES).enumerate() {
        let common = |s: &Stub, index: u32, name: &str| FuncMeta {
            index,
            name: name.into(),
            entry: s.entry,
            size: (s.end - s.entry) as u32,
            prefix: (s.body - s.entry) as u32,
            need: need(words),
            calls: vec![CallSite { pc: (s.ret - s.entry) as u32, ..CallSite::default() }],
            wrapper: true,
            ..FuncMeta::default()
        };
        code::register(FuncMeta {
            // The block.
            slot_words: Box::new([8]),
            frame_to_fp: EXTRA as u32,
            arg_regs: 0b110,
            ..common(call, call_index(i as u32), "reflect.call")
        });
        let pairs = (0..8).chain(18..18 + words);
        let frame = HEAD + 16 * words + EXTRA;
        let slots = pairs.map(|p| 16 * p + 8).chain([frame - 8]).map(|o| o as u32);
        code::register(FuncMeta {
            slot_words: slots.collect(),
            frame_to_fp: frame as u32,
            uses_ctxt: true,
            ..common(makefunc, makefunc_index(i as u32), "reflect.makeFuncStub")
        });
    }
}

/// Head of the closures that lead to `mgo_makefunc_N`.
#[repr(C)]
struct Head {
    code: u64,
    regs: u64,
    offsets: *const u32,
    n_offsets: u64,
    n_words: u64,
}

/// Whether `f` is one of the stubs of closures, whose arguments their head describes.
fn is_makefunc(f: &FuncMeta) -> bool {
    let first = makefunc_index(SIZES.len() as u32 - 1);
    f.index >= first && (f.index - first).is_multiple_of(2)
}

/// Bytes of stack arguments of the function that a goroutine with this `g.ctxt` is entering; it pops them.
///
/// # Safety
/// As for [`pointer_args`].
pub unsafe fn stack_arg_bytes(f: &FuncMeta, ctxt: u64) -> u64 {
    if is_makefunc(f) {
        // SAFETY: these functions are entered through closures with such a head only.
        unsafe { (*(ctxt as *const Head)).n_words * 8 }
    } else {
        u64::from(f.arg_stack_size)
    }
}

/// The pointer arguments of the function that a goroutine with this `g.ctxt` is entering: a mask of registers,
/// and offsets among the stack arguments.
///
/// # Safety
/// `ctxt` must be the goroutine's, and `f` the function.
pub unsafe fn pointer_args(f: &'static FuncMeta, ctxt: u64) -> (u8, &'static [u32]) {
    if !is_makefunc(f) {
        return (f.arg_regs, &f.arg_stack);
    }
    // SAFETY: these functions are entered through closures with such a head only; the offsets live as long.
    unsafe {
        let h = &*(ctxt as *const Head);
        let offsets = if h.n_offsets == 0 { &[] } else { std::slice::from_raw_parts(h.offsets, h.n_offsets as usize) };
        (h.regs as u8, offsets)
    }
}

/// Address of the stub with room for `words` words of stack arguments: of calls, or of closures. 0: too many.
pub fn stub(words: u64, closure: bool) -> u64 {
    let size = SIZES.iter().position(|&s| words <= s);
    size.map_or(0, |i| table()[i][usize::from(closure)].entry)
}
