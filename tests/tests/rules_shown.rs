//! No rule is silently without rows: the emitted tests have one row that each rule refuses and one that it accepts,
//! whole and as the database sees them, or it is written here why not.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use appspec_backend::snake_case;
use appspec_ir::{Bound, Entity, Field, Moment, Walk};
use appspec_tests::spec;

/// What is known of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Shown {
    /// A whole row breaks it and nothing else: validation says so in its words, the database by its name. Another is saved.
    Whole,
    /// Nothing is outside of it that does not break another rule too. Validation says its words, and the database judges
    /// by the rule alone.
    Hidden,
    /// Only the rule itself was asked, about the fields that it reads.
    Alone,
    /// Only its name was looked for.
    Named,
}

/// Other rules follow from it or it from them: what breaks it breaks another one, and the database names any of them.
const FOLLOWS: &str = "no row breaks it and nothing else";
/// A question that the solver does not answer.
const UNKNOWN: &str = "the solver finds no row on the other side";
/// Rows that are refused at one moment and accepted at another.
const NEVER_AT_ANY: &str = "no new row is refused, or accepted, at every moment";

/// What day and hour it is there follows from the time zone of the project, of which the compiler knows only the name.
const ZONES: &str = "the solver finds no row that is on one side in every time zone";
/// The system gives the number; that the database keeps it apart is seen by setting its counter back.
const NUMBERED: &str = "nobody gives a number that is taken";
/// The name was too long to say of what kind the rule is.
const OF_A_TYPE: &str = "follows from the type of a field";
const LONG_FILLED: &str = "school.StudentOfTheInternationalBaccalaureateProgrammeAtSchool \
    school_studentoftheinternationalbaccalaureateprogramme_4aa05119";
const LONG_CHOICE: &str = "school.StudentOfTheInternationalBaccalaureateProgrammeAtSchool \
    school_studentoftheinternationalbaccalaureateprogramme_927f6718";
const LONG_NAME: &str = "school.StudentOfTheInternationalBaccalaureateProgrammeAtSchool \
    school_studentoftheinternationalbaccalaureateprogramme_a3fe2972";

/// What has no whole row, and why.
const EXCEPTIONS: &[(&str, &str, Shown, &str)] = &[
    ("hotel", "hotel.Booking dec", Shown::Alone, NEVER_AT_ANY),
    ("hotel", "hotel.Booking future", Shown::Alone, NEVER_AT_ANY),
    (
        "iot",
        "sensors.Sensor sensors_sensor_fl",
        Shown::Named,
        UNKNOWN,
    ),
    (
        "lab",
        "lab.TestResult lab_testresult_ban",
        Shown::Alone,
        FOLLOWS,
    ),
    (
        "lab",
        "lab.TestResult lab_testresult_ev",
        Shown::Alone,
        FOLLOWS,
    ),
    (
        "lab",
        "lab.TestResult lab_testresult_never",
        Shown::Alone,
        FOLLOWS,
    ),
    ("lab", "lab.TestResult soon", Shown::Alone, NEVER_AT_ANY),
    (
        "league",
        "clubs.Player old_enough",
        Shown::Alone,
        NEVER_AT_ANY,
    ),
    ("legal", "cases.Hearing court_hours", Shown::Named, ZONES),
    (
        "library",
        "library.Loan library_loan_i1",
        Shown::Alone,
        FOLLOWS,
    ),
    ("liga", "league.Match noon", Shown::Named, ZONES),
    ("liga", "league.Match not_over", Shown::Alone, NEVER_AT_ANY),
    ("liga", "league.Player at_least", Shown::Alone, NEVER_AT_ANY),
    (
        "salon",
        "booking.Appointment not_on_sunday",
        Shown::Named,
        ZONES,
    ),
    (
        "school",
        "school.Lesson school_lesson_ends_after_start",
        Shown::Alone,
        FOLLOWS,
    ),
    ("school", LONG_FILLED, Shown::Alone, OF_A_TYPE),
    ("school", LONG_CHOICE, Shown::Alone, OF_A_TYPE),
    ("school", LONG_NAME, Shown::Alone, FOLLOWS),
    (
        "vet",
        "clinic.Contract clinic_contract_last_day_not_before_first",
        Shown::Alone,
        FOLLOWS,
    ),
    (
        "league",
        "fees.Charge fees_charge_season_number_unique",
        Shown::Named,
        NUMBERED,
    ),
    (
        "salon",
        "billing.Payment billing_payment_salon_reference_unique",
        Shown::Named,
        NUMBERED,
    ),
    (
        "shop",
        "payments.Invoice payments_invoice_number_unique",
        Shown::Named,
        NUMBERED,
    ),
    ("vet", "clinic.Visit no_sunday", Shown::Named, ZONES),
    ("vet", "clinic.Visit soon", Shown::Alone, NEVER_AT_ANY),
];

#[test]
fn every_rule_has_rows_or_a_reason() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = BTreeSet::new();
    let mut counted: BTreeMap<Shown, usize> = BTreeMap::new();
    for group in ["apps", "specs"] {
        for folder in fs::read_dir(root.join(group)).unwrap() {
            let folder = folder.unwrap().path();
            let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
            for (rule, shown) in of_spec(&folder) {
                *counted.entry(shown).or_default() += 1;
                if shown > Shown::Hidden {
                    found.insert((name.clone(), rule, shown));
                }
            }
        }
    }
    let known: BTreeSet<(String, String, Shown)> = EXCEPTIONS
        .iter()
        .map(|(spec, rule, shown, why)| {
            assert!(!why.is_empty());
            ((*spec).to_owned(), (*rule).to_owned(), *shown)
        })
        .collect();
    let new: Vec<_> = found.difference(&known).collect();
    let gone: Vec<_> = known.difference(&found).collect();
    assert!(
        new.is_empty() && gone.is_empty(),
        "without rows: {new:#?}\nno longer: {gone:#?}"
    );
    assert!(counted[&Shown::Whole] > 500, "{counted:?}");
    assert!(counted[&Shown::Hidden] < 60, "{counted:?}");
}

