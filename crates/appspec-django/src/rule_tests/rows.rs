//! Rows that can be made in the emitted project: which ones, and how Python writes them.

use std::collections::{BTreeMap, BTreeSet};

use appspec_backend::python::Expr as Py;
use appspec_backend::snake_case;
use appspec_ir::{
    Bound, Compiled, Default, Entity, Expr, Field, FieldType, FileKind, Id, Module, Row, Scalar,
    Spec, UniqueRule, Value, Walk, Witnesses, collisions, in_circle, made_up_number, references,
    renumbered,
};

use super::lists;
use super::standing::Standing;
use crate::fields::{constant, kind_name};
use crate::names;
use crate::target::Target;

/// Of so many references every combination is tried.
const MOST_TURNED: usize = 4;

/// A row as the keyword arguments of its model.
pub(super) type Arguments = Vec<(Py, Py)>;

/// The rows that the solver found, as far as the emitted project can make them.
pub(super) struct Rows<'c> {
    pub(super) spec: &'c Spec,
    pub(super) witnesses: &'c Witnesses,
    /// The fields that some rule of their entity reads.
    read: BTreeSet<Id<Field>>,
    /// Those of the solver's rows that can be made.
    standing: Standing<'c>,
    /// Whose third row is pointed to.
    thirds: BTreeSet<Id<Entity>>,
    /// Factories that a file can't import by their own name.
    by_module: BTreeSet<Id<Entity>>,
}

