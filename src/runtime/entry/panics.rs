//! Entry points that panic.

use crate::abi::typedesc::{Str, TypeDesc};
use crate::runtime::errors::{self, Bounds, Pair};
use crate::runtime::panic;

type Ty = *const TypeDesc;

macro_rules! bounds {
    ($($name:ident $unsigned:ident = $code:ident;)*) => {
        $(
            pub extern "C" fn $name(x: u64, y: u64) -> ! {
                errors::panic_bounds(x, y, true, Bounds::$code)
            }

            pub extern "C" fn $unsigned(x: u64, y: u64) -> ! {
                errors::panic_bounds(x, y, false, Bounds::$code)
            }
        )*
    };
}

bounds! {
    panicIndex panicIndexU = Index;
    panicSliceAlen panicSliceAlenU = SliceAlen;
    panicSliceAcap panicSliceAcapU = SliceAcap;
    panicSliceB panicSliceBU = SliceB;
    panicSlice3Alen panicSlice3AlenU = Slice3Alen;
    panicSlice3Acap panicSlice3AcapU = Slice3Acap;
    panicSlice3B panicSlice3BU = Slice3B;
    panicSlice3C panicSlice3CU = Slice3C;
}

pub extern "C" fn panicSliceConvert(len: u64, want: u64) -> ! {
    errors::panic_bounds(want, len, true, Bounds::Convert)
}

pub extern "C" fn panicdivide() -> ! {
    errors::panicdivide()
}

pub extern "C" fn panicshift() -> ! {
    errors::panic_error("negative shift amount")
}

pub extern "C" fn panicmakeslicelen() -> ! {
    errors::panic_error("makeslice: len out of range")
}

pub extern "C" fn panicmakeslicecap() -> ! {
    errors::panic_error("makeslice: cap out of range")
}

pub extern "C" fn panicmem() -> ! {
    errors::panicmem_checked()
}

pub extern "C" fn panicwrap(names: *const [Str; 3]) -> ! {
    // SAFETY: the compiler passes three static strings.
    let [pkg, ty, method] = unsafe { *names }.map(|s| String::from_utf8_lossy(unsafe { s.bytes() }).into_owned());
    errors::panic_plain_text(&format!("value method {pkg}.{ty}.{method} called using nil *{ty} pointer"))
}

pub extern "C" fn panicunsafeslicelen() -> ! {
    errors::panic_error("unsafe.Slice: len out of range")
}

pub extern "C" fn panicunsafeslicenilptr() -> ! {
    errors::panic_error("unsafe.Slice: ptr is nil and len is not zero")
}

pub extern "C" fn panicunsafestringlen() -> ! {
    errors::panic_error("unsafe.String: len out of range")
}

pub extern "C" fn panicunsafestringnilptr() -> ! {
    errors::panic_error("unsafe.String: ptr is nil and len is not zero")
}

pub extern "C" fn gopanic(ty: Ty, data: u64) -> ! {
    panic::gopanic(ty, data)
}

pub extern "C" fn gorecover(_fp: u64) -> Pair {
    let (ty, data) = panic::gorecover();
    Pair(ty, data)
}

pub extern "C" fn throwunreachable() -> ! {
    panic::throw("missing return")
}

pub extern "C" fn panicdottypeE(have: Ty, want: Ty, inter: Ty) -> ! {
    errors::panic_assertion(inter, have, want, Str::EMPTY)
}

pub extern "C" fn panicnildottype(want: Ty) -> ! {
    errors::panic_assertion(std::ptr::null(), std::ptr::null(), want, Str::EMPTY)
}
