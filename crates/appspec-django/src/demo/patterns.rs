//! Whether a text matches the pattern of its field, and texts that do.

use std::collections::BTreeMap;

use regex_lite::Regex;
use regex_syntax::hir::{Class, Hir, HirKind};

/// Longer texts are not made up.
const LONGEST: usize = 200;
/// Nor is a pattern followed for more steps than this, whatever its repeats multiply to.
const MOST_STEPS: usize = 2_000;

/// The patterns of a spec, each read once.
#[derive(Default)]
pub(crate) struct Patterns {
    known: BTreeMap<String, Option<Known>>,
}

/// A pattern that was read.
struct Known {
    whole: Regex,
    parsed: Hir,
    /// Examples by turn: fields of many entities have the same few patterns.
    examples: BTreeMap<usize, Vec<String>>,
}

impl Patterns {
    fn get(&mut self, pattern: &str) -> Option<&mut Known> {
        if !self.known.contains_key(pattern) {
            let read = || {
                Some(Known {
                    whole: Regex::new(&format!(r"\A(?:{pattern})\z")).ok()?,
                    parsed: regex_syntax::parse(pattern).ok()?,
                    examples: BTreeMap::new(),
                })
            };
            self.known.insert(pattern.to_owned(), read());
        }
        self.known.get_mut(pattern)?.as_mut()
    }

    /// Whether the whole text matches; a pattern that can't be read matches nothing.
    pub(crate) fn matches(&mut self, pattern: &str, text: &str) -> bool {
        self.get(pattern)
            .is_some_and(|known| known.whole.is_match(text))
    }

    /// Texts that match, others for each turn as far as the pattern has so many. What may be repeated is less often in
    /// each that follows, for fields that have little room.
    pub(super) fn examples(&mut self, pattern: &str, turn: usize) -> Vec<String> {
        let Some(known) = self.get(pattern) else {
            return Vec::new();
        };
        let parsed = &known.parsed;
        known
            .examples
            .entry(turn)
            .or_insert_with(|| made(parsed, turn))
            .clone()
    }
}

fn made(parsed: &Hir, turn: usize) -> Vec<String> {
    let made = [4, 2, 1, 0].into_iter().filter_map(|repeats| {
        let mut maker = Maker {
            left: turn,
            repeats,
            steps: 0,
            text: String::new(),
        };
        maker.make(parsed).then_some(maker.text)
    });
    let mut found: Vec<String> = made.collect();
    found.dedup();
    found
}

/// Follows a pattern and writes down one text that fits: the turn is spent like a number on its digits, the last
/// place first.
struct Maker {
    left: usize,
    /// How often what may be repeated is repeated, where the pattern leaves it open.
    repeats: u32,
    steps: usize,
    text: String,
}

impl Maker {
    /// False when the text gets too long. The parser's limit on nesting makes the recursion safe.
    fn make(&mut self, part: &Hir) -> bool {
        self.steps += 1;
        if self.steps > MOST_STEPS || self.text.len() > LONGEST {
            return false;
        }
        match part.kind() {
            HirKind::Empty | HirKind::Look(_) => true,
            HirKind::Literal(literal) => {
                self.text.push_str(&String::from_utf8_lossy(&literal.0));
                true
            }
            HirKind::Class(class) => match self.character(class) {
                Some(character) => {
                    self.text.push(character);
                    true
                }
                None => false,
            },
            HirKind::Capture(capture) => self.make(&capture.sub),
            HirKind::Repetition(repetition) => {
                let wanted = repetition.min.max(self.repeats);
                let times = repetition.max.map_or(wanted, |most| wanted.min(most));
                (0..times).all(|_| self.make(&repetition.sub))
            }
            HirKind::Concat(parts) => parts.iter().all(|part| self.make(part)),
            HirKind::Alternation(parts) => {
                let place = self.spend(parts.len());
                parts.get(place).is_some_and(|part| self.make(part))
            }
        }
    }

    /// A digit or a letter if there is one.
    fn character(&mut self, class: &Class) -> Option<char> {
        let Class::Unicode(class) = class else {
            return None;
        };
        let has = |wanted: &char| {
            let mut ranges = class.ranges().iter();
            ranges.any(|range| (range.start()..=range.end()).contains(wanted))
        };
        let common: Vec<char> = ('0'..='9')
            .chain('A'..='Z')
            .chain('a'..='z')
            .filter(has)
            .collect();
        // The first place is different for each character, so that a text does not look like `00000000`.
        let start = self.text.chars().count() * 3 + 2;
        let place = self.spend(common.len());
        common
            .get((start + place) % common.len().max(1))
            .copied()
            .or_else(|| {
                class
                    .ranges()
                    .first()
                    .map(regex_syntax::hir::ClassUnicodeRange::start)
            })
    }

    fn spend(&mut self, choices: usize) -> usize {
        let choices = choices.max(1);
        let place = self.left % choices;
        self.left /= choices;
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_match_and_differ() {
        let mut patterns = Patterns::default();
        for pattern in [
            "[A-Z]{3}-[0-9]{3}",
            "(?:ab|c){2,3}x*",
            "[0-9]{9}",
            "é[~!]",
            "[A-Z]{2}-[0-9]{1,4}",
        ] {
            let examples: Vec<String> = (0..4)
                .filter_map(|turn| patterns.examples(pattern, turn).into_iter().next())
                .collect();
            assert_eq!(examples.len(), 4, "{pattern}");
            assert!(
                examples.iter().all(|text| patterns.matches(pattern, text)),
                "{pattern}: {examples:?}"
            );
        }
        let (one, other) = (
            patterns.examples("[0-9]{9}", 0),
            patterns.examples("[0-9]{9}", 1),
        );
        assert_ne!(one, other);
        assert_eq!(one.len(), 1);
        assert_eq!(
            patterns.examples("-?[a-c]+", 0),
            ["-cccc", "-cc", "-c", "c"]
        );
        assert!(patterns.examples("(?:(?:a{200}){200}){200}", 0).is_empty());
        assert!(!patterns.matches("[A-Z]{3}", "AAAA"));
        assert!(!patterns.matches("(", "("));
    }
}
