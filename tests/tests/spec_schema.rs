//! The Spec of every complete app fits the published JSON Schema, and comes back from JSON unchanged.

use std::path::Path;

use appspec_ir::{Spec, Written};
use appspec_tests::{Ran, json_schema, spec, surroundings};
use serde_json::Value;

fn apps() -> Vec<(String, Spec)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("apps");
    let mut apps: Vec<_> = std::fs::read_dir(folder)
        .expect("there are apps")
        .map(|entry| entry.expect("an entry can be read").path())
        .filter(|path| path.is_dir())
        .collect();
    apps.sort();
    apps.into_iter()
        .map(|path| {
            let mut sources = spec::folder(&path);
            let (compiled, findings) = appspec_analysis::compile(&mut sources);
            assert!(!findings.has_errors(), "{}: {findings:?}", path.display());
            (
                path.display().to_string(),
                compiled.expect("it compiles").spec,
            )
        })
        .collect()
}

#[test]
fn real_specs_fit_the_published_schema() {
    let schema = include_str!("../../docs/reference/spec.schema.json");
    let schema: Value = serde_json::from_str(schema).expect("the schema is JSON");
    for (name, spec) in apps() {
        let json = serde_json::to_value(&spec).expect("a Spec is JSON");
        assert_eq!(json_schema::violations(&schema, &json), [""; 0], "{name}");

        let mut broken = json.clone();
        broken["project"]
            .as_object_mut()
            .expect("the project is an object")
            .remove("timezone");
        assert_ne!(json_schema::violations(&schema, &broken), [""; 0], "{name}");
    }
}

#[test]
fn a_spec_comes_back_from_json() {
    for (name, mut spec) in apps() {
        // What only messages need of the text is no part of it.
        spec.written = Written::default();
        let json = serde_json::to_string(&spec).expect("a Spec is JSON");
        let back: Spec = serde_json::from_str(&json).expect("its JSON is a Spec");
        assert!(back == spec, "{name}");
    }
}

/// What `inspect` prints of one thing fits the schema that is published for it.
#[test]
fn what_is_inspected_fits_the_published_schemas() {
    let salon = Path::new(env!("CARGO_MANIFEST_DIR")).join("apps/salon");
    let schemas = [
        (
            "relations",
            include_str!("../../docs/reference/relations.schema.json"),
        ),
        (
            "witness",
            include_str!("../../docs/reference/witness.schema.json"),
        ),
        (
            "invariants",
            include_str!("../../docs/reference/invariants.schema.json"),
        ),
        (
            "access",
            include_str!("../../docs/reference/access.schema.json"),
        ),
    ];
    for (name, schema) in schemas {
        let schema: Value = serde_json::from_str(schema).expect("the schema is JSON");
        let mut command = std::process::Command::new(&surroundings().appspecc);
        command
            .arg("inspect")
            .arg(&salon)
            .args([&format!("--{name}"), "--json"]);
        let printed = Ran::of(&mut command).fine().stdout;
        let json: Value = serde_json::from_str(&printed).expect("it is JSON");
        assert_eq!(json_schema::violations(&schema, &json), [""; 0], "{name}");
    }
}
