//! Where the edits of answers to other languages begin and end.

use appspec_diagnostics::Span;

use crate::build::Context;

/// Whether no two words meet when this goes with the blanks before it.
pub(super) fn stands_apart(cx: &Context<'_>, place: Span) -> bool {
    let (_, behind) = cx.around(place);
    behind
        .chars()
        .next()
        .is_none_or(|it| it.is_whitespace() || matches!(it, ',' | ';' | '}'))
}

/// A line of its own for what stands behind `sign`: the sign, the blanks behind it, and what takes their place. None
/// in a block of one line, which would have to be laid out anew.
pub(super) fn own_line(cx: &Context<'_>, start: usize, sign: Span) -> Option<(Span, String)> {
    let indent = cx.indent_of(start);
    let before = cx.text().get(..start)?.strip_suffix(indent)?;
    let (_, behind) = cx.around(sign);
    let blanks = behind.len() - behind.trim_start_matches([' ', '\t']).len();
    let place = Span {
        end: sign.end + u32::try_from(blanks).ok()?,
        ..sign
    };
    (before.is_empty() || before.ends_with(['\n', '\r'])).then(|| (place, format!("\n{indent}")))
}