impl<'c> Rows<'c> {
    pub(super) fn of(compiled: &'c Compiled) -> Self {
        let spec = &compiled.spec;
        let read: BTreeSet<Id<Field>> = spec.walk_entities().flat_map(read).collect();
        let witnesses = compiled.witnesses();
        // Nothing sets the moment of the last change to another one.
        let is_plain = |entity: Walk<'_, Entity>| {
            let mut fields = entity.fields();
            !fields.any(|field| field.touched && read.contains(&field.id))
        };
        let standing = Standing::of(spec, witnesses, is_plain);
        let mut rows = Self {
            spec,
            witnesses,
            read,
            standing,
            thirds: BTreeSet::new(),
            by_module: BTreeSet::new(),
        };
        rows.thirds = rows.pointed_to_thirds();
        rows.by_module = rows.not_importable();
        rows
    }

    /// Whether there is a factory.
    pub(super) fn has(&self, entity: Id<Entity>) -> bool {
        self.standing.has(entity, 1)
    }

    /// The first row of an entity, if it can be made.
    pub(super) fn first(&self, entity: Id<Entity>) -> Option<&'c Row> {
        self.has(entity)
            .then(|| self.witnesses.numbered(entity, 1))
            .flatten()
    }

    /// Whether its rows can only have been made at an earlier moment.
    pub(super) fn made_earlier(&self, entity: Id<Entity>) -> bool {
        self.witnesses
            .of(entity)
            .is_some_and(|own| own.made_earlier)
    }

    /// The second one.
    pub(super) fn second(&self, entity: Id<Entity>) -> Option<&'c Row> {
        self.standing
            .has(entity, 2)
            .then(|| self.witnesses.numbered(entity, 2))
            .flatten()
    }

    /// Rows of an entity, such that they and all that they point to can be made.
    pub(super) fn placed<const N: usize>(
        &self,
        entity: Walk<'_, Entity>,
        rows: [&Row; N],
    ) -> Option<[Row; N]> {
        if self.standing.carries(entity, &rows) {
            return Some(rows.map(Row::clone));
        }
        let pointing: BTreeSet<Id<Field>> = rows
            .iter()
            .flat_map(|row| references(entity, row))
            .map(|(field, _)| field.id)
            .collect();
        if pointing.is_empty() {
            return None;
        }
        // Where a row would stand in the way of itself, others are pointed to: by every reference, or by some of them.
        let ways = 1_usize << pointing.len().min(MOST_TURNED);
        let turns = [usize::MAX].into_iter().chain(1..ways);
        let turned = turns.map(|turned| {
            let is_turned = |field: Walk<'_, Field>| {
                let place = pointing.iter().position(|id| *id == field.id);
                let place = place.and_then(|place| u32::try_from(place).ok());
                place.is_some_and(|place| turned.checked_shr(place).unwrap_or(1) & 1 == 1)
            };
            let number = |field: Walk<'_, Field>, number| match number {
                1..=2 if is_turned(field) => 3 - number,
                _ => number,
            };
            rows.map(|row| renumbered(entity, row, number))
        });
        // Two rows that are in the way of the first and of the second one.
        let third = [true, false].into_iter().map(|of_own_kind| {
            let number = |field: Walk<'_, Field>, number| {
                let is_own = field.relation().is_some_and(|own| own.target == entity.id);
                if is_own || !of_own_kind { 3 } else { number }
            };
            rows.map(|row| renumbered(entity, row, number))
        });
        // What kept two of them apart, or did not, does so still.
        let before = all_collisions(entity, &rows);
        turned
            .chain(third)
            .filter(|rows| all_collisions(entity, &rows.each_ref()) == before)
            .find(|rows| self.standing.carries(entity, &rows.each_ref()))
    }

    /// The third one, if some row points to it.
    pub(super) fn third(&self, entity: Id<Entity>) -> Option<&'c Row> {
        self.thirds
            .contains(&entity)
            .then(|| self.witnesses.numbered(entity, 3))
            .flatten()
    }

    /// The entities whose third row some row points to, directly or through others.
    fn pointed_to_thirds(&self) -> BTreeSet<Id<Entity>> {
        let mut found = BTreeSet::new();
        let mut open: Vec<(Walk<'c, Entity>, Row)> = Vec::new();
        for entity in self.spec.walk_entities() {
            let Some(own) = self.witnesses.of(entity.id).filter(|_| self.has(entity.id)) else {
                continue;
            };
            let points = |row: &Row| !references(entity, row).is_empty();
            let rows = [self.first(entity.id), self.second(entity.id)];
            open.extend(rows.into_iter().flatten().map(|row| (entity, row.clone())));
            for pair in &own.colliding {
                if points(&pair.first) || points(&pair.second) {
                    let placed = self.placed(entity, [&pair.first, &pair.second]);
                    open.extend(placed.into_iter().flatten().map(|row| (entity, row)));
                }
            }
            let failing = own.failing.iter();
            let alone = failing.flat_map(|failing| [Some(&failing.row), failing.mended.as_ref()]);
            let acting = own.acting.iter();
            let acting = acting.flat_map(|acting| [Some(&acting.moved), acting.refused.as_ref()]);
            let given = acting.flatten().flat_map(|case| [&case.row, &case.given]);
            let strayed = own.strayed.iter().map(|strayed| &strayed.row);
            let later = own.later.iter().map(|(_, row)| row);
            let single = alone.flatten().chain(given).chain(strayed).chain(later);
            for row in single.filter(|row| points(row)) {
                let placed = self.placed(entity, [row]);
                open.extend(placed.into_iter().flatten().map(|row| (entity, row)));
            }
        }
        while let Some((entity, row)) = open.pop() {
            for (field, number) in references(entity, &row) {
                if let (Some(target), Some(3)) = (field.target(), number)
                    && found.insert(target.id)
                    && let Some(row) = self.witnesses.numbered(target.id, 3)
                {
                    open.push((target, row.clone()));
                }
            }
        }
        found
    }

    /// The function that makes rows of an entity, as a file of an app calls it.
    pub(super) fn factory(&self, entity: Walk<'_, Entity>, own: Option<Id<Module>>) -> Py {
        let name = factory_name(&entity);
        let module = format!("{}.tests.factories", names::app(entity));
        if own == Some(entity.module().id) {
            Py::name(name)
        } else if self.by_module.contains(&entity.id) {
            Py::module(&module).attr(name)
        } else {
            Py::from(&module, name)
        }
    }

    /// Those of the same name in several apps, and those of apps that need each other.
    fn not_importable(&self) -> BTreeSet<Id<Entity>> {
        let mut needs: BTreeMap<Id<Module>, BTreeSet<Id<Module>>> = BTreeMap::new();
        let mut named: BTreeMap<String, usize> = BTreeMap::new();
        let made = || {
            let all = self.spec.walk_entities();
            all.filter(|entity| self.has(entity.id))
        };
        for entity in made() {
            *named.entry(factory_name(&entity)).or_default() += 1;
            let rows = [
                self.first(entity.id),
                self.second(entity.id),
                self.third(entity.id),
            ];
            for row in rows.into_iter().flatten() {
                for (field, _) in references(entity, row) {
                    let target = field.target().map(|target| target.module().id);
                    needs.entry(entity.module().id).or_default().extend(target);
                }
            }
        }
        let edges = needs.iter().flat_map(|(from, targets)| {
            let steps = targets.iter().map(|target| (from.index(), target.index()));
            steps.filter(|(from, target)| from != target)
        });
        let circular = in_circle(self.spec.modules.len(), edges);
        made()
            .filter(|entity| {
                let many = named.get(&factory_name(entity));
                circular.get(entity.module().id.index()) == Some(&true)
                    || many.is_some_and(|many| *many > 1)
            })
            .map(|entity| entity.id)
            .collect()
    }

    /// What a factory gives its row.
    pub(super) fn whole(&self, entity: Walk<'_, Entity>, row: &Row) -> Arguments {
        entity
            .fields()
            .filter(|field| !self.is_left_out(*field, row))
            .filter_map(|field| {
                let value = match row.get(field.id) {
                    Some(value) => self.value(field, value, entity.module().id)?,
                    None => Py::none(),
                };
                Some((Py::text(&field.name), value))
            })
            .collect()
    }

    /// Whether no rule minds that a row was made long ago: then it has been kept for as long as it has to be.
    pub(super) fn may_be_old(&self, entity: Walk<'_, Entity>) -> bool {
        let Some(term) = &entity.keep else {
            return true;
        };
        let since = self.spec.walk(term.since);
        let entities = self.spec.walk_entities();
        let mut across = entities.flat_map(|other| &other.get().across);
        since.get().bounds.is_empty()
            && !restricted(entity).contains(&term.since)
            && !across.any(|rule| rule.condition.fields().contains(&term.since))
    }

    /// What makes one row of another.
    pub(super) fn difference(
        &self,
        entity: Walk<'_, Entity>,
        base: &Row,
        row: &Row,
        own: Option<Id<Module>>,
    ) -> Arguments {
        entity
            .fields()
            .filter(|field| base.get(field.id) != row.get(field.id) && !field.is_given_by_writes())
            .filter_map(|field| {
                let value = match row.get(field.id) {
                    None => Py::none(),
                    Some(value) => self.written(field, value, own)?,
                };
                Some((Py::text(&field.name), value))
            })
            .collect()
    }

    /// Whether a new row has a good value without being told.
    fn is_left_out(&self, field: Walk<'_, Field>, row: &Row) -> bool {
        let value = row.get(field.id);
        match &field.get().default {
            _ if field.is_given_by_writes() => true,
            // What is given as nothing is not taken along the path either.
            Some(Default::Path(_)) | None if value.is_none() => true,
            Some(_) if value.is_none() => false,
            Some(Default::Value(usual)) => value == Some(usual),
            Some(Default::Path(_)) | None => false,
            Some(_) => !self.read.contains(&field.id),
        }
    }

    fn value(&self, field: Walk<'_, Field>, value: &Value, own: Id<Module>) -> Option<Py> {
        self.written(field, value, Some(own))
    }

    /// A value of a row as Python writes it.
    pub(super) fn written(
        &self,
        field: Walk<'_, Field>,
        value: &Value,
        own: Option<Id<Module>>,
    ) -> Option<Py> {
        Some(match &field.get().ty {
            FieldType::Relation(relation) => {
                let factory = self.factory(self.spec.walk(relation.target), own);
                let saved = Py::from("core.testing", "Saved").arg(factory);
                match made_up_number(value)? {
                    1 => saved,
                    number => saved.arg(Py::int(i128::try_from(number).ok()?)),
                }
            }
            FieldType::List(_) => lists::shortest(field),
            FieldType::Many(_) => return None,
            FieldType::Scalar(Scalar::Json) => Py::Dict(vec![]),
            FieldType::Scalar(Scalar::File | Scalar::Image) => upload(field, None, None),
            FieldType::Scalar(Scalar::Bytes) => Py::name("bytes").arg(Py::int(1)),
            _ => constant(field, value, Target::Model),
        })
    }
}

