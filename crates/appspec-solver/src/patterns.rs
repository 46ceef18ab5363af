use std::collections::BTreeMap;
use std::rc::Rc;

use regex_lite::Regex;
use regex_syntax::hir::{Class, Hir, HirKind};

use crate::automaton::Automaton;

/// Longer texts than this are not made up for a pattern.
const LONGEST: usize = 300;
/// A pattern is not followed for more steps than this, whatever its repeats multiply to.
const MOST_STEPS: usize = 2_000;

/// The patterns of a spec, each read once.
#[derive(Debug, Default)]
pub struct Patterns {
    known: BTreeMap<String, Option<Pattern>>,
}

#[derive(Debug)]
struct Pattern {
    whole: Regex,
    examples: Vec<String>,
    /// The fewest and the most characters of a text that matches.
    lengths: (i128, i128),
    automaton: Option<Rc<Automaton>>,
}

impl Patterns {
    /// None read yet.
    pub fn new() -> Self {
        Self::default()
    }

    fn get(&mut self, pattern: &str) -> Option<&Pattern> {
        if !self.known.contains_key(pattern) {
            self.known.insert(pattern.to_owned(), read(pattern));
        }
        self.known.get(pattern)?.as_ref()
    }

    /// Whether the whole text matches; `None` for a pattern that can't be read.
    pub(crate) fn matches(&mut self, pattern: &str, text: &str) -> Option<bool> {
        Some(self.get(pattern)?.whole.is_match(text))
    }

    /// The fewest and the most characters of a text that matches, as far as anybody knows.
    pub(crate) fn lengths(&mut self, pattern: &str) -> (i128, i128) {
        self.get(pattern).map_or((0, i128::MAX), |own| own.lengths)
    }

    /// What decides which parts every text that matches has.
    pub(crate) fn automaton(&mut self, pattern: &str) -> Option<Rc<Automaton>> {
        self.get(pattern)?.automaton.clone()
    }

    /// Texts that match, short ones first.
    pub(crate) fn examples(&mut self, pattern: &str) -> Vec<String> {
        self.get(pattern)
            .map(|own| own.examples.clone())
            .unwrap_or_default()
    }
}

fn read(pattern: &str) -> Option<Pattern> {
    let whole = Regex::new(&format!(r"\A(?:{pattern})\z")).ok()?;
    let parsed = regex_syntax::parse(pattern).ok()?;
    let mut examples: Vec<String> = Vec::new();
    for more in [0, 1, 2, 3, 4, 6, 8, 12, 20, 40, 80] {
        for variant in 0..4 {
            let mut maker = Maker {
                more,
                variant,
                steps: 0,
                text: String::new(),
            };
            if maker.make(&parsed) && !examples.contains(&maker.text) && whole.is_match(&maker.text)
            {
                examples.push(maker.text);
            }
        }
    }
    examples.sort_by_key(|text| text.chars().count());
    Some(Pattern {
        whole,
        examples,
        lengths: lengths(&parsed),
        automaton: Automaton::of(&parsed).map(Rc::new),
    })
}

/// The fewest and the most characters. As deep as the pattern, which its parser bounds.
fn lengths(part: &Hir) -> (i128, i128) {
    match part.kind() {
        HirKind::Empty | HirKind::Look(_) => (0, 0),
        HirKind::Literal(literal) => {
            let count = String::from_utf8_lossy(&literal.0).chars().count();
            let count = i128::try_from(count).unwrap_or(i128::MAX);
            (count, count)
        }
        HirKind::Class(_) => (1, 1),
        HirKind::Capture(capture) => lengths(&capture.sub),
        HirKind::Repetition(repetition) => {
            let (least, most) = lengths(&repetition.sub);
            let most = match repetition.max {
                Some(times) => most.saturating_mul(i128::from(times)),
                None if most == 0 => 0,
                None => i128::MAX,
            };
            (least.saturating_mul(i128::from(repetition.min)), most)
        }
        HirKind::Concat(parts) => parts.iter().map(lengths).fold((0, 0), |all, own| {
            (all.0.saturating_add(own.0), all.1.saturating_add(own.1))
        }),
        HirKind::Alternation(parts) => {
            let ends = parts.iter().map(lengths);
            let ends = ends.reduce(|all, own| (all.0.min(own.0), all.1.max(own.1)));
            ends.unwrap_or((0, i128::MAX))
        }
    }
}

/// Follows a pattern and writes down one text that fits.
struct Maker {
    /// How often a repeat is done beyond what it needs.
    more: u32,
    /// Which alternative and which character is taken.
    variant: usize,
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
            HirKind::Class(class) => match character(class, self.variant) {
                Some(character) => {
                    self.text.push(character);
                    true
                }
                None => false,
            },
            HirKind::Capture(capture) => self.make(&capture.sub),
            HirKind::Repetition(repetition) => {
                let wanted = repetition.min.saturating_add(self.more);
                let times = repetition.max.map_or(wanted, |most| wanted.min(most));
                (0..times).all(|_| self.make(&repetition.sub))
            }
            HirKind::Concat(parts) => parts.iter().all(|part| self.make(part)),
            HirKind::Alternation(parts) => {
                let place = self.variant.min(parts.len().saturating_sub(1));
                parts.get(place).is_some_and(|part| self.make(part))
            }
        }
    }
}

/// A character of a class: a letter or a digit if there is one.
fn character(class: &Class, variant: usize) -> Option<char> {
    let Class::Unicode(class) = class else {
        return None;
    };
    let has = |wanted: &char| {
        let mut ranges = class.ranges().iter();
        ranges.any(|range| (range.start()..=range.end()).contains(wanted))
    };
    let common = ('a'..='z').chain('A'..='Z').chain('0'..='9').filter(has);
    let any = class.ranges().iter();
    let any = any.flat_map(|range| range.start()..=range.end());
    common.chain(any).take(variant + 1).last()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_match_and_differ() {
        let mut patterns = Patterns::new();
        for pattern in [
            "[A-Z]{3}-[0-9]{3}",
            "[^\\n]+",
            "(?:ab|c){2,3}x*",
            "[a-z0-9_-]+",
            "é[~!]",
        ] {
            let examples = patterns.examples(pattern);
            assert!(examples.len() > 1, "{pattern}: {examples:?}");
            for example in &examples {
                assert_eq!(patterns.matches(pattern, example), Some(true));
            }
        }
        assert_eq!(patterns.examples("[A-Z]{3}")[0], "AAA");
        assert_eq!(patterns.matches("[A-Z]{3}", "AAAA"), Some(false));
    }

    #[test]
    fn lengths_are_counted_in_characters() {
        let mut patterns = Patterns::new();
        assert_eq!(patterns.lengths("[A-Z]{3}-[0-9]{2,4}"), (6, 8));
        assert_eq!(patterns.lengths("é(?:ab|c)*"), (1, i128::MAX));
        assert_eq!(patterns.lengths("(?:ab|c)x?"), (1, 3));
        assert_eq!(patterns.lengths("("), (0, i128::MAX));
    }

    #[test]
    fn a_pattern_that_multiplies_is_given_up() {
        let mut patterns = Patterns::new();
        assert_eq!(patterns.examples("(?:(?:a{200}){200}){200}"), [""; 0]);
    }
}
