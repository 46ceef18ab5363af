//! Signs and words of other languages that stand in any part of a member.

use std::ops::Range;

use crate::build::Context;
use crate::foreign::{self, Answer};

/// Reports what another language writes at a place of a member; whether there was such a thing.
pub(super) fn report(cx: &mut Context<'_>, piece: Range<usize>, at: usize) -> bool {
    let line = cx.text().get(piece.clone()).unwrap_or("");
    let at = at - piece.start;
    let Some(found) = foreign::sign(line, at).or_else(|| foreign::on_delete(line, at)) else {
        return false;
    };
    let place = cx.range(
        piece.start + found.place.start,
        piece.start + found.place.end,
    );
    let answer = Answer {
        length: 0,
        meant: found.meant,
        help: Some(found.help),
        edit: found.edit,
    };
    foreign::reply(cx, place, &answer);
    true
}
