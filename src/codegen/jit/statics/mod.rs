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

use super::{Cx, Linker};
use crate::abi::meta::StaticRoots;
use crate::abi::typedesc::{ITAB_FUN, Itab, Str, TypeDesc};
use crate::ssa::ir::{FuncId, GlobalId};
use crate::types::{ConstValue, TypeId, Types};

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
    strings: FxHashMap<Rc<[u8]>, u64>,
    headers: FxHashMap<Rc<[u8]>, u64>,
    func_values: FxHashMap<FuncId, u64>,
}

impl Statics {
    /// Calls `f` with the extents of data made since the last time.
    pub(super) fn news(&mut self, f: &mut dyn FnMut(u64, u64)) {
        self.memory.news(f);
    }

    /// A package variable, with its constant initial value.
    pub(super) fn global(&mut self, cx: &Cx<'_>, id: GlobalId, roots: &mut dyn FnMut(StaticRoots)) -> u64 {
        if let Some(&addr) = self.globals.get(&id) {
            return addr;
        }
        let global = &cx.program.globals[id];
        let (size, align) = cx.types.size_align(global.ty);
        let p = self.memory.take(size as usize, align as usize);
        if let Some(value) = &global.init {
            let bytes = self.constant(cx.types, global.ty, value);
            assert!(bytes.len() as u64 <= size.max(8));
            // SAFETY: the memory is fresh and large enough.
            unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), p, bytes.len()) };
        }
        if cx.types.has_pointers(global.ty) {
            let mut words = Vec::new();
            cx.types.pointer_words(global.ty, 0, &mut |w| words.push(w as u32));
            roots(StaticRoots { addr: p as u64, size, words });
        }
        self.globals.insert(id, p as u64);
        p as u64
    }

    /// A constant as it lies in memory.
    fn constant(&mut self, types: &Types, ty: TypeId, value: &ConstValue) -> Vec<u8> {
        let Some(bytes) = value.to_bytes() else {
            return types.const_bytes(ty, value).unwrap_or_default().to_vec();
        };
        let mut out = self.str_data(&bytes).to_le_bytes().to_vec();
        out.extend((bytes.len() as u64).to_le_bytes());
        out
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
