use std::collections::BTreeMap;

use appspec_diagnostics::{Diagnostic, codes::evolve};
use appspec_ir::{Default as DefaultValue, Entity, Expr, Field, Id, Unique};

use super::Built;
use crate::diff::Diff;
use crate::diff::fields::FieldNames;
use crate::{Change, Delta, EntityFacts, Member, NewRule, UniqueFact};

impl<'a> Diff<'a> {
    pub(super) fn uniques(
        &mut self,
        id: Id<Entity>,
        before: &'a EntityFacts,
        then: &EntityFacts,
        fields: &FieldNames,
    ) {
        let spec = self.spec;
        let mut built = Built::of(&before.uniques);
        let mut added: Vec<&'a Unique> = Vec::new();
        for unique in &spec.walk(id).get().uniques {
            let Some(is) = then.uniques.get(&unique.name) else {
                continue;
            };
            let Some((old, was)) = built.take(|was| was.says_the_same_as(is)) else {
                added.push(unique);
                continue;
            };
            let names = self.names.uniques.entry(id).or_default();
            names.insert(unique.name.clone(), old.to_owned());
            if was.message != is.message {
                let delta = self.unique_states(id, unique);
                let name = unique.name.clone();
                self.step(Change::AlterUniqueMessage { entity: id, name }, delta);
            }
        }
        for unique in added {
            let over = |field: &Id<Field>| fields.refused.contains(field);
            let conditions = unique.condition.iter().flat_map(Expr::fields);
            let replaces = built.replace(&unique.name);
            if !unique.fields.iter().any(over) && !conditions.into_iter().any(|field| over(&field))
            {
                self.new_unique(id, unique, replaces);
            }
        }
        for name in built.left {
            self.dropped(id, Member::Unique, name);
        }
    }

    fn new_unique(&mut self, id: Id<Entity>, unique: &Unique, replaces: bool) {
        if self.all_rows_share(unique) {
            let entity = self.spec.walk(id).get();
            return self.refuse(
                Diagnostic::new(
                    &evolve::RULE_ADDED,
                    unique.span,
                    format!(
                        "rows that `{}` has start by breaking this new unique rule",
                        entity.name
                    ),
                )
                .label("all of them get the same values")
                .help("make a new field of it optional, so that it is empty in the rows that are there"),
            );
        }
        let delta = self.unique_states(id, unique);
        let name = unique.name.clone();
        let change = if !replaces && self.no_row_has_all_of(unique) {
            Change::AddUnique { entity: id, name }
        } else {
            Change::AddRuleToRows {
                entity: id,
                rule: NewRule::Unique(name),
            }
        };
        self.step(change, delta);
    }

    /// Whether one of the fields is empty in all existing rows: then no two of them can be equal.
    fn no_row_has_all_of(&self, unique: &Unique) -> bool {
        unique.fields.iter().any(|id| {
            let field = self.spec.walk(*id).get();
            !self.has_rows(*id) && field.optional && field.default.is_none()
        })
    }

    /// Whether all existing rows get the same value in each of the fields, and no condition leaves any of them out.
    fn all_rows_share(&self, unique: &Unique) -> bool {
        unique.condition.is_none()
            && unique.fields.iter().all(|id| {
                let default = &self.spec.walk(*id).get().default;
                !self.has_rows(*id) && matches!(default, Some(DefaultValue::Value(_)))
            })
    }

    /// A delta that states the unique rule as it is now.
    fn unique_states(&self, id: Id<Entity>, unique: &Unique) -> Delta {
        let fact = self.as_now().unique_fact(unique);
        let facts = EntityFacts {
            uniques: BTreeMap::from([(unique.name.clone(), fact)]),
            ..EntityFacts::default()
        };
        self.states(id, facts)
    }
}

impl UniqueFact {
    /// Whether the same rows break both.
    fn says_the_same_as(&self, other: &Self) -> bool {
        (&self.fields, &self.condition, self.ignoring_case)
            == (&other.fields, &other.condition, other.ignoring_case)
    }
}
