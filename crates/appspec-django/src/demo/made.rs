//! The example rows of one entity.

use std::collections::{BTreeMap, BTreeSet};

use appspec_backend::snake_case;
use appspec_ir::{
    Bound, Compiled, Default, Entity, Field, FieldType, Id, ListItem, Scalar, Value, Walk,
    collisions, has_form, made_up_number,
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

/// What a row is made from, and beside which others.
#[derive(Clone, Copy)]
struct Beside<'v> {
    draft: Draft,
    /// What the solver knows to keep all rules.
    known: Option<&'v Values>,
    /// The rows of the entity that are there.
    before: &'v [Example],
}

/// A row at first sight.
struct Sketch<'v> {
    values: Values,
    /// Whether it keeps each of the rules.
    kept: Vec<bool>,
    beside: Beside<'v>,
    /// What its fields may hold, as far as that had to be thought of.
    choices: Choices,
}

impl Sketch<'_> {
    /// The rules that it breaks.
    fn broken<'r, 's>(&self, rules: &'r [Rule<'s>]) -> impl Iterator<Item = &'r Rule<'s>> {
        let stated = rules.iter().zip(&self.kept);
        stated.filter(|(_, kept)| !**kept).map(|(rule, _)| rule)
    }
}

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
        let variant = place + again * self.wanted;
        let index = entity.id.index();
        let mut relations = Choices::new();
        let mut person = if entity.id == entity.spec.user {
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
                && field
                    .target()
                    .is_some_and(|target| target.id == entity.spec.user)
            {
                person = *user;
            }
            relations.insert(field.id, rows);
        }
        let turn = Turn {
            row: place,
            variant,
            person,
        };
        let is_past = states::is_past(entity, turn);
        let [first, second] = [is_past, !is_past].map(|past| Beside {
            draft: Draft {
                turn,
                day: day(variant, past),
            },
            known,
            before,
        });
        let first = self.sketched(entity, rules, first, &relations)?;
        if !first.broken(rules).any(|rule| rule.reads_time(entity)) {
            // Nothing is gained by another time, unless nothing else helps.
            return self.mended(entity, rules, first).or_else(|| {
                let second = self.sketched(entity, rules, second, &relations)?;
                self.mended(entity, rules, second)
            });
        }
        // Of what lies ahead and what lies behind the one that keeps more rules, since those about the clock are kept
        // for a reason.
        let second = self.sketched(entity, rules, second, &relations);
        let mut sketches: Vec<Sketch<'_>> = [Some(first), second].into_iter().flatten().collect();
        sketches.sort_by_key(|sketch| sketch.broken(rules).count());
        let mut sketches = sketches.into_iter();
        sketches.find_map(|sketch| self.mended(entity, rules, sketch))
    }

    /// A row at first sight.
    fn sketched<'v>(
        &mut self,
        entity: Walk<'_, Entity>,
        rules: &[Rule<'_>],
        beside: Beside<'v>,
        relations: &Choices,
    ) -> Option<Sketch<'v>> {
        let (choices, values) = self.drafted(entity, beside, relations.clone())?;
        let kept = rules.iter().map(|rule| rule.holds(entity, &values));
        Some(Sketch {
            kept: kept.collect(),
            beside,
            choices,
            values,
        })
    }

    /// The same with as few other values as it takes to keep all rules.
    fn mended(
        &mut self,
        entity: Walk<'_, Entity>,
        rules: &[Rule<'_>],
        sketch: Sketch<'_>,
    ) -> Option<Values> {
        let Sketch {
            kept,
            beside,
            mut choices,
            values,
        } = sketch;
        let mut mended = values.clone();
        let mut more = |field| self.candidates(entity.spec.walk(field), beside, &values);
        mend(entity, rules, kept, &mut choices, &mut more, &mut mended).then_some(mended)
    }

    /// What the fields of a row hold at first sight, and what they may hold, as far as that had to be thought of.
    fn drafted(
        &mut self,
        entity: Walk<'_, Entity>,
        beside: Beside<'_>,
        mut choices: Choices,
    ) -> Option<(Choices, Values)> {
        let mut values = Values::new();
        for (field, rows) in &choices {
            values.insert(*field, rows.first()?.clone());
        }
        for field in entity
            .fields()
            .filter(|field| field.is_column() && field.relation().is_none())
        {
            let is_copied = matches!(field.get().default, Some(Default::Path(_)));
            let simply = (!is_copied).then(|| self.first(field, beside)).flatten();
            let first = if let Some(first) = simply {
                first
            } else {
                let own = self.candidates(field, beside, &values);
                let first = own.first()?.clone();
                choices.insert(field.id, own);
                first
            };
            values.insert(field.id, first);
        }
        self.without_gaps(entity, &mut choices, &mut values)
            .then_some((choices, values))
    }

    /// The best candidate of a field that has nothing to do with other fields: the first of [`candidates`](Self::candidates),
    /// without thinking of those behind it.
    fn first(&mut self, field: Walk<'_, Field>, beside: Beside<'_>) -> Option<Candidate> {
        let is_distinct = is_distinct(field);
        let mut taken = None;
        let mut is_free = |candidate: &Candidate| {
            let is_taken = is_distinct && is_taken(field, candidate, beside.before);
            if is_taken && taken.is_none() {
                taken = Some(candidate.clone());
            }
            !is_taken
        };
        let mut likely = likely(field, beside.draft);
        let first = likely.find(|own| judge::fits(field, own, self.patterns) && is_free(own));
        let first = first.or_else(|| {
            let matching = matching(field, beside.draft.turn.variant, self.patterns);
            let mut matching = matching.into_iter();
            matching.find(|own| judge::fits(field, own, self.patterns) && is_free(own))
        });
        first.or(taken)
    }

    /// All candidates of a field that refers to no row, the best first.
    fn candidates(
        &mut self,
        field: Walk<'_, Field>,
        beside: Beside<'_>,
        chosen: &Values,
    ) -> Vec<Candidate> {
        let Beside {
            draft,
            known,
            before,
        } = beside;
        let mut own = Vec::new();
        // What no rule reads has no value that could be copied.
        if let Some(Default::Path(path)) = &field.get().default
            && !is_unread(field)
        {
            own.extend(self.along(field, path, chosen));
        }
        own.extend(likely(field, draft));
        own.extend(matching(field, draft.turn.variant, self.patterns));
        own.retain(|candidate| judge::fits(field, candidate, self.patterns));
        if is_distinct(field) {
            // Cut to what fits, all that looks best may be the same: what no row has yet comes first.
            own.sort_by_key(|candidate| is_taken(field, candidate, before));
        }
        // Where a rule asks for what nobody would guess, this one field has it and the others look real.
        let known = known.and_then(|known| known.get(&field.id));
        own.extend(known.filter(|known| !own.contains(known)).cloned());
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
            handle: handle(&entity.name, place + 1),
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
                _ if field.is_given_by_writes() => Candidate::Default,
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

/// What looks best in a field that refers to no row, whether or not it fits.
fn likely(field: Walk<'_, Field>, draft: Draft) -> impl Iterator<Item = Candidate> {
    let is_email = field.get().ty == FieldType::Scalar(Scalar::Email);
    let is_administrator = field.entity == field.spec.user && is_email && draft.turn.variant == 0;
    let administrator =
        is_administrator.then(|| Candidate::Constant(Value::Text(ADMINISTRATOR.to_owned())));
    let is_lively = matches!(field.get().ty, FieldType::List(ListItem::Enum(_)));
    let several = (is_lively && !draft.turn.row.is_multiple_of(3)).then_some(Candidate::Unread);
    administrator
        .into_iter()
        .chain(several)
        .chain(choices::of(field, draft))
}

/// What matches the patterns of a field.
fn matching(field: Walk<'_, Field>, variant: usize, patterns: &mut Patterns) -> Vec<Candidate> {
    let mut found = Vec::new();
    for bound in &field.get().bounds {
        if let Bound::Matches { pattern, .. } = bound {
            let texts = patterns.examples(pattern, variant).into_iter();
            // A pattern may say less than the type.
            let texts = texts.filter(|text| has_form(&field.get().ty, text));
            found.extend(texts.map(|text| Candidate::Constant(Value::Text(text))));
        }
    }
    found
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

/// `visit_1`; a name that leaves no room for it in a line is cut behind a word.
fn handle(name: &str, number: usize) -> String {
    let whole = snake_case(name);
    let cut = whole.char_indices().map(|(at, _)| at).nth(LONGEST_HANDLE);
    let head = cut.and_then(|at| whole.get(..at));
    let short = head.map(|head| head.rsplit_once('_').map_or(head, |(words, _)| words));
    format!("{}_{number}", short.unwrap_or(&whole))
}

/// So many letters of a name are in a handle.
const LONGEST_HANDLE: usize = 60;
