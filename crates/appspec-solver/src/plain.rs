//! Values for fields of which no rule speaks.

use appspec_ir::{Field, FieldType, Row, Scalar, Value, Walk};

use crate::candidates::{self, Asked};
use crate::matrix::LARGEST;
use crate::slot::{self, Kind, Sort};
use crate::texts;

/// Addresses that belong to nobody.
const ADDRESSES: [&str; 3] = ["192.0.2.1", "192.0.2.2", "192.0.2.3"];

/// A small value for a field, the one of the row to stay close to if it has one.
///
/// Fields that no expression reads (lists, files, JSON and the like) have no value of the language: `true` says that
/// there is one.
pub(crate) fn value(field: Walk<'_, Field>, near: Option<&Row>) -> Option<Value> {
    if let Some(value) = near.and_then(|near| near.get(field.id)) {
        return Some(value.clone());
    }
    if let Some(value) = slot::usual(field) {
        return Some(value);
    }
    match slot::kind(field.get()) {
        Kind::Number(class) => {
            let scale = slot::places(field.get());
            // A decimal that is too wide to reason about has room for these.
            let range = slot::range(field.get(), scale);
            let (low, high, unit) = range.unwrap_or((-LARGEST, LARGEST, 1));
            let asked = Asked {
                class,
                ends: (low, high),
                unit,
                scale,
                wish: None,
                near: false,
                timed: false,
                is_length: false,
                kept_below: slot::kept_below(field.get(), scale),
            };
            let value = |number| slot::value(field.get(), class, number, scale);
            let first = candidates::first(&asked).and_then(value);
            first.or_else(|| candidates::numbers(&asked).into_iter().find_map(value))
        }
        Kind::Symbol(Sort::Bool) => Some(Value::Bool(false)),
        Kind::Symbol(Sort::Enum(id)) => {
            let choices = &field.spec.walk(id).get().choices;
            choices
                .first()
                .map(|choice| Value::Enum(choice.name.clone()))
        }
        Kind::Symbol(Sort::Text) => {
            // The first of those below, which most fields can have.
            if let FieldType::Scalar(Scalar::Text { .. } | Scalar::Slug { .. }) = field.get().ty {
                return Some(Value::Text("a".to_owned()));
            }
            let (shortest, longest) = slot::lengths(field.get());
            texts::of_type(&field.get().ty, shortest, longest)
                .into_iter()
                .map(Value::Text)
                .find(|value| crate::problem::characters(value) <= longest)
        }
        Kind::Symbol(Sort::Uuid) => Some(slot::uuid(0)),
        Kind::Symbol(Sort::Key(entity)) => Some(slot::key(field.spec, entity, 0)),
        Kind::Presence => Some(match field.get().ty {
            FieldType::Scalar(Scalar::Ip) => Value::Text(ADDRESSES[0].to_owned()),
            _ => Value::Bool(true),
        }),
    }
}

/// A value of a text or a key that none of these is, in other letters either.
pub(crate) fn another(field: Walk<'_, Field>, values: &[&Value]) -> Option<Value> {
    let is_other = |other: &Value| !values.contains(&other);
    match slot::kind(field.get()) {
        Kind::Symbol(Sort::Text) => {
            let (shortest, longest) = slot::lengths(field.get());
            texts::of_type(&field.get().ty, shortest, longest)
                .into_iter()
                .find(|other| {
                    let is_same = |value: &&Value| match value {
                        Value::Text(text) => other.eq_ignore_ascii_case(text),
                        _ => false,
                    };
                    !values.iter().any(is_same)
                })
                .map(Value::Text)
                .filter(|other| crate::problem::characters(other) <= longest)
        }
        Kind::Symbol(Sort::Uuid) => (0..3).map(slot::uuid).find(is_other),
        Kind::Symbol(Sort::Key(entity)) => (0..3)
            .map(|which| slot::key(field.spec, entity, which))
            .find(is_other),
        Kind::Presence if matches!(field.get().ty, FieldType::Scalar(Scalar::Ip)) => ADDRESSES
            .into_iter()
            .map(|address| Value::Text(address.to_owned()))
            .find(is_other),
        _ => None,
    }
}
