//! The Caveat plugin ABI, version 1, as Rust sees it: `caveat/plugin.h` is the original, and its comments are what holds.
//! Field by field the same; a test of the SDK's compares every size and offset with the C header.
#![allow(dead_code)]

use std::ffi::c_void;
use std::mem::size_of;

pub const ABI_MAJOR: u32 = 1;
pub const ABI_MINOR: u32 = 0;

pub type Status = u32;
pub const OK: Status = 0;
pub const FAILED: Status = 1;
pub const EXCEPTION: Status = 2;
pub const OUT_OF_MEMORY: Status = 3;
pub const CANCELLED: Status = 4;
pub const UNSUPPORTED: Status = 5;
pub const REFUSED: Status = 6;

pub type Tri = u32;
pub const UNKNOWN: Tri = 0;
pub const FALSE: Tri = 1;
pub const TRUE: Tri = 2;

pub type Type = u32;
pub const TYPE_NONE: Type = 0;
pub const TYPE_BOOLEAN: Type = 1;
pub const TYPE_INTEGER: Type = 2;
pub const TYPE_DECIMAL: Type = 3;
pub const TYPE_QUANTITY: Type = 4;
pub const TYPE_CHOICE: Type = 5;
pub const TYPE_CHOICES: Type = 6;
pub const TYPE_DATE: Type = 7;
pub const TYPE_TEXT: Type = 8;
pub const TYPE_STRING: Type = 9;
pub const TYPE_FACT: Type = 10;

pub type Severity = u32;
pub const SEVERITY_RULE: Severity = 0;
pub const SEVERITY_INFO: Severity = 1;
pub const SEVERITY_WARNING: Severity = 2;
pub const SEVERITY_CRITICAL: Severity = 3;

pub type Op = u32;
pub const OP_NONE: Op = 0;
pub const OP_LEAF: Op = 1;
pub const OP_ALL: Op = 2;
pub const OP_ANY: Op = 3;
pub const OP_NOT: Op = 4;

pub type TextId = u32;
pub type FactId = u32;
pub type NodeId = u32;

/// Declares structs as C lays them out, all of whose bytes may be zero: zero means unknown or none.
macro_rules! structs {
    ($($name:ident { $($field:ident: $type:ty),+ $(,)? })+) => { $(
        #[repr(C)]
        #[derive(Clone, Copy)]
        pub struct $name { $(pub $field: $type),+ }
        impl $name {
            pub fn zeroed() -> Self {
                // Every field is a number, a pointer, an optional function or a struct of these.
                unsafe { std::mem::zeroed() }
            }
        }
    )+ };
}

