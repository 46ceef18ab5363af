//! What the compiler itself prints about a spec of hostile texts: nothing that a terminal obeys, and data that says
//! what the spec says.

use std::fs;
use std::path::Path;

use appspec_tests::compiler::appspecc;
use appspec_tests::hostile::{CONTROLS, Spec};
use appspec_tests::{Ran, build};
use serde_json::Value;
use tempfile::TempDir;

const SEEDS: [u64; 3] = [0xf1, 0xf2, 0xf3];
const ENTITIES: usize = 8;

/// All that shows a spec in some way, but for what gives a file back as it is.
const COMMANDS: [&[&str]; 18] = [
    &["check"],
    &["check", "--advice", "--max-errors", "1000"],
    &["check", "--format", "short"],
    &["check", "--format", "json"],
    &["check", "--format", "sarif"],
    &["check", "--format", "github"],
    &["inspect"],
    &["inspect", "--json"],
    &["inspect", "--invariants"],
    &["inspect", "--invariants", "--json"],
    &["inspect", "--access"],
    &["inspect", "--access", "--json"],
    &["inspect", "--witness"],
    &["inspect", "--witness", "--json"],
    &["inspect", "--relations"],
    &["inspect", "--relations", "--format", "dot"],
    &["inspect", "--relations", "--format", "svg"],
    &["fmt", "--check"],
];

/// A spec in a folder, and the same with the mistakes that quote its texts.
fn written(seed: u64) -> (TempDir, Spec) {
    let folder = TempDir::new().expect("make a temporary folder");
    let spec = Spec::new(seed, ENTITIES, false);
    let text = spec.text();
    let broken = text
        .replace("invariant outside", "invarint outside")
        .replace("unique (f2", "unique (f22")
        .replace(" = v0", " = \"v0\"")
        .replace("derive same: bool", "derive same: int");
    for (name, text) in [("fine", text), ("broken", broken)] {
        let path = folder.path().join(name);
        fs::create_dir(&path).expect("make a folder");
        fs::write(path.join("hostile.appspec"), text).expect("write a spec");
    }
    (folder, spec)
}

fn run(arguments: &[&str], spec: &Path) -> Ran {
    Ran::of(appspecc().args(arguments).arg(spec)).answers()
}

#[track_caller]
fn obeys_nothing(ran: &Ran) {
    let said = ran.said();
    assert!(!said.is_empty(), "{ran}");
    let obeyed = said.char_indices().find(|(_, it)| {
        let turns = matches!(it, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{feff}');
        turns || (it.is_control() && !matches!(it, '\n' | '\t'))
    });
    if let Some((at, it)) = obeyed {
        let start = said.floor_char_boundary(at.saturating_sub(60));
        panic!("{}: {it:?} behind {:?}", ran.command, &said[start..at]);
    }
}

#[test]
fn a_terminal_has_nothing_to_obey() {
    for seed in SEEDS {
        let (folder, _) = written(seed);
        for name in ["fine", "broken"] {
            for command in COMMANDS {
                obeys_nothing(&run(command, &folder.path().join(name)));
            }
        }
        let out = folder.path().join("out");
        obeys_nothing(&build(&folder.path().join("fine"), &out));
        obeys_nothing(&run(
            &["build", "--verbose", "--out", &out.to_string_lossy()],
            &folder.path().join("fine"),
        ));
        // Somebody changed a file; the difference shows what is in it.
        let edited = out.join("hostile/choices.py");
        let text = fs::read_to_string(&edited).expect("an emitted file");
        fs::write(&edited, format!("{text}# {}\n", CONTROLS.concat())).expect("write a file");
        let refused = build(&folder.path().join("fine"), &out);
        assert_eq!(refused.code(), Some(4), "{refused}");
        obeys_nothing(&refused);
    }
}

#[test]
fn arguments_are_shown_as_text() {
    for control in CONTROLS.iter().filter(|it| !it.contains('\0')) {
        for command in ["explain", "std"] {
            let ran = Ran::of(appspecc().args([command, &format!("a{control}b")]));
            assert_eq!(ran.code(), Some(2), "{ran}");
            obeys_nothing(&ran);
        }
    }
}

/// A carriage return alone begins a line of the spec; on a terminal it would hide the beginning of one.
#[test]
fn no_line_goes_back_over_itself() {
    let folder = TempDir::new().expect("make a temporary folder");
    let text = "project shop { title: \"Shop\" }\r// fine\rentity E { n: it }\r";
    fs::write(folder.path().join("shop.appspec"), text).expect("write a spec");
    for command in COMMANDS {
        obeys_nothing(&run(command, folder.path()));
    }
}

#[test]
fn data_says_what_the_spec_says() {
    for seed in SEEDS {
        let (folder, spec) = written(seed);
        let path = folder.path().join("fine");
        let shown = parsed(&run(&["inspect", "--json"], &path).fine());
        let mut texts = Vec::new();
        strings(&shown, &mut texts);
        for entity in &spec.entities {
            let exact = [
                &entity.label,
                &entity.plural,
                &entity.doc,
                &entity.unique_message,
            ]
            .into_iter()
            .chain(&entity.docs)
            .chain(&entity.defaults)
            .chain(&entity.messages)
            .chain(entity.rows.iter().flatten())
            .chain(
                entity
                    .choices
                    .iter()
                    .flat_map(|(label, stored)| [label, stored]),
            );
            for text in exact {
                assert!(
                    texts.contains(&text.as_str()),
                    "{text:?} is not in the data"
                );
            }
        }
        assert_eq!(shown["project"]["title"], spec.title);
        assert_eq!(shown["project"]["doc"], spec.doc);
    }
}

/// One line for each finding, whatever it quotes, and the same findings in every format.
#[test]
fn every_format_has_the_same_findings() {
    for seed in SEEDS {
        let (folder, _) = written(seed);
        let path = folder.path().join("broken");
        let format = |name: &str| run(&["check", "--format", name], &path).exits(1);
        let report = parsed(&format("json"));
        let findings = report["diagnostics"].as_array().expect("findings").len();
        assert!(findings > 20, "{findings}");
        let sarif = parsed(&format("sarif"));
        assert_eq!(
            sarif["runs"][0]["results"]
                .as_array()
                .expect("results")
                .len(),
            findings
        );
        let github = format("github").stdout;
        assert_eq!(github.lines().count(), findings, "{github}");
        for line in github.lines() {
            let is_command = ["::error ", "::warning ", "::notice "]
                .iter()
                .any(|it| line.starts_with(it));
            assert!(is_command, "{line}");
        }
        let short = format("short").stdout;
        assert_eq!(short.lines().count(), findings, "{short}");
    }
}

fn parsed(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran}"))
}

fn strings<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    match value {
        Value::String(text) => found.push(text),
        Value::Array(items) => items.iter().for_each(|item| strings(item, found)),
        Value::Object(members) => members.values().for_each(|item| strings(item, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
