//! The `mgo` command: flags and exit status only.

use std::process::ExitCode;

fn main() -> ExitCode {
    mgo::driver::main(std::env::args())
}
