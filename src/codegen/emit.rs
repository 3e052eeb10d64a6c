//! From CLIF to bytes, with the stack check in front and the tables that describe the frame.
//!
//! ```text
//!   entry:        cmp rsp, [r15+stackguard]        frames up to STACK_SMALL
//!                 (lea r11, [rsp-frame]; cmp r11, [r15+stackguard])     larger
//!                 (mov r11, rsp; sub r11, frame; jb slow; cmp …)        huge: rsp - frame may wrap around
//!                 jbe slow
//!                 nops up to the body's alignment
//!   entry+prefix: push rbp; mov rbp, rsp; …       what Cranelift made
//!   slow:         mov r11d, index
//!                 jmp [r15+morestack]
//! ```
//!
//! The body is compiled first, because only then its frame size is known; everything that refers to offsets in
//! it is shifted by the prefix. Leaf functions with small frames need no check: `stackguard` leaves room.
//! Nor do those of the library that take addresses as integers, and call nothing but native functions.

#![forbid(unsafe_code)]

use cranelift_codegen::binemit::Reloc;
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::ir::{self, UserExternalName};
use cranelift_codegen::isa::TargetIsa;
use cranelift_codegen::{Context, FinalizedMachExceptionHandler, FinalizedRelocTarget};
use cranelift_frontend::FunctionBuilderContext;

use super::func::{Env, FIRST_NIL, LAST_NIL, Layout, translate};
use super::remat::remat_frame_addrs;
use super::spill;
use crate::abi::g::{G_MORESTACK, G_STACKGUARD};
use crate::abi::meta::{CallSite, FuncMeta, TrapSite, trap};
use crate::abi::stack::{STACK_LEAF, STACK_SMALL};
use crate::ssa::ir::{Func, Ty};

/// Frames from this size on are checked against wrap-around.
const HUGE_FRAME: u32 = 1 << 20;

/// Buffers that are used again for each function.
pub(super) struct Emitter {
    ctx: Context,
    fctx: FunctionBuilderContext,
    regalloc: regalloc2::Ctx,
}

/// What a relocation refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RelocTarget {
    /// A function by name space and index.
    Name(UserExternalName),
    /// An offset in this function.
    Here(u32),
}

/// A place in the code to fill in.
#[derive(Debug, Clone)]
pub(super) struct Relocation {
    pub(super) offset: u32,
    /// 4 bytes relative to the place, or 8 bytes absolute.
    pub(super) relative: bool,
    pub(super) target: RelocTarget,
    pub(super) addend: i64,
}

/// Unlinked code and its tables. `meta.entry` is still 0, and names and lines are missing.
#[derive(Debug)]
pub(super) struct Code {
    pub(super) bytes: Vec<u8>,
    pub(super) align: u32,
    pub(super) relocs: Vec<Relocation>,
    pub(super) meta: FuncMeta,
    /// (offset, index into `layout.locs`), ascending.
    pub(super) locs: Vec<(u32, u32)>,
    /// Nil dereferences: (offset, index into `layout.locs`), ascending.
    pub(super) nil_locs: Vec<(u32, u32)>,
    pub(super) layout: Layout,
}

impl Emitter {
    pub(super) fn new() -> Emitter {
        Emitter { ctx: Context::new(), fctx: FunctionBuilderContext::new(), regalloc: regalloc2::Ctx::default() }
    }

    /// Compiles `f`. `clif` receives the CLIF, before and after the optimiser.
    pub(super) fn compile(
        &mut self,
        isa: &dyn TargetIsa,
        f: &Func,
        env: &mut dyn Env,
        clif: Option<&mut String>,
    ) -> Code {
        let plan = spill::plan(f, |id| env.is_native(id));
        self.ctx.clear();
        self.ctx.func.name = ir::UserFuncName::user(super::func::space::FUNC, f.id.0);
        let layout = translate(f, &plan, env, &mut self.ctx.func, &mut self.fctx, isa.frontend_config());
        self.finish(isa, f, layout, clif)
    }

