//! Rows that can be made in the emitted project: which ones, and how Python writes them.

use std::collections::{BTreeMap, BTreeSet};

use appspec_backend::python::Expr as Py;
use appspec_backend::snake_case;
use appspec_ir::{
    Bound, Compiled, Default, Entity, Expr, Field, FieldType, FileKind, Id, Module, Row, Scalar,
    Spec, Value, Walk, Witnesses, collisions, made_up_number, renumbered,
};

use crate::fields::{constant, kind_name};
use crate::names;
use crate::target::Target;

/// A row as the keyword arguments of its model.
pub(super) type Arguments = Vec<(Py, Py)>;

/// The rows that the solver found, as far as the emitted project can make them.
pub(super) struct Rows<'c> {
    pub(super) spec: &'c Spec,
    pub(super) witnesses: &'c Witnesses,
    /// The fields that some rule of their entity reads.
    read: BTreeSet<Id<Field>>,
    /// The numbers of the rows of each entity that can be made.
    made: BTreeMap<Id<Entity>, BTreeSet<usize>>,
    /// Factories that a file can't import by their own name.
    by_module: BTreeSet<Id<Entity>>,
}

impl<'c> Rows<'c> {
    pub(super) fn of(compiled: &'c Compiled) -> Self {
        let spec = &compiled.spec;
        let mut rows = Self {
            spec,
            witnesses: compiled.witnesses(),
            read: spec.walk_entities().flat_map(read).collect(),
            made: BTreeMap::new(),
            by_module: BTreeSet::new(),
        };
        // Nothing sets the moment of the last change to another one.
        let plain: BTreeSet<Id<Entity>> = spec
            .walk_entities()
            .filter(|entity| {
                let mut fields = entity.fields();
                !fields.any(|field| field.touched && rows.read.contains(&field.id))
            })
            .map(|entity| entity.id)
            .collect();
        for entity in spec.walk_entities() {
            let mut numbers = BTreeSet::new();
            for number in [1, 2] {
                let row = rows.witnesses.numbered(entity.id, number);
                if row.is_some_and(|row| rows.stand(&[(entity.id, row)], &plain)) {
                    numbers.insert(number);
                }
            }
            if numbers.contains(&1) {
                rows.made.insert(entity.id, numbers);
            }
        }
        rows.by_module = rows.not_importable();
        rows
    }

    /// Whether rows can be made beside everything that they point to, as far as that is of these entities.
    fn stand(&self, rows: &[(Id<Entity>, &Row)], plain: &BTreeSet<Id<Entity>>) -> bool {
        let Some(below) = self.witnesses.pointed_to(self.spec, rows) else {
            return false;
        };
        let mut all: Vec<(Id<Entity>, &Row)> = rows.to_vec();
        all.extend(
            below
                .iter()
                .map(|standing| (standing.entity, &standing.row)),
        );
        all.iter().all(|(entity, _)| plain.contains(entity))
            && all.iter().enumerate().all(|(place, (entity, row))| {
                let others = all.iter().skip(place + 1);
                others
                    .filter(|(other, _)| other == entity)
                    .all(|(_, other)| {
                        // Two of the rows that were asked for may collide: that is what they are for.
                        let asked = |own: &Row| rows.iter().any(|(_, row)| std::ptr::eq(*row, own));
                        (asked(row) && asked(other))
                            || collisions(self.spec.walk(*entity), row, other).is_empty()
                    })
            })
    }

    /// Whether there is a factory.
    pub(super) fn has(&self, entity: Id<Entity>) -> bool {
        self.made.contains_key(&entity)
    }

