//! `appspecc inspect` and `appspecc std`.

use crate::transcript::Session;

/// A spec of one file with roles and access.
const ACCESS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/cli/specs/access.appspec"
);
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

fn inspected(arguments: &[&str]) -> String {
    let arguments = [&["inspect", SALON], arguments].concat();
    let output = Session::new().command(&arguments).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn relations_are_diagrams() {
    insta::assert_snapshot!("mermaid", inspected(&["--relations"]));
    insta::assert_snapshot!("dot", inspected(&["--relations", "--format", "dot"]));
    let picture = inspected(&["--relations", "--format", "svg"]);
    assert!(picture.starts_with("<svg ") && picture.contains("Appointment"));
    let json: serde_json::Value =
        serde_json::from_str(&inspected(&["--relations", "--json"])).unwrap();
    let extras = &json["relations"]
        .as_array()
        .unwrap()
        .iter()
        .find(|own| own["field"] == "services");
    let extras = extras.unwrap();
    assert_eq!(extras["kind"], "many_to_many");
    assert_eq!(extras["through"], "people.Skill");
}

/// Every entity has a row, and what a row points to stands before it.
#[test]
fn an_example_of_everything_stands_together() {
    insta::assert_snapshot!("witness", inspected(&["--witness"]));
    let json: serde_json::Value =
        serde_json::from_str(&inspected(&["--witness", "--json"])).unwrap();
    assert_eq!(json["unknown"], serde_json::json!([]));
    let spec: serde_json::Value = serde_json::from_str(&inspected(&["--json"])).unwrap();
    let rows = json["rows"].as_array().unwrap();
    for entity in spec["entities"].as_array().unwrap() {
        let name = entity["name"].as_str().unwrap();
        let mut named = rows.iter().map(|row| row["entity"].as_str().unwrap());
        assert!(
            named.any(|own| own.ends_with(&format!(".{name}"))),
            "{name}"
        );
    }
    let mut there = Vec::new();
    let mut references = 0;
    for row in rows {
        for field in row["fields"].as_array().unwrap() {
            if let Some(to) = field.get("row") {
                references += 1;
                assert!(there.contains(&(&to["entity"], &to["number"])), "{row}");
            }
        }
        there.push((&row["entity"], &row["number"]));
    }
    assert!(references > 10);
}

#[test]
fn the_enforcement_of_every_rule_is_json() {
    let json: serde_json::Value =
        serde_json::from_str(&inspected(&["--invariants", "--json"])).unwrap();
    let rules = json["rules"].as_array().unwrap();
    let rule = |name: &str| rules.iter().find(|rule| rule["rule"] == name).unwrap();
    assert_eq!(rule("ends_after_start")["postgresql"], "CHECK");
    assert_eq!(rule("slug_unique")["sqlite"], "UNIQUE");
    assert_eq!(rule("photo")["postgresql"], serde_json::Value::Null);
    assert_eq!(rule("client")["python"], "on delete");
    let ahead = rule("booked_ahead");
    assert_eq!(ahead["message"], "Choose a time in the future.");
    assert_eq!(ahead["sqlite"], serde_json::Value::Null);
}

#[test]
fn one_thing_is_shown_at_a_time() {
    let session = Session::new()
        .run(&["inspect", "--relations", "--witness"])
        .run(&["inspect", "--format", "dot"])
        .run(&["inspect", "--relations", "--format", "dot", "--json"]);
    insta::assert_snapshot!(session.transcript());
}

const DISTINCT: &str = r#"project shop { title: "Shop" }
entity Person { name: text(20) unique }
entity Match {
  home: Person on delete protect
  away: Person on delete protect
  referee: Person on delete protect
  invariant three: home != away and away != referee and home != referee
}
entity Label {
  code: text(12)
  a: int
  b: int
  invariant ends: starts_with(code, "ab") and ends_with(code, "yz") and contains(code, "mn")
  invariant factors: a * b == 7 and a < 0
}
entity Odd {
  n: int
  invariant square: n * n == 2
}
entity Part { odd: Odd on delete protect }
"#;

/// As many rows of an entity as others ask for; what was not found is told, with the reason.
#[test]
fn several_rows_of_one_entity_stand_together() {
    let session = Session::new().file("shop.appspec", DISTINCT);
    let output = session
        .command(&["inspect", "--witness", "--json"])
        .output()
        .unwrap();
    assert!(output.status.success());
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let count = |entity: &str| {
        let rows = json["rows"].as_array().unwrap().iter();
        rows.filter(|row| row["entity"] == entity).count()
    };
    assert_eq!(count("shop.Person"), 3);
    assert_eq!((count("shop.Match"), count("shop.Label")), (1, 1));
    let unknown = json["unknown"].as_array().unwrap();
    let names: Vec<_> = unknown
        .iter()
        .map(|own| own["entity"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["shop.Odd", "shop.Part"]);
    let page = session.command(&["inspect", "--witness"]).output().unwrap();
    let page = String::from_utf8(page.stdout).unwrap();
    assert!(
        page.contains("No row of shop.Odd was found, though there may be one"),
        "{page}"
    );
    assert!(
        page.contains("shop.Odd 1, of which the same is true"),
        "{page}"
    );
}

/// Whoever has a role may do what those with a role that it includes may do, and what anyone may.
#[test]
fn who_may_do_what() {
    let session = Session::new();
    let inspect = |arguments: &[&str]| {
        let arguments = [&["inspect", ACCESS, "--access"], arguments].concat();
        let output = session.command(&arguments).output().unwrap();
        let code = output.status.code();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (code, text(output.stdout), text(output.stderr))
    };
    let (code, all, _) = inspect(&[]);
    assert_eq!(code, Some(0));
    insta::assert_snapshot!(all);
    let (_, owner, _) = inspect(&["--as", "Owner"]);
    for line in [
        "Owner  read    all but note",
        "Owner  delete",
        "Owner  read    all fields",
        "only where me.is_active",
    ] {
        assert!(owner.contains(line), "{line}: {owner}");
    }
    assert!(!owner.contains("Client "), "{owner}");
    let (_, json, _) = inspect(&["--as", "system", "--json"]);
    let matrix: serde_json::Value = serde_json::from_str(&json).unwrap();
    let cells = |of: &serde_json::Value| of["cells"].as_array().unwrap().len();
    let entities = matrix["entities"].as_array().unwrap();
    assert_eq!(entities.iter().map(cells).sum::<usize>(), 2);
    let (code, _, told) = inspect(&["--as", "Ownr"]);
    assert_eq!(code, Some(1));
    assert!(told.contains("did you mean `Owner`?"), "{told}");
}
