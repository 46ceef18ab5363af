//! The package `core`: what every app stands on, emitted as readable source. It is the same in every project,
//! but for what a project does not need: a definition is emitted when something uses it.

mod source;
mod variant;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::OnceLock;

use appspec_backend::Artifacts;
use appspec_evolve::Changes;
use appspec_ir::{Spec, in_shares};

use crate::header::generated;
use crate::rule_tests;
use source::{Source, imported};
pub(crate) use variant::{chosen, variant};

/// A file of the template folder at its place in the project.
macro_rules! fixed {
    ($($path:literal),* $(,)?) => {
        [$(($path, include_str!(concat!("../templates/", $path)))),*]
    };
}

/// Files that every project needs as they are.
const WHOLE: [(&str, &str); 14] = fixed![
    "accounts/managers.py",
    "core/admin.py",
    "core/db/__init__.py",
    "core/db/sqlite/__init__.py",
    "core/db/sqlite/base.py",
    "core/db/sqlite/functions.py",
    "core/errors.py",
    "core/invariants.py",
    "core/management/__init__.py",
    "core/management/commands/__init__.py",
    "core/management/commands/check_invariants.py",
    "core/management/commands/demo.py",
    "core/management/commands/migrate.py",
    "core/users.py",
];

/// Modules of which a project gets the definitions that something imports.
const PICKED: [(&str, &str); 41] = fixed![
    "core/acting.py",
    "core/audit.py",
    "core/audited.py",
    "core/db/acting.py",
    "core/db/across.py",
    "core/db/asking.py",
    "core/db/audit.py",
    "core/db/changes.py",
    "core/db/checks.py",
    "core/db/constraints.py",
    "core/db/exact.py",
    "core/db/expressions.py",
    "core/db/deletions.py",
    "core/db/kept.py",
    "core/db/lifecycles.py",
    "core/db/mine.py",
    "core/db/one_of.py",
    "core/db/operations.py",
    "core/db/related.py",
    "core/db/rules.py",
    "core/db/serial.py",
    "core/db/terms.py",
    "core/db/triggers.py",
    "core/defaults.py",
    "core/demo.py",
    "core/fields.py",
    "core/files.py",
    "core/functions.py",
    "core/deleted.py",
    "core/deletions.py",
    "core/kept.py",
    "core/labels.py",
    "core/lifecycles.py",
    "core/lists.py",
    "core/models.py",
    "core/roles.py",
    "core/seeding.py",
    "core/terms.py",
    "core/testing.py",
    "core/together.py",
    "core/ways.py",
];

/// Tests of those definitions: a test comes with what it tests.
const TESTS: [(&str, &str); 15] = fixed![
    "core/tests/test_acting.py",
    "core/tests/test_demo.py",
    "core/tests/test_documents.py",
    "core/tests/test_errors.py",
    "core/tests/test_exact.py",
    "core/tests/test_expressions.py",
    "core/tests/test_files.py",
    "core/tests/test_labels.py",
    "core/tests/test_lists.py",
    "core/tests/test_moments.py",
    "core/tests/test_operations.py",
    "core/tests/test_pages.py",
    "core/tests/test_records.py",
    "core/tests/test_seeds.py",
    "core/tests/test_terms.py",
];

/// What nothing imports, because Django finds it by its place.
const SEED_COMMAND: [(&str, &str); 1] = fixed!["core/management/commands/seed.py"];

/// Who may do what, where rules say it.
const ACCESS: [(&str, &str); 20] = fixed![
    "core/access.py",
    "core/admin_access.py",
    "core/api/__init__.py",
    "core/api/filters.py",
    "core/api/me.py",
    "core/api/pagination.py",
    "core/api/parsers.py",
    "core/api/problems.py",
    "core/api/schema.py",
    "core/api/serializers.py",
    "core/api/unknown.py",
    "core/api/views.py",
    "core/backends.py",
    "core/granting.py",
    "core/management/commands/sync_roles.py",
    "core/testing_access.py",
    "core/testing_api.py",
    "core/tests/test_access.py",
    "core/tests/test_api.py",
    "core/writes.py",
];

/// Pages on which people do what lifecycles allow them.
const ACTIONS: [(&str, &str); 3] = fixed![
    "core/admin_actions.py",
    "core/templates/admin/record_action.html",
    "core/templates/admin/record_change_form.html",
];

