//! No input makes the parser panic, hang or overflow its stack: hand-picked extremes, and specs of
//! the corpus with random bytes deleted, inserted and copied, always from the same seed.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a test reads its cases and fails by panicking"
)]

use std::path::Path;

use appspec_diagnostics::{Diagnostics, FileId, MOST_KEPT, Severity};
use appspec_syntax::parse;

/// Parses on a thread with the stack of a test thread, and returns the codes that were found.
fn codes(text: impl Into<String>) -> Vec<&'static str> {
    let text = text.into();
    let run = move || {
        let mut found = Diagnostics::new();
        let _ = parse(FileId(0), &text, &mut found);
        for finding in &found {
            let span = finding.primary.as_ref().expect("a place").span;
            let (start, end) = (span.start as usize, span.end as usize);
            assert!(
                text.get(start..end).is_some(),
                "{start}..{end} is no part of the text"
            );
            for edit in &finding.edits {
                let (start, end) = (edit.span.start as usize, edit.span.end as usize);
                assert!(
                    text.get(start..end).is_some(),
                    "{start}..{end} can't be edited"
                );
            }
            assert!(!finding.message.contains('\n'), "{}", finding.message);
        }
        found.iter().map(|finding| finding.code.id).collect()
    };
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(run);
    thread
        .expect("a thread starts")
        .join()
        .expect("the parser does not panic")
}

fn rule(expression: &str) -> String {
    format!("entity A {{\n  invariant x: {expression}\n  b: int\n}}\n")
}

#[test]
fn deep_nesting_ends_in_one_answer() {
    const MANY: usize = 100_000;
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("f(", ")"),
        ("a in {", "}"),
        ("min(", ")"),
        ("x in (", ")"),
    ] {
        let text = rule(&format!("{}a{}", open.repeat(MANY), close.repeat(MANY)));
        assert_eq!(codes(text), ["syntax::too_deep"], "{open}");
    }
    for prefix in ["not ", "-", "!"] {
        let found = codes(rule(&format!("{}a", prefix.repeat(MANY))));
        assert!(found.contains(&"syntax::too_deep"), "{prefix}");
    }
    assert_eq!(
        codes(format!(
            "entity A {{\n  x: {}int\n}}\n",
            "list of ".repeat(MANY)
        )),
        ["syntax::too_deep"]
    );
    assert_eq!(codes("{".repeat(MANY)), ["syntax::too_deep"]);
    assert_eq!(
        codes("entity A {\n".to_owned() + &"foo {\n".repeat(MANY)),
        ["syntax::too_deep"]
    );
}

#[test]
fn long_chains_end_in_one_answer() {
    for operator in [" and ", " or ", " + ", " otherwise "] {
        let text = rule(&vec!["a"; 20_000].join(operator));
        assert_eq!(codes(text), ["syntax::too_deep"], "{operator}");
    }
}

#[test]
fn the_deepest_allowed_nesting_fits_a_small_stack() {
    for (open, close) in [("(", ")"), ("f(", ")"), ("a in {(", ")}"), ("not (", ")")] {
        let levels = 62 / open.matches(['(', '{']).count();
        let text = rule(&format!("{}a{}", open.repeat(levels), close.repeat(levels)));
        assert_eq!(codes(text), Vec::<&str>::new(), "{open}");
    }
}

#[test]
fn large_and_odd_files_get_an_answer() {
    let member = "  name: text(80)? = \"x\" unique // why\n";
    let large = format!("entity A {{\n{}}}\n", member.repeat(4_000));
    assert!(codes(large).is_empty());
    assert_eq!(codes("x".repeat(33 << 20)), ["syntax::too_large"]);
    for nothing in ["", "\n\n", "\u{FEFF}", "\r\n", "// only a comment", " \t "] {
        assert!(codes(nothing).is_empty(), "{nothing:?}");
    }
    for unopened in ["}", "} ", "};", "} x }"] {
        let text = unopened.repeat(100_000);
        assert_eq!(codes(text), ["syntax::unexpected"], "{unopened}");
    }
    assert_eq!(codes("\0").len(), 1);
    assert_eq!(codes("entity A {\n  a: int /* open").len(), 1);
    assert_eq!(codes("entity A {\n  a: text = \"open\n}\n").len(), 1);
    assert_eq!(
        codes("entity A {\n".to_owned() + &"  b: text = \"open\n".repeat(500) + "}\n").len(),
        500
    );
}

