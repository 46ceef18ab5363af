//! Folders as values: what was in them before, what is in them now.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The last part of a path.
pub fn name(path: &Path) -> String {
    let name = path.file_name().expect("a path that ends with a name");
    name.to_string_lossy().into_owned()
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its content.
    pub bytes: Vec<u8>,
    /// When it was last written to.
    pub modified: SystemTime,
}

/// What a build remembers of one machine: true there alone, and of no build's content.
const OF_THIS_MACHINE: &str = ".appspec/stamps.json";

/// All files of a folder by their path inside it, with `/`; what a build remembers of this machine is none of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree(pub BTreeMap<String, File>);

impl Tree {
    /// Reads a folder; one that is not there is empty.
    pub fn read(folder: &Path) -> Self {
        let mut files = BTreeMap::new();
        for path in files_below(folder) {
            let name = path.strip_prefix(folder).expect("a file below its folder");
            if name == Path::new(OF_THIS_MACHINE) {
                continue;
            }
            let bytes =
                fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let modified = Self::modified(&path);
            files.insert(
                name.to_string_lossy().into_owned(),
                File { bytes, modified },
            );
        }
        Self(files)
    }

    /// When a file was last written to.
    pub fn modified(path: &Path) -> SystemTime {
        let data = fs::metadata(path).and_then(|data| data.modified());
        data.unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// The paths.
    pub fn paths(&self) -> Vec<&str> {
        self.0.keys().map(String::as_str).collect()
    }

    /// The content of a file, if it is there.
    pub fn bytes(&self, path: &str) -> Option<&[u8]> {
        self.0.get(path).map(|file| file.bytes.as_slice())
    }

    /// The same without the compiler's own state.
    pub fn without_state(mut self) -> Self {
        self.0.retain(|path, _| !path.starts_with(".appspec/"));
        self
    }

    /// How the other one's content differs, one line per path; empty when it does not.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let mut found = Vec::new();
        for path in self
            .0
            .keys()
            .chain(other.0.keys().filter(|path| !self.0.contains_key(*path)))
        {
            match (self.bytes(path), other.bytes(path)) {
                (Some(_), None) => found.push(format!("- {path}")),
                (None, Some(_)) => found.push(format!("+ {path}")),
                (before, after) if before != after => found.push(format!("~ {path}")),
                _ => {}
            }
        }
        found
    }
}

/// Copies a folder with everything in it; the target is made.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap_or_else(|error| panic!("{}: {error}", to.display()));
    for entry in fs::read_dir(from).unwrap_or_else(|error| panic!("{}: {error}", from.display())) {
        let entry = entry.expect("read a folder");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a file's type").is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target)
                .unwrap_or_else(|error| panic!("{}: {error}", target.display()));
        }
    }
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        let Ok(entries) = fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries {
            let path = entry.expect("read a folder").path();
            if path.is_dir() && !path.is_symlink() {
                waiting.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found
}
