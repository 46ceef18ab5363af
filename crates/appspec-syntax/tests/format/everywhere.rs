//! What holds for every spec: the same tree, the same comments, and no second change.

use crate::specs::{all, comments, formatted, tree};

#[test]
fn every_spec_of_the_repository_keeps_its_meaning() {
    let specs = all();
    assert!(specs.len() > 400, "{} specs", specs.len());
    for spec in &specs {
        let once = formatted(&spec.name, &spec.text);
        assert_eq!(tree(&once), tree(&spec.text), "{}\n{once}", spec.name);
        assert_eq!(
            comments(&once),
            comments(&spec.text),
            "{}\n{once}",
            spec.name
        );
        let twice = formatted(&spec.name, &once);
        assert_eq!(twice, once, "{}", spec.name);
    }
}
