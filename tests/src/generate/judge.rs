//! What becomes of a generated spec: it is built, and its project put through what every project has to pass.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use appspec_evolve::History;

use super::model::Spec;
use super::print;
use crate::database::{Database, Kind};
use crate::oracles::{self, configuration};
use crate::project::{Project, Stage};
use crate::ran::Ran;
use crate::surroundings::Python;
use crate::{schema, spec};

/// What failed first, and what it said.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The name of the step.
    pub step: String,
    /// Its output.
    pub told: String,
}

impl Failure {
    fn new(step: &str, told: impl Into<String>) -> Self {
        Self {
            step: step.to_owned(),
            told: told.into(),
        }
    }
}

/// Writes the files of a spec into a folder, which is emptied first.
pub fn write(spec: &Spec, folder: &Path) {
    let _ = fs::remove_dir_all(folder);
    for file in print::print(spec) {
        let path = folder.join(&file.path);
        fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder");
        fs::write(&path, file.text()).expect("a file of a spec");
    }
}

/// Builds the spec in `folder/spec` and asks everything, or only the named steps and what they need.
pub fn judge(
    generated: &Spec,
    folder: &Path,
    python: &Python,
    only: &[&str],
) -> Result<(), Failure> {
    let wanted = |step: &str| only.is_empty() || only.contains(&step);
    write(generated, &folder.join("spec"));
    let root = folder.join("project");
    let _ = fs::remove_dir_all(&root);
    let built = spec::build(&print::text(generated), &History::default());
    let built = built.map_err(|told| Failure::new("build", told))?;
    spec::write(&built.files, &root);
    let project = Project::new(&root, python);
    if wanted("ruff_check") {
        ruff_check(&project).map_err(|told| Failure::new("ruff_check", told))?;
    }
    if wanted("ruff_format") {
        (oracles::named("ruff_format").judge)(&project)
            .map_err(|told| Failure::new("ruff_format", told))?;
    }
    if !only.is_empty()
        && only
            .iter()
            .all(|step| step.starts_with("ruff") || *step == "build")
    {
        return Ok(());
    }
    let own = folder.join("own");
    let _ = fs::remove_dir_all(&own);
    fs::create_dir_all(&own).expect("a folder");
    let databases =
        [Kind::Sqlite, Kind::Sqlite, Kind::Postgres, Kind::Postgres].map(Database::create);
    let mut command = project.command(&python.interpreter, Stage::Development, &databases[0]);
    command
        .arg(configuration("generated.py"))
        .arg(&root)
        .arg(&own);
    command
        .args(databases.iter().map(Database::url))
        .args(steps(only));
    let ran = Ran::of(&mut command);
    if !ran.status.success() {
        let step = ran.stdout.lines().find_map(|line| line.strip_prefix("== "));
        return Err(Failure::new(step.unwrap_or("python"), ran.to_string()));
    }
    for (step, emitted, djangos) in [("schema_sqlite", 0, 1), ("schema_postgres", 2, 3)] {
        if wanted(step) {
            compare(&project, &databases[emitted], &databases[djangos])
                .map_err(|told| Failure::new(step, told))?;
        }
    }
    Ok(())
}

/// The length from which a name alone can make a line too long: nothing breaks a name.
const LONG_NAME: usize = 50;

/// Every rule of ruff; a line may be too long where a name of the spec is. The project's own configuration knows that.
pub fn ruff_check(project: &Project) -> Result<(), String> {
    ruff(project, &[]).verdict()?;
    let judges = configuration("ruff.toml");
    let ran = ruff(project, &[OsStr::new("--config"), judges.as_os_str()]);
    if ran.status.success() {
        return Ok(());
    }
    let findings: Vec<&str> = ran
        .stdout
        .lines()
        .filter(|line| line.contains(".py:"))
        .collect();
    let is_fine = |line: &&str| is_about_a_long_name(project, line);
    if !findings.is_empty() && findings.iter().all(is_fine) {
        return Ok(());
    }
    Err(ran.to_string())
}

fn ruff(project: &Project, options: &[&OsStr]) -> Ran {
    let database = Database::create(Kind::Sqlite);
    let mut command = project.command(project.python.tool("ruff"), Stage::Development, &database);
    command
        .args(["check", "--no-respect-gitignore", "--no-cache"])
        .arg("--output-format=concise")
        .args(options)
        .arg(".");
    Ran::of(&mut command)
}

/// `models.py:12:101: E501 …`, where the line has a name that no layout could shorten.
fn is_about_a_long_name(project: &Project, finding: &str) -> bool {
    let mut parts = finding.splitn(4, ':');
    let (Some(path), Some(row)) = (parts.next(), parts.next()) else {
        return false;
    };
    let text = fs::read_to_string(project.root.join(path)).unwrap_or_default();
    let row: usize = row.parse().unwrap_or(0);
    let line = text.lines().nth(row.wrapping_sub(1)).unwrap_or_default();
    let mut words = line.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    finding.contains(" E501 ") && words.any(|word| word.len() > LONG_NAME)
}

/// What the program is asked to do; a comparison needs both databases.
fn steps<'s>(only: &[&'s str]) -> Vec<&'s str> {
    let mut steps = Vec::new();
    for step in only {
        match *step {
            "schema_sqlite" => steps.extend(["migrate_sqlite", "own_sqlite"]),
            "schema_postgres" => steps.extend(["migrate_postgres", "own_postgres"]),
            other => steps.push(other),
        }
    }
    steps
}

fn compare(project: &Project, emitted: &Database, djangos: &Database) -> Result<(), String> {
    let differences = schema::differences(
        &schema::of(project, emitted)?,
        &schema::of(project, djangos)?,
    );
    if differences.is_empty() {
        Ok(())
    } else {
        Err(format!(
            "- only Django's, + only ours:\n{}",
            differences.join("\n")
        ))
    }
}
