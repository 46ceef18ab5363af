//! An emitted project, and running its own commands.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, OnceLock};

use crate::database::{Database, Kind};
use crate::ran::Ran;
use crate::surroundings::Python;

/// Which settings a command runs under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// `config.settings.development`
    Development,
    /// `config.settings.test`
    Test,
    /// `config.settings.production`
    Production,
}

impl Stage {
    fn module(self) -> &'static str {
        match self {
            Self::Development => "config.settings.development",
            Self::Test => "config.settings.test",
            Self::Production => "config.settings.production",
        }
    }
}

/// An emitted project on disk and the Python that runs it.
#[derive(Debug, Clone)]
pub struct Project {
    /// The folder of `manage.py`.
    pub root: PathBuf,
    /// The environment.
    pub python: Python,
    /// Where nothing changes the project any more.
    migrated: Option<Arc<Migrated>>,
}

/// One database of each kind, migrated from nothing when somebody first asks, to be copied.
#[derive(Debug, Default)]
struct Migrated {
    sqlite: OnceLock<Result<Database, String>>,
    postgres: OnceLock<Result<Database, String>>,
}

impl Project {
    /// A project that was already built.
    pub fn new(root: impl Into<PathBuf>, python: &Python) -> Self {
        Self {
            root: root.into(),
            python: python.clone(),
            migrated: None,
        }
    }

    /// A project that nobody changes: what is migrated for one who asks is there for all.
    pub fn finished(root: impl Into<PathBuf>, python: &Python) -> Self {
        Self {
            migrated: Some(Arc::default()),
            ..Self::new(root, python)
        }
    }

    /// A command inside the project that sees no setting of this machine: only the contract that
    /// `.env.example` describes.
    pub fn command(
        &self,
        program: impl AsRef<OsStr>,
        stage: Stage,
        database: &Database,
    ) -> Command {
        let scratch = std::env::temp_dir();
        let mut command = Command::new(program);
        command
            .current_dir(&self.root)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", &scratch)
            .env("TMPDIR", &scratch)
            .env("LANG", "C.UTF-8")
            // Compiled once for all processes of this run, and never beside the modules of the project.
            .env("PYTHONPYCACHEPREFIX", scratch.join("bytecode"))
            .env("DJANGO_SETTINGS_MODULE", stage.module())
            .env("DATABASE_URL", database.url());
        if stage == Stage::Production {
            // Production has no defaults for these; the key is as good as a real one.
            command
                .env(
                    "DJANGO_SECRET_KEY",
                    "k7!w2#Vq9@Zp4$Lx8%Tn3^Rb6&Yd1*Hf5(Gs0)Jm-Cu_Ae=Oi+Xe~Wz",
                )
                .env("DJANGO_ALLOWED_HOSTS", "www.example.com")
                .env("DJANGO_MEDIA_ROOT", scratch.join("media"))
                .env("EMAIL_URL", "smtps://salon:secret@mail.example.com")
                .env("MAIL_FROM", "salon@example.com")
                .env("ADMIN_EMAIL", "admin@example.com")
                .env("SITE_URL", "https://www.example.com")
                .env("PARCEL_KEY", "no key of anybody");
        }
        command
    }

    /// `python ARGUMENTS`.
    pub fn python(&self, stage: Stage, database: &Database, arguments: &[&str]) -> Ran {
        Ran::of(
            self.command(&self.python.interpreter, stage, database)
                .args(arguments),
        )
    }

    /// `python manage.py ARGUMENTS`.
    pub fn manage(&self, stage: Stage, database: &Database, arguments: &[&str]) -> Ran {
        let mut command = self.command(&self.python.interpreter, stage, database);
        Ran::of(command.arg("manage.py").args(arguments))
    }

    /// A script in Django's shell.
    pub fn shell(&self, database: &Database, script: &str) -> Ran {
        self.manage(
            Stage::Development,
            database,
            &["shell", "--command", script],
        )
    }

    /// A copy that may be written to.
    pub fn copy_to(&self, folder: &Path) -> Self {
        crate::tree::copy(&self.root, folder);
        Self {
            root: folder.to_owned(),
            python: self.python.clone(),
            migrated: None,
        }
    }

    /// The emitted tests, which must find at least one test.
    pub fn pytest(&self, database: &Database) -> Ran {
        let mut command = self.command(&self.python.interpreter, Stage::Test, database);
        command.args([
            "-W",
            "error::DeprecationWarning:__main__",
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
        ]);
        Ran::of(&mut command)
    }

    /// The folders of apps that have migrations.
    pub fn apps_with_migrations(&self) -> Vec<PathBuf> {
        let mut found: Vec<PathBuf> = std::fs::read_dir(&self.root)
            .expect("read the project's folder")
            .map(|entry| entry.expect("read a folder").path().join("migrations"))
            .filter(|path| path.is_dir())
            .collect();
        found.sort();
        found
    }

    /// A database that was migrated from nothing.
    pub fn migrated(&self, kind: Kind) -> Result<Database, String> {
        let Some(all) = &self.migrated else {
            return self.migrate(kind);
        };
        let known = match kind {
            Kind::Sqlite => &all.sqlite,
            Kind::Postgres => &all.postgres,
        };
        match known.get_or_init(|| self.migrate(kind)) {
            Ok(database) => Ok(Database::create_like(database)),
            Err(told) => Err(told.clone()),
        }
    }

    fn migrate(&self, kind: Kind) -> Result<Database, String> {
        let database = Database::create(kind);
        self.manage(
            Stage::Development,
            &database,
            &["migrate", "--no-input", "-v", "0"],
        )
        .verdict()?;
        Ok(database)
    }
}
