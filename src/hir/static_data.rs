//! Memory that is laid out before the program starts: what package variables hold from the beginning, and
//! literals of constants that nobody writes to.
//!
//! As in an object file: bytes, and places where addresses go that only the back end knows.

#![forbid(unsafe_code)]

use std::rc::Rc;

use super::ir::{FuncId, GlobalId};
use crate::types::TypeId;

/// Zeros between two pieces that are stored rather than begin a new piece, in bytes.
const MAX_GAP: u64 = 64;

/// The initial value of a package variable or literal: zero but for these. Offsets are in bytes from its
/// beginning.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct StaticData {
    /// Pieces that do not overlap.
    pub bytes: Vec<(u64, Vec<u8>)>,
    /// Words that hold addresses.
    pub relocs: Vec<(u64, Reloc)>,
}

/// Static data without a name that nobody writes to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct StaticObject {
    /// In bytes.
    pub size: u64,
    pub data: StaticData,
}

/// What an address word points to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Reloc {
    /// Constant bytes.
    Str(Rc<[u8]>),
    /// So many bytes into a package variable.
    Global(GlobalId, u64),
    /// The beginning of another object.
    Object(Rc<StaticObject>),
    /// The closure object of a function without captures.
    Func(FuncId),
    /// A type's descriptor.
    Type(TypeId),
    /// The method table of a concrete type for an interface type.
    Itab { iface: TypeId, concrete: TypeId },
}

impl StaticData {
    /// Whether all of it is zero.
    pub fn is_zero(&self) -> bool {
        self.bytes.is_empty() && self.relocs.is_empty()
    }

    /// Lays out `bytes` at an offset where nothing lies yet.
    pub fn put(&mut self, at: u64, bytes: &[u8]) {
        if bytes.iter().all(|&b| b == 0) {
            return;
        }
        if let Some((start, piece)) = self.bytes.last_mut() {
            let end = *start + piece.len() as u64;
            if at >= end && at - end <= MAX_GAP {
                piece.resize((at - *start) as usize, 0);
                piece.extend_from_slice(bytes);
                return;
            }
        }
        self.bytes.push((at, bytes.to_vec()));
    }

    /// Lays out an address word.
    pub fn reloc(&mut self, at: u64, to: Reloc) {
        self.relocs.push((at, to));
    }

    /// Lays out a string's two words.
    pub fn put_str(&mut self, at: u64, text: &Rc<[u8]>) {
        if !text.is_empty() {
            self.reloc(at, Reloc::Str(text.clone()));
            self.put(at + 8, &(text.len() as u64).to_le_bytes());
        }
    }
}