    fn finish(&mut self, isa: &dyn TargetIsa, f: &Func, layout: Layout, mut clif: Option<&mut String>) -> Code {
        let mut control = ControlPlane::default();
        if let Some(text) = clif.as_deref_mut() {
            text.push_str(&self.ctx.func.display().to_string());
        }
        let fail = |what: &str, text: String| -> ! { crate::bug!("codegen", f.name, "{what}: {text}") };
        if let Err(e) = self.ctx.verify_if(isa) {
            fail("illegal CLIF", format!("{e:?}\n{}", self.ctx.func.display()));
        }
        if let Err(e) = self.ctx.optimize(isa, &mut control) {
            fail("optimising", format!("{e}"));
        }
        if let Err(e) = remat_frame_addrs(&mut self.ctx.func) {
            fail("a frame address in a pure instruction", e);
        }
        if let Some(text) = clif {
            text.push_str("\n; optimised\n");
            text.push_str(&self.ctx.func.display().to_string());
        }
        if let Err(e) = self.ctx.verify_if(isa) {
            fail("illegal CLIF after remat", format!("{e}\n{}", self.ctx.func.display()));
        }
        let func = &self.ctx.func;
        let compiled = isa.compile_function(func, &self.ctx.domtree, &mut self.regalloc, false, &mut control);
        let code = match compiled {
            Ok(stencil) => stencil.apply_params(&func.params),
            Err(e) => fail("compiling", format!("{e:?}")),
        };
        let buf = &code.buffer;
        let frame = buf.frame_layout().expect("frame layout");
        let frame_to_fp = frame.frame_to_fp_offset;
        let leaf = buf.call_sites().next().is_none();
        let align = buf.alignment.max(16);
        let mut bytes = Vec::with_capacity(buf.data().len() + 48);
        let is_small = u64::from(frame_to_fp) <= STACK_LEAF;
        if f.nosplit && !is_small {
            fail("a function without stack check", format!("its frame has {frame_to_fp} bytes"));
        }
        let check = !(is_small && (leaf || f.nosplit));
        let jumps = if check { stack_check(&mut bytes, frame_to_fp) } else { Vec::new() };
        if check {
            pad(&mut bytes, align as usize);
        }
        let prefix = bytes.len() as u32;
        bytes.extend_from_slice(buf.data());
        if check {
            let slow = bytes.len();
            for end in jumps {
                let distance = (slow - end) as i32;
                bytes[end - 4..end].copy_from_slice(&distance.to_le_bytes());
            }
            mov_r11d(&mut bytes, f.id.0);
            jmp_g(&mut bytes, G_MORESTACK);
        }

        let relocs = buf.relocs().iter().map(|r| self.relocation(r, prefix, f)).collect();
        let mut recovery = None;
        let mut calls: Vec<CallSite> = buf
            .call_sites()
            .map(|site| {
                for h in site.exception_handlers {
                    if let FinalizedMachExceptionHandler::Default(o) = h {
                        recovery = Some(o + prefix);
                    }
                }
                CallSite { pc: site.ret_addr + prefix, live: Box::default(), handler: None }
            })
            .collect();
        calls.sort_by_key(|c| c.pc);
        for c in &mut calls {
            c.handler = recovery;
        }
        for (offset, _, map) in buf.user_stack_maps() {
            let at = calls.binary_search_by_key(&(offset + prefix), |c| c.pc).expect("a stack map is at a call");
            let mut live: Vec<u32> = map.entries().map(|(_, o)| o).collect();
            live.sort_unstable();
            calls[at].live = live.into();
        }
        let mut traps: Vec<TrapSite> =
            buf.traps().iter().map(|t| TrapSite { pc: t.offset + prefix, code: trap_code(t.code) }).collect();
        traps.sort_by_key(|t| t.pc);
        let nil_loc = |t: &cranelift_codegen::MachTrap| {
            let i = usize::from(t.code.as_raw().get().checked_sub(FIRST_NIL)?);
            layout.nil_locs.get(i).map(|loc| (t.offset + prefix, *loc))
        };
        let mut nil_locs: Vec<(u32, u32)> = buf.traps().iter().filter_map(nil_loc).collect();
        nil_locs.sort_unstable();
        let mut slot_words: Vec<u32> =
            layout.ptr_words.iter().map(|(slot, w)| frame.stackslots[*slot].offset + w).collect();
        slot_words.sort_unstable();
        let mut locs: Vec<(u32, u32)> = buf
            .get_srclocs_sorted()
            .iter()
            .filter(|l| !l.loc.is_default())
            .map(|l| (l.start + prefix, l.loc.bits()))
            .collect();
        locs.dedup_by_key(|l| l.1);
        let (arg_regs, arg_stack, arg_stack_size) = arguments(&f.sig.params);
        let meta = FuncMeta {
            index: f.id.0,
            size: bytes.len() as u32,
            prefix,
            // The saved rbp, and the return address that a call pushes.
            need: u64::from(frame_to_fp) + 16,
            frame_to_fp,
            arg_regs,
            uses_ctxt: f.is_closure(),
            arg_stack,
            arg_stack_size,
            slot_words: slot_words.into(),
            calls,
            traps,
            recovery,
            ..FuncMeta::default()
        };
        Code { bytes, align, relocs, meta, locs, nil_locs, layout }
    }

