//! Static data: package variables, constant strings, closure objects, itabs, type descriptors.
//!
//! Everything here is allocated once, never moves and is never freed, so that generated code can have its
//! address as a constant. Each piece is made when code first refers to it, and complete before that code can
//! run.
//!
//! `unsafe` is allowed here: the structures are `abi`'s, written through raw pointers because they refer to
//! each other in cycles.

mod memory;
mod shape;
mod typedesc;

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::{Callbacks, Cx, Linker};
use crate::abi::meta::StaticRoots;
use crate::abi::typedesc::{ITAB_FUN, Itab, Str, TypeDesc};
use crate::hir::static_data::{Reloc, StaticData, StaticObject};
use crate::ssa::ir::{FuncId, GlobalId};
use crate::types::TypeId;

/// All static data made so far.
#[derive(Debug, Default)]
pub(super) struct Statics {
    memory: memory::Memory,
    descs: FxHashMap<TypeId, *mut TypeDesc>,
    /// The types of descriptors, by address.
    by_addr: FxHashMap<u64, TypeId>,
    /// Descriptors that are allocated and not filled in.
    unfilled: Vec<TypeId>,
    itabs: FxHashMap<(TypeId, TypeId), u64>,
    globals: FxHashMap<GlobalId, u64>,
    /// Package variables that have an address and not yet their initial value.
    unfilled_globals: Vec<GlobalId>,
    strings: FxHashMap<Rc<[u8]>, u64>,
    headers: FxHashMap<Rc<[u8]>, u64>,
    objects: FxHashMap<Rc<StaticObject>, u64>,
    func_values: FxHashMap<FuncId, u64>,
}

impl Statics {
    /// Calls `f` with the extents of data made since the last time.
    pub(super) fn news(&mut self, f: &mut dyn FnMut(u64, u64)) {
        self.memory.news(f);
    }

    /// A package variable, with its initial value.
    pub(super) fn global(
        &mut self,
        cx: &mut Cx<'_>,
        linker: &mut Linker,
        callbacks: &mut Callbacks,
        id: GlobalId,
    ) -> u64 {
        let addr = self.global_addr(cx, callbacks, id);
        self.fill_globals(cx, linker, callbacks);
        addr
    }

    fn fill_globals(&mut self, cx: &mut Cx<'_>, linker: &mut Linker, callbacks: &mut Callbacks) {
        while let Some(id) = self.unfilled_globals.pop() {
            let global = &cx.program.globals[id];
            let size = cx.types.size_of(global.ty);
            let p = self.globals[&id];
            self.fill_data(cx, linker, callbacks, p, size, &global.init);
        }
    }

    /// Static data without a name.
    pub(super) fn object(
        &mut self,
        cx: &mut Cx<'_>,
        linker: &mut Linker,
        callbacks: &mut Callbacks,
        object: &Rc<StaticObject>,
    ) -> u64 {
        let addr = self.object_addr(cx, linker, callbacks, object);
        self.fill_globals(cx, linker, callbacks);
        addr
    }

    fn object_addr(
        &mut self,
        cx: &mut Cx<'_>,
        linker: &mut Linker,
        callbacks: &mut Callbacks,
        object: &Rc<StaticObject>,
    ) -> u64 {
        if let Some(&addr) = self.objects.get(object) {
            return addr;
        }
        // In whole words: single bytes may be read as words.
        let p = self.memory.take(object.size.next_multiple_of(8) as usize, 8) as u64;
        self.objects.insert(object.clone(), p);
        self.fill_data(cx, linker, callbacks, p, object.size, &object.data);
        p
    }

    /// The address of a package variable that has, or will have, its initial value.
    fn global_addr(&mut self, cx: &Cx<'_>, callbacks: &mut Callbacks, id: GlobalId) -> u64 {
        if let Some(&addr) = self.globals.get(&id) {
            return addr;
        }
        let global = &cx.program.globals[id];
        let (size, align) = cx.types.size_align(global.ty);
        let p = self.memory.take(size as usize, align as usize);
        if cx.types.has_pointers(global.ty) {
            let mut words = Vec::new();
            cx.types.pointer_words(global.ty, 0, &mut |w| words.push(w as u32));
            (callbacks.roots)(StaticRoots { addr: p as u64, size, words });
        }
        if !global.init.is_zero() {
            self.unfilled_globals.push(id);
        }
        self.globals.insert(id, p as u64);
        p as u64
    }

