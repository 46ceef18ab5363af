use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use appspec_backend::Ownership;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Which files earlier builds emitted, and what was in them: `.appspec/manifest.json`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Manifest {
    /// Whose project it is. Several where a branch that renamed it is being merged; none from before this was kept.
    pub(crate) projects: BTreeSet<String>,
    pub(crate) files: BTreeMap<String, Entry>,
}

/// One emitted file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// SHA-256 of the content. Several where two branches were merged, each with its own build.
    pub(crate) hashes: BTreeSet<String>,
    pub(crate) ownership: Ownership,
}

/// An entry as one line of the file says it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    sha256: String,
    ownership: Kind,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Generated,
    Owned,
    Frozen,
}

impl Entry {
    pub(crate) fn new(hash: String, ownership: Ownership) -> Self {
        Self {
            hashes: BTreeSet::from([hash]),
            ownership,
        }
    }
}

impl Manifest {
    /// Where it lies, relative to the project.
    pub(crate) const PATH: &str = ".appspec/manifest.json";

    /// One file per line, sorted: two branches that emitted different files merge without a conflict.
    pub(crate) fn to_text(&self) -> String {
        let mut text = String::from("{\n  \"format\": 2,\n");
        if let Some(project) = self.projects.first() {
            let project = serde_json::Value::from(project.as_str());
            let _ = writeln!(text, "  \"project\": {project},");
        }
        text.push_str("  \"files\": {\n");
        let mut between = "";
        for (path, entry) in &self.files {
            let line = Line {
                sha256: entry.hashes.iter().next().cloned().unwrap_or_default(),
                ownership: match entry.ownership {
                    Ownership::Generated => Kind::Generated,
                    Ownership::Owned => Kind::Owned,
                    Ownership::Frozen => Kind::Frozen,
                },
            };
            let path = serde_json::Value::from(path.as_str());
            let line = serde_json::to_string(&line).unwrap_or_default();
            let _ = write!(text, "{between}    {path}: {line}");
            between = ",\n";
        }
        text.push_str("\n  }\n}\n");
        text
    }

    /// Reads what [`Manifest::to_text`] wrote, also with the marks of an unfinished merge in it: a file that
    /// is as either branch emitted it was not edited by hand. The error says what is wrong.
    pub(crate) fn from_text(text: &str) -> Result<Self, String> {
        let mut manifest = Self::default();
        for (index, line) in text.lines().enumerate() {
            let wrong = |what: &dyn std::fmt::Display| format!("line {}: {what}", index + 1);
            let line = line.trim().trim_end_matches(',');
            let mark = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"]
                .iter()
                .any(|mark| line.starts_with(mark));
            if mark
                || matches!(
                    line,
                    "" | "{" | "}" | "\"files\": {" | "\"format\": 1" | "\"format\": 2"
                )
            {
                continue;
            }
            // A file may have that name too; what is said of a file is no text.
            let project = line.strip_prefix("\"project\":");
            if let Some(project) = project.and_then(|it| serde_json::from_str(it).ok()) {
                manifest.projects.insert(project);
                continue;
            }
            if line.starts_with("\"format\":") {
                return Err("it was written by a newer appspecc".to_owned());
            }
            let entries: BTreeMap<String, Line> =
                serde_json::from_str(&format!("{{{line}}}")).map_err(|error| wrong(&error))?;
            for (path, line) in entries {
                if !is_inside(&path) {
                    return Err(wrong(&format!("`{path}` leads out of the project")));
                }
                let ownership = match line.ownership {
                    Kind::Generated => Ownership::Generated,
                    Kind::Owned => Ownership::Owned,
                    Kind::Frozen => Ownership::Frozen,
                };
                manifest
                    .files
                    .entry(path)
                    .or_insert_with(|| Entry {
                        hashes: BTreeSet::new(),
                        ownership,
                    })
                    .hashes
                    .insert(line.sha256);
            }
        }
        Ok(manifest)
    }
}

/// Whether a path from a file that anyone may have edited stays inside the project.
pub(crate) fn is_inside(path: &str) -> bool {
    !path.contains(['\\', '\0'])
        && path
            .split('/')
            .all(|part| !matches!(part, "" | "." | "..") && !part.contains(':'))
}

/// SHA-256 in hexadecimal.
pub(crate) fn hash(content: &[u8]) -> String {
    hex(&Sha256::digest(content))
}

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(entries: &[(&str, &str)]) -> Manifest {
        Manifest {
            projects: BTreeSet::from(["shop".to_owned()]),
            files: entries
                .iter()
                .map(|(path, content)| {
                    let entry = Entry::new(hash(content.as_bytes()), Ownership::Generated);
                    ((*path).to_owned(), entry)
                })
                .collect(),
        }
    }

    #[test]
    fn what_is_written_is_json_and_is_read() {
        let manifest = manifest(&[
            ("a.py", "one"),
            ("project", "a file"),
            ("b \"quoted\".py", "two"),
        ]);
        let text = manifest.to_text();
        assert_eq!(Manifest::from_text(&text), Ok(manifest));
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(json["files"]["a.py"]["ownership"], "generated");
        let empty = Manifest::default();
        assert_eq!(Manifest::from_text(&empty.to_text()), Ok(empty));
    }

    #[test]
    fn an_unfinished_merge_knows_both_sides() {
        let ours = manifest(&[("a.py", "ours")]).to_text();
        let theirs = manifest(&[("a.py", "theirs")]).to_text();
        let line = |text: &str| text.lines().nth(4).unwrap().to_owned();
        let merged = format!(
            "{{\n  \"format\": 1,\n  \"files\": {{\n<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> branch\n  }}\n}}\n",
            line(&ours),
            line(&theirs)
        );
        let merged = Manifest::from_text(&merged).unwrap();
        let entry = &merged.files["a.py"];
        assert!(entry.hashes.contains(&hash(b"ours")) && entry.hashes.contains(&hash(b"theirs")));
    }

    #[test]
    fn damage_is_noticed() {
        for text in [
            "{ \"format\": 3 }",
            "  \"format\": 3,",
            "    \"a.py\": {\"sha256\": 1}",
            "    \"../a.py\": {\"sha256\":\"00\",\"ownership\":\"generated\"}",
            "    \"/etc/passwd\": {\"sha256\":\"00\",\"ownership\":\"generated\"}",
            "nonsense",
        ] {
            assert!(Manifest::from_text(text).is_err(), "{text}");
        }
    }
}
