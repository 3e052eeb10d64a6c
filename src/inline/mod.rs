#![forbid(unsafe_code)]
//! Calls made cheaper before escape analysis: interface calls whose receiver's type is known become direct.

mod devirtualize;

pub use self::devirtualize::devirtualize;
