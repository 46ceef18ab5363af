//! The rules of an entity, each with rows on both sides of it.

use appspec_backend::python::Expr as Py;
use appspec_ir::{
    Bound, Default, Entity, Expr, ExprKind, Failing, Field, FieldType, Invariant, Moment, Row,
    RowRule, Scalar, Surroundings, Unique, UniqueRule, Value, Walk, holds,
};

use super::also;
use super::lists;
use super::rows::{Arguments, Rows, upload};
use super::samples::{fits, moved};
use crate::constraints::{self, Named, Source};
use crate::demo::Patterns;
use crate::fields::{constant, is_text, text_pattern};
use crate::names;
use crate::target::Target;

/// A rule, and the values of a row on each side of it.
pub(super) struct Case {
    pub(super) rule: String,
    pub(super) breaks: Arguments,
    pub(super) keeps: Arguments,
    pub(super) code: String,
    pub(super) message: Option<String>,
    /// The rules that the same values break in the database.
    pub(super) also: Vec<String>,
    /// Whether the type of a computed column may refuse them before the rule does.
    pub(super) by_type: bool,
}

/// A rule that Django never writes against, and the values that break it.
pub(super) struct Stored {
    pub(super) rule: String,
    pub(super) values: Arguments,
    /// The rules that the same values break in the database.
    pub(super) also: Vec<String>,
}

/// A unique rule, and two rows that collide.
pub(super) struct Twins {
    pub(super) rule: String,
    pub(super) first: Arguments,
    pub(super) second: Arguments,
    pub(super) code: &'static str,
    pub(super) message: Option<String>,
}

/// What the tests of an entity do.
#[derive(Default)]
pub(super) struct Cases {
    /// Refused by validation and by the database.
    pub(super) both: Vec<Case>,
    /// Refused by validation, which alone can tell.
    pub(super) validated: Vec<Case>,
    /// Refused by the database; Django would write something else.
    pub(super) stored: Vec<Stored>,
    /// Two rows.
    pub(super) twins: Vec<Twins>,
    /// Refused when a row is new.
    pub(super) moments: Vec<Case>,
}

impl Cases {
    /// Whether a rule has a row that breaks it.
    pub(super) fn has(&self, rule: &str) -> bool {
        let case = |case: &Case| case.rule == rule;
        self.both.iter().any(case)
            || self.moments.iter().any(case)
            || self.stored.iter().any(|stored| stored.rule == rule)
            || self.twins.iter().any(|twins| twins.rule == rule)
    }
}

/// Everything that is known about the rules of an entity, which are `all` of the database.
pub(super) fn of(
    rows: &Rows<'_>,
    entity: Walk<'_, Entity>,
    all: &[Named],
    patterns: &mut Patterns,
) -> Cases {
    let mut cases = Cases::default();
    let (Some(base), Some(own)) = (rows.first(entity.id), rows.witnesses.of(entity.id)) else {
        return cases;
    };
    for failing in &own.failing {
        if let Some((case, moment)) = of_row(rows, entity, base, failing, all) {
            match moment {
                Moment::Always => cases.both.push(case),
                Moment::Create => cases.moments.push(case),
            }
        }
    }
    for rule in all {
        of_type(rows, entity, base, rule, all, patterns, &mut cases);
    }
    for field in entity.fields() {
        cases
            .validated
            .extend(of_hidden_ends(field, &own.failing, all));
        cases.validated.extend(of_file(rows, entity, base, field));
    }
    for pair in &own.colliding {
        let placed = rows.placed(entity, [&pair.first, &pair.second]);
        let Some([first, second]) = placed else {
            continue;
        };
        let (rule, code, message) = of_unique(entity, pair.rule);
        cases.twins.push(Twins {
            rule,
            first: rows.difference(entity, base, &first, None),
            second: rows.difference(entity, base, &second, None),
            code,
            message,
        });
    }
    cases
}

