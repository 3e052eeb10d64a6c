//! The location graph of one batch of mutually recursive functions.
//!
//! A [`Location`] stands for storage: a variable, the memory an expression allocates, or one of four
//! pseudo-locations. An edge `dst ← src` with weight `derefs` says that a value computed from `src` by that
//! many dereferences (−1: its address) is stored in `dst`. A [`Hole`] is an edge whose source is not known
//! yet: the context in which an expression is evaluated.

#![forbid(unsafe_code)]

use super::leaks::{Leaks, MAX_RESULTS};
use crate::diag::Diagnostic;
use crate::hir::{ExprId, FuncId, LocalId};
use crate::index::IndexVec;
use crate::source::{Pos, Span};
use crate::types::TypeId;

define_id! {
    /// A location of the batch.
    pub struct LocId;
    /// A note of the batch.
    pub struct NoteId;
}

/// Everything that outlives the program's calls.
pub const HEAP: LocId = LocId(0);
/// The address operand of every indirect store.
pub const MUTATOR: LocId = LocId(1);
/// The function operand of every call whose results go somewhere.
pub const CALLEE: LocId = LocId(2);
/// Values that nobody looks at.
pub const BLANK: LocId = LocId(3);

/// Attributes of a location; they only ever grow.
pub mod attr {
    /// Its address reaches something that outlives it: it must be allocated on the heap.
    pub const ESCAPES: u8 = 1;
    /// Its address outlives the statement: the storage cannot be reused at once.
    pub const PERSISTS: u8 = 2;
    /// Memory reachable through it may be written.
    pub const MUTATES: u8 = 4;
    /// Function values reachable through it may be called without anyone tracking their results.
    pub const CALLS: u8 = 8;
    /// All of them.
    pub const ALL: u8 = 15;
}

/// What a location stands for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Node {
    /// A pseudo-location or an intermediate of the analysis.
    None,
    Local(FuncId, LocalId),
    Expr(FuncId, ExprId),
    /// The dictionary of an instance, which in Go is passed to it: where it is declared.
    Dict(Pos),
    /// A variable that carries a loop variable from iteration to iteration: number, position and type.
    Temp {
        number: u32,
        pos: Pos,
        ty: TypeId,
    },
}

/// Why a value flows, for explanations.
#[derive(Clone, Debug)]
pub struct Note {
    pub next: Option<NoteId>,
    pub place: Place,
    pub why: &'static str,
}

/// Where a note points.
#[derive(Clone, Debug)]
pub enum Place {
    Expr(FuncId, ExprId),
    Local(FuncId, LocalId),
    /// A statement: its text is made at once, because statements have no ids.
    Text {
        pos: Pos,
        span: Span,
        text: String,
        /// The left side that is assigned.
        target: Option<(FuncId, ExprId)>,
        /// The inliner made it: an argument or a result of a call.
        inlined: bool,
    },
}

/// An assignment: `this ← src`.
#[derive(Clone, Copy, Debug)]
pub struct Edge {
    pub src: LocId,
    pub derefs: i32,
    pub notes: Option<NoteId>,
}

/// Storage.
#[derive(Clone, Debug)]
pub struct Location {
    pub node: Node,
    /// The function whose frame it would be in.
    pub func: FuncId,
    /// Incoming edges.
    pub edges: Vec<Edge>,
    /// Nesting of loops at its declaration, from 1; 0: outside of everything.
    pub loop_depth: u32,
    /// Nesting of loops where it was made, even if that does not bound its life.
    pub nesting: u32,
    /// For results: number + 1.
    pub result_index: u32,
    pub attrs: u8,
    /// For parameters: what was found out about them.
    pub leaks: Leaks,
    pub is_param: bool,
    pub is_result: bool,
    pub captured: bool,
    pub reassigned: bool,
    pub addrtaken: bool,

    /// State of the walk: least derefs from the root, and the edge that leads there.
    pub derefs: i32,
    pub walkgen: u32,
    pub dst: LocId,
    pub dst_edge: u32,
    pub queued_walk_all: bool,
    pub queued_walk_one: u32,
}

impl Location {
    fn new(node: Node, func: FuncId, loop_depth: u32, attrs: u8) -> Location {
        Location {
            node,
            func,
            edges: Vec::new(),
            loop_depth,
            nesting: loop_depth,
            result_index: 0,
            attrs,
            leaks: Leaks::default(),
            is_param: false,
            is_result: false,
            captured: false,
            reassigned: false,
            addrtaken: false,
            derefs: 0,
            walkgen: 0,
            dst: BLANK,
            dst_edge: 0,
            queued_walk_all: false,
            queued_walk_one: 0,
        }
    }

