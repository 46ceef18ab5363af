//! What fuzzing found worth keeping, read again: the inputs of `tests/fuzz/corpus`, each by the parser, the
//! formatter and the compiler. See `tests/fuzz/README.md`.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[path = "../fuzz/promises.rs"]
mod promises;

use std::fs;
use std::path::Path;

use promises::{compiled, formatted, parsed};

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
