//! Numbers that begin anew for what is found along references, under the names that those had.

use appspec_diagnostics::{Diagnostic, codes::evolve};
use appspec_ir::{Entity, Field, Id, Walk};

use super::Diff;
use crate::EntityFacts;

impl<'a> Diff<'a> {
    /// Refuses another name for what numbers that were built are counted by in another app, whatever they are counted by
    /// now. The triggers read its table and its column by name, and no migration of their own app can take them away before
    /// that one gives them another.
    pub(super) fn numbers(&mut self) {
        let spec = self.spec;
        let before = self.before();
        for id in spec.entities.ids() {
            let Some(built) = self.names.entity_before(id) else {
                continue;
            };
            let Some((name, facts)) = before.entities.get_key_value(built) else {
                continue;
            };
            for (field, step) in self.counted_by(name, facts) {
                let number = self.field_now(name, field);
                if let Some(step) = self.field_now(step.0, step.1)
                    && step.entity().module != spec.walk(id).module
                    && let Some((old, now)) = self.other_name(step)
                {
                    self.counted_elsewhere(number, step, &old, &now);
                }
            }
        }
    }

    /// The numbers of an entity as it was built, each with a field of whatever entity that is read for them: the names of
    /// both entities and fields of then.
    fn counted_by(
        &self,
        name: &'a str,
        facts: &'a EntityFacts,
    ) -> Vec<(&'a str, (&'a str, &'a str))> {
        let mut found = Vec::new();
        for kept in facts.kept.values() {
            let (Some(serial), Some(number)) = (&kept.serial, kept.fields.first()) else {
                continue;
            };
            for path in &serial.per {
                let mut owner = Some(name);
                for (index, step) in path.split('.').enumerate() {
                    let Some(entity) = owner else { break };
                    if index > 0 {
                        found.push((number.as_str(), (entity, step)));
                    }
                    let fields = &self.before().entities.get(entity);
                    let fact = fields.and_then(|facts| facts.fields.get(step));
                    owner = fact.and_then(|fact| fact.ty.strip_prefix("one "));
                }
            }
        }
        found
    }

    /// What a field that was built is now.
    fn field_now(&self, entity: &str, name: &str) -> Option<Walk<'a, Field>> {
        let mut fields = self.names.fields.iter();
        let is_it = |owner: Id<Entity>, field: &str| {
            field == name && self.names.entity_before(owner) == Some(entity)
        };
        let (id, _) = fields.find(|(_, (owner, field))| is_it(*owner, field))?;
        Some(self.spec.walk(*id))
    }

    /// What a field, or else its entity, was called and is called, where that is not the same.
    fn other_name(&self, field: Walk<'_, Field>) -> Option<(String, String)> {
        let (entity, name) = self.names.field_before(field.id)?;
        let owner = field.entity();
        if name != field.name {
            return Some((name.to_owned(), field.name.clone()));
        }
        let last = |name: &str| name.rsplit('.').next().map(str::to_owned);
        (entity != owner.full_name()).then_some((last(entity)?, owner.name.clone()))
    }

    fn counted_elsewhere(
        &mut self,
        number: Option<Walk<'_, Field>>,
        step: Walk<'_, Field>,
        old: &str,
        now: &str,
    ) {
        let span = if step.name == now {
            step.get().span
        } else {
            step.entity().get().span
        };
        let mut finding = Diagnostic::new(
            &evolve::COUNTED_ELSEWHERE,
            span,
            format!("`{now}` has another name, and numbers of another module were counted by it"),
        )
        .label(format!("was built as `{old}`"));
        if let Some(number) = number {
            let numbered = format!("{}.{}", number.entity().name, number.name);
            finding = finding.note(
                number.get().span,
                format!("`{numbered}` was built to begin anew for what is found here"),
            );
        }
        self.refuse(finding.help(format!("call it `{old}` again, without `was`")));
    }
}
