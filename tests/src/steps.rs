//! A project that is built from one spec of a folder after another, and migrated each time.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::database::Kind;
use crate::{Database, Project, Ran, Stage, build, everywhere, library, oracles};

/// A project on its way through the specs of a folder of `cases/build`.
pub struct Steps {
    /// The project as it is now.
    pub project: Project,
    /// Its database.
    pub database: Database,
    /// What kind of database that is.
    pub kind: Kind,
    specs: PathBuf,
    spec: TempDir,
    _folder: TempDir,
}

impl Steps {
    /// Goes through a test with one at its beginning, for each database and each version of Django.
    pub fn everywhere(name: &str, test: impl Fn(Self) + Sync) {
        let specs = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("cases/build")
            .join(name);
        everywhere(|kind, python| {
            let folder = TempDir::new().unwrap();
            test(Self {
                project: Project::new(folder.path().join("project"), python),
                database: Database::create(kind),
                kind,
                specs: specs.clone(),
                spec: library::spec_of(""),
                _folder: folder,
            });
        });
    }

    /// Builds the spec of this name, migrates, and runs a program in the project.
    pub fn take(&self, name: &str, program: &str) -> Ran {
        let text = fs::read(self.specs.join(format!("{name}.appspec"))).unwrap();
        library::rewrite(self.spec.path(), text);
        build(self.spec.path(), &self.project.root).fine();
        self.migrate(&[]);
        self.ask(program)
    }

    /// Runs a program in the project.
    pub fn ask(&self, program: &str) -> Ran {
        self.project.shell(&self.database, program).fine()
    }

    /// Migrates to what is named, or to the end.
    pub fn migrate(&self, to: &[&str]) {
        let arguments = [&["migrate", "--no-input"], to].concat();
        self.project
            .manage(Stage::Development, &self.database, &arguments)
            .fine();
    }

    /// Asks an oracle about the project, by its name without the database.
    pub fn judge(&self, oracle: &str) {
        let oracle = oracles::named(&format!("{oracle}_{}", self.kind.name()));
        (oracle.judge)(&self.project)
            .unwrap_or_else(|findings| panic!("{}: {findings}", oracle.name));
    }
}
