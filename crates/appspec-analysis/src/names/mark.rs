use std::sync::atomic::{AtomicBool, Ordering};

/// Whether something was asked for, in whatever thread.
#[derive(Debug, Default)]
pub(crate) struct Mark(AtomicBool);

impl Mark {
    /// One that is there from the start, or not.
    pub(crate) fn new(is_set: bool) -> Self {
        Self(AtomicBool::new(is_set))
    }

    pub(crate) fn set(&self) {
        // Many threads read what is nearly always set already.
        if !self.is_set() {
            self.0.store(true, Ordering::Relaxed);
        }
    }

    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
