//! The running project.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use appspec_diagnostics::codes::world;

use super::environment::cant_write;
use super::halt::{Outcome, Stop, failed};
use super::place::Place;
use super::port;
use super::process::{Running, script, tail};

/// How long a project may take until it answers.
const PATIENCE: Duration = Duration::from_mins(1);

/// A page that only works when everything does: code, database, templates.
const PAGE: &str = "/admin/login/";

/// Django's server, on a port of this machine.
#[derive(Debug)]
pub(super) struct Server {
    running: Running,
    log: PathBuf,
}

impl Server {
    /// Starts it and waits until the database and the sign-in page answer.
    pub(super) fn start(place: &Place, python: &Path, port: u16, stop: &Stop) -> Outcome<Self> {
        let log = place.kept.join("server.log");
        let file = File::options()
            .append(true)
            .create(true)
            .open(&log)
            .and_then(|file| Ok((file.try_clone()?, file)));
        let (out, err) = file.map_err(|error| cant_write(&log, &error))?;
        // Another program could answer on a port that both wanted.
        let bound = place.kept.join("bound");
        match fs::remove_file(&bound) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(cant_write(&bound, &error));
            }
            _ => {}
        }
        let mut command = script(python, &place.project, include_str!("python/serve.py"));
        command
            .arg(format!("127.0.0.1:{port}"))
            .arg(bound.strip_prefix(&place.project).unwrap_or(&bound))
            .env("DJANGO_SETTINGS_MODULE", "config.settings.development")
            .stdout(Stdio::from(out))
            .stderr(Stdio::from(err));
        let running = Running::start(&mut command).map_err(|error| cant_write(&log, &error))?;
        let mut server = Self { running, log };
        let started = Instant::now();
        loop {
            stop.check()?;
            if server.has_ended() {
                return Err(server.why());
            }
            if bound.exists() && port::status(port, "/readyz") == Some(200) {
                break;
            }
            if started.elapsed() > PATIENCE {
                return Err(server.why());
            }
            thread::sleep(Duration::from_millis(50));
        }
        match port::status(port, PAGE) {
            Some(200) => Ok(server),
            _ => Err(server.why()),
        }
    }

    /// Whether it ended without being asked.
    pub(super) fn has_ended(&mut self) -> bool {
        self.running.ended().is_some()
    }

    /// What to say when it does not serve.
    pub(super) fn why(&mut self) -> super::halt::Halt {
        let log = Place::shown(&self.log);
        let last = tail(&self.log, 1).pop();
        let last = last.map(|line| format!(": {line}")).unwrap_or_default();
        let what = if self.has_ended() {
            "the server ended"
        } else {
            "the server does not answer as it should"
        };
        failed(
            &world::SERVER_FAILED,
            format!("{what}{last}"),
            format!("read `{log}`, mend what it names, and run this command again"),
        )
    }
}
