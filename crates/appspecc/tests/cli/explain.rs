//! `appspecc explain`.

use crate::transcript::Session;
use appspec_diagnostics::codes;

#[test]
fn a_page_is_printed_as_it_is() {
    for code in codes::all() {
        let output = Session::new()
            .command(&["explain", code.id])
            .output()
            .unwrap();
        assert!(output.status.success());
        assert_eq!(String::from_utf8(output.stdout).unwrap(), code.page);
    }
}

#[test]
fn the_part_after_the_colons_will_do() {
    let output = Session::new()
        .command(&["explain", "not_utf8"])
        .output()
        .unwrap();
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        codes::world::NOT_UTF8.page
    );
}

#[test]
fn the_list_names_every_code() {
    let output = Session::new().command(&["explain"]).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(said.lines().count(), codes::all().count());
    for code in codes::all() {
        assert!(said.contains(code.id) && said.contains(code.title));
    }
}

#[test]
fn a_slip_is_answered_with_the_code_that_was_meant() {
    let session = Session::new()
        .run(&["explain", "wrld::not_utf8"])
        .run(&["explain", "not_utf"])
        .run(&["explain", "E0425"]);
    insta::assert_snapshot!(session.transcript());
}
