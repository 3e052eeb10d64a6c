//! The switches in `MGODEBUG`: `name=value` pairs separated by commas.

use std::sync::OnceLock;

/// What the switches say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Debug {
    /// One line on standard error for every growth of a stack.
    pub stacktrace: bool,
    /// Every check moves the stack to a fresh mapping and makes the old one inaccessible.
    pub stackstress: bool,
    /// Stacks are chains of segments: see [`super::segstack`]. Set by `-stack=segmented`.
    pub segmented: bool,
    /// Calls of the runtime move the stack, too, and so does going on after waiting.
    pub rtstress: bool,
    /// Every stack move checks all pointer words of roots and reachable objects.
    pub heapcheck: bool,
    /// Collects before every call of the runtime, and overwrites what is freed.
    pub gcstress: bool,
    /// One line on standard error for every collection (`GODEBUG=gctrace=1`).
    pub gctrace: bool,
    /// Bytes of a goroutine's first stack: a power of two from 2048 on.
    pub stackmin: u64,
    /// Counts allocations per site and prints them at exit.
    pub allocsites: bool,
    /// Counts all allocations by the calls that led to them, too.
    pub alloccalls: bool,
    /// One line on standard error for every function that is compiled.
    pub jittrace: bool,
}

impl Default for Debug {
    fn default() -> Self {
        Debug {
            stacktrace: false,
            stackstress: false,
            rtstress: false,
            segmented: false,
            heapcheck: false,
            gcstress: false,
            gctrace: false,
            stackmin: crate::abi::stack::STACK_MIN,
            allocsites: false,
            alloccalls: false,
            jittrace: false,
        }
    }
}

static DEBUG: OnceLock<Debug> = OnceLock::new();

/// The program's switches.
#[inline(always)]
pub fn debug() -> &'static Debug {
    DEBUG.get_or_init(Debug::default)
}

/// Sets the switches, once, before the program runs.
pub fn set(d: Debug) {
    let _ = DEBUG.set(d);
}

/// Reads `MGODEBUG`. Unknown names are ignored, as Go does with GODEBUG.
pub fn parse(text: &str) -> Debug {
    let mut d = Debug::default();
    for item in text.split(',') {
        let Some((name, value)) = item.split_once('=') else { continue };
        let on = value != "0";
        match name {
            "stacktrace" => d.stacktrace = on,
            "stackstress" => {
                d.stackstress = on;
                d.rtstress = value == "2";
            }
            "heapcheck" => d.heapcheck = on,
            "gcstress" => d.gcstress = on,
            "gctrace" => d.gctrace = on,
            "allocsites" => {
                d.allocsites = on;
                d.alloccalls = value == "2";
            }
            "jittrace" => d.jittrace = on,
            "stackmin" => {
                if let Ok(n) = value.parse::<u64>()
                    && (2048..=1 << 28).contains(&n)
                {
                    d.stackmin = n.next_power_of_two();
                }
            }
            _ => {}
        }
    }
    d
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs() {
        let d = parse("stacktrace=1,heapcheck=0,stackmin=5000,what=ever");
        assert!(d.stacktrace && !d.heapcheck);
        assert_eq!(d.stackmin, 8192);
    }
}
