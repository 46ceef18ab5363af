use std::collections::BTreeMap;

use appspec_diagnostics::{Diagnostic, codes::evolve};
use appspec_ir::{
    Default as DefaultValue, Entity, Expr, Field, Id, Invariant, Moment, Row, Surroundings, Walk,
    holds,
};

use crate::diff::Diff;
use crate::diff::fields::FieldNames;
use crate::{Change, Delta, EntityFacts, Member, NewRule};

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
                    self.new_invariant(id, invariant, &mentioned, true);
                }
                Some(was) if was.message != is.message => {
                    let delta = self.invariant_states(invariant);
                    self.step(Change::AlterInvariantMessage(invariant.id), delta);
                }
                Some(_) => {}
                None => self.new_invariant(id, invariant, &mentioned, false),
            }
        }
        for name in before.invariants.keys() {
            if !then.invariants.contains_key(name) {
                self.dropped(id, Member::Invariant, name);
            }
        }
    }

    fn new_invariant(
        &mut self,
        id: Id<Entity>,
        invariant: Walk<'a, Invariant>,
        mentioned: &[Id<Field>],
        replaces: bool,
    ) {
        let change = match self.of_existing_rows(mentioned, &invariant.get().condition) {
            Some(true) if !replaces => Change::AddInvariant(invariant.id),
            Some(false) => {
                let finding = Diagnostic::new(
                    &evolve::RULE_ADDED,
                    invariant.span,
                    format!(
                        "rows that `{}` has start by breaking the new invariant `{}`",
                        self.spec.walk(id).get().name,
                        invariant.name
                    ),
                )
                .label("false for the values with which new fields start")
                .help(
                    "give the new fields defaults that keep the rule, or ask it of new rows only: \
                     `invariant … on create`",
                );
                return self.refuse(finding);
            }
            Some(true) | None => Change::AddRuleToRows {
                entity: id,
                rule: NewRule::Invariant(invariant.id),
            },
        };
        let delta = self.invariant_states(invariant);
        self.step(change, delta);
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

    /// Whether a condition that is about new fields alone holds for the values with which they start; `None` where that
    /// is known at the migration only.
    fn of_existing_rows(&self, mentioned: &[Id<Field>], condition: &Expr) -> Option<bool> {
        let mut row = Row::new();
        for id in mentioned {
            let field = self.spec.walk(*id).get();
            if self.has_rows(*id) || field.touched {
                return None;
            }
            match &field.default {
                Some(DefaultValue::Value(value)) => row.set(*id, value.clone()),
                None | Some(DefaultValue::Path(_)) => {}
                // What existing rows get is known at the migration only.
                Some(_) => return None,
            }
        }
        holds(condition, &row, Surroundings::default()).ok()
    }
}
