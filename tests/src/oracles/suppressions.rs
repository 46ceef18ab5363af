//! Places where emitted code asks a tool to look away. Each is on the list in
//! `docs/design/oracles.md`, with its reason, or it is a finding.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use crate::project::Project;
use crate::ran::Verdict;
use crate::surroundings::tests_folder;
use crate::tree::Tree;

/// What silences ruff, mypy, bandit, coverage, pytest or Django.
const MARKS: &[&str] = &[
    "noqa",
    "type: ignore",
    "pyright: ignore",
    "mypy: ignore",
    "mypy: disable",
    "nosec",
    "pragma: no cover",
    "fmt: off",
    "fmt: skip",
    "ruff: ",
    "mark.skip",
    "mark.xfail",
    "pytest.skip",
    "pytest.xfail",
    "importorskip",
    "SkipTest",
    "unittest.skip",
    "SILENCED_SYSTEM_CHECKS",
    "filterwarnings",
    "no_type_check",
];

/// What makes a tool's configuration look away.
const CONFIGURATION_MARKS: &[&str] = &[
    "ignore = [",
    "per-file-ignores",
    "exclude",
    "ignore_missing_imports",
    "ignore_errors",
    "disable_error_code",
    "skips",
    "omit",
];

/// The same marks as often as the list says, no more and no fewer.
pub(super) fn are_counted(project: &Project) -> Verdict {
    let listed = listed()?;
    let mut findings = Vec::new();
    let mut found: BTreeMap<(String, String), usize> = BTreeMap::new();
    for (path, file) in Tree::read(&project.root).0 {
        let extension = Path::new(&path).extension().and_then(OsStr::to_str);
        let is_configuration = matches!(extension, Some("toml" | "cfg" | "ini" | "yaml" | "yml"));
        if path.starts_with(".appspec/") || !(extension == Some("py") || is_configuration) {
            continue;
        }
        let text = String::from_utf8_lossy(&file.bytes).into_owned();
        let more = if is_configuration {
            CONFIGURATION_MARKS
        } else {
            &[]
        };
        for mark in MARKS.iter().chain(more) {
            let count = text.lines().filter(|line| line.contains(mark)).count();
            if count > 0 {
                found.insert((path.clone(), (*mark).to_owned()), count);
            }
        }
    }
    for ((path, mark), count) in &found {
        let allowed = listed
            .get(&(path.clone(), mark.clone()))
            .copied()
            .unwrap_or(0);
        if *count > allowed {
            findings.push(format!("{path}: `{mark}` {count} times, {allowed} listed"));
        }
    }
    if findings.is_empty() {
        Ok(())
    } else {
        Err(findings.join("\n"))
    }
}

/// The rows `| path | mark | count | reason |` of the design record.
fn listed() -> Result<BTreeMap<(String, String), usize>, String> {
    let path = tests_folder()
        .with_file_name("docs")
        .join("design/oracles.md");
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let (_, section) = text
        .split_once("## Suppressions")
        .ok_or("oracles.md has no section `Suppressions`")?;
    let mut rows = BTreeMap::new();
    for line in section.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [path, mark, count, reason] = cells.as_slice() else {
            return Err(format!("not a row of path, mark, count, reason: {line}"));
        };
        if reason.is_empty() {
            return Err(format!("a row without a reason: {line}"));
        }
        let count = count.parse().map_err(|error| format!("{error}: {line}"))?;
        rows.insert(
            (
                path.trim_matches('`').to_owned(),
                mark.trim_matches('`').to_owned(),
            ),
            count,
        );
    }
    Ok(rows)
}
