//! The builds of one run of `dev`: what they added may go again without a word in the spec.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use appspec_evolve::{Added, Changes, History, Young};

/// The builds of one run, in one folder.
#[derive(Debug, Default)]
pub(crate) struct Session {
    /// Whether more than one build is to come; nothing has to be remembered for those that don't.
    goes_on: bool,
    folder: PathBuf,
    young: Young,
    builds: Vec<Done>,
    /// Whether the database refused the last build, and is as it was before it.
    refused: bool,
}

/// A build that wrote migrations.
#[derive(Debug)]
struct Done {
    when: Instant,
    /// The memories of its migrations, relative to the project.
    migrations: Vec<String>,
    /// What was young before it.
    before: Young,
}

impl Session {
    /// One of several builds.
    pub(crate) fn of_several() -> Self {
        Self {
            goes_on: true,
            ..Self::default()
        }
    }

    /// A build begins: what somebody else may have by now is not young any more. Gives the memories of the migrations
    /// that it takes back.
    pub(super) fn begin(&mut self, folder: &Path, history: &History) -> Vec<String> {
        if self.folder != folder {
            *self = Self {
                goes_on: self.goes_on,
                folder: folder.to_owned(),
                ..Self::default()
            };
        }
        if self.builds.is_empty() {
            return Vec::new();
        }
        let shared = in_git(folder, self.builds.iter().flat_map(|done| &done.migrations));
        let is_there = |path: &String| history.migrations.iter().any(|it| it.path() == *path);
        let settled = self.builds.iter().rposition(|done| {
            let mut migrations = done.migrations.iter();
            migrations.any(|path| shared.contains(path) || !is_there(path))
        });
        if let Some(build) = settled {
            self.young.settle(build);
            for done in &mut self.builds {
                done.before.settle(build);
            }
        }
        let last = self.builds.len().saturating_sub(1);
        self.refused &= settled != Some(last);
        match self.builds.last() {
            Some(done) if self.refused => {
                self.young.clone_from(&done.before);
                done.migrations.clone()
            }
            _ => Vec::new(),
        }
    }

    /// Whether no build of it has written migrations.
    pub(super) fn is_new(&self) -> bool {
        self.builds.is_empty()
    }

    /// The memories of the migrations that the database refused; none where it did not.
    pub(crate) fn refused(&self) -> &[String] {
        match self.builds.last() {
            Some(done) if self.refused => &done.migrations,
            _ => &[],
        }
    }

    /// The database refused the last build, and is as it was before it; or somebody went on with it all the same.
    pub(crate) fn set_refused(&mut self, refused: bool) {
        self.refused = refused && !self.builds.is_empty();
    }

    /// A build has written its migrations.
    pub(super) fn follow(
        &mut self,
        changes: &Changes<'_>,
        migrations: Vec<String>,
        takes_back: bool,
    ) {
        if takes_back {
            self.builds.pop();
        }
        self.refused = false;
        if migrations.is_empty() || !self.goes_on {
            return;
        }
        let before = self.young.clone();
        self.young.follow(changes, self.builds.len());
        self.builds.push(Done {
            when: Instant::now(),
            migrations,
            before,
        });
    }

    pub(super) fn young(&self) -> &Young {
        &self.young
    }

    /// `, added a minute ago`
    pub(super) fn age(&self, added: &Added) -> String {
        let build = self.young.build(added);
        let done = build.and_then(|build| self.builds.get(build));
        done.map(|done| format!(", added {}", ago(done.when.elapsed())))
            .unwrap_or_default()
    }
}

/// Which of these files of a project Git knows: they may be anywhere by now. Where there is no Git, nobody has them.
fn in_git<'p>(folder: &Path, paths: impl Iterator<Item = &'p String>) -> Vec<String> {
    let mut command = Command::new("git");
    command
        .arg("-C")
        .arg(folder)
        .args(["ls-files", "-z", "--"])
        .args(paths)
        .stdin(Stdio::null());
    let answer = command.output().ok().filter(|said| said.status.success());
    let said = answer.map(|said| said.stdout).unwrap_or_default();
    let known = said.split(|byte| *byte == 0);
    known
        .filter(|path| !path.is_empty())
        .map(|path| String::from_utf8_lossy(path).into_owned())
        .collect()
}

/// `a minute ago`
fn ago(age: Duration) -> String {
    let minutes = age.as_secs() / 60;
    match (minutes / (24 * 60), minutes / 60, minutes) {
        (0, 0, 0) => "a moment ago".to_owned(),
        (0, 0, 1) => "a minute ago".to_owned(),
        (0, 0, minutes) => format!("{minutes} minutes ago"),
        (0, 1, _) => "an hour ago".to_owned(),
        (0, hours, _) => format!("{hours} hours ago"),
        (1, ..) => "a day ago".to_owned(),
        (days, ..) => format!("{days} days ago"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_said_in_words() {
        let said = |minutes: u64| ago(Duration::from_secs(minutes * 60 + 59));
        assert_eq!(said(0), "a moment ago");
        assert_eq!(said(1), "a minute ago");
        assert_eq!(said(59), "59 minutes ago");
        assert_eq!(said(60), "an hour ago");
        assert_eq!(said(60 * 23), "23 hours ago");
        assert_eq!(said(60 * 24), "a day ago");
        assert_eq!(said(60 * 72), "3 days ago");
    }

    #[test]
    fn what_git_knows_is_not_only_ours() {
        let folder = tempfile::tempdir().unwrap();
        let git = |arguments: &[&str]| {
            let mut git = Command::new("git");
            git.arg("-C").arg(folder.path()).args(arguments);
            assert!(git.output().unwrap().status.success());
        };
        let paths = ["new/a.json".to_owned(), "known.json".to_owned()];
        assert!(
            in_git(folder.path(), paths.iter()).is_empty(),
            "no repository"
        );
        git(&["init"]);
        for path in &paths {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        git(&["add", "known.json"]);
        let known = in_git(folder.path(), paths.iter());
        assert!(
            known.contains(&paths[1]) && !known.contains(&paths[0]),
            "{known:?}"
        );
    }
}
