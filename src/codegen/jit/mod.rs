//! Finished code: compiles functions one by one and puts them where they run.
//!
//! A [`Jit`] lives on one thread, the compiler's; what it makes runs on others. It knows nothing of the
//! runtime but what [`Callbacks`] say. The order of events for one function: code and static data are
//! complete, its [`FuncMeta`] is handed out, and only then its entry is published.
//!
//! `unsafe` is allowed here and in the modules below: memory for code, and words that running code reads.

mod link;
mod mem;
mod statics;

use cranelift_codegen::isa::OwnedTargetIsa;
use cranelift_codegen::settings::{self, Configurable};

use self::statics::Statics;
pub(crate) use link::Linker;

use super::emit::Emitter;
use super::func::{Env, space};
use super::lines;
use crate::abi::meta::{FuncMeta, StaticRoots};
use crate::abi::rtfn::RtFn;
use crate::abi::typedesc::TypeShape;
use crate::hir::{FuncKind, Program};
use crate::index::IndexVec;
use crate::source::SourceMap;
use crate::ssa::ir::{Func, FuncId, GlobalId, StaticObject};
use crate::types::{Objects, Package, PkgId, TypeId, Types};

/// Finds the stub of a native function by its link name.
pub type NativeLookup = Box<dyn Fn(&str) -> Option<u64>>;

/// What generated code is bound to.
pub struct Callbacks {
    /// Address of the stub that enters a runtime function on g0.
    pub runtime: Box<dyn Fn(RtFn) -> u64>,
    /// Address of the stub of a native function, by link name.
    pub native: NativeLookup,
    /// Takes the description of a function, before its first call.
    pub func: Box<dyn FnMut(FuncMeta)>,
    /// Takes static data with pointers.
    pub roots: Box<dyn FnMut(StaticRoots)>,
    /// Takes the extent of static data, with or without pointers: address and bytes.
    pub statics: Box<dyn FnMut(u64, u64)>,
    /// Takes the address of a new itab; returns that of the one to use for its pair of types.
    pub itab: Box<dyn FnMut(u64) -> u64>,
}

/// Options.
#[derive(Debug, Clone, Copy)]
pub struct Config {
    /// Number of functions; ids are below it.
    pub n_funcs: usize,
    /// Check CLIF before and after optimising.
    pub verify: bool,
    /// Use fused multiply-add where the host has it.
    pub fma: bool,
}

/// The program that functions belong to.
pub struct Cx<'a> {
    pub program: &'a Program,
    pub types: &'a mut Types,
    pub objects: &'a Objects,
    pub packages: &'a IndexVec<PkgId, Package>,
    pub sources: &'a SourceMap,
}

/// The compiler's back end.
pub struct Jit {
    isa: OwnedTargetIsa,
    /// Compiles twice as fast, for code that runs once.
    quick: OwnedTargetIsa,
    emitter: Emitter,
    pub(super) linker: Linker,
    statics: Statics,
    callbacks: Callbacks,
    has_fma: bool,
    /// Bytes of code made so far.
    code_bytes: u64,
    /// Functions compiled since the last sealing.
    unsealed: Vec<FuncMeta>,
}

/// Texts of one function, for `mgo dump`.
#[derive(Debug, Default)]
pub struct Texts {
    /// CLIF before and after the optimiser.
    pub clif: String,
    /// The machine code, with prologue, positions and callees.
    pub asm: String,
    /// Frame layout, stack maps, traps.
    pub stackmap: String,
}

/// Cranelift for this machine. `quick`: without its optimiser and with its simple register allocator.
fn make_isa(verify: bool, quick: bool) -> Result<OwnedTargetIsa, String> {
    let mut flags = settings::builder();
    for (name, value) in [
        ("opt_level", if quick { "none" } else { "speed" }),
        ("regalloc_algorithm", if quick { "single_pass" } else { "backtracking" }),
        ("preserve_frame_pointers", "true"),
        ("enable_pinned_reg", "true"),
        ("enable_probestack", "false"),
        ("is_pic", "false"),
        ("unwind_info", "false"),
        ("enable_verifier", if verify { "true" } else { "false" }),
    ] {
        flags.set(name, value).map_err(|e| e.to_string())?;
    }
    cranelift_native::builder()?.finish(settings::Flags::new(flags)).map_err(|e| e.to_string())
}

impl Jit {
    /// A back end for the machine it runs on.
    ///
    /// # Errors
    /// When the machine is not supported, or memory for code cannot be had.
    pub fn new(config: Config, callbacks: Callbacks) -> Result<Jit, String> {
        let isa = make_isa(config.verify, false)?;
        let quick = make_isa(config.verify, true)?;
        let has = |name: &str| isa.isa_flags().iter().any(|f| f.name == name && f.as_bool() == Some(true));
        // Without SSE4.1 rounding would be a library call, which must not run on a goroutine's stack.
        if !has("has_sse41") {
            return Err("this processor has no SSE4.1".into());
        }
        let has_fma = config.fma && has("has_fma");
        let linker = Linker::new(config.n_funcs).map_err(|e| format!("no memory for code: {e}"))?;
        let statics = Statics::default();
        Ok(Jit {
            isa,
            quick,
            emitter: Emitter::new(),
            linker,
            statics,
            callbacks,
            has_fma,
            code_bytes: 0,
            unsealed: Vec::new(),
        })
    }

    /// Whether the host has fused multiply-add.
    pub fn has_fma(&self) -> bool {
        self.has_fma
    }

    /// Bytes of code made so far.
    pub fn code_bytes(&self) -> u64 {
        self.code_bytes
    }

    /// The entry of a function that is compiled already.
    pub fn entry(&self, id: FuncId) -> Option<u64> {
        self.linker.entry(id)
    }

