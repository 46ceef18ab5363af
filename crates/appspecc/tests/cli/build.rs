//! `appspecc build`. What it does to files is tested with real projects in `tests/`.

use std::fs;

use crate::transcript::{Session, without_counts};

const SHOP: &str = r#"/// Sells things.
project shop { title: "The shop" }

entity Order "Order", "Orders" {
  number: int unique
  total: decimal(8, 2) in 0..1000

  invariant some: total > 0 message "An order is worth something."
}
"#;

#[test]
fn the_first_build_says_what_comes_next() {
    let session = Session::new()
        .file("spec/shop.appspec", SHOP)
        .run(&["build", "spec"])
        .run(&["build", "spec"]);
    insta::assert_snapshot!(without_counts(&session.transcript()));
}

#[test]
fn a_later_build_says_what_it_added() {
    let session = Session::new()
        .file("shop.appspec", SHOP)
        .run(&["build", "--quiet"])
        .file(
            "shop.appspec",
            SHOP.replace("  total:", "  note: text?\n  total:"),
        )
        .run(&["build"]);
    insta::assert_snapshot!(without_counts(&session.transcript()));
}

#[test]
fn a_later_build_says_what_is_no_longer_enforced() {
    let session = Session::new()
        .file("shop.appspec", SHOP)
        .run(&["build", "--quiet"])
        .file(
            "shop.appspec",
            SHOP.replace(" unique", "").replace(" in 0..1000", ""),
        )
        .run(&["build"])
        .run(&["build"]);
    let said = session.transcript();
    let line = "  no longer enforced: Order.total in 0..1000, unique Order.number_unique\n";
    assert_eq!(said.matches(line).count(), 1, "{said}");
}

#[test]
fn every_file_and_every_rule_can_be_listed() {
    let session = Session::new()
        .file("shop.appspec", SHOP)
        .run(&["build", "--verbose"]);
    let said = session.transcript();
    for line in [
        "             manage.py\n",
        "             shop/migrations/0001_initial.py\n",
        "shop.Order\n",
        "  some           row     database CHECK, model validation   total > 0\n",
    ] {
        assert!(said.contains(line), "{line:?} is not in\n{said}");
    }
}

#[test]
fn a_check_in_continuous_integration() {
    let session = Session::new()
        .file("shop.appspec", SHOP)
        .run(&["build", "--quiet", "--out", "project"])
        .run(&["build", "--check", "--out", "project"]);
    insta::assert_snapshot!(without_counts(&session.transcript()));
    let before = fs::read(session.path("project/README.md")).unwrap();
    let session = session
        .file("shop.appspec", SHOP.replace("The shop", "Our shop"))
        .run(&["build", "--check", "--out", "project", "--quiet"]);
    let said = session.transcript();
    assert!(said.contains("project is not what the spec says"), "{said}");
    assert!(said.contains("             README.md\n"), "{said}");
    assert!(said.contains("[exit 4]"), "{said}");
    assert_eq!(before, fs::read(session.path("project/README.md")).unwrap());
}

#[test]
fn an_edit_by_hand_is_not_lost() {
    let session = Session::new()
        .file("shop.appspec", SHOP)
        .run(&["build", "--quiet", "--out", "project"])
        .file("project/README.md", "mine\n")
        .run(&["build", "--out", "project", "--keep"]);
    insta::assert_snapshot!(without_counts(&session.transcript()));
}

#[test]
fn a_spec_with_mistakes_is_not_built() {
    let session = Session::new()
        .file("shop.appspec", SHOP.replace("number: int", "number: itn"))
        .run(&["build"])
        .files();
    insta::assert_snapshot!(without_counts(&session.transcript()));
}

#[test]
fn a_file_where_the_folder_should_be() {
    let session = Session::new()
        .file("shop.appspec", SHOP)
        .file("project", "not a folder")
        .run(&["build", "--out", "project"])
        .files();
    insta::assert_snapshot!(without_counts(&session.transcript()));
}

#[test]
fn what_is_acknowledged_is_counted() {
    let session = Session::new()
        .file(
            "shop.appspec",
            SHOP.replace(
                "  total:",
                "  suppress relation::redundant_index \"Read by day.\"\n  index (number)\n  total:",
            ),
        )
        .run(&["check"])
        .run(&["build"]);
    insta::assert_snapshot!(without_counts(&session.transcript()));
}

#[test]
fn what_only_postgresql_stores_is_named() {
    let session = Session::new()
        .file(
            "bank.appspec",
            "project bank { title: \"Bank\" }\n\nentity Account {\n  name: text(20) unique\n  \
             limit: decimal(18, 2) = 9999999999999.99\n  most: decimal(18, 2) = 1234567890123456.78\n}\n\n\
             seed Account {\n  house { name: \"House\", limit: 1000000000000000.00 }\n  \
             till { name: \"Till\", limit: 100 }\n}\n",
        )
        .run(&["build"]);
    insta::assert_snapshot!(without_counts(&session.transcript()));
}

#[test]
fn a_kept_file_that_the_spec_changed_is_named() {
    let session = Session::new()
        .file("shop.appspec", SHOP)
        .run(&["build", "--quiet", "--out", "project"]);
    let models = fs::read_to_string(session.path("project/shop/models.py")).unwrap();
    let session = session
        .file("project/shop/models.py", models + "# mine\n")
        .run(&["build", "--quiet", "--out", "project", "--keep"])
        .file(
            "shop.appspec",
            SHOP.replace("  total:", "  note: text?\n  total:"),
        )
        .run(&["build", "--out", "project", "--keep"]);
    insta::assert_snapshot!(without_counts(&session.transcript()));
}

#[test]
fn the_folder_of_another_project_is_left_alone() {
    let session = Session::new()
        .file("shop.appspec", SHOP)
        .run(&["build", "--quiet", "--out", "project"])
        .file(
            "shop.appspec",
            SHOP.replace("project shop", "project store"),
        );
    let before = fs::read(session.path("project/.appspec/manifest.json")).unwrap();
    let session = session
        .run(&["build", "--out", "project", "--overwrite"])
        .run(&["build", "--out", "project", "--check"]);
    let after = fs::read(session.path("project/.appspec/manifest.json")).unwrap();
    assert_eq!(before, after);
    insta::assert_snapshot!(session.transcript());
}
