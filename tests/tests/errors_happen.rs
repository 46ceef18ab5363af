//! What the compiler calls an error about data really happens: the wrong examples of the error pages are built although
//! they are wrong, and `tests/semantics/errors_happen.py` runs into each of them on PostgreSQL.
//!
//! Of some errors no spec is made, since it could not hold a value that its type can't hold. Those are put into a spec that
//! is right, where the backend reads it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use appspec_backend::{Artifacts, Backend};
use appspec_diagnostics::{Code, Diagnostics, Severity, codes};
use appspec_django::Django;
use appspec_evolve::{History, diff};
use appspec_ir::{
    Bound, Default, Entity, ExprKind, Field, Id, Invariant, Moment, Seed, SeedValue, Spec, Value,
};
use appspec_tests::database::{Database, Kind};
use appspec_tests::surroundings::tests_folder;
use appspec_tests::{Project, Ran, Stage, spec, surroundings};
use rust_decimal::Decimal;
use tempfile::TempDir;

/// Warnings whose consequence is shown as well.
const SHOWN_WARNINGS: [&Code; 10] = [
    &codes::invariant::DEFAULTS_CONTRADICT,
    &codes::invariant::ONLY_EMPTY,
    &codes::invariant::OVERLAP_EMPTY,
    &codes::invariant::ROUNDING_DEPENDENT,
    &codes::relation::CASCADE_BLOCKED,
    &codes::relation::DELETE_CAN_BREAK_RULE,
    &codes::relation::NUMBERS_REPEAT,
    &codes::relation::PAIR_TWICE,
    &codes::relation::UNIQUE_CAPS_ROWS,
    &codes::relation::UNIQUE_DEFAULT,
];

/// Errors of these groups that are about names: they end in Python, not in a database.
const NOT_ABOUT_DATA: [&Code; 1] = [&codes::relation::REVERSE_CLASH];

/// A spec that is right, and what makes it one that the compiler would not have made.
struct Bent {
    code: &'static Code,
    members: &'static str,
    bend: fn(&mut Spec, Id<Entity>),
}

const BENT: [Bent; 8] = [
    Bent {
        code: &codes::types::DEFAULT_DOES_NOT_FIT,
        members: "entity Coupon { code: text(3) = \"abc\" }",
        bend: |spec, entity| {
            let default = Value::Text("toolong".to_owned());
            field(spec, entity, "code").default = Some(Default::Value(default));
        },
    },
    Bent {
        code: &codes::types::BOUND_DOES_NOT_FIT,
        members: "entity Order { quantity: int in 1..10 }",
        bend: |spec, entity| {
            for bound in &mut field(spec, entity, "quantity").bounds {
                if let Bound::Range { low, high, .. } = bound {
                    std::mem::swap(low, high);
                }
            }
        },
    },
    Bent {
        code: &codes::types::LOSSY_LITERAL,
        members: "entity Order {\n total: decimal(10, 2)\n invariant exact: total == 1.00\n}",
        bend: |spec, entity| {
            if let ExprKind::Compare(_, _, constant) = &mut rule(spec, entity).condition.kind {
                constant.kind = ExprKind::Value(Value::Decimal(Decimal::new(1005, 3)));
            }
        },
    },
    Bent {
        code: &codes::invariant::TIME_DEPENDENT,
        members: "entity Order {\n due: datetime\n number: int\n invariant due_later on create: due > now()\n}",
        bend: |spec, entity| rule(spec, entity).moment = Moment::Always,
    },
    Bent {
        code: &codes::seed::MISSING_VALUE,
        members: CATEGORY,
        bend: |spec, entity| {
            let position = field_id(spec, entity, "position");
            for row in &mut seed(spec, entity).rows {
                row.values.retain(|(field, _)| *field != position);
            }
        },
    },
    Bent {
        code: &codes::seed::VALUE_DOES_NOT_FIT,
        members: CATEGORY,
        bend: |spec, entity| set(spec, entity, "position", &SeedValue::Value(Value::Int(10))),
    },
    Bent {
        code: &codes::seed::DUPLICATE_KEY,
        members: CATEGORY,
        bend: |spec, entity| {
            let name = Value::Text("Cut".to_owned());
            set(spec, entity, "name", &SeedValue::Value(name));
        },
    },
    Bent {
        code: &codes::seed::CYCLE,
        members: CATEGORY,
        bend: |spec, entity| {
            let parent = field_id(spec, entity, "parent");
            let [cut, trim] = &mut seed(spec, entity).rows[..] else {
                panic!("two rows")
            };
            cut.values.push((parent, SeedValue::Row("trim".to_owned())));
            trim.values.push((parent, SeedValue::Row("cut".to_owned())));
        },
    },
];

/// Two seed rows.
const CATEGORY: &str = "entity Category {\n name: text(60) unique\n position: int in 1..9\n parent: Category?\n}\n\
     seed Category {\n cut { name: \"Cut\", position: 1 }\n trim { name: \"Trim\", position: 2 }\n}";

fn field_id(spec: &Spec, entity: Id<Entity>, name: &str) -> Id<Field> {
    spec.walk(entity)
        .field(name)
        .expect("the field is there")
        .id
}

fn field<'s>(spec: &'s mut Spec, entity: Id<Entity>, name: &str) -> &'s mut Field {
    let id = field_id(spec, entity, name);
    spec.fields.find_mut(id).expect("the field is there")
}

