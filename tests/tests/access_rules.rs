//! Random access rules mean the same in a query, for one row, in writes, and evaluated in Python over loaded rows.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::RangeInclusive;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};

use appspec_tests::access_rules::{self, Rules};
use appspec_tests::database::Kind;
use appspec_tests::surroundings::tests_folder;
use appspec_tests::{Database, Project, Ran, Stage, build, surroundings};
use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;
use tempfile::TempDir;

/// The seeds of every run.
const FIXED: RangeInclusive<u64> = 1..=3;
/// With `--long`, where nothing else is said.
const LONG: RangeInclusive<u64> = 1..=40;
/// How many shapes of rules those of every run have together, at least.
const SHAPES: usize = 300;

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = vec![Trial::test("there_are_many_shapes_of_rules", || {
        there_are_many_shapes().map_err(Failed::from)
    })];
    for seed in appspec_tests::random::seeds(FIXED, LONG) {
        trials.push(Trial::test(format!("seed_{seed:06}"), move || {
            answers_are_the_same(seed).map_err(Failed::from)
        }));
    }
    let tried = if surroundings().long {
        BROKEN.len()
    } else {
        TRIED
    };
    for broken in &BROKEN[..tried] {
        trials.push(Trial::test(format!("it_bites_{}", broken.name), || {
            is_noticed(broken).map_err(Failed::from)
        }));
    }
    libtest_mimic::run(&arguments, trials).exit();
}

/// A spec of random rules, built and migrated.
struct Built {
    folder: TempDir,
    project: Project,
    rules: Rules,
}

impl Built {
    /// That of a seed, made when somebody first asks.
    fn of(seed: u64) -> Result<Arc<Self>, String> {
        type Once = Arc<OnceLock<Result<Arc<Built>, String>>>;
        static BUILT: Mutex<BTreeMap<u64, Once>> = Mutex::new(BTreeMap::new());
        let mut all = BUILT.lock().map_err(|error| error.to_string())?;
        let one = Arc::clone(all.entry(seed).or_default());
        drop(all);
        one.get_or_init(|| Self::make(seed).map(Arc::new)).clone()
    }

    fn make(seed: u64) -> Result<Self, String> {
        let rules = access_rules::draw(seed);
        let folder = TempDir::new().map_err(|error| error.to_string())?;
        let spec = folder.path().join("spec");
        fs::create_dir(&spec).map_err(|error| error.to_string())?;
        fs::write(spec.join("work.appspec"), &rules.text).map_err(|error| error.to_string())?;
        let data = rules.data.to_string();
        fs::write(folder.path().join("rules.json"), data).map_err(|error| error.to_string())?;
        let root = folder.path().join("project");
        build(&spec, &root).verdict()?;
        Ok(Self {
            project: Project::finished(root, &surroundings().pythons[0]),
            folder,
            rules,
        })
    }

    /// Asks a project with these rules; more arguments say what is enough.
    fn compare(&self, project: &Project, seed: u64, more: &[&str]) -> Result<Compared, String> {
        let database: Database = self.project.migrated(Kind::Postgres)?;
        let mut command =
            project.command(&project.python.interpreter, Stage::Development, &database);
        command
            .arg(tests_folder().join("semantics/access_rules/compare.py"))
            .arg(self.folder.path().join("rules.json"))
            .arg(seed.to_string())
            .args(more)
            .env("PYTHONPATH", &project.root);
        let ran = Ran::of(&mut command);
        let last = ran.stdout.lines().last().unwrap_or_default();
        let counts: Value = serde_json::from_str(last).map_err(|_| format!("{ran}"))?;
        let counted = |of: &str| serde_json::from_value(counts[of].clone()).unwrap_or_default();
        Ok(Compared {
            differences: counts["differences"].as_u64().unwrap_or(u64::MAX),
            asked: counted("asked"),
            tried: counted("tried"),
            told: ran.stdout,
        })
    }
}

/// What came of asking.
struct Compared {
    differences: u64,
    /// How often something was allowed or not, by the verb.
    asked: BTreeMap<String, u64>,
    /// How often a write was done or refused, by the reason.
    tried: BTreeMap<String, u64>,
    told: String,
}

fn there_are_many_shapes() -> Result<(), String> {
    let drawn: Vec<Rules> = FIXED.map(access_rules::draw).collect();
    let shapes: BTreeSet<&String> = drawn.iter().flat_map(|rules| &rules.shapes).collect();
    let lines: usize = drawn.iter().map(|rules| rules.drawn).sum();
    let mut refused: BTreeMap<&str, usize> = BTreeMap::new();
    for (code, count) in drawn.iter().flat_map(|rules| &rules.refused) {
        *refused.entry(*code).or_default() += count;
    }
    println!(
        "{lines} lines in {} specs, {} shapes of rules; refused by the checker: {refused:?}",
        drawn.len(),
        shapes.len()
    );
    if shapes.len() < SHAPES {
        return Err(format!("{} shapes of rules are few", shapes.len()));
    }
    if refused.values().sum::<usize>() * 5 > lines {
        return Err(format!("of {lines} lines many are refused: {refused:?}"));
    }
    Ok(())
}

