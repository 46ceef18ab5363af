//! The one token that makes a piece right, and whether it is the only thing that can be meant.

use super::found;
use crate::grammar::Rule;
use crate::stack;
use crate::words::split;

/// One token that makes a piece right.
pub(super) struct Mend {
    pub(super) token: &'static str,
    /// Nothing else can be meant: the edit may be made without asking.
    pub(super) is_certain: bool,
}

/// Longer pieces are not tried place by place: each try reads the whole of it.
const LONGEST: usize = 400;

/// Whether a piece is right with a token at this place.
pub(super) fn fits(piece: &str, at: usize, token: &str, rule: Rule) -> bool {
    piece.split_at_checked(at).is_some_and(|(before, behind)| {
        stack::parse(rule, &format!("{before}{token} {behind}")).is_ok()
    })
}

/// Whether the token that fits at `at` can only be meant there. A `)` fits behind each operand of `(a + b * 2 <= 10`, and
/// each place is another rule.
pub(super) fn is_certain(piece: &str, at: usize, token: &str, rule: Rule) -> bool {
    if token == ":" {
        return is_field(piece, at);
    }
    if piece.len() > LONGEST {
        return false;
    }
    let places = ends_of_tokens(piece).filter(|place| fits(piece, *place, token, rule));
    places.take(2).count() == 1
}

/// `name text`, in one line. `has many Visit` and `by int` are sentences of something else, which would become fields
/// `has` and `by`.
fn is_field(piece: &str, at: usize) -> bool {
    let (word, behind) = split(piece);
    let (next, _) = split(behind.trim_start());
    let gap = behind.len() - behind.trim_start_matches([' ', '\t']).len();
    let line = piece.get(..at).unwrap_or("").lines().count();
    let is_broken = behind
        .get(gap..)
        .is_some_and(|it| it.starts_with(['\n', '\r']));
    line < 2 && !is_broken && !SENTENCES.contains(&word) && next != "many"
}

/// What lines begin with that say something about other entities or the line above.
const SENTENCES: &[&str] = &[
    "as",
    "belongs",
    "belongs_to",
    "by",
    "contains",
    "has",
    "has_many",
    "has_one",
    "have",
    "many",
    "one",
    "owns",
    "references",
    "to",
    "with",
];

/// Where the tokens of a piece end.
fn ends_of_tokens(piece: &str) -> impl Iterator<Item = usize> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = piece.get(at..)?;
        let token = rest.trim_start_matches([' ', '\t', '\r', '\n']);
        let first = token.chars().next()?;
        at = piece.len() - token.len() + found::length(token, first).max(first.len_utf8());
        Some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::{fits, is_certain};
    use crate::grammar::Rule;

    fn at_end(piece: &str) -> bool {
        assert!(fits(piece, piece.len(), ")", Rule::only_member), "{piece}");
        is_certain(piece, piece.len(), ")", Rule::only_member)
    }

    #[test]
    fn a_bracket_that_can_only_end_in_one_place_is_certain() {
        for piece in [
            "a: text(80",
            "unique (a, b",
            "index (a desc",
            "a: decimal(8, 2",
            "invariant a: late(this",
        ] {
            assert!(at_end(piece), "{piece}");
        }
        for piece in [
            "invariant a: (adults + children * 2 <= 10",
            "invariant a: not (b and c",
            "derive a: int = (b + c",
        ] {
            assert!(!at_end(piece), "{piece}");
        }
        let long = format!("a: text(80{}", " ".repeat(500));
        assert!(!is_certain(&long, 10, ")", Rule::only_member));
    }

    #[test]
    fn a_colon_is_certain_between_a_name_and_its_type() {
        let colon = |piece: &str, at| is_certain(piece, at, ":", Rule::only_member);
        assert!(colon("name text(80)", 4));
        assert!(colon("visit Visit? on delete cascade", 5));
        assert!(!colon("has many Visit", 3));
        assert!(!colon("visits many Visit", 6));
        assert!(!colon("by int", 2));
        assert!(!colon("name\n  text", 4));
    }
}
