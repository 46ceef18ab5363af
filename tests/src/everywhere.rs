//! One test on every database and under every version of Django.

use std::panic::resume_unwind;
use std::thread;

use crate::database::Kind;
use crate::surroundings::{Python, surroundings};

/// Runs a test on each database and under each version of Django, side by side: most of the time it waits for a process.
///
/// Each database meets one of the versions, and all of them in a long run: what hangs on both at once is found by the suites
/// of the apps, which the oracles run for each pair.
///
/// # Panics
/// As the first of them does that fails.
pub fn everywhere(test: impl Fn(Kind, &'static Python) + Sync) {
    let test = &test;
    let here = surroundings();
    let pythons = &here.pythons;
    let met = if here.long { pythons.len() } else { 1 };
    let each = |(place, kind)| {
        (place..place + met).map(move |turn| (kind, &pythons[turn % pythons.len()]))
    };
    thread::scope(|scope| {
        let places = Kind::ALL.into_iter().enumerate().flat_map(each);
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
