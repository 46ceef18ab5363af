//! What fuzzing found worth keeping, read again: the inputs of `tests/fuzz/corpus`, each by the parser, the
//! formatter and the compiler. See `tests/fuzz/README.md`.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::path::Path;

use appspec_diagnostics::{Diagnostics, FileId, Origin, Severity, Source, Sources};
use appspec_syntax::{FormatError, format, parse};

#[test]
fn every_input_that_was_kept_gets_an_answer() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    let mut read = 0;
    for folder in fs::read_dir(&corpus).expect("the corpus is there") {
        let folder = folder.expect("a folder").path();
        for file in fs::read_dir(&folder).expect("inputs") {
            let file = file.expect("an input").path();
            let text = fs::read_to_string(&file).expect("inputs are UTF-8");
            parsed(&text);
            formatted(&text);
            compiled(&text);
            read += 1;
        }
    }
    assert!(read > 300, "{read} inputs");
}

fn parsed(text: &str) {
    let mut found = Diagnostics::new();
    parse(FileId(0), text, &mut found);
    for label in found
        .iter()
        .flat_map(|it| it.primary.iter().chain(&it.notes))
    {
        let (start, end) = (label.span.start as usize, label.span.end as usize);
        assert!(text.get(start..end).is_some(), "{text:?}: {start}..{end}");
    }
}

fn formatted(text: &str) {
    match format(text) {
        Ok(once) => {
            let twice = format(&once.text).expect("what was formatted can be read");
            assert_eq!(once.text, twice.text);
        }
        Err(FormatError::Unreadable(_)) => {}
        Err(FormatError::Unproven(difference)) => panic!("{text:?}: {difference:?}"),
    }
}

fn compiled(text: &str) {
    let mut sources = Sources::new();
    sources.add(Source {
        path: "shop.appspec".to_owned(),
        module: "shop".to_owned(),
        origin: Origin::Spec,
        text: text.to_owned(),
    });
    let (spec, found) = appspec_analysis::compile(&mut sources);
    assert!(
        spec.is_some() || found.count(Severity::Error) > 0,
        "{text:?}"
    );
}
