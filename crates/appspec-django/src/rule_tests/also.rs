//! Which rules of the database a value breaks besides the one that it is made for: the database names any of them.

use appspec_ir::{Bound, Field, Value, Walk};

use super::cases::bound_name;
use crate::constraints::{Named, Source};
use crate::demo::Patterns;

/// What an empty text breaks besides the rule that there is one.
pub(super) fn broken_by_nothing(
    field: Walk<'_, Field>,
    all: &[Named],
    patterns: &mut Patterns,
) -> Vec<String> {
    let bounds = &field.get().bounds;
    let mut found: Vec<String> = Vec::new();
    // Every form has a letter at least.
    let is_form = |rule: &&Named| matches!(&rule.source, Source::Field(id, kind) if *id == field.id && kind == "form");
    found.extend(all.iter().filter(is_form).map(|rule| rule.name.clone()));
    for (place, bound) in bounds.iter().enumerate() {
        let is_broken = match bound {
            Bound::Range { low, .. } => low.as_ref().is_some_and(|low| Value::Int(0) < *low),
            Bound::Matches { pattern, .. } => !patterns.matches(pattern, ""),
            Bound::File { .. } => false,
        };
        if is_broken {
            found.extend(bound_name(field, place, all));
        }
    }
    found
}

/// What a value breaks that is larger than every number, besides the rule that it is one.
pub(super) fn broken_by_the_largest(field: Walk<'_, Field>, all: &[Named]) -> Vec<String> {
    let bounds = field.get().bounds.iter().enumerate();
    let ended = bounds.filter(|(_, bound)| matches!(bound, Bound::Range { high: Some(_), .. }));
    ended
        .filter_map(|(place, _)| bound_name(field, place, all))
        .collect()
}
