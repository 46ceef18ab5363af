//! Every command under "Examples" in a help text does what it says, in a folder as its reader has it.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::transcript::Session;

const SALON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/apps/salon");

#[test]
fn of_the_program() {
    every_example(&["--help"], 4);
}

#[test]
fn of_new() {
    every_example(&["new", "--help"], 3);
}

#[test]
fn of_check() {
    every_example(&["check", "--help"], 6);
}

#[test]
fn of_build() {
    every_example(&["build", "--help"], 3);
}

#[test]
fn of_fmt() {
    every_example(&["fmt", "--help"], 4);
}

#[test]
fn of_std() {
    every_example(&["std", "--help"], 2);
}

#[test]
fn of_explain() {
    every_example(&["explain", "--help"], 2);
}

#[test]
fn of_inspect() {
    every_example(&["inspect", "--help"], 6);
}

#[test]
fn of_completions() {
    every_example(&["completions", "--help"], 2);
}

/// Runs them one after the other, as they are printed: those that name a spec beside the one in
/// `specs/salon`, the others in a spec's own folder.
fn every_example(help: &[&str], expected: usize) {
    let session = Session::new()
        .run(&["new", "shop"])
        .file(".local/share/bash-completion/completions/other", "")
        .file(".config/fish/completions/other.fish", "");
    let salon = session.path("specs/salon");
    fs::create_dir_all(&salon).unwrap();
    for entry in fs::read_dir(SALON).unwrap() {
        let file = entry.unwrap().path();
        if file.extension().is_some_and(|it| it == "appspec") {
            fs::copy(&file, salon.join(file.file_name().unwrap())).unwrap();
        }
    }

    let text = session.command(help).output().unwrap().stdout;
    let text = String::from_utf8(text).unwrap();
    let examples = examples(&text);
    assert_eq!(examples.len(), expected, "{examples:?}");
    // Those of `dev` need Python and a network: the stage `dev` runs them.
    for example in examples
        .into_iter()
        .filter(|it| !it.starts_with("appspecc dev"))
    {
        let (command, filter) = match example.split_once(" | jq ") {
            Some((command, filter)) => (command, Some(filter.trim_matches('\''))),
            None => (example, None),
        };
        let names_one = command.contains("specs/") || command.contains("library");
        let folder = session.path(if names_one { "" } else { "shop" });
        let output = type_in(&folder, &session.path(""), command);
        if let Some(filter) = filter {
            let answer: Value = serde_json::from_str(&output).unwrap();
            assert!(has(&answer, filter), "nothing at {filter} in {output}");
        }
    }
}

fn examples(help: &str) -> Vec<&str> {
    let (_, rest) = help.split_once("Examples:\n").unwrap();
    rest.lines()
        .map_while(|line| line.strip_prefix("  "))
        .map(str::trim)
        .collect()
}

/// What a shell prints for the line, which must succeed.
fn type_in(folder: &Path, home: &Path, line: &str) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_appspecc")).parent().unwrap();
    let path = std::env::join_paths(
        std::iter::once(program.to_owned())
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    )
    .unwrap();
    let output = Command::new("sh")
        .args(["-c", line])
        .current_dir(folder)
        .env("PATH", path)
        .env("HOME", home)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{line}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// Whether the answer has the place that a filter such as `.entities[].name` names: the list, and the
/// member in each thing in it.
fn has(answer: &Value, filter: &str) -> bool {
    let (list, member) = filter.trim_start_matches('.').split_once("[].").unwrap();
    answer[list]
        .as_array()
        .is_some_and(|things| things.iter().all(|thing| !thing[member].is_null()))
}
