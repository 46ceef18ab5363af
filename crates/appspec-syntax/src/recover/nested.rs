//! Items written inside of an entity. The grammar ends the entity where such an item begins, and finds
//! the rest of it at the top level; here the parts are seen together, so that the item alone is blamed.

use appspec_diagnostics::{Diagnostic, codes::syntax};

use crate::build::Context;
use crate::foreign::shortened;
use crate::grammar::{Pair, Rule};

/// How many of the pairs behind `block` are still inside of it: items that are indented deeper, up to
/// the `}` that ends the block. None when no item is nested, or when that `}` is really missing.
pub(crate) fn inside(cx: &Context<'_>, block: &Pair<'_>, behind: &[Pair<'_>]) -> usize {
    let is_open = matches!(block.as_rule(), Rule::entity | Rule::mixin | Rule::extend)
        && block
            .clone()
            .into_inner()
            .any(|part| part.as_rule() == Rule::missing_close);
    if !is_open || behind.first().is_none_or(is_junk) {
        return 0;
    }
    let Some(outer) = indent(cx, block) else {
        return 0;
    };
    for (index, pair) in behind.iter().enumerate() {
        if is_junk(pair) && ends_block(pair.as_str()) {
            return index + 1;
        }
        if indent(cx, pair).is_none_or(|inner| inner <= outer) {
            return 0;
        }
    }
    0
}

/// How far a pair is indented; nothing when it is not the first on its line.
fn indent(cx: &Context<'_>, pair: &Pair<'_>) -> Option<usize> {
    let before = cx.text().get(..pair.as_span().start())?;
    let line = before.trim_end_matches([' ', '\t']);
    (line.is_empty() || line.ends_with(['\n', '\r'])).then_some(before.len() - line.len())
}

/// Reports an item inside of a block.
pub(crate) fn report(cx: &mut Context<'_>, block: &Pair<'_>, item: &Pair<'_>) {
    let header = header(item.as_str());
    let word = header.split([' ', '\t']).next().unwrap_or("");
    let start = item.as_span().start();
    let at = cx.range(start, start + header.len());
    let around = self::header(block.as_str());
    let around_at = block.as_span().start();
    let around_at = cx.range(around_at, around_at + around.len());
    let found = Diagnostic::new(
        &syntax::UNEXPECTED,
        at,
        format!("`{word}` stands outside of entities"),
    )
    .label("can't stand here")
    .note(around_at, "inside of this")
    .help(format!(
        "move `{}` out of `{}`",
        shortened(header),
        shortened(around)
    ));
    cx.report(found);
}

pub(crate) fn is_junk(pair: &Pair<'_>) -> bool {
    pair.as_rule() == Rule::junk_item
}

/// Whether the last character is a `}` that closes nothing in this text, and the only one.
fn ends_block(text: &str) -> bool {
    let text = text.trim_end();
    let mut open = 0_usize;
    let (mut quoted, mut escaped, mut comment) = (false, false, false);
    for (at, it) in text.char_indices() {
        if matches!(it, '\n' | '\r') {
            (quoted, comment) = (false, false);
        } else if comment {
            continue;
        } else if quoted {
            quoted = it != '"' || escaped;
            escaped = it == '\\' && !escaped;
            continue;
        }
        match it {
            '"' => (quoted, escaped) = (true, false),
            '/' => comment = text.get(at..).is_some_and(|rest| rest.starts_with("//")),
            '{' => open += 1,
            '}' if open > 0 => open -= 1,
            '}' => return at + 1 == text.len(),
            _ => {}
        }
    }
    false
}

/// `entity Order` of `entity Order "Order" { … }`
fn header(text: &str) -> &str {
    let end = text.find(['{', '=', '"', '(', '\n', '\r']);
    let header = end.and_then(|end| text.get(..end)).unwrap_or(text);
    header.trim_end_matches([' ', '\t', '.'])
}