#[test]
fn brackets_that_nothing_closes_are_not_read_twice_each() {
    // Twice as much work with each of them would not end.
    for open in ["x ({\n", "x [{\n", "not ({ // \"\r", "({\n[{\n"] {
        for before in ["project a {\n", "entity A {\n  a: ", "class A {\n", ""] {
            let found = codes(format!("{before}{}", open.repeat(30)));
            assert!(!found.is_empty(), "{before}{open}");
        }
    }
}

#[test]
fn absurdly_many_mistakes_are_counted_and_not_kept() {
    const MANY: usize = 3_000;
    for mistake in ["entity X {\n", "nonsense\n\n", "entity X { a b c }\n"] {
        let mut found = Diagnostics::new();
        let _ = parse(FileId(0), &mistake.repeat(MANY), &mut found);
        assert_eq!(found.len(), MOST_KEPT, "{mistake}");
        assert_eq!(found.count(Severity::Error), MANY, "{mistake}");
    }
}

#[test]
fn damaged_specs_get_an_answer() {
    let mut random = Random(0x5eed);
    let cases = cases(Path::new("../../tests/cases/parse"));
    assert!(cases.len() > 60, "the corpus is where it was");
    for case in &cases {
        for _ in 0..12 {
            let damaged = random.damage(case);
            let _ = codes(damaged);
        }
    }
}

#[test]
fn every_prefix_of_a_spec_gets_an_answer() {
    let text = include_str!("../../../tests/cases/parse/members/all.appspec").trim_end();
    for (end, _) in text.char_indices() {
        let found = codes(text.get(..end).expect("a prefix"));
        assert!(
            !found.is_empty() || end == 0,
            "{end} bytes are no whole entity"
        );
    }
}

#[test]
fn every_finding_of_the_parser_is_an_error() {
    let severities = appspec_diagnostics::codes::syntax::ALL.iter();
    assert!(severities.clone().count() > 10);
    assert!(
        severities
            .into_iter()
            .all(|code| code.severity == Severity::Error)
    );
}

fn cases(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("the corpus can be read");
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    let mut texts = Vec::new();
    for path in paths {
        if path.is_dir() {
            texts.extend(cases(&path));
        } else if path.extension().is_some_and(|it| it == "appspec") {
            texts.push(std::fs::read_to_string(&path).expect("a case is a text"));
        }
    }
    texts
}

/// A small generator: the same numbers on every machine and in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits fit") % limit.max(1)
    }

    /// Deletes, inserts and moves a few pieces, then makes a text of what is left.
    fn damage(&mut self, text: &str) -> String {
        const PIECES: &[&str] = &[
            "{",
            "}",
            "(",
            ")",
            "[",
            "]",
            "\"",
            "'",
            "r\"",
            "//",
            "///",
            "/*",
            "*/",
            "\n",
            "\r",
            "\0",
            ":",
            "=",
            "==",
            "..",
            ",",
            ".",
            "?",
            "-",
            "in",
            "not ",
            "is set",
            "and ",
            "entity ",
            "enum E {",
            "\nrole ",
            "\nentity X {\n",
            "all(",
            "é",
            "\u{FEFF}",
            "@",
            "100000000000000000000",
            "5MB",
            "on delete ",
        ];
        let mut bytes = text.as_bytes().to_vec();
        for _ in 0..=self.below(6) {
            let at = self.below(bytes.len() + 1);
            match self.below(3) {
                0 => {
                    let end = (at + 1 + self.below(8)).min(bytes.len());
                    bytes.drain(at.min(end)..end);
                }
                1 => {
                    let piece = PIECES.get(self.below(PIECES.len())).expect("a piece");
                    bytes.splice(at..at, piece.bytes());
                }
                _ => {
                    let end = (at + self.below(40)).min(bytes.len());
                    let copy = bytes.get(at..end).unwrap_or_default().to_vec();
                    let to = self.below(bytes.len() + 1);
                    bytes.splice(to..to, copy);
                }
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }
}
