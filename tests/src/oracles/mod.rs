//! The oracles: programs, not opinions, that say whether an emitted project is good. Each returns
//! its findings together with the command that made them; `docs/design/oracles.md` has the reasons.

mod api_contract;
mod commands;
mod dead_code;
mod django_checks;
mod emitted_tests;
mod migrations;
mod query_counts;
mod requirements;
mod static_analysis;
mod suppressions;

use std::path::PathBuf;

use crate::database::Kind;
use crate::project::Project;
use crate::ran::Verdict;
use crate::surroundings::tests_folder;

/// An oracle by name.
#[derive(Debug, Clone, Copy)]
pub struct Oracle {
    /// For names of tests.
    pub name: &'static str,
    /// Whether another version of Django could change its answer.
    pub per_django: bool,
    /// Asks it.
    pub judge: fn(&Project) -> Verdict,
}

impl Oracle {
    /// The database on which it looks at a project, if on one alone.
    pub fn database(&self) -> Option<Kind> {
        let (_, last) = self.name.rsplit_once('_')?;
        Kind::ALL.into_iter().find(|kind| kind.name() == last)
    }
}

/// All of them.
pub const ALL: &[Oracle] = &[
    once("requirements_are_locked", requirements::are_locked),
    once("suppressions_are_counted", suppressions::are_counted),
    once("ruff_check", static_analysis::ruff_check),
    once("ruff_format", static_analysis::ruff_format),
    once("bandit", static_analysis::bandit),
    once("no_dead_code", dead_code::there_is_none),
    once("own_configuration", static_analysis::own_configuration),
    each("compileall", static_analysis::compileall),
    each("mypy_strict", static_analysis::mypy_strict),
    each("check_sqlite", django_checks::check_sqlite),
    each("check_postgres", django_checks::check_postgres),
    each("check_deploy", django_checks::check_deploy),
    each("api_schema", django_checks::describe_the_api),
    each(
        "makemigrations_check_sqlite",
        migrations::nothing_to_make_sqlite,
    ),
    each(
        "makemigrations_check_postgres",
        migrations::nothing_to_make_postgres,
    ),
    each(
        "schema_sqlite",
        migrations::schema_equals_djangos_own_sqlite,
    ),
    each(
        "schema_postgres",
        migrations::schema_equals_djangos_own_postgres,
    ),
    each("commands_sqlite", commands::work_on_sqlite),
    each("commands_postgres", commands::work_on_postgres),
    each("emitted_tests_sqlite", emitted_tests::on_sqlite),
    each("emitted_tests_postgres", emitted_tests::on_postgres),
    each("api_contract_sqlite", api_contract::is_kept_on_sqlite),
    each("api_contract_postgres", api_contract::is_kept_on_postgres),
    each("query_counts", query_counts::are_constant),
];

/// One of them by its name.
///
/// # Panics
/// When there is none.
pub fn named(name: &str) -> Oracle {
    *ALL.iter()
        .find(|oracle| oracle.name == name)
        .unwrap_or_else(|| panic!("there is no oracle {name}"))
}

const fn once(name: &'static str, judge: fn(&Project) -> Verdict) -> Oracle {
    Oracle {
        name,
        per_django: false,
        judge,
    }
}

const fn each(name: &'static str, judge: fn(&Project) -> Verdict) -> Oracle {
    Oracle {
        name,
        per_django: true,
        judge,
    }
}

/// A file of `tests/oracles`: the tools' configuration is ours, not the emitted project's.
pub(crate) fn configuration(file: &str) -> PathBuf {
    tests_folder().join("oracles").join(file)
}
