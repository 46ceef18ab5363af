//! Bringing the database up to the code: migrations, lookup rows, demo rows, somebody who can sign in.

use std::path::Path;
use std::time::Duration;

use appspec_diagnostics::{Diagnostic, codes::world};
use appspec_evolve::History;
use serde::Deserialize;

use super::environment::cant_write;
use super::halt::{Halt, Outcome, Stop, failed};
use super::place::Place;
use super::process::{ask, follow, script, tail};
use super::screen::Screen;

/// How long a look into the database may take.
const PATIENCE: Duration = Duration::from_mins(1);

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

/// What came of it.
pub(super) enum Came {
    Prepared(Box<Prepared>),
    /// The database did not take the last build, and is as it was before it.
    Refused(Box<Diagnostic>),
}

#[derive(Deserialize)]
struct Failed {
    /// The step.
    #[serde(rename = "failed")]
    step: String,
    why: String,
    is_as_before: bool,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Answer {
    Failed(Failed),
    Prepared(Box<Prepared>),
}

/// Does all of it in one process.
pub(super) fn prepare(
    place: &Place,
    python: &Path,
    demo: bool,
    is_serving: bool,
    screen: &mut Screen<'_>,
    stop: &Stop,
) -> Outcome<Came> {
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
        Ok(Answer::Prepared(prepared)) => Ok(Came::Prepared(prepared)),
        Ok(Answer::Failed(failed)) if failed.step == "migrate" => {
            match unmigrated(place, &failed, is_serving, &log) {
                Halt::Failed(finding) if failed.is_as_before => Ok(Came::Refused(finding)),
                halt => Err(halt),
            }
        }
        Ok(Answer::Failed(failed)) => Err(explained(&failed.step, &failed.why, &log)),
        Err(_) => {
            let why = tail(&log, 1).pop().unwrap_or_default();
            Err(explained("start", &why, &log))
        }
    }
}

/// Text from elsewhere, without what a terminal would obey.
pub(super) fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

/// Whether the database has run one of these migrations, which are named by their memories. What can't be told counts as
/// yes: somebody may count on it.
pub(super) fn has_run(
    memories: &[String],
    place: &Place,
    python: &Path,
    stop: &Stop,
) -> Outcome<bool> {
    let beginning = format!("{}/", History::FOLDER);
    let names = memories.iter().filter_map(|path| {
        let name = path.strip_prefix(&beginning)?;
        name.strip_suffix(".json")
    });
    let mut command = script(python, &place.project, include_str!("python/applied.py"));
    command
        .args(names)
        .env("DJANGO_SETTINGS_MODULE", "config.settings.development");
    let answer = ask(&mut command, PATIENCE, stop)?;
    Ok(!answer.is_ok_and(|said| said.stdout.trim() == "no"))
}

/// The lines of what the project said that are for people: what is set in are queries, which the log has too.
fn lines(why: &str) -> Vec<String> {
    let lines = why.lines().filter(|line| !line.starts_with("  "));
    let lines = lines.map(|line| shown(line.trim()));
    lines.filter(|line| !line.is_empty()).collect()
}

/// What the emitted code says behind the rows that are in the way, to those who migrate by hand.
const BY_HAND: &str = "Nothing was changed.";

fn unmigrated(place: &Place, failed: &Failed, is_serving: bool, log: &Path) -> Halt {
    let mut lines = lines(&failed.why);
    let has_rows = lines.last().is_some_and(|line| line.starts_with(BY_HAND));
    if has_rows {
        lines.pop();
    }
    let why = lines.join("; ");
    let log = Place::shown(log);
    let database = Place::shown(&place.project.join("db.sqlite3"));
    let again = if is_serving {
        "save the spec again"
    } else {
        "run this command again"
    };
    let message = if has_rows {
        format!("the rows in the database are not as the spec wants them now: {why}")
    } else {
        format!("the database can't be brought up to the spec: {why}")
    };
    // Without a server the program ends, and nobody knows afterwards what this run added.
    let help = match (has_rows, failed.is_as_before && is_serving) {
        (true, true) => format!(
            "change these rows and {again} (`{log}` has the queries that find them), or take the change out of the spec \
             again: its migrations go with it"
        ),
        (true, false) => format!(
            "change these rows and {again} (`{log}` has the queries that find them); if they are only examples, remove \
             `{database}` and run this command again, which makes it anew"
        ),
        (false, true) => format!(
            "read `{log}`, mend what it names and save the spec again, or take the change out of the spec again: its \
             migrations go with it"
        ),
        (false, false) => format!(
            "read `{log}`; if the rows in it are only examples, remove `{database}` and run this command again, which \
             makes it anew"
        ),
    };
    failed_with(message, help)
}

fn failed_with(message: String, help: String) -> Halt {
    failed(&world::PROJECT_FAILED, message, help)
}

fn explained(step: &str, why: &str, log: &Path) -> Halt {
    let log = Place::shown(log);
    let why = lines(why).join("; ");
    let (what, help) = match step {
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
    failed_with(format!("{what}: {why}"), help)
}
