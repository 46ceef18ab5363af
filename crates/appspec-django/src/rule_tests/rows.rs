//! Rows that can be made in the emitted project: which ones, and how Python writes them.

use std::collections::{BTreeMap, BTreeSet};

use appspec_backend::python::Expr as Py;
use appspec_backend::snake_case;
use appspec_ir::{
    Bound, Compiled, Default, Entity, Expr, Field, FieldType, FileKind, Id, Module, Row, Scalar,
    Spec, Value, Walk, Witnesses, in_circle, made_up_number, renumbered,
};

use super::lists;
use super::standing::Standing;
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
    /// Those of the solver's rows that can be made.
    standing: Standing<'c>,
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
            by_module: BTreeSet::new(),
        };
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
            return Some(rows.map(Clone::clone));
        }
        // Where a row would stand in the way of itself, the other ones are pointed to.
        let other = rows.map(|row| renumbered(entity, row));
        self.standing
            .carries(entity, &other.each_ref())
            .then_some(other)
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
            let rows = [self.first(entity.id), self.second(entity.id)];
            for row in rows.into_iter().flatten() {
                for (field, _) in appspec_ir::references(entity, row) {
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
            _ if field.touched => true,
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
    for overlap in &entity.get().overlaps {
        found.extend([overlap.start, overlap.end]);
        found.extend(&overlap.per);
        found.extend(overlap.condition.iter().flat_map(Expr::fields));
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
