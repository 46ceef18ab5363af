//! Bringing the database up to the code: migrations, lookup rows, demo rows, somebody who can sign in.

use std::path::Path;

use appspec_diagnostics::codes::world;
use serde::Deserialize;

use super::environment::cant_write;
use super::halt::{Halt, Outcome, Stop, failed};
use super::place::Place;
use super::process::{follow, script, tail};
use super::screen::Screen;

/// What is there afterwards.
#[derive(Debug, Deserialize)]
pub(super) struct Prepared {
    pub(super) admin: Admin,
    pub(super) models: Vec<Model>,
    /// How many demo rows were made.
    pub(super) made: usize,
    /// Demo rows that the database already had something against.
    pub(super) left_out: Vec<String>,
    /// A file, or the kind of server.
    pub(super) database: String,
}

/// Who can sign in.
#[derive(Debug, Deserialize)]
pub(super) struct Admin {
    /// None where nobody can, and nobody could be made up.
    pub(super) email: Option<String>,
    /// Known as long as nobody changed it.
    pub(super) password: Option<String>,
}

/// A kind of row with a page of its own.
#[derive(Debug, Deserialize)]
pub(super) struct Model {
    pub(super) label: String,
    pub(super) path: String,
    pub(super) rows: usize,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Answer {
    Failed { failed: String, why: String },
    Prepared(Box<Prepared>),
}

/// Does all of it in one process.
pub(super) fn prepare(
    place: &Place,
    python: &Path,
    demo: bool,
    screen: &mut Screen<'_>,
    stop: &Stop,
) -> Outcome<Prepared> {
    screen.begin("bringing the database up to the spec");
    let log = place.log("prepare.log");
    let mut command = script(python, &place.project, include_str!("python/prepare.py"));
    command
        .arg(if demo { "demo" } else { "plain" })
        .arg(place.kept.join("password"))
        .env("DJANGO_SETTINGS_MODULE", "config.settings.development");
    let mut said = String::new();
    let ended = follow(&mut command, &log, stop, |line| match line {
        Some(line) => line.clone_into(&mut said),
        None => screen.tick(),
    })?;
    screen.clear();
    if let Err(error) = ended {
        return Err(cant_write(&log, &error));
    }
    match serde_json::from_str::<Answer>(&said) {
        Ok(Answer::Prepared(prepared)) => Ok(*prepared),
        Ok(Answer::Failed { failed, why }) => Err(explained(place, &failed, &why, &log)),
        Err(_) => {
            let why = tail(&log, 1).pop().unwrap_or_default();
            Err(explained(place, "start", &why, &log))
        }
    }
}

/// Text from elsewhere, without what a terminal would obey.
pub(super) fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

fn explained(place: &Place, step: &str, why: &str, log: &Path) -> Halt {
    let log = Place::shown(log);
    // What is set in are queries, which the log has too.
    let lines = why.lines().filter(|line| !line.starts_with("  "));
    let why = lines.map(str::trim).collect::<Vec<_>>().join(" ");
    let why = shown(&why);
    let database = place.project.join("db.sqlite3");
    let (what, help) = match step {
        "migrate" => (
            "the database can't be brought up to the spec",
            format!(
                "read `{log}`; if the rows in it are only examples, remove `{}` and run this command again, which makes it \
                 anew",
                Place::shown(&database)
            ),
        ),
        "demo" | "seed" => (
            "the first rows can't be stored",
            format!("read `{log}`; `--no-demo` goes on without examples"),
        ),
        "admin" => (
            "no administrator could be made",
            format!("read `{log}`; `python manage.py createsuperuser` asks for what is missing"),
        ),
        _ => (
            "the project does not start",
            format!("read `{log}`, mend what it names, and run this command again"),
        ),
    };
    failed(&world::PROJECT_FAILED, format!("{what}: {why}"), help)
}
