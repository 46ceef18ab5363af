//! `suppress` at the end of a line, or above a part of an item that has no finding of its own.

use appspec_diagnostics::{Diagnostic, codes::syntax};

use crate::build::Context;
use crate::grammar::Rule;
use crate::words::split;

/// Reports a `suppress` that stands where it acknowledges nothing; whether it was one. The piece begins at `start`, could
/// be read up to `at`, and ends at `end`.
pub(super) fn report(
    cx: &mut Context<'_>,
    (start, at, end): (usize, usize, usize),
    is_in_field: bool,
    rule: Rule,
) -> bool {
    let block = match rule {
        Rule::only_value => Some("enum"),
        Rule::only_row | Rule::only_entry => Some("seed"),
        Rule::only_setting => Some("project"),
        _ => None,
    };
    let text = cx.text();
    let rest = text.get(at..end).unwrap_or("");
    let piece = text.get(start..end).unwrap_or("");
    // A value, a row and a field can be called `suppress`.
    let place = match block {
        Some(_) if is_suppress(piece) => start,
        _ if is_suppress(rest) && at > start => at,
        _ => return false,
    };
    let help = match block {
        Some(block) => format!(
            "put it on a line of its own above the `{block}`: it is about all that stands in it"
        ),
        None if is_in_field => "put it on a line of its own above the field".to_owned(),
        None => "put it on a line of its own above this one".to_owned(),
    };
    let what = match block {
        Some("enum") => "a value of an enum",
        Some("seed") => "a part of a seed",
        Some(_) => "a setting",
        None => "the end of a line",
    };
    let word = cx.range(place, place + "suppress".len());
    let message = match block {
        Some(_) => format!("`suppress` is about an item or a member, not about {what}"),
        None => format!("`suppress` can't stand at {what}"),
    };
    let found = Diagnostic::new(&syntax::UNEXPECTED, word, message).label("can't stand here");
    cx.report(found.help(help));
    true
}

/// Whether a text begins with `suppress` and a code.
fn is_suppress(text: &str) -> bool {
    let Some(behind) = text.strip_prefix("suppress") else {
        return false;
    };
    let (group, name) = split(behind.trim_start_matches([' ', '\t']));
    behind.starts_with([' ', '\t']) && !group.is_empty() && name.starts_with("::")
}
