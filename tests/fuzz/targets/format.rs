//! What was formatted is formatted; a file with mistakes loses none of its words.
#![no_main]

use appspec_syntax::{FormatError, format};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let once = match format(text) {
        Ok(once) => once,
        Err(FormatError::Unreadable(_)) => return,
        Err(FormatError::Unproven(difference)) => panic!("{difference:?}"),
    };
    match format(&once.text) {
        Ok(twice) => assert_eq!(once.text, twice.text, "a second time, more is changed"),
        Err(error) => panic!("{error:?}"),
    }
});
