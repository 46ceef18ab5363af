//! `appspecc`: specs into Django projects.

use std::ffi::{c_int, c_long};
use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Many threads make small things here, and the system's allocator lets them wait for each other.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// `mi_option_purge_delay`, which the bindings do not name.
const PURGE_DELAY: c_int = 15;

/// Longer than the phases of a build are apart, so that memory which one frees is not given back to the system just
/// before the next one asks for it: that is nine of ten page faults. Large specs take no more memory for it.
const MILLISECONDS: c_long = 100;

fn main() -> ExitCode {
    keep_freed_memory();
    appspecc::main(std::env::args_os()).into()
}

#[expect(
    unsafe_code,
    reason = "a foreign call that stores a number, before there are threads"
)]
fn keep_freed_memory() {
    // SAFETY: the allocator's own options may be set at any time, and each of them is one number.
    unsafe { libmimalloc_sys::mi_option_set(PURGE_DELAY, MILLISECONDS) }
}

#[cfg(test)]
mod tests {
    use super::PURGE_DELAY;

    /// The allocator waits for 10 milliseconds where nobody says otherwise.
    #[test]
    #[expect(unsafe_code, reason = "a foreign call that reads a number")]
    fn the_number_is_that_of_the_option() {
        // SAFETY: the allocator's own options may be read at any time.
        assert_eq!(unsafe { libmimalloc_sys::mi_option_get(PURGE_DELAY) }, 10);
    }
}
