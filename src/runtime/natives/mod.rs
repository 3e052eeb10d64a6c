//! Functions of the standard library that are written in Rust, by link name.
//!
//! They run on g0, called through stubs ([`sys::trampoline`](super::sys::trampoline)); System V, parameters and
//! results as words. `src/std/NATIVES.md` lists them.

// The words of natives come from generated code, as pointers of the library's own.
#![allow(clippy::not_unsafe_ptr_arg_deref)]

pub mod atomic;
pub mod float;
pub mod os;
pub mod process;
pub mod reflect;
pub mod sched;
pub mod sync;
pub mod text;
pub mod time;
pub mod trace;

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
        "runtime.deferrangefunc" => super::panic::deferrangefunc,
        "runtime.deferprocat" => super::panic::deferprocat,
        "runtime.panicwrap" => super::errors::panicwrap,
        "runtime.panicrangestate" => super::errors::panicrangestate,
        "runtime.gosched" => sched::gosched,
        "runtime.Goexit" => sched::goexit,
        "runtime.numGoroutine" => sched::num_goroutine,
        "runtime.numCPU" => sched::num_cpu,
        "runtime.maxprocs" => sched::maxprocs,
        "runtime.trace" => trace::callers,
        "runtime.describe" => trace::describe,
        "runtime.funcOf" => trace::func_of,
        "runtime.Stack" => trace::stack,
        "runtime.gc" => super::gc::gc,
        "runtime.setFinalizer" => super::gc::special::set_finalizer,
        "runtime.addCleanup" => super::gc::special::add_cleanup,
        "runtime.stopCleanup" => super::gc::special::stop_cleanup,
        "runtime.nextFinalizer" => super::gc::special::next_finalizer,
        "runtime/debug.setGCPercent" => super::gc::set_percent,
        "runtime/debug.setMemoryLimit" => super::gc::set_limit,
        "runtime.isStatic" => super::gc::special::is_static,
        "runtime.firstFinalizer" => super::gc::special::first,
        "weak.handleOf" => super::gc::special::weak_handle,
        "runtime.readStats" => trace::read_stats,
        "runtime.lockThread" => sched::lock_thread,
        "runtime/debug.setTraceback" => trace::set_traceback,
        "runtime/debug.setMaxStack" => trace::set_max_stack,
        "internal/rt.Sleep" => sched::sleep,
        "internal/rt.Semacquire" => sync::semacquire,
        "internal/rt.Semrelease" => sync::semrelease,
        "iter.newcoro" => super::coro::newcoro,
        "iter.coroswitch" => super::coro::coroswitch,
        "sync.notifyWait" => sync::notify_wait,
        "sync.notifyOne" => sync::notify_one,
        "sync.notifyAll" => sync::notify_all,
        "time.bindTimer" => sync::bind_timer,
        "time.resetTimer" => sync::reset_timer,
        "time.stopTimer" => sync::stop_timer,
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
        "internal/rt.MakeMap" => super::entry::data::makemap,
        "internal/rt.MapAssign" => super::entry::data::mapassign,
        "internal/rt.MapDelete" => super::entry::data::mapdelete,
        "internal/rt.MapIterInit" => reflect::map_iter_init,
        "internal/rt.MapIterNext" => reflect::map_iter_next,
        "internal/rt.MakeChan" => super::entry::flow::makechan,
        "internal/rt.ChanSend" => super::entry::flow::chansend,
        "internal/rt.ChanRecv" => super::entry::flow::chanrecv,
        "internal/rt.ChanClose" => super::entry::flow::closechan,
        "internal/rt.Select" => super::entry::flow::selectgo,
        "internal/rt.GrowSlice" => super::entry::data::growslice,
        "internal/rt.MapClear" => super::entry::data::mapclear,
        "internal/rt.MakeFuncCode" => reflect::make_func_code,
        "internal/rt.makeType" => reflect::make_type,
        "internal/rt.HashOf" => reflect::hash_of,
        "internal/rt.Syscall6" => process::syscall6,
        "internal/rt.StartProcess" => process::start_process,
        "internal/rt.SignalAction" => process::signal_action,
        "internal/rt.SignalWait" => process::signal_wait,
        "internal/rt.Fatal" => os::fatal,
        "sync/atomic.SwapInt32" => atomic::swap_i32,
        "sync/atomic.CompareAndSwapInt32" => atomic::cas_i32,
        "sync/atomic.AddInt32" => atomic::add_i32,
        "sync/atomic.AndInt32" => atomic::and_i32,
        "sync/atomic.OrInt32" => atomic::or_i32,
        "sync/atomic.LoadInt32" => atomic::load_i32,
        "sync/atomic.StoreInt32" => atomic::store_i32,
        "sync/atomic.SwapUint32" => atomic::swap_u32,
        "sync/atomic.CompareAndSwapUint32" => atomic::cas_u32,
        "sync/atomic.AddUint32" => atomic::add_u32,
        "sync/atomic.AndUint32" => atomic::and_u32,
        "sync/atomic.OrUint32" => atomic::or_u32,
        "sync/atomic.LoadUint32" => atomic::load_u32,
        "sync/atomic.StoreUint32" => atomic::store_u32,
        "sync/atomic.SwapInt64" => atomic::swap_64,
        "sync/atomic.CompareAndSwapInt64" => atomic::cas_64,
        "sync/atomic.AddInt64" => atomic::add_64,
        "sync/atomic.AndInt64" => atomic::and_64,
        "sync/atomic.OrInt64" => atomic::or_64,
        "sync/atomic.LoadInt64" => atomic::load_64,
        "sync/atomic.StoreInt64" => atomic::store_64,
        "sync/atomic.SwapUint64" => atomic::swap_64,
        "sync/atomic.CompareAndSwapUint64" => atomic::cas_64,
        "sync/atomic.AddUint64" => atomic::add_64,
        "sync/atomic.AndUint64" => atomic::and_64,
        "sync/atomic.OrUint64" => atomic::or_64,
        "sync/atomic.LoadUint64" => atomic::load_64,
        "sync/atomic.StoreUint64" => atomic::store_64,
        "sync/atomic.SwapUintptr" => atomic::swap_64,
        "sync/atomic.CompareAndSwapUintptr" => atomic::cas_64,
        "sync/atomic.AddUintptr" => atomic::add_64,
        "sync/atomic.AndUintptr" => atomic::and_64,
        "sync/atomic.OrUintptr" => atomic::or_64,
        "sync/atomic.LoadUintptr" => atomic::load_64,
        "sync/atomic.StoreUintptr" => atomic::store_64,
        "sync/atomic.SwapPointer" => atomic::swap_64,
        "sync/atomic.CompareAndSwapPointer" => atomic::cas_64,
        "sync/atomic.LoadPointer" => atomic::load_64,
        "sync/atomic.StorePointer" => atomic::store_64,
    }
}

/// The address that generated code calls for a native function, if there is one of this link name.
pub fn native(link_name: &str) -> Option<*const u8> {
    if let Some(stub) = reflect::call_stub(link_name) {
        return Some(stub as *const u8);
    }
    static STUBS: OnceLock<FxHashMap<&'static str, usize>> = OnceLock::new();
    let stubs = STUBS.get_or_init(|| {
        let list = table();
        let code = trampoline::natives(&list.iter().map(|t| t.1 as u64).collect::<Vec<_>>());
        list.iter().zip(code).map(|(t, c)| (t.0, c as usize)).collect()
    });
    stubs.get(link_name).map(|&p| p as *const u8)
}
