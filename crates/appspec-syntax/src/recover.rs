//! Junk to findings: each piece that can't be read is looked at again, alone, with the rule that was
//! meant, so that the finding names the exact place and what would fit there.

mod advice;
mod body;
mod edits;
mod expected;
mod forms;
mod found;
mod goes_on;
mod mend;
mod misplaced;
pub(crate) mod nested;
mod phrases;
mod required;
mod signs;
mod symbols;
mod tables;

use appspec_diagnostics::{Diagnostic, codes::syntax};

use crate::ast::{Item, Member};
use crate::build::Context;
use crate::foreign;
use crate::grammar::{Pair, Rule};
use crate::invisible;
use crate::reserved;

/// Text at the top level that begins no item; the items that it was meant to be.
pub(crate) fn item(cx: &mut Context<'_>, junk: &Pair<'_>) -> Vec<Item> {
    let begin = cx.range(junk.as_span().start(), 0).start as usize;
    if cx.is_answered(begin) || report_statement(cx, begin) {
        cx.leave_unread(junk);
        return Vec::new();
    }
    if junk.as_str().starts_with('}') {
        closes_nothing(cx, junk);
    } else if !body::report_word_before(cx, junk) {
        expected::report(cx, junk, Rule::only_item);
        tables::report(cx, junk);
    }
    let items = body::read(cx, junk);
    if items.is_empty() {
        cx.leave_unread(junk);
    } else {
        cx.forget_docs(junk);
    }
    items
}

/// Reports a statement that no item stands for, with all lines that it goes on for; whether it is one.
fn report_statement(cx: &mut Context<'_>, begin: usize) -> bool {
    let text = cx.whole().get(begin..).unwrap_or("");
    if let Some(table) = foreign::table(text) {
        // Its `end` stands alone, as an item would.
        if table.dialect == foreign::Dialect::Ruby {
            cx.answer_until(begin + table.end);
        }
        return false;
    }
    let Some(statement) = foreign::statement(text) else {
        return false;
    };
    let at = cx.in_file(begin, begin + statement.head);
    foreign::reply_to_statement(cx, at, statement.meant, statement.help);
    cx.answer_until(begin + statement.length);
    true
}

/// Reports a `}` that no block is open for.
fn closes_nothing(cx: &mut Context<'_>, junk: &Pair<'_>) {
    let start = junk.as_span().start();
    cx.error(
        &syntax::UNEXPECTED,
        cx.range(start, start + 1),
        "this `}` closes nothing",
        "no block is open here",
        "remove it, or look for a `}` too many above",
    );
}

/// Whether junk in a block is a `}` that would close too much. It belongs to a `{` that is missing above, when
/// something above is wrong.
fn is_stray_close(cx: &mut Context<'_>, junk: &Pair<'_>) -> bool {
    let start = junk.as_span().start();
    let is_close = cx.text().get(start..).is_some_and(|it| it.starts_with('}'));
    if is_close && !cx.item_is_wrong() {
        closes_nothing(cx, junk);
    }
    is_close
}

/// The rest of a block behind an item inside of it: nothing in it is at fault.
pub(crate) fn rest_of_block(cx: &mut Context<'_>, junk: &Pair<'_>) {
    cx.leave_unread(junk);
}

/// A line of an entity that is no member; `above` is the last one that is.
pub(crate) fn member(cx: &mut Context<'_>, junk: &Pair<'_>, above: Option<&Member>) {
    cx.leave_unread(junk);
    if is_stray_close(cx, junk)
        || cx.follows_junk(junk)
        || cx.is_full()
        || goes_on::report(cx, junk, above)
    {
        return;
    }
    expected::report(cx, junk, Rule::only_member);
}

/// A line of a lifecycle that is no action.
pub(crate) fn action(cx: &mut Context<'_>, junk: &Pair<'_>) {
    cx.leave_unread(junk);
    if is_stray_close(cx, junk) || cx.follows_junk(junk) {
        return;
    }
    expected::report(cx, junk, Rule::only_action);
}

/// A line of an access block that says nothing.
pub(crate) fn grant(cx: &mut Context<'_>, junk: &Pair<'_>) {
    cx.leave_unread(junk);
    if is_stray_close(cx, junk) || cx.follows_junk(junk) {
        return;
    }
    expected::report(cx, junk, Rule::only_grant);
}

/// A line of an `auth` block that is no setting.
pub(crate) fn auth(cx: &mut Context<'_>, junk: &Pair<'_>) {
    cx.leave_unread(junk);
    if is_stray_close(cx, junk) || cx.follows_junk(junk) {
        return;
    }
    expected::report(cx, junk, Rule::only_auth);
}

/// A line of an `environment` block that declares nothing.
pub(crate) fn variable(cx: &mut Context<'_>, junk: &Pair<'_>) {
    cx.leave_unread(junk);
    if is_stray_close(cx, junk) || cx.follows_junk(junk) {
        return;
    }
    expected::report(cx, junk, Rule::only_variable);
}

/// A piece of a service that is no setting.
pub(crate) fn service_entry(cx: &mut Context<'_>, junk: &Pair<'_>) {
    cx.leave_unread(junk);
    if is_stray_close(cx, junk) || cx.follows_junk(junk) {
        return;
    }
    expected::report(cx, junk, Rule::only_service_entry);
}

