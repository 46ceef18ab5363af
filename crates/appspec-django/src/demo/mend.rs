//! A row that breaks rules is changed in a few fields until it keeps them, if it can be.

use std::collections::{BTreeMap, BTreeSet};

use appspec_ir::{Entity, Field, FieldType, Id, Walk};

use super::candidate::Candidate;
use super::judge::{Rule, Values};

/// What fields may hold, the best first.
pub(super) type Choices = BTreeMap<Id<Field>, Vec<Candidate>>;

/// Changes are looked for in so many rounds, of which each mends a rule.
const MOST_ROUNDS: usize = 12;
/// And in one round at so many combinations.
const MOST_TRIALS: usize = 2_000;

/// Changes as few fields as it can; false when no combination was found. `kept` says which rules hold before; what fields
/// may hold of which nobody has thought yet is asked for.
pub(super) fn mend(
    entity: Walk<'_, Entity>,
    rules: &[Rule<'_>],
    mut kept: Vec<bool>,
    choices: &mut Choices,
    more: &mut dyn FnMut(Id<Field>) -> Vec<Candidate>,
    values: &mut Values,
) -> bool {
    for _ in 0..MOST_ROUNDS {
        let mut stated = rules.iter().zip(&kept);
        let Some((first, _)) = stated.find(|(_, holds)| !**holds) else {
            return true;
        };
        let changed = attempts(entity, rules, first)
            .into_iter()
            .find_map(|(fields, deepest)| {
                for field in &fields {
                    choices.entry(*field).or_insert_with(|| more(*field));
                }
                // All others say what they said before.
                let concerned: Vec<(&Rule<'_>, bool)> = rules
                    .iter()
                    .zip(kept.iter().copied())
                    .filter(|(rule, _)| rule.reads_any(&fields))
                    .collect();
                let mut search = Search {
                    entity,
                    choices,
                    broken: concerned.iter().filter(|(_, holds)| !holds).count(),
                    rules: concerned,
                    trials: 0,
                    changed: Vec::new(),
                };
                let mut depths = 1..=fields.len().min(deepest);
                depths
                    .any(|depth| search.change(&fields, depth, values))
                    .then_some(search.changed)
            });
        let Some(changed) = changed else {
            return false;
        };
        for (rule, holds) in rules.iter().zip(&mut kept) {
            if rule.reads_any(&changed) {
                *holds = rule.holds(entity, values);
            }
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
    /// Those that read one of the fields, and whether they hold while nothing is changed.
    rules: Vec<(&'a Rule<'s>, bool)>,
    choices: &'a Choices,
    /// How many of them are broken then.
    broken: usize,
    trials: usize,
    /// The fields that have another value now.
    changed: Vec<Id<Field>>,
}

impl Search<'_, '_> {
    /// Changes so many of the fields such that fewer rules are broken; leaves all as it was where nothing does. The depth
    /// is at most four.
    fn change(&mut self, fields: &[Id<Field>], depth: usize, values: &mut Values) -> bool {
        if depth == 0 {
            self.trials += 1;
            return self.is_better(values);
        }
        for (place, field) in fields.iter().enumerate() {
            let rest = fields.get(place + 1..).unwrap_or_default();
            let choices = self.choices;
            for candidate in choices.get(field).into_iter().flatten() {
                if values.get(field) == Some(candidate) {
                    continue;
                }
                if self.trials > MOST_TRIALS {
                    return false;
                }
                let before = values.insert(*field, candidate.clone());
                self.changed.push(*field);
                if self.change(rest, depth - 1, values) {
                    return true;
                }
                self.changed.pop();
                match before {
                    Some(before) => values.insert(*field, before),
                    None => values.remove(field),
                };
            }
        }
        false
    }

    /// Whether fewer rules are broken than before. Only those that read what changed are asked, and only until it is clear.
    fn is_better(&self, values: &Values) -> bool {
        let (asked, known): (Vec<_>, Vec<_>) = self
            .rules
            .iter()
            .partition(|(rule, _)| rule.reads_any(&self.changed));
        let mut broken = known.iter().filter(|(_, holds)| !holds).count();
        for (rule, _) in asked {
            if broken >= self.broken {
                break;
            }
            broken += usize::from(!rule.holds(self.entity, values));
        }
        broken < self.broken
    }
}
