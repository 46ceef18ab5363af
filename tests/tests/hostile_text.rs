//! Texts of a spec that try to be code, in every place that takes a text: each comes out as a text, whoever reads it.

use std::fs;
use std::path::{Path, PathBuf};

use appspec_tests::database::Kind;
use appspec_tests::hostile::Spec;
use appspec_tests::surroundings::tests_folder;
use appspec_tests::{Database, Project, Python, Ran, Stage, build, surroundings};
use tempfile::TempDir;

/// Each part of the tokens has a seed of its own, so that parts can be asked side by side.
const SEEDS: [u64; 4] = [0xa11, 0xb22, 0xc33, 0xd44];
/// Entities of a spec; each has about a hundred tokens.
const ENTITIES: usize = 24;
/// Enough where the structure is what counts.
const FEW: usize = 5;
const EVERYTHING: [&str; 5] = ["metadata", "validation", "database", "seeds", "admin"];

#[test]
fn there_are_more_than_ten_thousand_tokens() {
    let count: usize = SEEDS
        .iter()
        .map(|seed| Spec::new(*seed, ENTITIES, false).tokens)
        .sum();
    assert!(count > 10_000, "{count}");
}

#[test]
fn the_first_part_is_text_everywhere() {
    Pair::built(SEEDS[0]).is_text_everywhere();
}

#[test]
fn the_second_part_is_text_everywhere() {
    Pair::built(SEEDS[1]).is_text_everywhere();
}

#[test]
fn the_third_part_is_text_everywhere() {
    Pair::built(SEEDS[2]).is_text_everywhere();
}

#[test]
fn the_fourth_part_is_text_everywhere() {
    Pair::built(SEEDS[3]).is_text_everywhere();
}

/// Every other Django, on both databases.
#[test]
fn other_versions_of_django_agree() {
    let pair = Pair::of(SEEDS[0], FEW);
    for python in surroundings().pythons.iter().skip(1) {
        for kind in Kind::ALL {
            pair.hostile(python)
                .holds(kind, &pair.expected(), &EVERYTHING);
        }
    }
}

/// What was emitted to test the rules tests them with these texts, too.
#[test]
fn emitted_tests_pass() {
    let pair = Pair::of(SEEDS[1], FEW);
    let project = pair.hostile(surroundings().python());
    let database = Database::create(Kind::Sqlite);
    project.project.pytest(&database).fine();
}

/// A text that is not quite the one of the spec, or is more than a text, is found.
#[test]
fn a_text_that_got_away_is_found() {
    let pair = Pair::of(SEEDS[2], FEW);
    pair.files().fine();
    let sabotages: [(&str, &str, &str); 6] = [
        ("pyproject.toml", "description = \"", "description = \"."),
        ("hostile/choices.py", "    V0 = (", "    V0 = print and ("),
        ("docs/data-model.svg", "</title>", "<b/></title>"),
        ("docs/invariants.md", "| `unequal` |", "| [unequal](x) |"),
        ("README.md", "\n# ", "\n## "),
        ("AGENTS.md", "a", "b"),
    ];
    for (path, before, after) in sabotages {
        let path = pair.folder.path().join("hostile").join(path);
        let text = fs::read_to_string(&path).expect("an emitted file");
        assert!(text.contains(before), "{}: {before}", path.display());
        fs::write(&path, text.replacen(before, after, 1)).expect("write a file");
        let ran = pair.files();
        assert_eq!(ran.code(), Some(1), "{}: {ran}", path.display());
        fs::write(&path, text).expect("write a file");
    }
    pair.files().fine();
}

/// The projects of a hostile spec and of its harmless twin.
struct Pair {
    folder: TempDir,
}

impl Pair {
    fn built(seed: u64) -> Self {
        Self::of(seed, ENTITIES)
    }

    fn of(seed: u64, entities: usize) -> Self {
        let folder = TempDir::new().expect("make a temporary folder");
        let spec = Spec::new(seed, entities, false);
        let twin = Spec::new(seed, entities, true);
        for (name, spec) in [("hostile", &spec), ("twin", &twin)] {
            let source = folder.path().join(format!("{name}-spec"));
            fs::create_dir(&source).expect("make a folder");
            fs::write(source.join("hostile.appspec"), spec.text()).expect("write a spec");
            fs::write(
                folder.path().join(format!("{name}.json")),
                spec.expected().to_string(),
            )
            .expect("write what is expected");
            build(&source, &folder.path().join(name)).fine();
        }
        Self { folder }
    }

    fn hostile(&self, python: &Python) -> Running {
        Running {
            project: Project::new(self.folder.path().join("hostile"), python),
        }
    }

    fn twin(&self) -> Running {
        Running {
            project: Project::new(self.folder.path().join("twin"), surroundings().python()),
        }
    }

    fn expected(&self) -> PathBuf {
        self.folder.path().join("hostile.json")
    }

    /// What the parsers of all languages make of the files.
    fn files(&self) -> Ran {
        let path = |name: &str| self.folder.path().join(name);
        let mut command = std::process::Command::new(&surroundings().python().interpreter);
        command
            .arg(program("files.py"))
            .args([path("hostile"), path("twin"), self.expected()])
            .env("PYTHONDONTWRITEBYTECODE", "1");
        Ran::of(&mut command)
    }

    fn is_text_everywhere(&self) {
        self.files().fine();
        let hostile = self.hostile(surroundings().python());
        let pages = hostile.holds(Kind::Sqlite, &self.expected(), &EVERYTHING);
        hostile.holds(Kind::Postgres, &self.expected(), &EVERYTHING[..4]);
        let expected = self.folder.path().join("twin.json");
        let harmless = self.twin().holds(Kind::Sqlite, &expected, &["admin"]);
        assert!(pages.len() > 1_000, "no elements of pages: {pages}");
        assert!(
            pages == harmless,
            "pages have other elements than their twins"
        );
    }
}

struct Running {
    project: Project,
}

impl Running {
    /// Migrates and seeds a database, and asks for all texts; returns the elements of all pages.
    fn holds(&self, kind: Kind, expected: &Path, parts: &[&str]) -> String {
        let project = &self.project;
        let database = project.migrated(kind).unwrap();
        let manage = |arguments: &[&str]| {
            project
                .manage(Stage::Development, &database, arguments)
                .fine()
        };
        manage(&["seed"]);
        if kind == Kind::Sqlite && parts == EVERYTHING {
            manage(&["makemigrations", "--check", "--dry-run"]);
            let again = manage(&["seed"]);
            assert!(
                again.stdout.contains("0 rows created, 0 updated"),
                "{again}"
            );
        }
        let scratch = TempDir::new().expect("make a temporary folder");
        let elements = scratch.path().join("elements.json");
        let mut command =
            project.command(&project.python.interpreter, Stage::Development, &database);
        command
            .arg(program("running.py"))
            .arg(expected)
            .args(parts)
            .env("PYTHONPATH", &project.root)
            .env("ELEMENTS", &elements);
        let ran = Ran::of(&mut command).fine();
        assert!(ran.stdout.contains(" held, 0 failed"), "{ran}");
        fs::read_to_string(elements).unwrap_or_default()
    }
}

fn program(name: &str) -> PathBuf {
    tests_folder().join("hostile").join(name)
}
