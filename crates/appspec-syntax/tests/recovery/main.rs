//! Recovery, systematically: a catalogue of single mistakes, each of which gives exactly one finding
//! alone, and exactly that one in files of ten random mistakes between items that are right.

#![allow(
    clippy::expect_used,
    clippy::format_push_string,
    reason = "a test fails by panicking, and its texts are small"
)]

mod catalogue;
mod compose;
mod names;
mod pairs;

use appspec_diagnostics::{Diagnostics, FileId, LineTable};
use appspec_syntax::ast::File;
use appspec_syntax::parse;

use catalogue::{MISTAKES, Mistake, Place};
use compose::Composed;

/// How many random files are read; each has its own seed.
const FILES: u64 = 1_000;

/// The tree of a text, and its findings: line, code, and what people read.
fn read(text: &str) -> (File, Vec<(usize, &'static str, String)>) {
    let mut found = Diagnostics::new();
    let file = parse(FileId(0), text, &mut found);
    let table = LineTable::new(text);
    let mut seen: Vec<_> = found
        .iter()
        .map(|finding| {
            let place = finding.primary.as_ref().expect("a place");
            let (line, column) = table.position(text, place.span.start);
            let help = finding.help.as_deref().unwrap_or("-");
            let shown = format!(
                "{line}:{column} {}: {}\n    here: {}\n    help: {help}\n",
                finding.code.id, finding.message, place.text
            );
            (line, finding.code.id, shown)
        })
        .collect();
    seen.sort();
    (file, seen)
}

/// The mistake in a file of its own, and the line that it begins on.
fn alone(mistake: &Mistake) -> (String, usize) {
    let text = mistake.text.replace('$', "1");
    match mistake.place {
        Place::Item | Place::Loose if mistake.open => {
            (format!("{text}\n\nentity After {{\n  a: int\n}}\n"), 1)
        }
        Place::Item | Place::Loose => (format!("{text}\n"), 1),
        Place::Member => (
            format!("entity A {{\n  before: int\n  {text}\n  after: int\n}}\n"),
            3,
        ),
        Place::Value => (format!("enum E {{\n  before\n  {text}\n  after\n}}\n"), 3),
        Place::Row => (
            format!("seed S {{\n  before {{ n: 1 }}\n  {text}\n  after {{ n: 2 }}\n}}\n"),
            3,
        ),
        Place::Entry => (
            format!("seed S {{\n  one {{\n    before: 1\n    {text}\n    after: 2\n  }}\n}}\n"),
            4,
        ),
        Place::Setting => (
            format!("project p {{\n  before: 1\n  {text}\n  after: 2\n}}\n"),
            3,
        ),
    }
}

#[test]
fn each_mistake_alone_gives_one_finding() {
    let mut shown = String::new();
    for mistake in MISTAKES {
        let (text, first) = alone(mistake);
        let (_, found) = read(&text);
        let places: Vec<_> = found.iter().map(|(line, code, _)| (*line, *code)).collect();
        let expected = mistake.lines().map(|line| (first + line, mistake.code));
        assert_eq!(places, expected.collect::<Vec<_>>(), "{text}");
        let said: String = found.into_iter().map(|(_, _, said)| said).collect();
        let written = mistake.text.replace('$', "1");
        shown.push_str(&format!("{written}\n    at {said}\n"));
    }
    // What is said about each, to be read as a whole: would one be grateful for it?
    insta::assert_snapshot!("messages", shown);
}

#[test]
fn ten_mistakes_give_ten_findings() {
    for seed in 0..FILES {
        let composed = Composed::of(seed);
        let (file, found) = read(&composed.text);
        let mut names = names::declared(&file);
        names.retain(|name| name.starts_with("right_"));
        let mut expected = composed.names;
        expected.sort();
        let mut mistakes = composed.mistakes;
        mistakes.sort_unstable();
        let places: Vec<_> = found.iter().map(|(line, code, _)| (*line, *code)).collect();
        let lines = composed.text.lines().enumerate();
        let text: Vec<_> = lines
            .map(|(at, line)| {
                format!(
                    "{:4} {line}
",
                    at + 1
                )
            })
            .collect();
        let text = text.concat();
        assert_eq!(places, mistakes, "findings of seed {seed}:\n{text}");
        assert_eq!(names, expected, "names of seed {seed}:\n{text}");
    }
}