/// A bound or an invariant.
fn of_row(
    rows: &Rows<'_>,
    entity: Walk<'_, Entity>,
    base: &Row,
    failing: &Failing,
    all: &[Named],
) -> Option<(Case, Moment)> {
    let mended = failing.mended.as_ref()?;
    let [breaks] = rows.placed(entity, [&failing.row])?;
    let [keeps] = rows.placed(entity, [mended])?;
    let differs = |row: &Row| rows.difference(entity, base, row, None);
    let case = |rule, code: &str, message| Case {
        rule,
        breaks: differs(&breaks),
        keeps: differs(&keeps),
        code: code.to_owned(),
        message,
        also: vec![],
        by_type: false,
    };
    match failing.rule {
        RowRule::Invariant(id) => {
            let invariant = entity.spec.walk::<Invariant>(id);
            let rule = match invariant.moment {
                Moment::Always => {
                    names::constraint(&names::app(entity), &entity.name, &invariant.name)
                }
                Moment::Create => invariant.name.clone(),
            };
            let message = Some(invariant.message.clone());
            let code = match invariant.moment {
                Moment::Always => names::error_code(&invariant.name),
                Moment::Create => &invariant.name,
            };
            Some((case(rule, code, message), invariant.moment))
        }
        RowRule::Bound { field, place } => {
            let field = entity.spec.walk(field);
            let bound = field.get().bounds.get(place)?;
            let rule = bound_name(field, place, all)?;
            let code = bound_code(field, bound, failing.row.get(field.id)?)?;
            let message = field.get().bounds_message.clone();
            Some((case(rule, code, message), Moment::Always))
        }
        RowRule::Derived(id) => {
            let is_meant = |rule: &&Named| matches!(rule.source, Source::Derive(own) if own == id);
            let rule = all.iter().find(is_meant)?.name.clone();
            let case = Case {
                by_type: is_number(&entity.spec.walk(id).get().ty),
                ..case(rule, "out_of_range", None)
            };
            Some((case, Moment::Always))
        }
    }
}

/// Days fit every column of days, and are refused by the rule alone.
fn is_number(ty: &FieldType) -> bool {
    matches!(
        ty,
        FieldType::Scalar(Scalar::Int | Scalar::BigInt | Scalar::Decimal { .. })
    )
}

/// The ends of ranges beyond which other rules are broken too: a form still speaks of the range alone.
fn of_hidden_ends(field: Walk<'_, Field>, failing: &[Failing], all: &[Named]) -> Vec<Case> {
    let mut found = Vec::new();
    for (place, bound) in field.get().bounds.iter().enumerate() {
        let (Bound::Range { low, high, .. }, Some(rule)) = (bound, bound_name(field, place, all))
        else {
            continue;
        };
        let own = RowRule::Bound {
            field: field.id,
            place,
        };
        let ends = [
            low.as_ref().and_then(|low| moved(low, -1)),
            high.as_ref().and_then(|high| moved(high, 1)),
        ];
        for value in ends.into_iter().flatten() {
            let code = bound_code(field, bound, &value);
            let is_known = failing.iter().any(|failing| {
                let value = failing.row.get(field.id);
                failing.rule == own
                    && value.and_then(|value| bound_code(field, bound, value)) == code
            });
            if let (false, true, Some(code)) = (is_known, fits(field, &value), code) {
                found.push(Case {
                    rule: rule.clone(),
                    breaks: vec![(
                        Py::text(&field.get().name),
                        constant(field, &value, Target::Model),
                    )],
                    keeps: vec![],
                    code: code.to_owned(),
                    message: field.get().bounds_message.clone(),
                    also: vec![],
                    by_type: false,
                });
            }
        }
    }
    found
}

/// The database's name of a bound.
pub(super) fn bound_name(field: Walk<'_, Field>, place: usize, all: &[Named]) -> Option<String> {
    let kind = |bound: &Bound| match bound {
        Bound::Range { .. } => Some("range"),
        Bound::Matches { .. } => Some("matches"),
        Bound::File { .. } => None,
    };
    let bounds = &field.get().bounds;
    let own = kind(bounds.get(place)?)?;
    let before = bounds.iter().take(place);
    let number = before.filter(|bound| kind(bound) == Some(own)).count();
    let wanted = match number {
        0 => own.to_owned(),
        _ => format!("{own}{}", number + 1),
    };
    let is_meant = |rule: &&Named| matches!(&rule.source, Source::Field(id, kind) if *id == field.id && *kind == wanted);
    all.iter().find(is_meant).map(|rule| rule.name.clone())
}