    /// Lays out data at `p`, which has `size` bytes and which no running code knows of yet.
    fn fill_data(
        &mut self,
        cx: &mut Cx<'_>,
        linker: &mut Linker,
        callbacks: &mut Callbacks,
        p: u64,
        size: u64,
        data: &StaticData,
    ) {
        let p = p as *mut u8;
        for (at, bytes) in &data.bytes {
            assert!(at + bytes.len() as u64 <= size);
            // SAFETY: the data has `size` bytes, and no running code knows of it yet.
            unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), p.add(*at as usize), bytes.len()) };
        }
        for (at, to) in &data.relocs {
            let word = match to {
                Reloc::Str(text) => self.str_data(text),
                Reloc::Global(g, offset) => self.global_addr(cx, callbacks, *g) + offset,
                Reloc::Object(object) => self.object_addr(cx, linker, callbacks, object),
                Reloc::Func(f) => self.func_value(linker, *f),
                Reloc::Type(ty) => self.type_desc(cx, linker, *ty),
                Reloc::Itab { iface, concrete } => self.itab(cx, linker, &mut callbacks.itab, *iface, *concrete),
            };
            assert!(at + 8 <= size);
            // SAFETY: as above; address words are aligned as the words of the data's type are.
            unsafe { p.add(*at as usize).cast::<u64>().write(word) };
        }
    }

    /// Constant bytes, 8-byte aligned.
    pub(super) fn str_data(&mut self, bytes: &Rc<[u8]>) -> u64 {
        if let Some(&addr) = self.strings.get(bytes) {
            return addr;
        }
        let p = self.memory.take(bytes.len(), 8);
        // SAFETY: the memory is fresh and large enough.
        unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), p, bytes.len()) };
        self.strings.insert(bytes.clone(), p as u64);
        p as u64
    }

    /// A string header for constant bytes.
    pub(super) fn str_header(&mut self, bytes: &Rc<[u8]>) -> u64 {
        if let Some(&addr) = self.headers.get(bytes) {
            return addr;
        }
        let ptr = self.str_data(bytes) as *const u8;
        let p = self.memory.take(size_of::<Str>(), 8).cast::<Str>();
        // SAFETY: the memory is fresh and large enough.
        unsafe { p.write(Str { ptr, len: bytes.len() }) };
        self.headers.insert(bytes.clone(), p as u64);
        p as u64
    }

    /// A string for descriptors.
    fn text(&mut self, text: &str) -> Str {
        if text.is_empty() {
            return Str::EMPTY;
        }
        let bytes: Rc<[u8]> = text.as_bytes().into();
        Str { ptr: self.str_data(&bytes) as *const u8, len: text.len() }
    }

    /// The closure object of a function without captures.
    pub(super) fn func_value(&mut self, linker: &mut Linker, id: FuncId) -> u64 {
        if let Some(&addr) = self.func_values.get(&id) {
            return addr;
        }
        let p = self.memory.take(8, 8).cast::<u64>();
        let code = linker.code_word(id, p as u64);
        // SAFETY: the memory is fresh and large enough.
        unsafe { p.write(code) };
        self.func_values.insert(id, p as u64);
        p as u64
    }

    /// The itab of a pair of types.
    pub(super) fn itab(
        &mut self,
        cx: &mut Cx<'_>,
        linker: &mut Linker,
        intern: &mut dyn FnMut(u64) -> u64,
        iface: TypeId,
        concrete: TypeId,
    ) -> u64 {
        let (iface, concrete) = (cx.types.canonical(iface), cx.types.canonical(concrete));
        if let Some(&addr) = self.itabs.get(&(iface, concrete)) {
            return addr;
        }
        let inter = self.type_desc(cx, linker, iface) as *const TypeDesc;
        let ty = self.type_desc(cx, linker, concrete) as *const TypeDesc;
        let funcs: Vec<FuncId> = self.implementation(cx, iface, concrete);
        let p = self.memory.take(ITAB_FUN as usize + 8 * funcs.len().max(1), 8);
        // SAFETY: the memory is fresh and has room for the header and one word per method; `ty` is complete.
        unsafe {
            let itab = p.cast::<Itab>();
            (*itab).inter = inter;
            (*itab).ty = ty;
            (*itab).hash = (*ty).hash;
            for (i, f) in funcs.iter().enumerate() {
                p.add(ITAB_FUN as usize).cast::<u64>().add(i).write(linker.entry_or_stub(*f));
            }
        }
        let addr = intern(p as u64);
        for (i, f) in funcs.iter().enumerate() {
            linker.code_word(*f, addr + ITAB_FUN as u64 + 8 * i as u64);
        }
        self.itabs.insert((iface, concrete), addr);
        addr
    }

    /// The functions that implement an interface's methods, in its order.
    fn implementation(&self, cx: &Cx<'_>, iface: TypeId, concrete: TypeId) -> Vec<FuncId> {
        let table = cx.program.method_tables.get(&concrete).map_or(&[][..], Vec::as_slice);
        typedesc::interface_methods(cx, iface)
            .iter()
            .map(|m| {
                let pkg = typedesc::method_pkg(cx, m);
                match table.iter().find(|i| i.name == m.name && i.pkg == pkg) {
                    Some(i) => i.func,
                    None => {
                        let (iface, concrete) = (typedesc::string(cx, iface), typedesc::string(cx, concrete));
                        crate::bug!("codegen", concrete, "no method {} for {iface}", m.name)
                    }
                }
            })
            .collect()
    }
}
