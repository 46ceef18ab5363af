use miette::{GraphicalReportHandler, GraphicalTheme};

use super::{Files, github, human, json, sarif, short, unread};
use crate::{Diagnostic, Diagnostics, FileId, MOST_KEPT, Origin, Source, Sources, Span, codes};

fn two_files() -> (Sources, FileId, FileId) {
    let mut sources = Sources::new();
    let mut add = |path: &str, text: &str| {
        sources.add(Source {
            path: path.to_owned(),
            module: path.trim_end_matches(".appspec").to_owned(),
            origin: Origin::Spec,
            text: text.to_owned(),
        })
    };
    let booking = add(
        "booking.appspec",
        "project salon {}\n\nentity Visit {\n  💇 client: Custmer\n  price: decimal(8, 2)\n}\n",
    );
    let people = add(
        "people.appspec",
        "/// Who pays.\nentity Customer {\n  name: text(80)\n}\n",
    );
    (sources, booking, people)
}

fn span_of(sources: &Sources, file: FileId, word: &str) -> Span {
    let start = sources.get(file).unwrap().text.find(word).unwrap();
    let start = u32::try_from(start).unwrap();
    Span::new(file, start, start + u32::try_from(word.len()).unwrap())
}

fn across_files(sources: &Sources, booking: FileId, people: FileId) -> Diagnostics {
    let mut findings = Diagnostics::new();
    let wrong = span_of(sources, booking, "Custmer");
    findings.push(
        Diagnostic::new(&codes::name::UNKNOWN, wrong, "there is no `Custmer` here")
            .label("not declared anywhere in reach")
            .note(span_of(sources, booking, "Visit"), "in this entity")
            .note(
                span_of(sources, people, "Customer"),
                "`Customer` is declared here",
            )
            .help("write `Customer` and bring it in:\n  use people.{Customer}")
            .edit(wrong, "Customer"),
    );
    findings.push(
        Diagnostic::without_place(&codes::syntax::UNEXPECTED, "nothing to read")
            .help("write a spec"),
    );
    findings
}

/// Pinned: no colours, no links, no terminal width.
fn handler() -> GraphicalReportHandler {
    GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor())
        .with_links(false)
        .with_wrap_lines(false)
        .with_show_related_as_nested(true)
}

fn drawn(findings: &Diagnostics, sources: &Sources) -> String {
    human(findings, &Files::new(sources), &handler(), 96)
}

/// One finding at a range of one text.
fn at(text: &str, start: usize, end: usize) -> (Sources, Diagnostics) {
    let mut sources = Sources::new();
    let file = sources.add(Source {
        path: "a.appspec".to_owned(),
        module: "a".to_owned(),
        origin: Origin::Spec,
        text: text.to_owned(),
    });
    let span = Span::new(
        file,
        u32::try_from(start).unwrap(),
        u32::try_from(end).unwrap(),
    );
    let mut findings = Diagnostics::new();
    findings.push(Diagnostic::new(&codes::syntax::UNEXPECTED, span, "unexpected").label("here"));
    (sources, findings)
}

#[test]
fn a_picture_shows_notes_of_its_own_file_and_those_of_others() {
    let (sources, booking, people) = two_files();
    insta::assert_snapshot!(drawn(&across_files(&sources, booking, people), &sources));
}

