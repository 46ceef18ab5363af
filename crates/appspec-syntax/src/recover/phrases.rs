//! Spellings of other languages inside of a rule.

use std::ops::Range;

use crate::build::Context;
use crate::foreign;

/// Reports a spelling of another language inside of a rule; whether it was one.
pub(super) fn report(cx: &mut Context<'_>, piece: Range<usize>, offset: usize) -> bool {
    let line = cx.text().get(piece.clone()).unwrap_or("");
    let Some(phrase) = foreign::phrase(line, offset) else {
        return false;
    };
    let place = cx.range(
        piece.start + phrase.place.start,
        piece.start + phrase.place.end,
    );
    let answer = foreign::Answer {
        length: 0,
        meant: phrase.meant,
        help: Some(phrase.help),
        edit: phrase.edit,
    };
    foreign::reply(cx, place, &answer);
    true
}