    pub fn has(&self, attr: u8) -> bool {
        self.attrs & attr != 0
    }
}

/// The context an expression is evaluated in: what its value flows to.
#[derive(Clone, Copy, Debug)]
pub struct Hole {
    pub dst: LocId,
    pub derefs: i32,
    pub notes: Option<NoteId>,
    /// The expression's address is taken here, stored or not.
    pub addrtaken: bool,
}

impl Hole {
    pub fn to(dst: LocId) -> Hole {
        Hole { dst, derefs: 0, notes: None, addrtaken: false }
    }

    pub fn discard() -> Hole {
        Hole::to(BLANK)
    }

    /// The hole for `x` where `self` is the hole for `x` dereferenced `delta` times (−1: for `&x`).
    pub fn shift(mut self, delta: i32) -> Hole {
        self.derefs += delta;
        debug_assert!(self.derefs >= -1, "the address of an address");
        self.addrtaken = delta < 0;
        self
    }
}

/// What is worth reporting while the graph is built, in order.
#[derive(Clone, Debug)]
pub enum Event {
    /// The address of `src` flows to something that escapes.
    Escape { dst: LocId, src: LocId, derefs: i32, notes: Option<NoteId> },
    /// A finished message.
    Message(Diagnostic),
}

/// The graph.
#[derive(Debug, Clone)]
pub struct Batch {
    pub locs: IndexVec<LocId, Location>,
    pub notes: IndexVec<NoteId, Note>,
    /// Whether notes are kept.
    pub explain: bool,
    pub events: Vec<Event>,
    /// Where each address goes, if that is to be told also of what stays in its frame.
    pub uses: Option<Vec<Use>>,
}

/// An address that goes somewhere: `dst ← &src`.
#[derive(Clone, Copy, Debug)]
pub struct Use {
    pub dst: LocId,
    pub src: LocId,
    pub notes: Option<NoteId>,
}

impl Batch {
    /// An empty graph.
    pub fn new(explain: bool) -> Batch {
        let mut locs = IndexVec::new();
        let nowhere = FuncId(u32::MAX);
        for attrs in [attr::ALL, attr::MUTATES, attr::CALLS, 0] {
            locs.push(Location::new(Node::None, nowhere, 0, attrs));
        }
        Batch { locs, notes: IndexVec::new(), explain, events: Vec::new(), uses: None }
    }

    /// The locations that stand for something, in the order they were made.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = LocId> + use<> {
        (BLANK.0 + 1..self.locs.len() as u32).map(LocId)
    }

    pub fn new_loc(&mut self, node: Node, func: FuncId, loop_depth: u32, persists: bool) -> LocId {
        self.locs.push(Location::new(node, func, loop_depth, if persists { attr::PERSISTS } else { 0 }))
    }

    /// Adds a reason to a hole.
    pub fn note(&mut self, mut k: Hole, why: &'static str, place: impl FnOnce() -> Place) -> Hole {
        if self.explain {
            k.notes = Some(self.notes.push(Note { next: k.notes, place: place(), why }));
        }
        k
    }

    /// Records that `src` flows into the hole.
    pub fn flow(&mut self, k: Hole, src: LocId) {
        if k.addrtaken {
            self.locs[src].addrtaken = true;
        }
        let dst = k.dst;
        if k.derefs < 0
            && let Some(uses) = &mut self.uses
        {
            uses.push(Use { dst, src, notes: k.notes });
        }
        if dst == BLANK || (dst == src && k.derefs >= 0) {
            return;
        }
        if self.locs[dst].has(attr::ESCAPES) && k.derefs < 0 {
            // No edge is needed: the address reached the heap, and walks from there skip what escapes.
            if self.explain {
                self.events.push(Event::Escape { dst, src, derefs: k.derefs, notes: k.notes });
            }
            self.locs[src].attrs |= attr::ALL;
            return;
        }
        self.locs[dst].edges.push(Edge { src, derefs: k.derefs, notes: k.notes });
    }

    /// Records on parameter `l` that its value, dereferenced `derefs` times, flows to `sink`.
    pub fn leak_to(&mut self, l: LocId, sink: LocId, derefs: u32) {
        let s = &self.locs[sink];
        let to_result = !s.has(attr::ESCAPES)
            && s.is_result
            && s.func == self.locs[l].func
            && (s.result_index as usize) <= MAX_RESULTS;
        let result = s.result_index as usize;
        let leaks = &mut self.locs[l].leaks;
        if to_result {
            leaks.add_result(result - 1, derefs);
        } else {
            leaks.add_heap(derefs);
        }
    }
}
