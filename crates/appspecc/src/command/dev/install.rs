//! Making the environment and filling it, with progress, by uv or by pip.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, ExitStatus};

use appspec_diagnostics::codes::world;

use super::environment::cant_write;
use super::halt::{Halt, Outcome, Stop, failed};
use super::place::Place;
use super::process::{follow, program, script, tail};
use super::python::Python;
use super::screen::Screen;

/// What tools say when nobody answers them.
const NO_ANSWER: [&str; 12] = [
    "NewConnectionError",
    "NameResolutionError",
    "Failed to establish a new connection",
    "Temporary failure in name resolution",
    "ConnectTimeoutError",
    "Could not resolve host",
    "Connection refused",
    "Network is unreachable",
    "dns error",
    "error sending request",
    "client error (Connect)",
    "ProxyError",
];

/// Makes an empty environment.
pub(super) fn environment(
    place: &Place,
    has_uv: bool,
    python: Option<&Python>,
    screen: &mut Screen<'_>,
    stop: &Stop,
) -> Outcome<()> {
    let folder = place.project.join(".venv");
    let log = place.log("install.log");
    let with = python.map_or("Python".to_owned(), |it| format!("Python {}", it.version));
    let by = if has_uv { "uv" } else { "venv" };
    screen.begin(&format!(
        "making a virtual environment for {with} with {by}"
    ));
    let mut command = if has_uv {
        let mut command = program("uv", &place.project);
        command.args(["venv", "--allow-existing", "--no-project", "--python"]);
        match python {
            Some(python) => command.arg(&python.program),
            None => command.arg(">=3.11,<3.15"),
        };
        command.arg(&folder);
        command
    } else {
        let base = python.map_or(Path::new("python3"), |it| &it.program);
        let mut command = script(base, &place.project, include_str!("python/module.py"));
        command.arg("venv").arg(&folder);
        command
    };
    let what = "the virtual environment could not be made";
    run(&mut command, what, &log, screen, stop, |_, _| {})?;
    screen.done(&format!("a virtual environment for {with}"));
    Ok(())
}

/// Installs what the project needs while it is developed.
pub(super) fn packages(
    place: &Place,
    python: &Path,
    has_uv: bool,
    screen: &mut Screen<'_>,
    stop: &Stop,
) -> Outcome<()> {
    let log = place.log("install.log");
    let total = pinned(&place.project);
    screen.begin("installing packages: the first time takes a minute or two");
    let mut command = if has_uv {
        let mut command = program("uv", &place.project);
        command.args(["pip", "install", "--python"]).arg(python);
        command
    } else {
        let mut command = script(python, &place.project, include_str!("python/module.py"));
        command.args([
            "pip",
            "install",
            "--disable-pip-version-check",
            "--no-input",
            "--progress-bar",
            "off",
            "--retries",
            "2",
            "--timeout",
            "20",
        ]);
        command
    };
    command.args(["--require-hashes", "-r", "requirements/development.txt"]);
    let mut collected = 0;
    let what = "the packages could not be installed";
    run(&mut command, what, &log, screen, stop, |line, screen| {
        if let Some(name) = line.strip_prefix("Collecting ") {
            collected += 1;
            let name = name.split("==").next().unwrap_or(name);
            screen.count(collected.min(total), total, name);
        } else if line.starts_with("Installing collected packages") {
            screen.step("unpacking them");
        }
    })?;
    screen.done("packages installed");
    Ok(())
}

/// Runs a tool, whose words go into the log.
fn run(
    command: &mut Command,
    what: &str,
    log: &Path,
    screen: &mut Screen<'_>,
    stop: &Stop,
    mut on_line: impl FnMut(&str, &mut Screen<'_>),
) -> Outcome<()> {
    let mut said = String::new();
    let ended = follow(command, log, stop, |line| match line {
        Some(line) => {
            said.push_str(line);
            said.push('\n');
            on_line(line, screen);
        }
        None => screen.tick(),
    });
    // What went to standard error is there already, in the order of the tool.
    let complaints = fs::read_to_string(log).unwrap_or_default();
    let _ = fs::write(log, format!("{said}{complaints}"));
    match ended? {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(explained(what, status, &format!("{said}{complaints}"), log)),
        Err(error) => Err(cant_write(log, &error)),
    }
}

/// What the system answers when the disk is full, in the words of Python and of uv.
const NO_SPACE: &str = "No space left on device";

/// Whether the disk takes nothing more, not even a log that would say so.
fn is_full(log: &Path) -> bool {
    let probe = log.with_extension("probe");
    let written = fs::write(&probe, vec![0; 32 * 1024]);
    let _ = fs::remove_file(&probe);
    written.is_err_and(|error| {
        matches!(
            error.kind(),
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded
        )
    })
}

fn explained(what: &str, status: ExitStatus, said: &str, log: &Path) -> Halt {
    if said.contains(NO_SPACE) || is_full(log) {
        return failed(
            &world::CANT_WRITE,
            format!("{what}: no space left on the disk"),
            "make room on the disk, or choose a folder on another one with `--out DIR`, and run this command again",
        );
    }
    let log_shown = Place::shown(log);
    if NO_ANSWER.iter().any(|words| said.contains(words)) {
        return failed(
            &world::NO_NETWORK,
            format!("{what}: the package index does not answer"),
            format!(
                "look at the network connection, and at PIP_INDEX_URL or the proxy if you use one, then run this command \
                 again; all that was said is in `{log_shown}`"
            ),
        );
    }
    let last = tail(log, 40);
    let why = last
        .iter()
        .rev()
        .find(|line| line.to_lowercase().starts_with("error"))
        .or(last.last())
        .cloned()
        .unwrap_or_else(|| status.to_string());
    failed(
        &world::INSTALL_FAILED,
        format!("{what}: {why}"),
        format!("read `{log_shown}`, which has all that was said, and run this command again"),
    )
}

/// How many packages the files of a project pin; some are for other systems or other Pythons.
fn pinned(project: &Path) -> usize {
    ["base.txt", "development.txt"]
        .iter()
        .filter_map(|file| fs::read_to_string(project.join("requirements").join(file)).ok())
        .map(|text| {
            let lines = text.lines();
            lines
                .filter(|line| line.contains("==") && !line.starts_with([' ', '#', '-']))
                .count()
        })
        .sum()
}
