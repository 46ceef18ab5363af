//! Every case of `tests/cases/fmt`: a small file, and beside it a snapshot of it and of what it becomes.

use crate::specs::{comments, formatted, tree};

#[test]
fn every_case_is_laid_out_as_its_snapshot_says() {
    let mut cases = 0;
    insta::glob!("../../../../tests/cases/fmt", "*.appspec", |case| {
        cases += 1;
        let text = std::fs::read_to_string(case).expect("a case is a text");
        let name = case
            .file_stem()
            .expect("a case has a name")
            .to_string_lossy();
        let once = formatted(&name, &text);
        assert_eq!(tree(&once), tree(&text), "{name}");
        assert_eq!(comments(&once), comments(&text), "{name}");
        assert_eq!(formatted(&name, &once), once, "{name}");
        let code = |line: &str| line.split(" //").next().unwrap_or("").chars().count();
        let long: Vec<_> = once.lines().filter(|line| code(line) > 100).collect();
        assert!(
            long.is_empty() || name.contains("too_long"),
            "{name}: {long:?}"
        );
        let shown = format!("{}\n--- formatted\n{once}", text.trim_end_matches('\n'));
        let shown = shown.replace('\r', "␍").replace('\u{FEFF}', "<BOM>");
        insta::with_settings!({
            snapshot_path => case.parent().expect("a case lies in a folder"),
            prepend_module_to_snapshot => false,
            omit_expression => true,
            snapshot_suffix => "",
        }, {
            insta::assert_snapshot!(name.as_ref(), shown);
        });
    });
    assert!(cases >= 40, "{cases} cases");
}
