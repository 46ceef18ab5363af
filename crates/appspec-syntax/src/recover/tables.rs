//! The lines of blocks of other languages, `model User { … }` and `CREATE TABLE users (…)`: each is answered in the same run,
//! so that nothing waits behind the header.

use crate::build::Context;
use crate::foreign::{self, Answer, Around, Dialect, Table};
use crate::grammar::{Pair, Rule};

use super::expected;

/// Reports what stands in such a block, and those that follow it in the same piece of junk.
pub(super) fn report(cx: &mut Context<'_>, junk: &Pair<'_>) {
    let start = junk.as_span().start();
    let end = cx.trimmed_end(start, junk.as_span().end());
    let text = cx.text().get(start..end).unwrap_or("");
    let mut at = 0;
    while let Some(table) = text.get(at..).and_then(foreign::table) {
        cx.set_dialect(Some(table.dialect));
        lines(cx, start + at, &table);
        cx.set_dialect(None);
        let Some(behind) = text.get(at + table.end..) else {
            return;
        };
        at = text.len()
            - behind
                .trim_start_matches([' ', '\t', '\r', '\n', ';', ')', '}'])
                .len();
        let next = text.get(at..);
        if let Some(next) = next.and_then(|it| foreign::item(it, cx.whole())) {
            let place = cx.range(start + at, start + at + next.length);
            foreign::reply(cx, place, &next);
        }
    }
}

fn lines(cx: &mut Context<'_>, base: usize, table: &Table) {
    for entry in &table.entries {
        if cx.is_full() {
            return;
        }
        let (start, end) = (base + entry.start, base + entry.end);
        let written = cx.text().get(start..end).unwrap_or("");
        // A column of several lines is read as one; each letter stays where it is.
        let line = written.replace(['\n', '\r', '\t'], " ");
        let around = Around {
            dialect: Some(table.dialect),
            before: cx.text().get(..start).unwrap_or(""),
            behind: cx.text().get(end..).unwrap_or(""),
            whole: cx.whole(),
        };
        if let Some(answer) = foreign::member(&line, &around) {
            // The lines can only be mended where the header can.
            let edit = answer.edit.filter(|_| table.can_mend);
            let place = cx.range(start, start + answer.length);
            foreign::reply(cx, place, &Answer { edit, ..answer });
            continue;
        }
        let unended = written.trim_end_matches([',', ';']);
        // What is no field of a class is code, for which there is no place.
        let is_field = table.dialect != Dialect::Script || foreign::is_member(unended);
        if table.is_block && is_field && !foreign::is_member(written) {
            expected::report_piece(cx, start, end, Rule::only_member);
        }
    }
}
