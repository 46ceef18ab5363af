//! "You wrote X; in appspec it is Y": spellings of other languages.

mod operators;

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
    let message = format!("you wrote `{written}`; in appspec it is {meant}");
    let mut found = Diagnostic::new(&syntax::FOREIGN_SPELLING, at, message);
    found = found.label("spelling of another language");
    found = match edit {
        Some(text) if text.is_empty() => found.help(format!("remove `{written}`")).edit(at, text),
        Some(text) => found.help(format!("write `{text}`")).edit(at, text),
        None => found,
    };
    cx.report(found);
}
