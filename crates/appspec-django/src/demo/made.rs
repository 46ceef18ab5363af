//! The example rows of one entity.

use std::collections::{BTreeMap, BTreeSet};

use appspec_backend::snake_case;
use appspec_ir::{
    Compiled, Default, Entity, Field, FieldType, Id, ListItem, Scalar, Value, Walk, collisions,
    has_form, made_up_number,
};

use crate::kept::is_row_kept;

use super::candidate::{Candidate, SITUATIONS, is_unread};
use super::choices::{self, Draft};
use super::judge::{self, Rule, Values};
use super::mend::{Choices, mend};
use super::patterns::Patterns;
use super::rows::Example;
use super::states;
use super::texts::Turn;

/// So often another row is tried in place of one that collides or breaks a rule.
const MOST_TRIES: usize = 12;

/// The address of the first user, who becomes the administrator while one develops.
const ADMINISTRATOR: &str = "admin@example.com";

/// What the rows of an entity are made from.
pub(super) struct Maker<'m> {
    pub(super) compiled: &'m Compiled,
    /// The rows that were made before.
    pub(super) rows: &'m BTreeMap<Id<Entity>, Vec<Example>>,
    /// How many rows an entity has.
    pub(super) there: &'m dyn Fn(Id<Entity>) -> usize,
    pub(super) patterns: &'m mut Patterns,
    /// How many rows are made of each entity, as far as that many can be.
    pub(super) wanted: usize,
}

/// Whether the rows of an entity hang on what rows of others hold, and not only on how many there are.
pub(super) fn reads_others(entity: Walk<'_, Entity>) -> bool {
    let mut fields = entity.fields();
    fields.any(|field| matches!(field.get().default, Some(Default::Path(_))))
}

