//! Databases for emitted projects: a fresh SQLite file, or a fresh database on the private server.

use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use tempfile::TempDir;

use crate::ran::Ran;
use crate::surroundings::{Server, surroundings};

/// The kinds that every emitted project runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Embedded, for development.
    Sqlite,
    /// Production's.
    Postgres,
}

impl Kind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Sqlite, Self::Postgres];

    /// For names of tests.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// An empty database that is dropped when this value is.
#[derive(Debug)]
pub struct Database {
    /// Which kind.
    pub kind: Kind,
    /// The file or the name on the server.
    pub name: String,
    folder: Option<TempDir>,
}

impl Database {
    /// A fresh one.
    pub fn create(kind: Kind) -> Self {
        match kind {
            Kind::Sqlite => Self::in_folder(),
            Kind::Postgres => Self::on_server("template1"),
        }
    }

    /// A copy of one to which nobody is connected.
    pub fn create_like(other: &Self) -> Self {
        match other.kind {
            Kind::Sqlite => {
                let copy = Self::in_folder();
                std::fs::copy(&other.name, &copy.name).expect("copy a database");
                copy
            }
            Kind::Postgres => Self::on_server(&other.name),
        }
    }

    fn in_folder() -> Self {
        let folder = TempDir::new().expect("make a temporary folder");
        let name = folder.path().join("db.sqlite3");
        Self {
            kind: Kind::Sqlite,
            name: name.to_string_lossy().into_owned(),
            folder: Some(folder),
        }
    }

    fn on_server(template: &str) -> Self {
        static CREATED: AtomicU32 = AtomicU32::new(0);
        let number = CREATED.fetch_add(1, Ordering::Relaxed);
        let name = format!("appspec_{}_{number}", std::process::id());
        psql(
            "postgres",
            &format!("CREATE DATABASE {name} TEMPLATE {template}"),
        )
        .fine();
        Self {
            kind: Kind::Postgres,
            name,
            folder: None,
        }
    }

    /// What goes into `DATABASE_URL`.
    pub fn url(&self) -> String {
        match self.kind {
            Kind::Sqlite => format!("sqlite:///{}", self.name),
            Kind::Postgres => {
                let Server { port, password, .. } = &surroundings().server;
                format!(
                    "postgres://postgres:{password}@127.0.0.1:{port}/{}",
                    self.name
                )
            }
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if self.folder.is_none() {
            // Emitted tests and a crashed check may leave connections and a test database behind.
            for name in [self.name.clone(), format!("test_{}", self.name)] {
                let _ = psql(
                    "postgres",
                    &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
                );
            }
        }
    }
}

/// Runs one statement on the server.
pub fn psql(database: &str, statement: &str) -> Ran {
    let mut command = client("psql");
    command.args([
        "--no-psqlrc",
        "--quiet",
        "--tuples-only",
        "--no-align",
        "--set",
        "ON_ERROR_STOP=1",
    ]);
    command.args(["--dbname", database, "--command", statement]);
    Ran::of(&mut command)
}

/// A client program of the server's version, connected by its environment.
pub fn client(program: &str) -> Command {
    let Server {
        bin,
        port,
        password,
    } = &surroundings().server;
    let mut command = Command::new(bin.join(program));
    command
        .env("PGHOST", "127.0.0.1")
        .env("PGPORT", port)
        .env("PGUSER", "postgres")
        .env("PGPASSWORD", password);
    command
}
