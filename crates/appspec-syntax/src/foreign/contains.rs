//! `"a" in name`, where no range and no set follows.

use std::ops::Range;

use super::parts;
use super::phrases::{Phrase, first_operand, operand};

/// A question whether one value holds another.
struct Asked<'t> {
    part: &'t str,
    whole: &'t str,
    is_not: bool,
    place: Range<usize>,
}

/// Answers it as a question about texts.
pub(super) fn phrase(line: &str, at: usize) -> Option<Phrase> {
    let Asked {
        part,
        whole,
        is_not,
        place,
    } = asked(line, at)?;
    let not = if is_not { "not " } else { "" };
    let text = format!("{not}contains({whole}, {part})");
    Some(Phrase {
        place,
        meant: format!("`{text}`, or a set: `{part} {not}in {{a, b}}`"),
        help: format!("write `{text}` for a part of a text"),
        edit: None,
    })
}

/// The list that a line asks for one of its items, and where. `blocks` gives the texts that declare its fields.
pub(crate) fn asked_of_a_list<'t>(
    line: &'t str,
    at: usize,
    blocks: impl FnOnce() -> Vec<&'t str>,
) -> Option<(&'t str, Range<usize>)> {
    let asked = asked(line, at)?;
    let is_list = blocks().into_iter().flat_map(str::lines).any(|line| {
        let ty = line.trim_start().strip_prefix(asked.whole);
        let ty = ty.and_then(|rest| rest.trim_start().strip_prefix(':'));
        ty.is_some_and(|ty| ty.trim_start().starts_with("list of "))
    });
    is_list.then_some((asked.whole, asked.place))
}

fn asked(line: &str, at: usize) -> Option<Asked<'_>> {
    let before = line.get(..at)?;
    let found = before.rfind(" in ")?;
    let (rest, is_not) = match before.get(..found)?.strip_suffix(" not") {
        Some(rest) => (rest, true),
        None => (before.get(..found)?, false),
    };
    let (part, whole) = (operand(rest), before.get(found + 4..)?.trim());
    let behind = line.get(at..)?.trim_start_matches([' ', '\t']);
    let (whole, behind) = if whole.is_empty() {
        let whole = first_operand(behind);
        let behind = behind.get(whole.len()..)?;
        (whole, behind.trim_start_matches([' ', '\t']))
    } else {
        (whole, behind)
    };
    // `a in b, c}` has lost a brace.
    let ends = ["and ", "or ", "implies ", "\n", "\r", ")", "//"];
    if !behind.is_empty() && !ends.iter().any(|end| behind.starts_with(end)) {
        return None;
    }
    let is_path =
        super::names::plain(whole.rsplit('.').next()?).is_some() && parts::path(whole).0 == whole;
    is_path.then(|| Asked {
        part,
        whole,
        is_not,
        place: rest.len() - part.len()..at,
    })
}

#[cfg(test)]
mod tests {
    use super::{asked_of_a_list, phrase};

    #[test]
    fn a_list_is_told_from_a_text_by_what_stands_around_the_line() {
        let line = "invariant a: \"x\" in tags";
        let block = "entity A {\n  tags: list of text\n  name: text\n";
        let of_list = |line: &str| {
            asked_of_a_list(line, line.len(), || vec![block]).map(|it| it.0.to_owned())
        };
        assert_eq!(of_list(line).as_deref(), Some("tags"));
        assert_eq!(of_list("invariant a: \"x\" in name"), None);
        assert_eq!(
            phrase(line, line.len()).unwrap().help,
            "write `contains(tags, \"x\")` for a part of a text"
        );
    }
}
