//! Specs of sizes that nobody writes, each large in one thing: what is done about it grows with it, not with its square.
//! None of these would end while somebody waits if each of many was compared with all others.

use std::fmt::Write as _;

use appspec_diagnostics::{Origin, Source, Sources};

/// The codes that a spec gives, each once.
fn codes(spec: &str) -> Vec<&'static str> {
    let mut sources = Sources::new();
    sources.add(Source {
        path: "shop.appspec".into(),
        module: "shop".into(),
        origin: Origin::Spec,
        text: format!("project shop {{ title: \"Shop\" }}\n\n{spec}\n"),
    });
    let (_, findings) = appspec_analysis::compile(&mut sources);
    let mut codes: Vec<&str> = findings.iter().map(|finding| finding.code.id).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// A text for each number below a count.
fn each(count: usize, mut write: impl FnMut(usize, &mut String) -> std::fmt::Result) -> String {
    let mut all = String::new();
    for number in 0..count {
        let written = write(number, &mut all);
        assert!(written.is_ok());
    }
    all
}

#[test]
fn values_of_a_set() {
    let values = each(100_000, |number, text| write!(text, "{}, ", number * 2));
    let spec =
        |last: &str| format!("entity A {{\n n: int\n invariant r: n in {{{values}{last}}}\n}}");
    assert_eq!(codes(&spec("1")), [""; 0]);
    assert_eq!(codes(&spec("6")), ["invariant::repeated"]);
}

#[test]
fn unique_sets() {
    let fields = each(8_000, |number, text| {
        writeln!(text, " f{number}: int unique")
    });
    let spec = |more: &str| format!("entity A {{\n{fields}{more}}}");
    assert_eq!(codes(&spec("")), [""; 0]);
    let wider = spec(" unique (f3, f7999)\n");
    assert_eq!(codes(&wider), ["relation::redundant_unique"]);
}

#[test]
fn indexes() {
    let fields = each(20_000, |number, text| {
        writeln!(text, " f{number}: int\n index (f{number})")
    });
    let spec = |more: &str| format!("entity A {{\n{fields}{more}}}");
    assert_eq!(codes(&spec("")), [""; 0]);
    let longer = spec(" index (f19999, f3)\n");
    assert_eq!(codes(&longer), ["relation::redundant_index"]);
}

#[test]
fn lines_that_acknowledge_something() {
    let lines = "suppress relation::redundant_index \"Meant.\"\n".repeat(100_000);
    let index = "entity A {\n n: int\n index (n)\n index (n)\n}";
    assert_eq!(codes(&format!("{lines}{index}")), ["suppression::unused"]);
}

#[test]
fn states() {
    let count = 6_000;
    let values = each(count, |number, text| write!(text, "s{number}, "));
    let actions = each(count - 1, |number, text| {
        writeln!(text, "  a{number}: s{number} -> s{}", number + 1)
    });
    let spec = |end: usize| {
        format!(
            "enum S {{ {values} }}\nentity A {{\n s: S = s0\n lifecycle s {{\n{actions}  final s{end}\n }}\n}}"
        )
    };
    assert_eq!(codes(&spec(count - 1)), [""; 0]);
    assert_eq!(
        codes(&spec(count - 2)),
        ["state::dead_end", "state::final_has_exit"]
    );
}

#[test]
fn mistakes_that_are_mended() {
    let fields = each(5_000, |number, text| writeln!(text, " f{number}: string"));
    let mut sources = Sources::new();
    let file = sources.add(Source {
        path: "shop.appspec".into(),
        module: "shop".into(),
        origin: Origin::Spec,
        text: format!("project shop {{ title: \"Shop\" }}\n\nentity A {{\n{fields}}}\n"),
    });
    // More than are ever listed at once.
    let mending = appspec_analysis::mend(&sources, &|_| true);
    assert_eq!(mending.mended.len(), 5_000);
    let text = mending.texts.get(&file);
    assert!(text.is_some_and(|text| !text.contains("string")));
}
