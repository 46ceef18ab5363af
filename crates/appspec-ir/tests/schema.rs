//! The published JSON Schema is the one that the types have now.

use std::path::PathBuf;

const UPDATE: &str = "APPSPEC_TESTS_UPDATE";

#[test]
#[allow(
    clippy::disallowed_methods,
    reason = "a test may read the document that it checks"
)]
fn the_published_schema_is_up_to_date() {
    let path: PathBuf = [
        env!("CARGO_MANIFEST_DIR"),
        "../../docs/reference/spec.schema.json",
    ]
    .iter()
    .collect();
    let mut now = serde_json::to_string_pretty(&appspec_ir::json_schema()).unwrap();
    now.push('\n');
    if std::env::var(UPDATE).is_ok() {
        std::fs::write(&path, &now).unwrap();
    }
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        published == now,
        "docs/reference/spec.schema.json is out of date; run with {UPDATE}=1"
    );
}
