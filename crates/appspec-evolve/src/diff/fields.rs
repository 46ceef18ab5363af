use std::collections::{BTreeMap, BTreeSet};

use appspec_diagnostics::{Diagnostic, codes::evolve};
use appspec_ir::{Default as DefaultValue, Entity, Field, FieldType, Id};

use super::Diff;
use crate::matching::{Named, in_order, match_names};
use crate::replay::Key;
use crate::widening::is_widened;
use crate::{Change, Delta, EntityFacts, FieldFact};

/// What the comparison of fields found out about an entity, for its rules.
#[derive(Default)]
pub(super) struct FieldNames {
    /// Fields of which a mistake was already reported; rules over them are not blamed again.
    pub(super) refused: BTreeSet<Id<Field>>,
    /// Fields that have a wider type now.
    pub(super) retyped: BTreeSet<Id<Field>>,
}

impl<'a> Diff<'a> {
    /// Finds under which names the fields of an entity were built; gives the renames in order.
    pub(super) fn fields_by_name(&mut self, id: Id<Entity>) -> Vec<(Id<Field>, &'a str)> {
        let before = self.before();
        let Some(facts) = self
            .names
            .entity_before(id)
            .and_then(|name| before.entities.get(name))
        else {
            return Vec::new();
        };
        let then: BTreeMap<&'a str, Option<&'a str>> = facts
            .fields
            .iter()
            .map(|(name, fact)| (name.as_str(), fact.was.as_deref()))
            .collect();
        let spec = self.spec;
        let ids = &spec.walk(id).get().fields;
        let parts = self.parts(id, facts);
        let now: Vec<Named<'a>> = ids
            .iter()
            .map(|id| {
                let field = spec.walk(*id).get();
                Named {
                    name: &field.name,
                    was: field.was.as_deref().or_else(|| parts.get(id).copied()),
                    span: field.span,
                }
            })
            .collect();
        let mut matched = match_names("field", &then, &now, self.out);
        self.respelled_fields(id, facts, &now, &mut matched);
        for ((field, before), refused) in ids.iter().zip(&matched.before).zip(&matched.refused) {
            if let Some(name) = before {
                self.names.fields.insert(*field, (id, (*name).to_owned()));
            }
            if *refused {
                self.refused.insert(*field);
            }
        }
        self.vanished
            .entry(id)
            .or_default()
            .extend(matched.vanished);
        in_order("field", &now, &matched.before, self.out)
            .into_iter()
            .filter_map(|(position, from)| Some((*ids.get(position)?, from)))
            .collect()
    }

    pub(super) fn rename_field(&mut self, id: Id<Field>, from: &str) {
        let mut delta = self.field_states(id);
        let entity = self.spec.walk(id).entity().full_name();
        delta
            .gone
            .fields
            .entry(entity)
            .or_default()
            .insert(from.to_owned());
        self.step(
            Change::RenameField {
                from: from.to_owned(),
                field: id,
            },
            delta,
        );
    }

    /// A delta that states the field as it is now.
    fn field_states(&self, id: Id<Field>) -> Delta {
        let field = self.spec.walk(id).get();
        let fact = self.as_now().field_fact(field);
        let facts = EntityFacts {
            fields: BTreeMap::from([(field.name.clone(), fact)]),
            ..EntityFacts::default()
        };
        let mut delta = self.states(field.entity, facts);
        self.with_enum(&field.ty, &mut delta);
        delta
    }

    /// Compares the fields of an entity that was built: `then` is the entity of now under the old names.
    pub(super) fn fields(
        &mut self,
        id: Id<Entity>,
        before: &'a EntityFacts,
        then: &EntityFacts,
        names: &mut FieldNames,
    ) {
        let spec = self.spec;
        let mut vanished = self.vanished.remove(&id).unwrap_or_default();
        for field in &spec.walk(id).get().fields {
            if self.refused.contains(field) {
                names.refused.insert(*field);
                continue;
            }
            if let Some((_, old)) = self.names.field_before(*field) {
                if let (Some(fact), Some(as_then)) = (before.fields.get(old), then.fields.get(old))
                {
                    if !self.same_field(*field, fact, as_then) {
                        names.refused.insert(*field);
                    } else if fact.ty != as_then.ty {
                        names.retyped.insert(*field);
                    }
                }
                continue;
            }
            let ty = then
                .fields
                .get(&spec.walk(*field).get().name)
                .map(|fact| fact.ty.as_str());
            let alike = vanished.iter().copied().find(|old| {
                !self.is_young(id, old)
                    && before
                        .fields
                        .get(*old)
                        .is_some_and(|fact| Some(fact.ty.as_str()) == ty)
            });
            if let Some(old) = alike {
                vanished.remove(old);
                names.refused.insert(*field);
                self.possible_rename(*field, old);
            } else if self.can_be_added(*field) {
                let delta = self.field_states(*field);
                self.step(Change::AddField(*field), delta);
            } else {
                names.refused.insert(*field);
            }
        }
        for old in vanished {
            if self.is_young(id, old) {
                self.drop_field(id, old);
                continue;
            }
            let entity = spec.walk(id).get();
            self.refuse(
                Diagnostic::new(
                    &evolve::FIELD_DROPPED,
                    entity.span,
                    format!(
                        "field `{old}` of `{}` is gone, and rows may hold values in it",
                        entity.name
                    ),
                )
                .label(format!("`{old}` has been built and is not here any more"))
                .help(format!(
                    "keep `{old}`, or write `was {old}` behind the field that it is called now; \
                     dropping a column is not in this version"
                )),
            );
        }
    }

