//! Type descriptors and itabs as they lie in memory.
//!
//! Made by `codegen` (or by the runtime for itabs of dynamic conversions), read by the runtime and, through
//! `unsafe`, by the library's `reflect`. One shape for all kinds: what a kind does not use is zero.
//! Descriptors are canonical: identical types have one descriptor, so comparing addresses compares types.
//! They live as long as the program.

/// Go's `reflect.Kind` numbers.
pub mod kind {
    pub const INVALID: u8 = 0;
    pub const BOOL: u8 = 1;
    pub const INT: u8 = 2;
    pub const INT8: u8 = 3;
    pub const INT16: u8 = 4;
    pub const INT32: u8 = 5;
    pub const INT64: u8 = 6;
    pub const UINT: u8 = 7;
    pub const UINT8: u8 = 8;
    pub const UINT16: u8 = 9;
    pub const UINT32: u8 = 10;
    pub const UINT64: u8 = 11;
    pub const UINTPTR: u8 = 12;
    pub const FLOAT32: u8 = 13;
    pub const FLOAT64: u8 = 14;
    pub const COMPLEX64: u8 = 15;
    pub const COMPLEX128: u8 = 16;
    pub const ARRAY: u8 = 17;
    pub const CHAN: u8 = 18;
    pub const FUNC: u8 = 19;
    pub const INTERFACE: u8 = 20;
    pub const MAP: u8 = 21;
    pub const POINTER: u8 = 22;
    pub const SLICE: u8 = 23;
    pub const STRING: u8 = 24;
    pub const STRUCT: u8 = 25;
    pub const UNSAFE_POINTER: u8 = 26;
}

/// Bits of [`TypeDesc::flags`].
pub mod flag {
    /// Values are one pointer word and lie in an interface's data word itself.
    pub const DIRECT_IFACE: u8 = 1;
    /// A defined type (has a name).
    pub const NAMED: u8 = 2;
    /// `==` is defined.
    pub const COMPARABLE: u8 = 4;
    /// `==` is equality of the bytes.
    pub const REGULAR_MEMORY: u8 = 8;
    /// Function types: the last parameter is variadic.
    pub const VARIADIC: u8 = 16;
}

/// A Go string's two words.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct Str {
    pub ptr: *const u8,
    pub len: usize,
}

impl Str {
    /// The empty string.
    pub const EMPTY: Str = Str { ptr: std::ptr::null(), len: 0 };

    /// The bytes.
    ///
    /// # Safety
    /// `ptr` and `len` must describe memory that lives and does not change for `'a`.
    pub unsafe fn bytes<'a>(self) -> &'a [u8] {
        if self.len == 0 {
            return &[];
        }
        // SAFETY: the caller vouches for the memory.
        unsafe { std::slice::from_raw_parts(self.ptr, self.len) }
    }
}

/// A table in static memory.
#[repr(C)]
#[derive(Debug)]
pub struct Table<T> {
    pub ptr: *const T,
    pub len: usize,
}

impl<T> Clone for Table<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Table<T> {}

impl<T> Table<T> {
    /// No entries.
    pub const EMPTY: Table<T> = Table { ptr: std::ptr::null(), len: 0 };

    /// The entries.
    ///
    /// # Safety
    /// The table must be initialised; static tables live as long as the program.
    pub unsafe fn get(&self) -> &'static [T] {
        if self.len == 0 {
            return &[];
        }
        // SAFETY: the caller vouches for the memory.
        unsafe { std::slice::from_raw_parts(self.ptr, self.len) }
    }
}

