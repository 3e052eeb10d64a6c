//! Tables that the library keeps as text and the compiler unpacks into static data.
//!
//! A literal of thousands of numbers would have to be parsed and checked by every program that imports its
//! package. So the library's big tables (`src/std/unicode`) are strings, given to functions without a body
//! ([`is_packed`]). Static initialisation lays out what such a call returns; nothing is left to do when the
//! program starts, and a table that is not mentioned costs nothing but the text.
//!
//! The text is a sequence of numbers and is read by the type of the result: a struct is its fields, a pointer
//! what it points to, a slice its length and its elements. An integer in an element is the difference to the
//! same integer of the element before. A number is written in digits of five bits, the least first, of which
//! all but the last have bit 5 set; the sign is the lowest bit of the first. Digits are the characters from
//! `0` on, without those that a string between back quotes cannot hold or that look like escapes.

#![forbid(unsafe_code)]

use super::ir::Func;
use super::static_data::Reloc;
use super::static_init::{Place, Schedule};
use crate::source::Pos;
use crate::types::{TypeId, TypeKind};

/// Whether `func` only stands for its result as data: a function of the library without a body, with a name
/// like `packedTable`. There is no such native.
pub fn is_packed(func: &Func) -> bool {
    let name = func.link_name.as_str();
    func.native && func.pkg.as_str() != "main" && name.rsplit('.').next().is_some_and(|n| n.starts_with("packed"))
}

/// A text on its way to static data.
struct Unpacker<'a, 'b> {
    schedule: &'a mut Schedule<'b>,
    text: &'a [u8],
    at: usize,
    pos: Pos,
}

/// Lays out at a place the value of type `ty` that a text stands for. None if it does not stand for one.
pub fn unpack(schedule: &mut Schedule<'_>, place: Place, ty: TypeId, text: &[u8], pos: Pos) -> Option<()> {
    let mut unpacker = Unpacker { schedule, text, at: 0, pos };
    unpacker.value(place, ty, &mut Vec::new(), &mut 0)?;
    (unpacker.at == text.len()).then_some(())
}

impl Unpacker<'_, '_> {
    fn number(&mut self) -> Option<i64> {
        let mut n = 0u64;
        let mut shift = 0;
        loop {
            let c = *self.text.get(self.at)?;
            self.at += 1;
            let digit = c - b'0' - u8::from(c > b'\\') - u8::from(c > b'`');
            n |= u64::from(digit & 31) << shift;
            if digit < 32 {
                return Some((n >> 1) as i64 ^ -((n & 1) as i64));
            }
            shift += 5;
        }
    }

    /// `last` are the integers of the element before, `leaf` how many of this one were read.
    fn value(&mut self, place: Place, ty: TypeId, last: &mut Vec<i64>, leaf: &mut usize) -> Option<()> {
        let kind = self.schedule.types.underlying_kind(ty).clone();
        match kind {
            TypeKind::Basic(_) => {
                if last.len() == *leaf {
                    last.push(0);
                }
                let n = last[*leaf] + self.number()?;
                last[*leaf] = n;
                *leaf += 1;
                let size = self.schedule.types.size_of(ty).min(8) as usize;
                self.schedule.data(place).put(place.offset, &n.to_le_bytes()[..size]);
            }
            TypeKind::Struct(s) => {
                for (field, f) in (0..).zip(&s.fields) {
                    let offset = self.schedule.types.field_offset(ty, field);
                    self.value(place.add(offset), f.ty, last, leaf)?;
                }
            }
            TypeKind::Array { elem, len } => {
                let size = self.schedule.types.size_of(elem);
                for i in 0..len {
                    self.value(place.add(i * size), elem, last, leaf)?;
                }
            }
            TypeKind::Pointer(elem) => {
                let global = self.schedule.pointee(elem, self.pos);
                self.schedule.point(place, Reloc::Global(global, 0));
                self.value(Place { global, offset: 0 }, elem, last, leaf)?;
            }
            TypeKind::Slice(elem) => {
                let len = u64::try_from(self.number()?).ok()?;
                if len == 0 {
                    return Some(());
                }
                let array = self.schedule.types.array(elem, len);
                let global = self.schedule.pointee(array, self.pos);
                self.schedule.slice(place, global, len);
                let size = self.schedule.types.size_of(elem);
                let mut last = Vec::new();
                for i in 0..len {
                    self.value(Place { global, offset: i * size }, elem, &mut last, &mut 0)?;
                }
            }
            _ => return None,
        }
        Some(())
    }
}
