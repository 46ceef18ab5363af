//! Constants as the rows have them, so that rules hold of some rows and not of others. `rows.py` draws from the same ones.

use appspec_ir::{Spec, Type};
use serde_json::{Value, json};

use super::said::Said;
use crate::Random;

const TEXTS: [&str; 6] = ["a", "b", "ab", "ba", "A", "aab"];
const DAYS: [&str; 5] = [
    "2019-12-31",
    "2020-01-01",
    "2024-02-29",
    "2031-06-30",
    "2099-01-01",
];

/// A constant of a type that rules can speak of.
pub(super) fn of(spec: &Spec, random: &mut Random, ty: Type) -> Said {
    match ty {
        Type::Bool => {
            let value = random.chance(50);
            Said::constant(value.to_string(), json!(["bool", value]))
        }
        Type::Int => number(random.below(6)),
        Type::Decimal { .. } => {
            let value = format!("{}.{}0", random.below(4), random.below(2) * 5);
            Said::constant(value.clone(), json!(["decimal", value]))
        }
        Type::Text => {
            let value = *random.one_of(&TEXTS);
            Said::constant(format!("\"{value}\""), json!(["text", value]))
        }
        Type::Date => day(random.below(DAYS.len())),
        Type::Enum(_) => {
            let all = choices(spec, ty);
            random.one_of(&all).clone()
        }
        _ => Said::constant("true", json!(["bool", true])),
    }
}

/// A number of characters.
pub(super) fn length(random: &mut Random) -> Said {
    number(1 + random.below(2))
}

/// Two constants, the smaller one first.
pub(super) fn range(spec: &Spec, random: &mut Random, ty: Type) -> (Said, Said) {
    if ty == Type::Date {
        let low = random.below(DAYS.len() - 1);
        let high = low + 1 + random.below(DAYS.len() - 1 - low);
        return (day(low), day(high));
    }
    debug_assert_eq!(ty, Type::Int, "of {} entities", spec.entities.len());
    let low = random.below(4);
    (number(low), number(low + 1 + random.below(3)))
}

/// Some of the values of an enum, not all.
pub(super) fn some_of(spec: &Spec, random: &mut Random, ty: Type) -> Vec<Said> {
    let mut all = choices(spec, ty);
    let count = 1 + random.below(all.len() - 1);
    while all.len() > count {
        all.remove(random.below(all.len()));
    }
    all
}

fn choices(spec: &Spec, ty: Type) -> Vec<Said> {
    let Type::Enum(id) = ty else {
        return Vec::new();
    };
    let found = &spec.enums[id];
    let choices = found.choices.iter().map(|choice| {
        let text = format!("{}.{}", found.name, choice.name);
        Said::constant(text, json!(["text", choice.name]))
    });
    choices.collect()
}

fn number(value: usize) -> Said {
    Said::constant(value.to_string(), json!(["int", value]))
}

fn day(at: usize) -> Said {
    let value = DAYS.get(at).copied().unwrap_or(DAYS[0]);
    Said::constant(value, Value::from(vec!["date", value]))
}