/// What a module needs although nothing in it says so: Django calls it.
const CALLED: [(&str, &str); 3] = [
    ("stand", "core.db.across"),
    ("watch", "core.db.terms"),
    ("AuditEntryAdmin", "core.audited"),
];

/// The modules and tests to pick from, read.
struct Templates {
    /// Path, dotted name and source.
    modules: Vec<(&'static str, String, Source<'static>)>,
    tests: Vec<(&'static str, Source<'static>)>,
}

/// Templates of one kind, and the texts that they are read from.
struct Read {
    texts: OnceLock<Vec<String>>,
    templates: OnceLock<Templates>,
}

impl Read {
    const fn new() -> Self {
        Self {
            texts: OnceLock::new(),
            templates: OnceLock::new(),
        }
    }
}

/// What templates differ by.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Kind {
    has_seeds: bool,
    has_access: bool,
}

impl Kind {
    fn of(spec: &Spec) -> Self {
        Self {
            has_seeds: !spec.seeds.is_empty(),
            has_access: spec.has_access(),
        }
    }

    /// A template as such projects have it.
    fn text(self, text: &str) -> String {
        let text = variant(text, self.has_access);
        if self.has_seeds {
            text
        } else {
            seedless(&text)
        }
    }
}

impl Templates {
    /// Those for a kind of project. They are the same for every spec of it, and are read once.
    fn of(kind: Kind) -> &'static Self {
        static PLAIN: Read = Read::new();
        static WITH_SEEDS: Read = Read::new();
        static WITH_ACCESS: Read = Read::new();
        static WITH_BOTH: Read = Read::new();
        let read = match (kind.has_seeds, kind.has_access) {
            (false, false) => &PLAIN,
            (true, false) => &WITH_SEEDS,
            (false, true) => &WITH_ACCESS,
            (true, true) => &WITH_BOTH,
        };
        read.templates.get_or_init(|| {
            let texts = read
                .texts
                .get_or_init(|| PICKED.iter().map(|(_, text)| kind.text(text)).collect());
            let texts = PICKED.iter().zip(texts);
            Self::read(texts.map(|((path, _), text)| (*path, text.as_str())))
        })
    }

    fn read(modules: impl IntoIterator<Item = (&'static str, &'static str)>) -> Self {
        let modules = modules
            .into_iter()
            .map(|(path, text)| (path, module(path), Source::parse(text)));
        let tests = TESTS.iter();
        Self {
            modules: modules.collect(),
            tests: tests
                .map(|(path, text)| (*path, Source::parse(text)))
                .collect(),
        }
    }
}

/// Reads what [`emit`] picks from, for whoever has time for it before.
pub(crate) fn prepare(spec: &Spec) {
    Templates::of(Kind::of(spec));
}

/// Emits the package for the files that were emitted before it.
pub(crate) fn emit(spec: &Spec, changes: &Changes, out: &mut Artifacts) {
    let mut whole: Vec<(&str, &str)> = WHOLE.to_vec();
    let kind = Kind::of(spec);
    if kind.has_seeds {
        whole.extend(SEED_COMMAND);
    }
    if kind.has_access {
        whole.extend(ACCESS);
        if rule_tests::has_lifecycles(spec) {
            whole.extend(ACTIONS);
        }
    }
    let whole: Vec<(&str, String)> = whole
        .into_iter()
        .map(|(path, text)| (path, variant(text, kind.has_access)))
        .collect();
    let mut wanted = Wanted::default();
    for used in changes.history.migrations.iter().flat_map(|one| &one.uses) {
        if let Some((module, name)) = used.rsplit_once('.') {
            wanted.add(name, module);
        }
    }
    let emitted = out
        .iter()
        .filter(|(path, _)| Path::new(path).extension().is_some_and(|end| end == "py"))
        .map(|(_, file)| file.content.as_str());
    let own = whole.iter().map(|(_, text)| text.as_str());
    let texts: Vec<&str> = emitted.chain(own).collect();
    let used = in_shares(&texts, 64, |texts| {
        let used: BTreeSet<_> = texts.iter().flat_map(|text| imported(text)).collect();
        used.into_iter().collect()
    });
    for (name, module) in used {
        wanted.add(name, module);
    }
    for (name, module) in CALLED {
        if wanted.0.contains_key(module) {
            wanted.add(name, module);
        }
    }
    // The settings name it.
    if has_audit(spec) {
        wanted.add("ActingMiddleware", "core.acting");
    }
    let mut files = whole;
    files.extend(wanted.complete(kind, &unmade(out)));
    for (path, body) in files {
        out.add(path, generated(path, &spec.project.name, &body));
    }
}

