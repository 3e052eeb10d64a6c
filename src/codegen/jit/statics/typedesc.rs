//! Type descriptors.
//!
//! One per canonical type. Asking for one makes all it refers to as well, so a published descriptor is
//! complete, with one exception: `ptr_to_this` is set when the pointer type gets its own.

use std::rc::Rc;
use std::sync::atomic::{AtomicPtr, Ordering};

use super::Statics;
use crate::abi::typedesc::{FieldDesc, IMethod, MethodDesc, Str, Table, TypeDesc, flag, kind};
use crate::codegen::jit::{Cx, Linker};
use crate::index::Symbol;
use crate::ssa::layout::is_regular_memory;
use crate::types::object::is_exported;
use crate::types::repr::ChanDir;
use crate::types::typestring::{link_string, runtime_string};
use crate::types::{Basic, Method, PkgId, TypeId, TypeKind, Types};

/// Pointer maps of arrays beyond this many words are their element's, repeated.
const MAX_MAP_WORDS: u64 = 64 << 10;

/// An interface's methods, in the order of its itabs.
pub(super) fn interface_methods(cx: &Cx<'_>, iface: TypeId) -> Rc<[Method]> {
    match cx.types.as_interface(iface) {
        Some(i) => cx.types.type_set(i).methods.clone(),
        None => Rc::from([]),
    }
}

fn path(cx: &Cx<'_>, pkg: PkgId) -> Symbol {
    cx.packages.get(pkg).map_or(Symbol::default(), |p| p.path)
}

/// Import path of the package of an unexported name, empty for exported ones.
fn name_pkg(cx: &Cx<'_>, name: Symbol, pkg: PkgId) -> Symbol {
    if is_exported(name) { Symbol::default() } else { path(cx, pkg) }
}

/// As [`name_pkg`].
pub(super) fn method_pkg(cx: &Cx<'_>, m: &Method) -> Symbol {
    name_pkg(cx, m.name, m.pkg)
}

/// The type as package reflect prints it.
pub(super) fn string(cx: &Cx<'_>, ty: TypeId) -> String {
    let name = |pkg: PkgId| {
        let universe = pkg == PkgId::UNIVERSE;
        cx.packages.get(pkg).filter(|_| !universe).map_or_else(String::new, |p| p.name.to_string())
    };
    runtime_string(cx.types, cx.objects, ty, &name, &path_or_empty(cx))
}

fn path_or_empty<'a>(cx: &'a Cx<'_>) -> impl Fn(PkgId) -> String + 'a {
    move |pkg| if pkg == PkgId::UNIVERSE { String::new() } else { path(cx, pkg).to_string() }
}

/// FNV-1a over the type's name with full paths.
fn hash(cx: &Cx<'_>, ty: TypeId) -> u32 {
    let text = link_string(cx.types, cx.objects, ty, &path_or_empty(cx));
    text.bytes().fold(0x811c_9dc5, |h, b| (h ^ u32::from(b)).wrapping_mul(0x0100_0193))
}

fn kind_of(types: &Types, ty: TypeId) -> u8 {
    match types.underlying_kind(ty) {
        TypeKind::Basic(b) => match b.unalias() {
            Basic::Bool | Basic::UntypedBool => kind::BOOL,
            Basic::Int | Basic::UntypedInt => kind::INT,
            Basic::Int8 => kind::INT8,
            Basic::Int16 => kind::INT16,
            Basic::Int32 | Basic::UntypedRune => kind::INT32,
            Basic::Int64 => kind::INT64,
            Basic::Uint => kind::UINT,
            Basic::Uint8 => kind::UINT8,
            Basic::Uint16 => kind::UINT16,
            Basic::Uint32 => kind::UINT32,
            Basic::Uint64 => kind::UINT64,
            Basic::Uintptr => kind::UINTPTR,
            Basic::Float32 => kind::FLOAT32,
            Basic::Float64 | Basic::UntypedFloat => kind::FLOAT64,
            Basic::Complex64 => kind::COMPLEX64,
            Basic::Complex128 | Basic::UntypedComplex => kind::COMPLEX128,
            Basic::String | Basic::UntypedString => kind::STRING,
            Basic::UnsafePointer => kind::UNSAFE_POINTER,
            _ => kind::INVALID,
        },
        TypeKind::Pointer(_) => kind::POINTER,
        TypeKind::Slice(_) => kind::SLICE,
        TypeKind::Array { .. } => kind::ARRAY,
        TypeKind::Map { .. } => kind::MAP,
        TypeKind::Chan { .. } => kind::CHAN,
        TypeKind::Struct(_) => kind::STRUCT,
        TypeKind::Func(_) => kind::FUNC,
        TypeKind::Interface(_) => kind::INTERFACE,
        _ => kind::INVALID,
    }
}