    /// The first row of an entity, if it can be made.
    pub(super) fn first(&self, entity: Id<Entity>) -> Option<&'c Row> {
        self.has(entity)
            .then(|| self.witnesses.numbered(entity, 1))
            .flatten()
    }

    /// The second one.
    pub(super) fn second(&self, entity: Id<Entity>) -> Option<&'c Row> {
        let numbers = self.made.get(&entity)?;
        let row = numbers.contains(&2).then_some(2)?;
        self.witnesses.numbered(entity, row)
    }

    /// Rows of an entity, such that they and all that they point to can be made.
    pub(super) fn placed<const N: usize>(
        &self,
        entity: Walk<'_, Entity>,
        rows: [&Row; N],
    ) -> Option<[Row; N]> {
        let plain: BTreeSet<Id<Entity>> = self.made.keys().copied().collect();
        let fits = |rows: &[Row; N]| {
            let all: Vec<(Id<Entity>, &Row)> = rows.iter().map(|row| (entity.id, row)).collect();
            self.stand(&all, &plain)
        };
        let own = rows.map(Clone::clone);
        if fits(&own) {
            return Some(own);
        }
        // Where a row would stand in the way of itself, the other ones are pointed to.
        let other = rows.map(|row| renumbered(entity, row));
        fits(&other).then_some(other)
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
        for entity in self.made.keys().map(|id| self.spec.walk(*id)) {
            *named.entry(factory_name(&entity)).or_default() += 1;
            let rows = [self.first(entity.id), self.second(entity.id)];
            for row in rows.into_iter().flatten() {
                for (field, _) in appspec_ir::references(entity, row) {
                    let target = field.target().map(|target| target.module().id);
                    needs.entry(entity.module().id).or_default().extend(target);
                }
            }
        }
        let reached = |from: Id<Module>| {
            let mut reached = BTreeSet::new();
            let mut open = vec![from];
            while let Some(next) = open.pop() {
                for other in needs.get(&next).into_iter().flatten() {
                    if *other != next && reached.insert(*other) {
                        open.push(*other);
                    }
                }
            }
            reached
        };
        let circular: BTreeSet<Id<Module>> = needs
            .keys()
            .copied()
            .filter(|module| reached(*module).contains(module))
            .collect();
        self.made
            .keys()
            .copied()
            .filter(|id| {
                let entity = self.spec.walk(*id);
                circular.contains(&entity.module().id)
                    || named
                        .get(&factory_name(&entity))
                        .is_some_and(|many| *many > 1)
            })
            .collect()
    }

    /// What a factory gives its row.
    pub(super) fn whole(&self, entity: Walk<'_, Entity>, row: &Row) -> Arguments {
        entity
            .fields()
            .filter(|field| !self.is_left_out(*field, row))
            .filter_map(|field| {
                let value = self.value(field, row.get(field.id)?, entity.module().id)?;
                Some((Py::text(&field.name), value))
            })
            .collect()
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
            .filter(|field| base.get(field.id) != row.get(field.id) && !field.touched)
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
            _ if field.touched || value.is_none() => true,
            Some(Default::Value(usual)) => value == Some(usual),
            Some(Default::Path(_)) | None => false,
            Some(_) => !self.read.contains(&field.id),
        }
    }

    fn value(&self, field: Walk<'_, Field>, value: &Value, own: Id<Module>) -> Option<Py> {
        self.written(field, value, Some(own))
    }

    /// A value of a row as Python writes it.
    fn written(
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
            FieldType::List(item) => super::lists::shortest(field, *item),
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

/// The fields that some rule reads.
fn read(entity: Walk<'_, Entity>) -> Vec<Id<Field>> {
    let invariants = entity.invariants();
    let mut found: Vec<Id<Field>> = invariants
        .flat_map(|invariant| invariant.get().condition.fields())
        .collect();
    for unique in &entity.get().uniques {
        found.extend(&unique.fields);
        found.extend(unique.condition.iter().flat_map(Expr::fields));
    }
    found.extend(
        entity
            .derives()
            .flat_map(|derive| derive.get().value.fields()),
    );
    let bounded = |field: &Walk<'_, Field>| !field.get().bounds.is_empty();
    found.extend(entity.fields().filter(bounded).map(|field| field.id));
    found
}
