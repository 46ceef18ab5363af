//! What all texts that match a pattern begin with, end with or hold, and what none of them does.

use std::collections::BTreeSet;

use regex_syntax::hir::{Class, Hir, HirKind};

use crate::affixes::{Affix, At};

/// A pattern that takes more places than this is not followed.
const MOST_PLACES: usize = 2_000;
/// The same for places times characters of a part.
const MOST_PAIRS: usize = 20_000;

/// The places in a pattern, and which characters lead from one to another.
#[derive(Debug)]
pub(crate) struct Automaton {
    places: Vec<Place>,
    end: usize,
}

#[derive(Debug, Default)]
struct Place {
    /// Where one gets without reading.
    beside: Vec<usize>,
    /// Where one of these characters leads.
    read: Option<(Vec<(char, char)>, usize)>,
}

impl Automaton {
    /// Of a pattern that a whole text matches; `None` for what is not followed.
    pub(crate) fn of(pattern: &Hir) -> Option<Self> {
        let mut automaton = Self {
            places: vec![Place::default()],
            end: 0,
        };
        automaton.end = automaton.add(pattern, 0)?;
        Some(automaton)
    }

    fn place(&mut self) -> Option<usize> {
        self.places.push(Place::default());
        (self.places.len() <= MOST_PLACES).then_some(self.places.len() - 1)
    }

    fn step(&mut self, from: usize, to: usize) {
        if let Some(place) = self.places.get_mut(from) {
            place.beside.push(to);
        }
    }

    fn read(&mut self, from: usize, ranges: Vec<(char, char)>) -> Option<usize> {
        let (own, to) = (self.place()?, self.place()?);
        self.step(from, own);
        self.places.get_mut(own)?.read = Some((ranges, to));
        Some(to)
    }

    /// Where a part ends that begins here. As deep as the pattern, which its parser bounds.
    fn add(&mut self, part: &Hir, from: usize) -> Option<usize> {
        match part.kind() {
            HirKind::Empty => Some(from),
            HirKind::Literal(literal) => {
                let mut at = from;
                for character in std::str::from_utf8(&literal.0).ok()?.chars() {
                    at = self.read(at, vec![(character, character)])?;
                }
                Some(at)
            }
            HirKind::Class(Class::Unicode(class)) if !class.ranges().is_empty() => {
                let ranges = class.ranges().iter();
                let ranges = ranges.map(|range| (range.start(), range.end()));
                self.read(from, ranges.collect())
            }
            HirKind::Class(_) | HirKind::Look(_) => None,
            HirKind::Capture(capture) => self.add(&capture.sub, from),
            HirKind::Repetition(repetition) => {
                let mut at = from;
                for _ in 0..repetition.min {
                    at = self.copy(&repetition.sub, at)?;
                }
                let end = self.place()?;
                self.step(at, end);
                if let Some(most) = repetition.max {
                    for _ in repetition.min..most {
                        at = self.copy(&repetition.sub, at)?;
                        self.step(at, end);
                    }
                } else {
                    let back = self.add(&repetition.sub, end)?;
                    self.step(back, end);
                }
                Some(end)
            }
            HirKind::Concat(parts) => parts.iter().try_fold(from, |at, part| self.add(part, at)),
            HirKind::Alternation(parts) => {
                let end = self.place()?;
                for part in parts {
                    let begin = self.place()?;
                    self.step(from, begin);
                    let at = self.add(part, begin)?;
                    self.step(at, end);
                }
                Some(end)
            }
        }
    }

    /// The part of a repeat, at a place of its own: what is repeated may be empty, and then repeats cost nothing else.
    fn copy(&mut self, part: &Hir, from: usize) -> Option<usize> {
        let begin = self.place()?;
        self.step(from, begin);
        self.add(part, begin)
    }

    /// Whether every text that matches has this part, or none has; nothing where some do, or nobody knows.
    pub(crate) fn decides(&self, part: &Affix) -> Option<bool> {
        let text = Text::of(part);
        if self.places.len().saturating_mul(text.characters.len() + 2) > MOST_PAIRS {
            return None;
        }
        let mut seen = BTreeSet::from([(0, 0)]);
        let mut open: Vec<(usize, usize)> = seen.iter().copied().collect();
        let (mut has, mut lacks) = (false, false);
        while let Some((at, progress)) = open.pop() {
            if at == self.end {
                if text.is_there(progress) {
                    has = true;
                } else {
                    lacks = true;
                }
            }
            let place = self.places.get(at)?;
            let mut next: Vec<(usize, usize)> =
                place.beside.iter().map(|to| (*to, progress)).collect();
            if let Some((ranges, to)) = &place.read {
                for read in text.readings(ranges) {
                    next.push((*to, text.after(progress, read)));
                }
            }
            open.extend(next.into_iter().filter(|pair| seen.insert(*pair)));
        }
        (has != lacks).then_some(has)
    }
}

