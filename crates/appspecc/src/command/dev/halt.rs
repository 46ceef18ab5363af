//! Why `dev` does not go on: somebody wants it to end, or something failed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use appspec_diagnostics::{Code, Diagnostic};

/// The reason.
#[derive(Debug)]
pub(super) enum Halt {
    /// Ctrl-C, or the system asked the program to end.
    Stopped,
    /// What went wrong, for the reader.
    Failed(Box<Diagnostic>),
}

/// What a step gives.
pub(super) type Outcome<T> = Result<T, Halt>;

/// A failure that is of no place in the spec.
pub(super) fn failed(
    code: &'static Code,
    message: impl Into<String>,
    help: impl Into<String>,
) -> Halt {
    Halt::Failed(Box::new(
        Diagnostic::without_place(code, message).help(help),
    ))
}

/// Whether somebody wants the program to end.
#[derive(Clone, Debug)]
pub(super) struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Listens to Ctrl-C and to the system from now on.
    pub(super) fn listen() -> Self {
        let wanted = Arc::new(AtomicBool::new(false));
        let set = Arc::clone(&wanted);
        // It fails where somebody listens already: then the program ends at once, and its children with it.
        let _ = ctrlc::set_handler(move || set.store(true, Ordering::SeqCst));
        Self(wanted)
    }

    /// Whether it was asked for.
    pub(super) fn is_wanted(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    /// Goes on, or not.
    pub(super) fn check(&self) -> Outcome<()> {
        if self.is_wanted() {
            Err(Halt::Stopped)
        } else {
            Ok(())
        }
    }
}
