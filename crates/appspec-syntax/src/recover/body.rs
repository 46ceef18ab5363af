//! Items whose header is wrong: `entty Visit { … }`, `export entity Visit { … }`, a forgotten `{`. What they hold
//! is read as if it were right, so that their other mistakes are found in the same run.

use std::ops::Range;

use appspec_diagnostics::{Diagnostic, closest, codes::syntax};

use crate::ast::Item;
use crate::build::{self, Context};
use crate::foreign;
use crate::grammar::{Pair, Rule};
use crate::stack;
use crate::words::split;

/// Reports a word before an item, `export entity Visit {`; whether it was one.
pub(super) fn report_word_before(cx: &mut Context<'_>, junk: &Pair<'_>) -> bool {
    let Some((word, item)) = word_before(junk.as_str()) else {
        return false;
    };
    let start = junk.as_span().start();
    let (second, _) = split(junk.as_str().get(item..).unwrap_or(""));
    let at = cx.range(start, start + word.len());
    let found = Diagnostic::new(
        &syntax::UNEXPECTED,
        at,
        format!("expected an item such as `entity Name {{ … }}`, found `{word}`"),
    )
    .label(format!("nothing stands before `{second}`"))
    .help(format!("leave `{word}` out"))
    .edit(cx.range(start, start + item), "");
    cx.report(found);
    true
}

/// Reads such an item once its header was reported.
pub(super) fn read(cx: &mut Context<'_>, junk: &Pair<'_>) -> Vec<Item> {
    let text = junk.as_str();
    let start = cx.range(junk.as_span().start(), 0).start as usize;
    let end = start + text.len();
    if let Some((_, item)) = word_before(text) {
        let inside = start + item..end;
        let text = text.get(item..).unwrap_or("");
        return again(cx, start + item, inside, text).unwrap_or_default();
    }
    let (word, behind) = split(text);
    let meant = closest(word, BLOCKS.iter().copied()).map(|it| it.name);
    let known = BLOCKS.iter().find(|known| **known == word).copied();
    let is_ours = foreign::item(text, text).is_none();
    let keyword = known
        .or(meant.filter(|_| is_ours))
        .or_else(|| inside_header(text).filter(|_| is_ours));
    let Some(keyword) = keyword else {
        return Vec::new();
    };
    // Offsets count from where the right word would begin; before the start of the file, none can.
    let begin = (start + word.len()).checked_sub(keyword.len());
    if let Some(begin) = begin.filter(|_| meant == Some(keyword) && known.is_none())
        && let Some(items) = again(
            cx,
            begin,
            start + word.len()..end,
            &format!("{keyword}{behind}"),
        )
    {
        return items;
    }
    below_header(cx, start, keyword, text)
}

/// The keyword that stands somewhere in a header: `seedseed City {`, `= enum Size {`, `Visit with Timestamped {`.
fn inside_header(text: &str) -> Option<&'static str> {
    let line = text.lines().next().unwrap_or("").trim_end();
    let header = line.strip_suffix('{').filter(|it| it.is_ascii())?;
    let keyword = BLOCKS.iter().find(|word| header.contains(**word)).copied();
    keyword.or_else(|| header.contains(" with ").then_some("entity"))
}

/// Reads what stands below a header that can't be read; only when nothing but its `{` is missing is the item kept.
fn below_header(cx: &mut Context<'_>, start: usize, keyword: &str, text: &str) -> Vec<Item> {
    let line = text.find(['\n', '\r']).unwrap_or(text.len());
    let brace = text.get(..line).and_then(|line| line.find('{'));
    let body = brace.map_or(line, |brace| brace + 1);
    let (header, below) = text.split_at_checked(body).unwrap_or((text, ""));
    let opened = below.trim_start();
    let below = opened
        .strip_prefix('{')
        .unwrap_or_else(|| below.trim_start_matches(['\n', '\r']));
    // What opens behind `seed` may be a row, which holds no other braces.
    let is_row = brace.is_some() && keyword == "seed" && !below.contains('{');
    if below.trim().is_empty() || is_row {
        return Vec::new();
    }
    let body = start + text.len() - below.len();
    let (_, name) = split(header);
    let (name, more) = split(name.trim_start_matches([' ', '\t']));
    // Kept is what stands in the file just like that, but for the brace.
    let is_kept = more.trim().is_empty()
        && keyword != "extend"
        && start + format!("{keyword} {name}\n").len() == body;
    let header = match (is_kept, keyword) {
        (true, _) => format!("{keyword} {name}{{"),
        (false, "extend") => "extend entity X{".to_owned(),
        (false, _) => format!("{keyword} X{{"),
    };
    let close = if below.trim_end().ends_with('}') {
        ""
    } else {
        "\n}"
    };
    let Some(begin) = body.checked_sub(header.len()) else {
        return Vec::new();
    };
    let inside = if is_kept { start } else { body }..start + text.len();
    let items = again(cx, begin, inside, &format!("{header}{below}{close}")).unwrap_or_default();
    if is_kept { items } else { Vec::new() }
}

/// Reads a text as one item that begins at `start` of the file; nothing when its header can't be read either.
fn again(
    cx: &mut Context<'_>,
    start: usize,
    inside: Range<usize>,
    text: &str,
) -> Option<Vec<Item>> {
    if !cx.whole().is_char_boundary(start) {
        return None;
    }
    let file: Vec<Pair<'_>> = stack::parse(Rule::file, text).ok()?.collect();
    let is_headless = file
        .iter()
        .flat_map(|file| file.clone().into_inner())
        .any(|item| item.as_rule() == Rule::junk_item || build::has_bad_header(&item));
    if is_headless {
        return None;
    }
    Some(cx.within(start, inside, |cx| {
        let items = file.into_iter().map(|pair| build::items(cx, pair));
        items.flatten().collect()
    }))
}

/// The first word and where the item behind it begins.
fn word_before(text: &str) -> Option<(&str, usize)> {
    let (word, behind) = split(text);
    let item = behind.trim_start_matches([' ', '\t']);
    let (second, _) = split(item);
    let is_before = !word.is_empty() && item.len() < behind.len() && BLOCKS.contains(&second);
    (is_before && !BLOCKS.contains(&word) && closest(word, BLOCKS.iter().copied()).is_none())
        .then_some((word, text.len() - item.len()))
}

/// The items that hold more than a line.
const BLOCKS: &[&str] = &[
    "entity",
    "enum",
    "extend",
    "mixin",
    "project",
    "seed",
    "access",
    "auth",
    "environment",
];