/// A type.
#[repr(C)]
#[derive(Debug)]
pub struct TypeDesc {
    /// Bytes of a value.
    pub size: u64,
    /// Bytes of the prefix of a value that holds all its pointers; 0: no pointers.
    pub ptrdata: u64,
    /// Depends only on the type's identity.
    pub hash: u32,
    /// See [`flag`].
    pub flags: u8,
    pub align: u8,
    pub field_align: u8,
    /// See [`kind`].
    pub kind: u8,
    /// One bit per word of `ptrdata`, lowest first, in bytes: set where the word is a pointer. Null where
    /// there are no pointers, and for arrays whose map would exceed 64 Ki words: then it is `elem`'s,
    /// repeated.
    pub gcdata: *const u8,
    /// As `%T` prints it: `main.T`, `[]int`, `map[string]*main.T`.
    pub string: Str,
    /// Name of a defined type, without package.
    pub name: Str,
    /// Import path of a defined type, or of a struct's or interface's unexported names.
    pub pkg_path: Str,
    /// `*T`, null where the program has no use for it.
    pub ptr_to_this: *const TypeDesc,
    /// Array, chan, map, pointer, slice: the element.
    pub elem: *const TypeDesc,
    /// Map: the key.
    pub key: *const TypeDesc,
    /// Array: number of elements. Chan: direction (1 receive, 2 send, 3 both).
    pub len: u64,
    /// Struct fields.
    pub fields: Table<FieldDesc>,
    /// Function parameters and results.
    pub params: Table<*const TypeDesc>,
    /// See `params`.
    pub results: Table<*const TypeDesc>,
    /// Interface: its methods, sorted by name.
    pub imethods: Table<IMethod>,
    /// Methods of the type's method set that may be called through interfaces, sorted by name.
    pub methods: Table<MethodDesc>,
    /// Number of exported methods in the method set, in `methods` or not. 0 where no part of the program
    /// can ask: without package reflect.
    pub n_exported: u64,
}

/// A field of a struct.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct FieldDesc {
    pub name: Str,
    /// Package of an unexported name; empty for exported ones.
    pub pkg_path: Str,
    pub ty: *const TypeDesc,
    pub offset: u64,
    pub tag: Str,
    /// 1: embedded.
    pub embedded: u64,
}

/// A method of an interface type.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct IMethod {
    pub name: Str,
    /// Package of an unexported name; empty for exported ones.
    pub pkg_path: Str,
    /// Function type, without receiver.
    pub ty: *const TypeDesc,
}

/// A method of a concrete type.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct MethodDesc {
    pub name: Str,
    /// Package of an unexported name; empty for exported ones.
    pub pkg_path: Str,
    /// Function type, without receiver.
    pub ty: *const TypeDesc,
    /// Code to call with the interface's data word as receiver. Points at a stub until it is compiled.
    pub ifn: u64,
}

/// How a concrete type implements a non-empty interface. Followed in memory by further code addresses: one
/// per method of the interface, in its order.
#[repr(C)]
#[derive(Debug)]
pub struct Itab {
    pub inter: *const TypeDesc,
    pub ty: *const TypeDesc,
    /// Copy of `ty.hash`.
    pub hash: u32,
    pub pad: u32,
    /// First code address; 0: the type does not implement the interface (negative cache entry).
    pub fun: [u64; 1],
}

/// Byte offset of the first code address in an [`Itab`].
pub const ITAB_FUN: i32 = std::mem::offset_of!(Itab, fun) as i32;
/// Byte offset of the concrete type in an [`Itab`].
pub const ITAB_TYPE: i32 = std::mem::offset_of!(Itab, ty) as i32;
/// Byte offset of the hash in an [`Itab`].
pub const ITAB_HASH: i32 = std::mem::offset_of!(Itab, hash) as i32;
/// Byte offset of the hash in a [`TypeDesc`].
pub const TYPE_HASH: i32 = std::mem::offset_of!(TypeDesc, hash) as i32;

/// A type that a running program asks for. Other types are named by their descriptors' addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypeShape {
    Pointer(u64),
    Slice(u64),
    Array {
        elem: u64,
        len: u64,
    },
    /// Direction as in [`TypeDesc::len`].
    Chan {
        elem: u64,
        dir: u64,
    },
    Map {
        key: u64,
        elem: u64,
    },
    Func {
        params: Vec<u64>,
        results: Vec<u64>,
        variadic: bool,
    },
    Struct(Vec<FieldShape>),
}

/// A field of [`TypeShape::Struct`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldShape {
    pub name: String,
    /// Of an unexported name.
    pub pkg_path: String,
    pub ty: u64,
    pub tag: Vec<u8>,
    pub embedded: bool,
}

// SAFETY: descriptors are written once, before anything else can see them, and then only read.
unsafe impl Sync for TypeDesc {}
// SAFETY: as above.
unsafe impl Send for TypeDesc {}
