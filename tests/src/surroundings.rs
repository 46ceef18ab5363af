//! What `tests/run` prepared: the compiler's binary, the Pythons, the database server.

use std::env;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// A virtual environment with one version of Django and all the tools.
#[derive(Debug, Clone)]
pub struct Python {
    /// For names of tests, such as `django-5.2`.
    pub name: &'static str,
    /// The environment's interpreter.
    pub interpreter: PathBuf,
}

impl Python {
    /// A program that the environment brings along, such as `ruff`.
    pub fn tool(&self, name: &str) -> PathBuf {
        self.interpreter.with_file_name(name)
    }
}

/// Where the private PostgreSQL listens, on the loopback address, for the user `postgres`.
#[derive(Debug)]
pub struct Server {
    /// The folder of `psql` and `pg_dump`, of the server's own version.
    pub bin: PathBuf,
    /// The port.
    pub port: String,
    /// The password, made for this run.
    pub password: String,
}

/// The editors whose settings are documented.
#[derive(Debug)]
pub struct Editors {
    /// Vim with quickfix lists.
    pub vim: Option<PathBuf>,
    /// Emacs 26.1 or newer.
    pub emacs: Option<PathBuf>,
    /// What runs the expressions of Visual Studio Code.
    pub node: Option<PathBuf>,
}

/// Chromium and the program that drives it.
#[derive(Debug)]
pub struct BrowserPrograms {
    /// The browser.
    pub chromium: PathBuf,
    /// `chromedriver`, of the same version.
    pub driver: PathBuf,
}

/// All of it.
#[derive(Debug)]
pub struct Surroundings {
    /// The compiler under test, as it would be released.
    pub appspecc: PathBuf,
    /// Django 5.2 first; Django 6.1 where the machine has a Python for it.
    pub pythons: Vec<Python>,
    /// The database server.
    pub server: Server,
    /// The editors that there are.
    pub editors: Editors,
    /// The browser, if there is one.
    pub browser: Option<BrowserPrograms>,
    /// What installs the packages of a front end, if there is one.
    pub npm: Option<PathBuf>,
    /// Whether the longer form of the randomised tests was asked for.
    pub long: bool,
}

impl Surroundings {
    /// Django 5.2 on the oldest Python: what every test uses that needs only one.
    pub fn python(&self) -> &Python {
        &self.pythons[0]
    }
}

/// What `tests/run` prepared.
///
/// # Panics
/// When it did not: a whole-system test that skipped itself would look like one that passed.
pub fn surroundings() -> &'static Surroundings {
    static FOUND: OnceLock<Surroundings> = OnceLock::new();
    FOUND.get_or_init(|| {
        let python52 = PathBuf::from(required("APPSPEC_TESTS_PYTHON52"));
        let mut pythons = vec![Python {
            name: "django-5.2",
            interpreter: python52,
        }];
        let python61 = env::var("APPSPEC_TESTS_PYTHON61").unwrap_or_default();
        if !python61.is_empty() {
            pythons.push(Python {
                name: "django-6.1",
                interpreter: python61.into(),
            });
        }
        Surroundings {
            appspecc: required("APPSPECC_BIN").into(),
            pythons,
            server: Server {
                bin: required("APPSPEC_TESTS_POSTGRES_BIN").into(),
                port: required("APPSPEC_TESTS_POSTGRES_PORT"),
                password: required("APPSPEC_TESTS_POSTGRES_PASSWORD"),
            },
            editors: Editors {
                vim: optional("APPSPEC_TESTS_VIM"),
                emacs: optional("APPSPEC_TESTS_EMACS"),
                node: optional("APPSPEC_TESTS_NODE"),
            },
            browser: optional("APPSPEC_TESTS_CHROMIUM")
                .zip(optional("APPSPEC_TESTS_CHROMEDRIVER"))
                .map(|(chromium, driver)| BrowserPrograms { chromium, driver }),
            npm: optional("APPSPEC_TESTS_NPM"),
            long: env::var("APPSPEC_TESTS_LONG").is_ok_and(|value| !value.is_empty()),
        }
    })
}

/// A program that `tests/run` has looked for, and has said so where it is missing.
fn optional(name: &str) -> Option<PathBuf> {
    env::var(name)
        .ok()
        .filter(|it| !it.is_empty())
        .map(PathBuf::from)
}

fn required(name: &str) -> String {
    match env::var(name) {
        Ok(value) if !value.is_empty() => value,
        _ => panic!(
            "{name} is not set: run these tests through `tests/run`, which builds the compiler, makes \
             the Python environments and starts a private PostgreSQL"
        ),
    }
}

/// The folder `tests` of the repository.
pub fn tests_folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