/// Whether changes of some rows are recorded.
pub(crate) fn has_audit(spec: &Spec) -> bool {
    let mut entities = spec.entities.iter();
    entities.any(|(_, entity)| entity.audited.is_some())
}

/// What tests of `core` need of others, and the project has not: no row of a user may be known.
fn unmade(out: &Artifacts) -> BTreeSet<(&'static str, &'static str)> {
    let factories = out
        .iter()
        .find(|(path, _)| *path == "accounts/tests/factories.py");
    let is_made = factories.is_some_and(|(_, file)| file.content.contains("def make_user("));
    let missing = (!is_made).then_some(("make_user", "accounts.tests.factories"));
    missing.into_iter().collect()
}

/// The names of `core` that a file imports: `core.defaults.Token`.
pub(crate) fn uses(text: &str) -> BTreeSet<String> {
    imported(text)
        .into_iter()
        .filter(|(_, module)| module.starts_with("core."))
        .map(|(name, module)| format!("{module}.{name}"))
        .collect()
}

/// The names that are wanted of each module.
#[derive(Default)]
struct Wanted(BTreeMap<String, BTreeSet<String>>);

impl Wanted {
    /// Wants a name; says whether that is news.
    fn add(&mut self, name: &str, module: &str) -> bool {
        self.0
            .entry(module.to_owned())
            .or_default()
            .insert(name.to_owned())
    }

    /// The modules with what is wanted of them and what that needs in turn, and the tests of it.
    fn complete(
        mut self,
        kind: Kind,
        unmade: &BTreeSet<(&str, &str)>,
    ) -> Vec<(&'static str, String)> {
        let Templates { modules, tests } = Templates::of(kind);
        let mut is_new = true;
        while is_new {
            is_new = false;
            for (_, module, source) in modules {
                let words = source.words(&self.reached(module, source));
                for (name, origin) in source.origins() {
                    is_new |= words.contains(name) && self.add(name, origin);
                }
            }
        }
        let mut files = Vec::new();
        let mut missing = unmade.clone();
        for (path, module, source) in modules {
            let kept = self.reached(module, source);
            let names = source.names_of(|place| !kept.contains(&place));
            missing.extend(names.map(|name| (name, module.as_str())));
            if !kept.is_empty() {
                files.push((*path, source.print(&kept)));
            }
        }
        for (path, source) in tests {
            let kept = testable(source, &missing);
            if !kept.is_empty() {
                files.push((*path, source.print(&kept)));
            }
        }
        files
    }

    fn reached(&self, module: &str, source: &Source<'_>) -> BTreeSet<usize> {
        let names = self.0.get(module).into_iter().flatten();
        source.reach(names.map(String::as_str))
    }
}

/// A module without the step that loads lookup rows, for projects that have none.
fn seedless(text: &str) -> String {
    text.replace("import Row, load_into", "import Row")
        .replace("    load_into(stored)\n", "")
}

/// The tests of what is there, and what they need.
fn testable(source: &Source<'_>, missing: &BTreeSet<(&str, &str)>) -> BTreeSet<usize> {
    let origins = source.origins();
    let is_missing = |word: &&str| {
        let origin = origins.get(word);
        origin.is_some_and(|origin| missing.contains(&(*word, *origin)))
    };
    let mut kept = BTreeSet::new();
    for test in source
        .names_of(|_| true)
        .filter(|name| name.starts_with("test_"))
    {
        let needed = source.reach([test]);
        if !source.words(&needed).iter().any(is_missing) {
            kept.extend(needed);
        }
    }
    if !kept.is_empty() {
        kept.extend(source.reach(["pytestmark"]));
    }
    kept
}

/// `core/db/expressions.py` is `core.db.expressions`.
fn module(path: &str) -> String {
    path.trim_end_matches(".py").replace('/', ".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_statement_of_a_template_can_be_asked_for() {
        for (path, text) in PICKED.iter().chain(&TESTS) {
            let text = variant(text, true);
            let source = Source::parse(&text);
            let named = source.reach(source.names_of(|_| true));
            assert_eq!(named, source.all(), "{path}");
            let lines = |text: &str| text.lines().filter(|line| !line.is_empty()).count();
            assert_eq!(lines(&source.print(&named)), lines(&text), "{path}");
        }
    }
}
