//! Addresses of functions: compiled code, stubs, and the words elsewhere that hold code addresses.
//!
//! A function that has no code yet is called through its stub
//!
//! ```text
//!   mov r11d, index
//!   jmp [rip + slot]
//! ```
//!
//! whose slot holds the address of `jmp [r15+lazy]` until the function is compiled, its entry afterwards. So
//! nothing is ever changed in executable memory. Runtime and native functions are called through `jmp [rip]`
//! stubs, which keeps calls near.

use std::sync::atomic::{AtomicU64, Ordering};

use rustc_hash::FxHashMap;

use super::mem::CodeMem;
use crate::abi::g::G_LAZY;
use crate::abi::rtfn::RtFn;
use crate::codegen::emit::{Code, RelocTarget, jmp_g, mov_r11d};
use crate::codegen::func::space;
use crate::ssa::ir::FuncId;

const STUB_BYTES: usize = 16;

/// See the module.
pub(crate) struct Linker {
    mem: CodeMem,
    n_funcs: usize,
    /// Offsets of the tables.
    slots: usize,
    stubs: usize,
    /// Entry addresses; 0: not compiled.
    entries: Vec<u64>,
    /// Near stubs of runtime functions; 0: not made.
    runtime: Vec<u64>,
    native: FxHashMap<u32, u64>,
    /// Words in static data that hold a function's code address.
    words: FxHashMap<u32, Vec<u64>>,
    /// Functions placed since the last sealing.
    unpublished: Vec<u32>,
}

impl Linker {
    pub(super) fn new(n_funcs: usize) -> std::io::Result<Linker> {
        let mut mem = CodeMem::new()?;
        let slots = mem.take_words(n_funcs);
        let stubs = mem.take(n_funcs * STUB_BYTES, STUB_BYTES);
        let at = mem.take(16, 16);
        let mut code = Vec::new();
        jmp_g(&mut code, G_LAZY);
        mem.write(at, &code);
        let lazy = mem.addr(at);
        let mut table = Vec::with_capacity(n_funcs * STUB_BYTES);
        for i in 0..n_funcs {
            let mut code = Vec::with_capacity(STUB_BYTES);
            mov_r11d(&mut code, i as u32);
            jmp_word(&mut code, stubs + i * STUB_BYTES, slots + i * 8);
            code.resize(STUB_BYTES, 0xcc);
            table.extend(code);
            mem.publish(slots + i * 8, lazy);
        }
        mem.write(stubs, &table);
        Ok(Linker {
            mem,
            n_funcs,
            slots,
            stubs,
            entries: vec![0; n_funcs],
            runtime: vec![0; RtFn::ALL.len()],
            native: FxHashMap::default(),
            words: FxHashMap::default(),
            unpublished: Vec::new(),
        })
    }

    /// The entry of a compiled function.
    pub(super) fn entry(&self, id: FuncId) -> Option<u64> {
        Some(self.entries[id.0 as usize]).filter(|e| *e != 0)
    }

    /// The entry, or the stub that compiles the function when it is first called.
    pub(crate) fn entry_or_stub(&mut self, id: FuncId) -> u64 {
        let i = id.0 as usize;
        assert!(i < self.n_funcs, "function {i} is outside the tables");
        if self.entries[i] != 0 {
            return self.entries[i];
        }
        self.mem.addr(self.stubs + i * STUB_BYTES)
    }

    /// `word` is the address of a word of static data that holds the code address of `id`: it is kept up to
    /// date when the function is compiled. Returns the present address.
    pub(crate) fn code_word(&mut self, id: FuncId, word: u64) -> u64 {
        if self.entry(id).is_none() {
            self.words.entry(id.0).or_default().push(word);
        }
        self.entry_or_stub(id)
    }

    /// A near stub for code anywhere.
    fn far_stub(&mut self, target: u64) -> u64 {
        let at = self.mem.take(16, 16);
        let mut code = Vec::with_capacity(16);
        jmp_word(&mut code, at, at + 8);
        code.resize(8, 0xcc);
        code.extend(target.to_le_bytes());
        self.mem.write(at, &code);
        self.mem.addr(at)
    }

    pub(super) fn runtime_stub(&mut self, f: RtFn, target: impl FnOnce() -> u64) -> u64 {
        if self.runtime[f as usize] == 0 {
            self.runtime[f as usize] = self.far_stub(target());
        }
        self.runtime[f as usize]
    }

    pub(super) fn native_stub(&mut self, id: u32, target: impl FnOnce() -> u64) -> u64 {
        if let Some(&stub) = self.native.get(&id) {
            return stub;
        }
        let stub = self.far_stub(target());
        self.native.insert(id, stub);
        stub
    }

    /// Places `code` in memory and fills in its relocations. Its entry is not known to anybody yet.
    pub(super) fn place(&mut self, code: &mut Code, mut resolve: impl FnMut(&mut Linker, u32, u32) -> u64) -> u64 {
        let at = self.mem.take(code.bytes.len(), code.align as usize);
        let entry = self.mem.addr(at);
        for r in &code.relocs {
            let target = match &r.target {
                RelocTarget::Here(o) => entry + u64::from(*o),
                RelocTarget::Name(n) if n.namespace == space::FUNC && n.index == code.meta.index => entry,
                RelocTarget::Name(n) => resolve(self, n.namespace, n.index),
            };
            let target = target.wrapping_add_signed(r.addend);
            let place = r.offset as usize;
            if r.relative {
                let distance = target.wrapping_sub(entry + place as u64) as i64;
                let distance = i32::try_from(distance).expect("near code");
                code.bytes[place..place + 4].copy_from_slice(&distance.to_le_bytes());
            } else {
                code.bytes[place..place + 8].copy_from_slice(&target.to_le_bytes());
            }
        }
        self.mem.write(at, &code.bytes);
        entry
    }

    /// Makes all code placed so far executable.
    pub(super) fn seal(&mut self) {
        self.mem.seal();
    }

    /// `id`'s code is at `entry`. Code placed with it may call it directly.
    pub(super) fn placed(&mut self, id: FuncId, entry: u64) {
        self.entries[id.0 as usize] = entry;
        self.unpublished.push(id.0);
    }

    /// From now on calls of what was placed go to its code, which must be sealed.
    pub(super) fn publish(&mut self) {
        for id in std::mem::take(&mut self.unpublished) {
            let entry = self.entries[id as usize];
            self.mem.publish(self.slots + id as usize * 8, entry);
            for word in self.words.remove(&id).unwrap_or_default() {
                // SAFETY: `code_word`'s callers register words of static data, aligned and never freed.
                unsafe { (*(word as *const AtomicU64)).store(entry, Ordering::Release) }
            }
        }
    }
}

/// `jmp [word]`, to be placed behind what `code`, which begins at `at`, has already.
fn jmp_word(code: &mut Vec<u8>, at: usize, word: usize) {
    let end = at + code.len() + 6;
    code.extend([0xff, 0x25]);
    code.extend((word as i64 as i32 - end as i32).to_le_bytes());
}
