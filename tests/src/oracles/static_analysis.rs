//! Oracles that read the code without running it.

use crate::database::{Database, Kind};
use crate::oracles::configuration;
use crate::project::{Project, Stage};
use crate::ran::{Ran, Verdict};

/// Every file is Python, for this version of it.
pub(super) fn compileall(project: &Project) -> Verdict {
    let database = Database::create(Kind::Sqlite);
    let elsewhere = std::env::temp_dir().join("pycache");
    let mut command = project.command(&project.python.interpreter, Stage::Development, &database);
    // What comes of it is no part of the project.
    command.env("PYTHONPYCACHEPREFIX", elsewhere);
    Ran::of(command.args(["-m", "compileall", "-q", "-f", "."])).verdict()
}

/// Every rule of ruff but those that `tests/oracles/ruff.toml` gives a reason for.
pub(super) fn ruff_check(project: &Project) -> Verdict {
    ruff(project, &["check", "--no-respect-gitignore"])
}

/// Formatted as ruff would.
pub(super) fn ruff_format(project: &Project) -> Verdict {
    ruff(
        project,
        &["format", "--check", "--diff", "--no-respect-gitignore"],
    )
}

fn ruff(project: &Project, arguments: &[&str]) -> Verdict {
    let database = Database::create(Kind::Sqlite);
    let mut command = project.command(project.python.tool("ruff"), Stage::Development, &database);
    command
        .args(arguments)
        .arg("--no-cache")
        .arg("--config")
        .arg(configuration("ruff.toml"))
        .arg(".");
    Ran::of(&mut command).verdict()
}

/// Typed throughout.
pub(super) fn mypy_strict(project: &Project) -> Verdict {
    let database = Database::create(Kind::Sqlite);
    let mut command = project.command(&project.python.interpreter, Stage::Test, &database);
    command.args([
        "-m",
        "mypy",
        "--strict",
        "--no-incremental",
        "--cache-dir=/dev/null",
        "--config-file",
    ]);
    command.arg(configuration("mypy.toml")).arg(".");
    Ran::of(&mut command).verdict()
}

/// Nothing that a security linter would flag. Tests may assert, and sign in with a made-up password; example rows may hold
/// what is called like one.
pub(super) fn bandit(project: &Project) -> Verdict {
    let database = Database::create(Kind::Sqlite);
    for arguments in [
        ["--exclude", "*/tests/*,*/conftest.py,*/examples.py"],
        ["--skip", "B101,B105,B106"],
    ] {
        let mut command =
            project.command(&project.python.interpreter, Stage::Development, &database);
        command
            .args(["-m", "bandit", "--quiet", "--recursive", "."])
            .args(arguments);
        Ran::of(&mut command).verdict()?;
    }
    Ok(())
}

/// The project's own configuration, as its README tells the owner to use it, finds nothing either.
pub(super) fn own_configuration(project: &Project) -> Verdict {
    let database = Database::create(Kind::Sqlite);
    let run = |program: &str, arguments: &[&str]| {
        let mut command = project.command(project.python.tool(program), Stage::Test, &database);
        Ran::of(command.args(arguments)).verdict()
    };
    run("ruff", &["check", "--no-cache", "."])?;
    run("ruff", &["format", "--no-cache", "--check", "."])?;
    run("mypy", &["--no-incremental", "--cache-dir=/dev/null", "."])
}
