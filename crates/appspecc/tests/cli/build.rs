//! `appspecc build`. What it does to files is tested with real projects in `tests/`.

use crate::transcript::Session;

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
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn a_later_build_says_what_it_added() {
    let session = Session::new()
        .file("shop.appspec", SHOP)
        .run(&["build", "--quiet"])
        .file("shop.appspec", SHOP.replace("  total:", "  note: text?\n  total:"))
        .run(&["build"])
        .run(&["build", "--verbose"]);
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn a_check_in_continuous_integration() {
    let session = Session::new()
        .file("shop.appspec", SHOP)
        .run(&["build", "--quiet", "--out", "project"])
        .run(&["build", "--check", "--out", "project"])
        .file("shop.appspec", SHOP.replace("The shop", "Our shop"))
        .run(&["build", "--check", "--out", "project"]);
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn an_edit_by_hand_is_not_lost() {
    let session = Session::new()
        .file("shop.appspec", SHOP)
        .run(&["build", "--quiet", "--out", "project"])
        .file("project/README.md", "mine\n")
        .run(&["build", "--out", "project", "--keep"]);
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn a_spec_with_mistakes_is_not_built() {
    let session = Session::new()
        .file("shop.appspec", SHOP.replace("number: int", "number: itn"))
        .run(&["build"])
        .files();
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn a_file_where_the_folder_should_be() {
    let session = Session::new()
        .file("shop.appspec", SHOP)
        .file("project", "not a folder")
        .run(&["build", "--out", "project"])
        .files();
    insta::assert_snapshot!(session.transcript());
}
