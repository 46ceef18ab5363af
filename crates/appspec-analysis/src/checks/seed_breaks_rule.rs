use std::collections::BTreeMap;

use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::{
    Default, Derive, Entity, Expr, Field, Id, Invariant, Overlap, Row, SeedRow, SeedValue, Spec,
    Surroundings, Unique, Value, Walk, holds, range_condition,
};

use super::solved;

/// Seed rows that the rules of their own entity refuse: they could never be loaded.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    for (_, seed) in spec.seeds.iter() {
        let entity = spec.walk(seed.entity);
        let rows: Vec<_> = seed
            .rows
            .iter()
            .map(|row| (row, Known::new(entity, row)))
            .collect();
        let ranges: Vec<_> = entity
            .derives()
            .filter_map(|derive| Some((derive, range_condition(derive)?)))
            .collect();
        for (row, known) in &rows {
            for invariant in entity.invariants().map(Walk::<Invariant>::get) {
                if known.answer(&invariant.condition) == Some(false) {
                    found.push(broken(spec, row, &known.row, invariant));
                }
            }
            for (derive, range) in &ranges {
                if known.answer(range) == Some(false) {
                    found.push(out_of_range(*derive, row, &known.row));
                }
            }
        }
        for unique in &entity.get().uniques {
            repeated(unique, &rows, found);
        }
        for overlap in &entity.get().overlaps {
            met(overlap, &rows, found);
        }
    }
}

/// An invariant that is false for a row, with the values that make it so.
fn broken(spec: &Spec, seed: &SeedRow, row: &Row, invariant: &Invariant) -> Diagnostic {
    let message = format!(
        "the row `{}` breaks the invariant `{}`",
        seed.handle, invariant.name
    );
    refused(spec, seed, row, &invariant.condition, message)
        .note(invariant.condition.span, "false for this row")
        .help("change the row or the invariant")
}

/// A derived value that does not fit its type, with the values that it is computed from.
fn out_of_range(derive: Walk<'_, Derive>, seed: &SeedRow, row: &Row) -> Diagnostic {
    let value = &derive.get().value;
    let message = format!(
        "`{}` of the row `{}` does not fit its type",
        derive.name, seed.handle
    );
    refused(derive.spec, seed, row, value, message)
        .note(value.span, "too large or too small for this row")
        .help("change the row, or give the derived value a wider type")
}

/// A row with the values that an expression reads of it.
fn refused(spec: &Spec, seed: &SeedRow, row: &Row, reading: &Expr, message: String) -> Diagnostic {
    let mut read = reading.fields();
    read.sort_unstable();
    read.dedup();
    read.truncate(MOST_SHOWN);
    let shown = solved::example(spec, &read, row);
    let label = match read.as_slice() {
        [] => "this row can't be saved".to_owned(),
        _ => format!("here {shown}"),
    };
    let finding =
        Diagnostic::new(&codes::invariant::SEED_BREAKS_RULE, seed.span, message).label(label);
    let is_given = |id: &Id<Field>| seed.values.iter().any(|(field, _)| field == id);
    let defaults = read.iter().filter(|id| !is_given(id));
    let defaults = defaults.map(|id| spec.walk::<Field>(*id).get());
    defaults
        .filter(|field| field.default.is_some())
        .fold(finding, |finding, field| {
            finding.note(field.span, "the row takes this default")
        })
}

/// So many values of a row are shown.
const MOST_SHOWN: usize = 6;

/// What is certain about a row: its own values and constant defaults. Other defaults are decided later.
pub(super) struct Known {
    pub(super) row: Row,
    pub(super) unknown: Vec<Id<Field>>,
}

