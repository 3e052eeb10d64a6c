//! The process: arguments, environment, files, exit.

use crate::runtime::errors::Pair;
use crate::runtime::g::WaitReason;
use crate::runtime::malloc;
use crate::runtime::print::write_err;
use crate::runtime::proc;
use std::os::unix::ffi::OsStringExt;
use std::sync::OnceLock;

static ARGS: OnceLock<Vec<Vec<u8>>> = OnceLock::new();

/// Sets `os.Args`.
pub fn set_args(args: Vec<Vec<u8>>) {
    let _ = ARGS.set(args);
}

/// A string that lives for ever.
fn words(b: Option<&'static Vec<u8>>) -> Pair {
    b.map_or(Pair(0, 0), |b| {
        crate::runtime::register_static(b.as_ptr() as u64, b.len() as u64);
        Pair(b.as_ptr() as u64, b.len() as u64)
    })
}

pub extern "C" fn argc() -> u64 {
    ARGS.get().map_or(0, |a| a.len() as u64)
}

pub extern "C" fn arg(i: u64) -> Pair {
    words(ARGS.get().and_then(|a| a.get(i as usize)))
}

pub extern "C" fn environ(i: u64) -> Pair {
    static ENV: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    let env = ENV.get_or_init(|| {
        let entry = |(k, v): (std::ffi::OsString, std::ffi::OsString)| {
            let mut e = k.into_vec();
            e.push(b'=');
            e.extend_from_slice(&v.into_vec());
            e
        };
        std::env::vars_os().map(entry).collect()
    });
    words(env.get(i as usize))
}

/// Calls `f` until no signal interrupts it; its count or negated errno.
pub fn retry(mut f: impl FnMut() -> isize) -> i64 {
    loop {
        let n = f();
        if n >= 0 {
            return n as i64;
        }
        let e = std::io::Error::last_os_error().raw_os_error().unwrap_or(libc::EIO);
        if e != libc::EINTR {
            return -(e as i64);
        }
    }
}

/// Whether a call would not block, asked of the kernel.
fn ready(fd: i64, events: i16) -> bool {
    let mut p = libc::pollfd { fd: fd as i32, events, revents: 0 };
    // SAFETY: one record.
    unsafe { libc::poll(&mut p, 1, 0) != 0 }
}

/// A pipe that is ready takes so many bytes at once.
const PIPE_BUF: u64 = 4096;

pub extern "C" fn write(fd: i64, p: *const libc::c_void, n: u64) -> i64 {
    // While one goroutine waits for a reader, others run.
    let may_block = !proc::alone() && (n > PIPE_BUF || !ready(fd, libc::POLLOUT));
    if may_block {
        proc::entersyscall(WaitReason::None);
    }
    // SAFETY: the program names memory of its own; its stack does not move meanwhile.
    let r = retry(|| unsafe { libc::write(fd as i32, p, n as usize) });
    if r == -i64::from(libc::EPIPE) && (fd == 1 || fd == 2) {
        // Rust ignores the signal; Go lets it end a program whose output nobody reads.
        // SAFETY: no pointers.
        unsafe {
            libc::signal(libc::SIGPIPE, libc::SIG_DFL);
            libc::raise(libc::SIGPIPE);
        }
    }
    if may_block { proc::exitsyscall(r as u64) as i64 } else { r }
}

pub extern "C" fn read(fd: i64, p: *mut libc::c_void, n: u64) -> i64 {
    let may_block = !proc::alone() && !ready(fd, libc::POLLIN);
    if may_block {
        proc::entersyscall(WaitReason::None);
    }
    // SAFETY: the program names memory of its own; while this goroutine waits its stack does not move.
    let r = retry(|| unsafe { libc::read(fd as i32, p, n as usize) });
    if may_block { proc::exitsyscall(r as u64) as i64 } else { r }
}

/// Ends the process. Nothing of the program is buffered in the runtime.
pub fn exit(code: i32) -> ! {
    if crate::runtime::debug::debug().allocsites {
        let mut s = String::new();
        for (place, n) in malloc::sites::places() {
            s.push_str(&format!("runtime: allocation site {place}: {n}\n"));
        }
        for (calls, n) in malloc::sites::calls() {
            s.push_str(&format!("runtime: {n} allocations in{calls}\n"));
        }
        let t = malloc::stats();
        s.push_str(&format!("runtime: {} objects, {} bytes allocated\n", t.mallocs, t.total_alloc));
        write_err(s.as_bytes());
    }
    crate::runtime::stackstats::finish();
    // SAFETY: ends the process at once; no destructors are wanted.
    unsafe { libc::_exit(code) }
}

pub extern "C" fn exit_native(code: i64) -> ! {
    exit((code & 0xff) as i32)
}

/// A system call: its result or negated errno. The program names memory of its own.
pub extern "C" fn syscall(number: i64, a: u64, b: u64, c: u64, d: u64, e: u64) -> i64 {
    proc::entersyscall(if number == libc::SYS_poll { WaitReason::Io } else { WaitReason::None });
    // SAFETY: as safe as the program that asked for it; memory it names lives through the call and does not move.
    let r = retry(|| unsafe { libc::syscall(number, a, b, c, d, e) } as isize);
    proc::exitsyscall(r as u64) as i64
}

/// A fatal error of the library's.
pub extern "C" fn fatal(text: *const u8, len: u64) -> ! {
    // SAFETY: the program names its own text.
    let text = unsafe { std::slice::from_raw_parts(text, len as usize) };
    crate::runtime::panic::throw(&String::from_utf8_lossy(text))
}
