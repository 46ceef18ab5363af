//! `appspecc inspect` and `appspecc std`.

use crate::transcript::Session;

const SALON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/apps/salon");

#[test]
fn a_page_about_the_salon() {
    let output = Session::new()
        .command(&["inspect", SALON])
        .output()
        .unwrap();
    insta::assert_snapshot!(String::from_utf8(output.stdout).unwrap());
}

/// The words for where are the backend's; that no rule is left out is ours.
#[test]
fn every_rule_and_where_it_is_enforced() {
    let listed = Session::new()
        .command(&["inspect", SALON, "--invariants"])
        .output()
        .unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let json = Session::new()
        .command(&["inspect", SALON, "--json"])
        .output()
        .unwrap();
    let spec: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    let invariants = spec["invariants"].as_array().unwrap();
    assert!(invariants.len() > 20);
    for invariant in invariants {
        let name = invariant["name"].as_str().unwrap();
        let line = listed
            .lines()
            .find(|line| line.split_whitespace().next() == Some(name));
        let line = line.unwrap_or_else(|| panic!("`{name}` is not in\n{listed}"));
        assert!(line.contains("model validation"), "{line}");
    }
}

#[test]
fn the_resolved_spec_is_json() {
    let output = Session::new()
        .command(&["inspect", SALON, "--json"])
        .output()
        .unwrap();
    assert!(output.status.success());
    let spec: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(spec["project"]["name"], "salon");
    let entities = spec["entities"].as_array().unwrap();
    assert!(
        entities
            .iter()
            .any(|entity| entity["name"] == "Appointment")
    );
}

#[test]
fn the_schema_needs_no_spec() {
    let output = Session::new()
        .command(&["inspect", "--schema"])
        .output()
        .unwrap();
    assert!(output.status.success());
    let schema: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(schema["title"], "Spec");
}

#[test]
fn the_standard_library_can_be_read() {
    let session = Session::new()
        .run(&["std"])
        .run(&["std", "tme"])
        .run(&["std", "std.nothing"]);
    insta::assert_snapshot!(session.transcript());
    for name in ["std.auth", "auth"] {
        let output = session.command(&["std", name]).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains("entity User"), "{text}");
    }
}
