//! No name of a spec takes the place of what every emitted model has.

use std::fs;
use std::path::Path;

use appspec_tests::spec;

/// What `Record` declares for all models, methods and class variables, private ones left out: a spec's name
/// never begins with an underscore.
fn of_records() -> Vec<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../crates/appspec-django/templates/core/models.py");
    let text = fs::read_to_string(file).expect("the template of the models");
    let (_, class) = text
        .split_once("\nclass Record(")
        .expect("the class of all models");
    class
        .lines()
        .skip(1)
        .take_while(|line| line.is_empty() || line.starts_with(' '))
        .filter_map(|line| line.strip_prefix("    "))
        .filter_map(|line| match line.strip_prefix("def ") {
            Some(method) => method.split_once('(').map(|(name, _)| name),
            None => line.split_once(": ClassVar").map(|(name, _)| name),
        })
        .filter(|name| !name.starts_with([' ', '_']))
        .map(ToOwned::to_owned)
        .collect()
}

#[test]
fn fields_derived_values_and_inverses_leave_the_models_their_own() {
    let names = of_records();
    assert!(names.len() >= 12, "{names:?}");
    for name in names {
        for text in [
            format!("entity E {{ {name}: int }}"),
            format!("entity E {{\n  n: int\n  derive {name}: int = n + 1\n}}"),
            format!("entity E {{ n: int }}\nentity F {{ e: E inverse {name} }}"),
        ] {
            let text = format!("project shop {{ title: \"Shop\" }}\n{text}\n");
            let found = spec::findings(&mut spec::sources(&text));
            let codes: Vec<_> = found.iter().map(|finding| finding.code.id).collect();
            assert_eq!(codes, ["name::breaks_django"], "{text}");
        }
    }
}