    fn possible_rename(&mut self, id: Id<Field>, old: &str) {
        let field = self.spec.walk(id).get();
        self.refuse(
            Diagnostic::new(
                &evolve::POSSIBLE_RENAME,
                field.span,
                format!(
                    "`{}` is new and `{old}`, of the same type, is gone",
                    field.name
                ),
            )
            .label(format!("perhaps this was `{old}`"))
            .help(format!(
                "write `was {old}` behind `{}` to keep the values, or keep `{old}` as well",
                self.spec
                    .walk(id)
                    .part_of()
                    .map_or(&field.name, |whole| &whole.name)
            )),
        );
    }

    /// Whether existing rows can get the new field, and with what.
    fn can_be_added(&mut self, id: Id<Field>) -> bool {
        let field = self.spec.walk(id).get();
        let entity = self.spec.walk(field.entity).get();
        match &field.default {
            Some(DefaultValue::Uuid | DefaultValue::Token { .. }) => {
                self.refuse(
                    Diagnostic::new(
                        &evolve::SHARED_DEFAULT,
                        field.span,
                        format!(
                            "the rows that `{}` has would all get the same `{}`",
                            entity.name, field.name
                        ),
                    )
                    .label("made once for all existing rows")
                    .help(format!(
                        "make `{}` optional and without default, build, and fill it in; \
                         a value of its own for each existing row is not in this version",
                        field.name
                    )),
                );
                return false;
            }
            Some(DefaultValue::Path(_)) | None => {}
            Some(_) => return true,
        }
        if field.optional || field.is_given_by_writes() || matches!(field.ty, FieldType::Many(_)) {
            return true;
        }
        let text = format!(
            "`{}` is required, and the rows of `{}` that are there have no value for it",
            field.name, entity.name
        );
        let finding = Diagnostic::new(&evolve::NEEDS_DEFAULT, field.span, text);
        let finding = if field.default.is_some() {
            finding.label("the path is followed for new rows, never for existing ones")
        } else {
            finding.label("new, required and without a default")
        };
        let help = if field.relation().is_some() {
            format!("make it optional: `{}: …?`", field.name)
        } else {
            format!(
                "give it a default, or make it optional: `{}: …?`",
                field.name
            )
        };
        self.refuse(finding.help(help));
        false
    }

    /// Whether the values that rows have are values of the field as it is now, stored in the same way. What else has
    /// changed is a step.
    fn same_field(&mut self, id: Id<Field>, fact: &FieldFact, now: &FieldFact) -> bool {
        let field = self.spec.walk(id).get();
        let target = fact.ty.split(' ').nth(1).unwrap_or_default();
        if fact.relation.is_some() && self.gone.contains(target) {
            return false;
        }
        if fact.ty != now.ty && !is_widened(&fact.ty, &now.ty) {
            self.refuse(
                Diagnostic::new(
                    &evolve::TYPE_CHANGED,
                    field.span,
                    format!("`{}` was `{}` and is `{}` now", field.name, fact.ty, now.ty),
                )
                .label("rows may hold values that are none of this type")
                .help(format!(
                    "go back to `{}`, or add a second field and keep this one; \
                     a type may only become one that holds all that the old one does",
                    fact.ty
                )),
            );
            return false;
        }
        let contested = self
            .names
            .field_before(id)
            .is_some_and(|(entity, name)| self.is_contested(Key::Field(entity, name)));
        if contested || !fact.says_the_same_as(now) {
            let delta = self.field_states(id);
            self.step(Change::AlterField(id), delta);
        }
        true
    }
}

impl FieldFact {
    /// Whether a row written under the one fact is right under the other.
    pub(crate) fn stores_the_same_as(&self, other: &Self) -> bool {
        let relation = |fact: &Self| {
            fact.relation
                .as_ref()
                .map(|relation| (relation.on_delete, relation.one_to_one))
        };
        self.name == other.name
            && self.ty == other.ty
            && self.optional == other.optional
            && self.bounds == other.bounds
            && relation(self) == relation(other)
    }

    /// Whether they are the same for a database and for its migrations.
    fn says_the_same_as(&self, other: &Self) -> bool {
        let says = |fact: &Self| Self {
            name: String::new(),
            was: None,
            ..fact.clone()
        };
        says(self) == says(other)
    }
}
