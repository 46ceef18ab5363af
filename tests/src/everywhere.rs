//! One test for every database and every version of Django.

use std::panic::resume_unwind;
use std::thread;

use crate::database::Kind;
use crate::surroundings::{Python, surroundings};

/// Runs a test on each database under each version of Django, side by side: most of the time it waits for a process.
///
/// # Panics
/// As the first of them does that fails.
pub fn everywhere(test: impl Fn(Kind, &'static Python) + Sync) {
    let test = &test;
    thread::scope(|scope| {
        let places = Kind::ALL.into_iter().flat_map(|kind| {
            let pythons = surroundings().pythons.iter();
            pythons.map(move |python| (kind, python))
        });
        let started: Vec<_> = places
            .map(|(kind, python)| scope.spawn(move || test(kind, python)))
            .collect();
        for one in started {
            if let Err(panic) = one.join() {
                resume_unwind(panic);
            }
        }
    });
}
