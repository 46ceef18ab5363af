//! A row that breaks rules is changed in a few fields until it keeps them, if it can be.

use std::collections::{BTreeMap, BTreeSet};

use appspec_ir::{Entity, Field, FieldType, Id, Walk};

use super::candidate::Candidate;
use super::judge::{Rule, Values};

/// What every field may hold, the best first.
pub(super) type Choices = BTreeMap<Id<Field>, Vec<Candidate>>;

/// Changes are looked for in so many rounds, of which each mends a rule.
const MOST_ROUNDS: usize = 12;
/// And in one round at so many combinations.
const MOST_TRIALS: usize = 2_000;

/// Changes as few fields as it can; false when no combination was found.
pub(super) fn mend(
    entity: Walk<'_, Entity>,
    rules: &[Rule<'_>],
    choices: &Choices,
    values: &mut Values,
) -> bool {
    for _ in 0..MOST_ROUNDS {
        let broken: Vec<&Rule<'_>> = rules
            .iter()
            .filter(|rule| !rule.holds(entity, values))
            .collect();
        let Some(first) = broken.first() else {
            return true;
        };
        let found = attempts(entity, rules, first)
            .into_iter()
            .find_map(|(fields, deepest)| {
                // All others say what they said before.
                let concerned: Vec<&Rule<'_>> = rules
                    .iter()
                    .filter(|rule| rule.fields.iter().any(|id| fields.contains(id)))
                    .collect();
                let is_broken = |rule: &&&Rule<'_>| !rule.holds(entity, values);
                let mut search = Search {
                    entity,
                    choices,
                    broken: concerned.iter().filter(is_broken).count(),
                    rules: concerned,
                    trials: 0,
                };
                (1..=fields.len().min(deepest))
                    .find_map(|depth| search.change(&fields, depth, values))
            });
        match found {
            Some(better) => *values = better,
            None => return false,
        }
    }
    false
}

/// The fields to change for a rule and how many of them at once, what spoils the row least first.
///
/// How far a row has come is changed last: a match that was played gets its goals, and does not become a cancelled one.
/// What other rules about the same fields read may have to change with them.
fn attempts(
    entity: Walk<'_, Entity>,
    rules: &[Rule<'_>],
    broken: &Rule<'_>,
) -> Vec<(Vec<Id<Field>>, usize)> {
    let is_state = |id: &Id<Field>| matches!(entity.spec.walk(*id).get().ty, FieldType::Enum(_));
    let mut around = broken.fields.clone();
    for rule in rules {
        if rule.fields.iter().any(|id| broken.fields.contains(id)) {
            let new = rule.fields.iter().filter(|id| !broken.fields.contains(id));
            around.extend(new);
        }
    }
    let mut seen = BTreeSet::new();
    around.retain(|id| seen.insert(*id));
    let values = |fields: &[Id<Field>]| -> Vec<Id<Field>> {
        fields.iter().filter(|id| !is_state(id)).copied().collect()
    };
    let (own, others) = (values(&broken.fields), values(&around));
    vec![
        (own, 4),
        (others, 2),
        (broken.fields.clone(), 4),
        (around, 3),
    ]
}

struct Search<'a, 's> {
    entity: Walk<'s, Entity>,
    /// Those that read one of the fields.
    rules: Vec<&'a Rule<'s>>,
    choices: &'a Choices,
    /// How many of them are broken now.
    broken: usize,
    trials: usize,
}

impl Search<'_, '_> {
    /// The values after a change of so many of the fields with which fewer rules are broken. The depth is at most four.
    fn change(&mut self, fields: &[Id<Field>], depth: usize, values: &Values) -> Option<Values> {
        if depth == 0 {
            self.trials += 1;
            let broken = self
                .rules
                .iter()
                .filter(|rule| !rule.holds(self.entity, values));
            return (broken.count() < self.broken).then(|| values.clone());
        }
        for (place, field) in fields.iter().enumerate() {
            let rest = fields.get(place + 1..).unwrap_or_default();
            let choices = self.choices;
            for candidate in choices.get(field).into_iter().flatten() {
                if values.get(field) == Some(candidate) {
                    continue;
                }
                if self.trials > MOST_TRIALS {
                    return None;
                }
                let mut changed = values.clone();
                changed.insert(*field, candidate.clone());
                if let Some(found) = self.change(rest, depth - 1, &changed) {
                    return Some(found);
                }
            }
        }
        None
    }
}
