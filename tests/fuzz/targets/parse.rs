#![no_main]
#![allow(dead_code, reason = "each target asks for one of the promises")]

#[path = "../promises.rs"]
mod promises;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| promises::parsed(text));