    fn relocation(&self, r: &cranelift_codegen::FinalizedMachReloc, prefix: u32, f: &Func) -> Relocation {
        let relative = match r.kind {
            Reloc::X86CallPCRel4 | Reloc::X86PCRel4 => true,
            Reloc::Abs8 => false,
            other => crate::bug!("codegen", f.name, "relocation {other:?}"),
        };
        let target = match &r.target {
            FinalizedRelocTarget::Func(o) => RelocTarget::Here(o + prefix),
            FinalizedRelocTarget::ExternalName(ir::ExternalName::User(name)) => {
                RelocTarget::Name(self.ctx.func.params.user_named_funcs()[*name].clone())
            }
            // Library calls would run on the goroutine's stack.
            FinalizedRelocTarget::ExternalName(name) => crate::bug!("codegen", f.name, "a call of {name:?}"),
        };
        Relocation { offset: r.offset + prefix, relative, target, addend: r.addend }
    }
}

fn trap_code(code: ir::TrapCode) -> u8 {
    if code == ir::TrapCode::INTEGER_DIVISION_BY_ZERO {
        return trap::DIV;
    }
    let raw = code.as_raw().get();
    if (FIRST_NIL..=LAST_NIL).contains(&raw) {
        return trap::NIL;
    }
    if [trap::NIL, trap::DIV, trap::UNREACHABLE].contains(&raw) { raw } else { trap::UNREACHABLE }
}

/// Emits the comparison; returns the ends of the jumps to the slow path.
fn stack_check(bytes: &mut Vec<u8>, frame: u32) -> Vec<usize> {
    let guard = G_STACKGUARD as u8;
    let mut jumps = Vec::new();
    if u64::from(frame) <= STACK_SMALL {
        bytes.extend([0x49, 0x3b, 0x67, guard]); // cmp rsp, [r15+guard]
    } else if frame < HUGE_FRAME {
        bytes.extend([0x4c, 0x8d, 0x9c, 0x24]); // lea r11, [rsp-frame]
        bytes.extend((-(frame as i32)).to_le_bytes());
        bytes.extend([0x4d, 0x3b, 0x5f, guard]); // cmp r11, [r15+guard]
    } else {
        bytes.extend([0x49, 0x89, 0xe3]); // mov r11, rsp
        bytes.extend([0x49, 0x81, 0xeb]); // sub r11, frame
        bytes.extend(frame.to_le_bytes());
        bytes.extend([0x0f, 0x82, 0, 0, 0, 0]); // jb slow
        jumps.push(bytes.len());
        bytes.extend([0x4d, 0x3b, 0x5f, guard]); // cmp r11, [r15+guard]
    }
    bytes.extend([0x0f, 0x86, 0, 0, 0, 0]); // jbe slow
    jumps.push(bytes.len());
    jumps
}

/// Pads with as few no-ops as possible.
fn pad(bytes: &mut Vec<u8>, align: usize) {
    const NOPS: [&[u8]; 9] = [
        &[0x90],
        &[0x66, 0x90],
        &[0x0f, 0x1f, 0x00],
        &[0x0f, 0x1f, 0x40, 0x00],
        &[0x0f, 0x1f, 0x44, 0x00, 0x00],
        &[0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00],
        &[0x0f, 0x1f, 0x80, 0x00, 0x00, 0x00, 0x00],
        &[0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00],
        &[0x66, 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00],
    ];
    while !bytes.len().is_multiple_of(align) {
        let n = align - bytes.len() % align;
        bytes.extend(NOPS[n.min(9) - 1]);
    }
}

/// `mov r11d, index`
pub(super) fn mov_r11d(bytes: &mut Vec<u8>, index: u32) {
    bytes.extend([0x41, 0xbb]);
    bytes.extend(index.to_le_bytes());
}

/// `jmp [r15+offset]`
pub(super) fn jmp_g(bytes: &mut Vec<u8>, offset: i32) {
    bytes.extend([0x41, 0xff, 0xa7]);
    bytes.extend(offset.to_le_bytes());
}

/// Where pointers are among the arguments: bitmap of the six integer registers, offsets and size of the
/// stack part. The `Tail` convention has six integer and eight float registers, then 8-byte cells in order,
/// 16 bytes at a time.
fn arguments(params: &[Ty]) -> (u8, Box<[u32]>, u32) {
    let (mut ints, mut floats, mut stack) = (0, 0, 0u32);
    let (mut regs, mut words) = (0u8, Vec::new());
    for ty in params {
        let is_float = matches!(ty, Ty::F32 | Ty::F64);
        if is_float && floats < 8 {
            floats += 1;
        } else if !is_float && ints < 6 {
            regs |= u8::from(*ty == Ty::Ptr) << ints;
            ints += 1;
        } else {
            if *ty == Ty::Ptr {
                words.push(stack);
            }
            stack += 8;
        }
    }
    (regs, words.into(), stack.next_multiple_of(16))
}
