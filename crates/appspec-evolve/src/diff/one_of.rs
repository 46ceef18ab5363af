//! References to rows of several entities, under the names that they had.

use std::collections::{BTreeMap, BTreeSet};

use appspec_diagnostics::{Diagnostic, codes::evolve};
use appspec_ir::{Entity, Field, Id, OneOf};

use super::Diff;
use crate::EntityFacts;

impl<'a> Diff<'a> {
    /// The names under which the parts of such references were built, as far as those are others. A part has another name
    /// where the whole has one (`was`), where its entity has one, and where it was a reference of its own before.
    pub(super) fn parts(
        &mut self,
        id: Id<Entity>,
        facts: &'a EntityFacts,
    ) -> BTreeMap<Id<Field>, &'a str> {
        let spec = self.spec;
        let entity = spec.walk(id);
        let names: BTreeSet<&str> = entity.fields().map(|it| it.get().name.as_str()).collect();
        let mut found = BTreeMap::new();
        for whole in &entity.get().one_of {
            let mut fields = whole.fields.iter();
            let is_built = fields.any(|id| facts.fields.contains_key(&spec.walk(*id).get().name));
            let mut was_found = false;
            for id in &whole.fields {
                let field = spec.walk(*id).get();
                if facts.fields.contains_key(&field.name) {
                    continue;
                }
                let candidates = self.candidates(whole, field);
                let built = candidates.iter().find_map(|name| {
                    let (name, fact) = facts.fields.get_key_value(name)?;
                    let is_free = !names.contains(name.as_str());
                    (is_free && Some(&fact.ty) == self.type_before(field).as_ref())
                        .then_some(name.as_str())
                });
                if let Some(name) = built {
                    found.insert(*id, name);
                    was_found = true;
                }
            }
            if let Some(was) = whole.was.as_ref().filter(|_| !is_built && !was_found) {
                self.was_unknown(whole, was);
            }
        }
        found
    }

    /// How a part may have been called.
    fn candidates(&self, whole: &OneOf, field: &Field) -> Vec<String> {
        let Some(relation) = field.relation() else {
            return Vec::new();
        };
        let now = &self.spec.walk(relation.target).get().name;
        let then = self.names.entity_before(relation.target);
        let then = then.and_then(|name| name.rsplit('.').next());
        let targets = then.into_iter().chain([now.as_str()]);
        let wholes = whole.was.iter().chain([&whole.name]);
        let parts = wholes.flat_map(|whole| {
            let targets = targets.clone();
            targets.map(move |target| OneOf::field_name(whole, target))
        });
        // What pointed to rows of this entity alone.
        parts.chain(whole.was.iter().cloned()).collect()
    }

    /// What a field of now was remembered to hold, when it pointed to the same entity.
    fn type_before(&self, field: &Field) -> Option<String> {
        let target = self.names.entity_before(field.relation()?.target)?;
        Some(format!("one {target}"))
    }

    fn was_unknown(&mut self, whole: &OneOf, was: &str) {
        let name = &whole.name;
        self.refuse(
            Diagnostic::new(
                &evolve::WAS_UNKNOWN,
                whole.span,
                format!(
                    "no reference `{was}` to one of these entities has been built, so `{name}` can't be its new name"
                ),
            )
            .label(format!("`was {was}` finds nothing"))
            .help(format!("remove `was {was}`")),
        );
    }
}