/// A part, and how much of it was read.
struct Text {
    at: At,
    characters: Vec<char>,
    /// How much of it is there again when the next character is another one.
    falls_to: Vec<usize>,
}

impl Text {
    fn of(part: &Affix) -> Self {
        let mut text = Self {
            at: part.at,
            characters: part.text.chars().collect(),
            falls_to: vec![0, 0],
        };
        for place in 1..text.characters.len() {
            let begun = text.falls_to.get(place).copied().unwrap_or(0);
            let again = text.continued(begun, text.characters.get(place).copied());
            text.falls_to.push(again);
        }
        text
    }

    fn is_there(&self, progress: usize) -> bool {
        progress == self.characters.len()
    }

    /// The characters of these ranges that the part tells apart: its own, and any other.
    fn readings(&self, ranges: &[(char, char)]) -> Vec<Option<char>> {
        let own: BTreeSet<char> = self.characters.iter().copied().collect();
        let inside = |character: &char| {
            let mut ranges = ranges.iter();
            ranges.any(|(first, last)| (first..=last).contains(&character))
        };
        let mut readings: Vec<Option<char>> = own.into_iter().filter(inside).map(Some).collect();
        let all = ranges
            .iter()
            .map(|(first, last)| (*first..=*last).count())
            .fold(0, usize::saturating_add);
        if all > readings.len() {
            readings.push(None);
        }
        readings
    }

    /// How much was read after one more character.
    fn after(&self, progress: usize, read: Option<char>) -> usize {
        let whole = self.characters.len();
        match self.at {
            At::Begin | At::Anywhere if progress == whole => whole,
            // Nothing that follows mends a beginning.
            At::Begin if progress > whole => progress,
            At::Begin => {
                if self.characters.get(progress).copied() == read {
                    progress + 1
                } else {
                    whole + 1
                }
            }
            At::End | At::Anywhere => self.continued(progress, read),
        }
    }

    /// How much of the part stands at the end of what was read, one more character included.
    fn continued(&self, mut progress: usize, read: Option<char>) -> usize {
        loop {
            if read.is_some() && self.characters.get(progress).copied() == read {
                return progress + 1;
            }
            if progress == 0 {
                return 0;
            }
            progress = self.falls_to.get(progress).copied().unwrap_or(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decided(pattern: &str, at: At, text: &str) -> Option<bool> {
        let parsed = regex_syntax::parse(pattern).unwrap();
        let part = Affix {
            at,
            text: text.to_owned(),
        };
        Automaton::of(&parsed).unwrap().decides(&part)
    }

    #[test]
    fn beginnings() {
        assert_eq!(decided("INV-[0-9]+", At::Begin, "INV"), Some(true));
        assert_eq!(decided("INV-[0-9]+", At::Begin, "INV-7"), None);
        assert_eq!(decided("INV-[0-9]+", At::Begin, "ORD"), Some(false));
        assert_eq!(decided("INV-[0-9]+", At::Begin, "INV-x"), Some(false));
        assert_eq!(decided("(?:INV|ORD)-[0-9]", At::Begin, "ORD"), None);
        assert_eq!(decided("[A-Z]{3}", At::Begin, "ABCD"), Some(false));
        assert_eq!(decided("a*", At::Begin, "a"), None);
        assert_eq!(decided(".+", At::Begin, "é"), None);
    }

    #[test]
    fn endings() {
        assert_eq!(decided("[0-9]+-x", At::End, "-x"), Some(true));
        assert_eq!(decided("[0-9]+-x", At::End, "y"), Some(false));
        assert_eq!(decided("[ab]+", At::End, "abab"), None);
        assert_eq!(decided("(?:aab)+", At::End, "aabaab"), None);
        assert_eq!(decided("(?:aab){2,}", At::End, "baab"), Some(true));
        assert_eq!(decided("(?:aab)+", At::End, "bab"), Some(false));
    }

    #[test]
    fn parts_anywhere() {
        assert_eq!(decided("[a-z]+", At::Anywhere, "A"), Some(false));
        assert_eq!(decided("[a-z]+@[a-z]+", At::Anywhere, "@"), Some(true));
        assert_eq!(decided("[a-z]+", At::Anywhere, "ab"), None);
        assert_eq!(decided("a{2,3}b?", At::Anywhere, "aa"), Some(true));
        assert_eq!(decided("(?:ab)*", At::Anywhere, "bb"), Some(false));
        assert_eq!(decided("x(?:ab)*y", At::Anywhere, "xaby"), None);
    }

    #[test]
    fn what_is_not_followed_decides_nothing() {
        let large = regex_syntax::parse("(?:(?:a{50}){50}){50}").unwrap();
        assert!(Automaton::of(&large).is_none());
        assert_eq!(decided("a{400}", At::Begin, &"b".repeat(100)), None);
    }
}
