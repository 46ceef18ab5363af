//! Any text gives a tree whose places lie in the text.
#![no_main]

use appspec_diagnostics::{Diagnostics, FileId};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut found = Diagnostics::new();
    appspec_syntax::parse(FileId(0), text, &mut found);
    for finding in &found {
        for label in finding.primary.iter().chain(&finding.notes) {
            let (start, end) = (label.span.start as usize, label.span.end as usize);
            assert!(
                text.get(start..end).is_some(),
                "{start}..{end} is no part of the text"
            );
        }
    }
});