/// Bytes up to the end of the last pointer word.
fn ptrdata(types: &Types, ty: TypeId) -> u64 {
    if !types.has_pointers(ty) {
        return 0;
    }
    match types.underlying_kind(ty) {
        TypeKind::Array { elem, len } => (len - 1) * types.size_of(*elem) + ptrdata(types, *elem),
        TypeKind::Struct(s) => {
            let last = s.fields.iter().rposition(|f| types.has_pointers(f.ty)).expect("it has pointers");
            types.field_offset(ty, last as u32) + ptrdata(types, s.fields[last].ty)
        }
        _ => {
            let mut end = 0;
            types.pointer_words(ty, 0, &mut |w| end = w + 8);
            end
        }
    }
}

/// Whether the program has package reflect.
fn reflects(cx: &Cx<'_>) -> bool {
    cx.packages.iter().any(|p| p.path.as_str() == "reflect")
}

impl Statics {
    /// A table for ever.
    fn table<T: Copy>(&mut self, items: &[T]) -> Table<T> {
        if items.is_empty() {
            return Table::EMPTY;
        }
        let p = self.memory.take(size_of_val(items), align_of::<T>()).cast::<T>();
        // SAFETY: the memory is fresh and large enough.
        unsafe { std::ptr::copy_nonoverlapping(items.as_ptr(), p, items.len()) };
        Table { ptr: p, len: items.len() }
    }

    /// The descriptor of a type, complete.
    pub(in crate::codegen) fn type_desc(&mut self, cx: &mut Cx<'_>, linker: &mut Linker, ty: TypeId) -> u64 {
        let p = self.desc(cx, ty);
        while let Some(ty) = self.unfilled.pop() {
            let desc = self.fill(cx, linker, ty);
            let p = self.descs[&ty];
            // SAFETY: the memory was allocated for this descriptor, and no running code knows of it yet; only
            // `ptr_to_this` may have been set already.
            unsafe {
                let ptr_to_this = (*p).ptr_to_this;
                p.write(desc);
                (*p).ptr_to_this = ptr_to_this;
            }
        }
        p as u64
    }

    /// The address of a descriptor that is, or will be, complete.
    fn desc(&mut self, cx: &mut Cx<'_>, ty: TypeId) -> *const TypeDesc {
        let ty = cx.types.canonical(ty);
        if let Some(&p) = self.descs.get(&ty) {
            return p;
        }
        let p = self.memory.take(size_of::<TypeDesc>(), align_of::<TypeDesc>()).cast::<TypeDesc>();
        self.descs.insert(ty, p);
        self.by_addr.insert(p as u64, ty);
        self.unfilled.push(ty);
        p
    }

    fn fill(&mut self, cx: &mut Cx<'_>, linker: &mut Linker, ty: TypeId) -> TypeDesc {
        let (size, align) = cx.types.size_align(ty);
        let full = string(cx, ty);
        let (name, pkg_path) = self.name(cx, ty, &full);
        let kind = kind_of(cx.types, ty);
        let ptrdata = ptrdata(cx.types, ty);
        let mut flags = 0;
        for (bit, set) in [
            (flag::DIRECT_IFACE, cx.types.is_direct_iface(ty)),
            (flag::NAMED, name.len > 0),
            (flag::COMPARABLE, cx.types.comparable(ty)),
            (flag::REGULAR_MEMORY, is_regular_memory(cx.types, ty)),
        ] {
            flags |= if set { bit } else { 0 };
        }
        let mut d = TypeDesc {
            size,
            ptrdata,
            hash: hash(cx, ty),
            flags,
            align: align as u8,
            field_align: align as u8,
            kind,
            gcdata: self.gcdata(cx.types, ty, ptrdata),
            string: self.text(&full),
            name,
            pkg_path,
            ptr_to_this: std::ptr::null(),
            elem: std::ptr::null(),
            key: std::ptr::null(),
            len: 0,
            fields: Table::EMPTY,
            params: Table::EMPTY,
            results: Table::EMPTY,
            imethods: Table::EMPTY,
            methods: self.methods(cx, linker, ty),
            n_exported: 0,
        };
        if reflects(cx) && kind != kind::INTERFACE {
            let set = cx.types.method_set(cx.objects, ty);
            d.n_exported = set.iter().filter(|m| is_exported(m.0)).count() as u64;
            if matches!(cx.types.kind(ty), TypeKind::Named(_)) {
                // Pointers to variables of the type may be made at any time; they have methods.
                let pointer = cx.types.pointer(ty);
                self.desc(cx, pointer);
            }
        }
        match cx.types.underlying_kind(ty).clone() {
            TypeKind::Pointer(elem) => {
                d.elem = self.desc(cx, elem);
                if matches!(cx.types.kind(ty), TypeKind::Pointer(_)) {
                    self.set_ptr_to_this(d.elem, self.descs[&ty]);
                }
            }
            TypeKind::Slice(elem) => d.elem = self.desc(cx, elem),
            TypeKind::Array { elem, len } => {
                d.elem = self.desc(cx, elem);
                d.len = len;
            }
            TypeKind::Map { key, elem } => {
                d.key = self.desc(cx, key);
                d.elem = self.desc(cx, elem);
            }
            TypeKind::Chan { dir, elem } => {
                d.elem = self.desc(cx, elem);
                d.len = match dir {
                    ChanDir::Recv => 1,
                    ChanDir::Send => 2,
                    ChanDir::Both => 3,
                };
            }
            TypeKind::Struct(s) => {
                let mut fields = Vec::with_capacity(s.fields.len());
                for (i, f) in s.fields.iter().enumerate() {
                    let tag = f.tag.as_ref().filter(|t| !t.is_empty());
                    fields.push(FieldDesc {
                        name: self.text(f.name.as_str()),
                        pkg_path: self.text(name_pkg(cx, f.name, f.pkg).as_str()),
                        ty: self.desc(cx, f.ty),
                        offset: cx.types.field_offset(ty, i as u32),
                        tag: tag.map_or(Str::EMPTY, |t| Str { ptr: self.str_data(t) as *const u8, len: t.len() }),
                        embedded: u64::from(f.embedded),
                    });
                }
                d.fields = self.table(&fields);
            }
            TypeKind::Func(sig) => {
                let mut list = |ps: &[crate::types::Param]| {
                    let types: Vec<_> = ps.iter().map(|p| self.desc(cx, p.ty)).collect();
                    self.table(&types)
                };
                d.params = list(&sig.params);
                d.results = list(&sig.results);
                d.flags |= if sig.variadic { flag::VARIADIC } else { 0 };
            }
            TypeKind::Interface(_) => {
                let methods = interface_methods(cx, ty);
                let mut list = Vec::with_capacity(methods.len());
                for m in methods.iter() {
                    list.push(IMethod {
                        name: self.text(m.name.as_str()),
                        pkg_path: self.text(method_pkg(cx, m).as_str()),
                        ty: self.desc(cx, m.sig),
                    });
                }
                d.imethods = self.table(&list);
            }
            _ => {}
        }
        d
    }