    /// The entry of a function, or of the stub that has it compiled when it is first called.
    pub fn entry_or_stub(&mut self, id: FuncId) -> u64 {
        self.linker.entry_or_stub(id)
    }

    /// Address of a type's descriptor.
    pub fn type_desc(&mut self, cx: &mut Cx<'_>, ty: TypeId) -> u64 {
        self.env(cx).type_desc(ty)
    }

    /// Address of the descriptor of a type that the running program makes; 0 if it cannot be.
    pub fn make_type(&mut self, cx: &mut Cx<'_>, shape: &TypeShape) -> u64 {
        let addr = self.statics.make_type(cx, &mut self.linker, shape);
        self.statics.news(&mut self.callbacks.statics);
        addr
    }

    /// Address of a package variable.
    pub fn global(&mut self, cx: &mut Cx<'_>, id: GlobalId) -> u64 {
        self.env(cx).global(id)
    }

    /// Address of the static closure object of a function.
    pub fn func_value(&mut self, cx: &mut Cx<'_>, id: FuncId) -> u64 {
        self.env(cx).func_value(id)
    }

    fn env<'a, 'c>(&'a mut self, cx: &'a mut Cx<'c>) -> JitEnv<'a, 'c> {
        JitEnv {
            statics: &mut self.statics,
            linker: &mut self.linker,
            callbacks: &mut self.callbacks,
            cx,
            has_fma: self.has_fma,
        }
    }

    /// Makes what was compiled so far executable. To be called before any of it runs: code compiled together
    /// shares pages.
    ///
    /// Only afterwards are the functions made known, to the runtime and to calls in other code: other threads may
    /// enter them at once.
    pub fn seal(&mut self) {
        self.linker.seal();
        for meta in self.unsealed.drain(..) {
            (self.callbacks.func)(meta);
        }
        self.linker.publish();
    }

    /// Compiles a function and returns its entry, to be [sealed](Self::seal).
    pub fn compile(&mut self, cx: &mut Cx<'_>, f: &Func) -> u64 {
        self.compile_with(cx, f, false).0
    }

    /// Compiles a function, and shows it.
    pub fn dump(&mut self, cx: &mut Cx<'_>, f: &Func) -> Texts {
        self.compile_with(cx, f, true).1
    }

    fn compile_with(&mut self, cx: &mut Cx<'_>, f: &Func, show: bool) -> (u64, Texts) {
        if let Some(entry) = self.linker.entry(f.id) {
            return (entry, Texts::default());
        }
        let mut texts = Texts::default();
        // Package initialisers run once.
        let once = cx.program.funcs[f.id].kind == FuncKind::Init;
        let isa = if once { &*self.quick } else { &*self.isa };
        let mut env = JitEnv {
            statics: &mut self.statics,
            linker: &mut self.linker,
            callbacks: &mut self.callbacks,
            cx,
            has_fma: self.has_fma,
        };
        let mut code = self.emitter.compile(isa, f, &mut env, show.then_some(&mut texts.clif));
        let callbacks = &mut self.callbacks;
        let entry = self.linker.place(&mut code, |linker, space, index| match space {
            space::RUNTIME => {
                let f = RtFn::ALL[index as usize];
                linker.runtime_stub(f, || (callbacks.runtime)(f))
            }
            space::NATIVE => linker.native_stub(index, || {
                let name = cx.program.funcs[FuncId(index)].link_name;
                (callbacks.native)(name.as_str())
                    .unwrap_or_else(|| crate::bug!("codegen", f.name, "native function {name} is missing"))
            }),
            _ => linker.entry_or_stub(FuncId(index)),
        });
        code.meta.entry = entry;
        lines::fill(cx, f, &mut code);
        self.code_bytes += code.bytes.len() as u64;
        if show {
            texts.asm = super::dump::asm(cx, &*self.isa, f, &code);
            texts.stackmap = super::dump::stackmap(&code.meta);
        }
        self.statics.news(&mut self.callbacks.statics);
        self.unsealed.push(code.meta);
        self.linker.placed(f.id, entry);
        (entry, texts)
    }
}

/// What translation sees of the back end.
struct JitEnv<'a, 'c> {
    statics: &'a mut Statics,
    linker: &'a mut Linker,
    callbacks: &'a mut Callbacks,
    cx: &'a mut Cx<'c>,
    has_fma: bool,
}

impl Env for JitEnv<'_, '_> {
    fn global(&mut self, id: GlobalId) -> u64 {
        self.statics.global(self.cx, self.linker, self.callbacks, id)
    }

    fn str_data(&mut self, bytes: &std::rc::Rc<[u8]>) -> u64 {
        self.statics.str_data(bytes)
    }

    fn str_header(&mut self, bytes: &std::rc::Rc<[u8]>) -> u64 {
        self.statics.str_header(bytes)
    }

    fn static_object(&mut self, object: &std::rc::Rc<StaticObject>) -> u64 {
        self.statics.object(self.cx, self.linker, self.callbacks, object)
    }

    fn type_desc(&mut self, ty: TypeId) -> u64 {
        self.statics.type_desc(self.cx, self.linker, ty)
    }

    fn itab(&mut self, iface: TypeId, concrete: TypeId) -> u64 {
        self.statics.itab(self.cx, self.linker, &mut self.callbacks.itab, iface, concrete)
    }

    fn func_code(&mut self, id: FuncId) -> u64 {
        self.linker.entry_or_stub(id)
    }

    fn func_value(&mut self, id: FuncId) -> u64 {
        self.statics.func_value(self.linker, id)
    }

    fn is_native(&self, id: FuncId) -> bool {
        self.cx.program.funcs[id].native
    }

    fn has_fma(&self) -> bool {
        self.has_fma
    }
}