impl Known {
    pub(super) fn new(entity: Walk<'_, Entity>, given: &SeedRow) -> Self {
        let mut known = Self {
            row: Row::new(),
            unknown: Vec::new(),
        };
        for field in entity.fields() {
            match &field.get().default {
                Some(Default::Value(value)) => known.row.set(field.id, value.clone()),
                Some(_) => known.unknown.push(field.id),
                None if field.is_given_by_writes() => known.unknown.push(field.id),
                None => {}
            }
        }
        for (field, value) in &given.values {
            known.unknown.retain(|unknown| unknown != field);
            let value = match value {
                SeedValue::Value(value) => value.clone(),
                // Only asked whether it is set.
                SeedValue::List(_) => Value::Bool(true),
                SeedValue::Row(handle) => Value::Uuid(handle.clone()),
            };
            known.row.set(*field, value);
        }
        known
    }

    fn answer(&self, condition: &Expr) -> Option<bool> {
        let certain = condition
            .fields()
            .iter()
            .all(|field| !self.unknown.contains(field));
        if !certain {
            return None;
        }
        holds(condition, &self.row, Surroundings::default()).ok()
    }
}

fn repeated(unique: &Unique, rows: &[(&SeedRow, Known)], found: &mut Diagnostics) {
    let mut taken: BTreeMap<Vec<Value>, (Span, &str)> = BTreeMap::new();
    for (row, known) in rows {
        let concerned = match &unique.condition {
            Some(condition) => known.answer(condition) == Some(true),
            None => true,
        };
        let values: Option<Vec<_>> = unique
            .fields
            .iter()
            .filter(|field| !known.unknown.contains(field))
            .map(|field| {
                known
                    .row
                    .get(*field)
                    .map(|value| folded(value, unique.ignoring_case))
            })
            .collect();
        let Some(values) = values.filter(|values| values.len() == unique.fields.len() && concerned)
        else {
            continue;
        };
        if let Some((other_span, other)) = taken.get(&values) {
            found.push(
                Diagnostic::new(
                    &codes::invariant::SEED_BREAKS_RULE,
                    row.span,
                    format!(
                        "the rows `{other}` and `{}` are the same for a unique set",
                        row.handle
                    ),
                )
                .label("this row can't be saved beside the other")
                .note(*other_span, "the other row")
                .note(unique.span, "no two rows may share these fields")
                .help("change one of the two rows"),
            );
        } else {
            taken.insert(values, (row.span, &row.handle));
        }
    }
}

fn met(overlap: &Overlap, rows: &[(&SeedRow, Known)], found: &mut Diagnostics) {
    let mut groups: BTreeMap<Vec<&Value>, Vec<(&SeedRow, &Row)>> = BTreeMap::new();
    for (row, known) in rows {
        let concerned = match &overlap.condition {
            Some(condition) => known.answer(condition) == Some(true),
            None => true,
        };
        let read = [overlap.start, overlap.end];
        let is_unknown = |field: &Id<Field>| known.unknown.contains(field);
        let unknown = read.iter().chain(&overlap.per).any(is_unknown);
        let shared: Option<Vec<_>> = overlap.per.iter().map(|id| known.row.get(*id)).collect();
        let concerned = concerned && overlap.takes_up(&known.row);
        if let (true, false, Some(shared)) = (concerned, unknown, shared) {
            groups.entry(shared).or_default().push((row, &known.row));
        }
    }
    for mut group in groups.into_values() {
        // In this order a row meets one before it if it meets the one that lasts the longest.
        group.sort_by_key(|(_, row)| row.get(overlap.start));
        let mut longest: Option<(&SeedRow, &Row)> = None;
        for (seed, row) in group {
            if let Some((other, before)) = longest
                && overlap.meets(before, row)
            {
                found.push(
                    Diagnostic::new(
                        &codes::invariant::SEED_BREAKS_RULE,
                        seed.span,
                        format!(
                            "the rows `{}` and `{}` are in each other's way",
                            other.handle, seed.handle
                        ),
                    )
                    .label("this row can't be saved beside the other")
                    .note(other.span, "the other row")
                    .note(overlap.span, "no two rows may meet")
                    .help("change one of the two rows"),
                );
            }
            let ends_later = |(_, before): (&SeedRow, &Row)| match (
                before.get(overlap.end),
                row.get(overlap.end),
            ) {
                (None, _) => false,
                (Some(_), None) => true,
                (Some(before), Some(own)) => own > before,
            };
            if longest.is_none_or(ends_later) {
                longest = Some((seed, row));
            }
        }
    }
}