    fn set_ptr_to_this(&mut self, elem: *const TypeDesc, pointer: *mut TypeDesc) {
        // SAFETY: `elem` is one of our descriptors, which live for ever; running code may read the word at
        // this moment, so it is stored as a whole.
        unsafe {
            let word = std::ptr::addr_of!((*elem).ptr_to_this).cast::<AtomicPtr<TypeDesc>>();
            (*word).store(pointer, Ordering::Release);
        }
    }

    /// Name and package path of a type that has a name.
    fn name(&mut self, cx: &Cx<'_>, ty: TypeId, full: &str) -> (Str, Str) {
        match cx.types.kind(ty) {
            TypeKind::Basic(Basic::UnsafePointer) => (self.text("Pointer"), self.text("unsafe")),
            TypeKind::Basic(_) => (self.text(full), Str::EMPTY),
            TypeKind::Named(n) => {
                let obj = &cx.objects[cx.types.named[*n].obj];
                // The package's name ends at the first dot that is not in type arguments.
                let args = full.find('[').unwrap_or(full.len());
                let start = full[..args].find('.').map_or(0, |dot| dot + 1);
                let pkg = if obj.pkg == PkgId::UNIVERSE { Symbol::default() } else { path(cx, obj.pkg) };
                (self.text(&full[start..]), self.text(pkg.as_str()))
            }
            _ => (Str::EMPTY, Str::EMPTY),
        }
    }

    fn gcdata(&mut self, types: &Types, ty: TypeId, ptrdata: u64) -> *const u8 {
        let n_words = ptrdata / 8;
        if n_words == 0 {
            return std::ptr::null();
        }
        if n_words > MAX_MAP_WORDS && matches!(types.underlying_kind(ty), TypeKind::Array { .. }) {
            return std::ptr::null();
        }
        let mut bits = vec![0u8; n_words.div_ceil(8) as usize];
        types.pointer_words(ty, 0, &mut |w| bits[w as usize / 64] |= 1 << (w / 8 % 8));
        let bits: Rc<[u8]> = bits.into();
        self.str_data(&bits) as *const u8
    }

    fn methods(&mut self, cx: &mut Cx<'_>, linker: &mut Linker, ty: TypeId) -> Table<MethodDesc> {
        let program = cx.program;
        let Some(methods) = program.method_tables.get(&ty) else { return Table::EMPTY };
        let mut list = Vec::with_capacity(methods.len());
        for m in methods {
            list.push(MethodDesc {
                name: self.text(m.name.as_str()),
                pkg_path: self.text(m.pkg.as_str()),
                ty: self.desc(cx, m.sig),
                ifn: linker.entry_or_stub(m.func),
            });
        }
        let table = self.table(&list);
        for (i, m) in methods.iter().enumerate() {
            let desc = table.ptr.wrapping_add(i);
            // SAFETY: the table has one entry per method.
            let word = unsafe { std::ptr::addr_of!((*desc).ifn) };
            linker.code_word(m.func, word as u64);
        }
        table
    }
}
