//! The `mgo` command: flags and exit status only.

fn main() {}
