//! The versions that the project asks for are those that it was tested with.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::project::Project;
use crate::ran::Verdict;
use crate::surroundings::tests_folder;

/// Every pin and every hash of the emitted lock is in the lock of the test environment, which
/// `pip` installed with hashes required.
pub(super) fn are_locked(project: &Project) -> Verdict {
    let tested = entries(&tests_folder().join("requirements-django52.txt"))?;
    let mut findings = Vec::new();
    let mut seen = 0;
    for name in ["base.txt", "development.txt", "production.txt"] {
        for entry in entries(&project.root.join("requirements").join(name))? {
            seen += 1;
            if !entry.contains("--hash=") {
                findings.push(format!("requirements/{name} has no hash for: {entry}"));
            } else if !tested.contains(&entry) {
                let pin = entry.split(" --hash").next().unwrap_or_default();
                findings.push(format!("requirements/{name} was not tested with: {pin}"));
            }
        }
    }
    if seen == 0 {
        findings.push("requirements/ names no package".to_owned());
    }
    if findings.is_empty() {
        Ok(())
    } else {
        Err(findings.join("\n"))
    }
}

/// One line per package, continuation lines joined, markers left out: a lock for fewer packages may
/// word the same condition differently.
fn entries(path: &Path) -> Result<BTreeSet<String>, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let joined = text.replace("\\\n", " ");
    Ok(joined
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#') && !line.starts_with("-r "))
        .map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let hashes = words
                .iter()
                .filter(|word| word.starts_with("--hash="))
                .copied();
            std::iter::once(words[0])
                .chain(hashes)
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect())
}
