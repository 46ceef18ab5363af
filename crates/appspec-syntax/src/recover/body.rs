//! Items whose first word alone is wrong: `entty Visit { … }`, `export entity Visit { … }`. What they hold
//! is read as if the word were right, so that their other mistakes are found in the same run.

use appspec_diagnostics::{Diagnostic, closest, codes::syntax};
use pest::Parser as _;

use crate::ast::Item;
use crate::build::{self, Context};
use crate::foreign;
use crate::grammar::{Grammar, Pair, Rule};
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

/// Reads such an item once its first word was reported.
pub(super) fn read(cx: &mut Context<'_>, junk: &Pair<'_>) -> Vec<Item> {
    let text = junk.as_str();
    let start = cx.range(junk.as_span().start(), 0).start as usize;
    if let Some((_, item)) = word_before(text) {
        return again(cx, start + item, "", text.get(item..).unwrap_or(""));
    }
    let (word, behind) = split(text);
    let meant = closest(word, BLOCKS.iter().copied());
    let Some(meant) = meant
        .filter(|_| foreign::item(text).is_none())
        .map(|it| it.name)
    else {
        return Vec::new();
    };
    // Offsets count from where the right word would begin; before the start of the file, none can.
    match (start + word.len()).checked_sub(meant.len()) {
        Some(start) => again(cx, start, meant, behind),
        None => Vec::new(),
    }
}

/// Reads `keyword` and `rest` as one item that begins at `start` of the file. A header that can't be read
/// either is not reported: its first word was.
fn again(cx: &mut Context<'_>, start: usize, keyword: &str, rest: &str) -> Vec<Item> {
    let text = format!("{keyword}{rest}");
    let Ok(pairs) = Grammar::parse(Rule::file, &text) else {
        return Vec::new();
    };
    let file: Vec<Pair<'_>> = pairs.collect();
    let is_headless = file
        .iter()
        .flat_map(|file| file.clone().into_inner())
        .any(|item| item.as_rule() == Rule::junk_item || build::has_bad_header(&item));
    if is_headless {
        return Vec::new();
    }
    cx.within(start, |cx| {
        let items = file.into_iter().map(|pair| build::items(cx, pair));
        items.flatten().collect()
    })
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
const BLOCKS: &[&str] = &["entity", "enum", "extend", "mixin", "project", "seed"];
