//! Members that are nearly what they were meant to be, with what to write for them.

use std::ops::Range;

use appspec_diagnostics::closest;

use crate::grammar::Rule;
use crate::stack;
use crate::words::split;

/// What to write, and the edit that does it.
pub(super) struct Form {
    pub(super) help: String,
    pub(super) edit: Option<(Range<usize>, String)>,
}

/// The form of a member that could be read up to `at`. `has` says what would have fitted there.
pub(super) fn form(piece: &str, at: usize, has: &dyn Fn(&str) -> bool) -> Option<Form> {
    let (first, _) = split(piece);
    let before = piece.get(..at)?.trim_end();
    let rest = piece.get(at..)?;
    let found = match first {
        "invariant" => changed_fields(piece, before, rest).or_else(|| moment(before, rest, has)),
        _ => rule_in_other_words(piece, first),
    };
    found.or_else(|| narrowed(piece, at, has))
}

/// `on change of a, b: …`, `on change a: …`
fn changed_fields(piece: &str, before: &str, rest: &str) -> Option<Form> {
    let (beginning, fields) = if rest.starts_with(',') {
        let start = before.rfind(" of ")? + " of ".len();
        (before.get(..start)?, piece.get(start..)?)
    } else {
        before.ends_with("on change").then_some((before, rest))?
    };
    beginning.contains("on change").then_some(())?;
    let (fields, rule) = fields.split_once(':')?;
    let fields = fields.trim();
    let of = if beginning.ends_with(" of ") {
        ""
    } else {
        " of "
    };
    let ours = if fields.contains(',') {
        format!("({fields})")
    } else {
        fields.to_owned()
    };
    is_member(&format!("{beginning}{of}{ours}:{rule}")).then_some(())?;
    let start = beginning.len();
    let end = piece.len() - rule.len() - 1;
    Some(Form {
        help: format!("write `on change of {ours}`"),
        edit: Some((start..end, format!("{of}{ours}"))),
    })
}

/// `on save: …`
fn moment(before: &str, rest: &str, has: &dyn Fn(&str) -> bool) -> Option<Form> {
    let is_moment = before.ends_with(" on") && has("`create`");
    let (word, _) = split(rest);
    // `on creat` is a slip of a finger.
    let is_slip = closest(word, ["create", "change"]).is_some();
    (is_moment && !word.is_empty() && !is_slip).then(|| Form {
        help: format!(
            "leave `on {word}` out: without a moment, a rule always holds; the moments are `on create` and `on change of field`"
        ),
        edit: None,
    })
}

/// `rule a: …`
fn rule_in_other_words(piece: &str, first: &str) -> Option<Form> {
    RULES.contains(&first).then_some(())?;
    let ours = format!("invariant{}", piece.get(first.len()..)?);
    is_member(&ours).then(|| Form {
        help: "write `invariant` before the name of a rule".to_owned(),
        edit: Some((0..first.len(), "invariant".to_owned())),
    })
}

const RULES: &[&str] = &[
    "assert",
    "ensure",
    "require",
    "rule",
    "validate",
    "validation",
];

/// `unique (a) when open`, `frozen if open`
fn narrowed(piece: &str, at: usize, has: &dyn Fn(&str) -> bool) -> Option<Form> {
    let (word, _) = split(piece.get(at..)?);
    matches!(word, "when" | "where" | "if").then_some(())?;
    let place = at..at + word.len();
    let (before, behind) = (piece.get(..place.start)?, piece.get(place.end..)?);
    let ours = ["where", "when"]
        .into_iter()
        .find(|ours| has(&format!("`{ours}`")) && is_member(&format!("{before}{ours}{behind}")))?;
    Some(Form {
        help: format!("write `{ours}` before the condition"),
        edit: Some((place, ours.to_owned())),
    })
}

fn is_member(text: &str) -> bool {
    stack::parse(Rule::only_member, text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::form;

    /// The member with its edit, or what to do where there is none.
    fn mended(piece: &str, at: &str) -> Option<String> {
        let has = |_: &str| true;
        let found = form(piece, piece.find(at).unwrap(), &has)?;
        Some(match found.edit {
            Some((place, text)) => format!(
                "{}{text}{}",
                piece.get(..place.start).unwrap(),
                piece.get(place.end..).unwrap()
            ),
            None => found.help,
        })
    }

    #[test]
    fn words_that_are_nearly_ours() {
        for (piece, at, ours) in [
            (
                "invariant a on change of b, c: b > c",
                ", c",
                "invariant a on change of (b, c): b > c",
            ),
            (
                "invariant a on change b: b > 3",
                "b:",
                "invariant a on change of b: b > 3",
            ),
            ("rule a: b > 3", "a:", "invariant a: b > 3"),
            ("unique (a) when b", "when", "unique (a) where b"),
            ("unique (a) if b", "if", "unique (a) where b"),
            ("frozen if b", "if", "frozen when b"),
        ] {
            assert_eq!(mended(piece, at).as_deref(), Some(ours), "{piece}");
        }
        assert!(
            mended("invariant a on save: b > 3", "save")
                .unwrap()
                .starts_with("leave `on save` out")
        );
        for (piece, at) in [
            ("rule a b", "a"),
            ("unique (a) when", "when"),
            ("invariant a on change of b, c", ", c"),
        ] {
            assert_eq!(mended(piece, at), None, "{piece}");
        }
    }
}
