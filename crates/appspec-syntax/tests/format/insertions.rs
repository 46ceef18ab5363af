//! Line ends, blanks and comments wherever the grammar allows them, always from the same seed: the
//! tree stays, every comment stays, and blanks alone change nothing.

use std::ops::Range;

use crate::random::Random;
use crate::specs::{all, comments, formatted, tree};

/// What is put between two tokens.
const BLANKS: &[&str] = &[" ", "\t", "   "];
const BREAKS: &[&str] = &[
    "\n",
    "\n\n  ",
    " // behind\n",
    "\n// above\n",
    "\r\n",
    " // a\n// b\n\n",
];

#[test]
fn blanks_change_nothing() {
    let mut random = Random(0xb1a);
    let mut tried = 0;
    for spec in all() {
        let before = tree(&spec.text);
        if !before.starts_with("[]") {
            continue;
        }
        let gaps = gaps(&spec.text);
        let places = random.some_of(&gaps, 12);
        let Some(text) = allowed(&spec.text, places, BLANKS, &before, &mut random) else {
            continue;
        };
        let plain = formatted(&spec.name, &spec.text);
        assert_eq!(formatted(&spec.name, &text), plain, "{}\n{text}", spec.name);
        tried += 1;
    }
    assert!(tried > 200, "{tried} texts");
}

#[test]
fn every_place_for_a_comment_keeps_it() {
    let mut random = Random(0xc0de);
    let mut tried = 0;
    for spec in all() {
        let before = tree(&spec.text);
        if !before.starts_with("[]") {
            continue;
        }
        let gaps = gaps(&spec.text);
        for round in 0..ROUNDS {
            let places = random.some_of(&gaps, if round == 0 { 8 } else { 2 });
            let Some(text) = allowed(&spec.text, places, BREAKS, &before, &mut random) else {
                continue;
            };
            holds(&spec.name, &text, &before);
            tried += 1;
        }
    }
    assert!(tried > 400, "{tried} texts");
}

#[test]
fn a_comment_at_each_place_of_the_corpus() {
    let (mut places, mut allowed) = (0, 0);
    for spec in all() {
        let in_corpus = spec.name.contains("cases/fmt/") && spec.text.len() < 900;
        let before = tree(&spec.text);
        if !in_corpus || !before.starts_with("[]") {
            continue;
        }
        for place in gaps(&spec.text) {
            places += 1;
            let text = inserted(&spec.text, &[place], |_| " // here\n");
            if tree(&text) == before {
                allowed += 1;
                holds(&spec.name, &text, &before);
            }
        }
    }
    assert!(allowed > 300, "{allowed} of {places} places");
}

/// The text with something at as many of these places as the grammar allows.
fn allowed(
    text: &str,
    mut places: Vec<usize>,
    pieces: &[&'static str],
    before: &str,
    random: &mut Random,
) -> Option<String> {
    let seed = random.below(1 << 20) as u64;
    while !places.is_empty() {
        let mut same = Random(seed);
        let inserted = inserted(text, &places, |_| same.pick(pieces));
        if tree(&inserted) == before {
            return Some(inserted);
        }
        places.pop();
    }
    None
}

const ROUNDS: usize = 3;

fn holds(name: &str, text: &str, before: &str) {
    let once = formatted(name, text);
    assert_eq!(tree(&once), before, "{name}\n{text}\n---\n{once}");
    assert_eq!(
        comments(&once),
        comments(text),
        "{name}\n{text}\n---\n{once}"
    );
    let twice = formatted(name, &once);
    assert_eq!(twice, once, "{name}\n{text}");
}

/// The places between two tokens.
fn gaps(text: &str) -> Vec<usize> {
    let mut gaps = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = token(rest, first);
        let at = text.len() - rest.len();
        if !first.is_whitespace() && first != '\u{FEFF}' {
            gaps.push(at);
        }
        rest = rest.get(length..).unwrap_or("");
    }
    gaps
}

fn token(rest: &str, first: char) -> usize {
    let is_word = |it: char| it.is_alphanumeric() || it == '_';
    let line = rest.find(['\n', '\r']).unwrap_or(rest.len());
    if rest.starts_with("//") {
        return line;
    }
    if let Some(raw) = rest.strip_prefix("r\"") {
        return raw.find('"').map_or(line, |end| 2 + end + 1);
    }
    if first == '"' {
        let mut escaped = false;
        let end = rest.char_indices().skip(1).find(|(_, it)| {
            let closes = *it == '"' && !escaped;
            escaped = *it == '\\' && !escaped;
            closes
        });
        return end.map_or(line, |(at, _)| at + 1);
    }
    if first.is_ascii_digit() {
        // `12.50`, `2026-03-01T09:30Z` and `09:30` are one token each, `1..2` is three.
        let part = |it: char| is_word(it) || matches!(it, '-' | ':' | '+' | '.');
        let end = rest.find(|it| !part(it)).unwrap_or(rest.len());
        let end = rest.find("..").map_or(end, |dots| end.min(dots));
        return end;
    }
    if is_word(first) {
        return rest.find(|it| !is_word(it)).unwrap_or(rest.len());
    }
    let two = ["==", "!=", "<=", ">=", ".."];
    two.iter()
        .find(|sign| rest.starts_with(**sign))
        .map_or(first.len_utf8(), |sign| sign.len())
}

/// The text with something put at each of the places.
fn inserted<'p>(text: &str, places: &[usize], mut what: impl FnMut(usize) -> &'p str) -> String {
    let mut out = String::new();
    let mut rest: Range<usize> = 0..0;
    let mut sorted = places.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    for place in sorted {
        rest.end = place;
        out.push_str(
            text.get(rest.clone())
                .expect("places lie between characters"),
        );
        out.push_str(what(place));
        rest.start = place;
    }
    out.push_str(
        text.get(rest.start..)
            .expect("places lie between characters"),
    );
    out
}
