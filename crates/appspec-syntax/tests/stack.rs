//! Brackets that the scanner takes for text and the grammar does not: as deep as they may be, on a small stack.

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
