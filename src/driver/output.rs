//! What the compiler itself prints. A reader that went away ends the process, as it ends other tools.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};

/// The status that shells show for a process that a closed pipe killed (128 + SIGPIPE).
const CLOSED_PIPE: i32 = 141;

/// Prints to standard output.
pub fn out(text: impl Display) {
    finish(write!(io::stdout().lock(), "{text}"));
}

/// Prints to standard error.
pub fn err(text: impl Display) {
    finish(write!(io::stderr().lock(), "{text}"));
}

fn finish(written: io::Result<()>) {
    if let Err(e) = written {
        std::process::exit(if e.kind() == ErrorKind::BrokenPipe { CLOSED_PIPE } else { 1 });
    }
}
