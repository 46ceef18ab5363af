//! One test on every database, and which versions of Django it meets there.

use std::panic::resume_unwind;
use std::thread;

use crate::database::Kind;
use crate::surroundings::{Python, surroundings};

/// Runs a test on each database, under the versions of Django that it [meets](pythons_for), side by side: most of the time
/// it waits for a process.
///
/// # Panics
/// As the first of them does that fails.
pub fn everywhere(test: impl Fn(Kind, &'static Python) + Sync) {
    let test = &test;
    thread::scope(|scope| {
        let pairs = Kind::ALL
            .into_iter()
            .flat_map(|kind| pythons_for(kind).map(move |python| (kind, python)));
        let started: Vec<_> = pairs
            .map(|(kind, python)| scope.spawn(move || test(kind, python)))
            .collect();
        for one in started {
            if let Err(panic) = one.join() {
                resume_unwind(panic);
            }
        }
    });
}

/// The versions under which a database is tested: one of them, another one for each database, and all of them in a long run.
/// What hangs on both at once is rare, and each pair costs minutes.
pub fn pythons_for(kind: Kind) -> impl Iterator<Item = &'static Python> {
    let here = surroundings();
    let pythons = &here.pythons;
    let met = if here.long { pythons.len() } else { 1 };
    let first = kind as usize;
    (first..first + met).map(move |turn| &pythons[turn % pythons.len()])
}