fn answers_are_the_same(seed: u64) -> Result<(), String> {
    let again = format!("again: tests/run --specs {seed}..{seed} access_rules");
    let built = Built::of(seed).map_err(|told| format!("{again}\n{told}"))?;
    let found = built
        .compare(&built.project, seed, &[])
        .map_err(|told| format!("{again}\n{told}"))?;
    println!(
        "seed {seed}: {} shapes; asked {:?}; tried {:?}",
        built.rules.shapes.len(),
        found.asked,
        found.tried
    );
    if found.differences > 0 {
        let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("access_rules_{seed}"));
        let _ = fs::remove_dir_all(&kept);
        appspec_tests::tree::copy(built.folder.path(), &kept);
        return Err(format!(
            "the answers differ; the spec is in {}\n{again}\n{}",
            kept.display(),
            found.told
        ));
    }
    // What never happens was not compared.
    let answers = ["True", "False"];
    let verbs = ["read", "create", "update", "delete", "action"];
    for (verb, answer) in verbs
        .iter()
        .flat_map(|verb| answers.map(|answer| (verb, answer)))
    {
        happened(&found.asked, &format!("{verb} {answer}"))?;
    }
    for verb in ["create", "update", "delete", "action"] {
        happened(&found.tried, &format!("{verb} done"))?;
        happened(&found.tried, &format!("{verb} refused"))?;
    }
    happened(&found.tried, "create unknown choice")?;
    happened(&found.tried, "update unreadable")
}

fn happened(counts: &BTreeMap<String, u64>, what: &str) -> Result<(), String> {
    match counts.get(what) {
        Some(_) => Ok(()),
        None => Err(format!("`{what}` never happened: {counts:?}")),
    }
}

/// A mistake in an emitted project.
struct Broken {
    name: &'static str,
    file: &'static str,
    /// What is replaced, wherever it stands.
    from: &'static str,
    to: &'static str,
    /// Where it shows: in what is asked, or in what is tried.
    shows: &'static str,
}

/// So many of them are tried in every run, all with `--long`.
const TRIED: usize = 8;

const BROKEN: &[Broken] = &[
    Broken {
        name: "walls_are_dropped",
        file: "core/access.py",
        from: "both(grant.holds(actor), wall)",
        to: "grant.holds(actor)",
        shows: "reading",
    },
    Broken {
        name: "scopes_are_dropped",
        file: "core/roles.py",
        from: "if self.scope and at else",
        to: "if False else",
        shows: "reading",
    },
    Broken {
        name: "conditions_are_negated",
        file: "work/access.py",
        from: "    return models.Q(",
        to: "    return ~models.Q(",
        shows: "reading",
    },
    Broken {
        name: "or_is_and",
        file: "work/access.py",
        from: " | ",
        to: " & ",
        shows: "reading",
    },
    Broken {
        name: "writes_forget_the_rule_about_reading",
        file: "core/access.py",
        from: "rows &= permitted(model, actor, READ)",
        to: "rows &= EVERYTHING",
        shows: "reading",
    },
    Broken {
        name: "the_row_after_a_write_is_not_asked",
        file: "core/writes.py",
        from: "for place, way in before.items() if place in after]",
        to: "for place, way in before.items()]",
        shows: "writing",
    },
    Broken {
        name: "references_are_not_asked",
        file: "core/writes.py",
        from: "        refuse_unknown(actor, row, given)\n",
        to: "",
        shows: "writing",
    },
    Broken {
        name: "walls_do_not_stop_actions",
        file: "core/writes.py",
        from: "elif verb != DELETE and not is_inside(actor, row):",
        to: "elif False:",
        shows: "writing",
    },
    Broken {
        name: "included_roles_are_forgotten",
        file: "core/roles.py",
        from: "for role in self.included_in:",
        to: "for role in ():",
        shows: "reading",
    },
    Broken {
        name: "who_may_not_sign_in_is_somebody",
        file: "core/roles.py",
        from: " or not actor.is_active",
        to: "",
        shows: "reading",
    },
    Broken {
        name: "has_perm_asks_of_no_row",
        file: "core/backends.py",
        from: "if obj is None else allows(user, verb, obj)",
        to: "",
        shows: "reading",
    },
    Broken {
        name: "hidden_fields_are_shown",
        file: "core/access.py",
        from: "return every - frozenset(self.but)",
        to: "return every",
        shows: "reading",
    },
];

fn is_noticed(broken: &Broken) -> Result<(), String> {
    let seed = *FIXED.start();
    let built = Built::of(seed)?;
    let folder = TempDir::new().map_err(|error| error.to_string())?;
    let project = built.project.copy_to(&folder.path().join("project"));
    let path = project.root.join(broken.file);
    let text = fs::read_to_string(&path).map_err(|error| error.to_string())?;
    let changed = text.replace(broken.from, broken.to);
    if changed == text {
        return Err(format!("{} has no `{}`", broken.file, broken.from));
    }
    fs::write(&path, changed).map_err(|error| error.to_string())?;
    let found = built.compare(&project, seed, &[broken.shows])?;
    if found.differences == 0 {
        return Err(format!("nobody noticed\n{}", found.told));
    }
    Ok(())
}
