//! Texts that go as deep as they may, on a small stack: brackets that the scanner takes for text and the grammar does not, and
//! what stands between brackets.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use appspec_diagnostics::{Diagnostics, FileId};
use appspec_syntax::{format, parse};

/// As many as are read at all, but for the block's own.
const MOST: usize = 506;

/// Reads and formats on a thread whose stack is too small for it.
fn read(text: String) -> Vec<&'static str> {
    let run = move || {
        let mut found = Diagnostics::new();
        let _ = parse(FileId(0), &text, &mut found);
        let _ = format(&text);
        found.iter().map(|finding| finding.code.id).collect()
    };
    let thread = std::thread::Builder::new().stack_size(256 << 10).spawn(run);
    let thread = thread.expect("a thread starts");
    thread.join().expect("the parser does not panic")
}

#[test]
fn brackets_behind_a_text_in_single_quotes() {
    let before = ["invariant x: '\"' == ", "a: int ×r\"\\\" "];
    for (before, is_closed) in before.into_iter().zip([true, false]) {
        for (open, close) in [
            ("(", ")"),
            ("f(", ")"),
            ("[", "]"),
            ("not (", ")"),
            ("a in {(", ")}"),
            ("all(", ")"),
            ("if (", ")"),
            ("{", "}"),
            ("a(1, -(", "))"),
        ] {
            let levels = MOST / open.matches(['(', '[', '{']).count();
            let close = close.repeat(if is_closed { levels } else { 0 });
            let deep = open.repeat(levels);
            let found = read(format!(
                "entity A {{\n  {before}{deep}1{close} + '\"'\n}}\n"
            ));
            assert!(!found.is_empty(), "{before}{open}");
        }
    }
}

#[test]
fn more_brackets_than_any_stack_holds_end_in_one_answer() {
    let deep = "(".repeat(100_000);
    let found = read(format!("entity A {{\n  a: text = '\"' + {deep}'\"'\n}}\n"));
    assert_eq!(found, ["syntax::too_deep"]);
}

#[test]
fn brackets_of_lines_that_are_read_as_one() {
    let deep = "(".repeat(100_000);
    let lines = format!("  a: int\n  unique where \"\n    and \" + {deep}\"\n");
    assert_eq!(read(format!("entity A {{\n{lines}}}\n")), UNEXPECTED);
}

#[test]
fn brackets_that_a_merge_left_behind() {
    let deep = "(".repeat(100_000);
    let sides = format!("<<<<<<< a\n=======\n*/ {deep}\n>>>>>>> b\n");
    let found = read(format!(
        "entity A {{\n  a: int = 1 + /*\n{sides}  + $\n}}\n"
    ));
    assert_eq!(found.first(), UNEXPECTED.first());
}

const UNEXPECTED: [&str; 1] = ["syntax::unexpected"];

#[test]
fn operators_between_brackets() {
    let every_strength = "a implies b or c and not d == e otherwise f + g * -";
    for (between, levels) in [("not ".repeat(100), 60), (every_strength.to_owned(), 60)] {
        let (open, close) = (format!("{between}(").repeat(levels), ")".repeat(levels));
        let found = read(format!("entity A {{\n  invariant x: {open}a{close}\n}}\n"));
        assert_eq!(found, ["syntax::too_deep"]);
    }
    let (open, close) = ("(".repeat(60), ")".repeat(60));
    let found = read(format!("entity A {{\n  invariant x: {open}a{close}\n}}\n"));
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn a_tree_of_hidden_brackets_is_no_higher_than_any_other() {
    for (open, close) in [("[", "]"), ("f(", ")")] {
        let (open, close) = (open.repeat(500), close.repeat(500));
        let found = read(format!(
            "seed A {{\n  r {{\n    a: '\"', b: {open}1{close}\n    c: 1\n  }}\n}}\n"
        ));
        assert!(found.contains(&"syntax::too_deep"), "{found:?}");
    }
}