fn folded(value: &Value, ignoring_case: bool) -> Value {
    match value {
        Value::Text(text) if ignoring_case => Value::Text(text.to_ascii_lowercase()),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings};

    const LEVEL: &str = "entity L {\n name: text(9) unique ignoring case\n low: int\n high: int = 5\n \
                         made: datetime = now()\n invariant ordered: low < high\n}\n";

    #[test]
    fn defaults_count_and_so_do_repeated_rows() {
        let seed = |rows: &str| findings(&format!("{LEVEL}seed L {{\n{rows}\n}}"));
        assert_eq!(seed("a { name: \"A\", low: 1 }"), [""; 0]);
        assert_eq!(
            seed("a { name: \"A\", low: 6 }"),
            ["invariant::seed_breaks_rule: the row `a` breaks the invariant `ordered`"]
        );
        assert_eq!(
            seed("a { name: \"A\", low: 1 }\nb { name: \"a\", low: 1 }"),
            ["invariant::seed_breaks_rule: the rows `a` and `b` are the same for a unique set"]
        );
    }

    #[test]
    fn what_is_derived_has_to_fit() {
        let seed = |row: &str| {
            findings(&format!(
                "entity A {{\n name: text(9) unique\n n: int = 100000\n m: int\n derive both: int = n * m\n}}\n\
                 seed A {{\n{row}\n}}"
            ))
        };
        assert_eq!(
            seed("x { name: \"x\", m: 100000 }"),
            ["invariant::seed_breaks_rule: `both` of the row `x` does not fit its type"]
        );
        assert_eq!(seed("x { name: \"x\", m: 21474 }"), [""; 0]);
        assert_eq!(seed("x { name: \"x\", n: 1, m: 100000 }"), [""; 0]);
    }

    #[test]
    fn stretches_of_rows_may_not_meet() {
        let tariff = |rows: &str| {
            findings(&format!(
                "entity T {{\n name: text(9) unique\n zone: int = 1\n low: int\n high: int?\n counts: bool = true\n \
                 invariant ordered: high is set implies low < high\n \
                 no overlap of low until high per zone where counts\n}}\nseed T {{\n{rows}\n}}"
            ))
        };
        let long =
            "a { name: \"a\", low: 1, high: 9 }\nb { name: \"b\", low: 2, high: 3, zone: 2 }";
        assert_eq!(
            tariff(&format!("{long}\nc {{ name: \"c\", low: 9 }}")),
            [""; 0]
        );
        assert_eq!(
            tariff(&format!(
                "{long}\nc {{ name: \"c\", low: 4, high: 5, counts: false }}"
            )),
            [""; 0]
        );
        assert_eq!(
            tariff(&format!("c {{ name: \"c\", low: 5 }}\n{long}")),
            ["invariant::seed_breaks_rule: the rows `a` and `c` are in each other's way"]
        );
    }

    #[test]
    fn what_takes_up_nothing_meets_nothing() {
        let tariff = |row: &str| {
            codes(&format!(
                "entity T {{\n name: text(9) unique\n low: int\n high: int\n invariant ordered: low <= high\n \
                 suppress invariant::overlap_empty \"meant\"\n no overlap of low until high\n}}\nseed T {{\n\
                 a {{ name: \"a\", low: 1, high: 9 }}\n{row}\n}}"
            ))
        };
        let empty = "b { name: \"b\", low: 5, high: 5 }\nc { name: \"c\", low: 5, high: 5 }";
        assert_eq!(tariff(empty), [""; 0]);
        assert_eq!(
            tariff("b { name: \"b\", low: 5, high: 6 }"),
            ["invariant::seed_breaks_rule"]
        );
    }
}
