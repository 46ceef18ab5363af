//! `appspecc check`.

use std::fmt::Write as _;

use crate::transcript::Session;

const SHOP: &str = r#"/// Sells things.
project shop { title: "Shop" }

use people.{Customer}

entity Order "Order", "Orders" {
  customer: Customer on delete protect inverse orders
  total: decimal(8, 2) in 0..1000
  paid_at: datetime?

  invariant paid_later: paid_at is set implies total > 0
}
"#;

const PEOPLE: &str = "entity Customer {\n  name: text(80)\n  email: email unique\n}\n";

fn shop() -> Session {
    Session::new()
        .file("shop.appspec", SHOP)
        .file("people.appspec", PEOPLE)
}

#[test]
fn a_spec_without_mistakes() {
    let session = shop()
        .run(&["check"])
        .run(&["check", "people.appspec"])
        .run(&["check", "--quiet"])
        .run(&["check", "--format", "short"])
        .run(&["check", "--format", "json"]);
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn a_warning_is_not_called_fine() {
    let told = Session::new()
        .file(
            "shop.appspec",
            "project shop { title: \"Shop\" }\n\nentity Visit {\n  day: date\n  hour: int\n\n  \
             index (day)\n  index (day, hour)\n}\n",
        )
        .run(&["check"])
        .transcript();
    assert!(
        told.contains("shop has no errors, 1 warning: 1 file"),
        "{told}"
    );
    assert!(!told.contains("is fine"), "{told}");
    let hint = "Where it is meant, say so above it: suppress relation::redundant_index \"reason\"";
    assert!(told.contains(hint), "{told}");
}

#[test]
fn what_is_acknowledged_is_counted_and_kept_for_tools() {
    let session = Session::new()
        .file(
            "shop.appspec",
            "project shop { title: \"Shop\" }\n\nentity Visit {\n  day: date\n  hour: int\n\n  \
             suppress relation::redundant_index \"Reports read by day.\"\n  \
             index (day)\n  index (day, hour)\n}\n",
        )
        .run(&["check"])
        .run(&["check", "--format", "short"])
        .run(&["check", "--format", "json"]);
    let sarif = session
        .command(&["check", "--format", "sarif"])
        .output()
        .unwrap();
    let log: serde_json::Value = serde_json::from_slice(&sarif.stdout).unwrap();
    let result = &log["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "relation::redundant_index");
    let suppression = &result["suppressions"][0];
    assert_eq!(suppression["kind"], "inSource");
    assert_eq!(suppression["justification"], "Reports read by day.");
    let region = &suppression["location"]["physicalLocation"]["region"];
    assert_eq!(region["startLine"], 7);
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn mistakes_in_two_files() {
    let session = shop()
        .file(
            "shop.appspec",
            SHOP.replace("{Customer}", "{Custmer}")
                .replace("Customer on", "Custmer on"),
        )
        .file(
            "people.appspec",
            PEOPLE.replace("email: email", "email: emial"),
        )
        .run(&["check"])
        .run(&["check", "--format", "short"])
        .run(&["check", "--quiet", "--format", "short", "people.appspec"]);
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn a_mistake_as_data() {
    let session = shop()
        .file(
            "people.appspec",
            PEOPLE.replace("email: email", "email: emial"),
        )
        .run(&["check", "--format", "json"]);
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn names_of_files_are_those_of_the_folder_one_stands_in() {
    let broken = PEOPLE.replace("email: email", "email: emial");
    let session = Session::new()
        .file("my specs/shop/shop.appspec", SHOP)
        .file("my specs/shop/people.appspec", broken)
        .run(&["check", "--format", "short", "my specs"])
        .run(&["check", "--format", "short", "my specs/shop/shop.appspec"]);
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn a_spec_may_have_folders() {
    let session = Session::new()
        .file(
            "shop.appspec",
            SHOP.replace("use people", "use parts.people"),
        )
        .file("parts/people.appspec", PEOPLE)
        .run(&["check"])
        .run(&["check", "parts"])
        .run(&["check", "parts/people.appspec"]);
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn a_spec_without_project() {
    let session = Session::new()
        .file("people.appspec", PEOPLE)
        .run(&["check"]);
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn two_projects() {
    let session = shop()
        .file("more.appspec", "project more { title: \"More\" }\n")
        .run(&["check"]);
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn a_mark_before_the_text_and_windows_line_ends_say_nothing() {
    let session = shop()
        .file(
            "shop.appspec",
            format!("\u{feff}{}", SHOP.replace('\n', "\r\n")),
        )
        .run(&["check"]);
    assert!(
        session.transcript().contains("[exit 0]"),
        "{}",
        session.transcript()
    );
}

#[test]
fn nobody_draws_thousands_of_pictures() {
    let mut text = "project shop {}\n\n".to_owned();
    for number in 0..500 {
        let _ = writeln!(text, "entity E{number} {{\n  x: nothing{number}\n}}");
    }
    let session = Session::new().file("shop.appspec", text);
    let output = session.command(&["check"]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("more; `appspecc check --format short` lists them"));
    assert!(said.lines().count() < 2000);
}

#[test]
fn an_unsaved_buffer_takes_the_place_of_its_file() {
    let broken = PEOPLE.replace("email: email", "email: emial");
    let session = shop()
        .run_with(
            &[
                "check",
                "--stdin-path",
                "people.appspec",
                "--format",
                "short",
            ],
            &broken,
        )
        .file("people.appspec", broken)
        .run(&["check", "--format", "short"])
        .run_with(
            &[
                "check",
                "--stdin-path",
                "people.appspec",
                "--format",
                "short",
            ],
            PEOPLE,
        );
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn an_unsaved_buffer_may_be_a_file_that_is_not_there_yet() {
    let session = Session::new()
        .file("shop.appspec", SHOP)
        .run_with(&["check", "--stdin-path", "people.appspec"], PEOPLE)
        .run_with(&["check", "--stdin-path", "nowhere/people.appspec"], PEOPLE)
        .run_with(&["check", "--stdin-path", "people.txt"], PEOPLE)
        .run_with(&["check", "--stdin-path", "people.appspec"], b"entity \xff")
        .run(&["check", "--stdin-path", "shop.appspec", "."]);
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn no_more_findings_than_were_asked_for() {
    let session = Session::new()
        .file(
            "shop.appspec",
            "project shop {}\nentity A { x: itn }\nentity B { x: txt }\nentity C { x: bol }\n",
        )
        .run(&["check", "--max-errors", "1"])
        .run(&["check", "--max-errors", "2", "--format", "short"])
        .run(&["check", "--max-errors", "0", "--format", "json"])
        .run(&["check", "--max-errors", "x"]);
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn a_mistake_for_the_tools_of_others() {
    let broken = PEOPLE.replace("email: email", "email: emial");
    let session = shop()
        .file("people.appspec", broken)
        .run(&["check", "--format", "github"]);
    let sarif = session
        .command(&["check", "--format", "sarif"])
        .output()
        .unwrap();
    let log: serde_json::Value = serde_json::from_slice(&sarif.stdout).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let result = &log["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "name::unknown");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "people.appspec");
    assert_eq!(place["region"]["startLine"], 3);
    insta::assert_snapshot!(session.transcript());
}
