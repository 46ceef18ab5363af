//! Every case of `tests/cases/parse`: a small file, and beside it a snapshot with the file, its
//! findings and its syntax tree.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::format_push_string,
    reason = "a test reads its cases and fails by panicking"
)]

mod dump;
mod findings;

use appspec_diagnostics::{Diagnostics, FileId};
use appspec_syntax::parse;

#[test]
fn every_case_reads_as_its_snapshot_says() {
    insta::glob!("../../../../tests/cases/parse", "**/*.appspec", |case| {
        let text = std::fs::read_to_string(case).expect("a case is a text");
        let mut found = Diagnostics::new();
        let tree = parse(FileId(0), &text, &mut found);
        found.sort();
        let snapshot = format!(
            "{}\n--- findings\n{}--- tree\n{}",
            text.trim_end(),
            findings::plain(&text, &found),
            dump::file(&tree)
        );
        let folder = case.parent().expect("a case lies in a folder");
        let name = case
            .file_stem()
            .expect("a case has a name")
            .to_string_lossy();
        insta::with_settings!({
            snapshot_path => folder,
            prepend_module_to_snapshot => false,
            omit_expression => true,
            snapshot_suffix => "",
        }, {
            insta::assert_snapshot!(name.as_ref(), snapshot);
        });
    });
}