/// `upload("pdf")`: a file that the field accepts, but for what is given.
pub(super) fn upload(field: Walk<'_, Field>, kind: Option<&str>, size: Option<u64>) -> Py {
    let kinds = field.get().bounds.iter().find_map(|bound| match bound {
        Bound::File { rule, .. } => rule.kinds.first().copied().map(kind_name),
        _ => None,
    });
    let usual = match field.get().ty {
        FieldType::Scalar(Scalar::Image) => kind_name(FileKind::Png),
        _ => kind_name(FileKind::Txt),
    };
    let call = Py::from("core.testing", "upload").arg(Py::text(kind.or(kinds).unwrap_or(usual)));
    call.maybe_kw("size", size.map(Py::int))
}

/// `make_visit`
pub(super) fn factory_name(entity: &Walk<'_, Entity>) -> String {
    format!("make_{}", snake_case(&entity.name))
}

/// The unique rules that keep each of these rows apart from those before it.
fn all_collisions(entity: Walk<'_, Entity>, rows: &[&Row]) -> Vec<Vec<UniqueRule>> {
    let pairs = rows.iter().enumerate().flat_map(|(place, row)| {
        let before = rows.iter().take(place);
        before.map(|other| collisions(entity, other, row))
    });
    pairs.collect()
}

/// The fields that some rule or derived value reads.
fn read(entity: Walk<'_, Entity>) -> Vec<Id<Field>> {
    let mut found = restricted(entity);
    found.extend(
        entity
            .derives()
            .flat_map(|derive| derive.get().value.fields()),
    );
    let bounded = |field: &Walk<'_, Field>| !field.get().bounds.is_empty();
    found.extend(entity.fields().filter(bounded).map(|field| field.id));
    found
}

/// The fields of which a rule about whole rows says something.
fn restricted(entity: Walk<'_, Entity>) -> Vec<Id<Field>> {
    let invariants = entity.invariants();
    let mut found: Vec<Id<Field>> = invariants
        .flat_map(|invariant| invariant.get().condition.fields())
        .collect();
    for unique in &entity.get().uniques {
        found.extend(&unique.fields);
        found.extend(unique.condition.iter().flat_map(Expr::fields));
    }
    for overlap in &entity.get().overlaps {
        found.extend([overlap.start, overlap.end]);
        found.extend(&overlap.per);
        found.extend(overlap.condition.iter().flat_map(Expr::fields));
    }
    for change in &entity.get().changes {
        found.extend(change.mentions());
    }
    found
}
