//! `int? required`: what another language says of a field that has a `?` says the opposite of it.

use appspec_diagnostics::{Diagnostic, codes::syntax};

use crate::build::Context;
use crate::foreign::Answer;

/// Reports a word that says that a field is required where the field is optional; whether it is one. Which of the two is
/// meant nobody can tell, so nothing is put right. `field` is what stands before the word.
pub(super) fn report(cx: &mut Context<'_>, field: &str, at: usize, answer: &Answer) -> bool {
    let (before_texts, _) = field.split_once('"').unwrap_or((field, ""));
    let is_optional = before_texts.contains('?');
    if !is_optional || !answer.meant.starts_with("said by a field without `?`") {
        return false;
    }
    let place = cx.range(at, at + answer.length);
    let written = cx.slice(place);
    let message =
        format!("`?` says that the value may be missing, and `{written}` that it is there");
    let help = format!(
        "leave out `{written}` if the value may be missing, and the `?` if each row has one"
    );
    let found =
        Diagnostic::new(&syntax::FOREIGN_SPELLING, place, message).label("contradicts the `?`");
    cx.report(found.help(help));
    true
}
