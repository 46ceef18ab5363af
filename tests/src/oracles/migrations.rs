//! The emitted migrations against Django's own.

use std::fs;

use tempfile::TempDir;

use crate::database::{Database, Kind};
use crate::project::{Project, Stage};
use crate::ran::Verdict;
use crate::schema;

pub(super) fn nothing_to_make_sqlite(project: &Project) -> Verdict {
    nothing_to_make(project, Kind::Sqlite)
}

pub(super) fn nothing_to_make_postgres(project: &Project) -> Verdict {
    nothing_to_make(project, Kind::Postgres)
}

/// The models are what the migrations say.
fn nothing_to_make(project: &Project, kind: Kind) -> Verdict {
    let database = project.migrated(kind)?;
    project
        .manage(
            Stage::Development,
            &database,
            &["makemigrations", "--check", "--dry-run"],
        )
        .verdict()?;
    project
        .manage(Stage::Development, &database, &["migrate", "--check"])
        .verdict()
}

pub(super) fn schema_equals_djangos_own_sqlite(project: &Project) -> Verdict {
    schema_equals_djangos_own(project, Kind::Sqlite)
}

pub(super) fn schema_equals_djangos_own_postgres(project: &Project) -> Verdict {
    schema_equals_djangos_own(project, Kind::Postgres)
}

/// An empty database migrated by the emitted files has the schema that Django would have built had
/// it written the migrations itself. `makemigrations --check` alone misses order and dependencies.
fn schema_equals_djangos_own(project: &Project, kind: Kind) -> Verdict {
    let database = project.migrated(kind)?;
    let emitted = schema::of(project, &database)?;

    let folder = TempDir::new().map_err(|error| error.to_string())?;
    let copy = project.copy_to(&folder.path().join("project"));
    forget_migrations(&copy)?;
    let empty = Database::create(kind);
    copy.manage(Stage::Development, &empty, &["makemigrations", "-v", "0"])
        .verdict()?;
    let database = copy.migrated(kind)?;
    let djangos = schema::of(&copy, &database)?;

    let differences = schema::differences(&emitted, &djangos);
    if differences.is_empty() {
        return Ok(());
    }
    Err(format!(
        "schema on {} (- only Django's, + only ours):\n{}",
        kind.name(),
        differences.join("\n")
    ))
}

fn forget_migrations(project: &Project) -> Verdict {
    let mut forgotten = 0;
    for folder in project.apps_with_migrations() {
        for entry in fs::read_dir(&folder).map_err(|error| error.to_string())? {
            let path = entry.map_err(|error| error.to_string())?.path();
            let is_migration = path.extension().is_some_and(|extension| extension == "py")
                && path.file_name().is_some_and(|name| name != "__init__.py");
            if is_migration {
                fs::remove_file(&path).map_err(|error| format!("{}: {error}", path.display()))?;
                forgotten += 1;
            }
        }
    }
    if forgotten == 0 {
        Err("the project has no migrations".to_owned())
    } else {
        Ok(())
    }
}