impl Maker<'_> {
    fn count(&self, entity: Id<Entity>) -> usize {
        (self.there)(entity)
    }

    /// The rows of an entity that has no seeds.
    pub(super) fn made(&mut self, entity: Walk<'_, Entity>) -> Vec<Example> {
        let rules = judge::rules(entity);
        let mut found: Vec<Example> = Vec::new();
        let mut touched = entity.fields().filter(|field| field.touched);
        let patterns = &mut *self.patterns;
        if touched.any(|field| !judge::fits(field, &Candidate::Default, patterns)) {
            // Every write sets what the bounds of the field refuse.
            return found;
        }
        let known = self.known(entity);
        for place in 0..self.wanted {
            let tried = (0..MOST_TRIES).find_map(|again| {
                let turn = (place, again);
                let values = self.tried(entity, &rules, known.as_ref(), turn, &found)?;
                self.finished(entity, values, &found)
            });
            found.extend(tried);
        }
        if found.is_empty() {
            found.extend(known.and_then(|values| {
                let holds = rules.iter().all(|rule| rule.holds(entity, &values));
                holds.then(|| self.finished(entity, values, &[])).flatten()
            }));
        }
        found
    }

    /// Values that keep the rules.
    fn tried(
        &mut self,
        entity: Walk<'_, Entity>,
        rules: &[Rule<'_>],
        known: Option<&Values>,
        (place, again): (usize, usize),
        before: &[Example],
    ) -> Option<Values> {
        let spec = entity.spec;
        let variant = place + again * self.wanted;
        let index = entity.id.index();
        let mut choices = Choices::new();
        let mut person = if entity.id == spec.user {
            variant
        } else {
            6 + index * 5 + variant
        };
        for (nth, field) in entity
            .fields()
            .filter(|field| field.relation().is_some())
            .enumerate()
        {
            let rows = self.referred(field, place + again, nth, before.len());
            if let Some(Candidate::Row(user)) = rows.first()
                && field.target().is_some_and(|target| target.id == spec.user)
            {
                person = *user;
            }
            choices.insert(field.id, rows);
        }
        let turn = Turn {
            row: place,
            variant,
            person,
        };
        // Of what lies ahead and what lies behind the one that keeps more rules, since those about the clock are kept
        // for a reason; nothing is changed where both keep all.
        let is_past = states::is_past(entity, turn);
        let mut tries: Vec<(usize, Choices, Values)> = Vec::new();
        for past in [is_past, !is_past] {
            let draft = Draft {
                turn,
                day: day(variant, past),
            };
            let (choices, values) = self.drafted(entity, draft, known, before, choices.clone())?;
            let broken = rules.iter().filter(|rule| !rule.holds(entity, &values));
            tries.push((broken.count(), choices, values));
            if tries.iter().any(|(broken, ..)| *broken == 0) {
                break;
            }
        }
        tries.sort_by_key(|(broken, ..)| *broken);
        tries.into_iter().find_map(|(_, choices, mut values)| {
            mend(entity, rules, &choices, &mut values).then_some(values)
        })
    }

    /// What the fields of a row may hold, and what they hold at first sight.
    fn drafted(
        &mut self,
        entity: Walk<'_, Entity>,
        draft: Draft,
        known: Option<&Values>,
        before: &[Example],
        mut choices: Choices,
    ) -> Option<(Choices, Values)> {
        for field in entity
            .fields()
            .filter(|field| field.is_column() && field.relation().is_none())
        {
            let mut own = self.for_field(field, draft, &choices);
            own.retain(|candidate| judge::fits(field, candidate, self.patterns));
            if is_distinct(field) {
                // Cut to what fits, all that looks best may be the same: what no row has yet comes first.
                own.sort_by_key(|candidate| is_taken(field, candidate, before));
            }
            // Where a rule asks for what nobody would guess, this one field has it and the others look real.
            let known = known.and_then(|known| known.get(&field.id));
            own.extend(known.filter(|known| !own.contains(known)).cloned());
            choices.insert(field.id, own);
        }
        self.without_gaps(entity, &mut choices);
        let mut values = Values::new();
        for (field, candidates) in &choices {
            values.insert(*field, candidates.first()?.clone());
        }
        Some((choices, values))
    }

    /// The candidates of a field that refers to no row.
    fn for_field(
        &mut self,
        field: Walk<'_, Field>,
        draft: Draft,
        chosen: &Choices,
    ) -> Vec<Candidate> {
        let mut own = Vec::new();
        // What no rule reads has no value that could be copied.
        if let Some(Default::Path(path)) = &field.get().default
            && !is_unread(field)
        {
            own.extend(self.along(field, path, chosen));
        }
        let is_email = field.get().ty == FieldType::Scalar(Scalar::Email);
        if field.entity == field.spec.user && is_email && draft.turn.variant == 0 {
            own.push(Candidate::Constant(Value::Text(ADMINISTRATOR.to_owned())));
        }
        let is_lively = matches!(field.get().ty, FieldType::List(ListItem::Enum(_)));
        if is_lively && !draft.turn.row.is_multiple_of(3) {
            own.push(Candidate::Unread);
        }
        own.extend(choices::of(field, draft));
        for bound in &field.get().bounds {
            if let appspec_ir::Bound::Matches { pattern, .. } = bound {
                let texts = self.patterns.examples(pattern, draft.turn.variant);
                // A pattern may say less than the type.
                let texts = texts
                    .into_iter()
                    .filter(|text| has_form(&field.get().ty, text));
                own.extend(texts.map(|text| Candidate::Constant(Value::Text(text))));
            }
        }
        own
    }

    /// Rows that a relation may point to: a different one for each row, as far as there are so many.
    fn referred(
        &self,
        field: Walk<'_, Field>,
        turn: usize,
        nth: usize,
        before: usize,
    ) -> Vec<Candidate> {
        let Some(relation) = field.relation() else {
            return Vec::new();
        };
        let is_own = relation.target == field.entity;
        let there = if is_own {
            before
        } else {
            self.count(relation.target)
        };
        let start = if relation.one_to_one {
            turn
        } else {
            turn + nth * (1 + turn / there.max(1))
        };
        let mut rows: Vec<Candidate> = (0..there.min(8))
            .map(|step| Candidate::Row((start + step) % there))
            .collect();
        if field.optional {
            // A chain of rows of one kind is seldom, and looks odd.
            let is_set = if is_own {
                turn % 4 == 3
            } else {
                (turn + nth) % 3 != 2
            };
            let place = if is_set { rows.len() } else { 0 };
            rows.insert(place, Candidate::Empty);
        }
        rows
    }

    /// The row with its links, unless it collides with one of those before it.
    fn finished(
        &self,
        entity: Walk<'_, Entity>,
        values: Values,
        before: &[Example],
    ) -> Option<Example> {
        let row = judge::row(entity, &values, SITUATIONS[0]);
        let collides = before
            .iter()
            .any(|other| !collisions(entity, &other.row, &row).is_empty());
        if collides
            || judge::in_the_way(entity, &values, before.iter().map(|own| &own.values))
            || !is_row_kept(entity, &row)
            || self.has_gaps(entity, &values)
        {
            return None;
        }
        let place = before.len();
        let mut links = Vec::new();
        for field in entity.fields() {
            if let FieldType::Many(many) = &field.get().ty
                && many.through.is_none()
            {
                let there = if many.target == entity.id {
                    place
                } else {
                    self.count(many.target)
                };
                let linked: BTreeSet<usize> = (0..(place % 3).min(there))
                    .map(|step| (place + step) % there)
                    .collect();
                if !linked.is_empty() {
                    links.push((field.id, linked.into_iter().collect()));
                }
            }
        }
        Some(Example {
            handle: format!("{}_{}", snake_case(&entity.name), place + 1),
            values,
            links,
            row,
        })
    }

    /// The row that the solver knows to keep all rules.
    fn known(&self, entity: Walk<'_, Entity>) -> Option<Values> {
        let own = self.compiled.witnesses().of(entity.id)?;
        let row = own.passing.as_ref().filter(|_| !own.made_earlier)?;
        let mut values = Values::new();
        for field in entity.fields().filter(|field| field.is_column()) {
            let candidate = match (row.get(field.id), field.relation()) {
                // Every write sets it, though it may be empty.
                _ if field.touched => Candidate::Default,
                (None, _) => Candidate::Empty,
                (Some(key), Some(relation)) => {
                    let there = self.count(relation.target);
                    let place = made_up_number(key)?.checked_sub(1)?.checked_rem(there)?;
                    Candidate::Row(place)
                }
                (Some(_), None) if is_unread(field) => Candidate::Unread,
                (Some(value), None) => Candidate::Constant(value.clone()),
            };
            values.insert(field.id, candidate);
        }
        Some(values)
    }
}

/// The day that a row is about, from this week's Monday: in the weeks before or after, from Monday to Friday.
fn day(variant: usize, is_past: bool) -> i64 {
    let spread = i64::try_from(variant).unwrap_or(0);
    let weeks = 7 * (1 + spread / 2);
    spread % 5 + if is_past { -weeks } else { weeks }
}

/// Whether no two rows may have the same in a field.
fn is_distinct(field: Walk<'_, Field>) -> bool {
    let entity = field.entity();
    let mut uniques = entity.get().uniques.iter();
    uniques.any(|unique| unique.fields == [field.id])
}

/// Whether one of these rows has it already. What a field gets by itself is another value each time.
fn is_taken(field: Walk<'_, Field>, candidate: &Candidate, rows: &[Example]) -> bool {
    !matches!(candidate, Candidate::Default | Candidate::Empty)
        && rows
            .iter()
            .any(|row| row.values.get(&field.id) == Some(candidate))
}
