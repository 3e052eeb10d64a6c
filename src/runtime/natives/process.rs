//! Other processes, and signals that the program asks for.
//!
//! A signal that the program wants to hear of is written to a pipe by its handler; one goroutine of the library
//! reads that pipe.

use crate::runtime::debug::debug;
use crate::runtime::g::WaitReason;
use crate::runtime::heapcheck::register_static;
use crate::runtime::{proc, quit};
use std::sync::atomic::{AtomicI32, Ordering::*};

/// `internal/rt.Syscall6`: a system call that may take long.
pub extern "C" fn syscall6(number: i64, a: *const [u64; 6]) -> i64 {
    // SAFETY: the program names its own variable.
    let [a, b, c, d, e, f] = unsafe { *a };
    proc::entersyscall(WaitReason::None);
    // SAFETY: as safe as the program that asked for it; memory it names lives through the call.
    let r = super::os::retry(|| unsafe { libc::syscall(number, a, b, c, d, e, f) } as isize);
    if number == libc::SYS_mmap && r > 0 && debug().heapcheck {
        register_static(r as u64, b);
    }
    proc::exitsyscall(r as u64) as i64
}

/// `internal/rt.Process`.
#[repr(C)]
pub struct Process {
    path: *const libc::c_char,
    argv: *const *const libc::c_char,
    envp: *const *const libc::c_char,
    /// Null: the same as this process's.
    dir: *const libc::c_char,
    /// Descriptors that become 0, 1, …; -1: closed.
    files: *const i64,
    n_files: i64,
}

/// `internal/rt.StartProcess`: the number of the new process, or the negated errno of what failed.
pub extern "C" fn start_process(p: *const Process) -> i64 {
    // SAFETY: the library hands over null-terminated strings and arrays. Between fork and exec the child calls
    // async-signal-safe functions only.
    unsafe {
        let p = &*p;
        let errno = || -i64::from(std::io::Error::last_os_error().raw_os_error().unwrap_or(libc::EIO));
        // The child reports what failed through a pipe that exec closes.
        let mut report = [0; 2];
        if libc::pipe2(report.as_mut_ptr(), libc::O_CLOEXEC) != 0 {
            return errno();
        }
        let pid = libc::fork();
        if pid < 0 {
            let e = errno();
            libc::close(report[0]);
            libc::close(report[1]);
            return e;
        }
        if pid == 0 {
            child(p, report[1]);
        }
        libc::close(report[1]);
        let mut failed = 0i32;
        let n = super::os::retry(|| libc::read(report[0], (&raw mut failed).cast(), 4));
        libc::close(report[0]);
        if n == 4 {
            libc::waitpid(pid, std::ptr::null_mut(), 0);
            return -i64::from(failed);
        }
        i64::from(pid)
    }
}

/// The new process, up to its program.
unsafe fn child(p: &Process, report: i32) -> ! {
    // SAFETY: see `start_process`.
    unsafe {
        let fail = || -> ! {
            let e = *libc::__errno_location();
            libc::write(report, (&raw const e).cast(), 4);
            libc::_exit(253)
        };
        for s in 1..32 {
            if s != libc::SIGKILL && s != libc::SIGSTOP {
                let mut old: libc::sigaction = std::mem::zeroed();
                libc::sigaction(s, std::ptr::null(), &mut old);
                if old.sa_sigaction != libc::SIG_IGN {
                    libc::signal(s, libc::SIG_DFL);
                }
            }
        }
        if !p.dir.is_null() && libc::chdir(p.dir) != 0 {
            fail();
        }
        let n = p.n_files as i32;
        let mut report = report;
        if report < n {
            report = libc::fcntl(report, libc::F_DUPFD_CLOEXEC, n);
        }
        // First out of the way of each other, then to their places.
        let mut moved = [-1i32; 64];
        for i in 0..n.min(64) {
            let fd = *p.files.add(i as usize) as i32;
            moved[i as usize] =
                if fd >= 0 && fd < n && fd != i { libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, n) } else { fd };
        }
        for i in 0..n.min(64) {
            let fd = moved[i as usize];
            if fd < 0 {
                libc::close(i);
            } else if fd == i {
                libc::fcntl(i, libc::F_SETFD, 0);
            } else if libc::dup2(fd, i) < 0 {
                fail();
            }
        }
        libc::execve(p.path, p.argv, p.envp);
        let e = *libc::__errno_location();
        libc::write(report, (&raw const e).cast(), 4);
        libc::_exit(253)
    }
}

/// Ends of the pipe of signals; 0 until it is made.
static READ_END: AtomicI32 = AtomicI32::new(0);
static WRITE_END: AtomicI32 = AtomicI32::new(0);

extern "C" fn note(sig: i32) {
    let byte = sig as u8;
    // SAFETY: writing is async-signal-safe; a full pipe loses the signal, as Go does.
    unsafe {
        let errno = *libc::__errno_location();
        libc::write(WRITE_END.load(Relaxed), (&raw const byte).cast(), 1);
        *libc::__errno_location() = errno;
    }
}

/// `internal/rt.SignalAction`: 0 the default, 1 ignored, 2 to be received; the previous action.
pub extern "C" fn signal_action(sig: i64, action: u64) -> u64 {
    // SAFETY: plain system calls; the handler is async-signal-safe.
    unsafe {
        if WRITE_END.load(Acquire) == 0 {
            let mut ends = [0; 2];
            if libc::pipe2(ends.as_mut_ptr(), libc::O_CLOEXEC) == 0 {
                libc::fcntl(ends[1], libc::F_SETFL, libc::O_NONBLOCK);
                READ_END.store(ends[0], Release);
                WRITE_END.store(ends[1], Release);
            }
        }
        let mut sa: libc::sigaction = std::mem::zeroed();
        libc::sigaction(sig as i32, std::ptr::null(), &mut sa);
        let before = match sa.sa_sigaction {
            libc::SIG_DFL => 0,
            libc::SIG_IGN => 1,
            _ => 2,
        };
        if action == 0 {
            quit::default_action(sig as i32);
            return before;
        }
        sa = std::mem::zeroed();
        sa.sa_sigaction = match action {
            1 => libc::SIG_IGN,
            2 => note as *const () as usize,
            _ => return before,
        };
        sa.sa_flags = libc::SA_ONSTACK | libc::SA_RESTART;
        libc::sigemptyset(&mut sa.sa_mask);
        libc::sigaction(sig as i32, &sa, std::ptr::null_mut());
        before
    }
}

/// `internal/rt.SignalWait`: waits for the next signal and returns its number.
pub extern "C" fn signal_wait() -> i64 {
    let mut byte = 0u8;
    proc::entersyscall(WaitReason::None);
    // SAFETY: the pipe was made by `signal_action`, which comes first.
    let n = super::os::retry(|| unsafe { libc::read(READ_END.load(Acquire), (&raw mut byte).cast(), 1) });
    let sig = if n == 1 { i64::from(byte) } else { 0 };
    proc::exitsyscall(sig as u64) as i64
}
