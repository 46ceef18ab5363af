//! Numbers that look random and are the same in every run.

use std::ops::RangeInclusive;

use crate::surroundings::surroundings;

/// The seeds that somebody asks for with `tests/run --specs`: `500` are the first so many, `26..525` those. Otherwise those of
/// every run, or with `--long` more.
pub fn seeds(fixed: RangeInclusive<u64>, long: RangeInclusive<u64>) -> RangeInclusive<u64> {
    let said = std::env::var("APPSPEC_TESTS_SPECS").unwrap_or_default();
    let number = |text: &str| -> u64 {
        let known = text.parse();
        known.unwrap_or_else(|_| panic!("`{text}` is no number of specs: write `500` or `26..525`"))
    };
    match said.split_once("..") {
        Some((first, last)) => number(first)..=number(last),
        None if said.is_empty() && surroundings().long => long,
        None if said.is_empty() => fixed,
        None => 1..=number(&said),
    }
}

/// A xorshift generator.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The seed must not be 0.
    pub fn new(seed: u64) -> Self {
        assert_ne!(seed, 0);
        Self(seed)
    }

    /// Any number.
    pub fn number(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// At least 0 and less than `limit`, which is not 0.
    pub fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit).expect("a small limit");
        usize::try_from(self.number() % limit).expect("a small number")
    }

    /// Whether something happens that does so many times of a hundred.
    pub fn chance(&mut self, of_hundred: usize) -> bool {
        self.below(100) < of_hundred
    }

    /// One of several, of which there is at least one.
    pub fn one_of<'a, T>(&mut self, several: &'a [T]) -> &'a T {
        &several[self.below(several.len())]
    }

    /// At least 0 and at most 1.
    pub fn fraction(&mut self) -> f64 {
        let high = u32::try_from(self.number() >> 32).expect("32 bits");
        f64::from(high) / f64::from(u32::MAX)
    }
}