fn rule(spec: &mut Spec, entity: Id<Entity>) -> &mut Invariant {
    let id = spec.entities[entity].invariants[0];
    spec.invariants.find_mut(id).expect("the rule is there")
}

fn seed(spec: &mut Spec, entity: Id<Entity>) -> &mut Seed {
    let (id, _) = spec
        .seeds
        .iter()
        .find(|(_, seed)| seed.entity == entity)
        .expect("the seed is there");
    spec.seeds.find_mut(id).expect("the seed is there")
}

/// Gives a field of every seed row the same value.
fn set(spec: &mut Spec, entity: Id<Entity>, name: &str, value: &SeedValue) {
    let wanted = field_id(spec, entity, name);
    for (_, held) in seed(spec, entity)
        .rows
        .iter_mut()
        .flat_map(|row| &mut row.values)
        .filter(|(field, _)| *field == wanted)
    {
        *held = value.clone();
    }
}

/// A wrong example, as a module of its own.
struct Example {
    code: &'static Code,
    place: usize,
    members: String,
}

impl Example {
    fn module(&self) -> String {
        module(self.code, self.place)
    }
}

fn module(code: &Code, place: usize) -> String {
    format!("{}_{place}", code.id.replace("::", "_"))
}

/// The wrong examples of a page from which a spec can be made.
fn examples(code: &'static Code) -> impl Iterator<Item = Example> {
    let (_, rest) = code.page.split_once("\n## Wrong\n").unwrap_or_default();
    let (wrong, _) = rest.split_once("\n## ").unwrap_or((rest, ""));
    let blocks = wrong.split("```appspec\n").skip(1);
    blocks.enumerate().filter_map(move |(place, rest)| {
        let (block, _) = rest.split_once("\n```")?;
        appspec_analysis::compile(&mut spec::sources(block)).0?;
        let lines = block.lines().filter(|line| !line.starts_with("project "));
        Some(Example {
            code,
            place,
            members: lines.collect::<Vec<_>>().join("\n"),
        })
    })
}

/// Every error about data, and the warnings that are shown.
fn about_data() -> Vec<Example> {
    let errors = codes::all().filter(|code| {
        let groups = [
            "invariant::",
            "relation::",
            "state::action_",
            "state::transition_",
        ];
        let of_group = groups.iter().any(|group| code.id.starts_with(group));
        of_group && code.severity == Severity::Error && !NOT_ABOUT_DATA.contains(code)
    });
    errors.chain(SHOWN_WARNINGS).flat_map(examples).collect()
}

/// Builds a spec whatever is found in it, as nobody should.
fn build_anyway(text: &str, folder: &Path) -> Vec<String> {
    let mut sources = spec::sources(text);
    let (compiled, findings) = appspec_analysis::compile(&mut sources);
    let mut compiled = compiled.expect("names and types are right");
    for bent in &BENT {
        let label = module(bent.code, 0);
        let own = compiled.spec.walk_modules().find(|own| own.label == label);
        let entity = own
            .expect("its module")
            .entities()
            .next()
            .expect("an entity")
            .id;
        (bent.bend)(&mut compiled.spec, entity);
    }
    let nothing = History::new(Vec::new());
    let changes = diff(&nothing, &compiled.spec, &mut Diagnostics::new());
    let mut files = Artifacts::new();
    Django.emit(&compiled, &changes, &mut files);
    for (path, file) in files.iter() {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder");
        fs::write(path, &file.content).expect("a file");
    }
    findings
        .iter()
        .filter_map(|finding| {
            let at = finding.primary.as_ref()?.span.file;
            Some(format!("{} {}", sources.get(at)?.module, finding.code.id))
        })
        .collect()
}

#[test]
fn errors_about_data_happen_on_postgres() {
    let examples = about_data();
    let mut text = "// file: shop.appspec\nproject shop { title: \"Shop\" }\n".to_owned();
    for example in &examples {
        let _ = writeln!(
            text,
            "// file: {}.appspec\n{}",
            example.module(),
            example.members
        );
    }
    for bent in &BENT {
        let _ = writeln!(
            text,
            "// file: {}.appspec\n{}",
            module(bent.code, 0),
            bent.members
        );
    }
    let folder = TempDir::new().expect("a folder");
    let found = build_anyway(&text, folder.path());
    for example in &examples {
        let expected = format!("{} {}", example.module(), example.code.id);
        assert!(
            found.contains(&expected),
            "{expected} is not found among all"
        );
    }

    let project = Project::new(folder.path(), surroundings().python());
    let database = Database::create(Kind::Postgres);
    // Django's own checks see one of the mistakes too.
    let migrate = ["migrate", "--no-input", "--skip-checks", "-v", "0"];
    project
        .manage(Stage::Development, &database, &migrate)
        .fine();
    let python = &surroundings().python().interpreter;
    let mut command = project.command(python, Stage::Development, &database);
    command
        .arg(tests_folder().join("semantics/errors_happen.py"))
        .env("PYTHONPATH", folder.path());
    let ran = Ran::of(&mut command).fine();

    let happened: BTreeSet<String> = ran
        .stdout
        .lines()
        .filter_map(|line| line.strip_prefix("happens ").map(str::to_owned))
        .collect();
    let expected: BTreeSet<String> = examples
        .iter()
        .map(|example| format!("{} {}", example.code.id, example.place))
        .chain(BENT.iter().map(|bent| format!("{} 0", bent.code.id)))
        .collect();
    assert_eq!(happened, expected, "{ran}");
    assert!(expected.len() >= 28, "{expected:?}");
}
