//! What example rows get from others along a path: `price = service.price`.

use appspec_ir::{Default, Entity, Field, Id, Spec, Walk};

use super::candidate::{Candidate, SITUATIONS};
use super::judge::Values;
use super::made::Maker;
use super::mend::Choices;

impl Maker<'_> {
    /// What a path leads to, from the rows that were chosen first.
    pub(super) fn along(
        &self,
        field: Walk<'_, Field>,
        path: &[Id<Field>],
        chosen: &Values,
    ) -> Option<Candidate> {
        let (at, found) = self.end_of(field.spec, path, |id| chosen.get(&id))?;
        copied(field.spec.walk(at), found)
    }

    /// Leaves no field empty that a path would fill in; false where nothing else fits it.
    pub(super) fn without_gaps(
        &self,
        entity: Walk<'_, Entity>,
        choices: &mut Choices,
        values: &mut Values,
    ) -> bool {
        for (field, path) in paths(entity) {
            let end = self.end_of(entity.spec, path, |id| values.get(&id));
            if let Some(own) = choices.get_mut(&field).filter(|_| end.is_some()) {
                own.retain(|candidate| *candidate != Candidate::Empty);
                let Some(first) = own.first() else {
                    return false;
                };
                values.insert(field, first.clone());
            }
        }
        true
    }

    /// Whether a path would fill in what a row leaves empty.
    pub(super) fn has_gaps(&self, entity: Walk<'_, Entity>, values: &Values) -> bool {
        paths(entity).any(|(field, path)| {
            values.get(&field) == Some(&Candidate::Empty)
                && self
                    .end_of(entity.spec, path, |id| values.get(&id))
                    .is_some()
        })
    }

    /// Fills in what paths lead to.
    pub(super) fn fill_gaps(&self, entity: Walk<'_, Entity>, values: &mut Values) {
        for (field, path) in paths(entity) {
            if values.get(&field) != Some(&Candidate::Empty) {
                continue;
            }
            let found = self
                .end_of(entity.spec, path, |id| values.get(&id))
                .and_then(|(at, found)| copied(entity.spec.walk(at), found));
            if let Some(found) = found {
                values.insert(field, found);
            }
        }
    }

    /// What the row at the end of a path holds, and the field; nothing where it is empty.
    fn end_of<'v>(
        &'v self,
        spec: &Spec,
        path: &[Id<Field>],
        first: impl Fn(Id<Field>) -> Option<&'v Candidate>,
    ) -> Option<(Id<Field>, &'v Candidate)> {
        let (start, steps) = path.split_first()?;
        let mut here = (*start, first(*start)?);
        for step in steps {
            let (at, Candidate::Row(place)) = here else {
                return None;
            };
            let target = spec.walk(at).target()?;
            let row = self.rows.get(&target.id)?.get(*place)?;
            here = (*step, row.values.get(step)?);
        }
        (*here.1 != Candidate::Empty).then_some(here)
    }
}

/// The fields of an entity that are taken along a path.
fn paths(entity: Walk<'_, Entity>) -> impl Iterator<Item = (Id<Field>, &[Id<Field>])> {
    entity
        .fields()
        .filter_map(|field| match &field.get().default {
            Some(Default::Path(path)) => Some((field.id, path.as_slice())),
            _ => None,
        })
}

/// What a field holds as another field holds it, if that is always the same.
fn copied(from: Walk<'_, Field>, held: &Candidate) -> Option<Candidate> {
    match held {
        Candidate::Empty => None,
        Candidate::Row(_) | Candidate::Unread => Some(held.clone()),
        Candidate::Default | Candidate::Constant(_) | Candidate::Day(_) | Candidate::At(..) => {
            let value = (!held.moves(from)).then(|| held.value(from, SITUATIONS[0]))?;
            value.map(Candidate::Constant)
        }
    }
}
