//! The compiler's back half for one program: SSA and machine code, function by function, on demand.

use super::pipeline::Front;
use crate::abi::rtfn::RtFn;
use crate::abi::typedesc::TypeShape;
use crate::codegen::{Callbacks, Config, Cx, Jit, Texts};
use crate::diag::{self, Diagnostic, LogEntry};
use crate::hir::{ERROR_TYPES, FuncId, FuncKind};
use crate::index::{Id, Symbol};
use crate::runtime;
use crate::ssa;

/// A program on its way to machine code. Lives on the compiler's thread.
pub struct Session {
    pub front: Front,
    jit: Jit,
    cache: ssa::build::Cache,
}

impl Session {
    /// Prepares for compiling; binds generated code to the runtime.
    ///
    /// # Errors
    /// When this machine cannot run generated code.
    pub fn new(front: Front) -> Result<Session, String> {
        let callbacks = Callbacks {
            runtime: Box::new(|f: RtFn| runtime::symbol(f) as u64),
            native: Box::new(|name: &str| runtime::native(name).map(|stub| stub as u64)),
            func: Box::new(runtime::register_code),
            roots: Box::new(runtime::register_roots),
            statics: Box::new(runtime::register_static),
            itab: Box::new(runtime::register_itab),
        };
        let verify = cfg!(debug_assertions) || std::env::var_os("MGO_VERIFY").is_some();
        let jit = Jit::new(
            Config { n_funcs: front.program.funcs.len(), verify, fma: std::env::var_os("MGO_NO_FMA").is_none() },
            callbacks,
        )?;
        Ok(Session { front, jit, cache: ssa::build::Cache::default() })
    }

    /// The SSA form of a function, passes included.
    pub fn ssa(&mut self, id: FuncId) -> Result<ssa::ir::Func, Diagnostic> {
        let front = &mut self.front;
        diag::set_current_function(Some(front.program.funcs[id].link_name));
        let func = ssa::build::build_func(&front.program, &mut front.checked.types, &mut self.cache, id);
        if cfg!(debug_assertions)
            && let Ok(Err(problem)) = func.as_ref().map(ssa::verify::verify)
        {
            crate::bug!("ssa", front.program.funcs[id].link_name, "{problem}");
        }
        func
    }

    /// Machine code of a function; its entry.
    pub fn compile(&mut self, id: FuncId) -> Result<u64, Diagnostic> {
        if let Some(entry) = self.jit.entry(id) {
            return Ok(entry);
        }
        let trace = runtime::debug::debug().jittrace.then(|| (std::time::Instant::now(), self.code_bytes()));
        let mut func = self.ssa(id)?;
        ssa::passes::nilchecks::run(&mut func);
        let (jit, mut cx) = self.parts();
        let entry = jit.compile(&mut cx, &func);
        diag::set_current_function(None);
        if let Some((start, bytes)) = trace {
            let name = self.front.program.funcs[id].link_name;
            eprintln!("jit: {name}: {} bytes at {entry:#x}, {:?}", self.code_bytes() - bytes, start.elapsed());
        }
        Ok(entry)
    }

    /// The descriptor of a type that the running program makes; 0 if it cannot be.
    pub fn make_type(&mut self, shape: &TypeShape) -> u64 {
        let (jit, mut cx) = self.parts();
        jit.make_type(&mut cx, shape)
    }

    /// Descriptors of the types that the runtime panics with, by name in package runtime.
    pub fn error_types(&mut self) -> Vec<(&'static str, u64)> {
        let scope = |s: &Session| {
            let runtime = s.front.checked.info.packages.iter().find(|p| p.path.as_str() == "runtime");
            runtime.map(|p| p.scope.clone()).unwrap_or_default()
        };
        let scope = scope(self);
        let mut out = Vec::new();
        for (name, pointer) in ERROR_TYPES {
            let Some(&obj) = scope.get(&Symbol::new(name)) else { continue };
            let ty = self.front.checked.objs[obj].ty;
            let types = &mut self.front.checked.types;
            let ty = if pointer { types.pointer(ty) } else { ty };
            let ty = types.canonical(ty);
            let (jit, mut cx) = self.parts();
            out.push((name, jit.type_desc(&mut cx, ty)));
        }
        out
    }

    /// Makes what was compiled so far executable: before any of it runs.
    pub fn seal(&mut self) {
        self.jit.seal();
    }

    /// Texts of a function's machine code.
    pub fn dump(&mut self, id: FuncId) -> Result<Texts, Diagnostic> {
        let mut func = self.ssa(id)?;
        ssa::passes::nilchecks::run(&mut func);
        let (jit, mut cx) = self.parts();
        Ok(jit.dump(&mut cx, &func))
    }

    /// The functions of the program's own package.
    fn own_functions(&self) -> Vec<FuncId> {
        let program = &self.front.program;
        let own = |f: &crate::hir::Func| {
            f.pkg.as_str() == "main" && !matches!(f.kind, FuncKind::Wrapper | FuncKind::Instance)
        };
        program.funcs.iter_enumerated().filter(|(_, f)| own(f)).map(|(id, _)| id).collect()
    }

    /// What the optimisers decided, for `-json`: with the checks that are left in the code.
    pub fn whole_log(&mut self) -> Vec<LogEntry> {
        let mut log = std::mem::take(&mut self.front.log);
        let own =
            |f: &crate::hir::Func| f.pkg.as_str() == "main" && f.kind != FuncKind::Wrapper && !f.native && !f.repeats;
        let ids: Vec<FuncId> =
            self.front.program.funcs.iter_enumerated().filter(|(_, f)| own(f)).map(|(id, _)| id).collect();
        for id in ids {
            let Ok(func) = self.ssa(id) else { continue };
            for (pos, code, message) in ssa::checks_left(&func) {
                log.push(LogEntry { message, ..LogEntry::new(pos, code) });
            }
        }
        diag::set_current_function(None);
        log
    }

    /// Compiles what the program's own package declares, so that nothing of it fails when called.
    pub fn compile_program(&mut self) -> Vec<Diagnostic> {
        let ids = self.own_functions();
        // Callees have higher numbers than their callers more often than not: compiling backwards makes
        // more of the calls direct.
        ids.into_iter().rev().filter_map(|id| self.compile(id).err()).collect()
    }

    /// Bytes of machine code made so far.
    pub fn code_bytes(&self) -> u64 {
        self.jit.code_bytes()
    }

    fn parts(&mut self) -> (&mut Jit, Cx<'_>) {
        let front = &mut self.front;
        let cx = Cx {
            program: &front.program,
            types: &mut front.checked.types,
            objects: &front.checked.objs,
            packages: &front.checked.info.packages,
            sources: &front.sources,
        };
        (&mut self.jit, cx)
    }
}

/// The function with this name in traces, or without its package.
pub fn find_func(front: &Front, name: &str) -> Option<FuncId> {
    let funcs = &front.program.funcs;
    let by = |want: &dyn Fn(&crate::hir::Func) -> bool| funcs.iter().position(want).map(FuncId::new);
    by(&|f| f.link_name.as_str() == name)
        .or_else(|| by(&|f| f.link_name.as_str().strip_prefix("main.") == Some(name)))
        .or_else(|| by(&|f| f.name.as_str() == name))
}
