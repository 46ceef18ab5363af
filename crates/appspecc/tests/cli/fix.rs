//! `appspecc check --fix`.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::transcript::Session;

const WRONG: &str = r#"project shop { titel: "Shop" }

use std.tyme.{Timestamped}

/// Somebody who buys.
entity Customer with Timestamped {
  name: String   // as it is written
  email email unique
  is_open: bool = True
}

entity Order {
  customer: Custmer
  lines: int
  invariant some: lines > 0 && lines < 100;
"#;

const RIGHT: &str = r#"project shop { title: "Shop" }

use std.time.{Timestamped}

/// Somebody who buys.
entity Customer with Timestamped {
  name: text   // as it is written
  email: email unique
  is_open: bool = true
}

entity Order {
  customer: Customer
  lines: int
  invariant some: lines > 0 and lines < 100
}
"#;

#[test]
fn what_is_certain_is_mended_pass_by_pass() {
    let session = Session::new()
        .file("shop.appspec", WRONG)
        .run(&["check", "--fix"]);
    let text = fs::read_to_string(session.path("shop.appspec")).unwrap();
    assert_eq!(text, RIGHT);
    let session = session
        .run(&["check", "--fix"])
        .run(&["check", "--fix", "--quiet"]);
    assert_eq!(
        fs::read_to_string(session.path("shop.appspec")).unwrap(),
        RIGHT
    );
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn what_is_not_certain_stays_and_is_reported() {
    let spec = "project shop { title: \"Shop\" }\n\nentity Order {\n  line_1: int\n  lnes: int\n  \
                invariant a: line_2 > 0\n  invariant b: totally > 0\n}\n";
    let session = Session::new()
        .file("shop.appspec", spec)
        .run(&["check", "--fix", "--format", "short"]);
    assert_eq!(
        fs::read_to_string(session.path("shop.appspec")).unwrap(),
        spec
    );
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn several_files_change_together_and_keep_their_bytes() {
    let people = "\u{feff}entity Customer {\r\n  name: String\r\n  note: text?   \r\n}\r\n";
    let shop = "project shop { title: \"Shop\" }\nuse people.{Customer}\nentity Order { \
                customer: Custmer }\n";
    let session = Session::new()
        .file("shop.appspec", shop)
        .file("people.appspec", people)
        .run(&["check", "--fix", "--format", "short", "--quiet"]);
    let read = |name| fs::read_to_string(session.path(name)).unwrap();
    assert_eq!(read("shop.appspec"), shop.replace("Custmer", "Customer"));
    assert_eq!(read("people.appspec"), people.replace("String", "text"));
    assert_eq!(
        session.transcript(),
        "$ appspecc check --fix --format short --quiet\n[exit 0]\n\n"
    );
}

#[test]
fn a_file_that_is_read_only_keeps_all_from_changing() {
    let session = Session::new()
        .file("shop.appspec", WRONG)
        .file("people.appspec", "entity Person {\n  name: String\n}\n");
    let file = session.path("people.appspec");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o444)).unwrap();
    let session = session.run(&["check", "--fix"]);
    assert_eq!(
        fs::read_to_string(session.path("shop.appspec")).unwrap(),
        WRONG
    );
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn an_editor_gets_its_text_back() {
    let session = Session::new()
        .file("shop.appspec", "project shop { title: \"Shop\" }\n")
        .file("people.appspec", "entity Person { name: String }\n")
        .run_with(
            &["check", "--fix", "--stdin-path", "people.appspec"],
            "\u{feff}entity Person { name: Strng }\n",
        )
        .run_with(
            &["check", "--fix", "--stdin-path", "people.appspec"],
            "entity Person { name: String }\n",
        )
        .run_with(
            &[
                "check",
                "--fix",
                "--stdin-path",
                "people.appspec",
                "--quiet",
            ],
            "entity Person { name: text }\n",
        )
        .run_with(
            &[
                "check",
                "--fix",
                "--stdin-path",
                "people.appspec",
                "--format",
                "json",
            ],
            "entity Person { name: text }\n",
        );
    assert_eq!(
        fs::read_to_string(session.path("people.appspec")).unwrap(),
        "entity Person { name: String }\n"
    );
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn an_editor_gets_its_text_back_whatever_is_wrong() {
    let text = "\u{feff}entity Person { name: String }\r\n".as_bytes();
    let latin = b"// Gr\xf6\xdfe\n".as_slice();
    let session = Session::new()
        .file("shop.appspec", "project shop { title: \"Shop\" }\n")
        .file("broken/shop.appspec", "project shop { title: \"Shop\" }\n")
        .file("broken/notes.appspec", latin);
    for (path, sent) in [
        ("people.appspec", latin),
        ("nowhere/people.appspec", text),
        ("broken/people.appspec", text),
        ("no module.appspec", text),
        ("people.txt", text),
    ] {
        let output = session.output_with(&["check", "--fix", "--stdin-path", path], sent);
        assert_eq!(output.stdout, sent, "{path}");
        assert_ne!(output.status.code(), Some(0), "{path}");
        assert!(!output.stderr.is_empty(), "{path}");
    }
}