/// The code of the validator that speaks.
fn bound_code(field: Walk<'_, Field>, bound: &Bound, value: &Value) -> Option<&'static str> {
    match bound {
        Bound::Matches { .. } => Some("invalid"),
        Bound::File { .. } => None,
        Bound::Range { low, .. } => {
            let text = is_text(&field.get().ty);
            let size = match value {
                Value::Text(text) => Value::Int(i128::try_from(text.chars().count()).ok()?),
                other => other.clone(),
            };
            let below = low.as_ref().is_some_and(|low| size < *low);
            Some(match (text, below) {
                (true, true) => "min_length",
                (true, false) => "max_length",
                (false, true) => "min_value",
                (false, false) => "max_value",
            })
        }
    }
}

/// What a type says about its column.
fn of_type(
    rows: &Rows<'_>,
    entity: Walk<'_, Entity>,
    base: &Row,
    rule: &Named,
    all: &[Named],
    patterns: &mut Patterns,
    cases: &mut Cases,
) {
    let Source::Field(field, kind) = &rule.source else {
        return;
    };
    let field = entity.spec.walk(*field);
    let own = field.get();
    let alone = |value: Value| breaks_no_invariant(entity, base, field, value);
    let values = |value: Py| vec![(Py::text(&own.name), value)];
    let past = |value: Py| values(Py::from("django.db.models", "Value").arg(value));
    let both = |value: Py, code: &str| Case {
        rule: rule.name.clone(),
        breaks: values(value),
        keeps: vec![],
        code: code.to_owned(),
        message: None,
        also: vec![],
        by_type: false,
    };
    let stored = |values| Stored {
        rule: rule.name.clone(),
        values,
        also: vec![],
    };
    let text = |text: &str| Value::Text(text.to_owned());
    match kind.as_str() {
        "filled" if !is_text(&own.ty) => {
            // A name, though an empty one: for an invariant there is a file.
            if let Some(mut values) = beside_value(rows, entity, base, field) {
                values.extend(past(Py::text("")));
                cases.stored.push(stored(values));
            }
        }
        "filled" if alone(text("")) => {
            let is_filled_in = matches!(own.default, Some(Default::Path(_)));
            let also = also::broken_by_nothing(field, all, patterns);
            if own.optional || is_filled_in {
                cases.stored.push(Stored {
                    also,
                    ..stored(past(Py::text("")))
                });
            } else {
                cases.both.push(Case {
                    also,
                    ..both(Py::text(""), "blank")
                });
            }
        }
        "choice" if alone(Value::Enum("~".to_owned())) => {
            cases.both.push(both(Py::text("~"), "invalid_choice"));
        }
        "list" => cases.both.push(both(Py::Dict(vec![]), "list")),
        "range" if matches!(own.ty, FieldType::List(_)) => {
            if let Some((value, code)) = lists::outside(field) {
                cases.both.push(Case {
                    keeps: values(lists::shortest(field)),
                    message: own.bounds_message.clone(),
                    ..both(value, code)
                });
            }
        }
        // The one range keeps out what is no number as well.
        "range"
            if constraints::is_closed(field)
                && own.bounds.len() == 1
                && matches!(
                    own.ty,
                    FieldType::Scalar(Scalar::Float | Scalar::Decimal { .. })
                )
                && may_be_no_number(entity, base, field) =>
        {
            cases.stored.push(stored(past(Py::text("NaN"))));
        }
        "lower" if alone(text("A@EXAMPLE.COM")) && own.bounds.is_empty() => {
            cases.stored.push(stored(past(Py::text("A@EXAMPLE.COM"))));
        }
        "form" if own.bounds.is_empty() => {
            let (wrong, message) = match (&own.ty, text_pattern(&own.ty)) {
                (FieldType::Scalar(Scalar::Slug { .. }), Some((_, message))) => ("A", message),
                (FieldType::Scalar(Scalar::Phone), Some((_, message))) => ("1", message),
                _ => return,
            };
            if alone(text(wrong)) {
                cases.both.push(Case {
                    message: Some(message.to_owned()),
                    ..both(Py::text(wrong), "invalid")
                });
            }
        }
        "finite" if may_be_no_number(entity, base, field) => {
            cases.stored.push(Stored {
                also: also::broken_by_the_largest(field, all),
                ..stored(past(Py::text("NaN")))
            });
        }
        _ => {}
    }
}

/// Whether a field can hold what is no number without breaking another rule: both databases take it for larger than
/// every number, but nobody knows what comes of calculating with it.
fn may_be_no_number(entity: Walk<'_, Entity>, base: &Row, field: Walk<'_, Field>) -> bool {
    let reads = |expr: &Expr| expr.fields().contains(&field.id);
    let mut calculates = false;
    for invariant in entity.invariants() {
        invariant.get().condition.visit(&mut |part| {
            let is_sum = matches!(
                part.kind,
                ExprKind::Arithmetic(..) | ExprKind::Call(..) | ExprKind::Negate(_)
            );
            calculates |= is_sum && reads(part);
        });
    }
    let largest = Value::Decimal(i64::MAX.into());
    !calculates
        && !entity.derives().any(|derive| reads(&derive.get().value))
        && breaks_no_invariant(entity, base, field, largest)
}

/// Whether a row keeps all invariants that read a field when it has another value.
fn breaks_no_invariant(
    entity: Walk<'_, Entity>,
    base: &Row,
    field: Walk<'_, Field>,
    value: Value,
) -> bool {
    let mut row = base.clone();
    row.set(field.id, value);
    entity
        .invariants()
        .filter(|invariant| invariant.get().condition.fields().contains(&field.id))
        .all(|invariant| {
            holds(&invariant.get().condition, &row, Surroundings::default()) == Ok(true)
        })
}

/// Files that are too large, or of another kind.
fn of_file(
    rows: &Rows<'_>,
    entity: Walk<'_, Entity>,
    base: &Row,
    field: Walk<'_, Field>,
) -> Vec<Case> {
    let own = field.get();
    let is_about_files = |bound: &Bound| matches!(bound, Bound::File { .. });
    if !own.bounds.iter().any(is_about_files) {
        return Vec::new();
    }
    let Some(others) = beside_value(rows, entity, base, field) else {
        return Vec::new();
    };
    let with = |value: Py| {
        let mut values = others.clone();
        values.push((Py::text(&own.name), value));
        values
    };
    let mut found = Vec::new();
    for bound in &own.bounds {
        let Bound::File { rule, .. } = bound else {
            continue;
        };
        let mut case = |value: Py, code: &str| {
            found.push(Case {
                rule: own.name.clone(),
                breaks: with(value),
                keeps: with(upload(field, None, None)),
                code: code.to_owned(),
                // The validator has words of its own.
                message: None,
                also: vec![],
                by_type: false,
            });
        };
        // A test holds the whole file.
        if let Some(most) = rule.max_bytes.filter(|bytes| *bytes <= LARGEST) {
            case(upload(field, None, Some(most + 1)), "file_too_large");
        }
        if !rule.kinds.is_empty() {
            case(upload(field, Some("exe"), None), "file_kind");
        }
    }
    found
}

/// What the other fields are in a row that keeps all rules and has some value in this one.
fn beside_value(
    rows: &Rows<'_>,
    entity: Walk<'_, Entity>,
    base: &Row,
    field: Walk<'_, Field>,
) -> Option<Arguments> {
    if breaks_no_invariant(entity, base, field, Value::Bool(true)) {
        return Some(Vec::new());
    }
    let own = rows.witnesses.of(entity.id)?;
    let (_, row) = own.filled.iter().find(|(id, _)| *id == field.id)?;
    let [mut row] = rows.placed(entity, [row])?;
    match base.get(field.id) {
        Some(value) => row.set(field.id, value.clone()),
        None => row.clear(field.id),
    }
    Some(rows.difference(entity, base, &row, None))
}

/// The largest file that a test makes: 64 MB.
const LARGEST: u64 = 1 << 26;

/// The name of a unique rule, and what validation says.
fn of_unique(entity: Walk<'_, Entity>, rule: UniqueRule) -> (String, &'static str, Option<String>) {
    let own = |unique: &Unique| {
        let name = names::constraint(&names::app(entity), &entity.name, &unique.name);
        let has_words = unique.message.is_some()
            || unique.ignoring_case
            || unique.condition.is_some()
            || unique.fields.len() == 1;
        let code = if has_words {
            "unique"
        } else {
            "unique_together"
        };
        (name, code, constraints::said_when_broken(entity, unique))
    };
    match rule {
        UniqueRule::Set(place) => match entity.get().uniques.get(place) {
            Some(unique) if constraints::is_one_to_one(entity, unique) => {
                let field = unique.fields.first().map(|id| entity.spec.walk(*id));
                let name = field.map(|field| field.name.clone()).unwrap_or_default();
                (name, "unique", None)
            }
            Some(unique) => own(unique),
            None => (String::new(), "unique", None),
        },
        UniqueRule::Overlap(place) => match entity.get().overlaps.get(place) {
            Some(overlap) => (
                names::constraint(&names::app(entity), &entity.name, &overlap.name),
                "overlap",
                Some(constraints::said_in_the_way(entity, overlap)),
            ),
            None => (String::new(), "overlap", None),
        },
        UniqueRule::OneToOne(field) => (entity.spec.walk(field).name.clone(), "unique", None),
    }
}