#[test]
fn a_line_for_each_finding() {
    let (sources, booking, people) = two_files();
    let files = Files::new(&sources).in_folder("specs/salon");
    insta::assert_snapshot!(short(&across_files(&sources, booking, people), &files), @r"
    specs/salon/booking.appspec:4:13: error[name::unknown]: there is no `Custmer` here
    error[syntax::unexpected]: nothing to read
    ");
}

#[test]
fn data_for_editors() {
    let (sources, booking, people) = two_files();
    insta::assert_snapshot!(json(
        &across_files(&sources, booking, people),
        &Files::new(&sources)
    ));
}

#[test]
fn sarif_has_rules_places_and_fixes() {
    let (sources, booking, people) = two_files();
    let text = sarif(
        &across_files(&sources, booking, people),
        &Files::new(&sources).in_folder("my specs"),
    );
    let mut log: serde_json::Value = serde_json::from_str(&text).unwrap();
    for rule in log["runs"][0]["tool"]["driver"]["rules"]
        .as_array_mut()
        .unwrap()
    {
        // The pages have tests of their own.
        let help = rule["help"].take();
        assert!(help["markdown"].as_str().unwrap().starts_with("# "));
    }
    log["runs"][0]["tool"]["driver"]["semanticVersion"].take();
    insta::assert_snapshot!(serde_json::to_string_pretty(&log).unwrap());
}

#[test]
fn github_gets_one_command_for_each_and_nothing_breaks_out_of_it() {
    let (sources, booking, people) = two_files();
    let mut findings = across_files(&sources, booking, people);
    findings.push(Diagnostic::without_place(
        &codes::syntax::UNEXPECTED,
        "100 %\n::warning::never",
    ));
    insta::assert_snapshot!(github(&findings, &Files::new(&sources).in_folder("a,b:c")));
}

#[test]
fn the_end_of_the_file_is_drawn_at_the_end_of_the_last_line() {
    let text = "entity A {\n  x: int\n\n";
    let (sources, findings) = at(text, text.len(), text.len());
    insta::assert_snapshot!(drawn(&findings, &sources));
}

#[test]
fn a_file_without_a_last_line_end_is_marked_at_its_last_character() {
    let (sources, findings) = at("entity A {", 10, 10);
    insta::assert_snapshot!(drawn(&findings, &sources));
}

#[test]
fn an_empty_file_has_a_place_too() {
    let (sources, findings) = at("", 0, 0);
    insta::assert_snapshot!(drawn(&findings, &sources));
}

#[test]
fn a_line_of_megabytes_is_shown_in_part() {
    let text = format!("{}WRONG{}", "é".repeat(1_000_000), "ü".repeat(1_000_000));
    let (sources, findings) = at(&text, 2_000_000, 2_000_005);
    let picture = drawn(&findings, &sources);
    assert!(picture.contains("éWRONGü"), "{picture}");
    assert!(picture.chars().count() < 1000, "{}", picture.len());
}

#[test]
fn a_tall_span_is_marked_at_its_first_line() {
    let text = format!("entity A {{\n{}}}\n", "  x: int\n".repeat(20));
    let (sources, findings) = at(&text, 0, text.len());
    insta::assert_snapshot!(drawn(&findings, &sources));
}

#[test]
fn windows_line_ends_do_not_show() {
    let text = "entity A {\r\n  x int\r\n}\r\n";
    let (sources, findings) = at(text, 14, 15);
    insta::assert_snapshot!(drawn(&findings, &sources));
}

#[test]
fn a_span_that_splits_a_character_is_moved_and_does_not_stop_the_compiler() {
    let (sources, findings) = at("é💇", 1, 4);
    assert!(drawn(&findings, &sources).contains("é💇"));
    let (sources, findings) = at("short", 900, 1000);
    assert!(drawn(&findings, &sources).contains("short"));
}

#[test]
fn what_a_terminal_would_obey_is_shown_and_not_sent() {
    let (sources, findings) = at("x \u{1b}[31m\u{202e} y", 0, 1);
    let picture = drawn(&findings, &sources);
    assert!(
        !picture.contains('\u{1b}') && !picture.contains('\u{202e}'),
        "{picture}"
    );
}

#[test]
fn what_is_not_kept_is_said_in_one_line() {
    let (sources, booking, people) = two_files();
    let files = Files::new(&sources).in_folder("spec");
    let found = across_files(&sources, booking, people);
    assert_eq!(unread(&found, &files), "");
    let mut found = Diagnostics::new();
    let wrong = span_of(&sources, booking, "Custmer");
    for _ in 0..MOST_KEPT + 5 {
        found.push(Diagnostic::new(&codes::name::UNKNOWN, wrong, "unknown"));
    }
    let said = "spec/booking.appspec: 5 more findings are not shown; mend the first 1000, then check again\n";
    assert_eq!(unread(&found, &files), said);
    let lines = short(&found, &files);
    assert_eq!(lines.lines().count(), MOST_KEPT + 1);
    assert!(lines.ends_with(said));
    assert!(json(&found, &files).contains("\"notShown\": 5,"));
}
