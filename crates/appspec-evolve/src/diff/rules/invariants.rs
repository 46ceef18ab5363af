use std::collections::BTreeMap;

use appspec_diagnostics::{Diagnostic, codes::evolve};
use appspec_ir::{
    Default as DefaultValue, Entity, Expr, Field, Id, Invariant, Moment, Row, Surroundings, Walk,
    holds,
};

use crate::diff::Diff;
use crate::diff::fields::FieldNames;
use crate::{Change, Delta, EntityFacts};

impl<'a> Diff<'a> {
    pub(super) fn invariants(
        &mut self,
        id: Id<Entity>,
        before: &'a EntityFacts,
        then: &EntityFacts,
        fields: &FieldNames,
    ) {
        let spec = self.spec;
        for invariant in spec.walk(id).invariants() {
            if invariant.moment != Moment::Always {
                continue;
            }
            let name = &invariant.get().name;
            let mentioned = invariant.condition.fields();
            let refused = mentioned.iter().any(|field| fields.refused.contains(field));
            let Some(is) = then.invariants.get(name).filter(|_| !refused) else {
                continue;
            };
            match before.invariants.get(name) {
                Some(was) if was.condition != is.condition => {
                    let finding = Self::changed(invariant.span, "invariant", name);
                    self.refuse(finding);
                }
                Some(was) if was.message != is.message => {
                    let delta = self.invariant_states(invariant);
                    self.step(Change::AlterInvariantMessage(invariant.id), delta);
                }
                Some(_) => {}
                None if renames_a_rule(before, then, name) => {}
                None if self.holds_for_existing_rows(&mentioned, &invariant.condition) => {
                    let delta = self.invariant_states(invariant);
                    self.step(Change::AddInvariant(invariant.id), delta);
                }
                None => self.refuse(
                    Diagnostic::new(
                        &evolve::RULE_ADDED,
                        invariant.span,
                        format!(
                            "rows that `{}` has may break the new invariant `{name}`",
                            &spec.walk(id).get().name
                        ),
                    )
                    .label("existing rows were never checked")
                    .help(
                        "an invariant over existing values is not in this version; it can be added together with \
                         new fields that it is about, or be asked of new rows only: `invariant … on create`",
                    ),
                ),
            }
        }
        for (name, was) in &before.invariants {
            if then.invariants.contains_key(name) {
                continue;
            }
            let other = spec.walk(id).invariants().find(|invariant| {
                let candidate = &invariant.get().name;
                !before.invariants.contains_key(candidate)
                    && then
                        .invariants
                        .get(candidate)
                        .is_some_and(|is| is.condition == was.condition)
            });
            let other = other.map(|invariant| (invariant.get().name.as_str(), invariant.span));
            self.dropped(id, "invariant", name, other);
        }
    }

    /// A delta that states the invariant as it is now.
    fn invariant_states(&self, invariant: Walk<'_, Invariant>) -> Delta {
        let fact = self.as_now().invariant_fact(invariant.get());
        let facts = EntityFacts {
            invariants: BTreeMap::from([(invariant.name.clone(), fact)]),
            ..EntityFacts::default()
        };
        self.states(invariant.entity, facts)
    }

    /// Whether the condition is about new fields alone and holds for the values with which they start.
    fn holds_for_existing_rows(&self, mentioned: &[Id<Field>], condition: &Expr) -> bool {
        let mut row = Row::new();
        for id in mentioned {
            let field = self.spec.walk(*id).get();
            if self.has_rows(*id) || field.touched {
                return false;
            }
            match &field.default {
                Some(DefaultValue::Value(value)) => row.set(*id, value.clone()),
                None | Some(DefaultValue::Path(_)) => {}
                // What existing rows get is known at the migration only.
                Some(_) => return false,
            }
        }
        holds(condition, &row, Surroundings::default()) == Ok(true)
    }
}

/// Whether the invariant says what one says that is gone: it is reported there.
fn renames_a_rule(before: &EntityFacts, then: &EntityFacts, name: &str) -> bool {
    before.invariants.iter().any(|(old, was)| {
        !then.invariants.contains_key(old)
            && then
                .invariants
                .get(name)
                .is_some_and(|is| is.condition == was.condition)
    })
}