structs! {
    Str { data: *const u8, size: u64 }
    Decimal { low: u64, high: i64 }
    Value { r#type: Type, number: u32, integer: i64, decimal: Decimal, set: u64, string: Str }
    Words { handle: TextId, reserved: u32, own: Str }
    Fact { name: Str, r#type: Type, column: u32, unit: Str, choices: *const Str, choice_count: u32, choice_stride: u32 }
    Field {
        name: Str, r#type: Type, list: u32, present: u32, count: u32, values: *const Value, value_stride: u32, reserved: u32,
    }
    Rule {
        id: Str, kind: u32, severity: Severity, title: TextId, says: TextId, fields: *const Field, field_count: u32,
        field_stride: u32,
    }
    Names { names: *const Str, count: u32, stride: u32 }
    Binding {
        size: u32, reserved: u32, kinds: Names, derived: Names, checks: Names, texts: Names, rules: *const Rule,
        rule_count: u32, rule_stride: u32, facts: *const Fact, fact_count: u32, fact_stride: u32,
    }
    Message { size: u32, capacity: u32, text: *mut u8, length: u64 }
    Column {
        r#type: Type, reserved: u32, known: *const u64, truth: *const u64, integers: *const i64, decimals: *const Decimal,
        choices: *const u32, sets: *const u64,
    }
    Outcome { met: *const u64, not_met: *const u64, failed: *const u64 }
    Batch {
        size: u32, rows: u32, words: u32, reserved: u32, columns: *const Column, column_count: u32, column_stride: u32,
        outcomes: *const Outcome, outcome_count: u32, outcome_stride: u32, language: Str,
    }
    Advice {
        size: u32, rule: u32, subject: FactId, severity: Severity, title: Words, statement: Words, details: *const Words,
        detail_count: u32, detail_stride: u32,
    }
    Node {
        size: u32, op: Op, value: Tri, read_count: u32, reads: *const FactId, children: *const NodeId, child_count: u32,
        reserved: u32, words: Words,
    }
    Report { size: u32, check: u32, value: Tri, root: NodeId, statement: Words }
    Sink {
        size: u32, reserved: u32, host: *mut c_void, cancel: *const u32, deadline_ns: u64,
        advise: Option<unsafe extern "C" fn(*const Sink, u32, *const Advice) -> Status>,
        node: Option<unsafe extern "C" fn(*const Sink, u32, *const Node) -> NodeId>,
        report: Option<unsafe extern "C" fn(*const Sink, u32, *const Report) -> Status>,
        derive: Option<unsafe extern "C" fn(*const Sink, u32, u32, *const Value) -> Status>,
        fail_profile: Option<unsafe extern "C" fn(*const Sink, u32, TextId) -> Status>,
    }
    Host {
        size: u32, abi_major: u32, abi_minor: u32, reserved: u32, version: Str,
        get_extension: Option<unsafe extern "C" fn(*const Host, Str) -> *const c_void>,
    }
    Plugin {
        size: u32, abi_major: u32, abi_minor: u32, reserved: u32, manifest: Str,
        bind: Option<unsafe extern "C" fn(*const Host, *const Binding, *mut *mut c_void, *mut Message) -> Status>,
        unbind: Option<unsafe extern "C" fn(*mut c_void)>,
        advise: Option<unsafe extern "C" fn(*mut c_void, *const Batch, *const Sink) -> Status>,
        check: Option<unsafe extern "C" fn(*mut c_void, *const Batch, *const Sink) -> Status>,
        derive: Option<unsafe extern "C" fn(*mut c_void, *const Batch, *const Sink) -> Status>,
        get_extension: Option<unsafe extern "C" fn(Str) -> *const c_void>,
    }
}

// A table that never changes may be shared between threads, whatever it points to.
unsafe impl Sync for Plugin {}

pub fn size<T>() -> u32 {
    size_of::<T>() as u32
}

/// Element `index` of an array whose elements are `stride` bytes apart: a later host's are longer than this version's.
///
/// # Safety
/// There must be such an element, for as long as the result is used.
pub unsafe fn element<'a, T>(first: *const T, stride: u32, index: u32) -> &'a T {
    &*first.cast::<u8>().add(stride as usize * index as usize).cast()
}

/// Row `row` of a bit plane.
///
/// # Safety
/// The plane must reach that far.
pub unsafe fn bit(plane: *const u64, row: u32) -> bool {
    *plane.add(row as usize / 64) >> (row % 64) & 1 != 0
}

impl Str {
    /// # Safety
    /// The bytes must be there.
    pub unsafe fn is(&self, text: &str) -> bool {
        self.size == text.len() as u64
            && (self.size == 0 || std::slice::from_raw_parts(self.data, text.len()) == text.as_bytes())
    }
}

impl Names {
    /// A name's place from 1; 0 when there is none.
    ///
    /// # Safety
    /// The names must be those of a binding that is not yet unbound.
    pub unsafe fn place(&self, name: &str) -> u32 {
        (0..self.count).find(|&i| element(self.names, self.stride, i).is(name)).map_or(0, |i| i + 1)
    }
}

/// Runs `call`; a panic becomes a status and goes no further.
pub fn guarded(call: impl FnOnce() -> Status) -> Status {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(call)).unwrap_or(EXCEPTION)
}
