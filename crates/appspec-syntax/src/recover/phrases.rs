//! Spellings of other languages inside of a rule.

use std::ops::Range;

use appspec_diagnostics::codes::syntax;

use crate::build::Context;
use crate::foreign;

/// Reports a spelling of another language inside of a rule; whether it was one.
pub(super) fn report(cx: &mut Context<'_>, piece: Range<usize>, offset: usize) -> bool {
    let line = cx.text().get(piece.clone()).unwrap_or("");
    if let Some((list, place)) = foreign::asked_of_a_list(line, offset, || blocks(cx, &piece)) {
        cx.error(
            &syntax::NOT_IN_THIS_VERSION,
            cx.range(piece.start + place.start, piece.start + place.end),
            format!("asking what the list `{list}` holds is not in this version"),
            "asks for an item of a list",
            "leave the rule out, and refuse such a row in code of your own",
        );
        return true;
    }
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

/// The lines around a piece, up to what stands at the beginning of a line and closes a block.
fn block<'t>(cx: &Context<'t>, piece: &Range<usize>) -> &'t str {
    let text = cx.text();
    let start = text.get(..piece.start).and_then(|it| it.rfind("\n}"));
    let end = text.get(piece.end..).and_then(|it| it.find("\n}"));
    let end = end.map_or(text.len(), |end| piece.end + end);
    text.get(start.unwrap_or(0)..end).unwrap_or("")
}

/// Each one is looked for in the whole file.
const MOST_MIXINS: usize = 8;

/// That, and the mixins of this file that its header names.
fn blocks<'t>(cx: &Context<'t>, piece: &Range<usize>) -> Vec<&'t str> {
    let own = block(cx, piece);
    let header = own.lines().find(|line| line.starts_with("entity "));
    let named = header.and_then(|line| line.rsplit_once(" with "));
    let named = named.map_or("", |(_, names)| names.trim_end_matches([' ', '{']));
    let mixins = named.split(',').take(MOST_MIXINS).filter_map(|name| {
        let whole = cx.whole();
        let start = whole.find(&format!("mixin {} {{", name.trim()))?;
        let block = whole.get(start..)?;
        block.get(..block.find("\n}").unwrap_or(block.len()))
    });
    std::iter::once(own).chain(mixins).collect()
}
