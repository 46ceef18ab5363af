//! The reference pages that the program makes are the ones in `docs/reference/`.
//! `UPDATE_DOCS=1 cargo test -p appspecc --test cli reference` writes them.

use std::fs;
use std::path::Path;

use appspecc::reference;

#[track_caller]
fn is_up_to_date(name: &str, expected: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../docs/reference")
        .join(name);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&file, expected).unwrap();
    }
    let present = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        present == expected,
        "docs/reference/{name} is not what the program says; renew it with\n  \
         UPDATE_DOCS=1 cargo test -p appspecc --test cli reference"
    );
}

#[test]
fn the_command_line() {
    is_up_to_date("cli.md", &reference::command_line());
}

#[test]
fn the_schema_of_findings() {
    is_up_to_date("diagnostics.schema.json", &reference::diagnostics_schema());
}

#[test]
fn the_schemas_of_what_is_inspected() {
    for (name, schema) in reference::views_schemas() {
        is_up_to_date(name, &schema);
    }
}
