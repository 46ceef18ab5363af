//! "You wrote X; in appspec it is Y": spellings of other languages.

mod certain;
mod lines;
mod operators;
mod types;

pub(crate) use lines::{Answer, begins_item, item, member, rest};
pub(crate) use types::check as check_types;

pub(crate) use operators::{
    is_null, list, literal, method, null, null_comparison, operator, stands_for,
};

use appspec_diagnostics::{Diagnostic, Span, codes::syntax};

use crate::build::Context;
use crate::invisible;

/// Reports a foreign spelling; with `edit`, the fix is certain.
pub(crate) fn answer(
    cx: &mut Context<'_>,
    at: Span,
    written: &str,
    meant: &str,
    edit: Option<&str>,
) {
    answer_with(cx, at, written, meant, edit.map(|text| (at, text)));
}

/// Reports a foreign spelling; with `edit`, the fix is certain, and is made at a place of its own.
pub(crate) fn answer_with(
    cx: &mut Context<'_>,
    at: Span,
    written: &str,
    meant: &str,
    edit: Option<(Span, &str)>,
) {
    let written_here = shortened(written);
    let message = match meant.strip_prefix("nothing: ") {
        Some(why) => format!("you wrote `{written_here}`; appspec needs nothing here: {why}"),
        None => format!("you wrote `{written_here}`; in appspec it is {meant}"),
    };
    let mut found = Diagnostic::new(&syntax::FOREIGN_SPELLING, at, message);
    found = found.label("spelling of another language");
    found = match edit {
        Some((place, text)) if text.is_empty() => found
            .help(format!("remove `{}`", shortened(written)))
            .edit(place, text),
        Some((place, text)) if text.starts_with('\n') => found
            .help("put what follows on a line of its own")
            .edit(place, text),
        Some((place, text)) => found
            .help(format!("write `{}`", shortened(text)))
            .edit(place, text),
        None => found,
    };
    cx.report(found);
}

/// `/* why */` at the end of its line, as we write it.
pub(crate) fn line_comment(text: &str, comment: &std::ops::Range<usize>) -> Option<String> {
    let behind = text.get(comment.end..)?.lines().next().unwrap_or("");
    let written = text.get(comment.clone())?;
    let inner = written.strip_prefix("/*")?.strip_suffix("*/")?;
    let is_one_line = !written.contains(['\n', '\r']) && behind.trim().is_empty();
    is_one_line.then(|| format!("//{}", inner.trim_end()))
}

/// Text of the spec for a message of one line.
pub(crate) fn shortened(text: &str) -> String {
    let line = text.lines().next().unwrap_or("").trim_end();
    let shown: String = line.chars().take(MOST_SHOWN).collect();
    let more = if shown.len() == text.trim_end().len() {
        ""
    } else {
        "…"
    };
    format!("{}{more}", invisible::shown(&shown))
}

const MOST_SHOWN: usize = 48;
