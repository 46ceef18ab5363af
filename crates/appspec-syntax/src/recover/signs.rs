//! Signs and words of other languages that stand in any part of a line.

use std::ops::Range;

use crate::build::Context;
use crate::foreign::{self, Answer};
use crate::grammar::Rule;

fn answer(rule: Rule, line: &str, at: usize) -> Option<foreign::Phrase> {
    if rule != Rule::only_member {
        // What is typed for us stands anywhere.
        return foreign::typed(line, at);
    }
    foreign::sign(line, at)
        .or_else(|| foreign::on_delete(line, at))
        .or_else(|| foreign::typed(line, at))
}

/// Reports what another language writes at a place of a member; whether there was such a thing.
pub(super) fn report(cx: &mut Context<'_>, rule: Rule, piece: Range<usize>, at: usize) -> bool {
    let line = cx.text().get(piece.clone()).unwrap_or("");
    let at = at - piece.start;
    let Some(found) = answer(rule, line, at) else {
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
