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
    reply(cx, piece.start, found);
    true
}

/// Reports the digits behind a comma that a number of another language holds, in a row of a seed; whether there were such.
pub(super) fn report_in_a_row(cx: &mut Context<'_>, start: usize) -> bool {
    let text = cx.text();
    let Some((before, behind)) = text.split_at_checked(start) else {
        return false;
    };
    // A piece begins on the line of its number.
    let line = before.rfind('\n').map_or(0, |it| it + 1);
    let before = before.get(line..).unwrap_or("");
    let Some(found) = foreign::comma_in_a_row(before, behind) else {
        return false;
    };
    reply(cx, line, found);
    true
}

/// `found` is told from `start` on.
fn reply(cx: &mut Context<'_>, start: usize, found: foreign::Phrase) {
    let place = cx.range(start + found.place.start, start + found.place.end);
    let answer = Answer {
        length: 0,
        meant: found.meant,
        help: Some(found.help),
        edit: found.edit,
    };
    foreign::reply(cx, place, &answer);
}
