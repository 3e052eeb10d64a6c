//! Compiled functions as text.

#![forbid(unsafe_code)]

use std::fmt::Write;

use cranelift_codegen::isa::TargetIsa;

use super::emit::{Code, RelocTarget};
use super::func::space;
use super::jit::Cx;
use crate::abi::meta::{FuncMeta, trap};
use crate::abi::rtfn::RtFn;
use crate::ssa::ir::{Func, FuncId};

/// The name of a relocation's target.
fn target(cx: &Cx<'_>, t: &RelocTarget) -> String {
    match t {
        RelocTarget::Here(o) => format!("+{o:#x}"),
        RelocTarget::Name(n) => match n.namespace {
            space::RUNTIME => format!("runtime.{}", RtFn::ALL[n.index as usize].name()),
            _ => cx.program.funcs[FuncId(n.index)].link_name.to_string(),
        },
    }
}

/// A listing: one line per instruction, source lines and callees beside them.
pub(super) fn asm(cx: &Cx<'_>, isa: &dyn TargetIsa, f: &Func, code: &Code) -> String {
    let mut out = String::new();
    let meta = &code.meta;
    let _ = writeln!(
        out,
        "{} at {:#x}: {} bytes, check {} bytes, frame {} bytes",
        meta.name, meta.entry, meta.size, meta.prefix, meta.frame_to_fp
    );
    let Ok(mut disassembler) = isa.to_capstone() else { return out };
    // Constants and jump tables lie between instructions; the disassembler shall step over them.
    let _ = disassembler.set_skipdata(true);
    let insns = match disassembler.disasm_all(&code.bytes, 0) {
        Ok(insns) => insns,
        Err(e) => {
            let _ = writeln!(out, "cannot disassemble {}: {e}", f.name);
            return out;
        }
    };
    let mut lines = meta.lines.iter().peekable();
    for i in insns.iter() {
        let (pc, end) = (i.address() as u32, i.address() as u32 + i.len() as u32);
        let mut notes = Vec::new();
        while let Some(l) = lines.next_if(|l| l.pc <= pc) {
            let inlined = meta.inlined.get(usize::from(l.inl).wrapping_sub(1)).map(|c| format!(" in {}", c.name));
            notes.push(format!("line {}{}", l.line, inlined.unwrap_or_default()));
        }
        notes.drain(..notes.len().saturating_sub(1));
        for r in code.relocs.iter().filter(|r| r.offset >= pc && r.offset < end) {
            notes.push(target(cx, &r.target));
        }
        if meta.calls.binary_search_by_key(&end, |c| c.pc).is_ok() && i.mnemonic() == Some("call") {
            notes.push("call site".into());
        }
        if let Some(t) = meta.traps.iter().find(|t| t.pc == pc) {
            notes.push(trap_name(t.code).into());
        }
        let text = format!("{pc:6x}  {} {}", i.mnemonic().unwrap_or("?"), i.op_str().unwrap_or(""));
        let _ = if notes.is_empty() {
            writeln!(out, "{}", text.trim_end())
        } else {
            writeln!(out, "{:<56}; {}", text.trim_end(), notes.join(", "))
        };
    }
    out
}

fn trap_name(code: u8) -> &'static str {
    match code {
        trap::NIL => "traps: nil dereference",
        trap::DIV => "traps: division by zero",
        _ => "traps: unreachable",
    }
}

/// Frame layout, call sites with their live words, traps.
pub(super) fn stackmap(meta: &FuncMeta) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{} (function {})", meta.name, meta.index);
    let _ = writeln!(out, "  needs {} bytes; sp = fp - {}", meta.need, meta.frame_to_fp);
    const REGS: [&str; 6] = ["rdi", "rsi", "rdx", "rcx", "r8", "r9"];
    let regs: Vec<&str> = (0..6).filter(|i| meta.arg_regs >> i & 1 != 0).map(|i| REGS[i]).collect();
    let _ = writeln!(
        out,
        "  pointer arguments: {} stack {:?} of {} bytes",
        regs.join(" "),
        meta.arg_stack,
        meta.arg_stack_size
    );
    let _ = writeln!(out, "  pointer words of slots: {:?}", meta.slot_words);
    if let Some(r) = meta.recovery {
        let _ = writeln!(out, "  recovery at {r:#x}");
    }
    for c in &meta.calls {
        let _ = writeln!(out, "  call returning to {:#x}: live {:?}", c.pc, c.live);
    }
    for t in &meta.traps {
        let _ = writeln!(out, "  {:#x} {}", t.pc, trap_name(t.code));
    }
    out
}
