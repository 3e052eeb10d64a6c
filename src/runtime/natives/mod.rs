//! Functions of the standard library that are written in Rust, by link name.
//!
//! They run on g0, called through stubs ([`sys::trampoline`](super::sys::trampoline)); System V, parameters and
//! results as words. `src/std/NATIVES.md` lists them.

pub mod float;
pub mod os;
pub mod reflect;
pub mod text;
pub mod time;

use super::sys::trampoline;
use rustc_hash::FxHashMap;
use std::sync::OnceLock;

macro_rules! table {
    ($($name:literal => $f:path,)*) => {
        &[$(($name, $f as *const ())),*]
    };
}

fn table() -> &'static [(&'static str, *const ())] {
    table! {
        "runtime.panicwrap" => super::errors::panicwrap,
        "runtime.panicrangestate" => super::errors::panicrangestate,
        "internal/rt.Write" => os::write,
        "internal/rt.Read" => os::read,
        "internal/rt.Exit" => os::exit_native,
        "internal/rt.Argc" => os::argc,
        "internal/rt.Arg" => os::arg,
        "internal/rt.Environ" => os::environ,
        "internal/rt.Nanotime" => time::nanotime_native,
        "internal/rt.Walltime" => time::walltime,
        "internal/rt.FormatFloat" => float::format_float,
        "internal/rt.ParseFloat" => float::parse_float,
        "internal/rt.Syscall" => os::syscall,
        "internal/rt.Sqrt" => float::sqrt,
        "internal/rt.FMA" => float::fma,
        "internal/rt.IndexByte" => text::index_byte,
        "internal/rt.Index" => text::index,
        "internal/rt.CountByte" => text::count_byte,
        "internal/rt.Swap" => reflect::swap,
        "internal/rt.New" => reflect::new,
        "internal/rt.NewArray" => reflect::new_array,
        "internal/rt.Copy" => reflect::copy,
        "internal/rt.Equal" => reflect::equal,
        "internal/rt.Itab" => reflect::itab,
        "internal/rt.MapLen" => reflect::map_len,
        "internal/rt.MapAccess" => reflect::map_access,
        "internal/rt.MapIterInit" => reflect::map_iter_init,
        "internal/rt.MapIterNext" => reflect::map_iter_next,
    }
}

/// The address that generated code calls for a native function, if there is one of this link name.
pub fn native(link_name: &str) -> Option<*const u8> {
    static STUBS: OnceLock<FxHashMap<&'static str, usize>> = OnceLock::new();
    let stubs = STUBS.get_or_init(|| {
        let list = table();
        let code = trampoline::natives(&list.iter().map(|t| t.1 as u64).collect::<Vec<_>>());
        list.iter().zip(code).map(|(t, c)| (t.0, c as usize)).collect()
    });
    stubs.get(link_name).map(|&p| p as *const u8)
}
