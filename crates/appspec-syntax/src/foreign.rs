//! "You wrote X; in appspec it is Y": spellings of other languages.

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

/// Reports a foreign spelling; with `edit`, the fix is certain.
pub(crate) fn answer(
    cx: &mut Context<'_>,
    at: Span,
    written: &str,
    meant: &str,
    edit: Option<&str>,
) {
    let written_here = shortened(written);
    let message = match meant.strip_prefix("nothing: ") {
        Some(why) => format!("you wrote `{written_here}`; appspec needs nothing here: {why}"),
        None => format!("you wrote `{written_here}`; in appspec it is {meant}"),
    };
    let mut found = Diagnostic::new(&syntax::FOREIGN_SPELLING, at, message);
    found = found.label("spelling of another language");
    found = match edit {
        Some(text) if text.is_empty() => found
            .help(format!("remove `{}`", shortened(written)))
            .edit(at, text),
        Some(text) => found
            .help(format!("write `{}`", shortened(text)))
            .edit(at, text),
        None => found,
    };
    cx.report(found);
}

/// Text of the spec for a message of one line.
pub(crate) fn shortened(text: &str) -> String {
    let line = text.lines().next().unwrap_or("").trim_end();
    let shown: String = line.chars().take(MOST_SHOWN).collect();
    if shown.len() == text.trim_end().len() {
        shown
    } else {
        format!("{shown}…")
    }
}

const MOST_SHOWN: usize = 48;