/// A piece of an enum that is no value.
pub(crate) fn value(cx: &mut Context<'_>, junk: &Pair<'_>) {
    cx.leave_unread(junk);
    if is_stray_close(cx, junk) || cx.follows_junk(junk) {
        return;
    }
    expected::report(cx, junk, Rule::only_value);
}

/// A line of `project` that is no setting.
pub(crate) fn setting(cx: &mut Context<'_>, junk: &Pair<'_>) {
    cx.leave_unread(junk);
    if is_stray_close(cx, junk) || cx.follows_junk(junk) {
        return;
    }
    expected::report(cx, junk, Rule::only_setting);
}

/// A piece of a seed that is no row.
pub(crate) fn row(cx: &mut Context<'_>, junk: &Pair<'_>) {
    cx.leave_unread(junk);
    if is_stray_close(cx, junk) || cx.follows_junk(junk) {
        return;
    }
    expected::report(cx, junk, Rule::only_row);
}

/// A piece of a seed's row that is no value.
pub(crate) fn entry(cx: &mut Context<'_>, junk: &Pair<'_>) {
    cx.leave_unread(junk);
    if is_stray_close(cx, junk) || cx.follows_junk(junk) {
        return;
    }
    if cx.is_full() || signs::report_in_a_row(cx, junk.as_span().start()) {
        return;
    }
    expected::report(cx, junk, Rule::only_entry);
}

/// An item that this version does not build.
pub(crate) fn reserved_item(cx: &mut Context<'_>, pair: &Pair<'_>) {
    cx.leave_unread(pair);
    if let Some(word) = pair.clone().into_inner().next() {
        reserved::item(cx, &word);
    }
}

/// A member that this version does not build.
pub(crate) fn reserved_member(cx: &mut Context<'_>, pair: &Pair<'_>) {
    cx.leave_unread(pair);
    if let Some(word) = pair.clone().into_inner().next() {
        reserved::member(cx, &word);
    }
}

/// The parts of a block that are not its content; whether `part` was one of them.
pub(crate) fn block_part(cx: &mut Context<'_>, block: &Pair<'_>, part: &Pair<'_>) -> bool {
    match part.as_rule() {
        Rule::missing_close => missing_close(cx, block, part),
        Rule::trailing_junk | Rule::trailing_entry => {
            cx.leave_unread(part);
            let at = cx.span(part);
            let (start, end) = (part.as_span().start(), part.as_span().end());
            let expected = "the end of the line";
            if !invisible::report(cx, start, start..end, expected) {
                cx.error(
                    &syntax::UNEXPECTED,
                    at,
                    "expected the end of the line after `}`",
                    "this belongs on a line of its own",
                    "begin a new line",
                );
            }
        }
        Rule::bad_header | Rule::bad_seed_header => {
            cx.leave_unread(part);
            expected::report_header(cx, block, part);
        }
        Rule::kw_project
        | Rule::kw_enum
        | Rule::kw_mixin
        | Rule::kw_entity
        | Rule::kw_extend
        | Rule::kw_seed
        | Rule::kw_access
        | Rule::kw_auth
        | Rule::kw_environment
        | Rule::kw_var
        | Rule::kw_secret
        | Rule::kw_service
        | Rule::kw_lifecycle
        | Rule::comma
        | Rule::open
        | Rule::close => {}
        _ => return false,
    }
    true
}

fn missing_close(cx: &mut Context<'_>, block: &Pair<'_>, part: &Pair<'_>) {
    if cx.ends_below() || cx.end_is_hidden() || cx.is_full() {
        return;
    }
    let start = block.as_span().start();
    let end = cx.trimmed_end(start, content_end(block, part));
    if cx.item_is_wrong() && closes_by_layout(cx, start, end) {
        return;
    }
    let opened = block
        .clone()
        .into_inner()
        .find(|it| it.as_rule() == Rule::open);
    let mut found = Diagnostic::new(
        &syntax::MISSING_CLOSE,
        cx.range(end, end),
        format!("expected `}}` to end {}", symbols::of(block.as_rule())),
    )
    .label("`}` belongs behind this")
    .help("add `}` on a line of its own");
    if let Some(opened) = opened {
        found = found.note(cx.token(&opened), "opened here");
    }
    let indent = cx.indent_of(start);
    // A header with nothing below it may as well have been written twice.
    let is_empty = cx
        .text()
        .get(start..end)
        .is_some_and(|it| it.ends_with('{'));
    let edit = format!("\n{indent}}}");
    cx.report(found.edit_if(!is_empty, cx.range(end, end), edit));
}

/// Where the content of a block that is not closed ends: what is acknowledged last is about the member behind the block.
fn content_end(block: &Pair<'_>, part: &Pair<'_>) -> usize {
    let mut end = part.as_span().start();
    for it in block.clone().into_inner().rev() {
        match it.as_rule() {
            Rule::missing_close => {}
            Rule::suppress => end = it.as_span().start(),
            _ => break,
        }
    }
    end
}

/// Whether a block that is not closed ends with a `}` of its own line, below its header: then something wrong inside
/// took that one.
fn closes_by_layout(cx: &Context<'_>, start: usize, end: usize) -> bool {
    let text = cx.text().get(start..end).unwrap_or("");
    let last = text.trim_end().strip_suffix('}').unwrap_or("");
    let indent = last.rsplit(['\n', '\r']).next();
    last.contains(['\n', '\r']) && indent == Some(cx.indent_of(start))
}
