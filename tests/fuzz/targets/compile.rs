//! Any text is compiled or refused, and every fix that is made leaves less to find.
#![no_main]

use appspec_diagnostics::{Origin, Severity, Source, Sources};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut sources = Sources::new();
    sources.add(Source {
        path: "shop.appspec".to_owned(),
        module: "shop".to_owned(),
        origin: Origin::Spec,
        text: text.to_owned(),
    });
    let (compiled, found) = appspec_analysis::compile(&mut sources);
    assert!(
        compiled.is_some() || found.count(Severity::Error) > 0,
        "refused without a word"
    );
});
