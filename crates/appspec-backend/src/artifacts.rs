use std::collections::BTreeMap;

/// The files of an emitted project, by path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Artifacts {
    files: BTreeMap<String, Artifact>,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// Its whole content; text files end with a newline.
    pub content: String,
    /// Who may change it afterwards.
    pub ownership: Ownership,
    /// Whether it is a program to be started.
    pub executable: bool,
}

/// Who may change a file after it was emitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ownership {
    /// The compiler: derived from the spec alone, rewritten whenever that changes.
    Generated,
    /// The user: written once as a start, never again.
    Owned,
    /// Nobody: a migration, or what is remembered of it.
    Frozen,
}

impl Artifacts {
    /// No files yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file. `path` is relative to the project, with `/`, without `.` or `..`.
    ///
    /// A second file at the same path is a bug of the backend and replaces the first; debug builds stop.
    pub fn add(&mut self, path: impl Into<String>, artifact: Artifact) {
        let path = path.into();
        debug_assert!(
            !path.starts_with('/') && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
        );
        let before = self.files.insert(path, artifact);
        debug_assert!(before.is_none(), "two artifacts at one path");
    }

    /// Adds all files of `others`, as [`Artifacts::add`] does.
    pub fn append(&mut self, others: Self) {
        for (path, artifact) in others.files {
            self.add(path, artifact);
        }
    }

    /// The file at a path.
    pub fn get(&self, path: &str) -> Option<&Artifact> {
        self.files.get(path)
    }

    /// All files, sorted by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Artifact)> {
        self.files
            .iter()
            .map(|(path, artifact)| (path.as_str(), artifact))
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

impl Artifact {
    /// A file derived from the spec alone.
    pub fn generated(content: impl Into<String>) -> Self {
        Self {
            content: content.into(),
            ownership: Ownership::Generated,
            executable: false,
        }
    }

    /// A file that the user owns from now on.
    pub fn owned(content: impl Into<String>) -> Self {
        Self {
            content: content.into(),
            ownership: Ownership::Owned,
            executable: false,
        }
    }

    /// A file that never changes again.
    pub fn frozen(content: impl Into<String>) -> Self {
        Self {
            content: content.into(),
            ownership: Ownership::Frozen,
            executable: false,
        }
    }

    /// The same file as a program to be started.
    #[must_use]
    pub fn executable(mut self) -> Self {
        self.executable = true;
        self
    }
}
