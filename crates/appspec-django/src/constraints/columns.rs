//! What single columns may hold.

use appspec_backend::python::Expr as Py;
use appspec_ir::{Bound, Enum, Field, FieldType, Id, Scalar, Value, Walk};

use super::{Constraint, Source, check, largest};
use crate::expressions::{core, on_field, q};
use crate::fields::{anchored, constant, is_text, text_pattern};
use crate::names;
use crate::target::{Target, stored_values};
use crate::values;

/// What a single column may hold.
pub(crate) fn of_field(field: Walk<'_, Field>, target: Target) -> Vec<Constraint> {
    let own = field.get();
    let made = |rule: FieldRule<'_>| {
        let is_bound = matches!(rule.says, Says::Range(_) | Says::Matches(_));
        let call = check(&rule.name, condition(field, rule.says, target));
        let call = match (&own.bounds_message, is_bound) {
            (Some(message), true) => call.kw("violation_error_message", values::message(message)),
            _ => call,
        };
        Constraint {
            name: rule.name,
            call,
            fields: vec![field.id],
            condition: None,
            source: Source::Field(field.id, rule.kind),
            is_bound,
        }
    };
    field_rules(field).into_iter().map(made).collect()
}

/// A rule about a single column.
pub(super) struct FieldRule<'s> {
    says: Says<'s>,
    /// What it is called, with its number where there are several: `range`, `range2`.
    pub(super) kind: String,
    /// Its name in the database.
    pub(super) name: String,
}

/// What such a rule says.
#[derive(Clone, Copy)]
pub(super) enum Says<'s> {
    Filled,
    FileIsNamed,
    Choice(Id<Enum>),
    List,
    Lower,
    Finite,
    Form(&'s str),
    Range(Ends<'s>),
    Matches(&'s str),
}

/// The ends of a range, of which there is one at least.
pub(super) type Ends<'s> = (Option<&'s Value>, Option<&'s Value>);

impl Says<'_> {
    fn kind(self) -> &'static str {
        match self {
            Self::Filled | Self::FileIsNamed => "filled",
            Self::Choice(_) => "choice",
            Self::List => "list",
            Self::Lower => "lower",
            Self::Finite => "finite",
            Self::Form(_) => "form",
            Self::Range(_) => "range",
            Self::Matches(_) => "matches",
        }
    }
}

