//! A bug of the compiler ends it with a clear message.

use std::panic::{self, AssertUnwindSafe};

use crate::Exit;
use crate::terminal::to_stderr;

/// Replaces the message and backtrace of a panic.
pub(crate) fn say_so_instead_of_a_backtrace() {
    panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map(ToString::to_string)
            .unwrap_or_default();
        let what = panic.payload_as_str().unwrap_or("no message");
        to_stderr(&format!(
            "appspecc stopped: this is a bug in appspecc, not in your spec.\n\
             To have it mended, report it together with the spec and these two lines:\n  \
             appspecc {}\n  {place}: {what}\n",
            env!("CARGO_PKG_VERSION"),
        ));
    }));
}

/// Runs the program; a panic has been explained already and is a failure of the world.
pub(crate) fn caught(run: impl FnOnce() -> Exit) -> Exit {
    panic::catch_unwind(AssertUnwindSafe(run)).unwrap_or(Exit::World)
}

/// What is said when the formatter can't prove what it made of a file.
pub(crate) fn in_the_formatter(file: &str, difference: &str) -> String {
    format!(
        "`{file}` was left as it is: in another layout it would not read the same. This is a bug in appspecc, \
         not in your spec.\n\
         To have it mended, report it together with the file and this line:\n  \
         appspecc {} fmt: {difference}\n",
        env!("CARGO_PKG_VERSION"),
    )
}

#[cfg(test)]
mod tests {
    use super::caught;
    use crate::Exit;

    #[test]
    fn a_bug_ends_the_program_as_a_failure_of_the_world() {
        assert_eq!(caught(|| Exit::Fine), Exit::Fine);
        assert_eq!(caught(|| panic!("a bug")), Exit::World);
    }
}
