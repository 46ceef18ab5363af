//! What texts begin with, end with and hold: which of it follows from which, and how long a text has to be for it.

use appspec_ir::{Expr, ExprKind, Field, Function, Id, Value};

use crate::problem::Problem;
use crate::state::State;

/// A part that a text has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Affix {
    pub(crate) at: At,
    pub(crate) text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum At {
    Begin,
    End,
    Anywhere,
}

impl Affix {
    /// Of a condition that says this and nothing else.
    pub(crate) fn of(condition: &Expr) -> Option<(Id<Field>, Self)> {
        let ExprKind::Call(function, arguments) = &condition.kind else {
            return None;
        };
        let at = match function {
            Function::StartsWith => At::Begin,
            Function::EndsWith => At::End,
            Function::Contains => At::Anywhere,
            _ => return None,
        };
        match arguments.as_slice() {
            [
                Expr {
                    kind: ExprKind::Field(field),
                    ..
                },
                Expr {
                    kind: ExprKind::Value(Value::Text(text)),
                    ..
                },
            ] => Some((
                *field,
                Self {
                    at,
                    text: text.clone(),
                },
            )),
            _ => None,
        }
    }

    /// Whether a text with this part has the other one too, or can't have it; nothing where both may be.
    pub(crate) fn decides(&self, other: &Self) -> Option<bool> {
        let (own, text) = (self.text.as_str(), other.text.as_str());
        match (self.at, other.at) {
            (At::Begin, At::Begin) if own.starts_with(text) => Some(true),
            (At::Begin, At::Begin) if !text.starts_with(own) => Some(false),
            (At::End, At::End) if own.ends_with(text) => Some(true),
            (At::End, At::End) if !text.ends_with(own) => Some(false),
            (_, At::Anywhere) if own.contains(text) => Some(true),
            _ => None,
        }
    }
}

/// The fewest characters of a text with these parts.
fn shortest<'a>(parts: impl Iterator<Item = &'a Affix>) -> i128 {
    let (mut begin, mut end, mut least) = ("", "", 0);
    for part in parts {
        let text = part.text.as_str();
        match part.at {
            At::Begin if text.len() > begin.len() => begin = text,
            At::End if text.len() > end.len() => end = text,
            _ => {}
        }
        least = least.max(text.chars().count());
    }
    // Both ends may share what is in the middle.
    let places = end.char_indices().map(|(at, _)| at).chain([end.len()]);
    let shared = places
        .filter_map(|at| end.get(..at))
        .filter(|shared| begin.ends_with(shared))
        .map(|shared| shared.chars().count())
        .max()
        .unwrap_or(0);
    let both = begin.chars().count() + end.chars().count() - shared;
    i128::try_from(least.max(both)).unwrap_or(i128::MAX)
}

/// The fewest characters of the text of a symbol, by the parts that a state says it has.
pub(crate) fn least_length(problem: &Problem<'_>, state: &State, symbol: usize) -> i128 {
    let atoms = problem.atoms.iter().enumerate();
    let atoms = atoms
        .filter(|(place, atom)| atom.subject == Some(symbol) && state.opaque(*place) == Some(true));
    shortest(atoms.filter_map(|(_, atom)| atom.affix.as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(at: At, text: &str) -> Affix {
        Affix {
            at,
            text: text.to_owned(),
        }
    }

    #[test]
    fn one_part_decides_another() {
        let begin = part(At::Begin, "INV-2");
        assert_eq!(begin.decides(&part(At::Begin, "INV")), Some(true));
        assert_eq!(begin.decides(&part(At::Begin, "INV-23")), None);
        assert_eq!(begin.decides(&part(At::Begin, "ORD")), Some(false));
        assert_eq!(begin.decides(&part(At::Anywhere, "V-")), Some(true));
        assert_eq!(begin.decides(&part(At::End, "2")), None);
        assert_eq!(
            part(At::End, "-x").decides(&part(At::End, "y")),
            Some(false)
        );
    }

    #[test]
    fn both_ends_may_share_the_middle() {
        let least =
            |begin: &str, end: &str| shortest([part(At::Begin, begin), part(At::End, end)].iter());
        assert_eq!(least("abc", "bcd"), 4);
        assert_eq!(least("abc", "xyz"), 6);
        assert_eq!(least("aba", "aba"), 3);
        assert_eq!(least("é", "é"), 1);
    }
}