/// The rules about a single column.
pub(super) fn field_rules(field: Walk<'_, Field>) -> Vec<FieldRule<'_>> {
    let own = field.get();
    let mut rules: Vec<Says<'_>> = Vec::new();
    if is_text(&own.ty) && own.serial.is_none() {
        rules.push(Says::Filled);
    }
    match &own.ty {
        FieldType::Enum(id) => rules.push(Says::Choice(*id)),
        FieldType::Scalar(Scalar::File | Scalar::Image) => rules.push(Says::FileIsNamed),
        FieldType::List(_) => rules.push(Says::List),
        FieldType::Scalar(Scalar::Email) => rules.push(Says::Lower),
        FieldType::Scalar(Scalar::Float | Scalar::Decimal { .. }) if !is_closed(field) => {
            rules.push(Says::Finite);
        }
        _ => {}
    }
    if let Some((pattern, _)) = text_pattern(&own.ty) {
        rules.push(Says::Form(pattern));
    }
    for bound in &own.bounds {
        match bound {
            Bound::Range {
                low: None,
                high: None,
                ..
            }
            | Bound::File { .. } => {}
            Bound::Range { low, high, .. } => {
                rules.push(Says::Range((low.as_ref(), high.as_ref())));
            }
            Bound::Matches { pattern, .. } => rules.push(Says::Matches(pattern)),
        }
    }
    let entity = field.entity();
    let app = names::app(entity);
    let kinds: Vec<&str> = rules.iter().map(|says| says.kind()).collect();
    rules
        .into_iter()
        .enumerate()
        .map(|(place, says)| {
            let kind = says.kind();
            let before = kinds.iter().take(place).filter(|other| **other == kind);
            let numbered = numbered(kind, before.count());
            let rule = field_rule(&own.name, &numbered);
            FieldRule {
                says,
                name: names::constraint(&app, &entity.name, &rule),
                kind: numbered,
            }
        })
        .collect()
}

/// Whether a range has both ends: between two numbers there is neither an infinity nor a NaN, which PostgreSQL takes to
/// be greater than every number.
pub(crate) fn is_closed(field: Walk<'_, Field>) -> bool {
    field.get().bounds.iter().any(|bound| {
        matches!(
            bound,
            Bound::Range {
                low: Some(_),
                high: Some(_),
                ..
            }
        )
    })
}

/// `range`, and `range2` where there is one before it.
pub(crate) fn numbered(kind: &str, before: usize) -> String {
    match before {
        0 => kind.to_owned(),
        before => format!("{kind}{}", before + 1),
    }
}

/// The name of a rule about a single column, without app and model.
pub(crate) fn field_rule(field: &str, kind: &str) -> String {
    format!("{field}__{kind}")
}

/// The condition of a rule about a single column.
fn condition(field: Walk<'_, Field>, says: Says<'_>, target: Target) -> Py {
    let own = field.get();
    match says {
        Says::Filled => on(field, "", Py::text("")).invert(),
        Says::Choice(id) => on(field, "in", stored_values(field.spec, id, target)),
        // Django would read a comparison with an empty name as one with NULL.
        Says::FileIsNamed => q().arg(
            lookup("GreaterThan")
                .arg(Py::from("django.db.models.functions", "Length").arg(Py::text(&own.name)))
                .arg(Py::int(0)),
        ),
        Says::List => q().arg(
            lookup("Exact")
                .arg(core("JSONKind").arg(Py::text(&own.name)))
                .arg(Py::text("array")),
        ),
        Says::Lower => on(field, "", core("AsciiLower").arg(Py::text(&own.name))),
        Says::Finite => on(field, "range", finite(&own.ty)),
        Says::Form(pattern) | Says::Matches(pattern) => {
            on(field, "regex", Py::text(anchored(pattern)))
        }
        Says::Range((low, high)) => range(field, low, high),
    }
}

fn range(field: Walk<'_, Field>, low: Option<&Value>, high: Option<&Value>) -> Py {
    let constant = |value: &Value| constant(field, value, Target::Migration);
    let counted = match &field.get().ty {
        ty if is_text(ty) => Some(Py::from("django.db.models.functions", "Length")),
        FieldType::List(_) => Some(core("ItemCount")),
        _ => None,
    };
    if let Some(counted) = counted {
        let counted = counted.arg(Py::text(&field.get().name));
        let side = |name: &'static str, value: &Value| {
            lookup(name).arg(counted.clone()).arg(constant(value))
        };
        let sides = [
            low.map(|low| side("GreaterThanOrEqual", low)),
            high.map(|high| side("LessThanOrEqual", high)),
        ];
        return sides.into_iter().flatten().fold(q().call(), Py::arg);
    }
    match (low, high) {
        (Some(low), Some(high)) => on(
            field,
            "range",
            Py::Tuple(vec![constant(low), constant(high)]),
        ),
        (Some(low), None) => on(field, "gte", constant(low)),
        (None, Some(high)) => on(field, "lte", constant(high)),
        (None, None) => q().call(),
    }
}

/// The numbers that a column may hold; PostgreSQL's decimals know a NaN too, which is greater than every number.
fn finite(ty: &FieldType) -> Py {
    let ends = match ty {
        FieldType::Scalar(Scalar::Decimal { digits, places }) => {
            let largest = largest(*digits, *places);
            [
                values::decimal(&format!("-{largest}")),
                values::decimal(&largest),
            ]
        }
        _ => [
            Py::float("-1.7976931348623157e308"),
            Py::float("1.7976931348623157e308"),
        ],
    };
    Py::Tuple(ends.into())
}

fn on(field: Walk<'_, Field>, suffix: &str, value: Py) -> Py {
    on_field(&field.name, suffix, value)
}

fn lookup(name: &'static str) -> Py {
    Py::from("django.db.models.lookups", name)
}
