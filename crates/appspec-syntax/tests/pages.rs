//! The pages of the parser's codes: the wrong example gives exactly that code, the right one none.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use appspec_diagnostics::{Diagnostics, FileId, codes};
use appspec_syntax::parse;

#[test]
fn every_page_shows_its_mistake_and_the_way_out() {
    for code in codes::syntax::ALL {
        assert!(
            code.page.starts_with(&format!("# {}\n", code.id)),
            "{}",
            code.id
        );
        assert_eq!(found(code.page, "## Wrong"), [code.id], "{}", code.id);
        assert!(found(code.page, "## Right").is_empty(), "{}", code.id);
    }
}

/// The codes that the fenced block behind a heading gives.
fn found(page: &str, heading: &str) -> Vec<&'static str> {
    let (_, behind) = page.split_once(heading).expect("the page has the heading");
    let (_, block) = behind.split_once("```appspec\n").expect("a block follows");
    let (text, _) = block.split_once("```").expect("the block ends");
    let mut found = Diagnostics::new();
    let _ = parse(FileId(0), text, &mut found);
    found.iter().map(|finding| finding.code.id).collect()
}