/// The invariants, bounds, unique rules and stretches of a spec, and what its project's tests know of each.
fn of_spec(folder: &Path) -> Vec<(String, Shown)> {
    let mut sources = spec::folder(folder);
    let (compiled, findings) = appspec_analysis::compile(&mut sources);
    assert!(!findings.has_errors());
    let spec = compiled.unwrap().spec;
    let files = spec::files(folder);
    let mut found = Vec::new();
    for module in spec.walk_modules() {
        let path = format!("{}/tests/test_rules.py", module.label);
        let Some(text) = files.get(&path).map(|file| file.content.as_str()) else {
            continue;
        };
        for entity in module.entities() {
            let label = format!("{}.{}", module.label, entity.name);
            let factory = format!("make_{}", snake_case(&entity.name));
            for rule in wanted(entity, text, &label) {
                let tables: Vec<&str> = TABLES
                    .into_iter()
                    .filter(|table| has_row(text, table, (&factory, &label), &rule))
                    .collect();
                let has = |names: &[&str]| names.iter().any(|name| tables.contains(name));
                let is_refused = has(&["REFUSED"]) || !rule.starts_with(&module.label);
                let shown = if has(&["CASES", "MOMENTS", "TWINS"]) {
                    Shown::Whole
                } else if has(&["VALIDATED"]) && is_refused {
                    Shown::Hidden
                } else if tables.is_empty() {
                    Shown::Named
                } else {
                    Shown::Alone
                };
                found.push((format!("{label} {rule}"), shown));
            }
        }
    }
    found
}

const TABLES: [&str; 9] = [
    "CASES",
    "VALIDATED",
    "MOMENTS",
    "STORED",
    "TWINS",
    "REFUSED",
    "ACCEPTED",
    "LATE",
    "TIMELY",
];

/// What follows from the type of a field, and not from a rule that somebody wrote.
const OF_TYPES: [&str; 6] = ["filled", "choice", "list", "form", "lower", "finite"];

/// The rules of an entity by the names under which its tests know them.
fn wanted(entity: Walk<'_, Entity>, text: &str, label: &str) -> Vec<String> {
    let strings = strings(table(text, "RULES"));
    let mut own = strings.iter().skip_while(|string| **string != label);
    own.next();
    let is_of_type = |rule: &str| {
        let kind = rule.rsplit_once("__").map(|(_, kind)| kind);
        kind.is_some_and(|kind| OF_TYPES.contains(&kind))
    };
    // They have tests of their own.
    let is_about_changes = |rule: &str| {
        let lifecycles = entity.get().lifecycles.iter();
        let mut names = lifecycles
            .map(|lifecycle| lifecycle.name.clone())
            .chain(entity.kept().into_iter().map(|kept| kept.name));
        names.any(|name| rule.ends_with(&name))
    };
    let mut found: Vec<String> = own
        .take_while(|string| !string.contains('.'))
        .filter(|rule| !is_of_type(rule) && !is_about_changes(rule))
        .map(|rule| (*rule).to_owned())
        .collect();
    let uniques = &entity.get().uniques;
    let standing = entity.invariants().filter(|it| it.moment == Moment::Always);
    let least = standing.count() + uniques.len() + entity.get().overlaps.len();
    let one_to_one =
        |field: &Walk<'_, Field>| field.get().relation().is_some_and(|own| own.one_to_one);
    assert!(
        found.len() + entity.fields().filter(one_to_one).count() >= least,
        "{label}"
    );
    let new = entity.invariants().filter(|it| it.moment == Moment::Create);
    found.extend(new.map(|it| it.name.clone()));
    let has_file = |field: &Walk<'_, Field>| {
        let mut bounds = field.get().bounds.iter();
        bounds.any(|bound| matches!(bound, Bound::File { .. }))
    };
    let fields = entity
        .fields()
        .filter(|field| one_to_one(field) || has_file(field));
    found.extend(fields.map(|field| field.name.clone()));
    found
}

/// Whether a table has a row about a rule of a model, which is named by its factory or by its label.
fn has_row(text: &str, name: &str, (factory, label): (&str, &str), rule: &str) -> bool {
    let table = table(text, name);
    let by_factory = ["Case(", "Twins(", "Stored("].into_iter().any(|call| {
        table.split(call).skip(1).any(|row| {
            let (made, rest) = row.split_once(',').unwrap();
            let made = made.trim();
            let is_own = made == factory || made.ends_with(&format!(".{factory}"));
            is_own && strings(rest).first() == Some(&rule)
        })
    });
    let of_table = strings(table);
    let mut pairs = of_table.windows(2);
    let by_label = pairs.any(|pair| pair == [label, rule]);
    by_factory || by_label
}

/// The lines of a table.
fn table<'t>(text: &'t str, name: &str) -> &'t str {
    let start = text.find(&format!("\n{name}: list["));
    let rest = start.map_or("", |start| &text[start..]);
    rest.split_once("\n]\n").map_or(rest, |(table, _)| table)
}

/// What stands between double quotes.
fn strings(text: &str) -> Vec<&str> {
    text.split('"').skip(1).step_by(2).collect()
}
