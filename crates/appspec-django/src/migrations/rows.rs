//! What is asked of rows that are there: rules that are new or say something else, and columns that may not be empty,
//! or hold a value twice, any more.

use std::collections::BTreeSet;

use appspec_backend::python::Expr as Py;
use appspec_evolve::{Change, Changes, FieldFact, Member, NewRule, Step};
use appspec_ir::{
    Derive, Entity, Enum, Expr, Field, FieldType, Id, Keeper, Module, Scalar, Spec, Walk,
};

use super::built::{self, as_built, asks_rows, field_rule, is_own_rule, now, retyped};
use super::operations;
use super::renames::Renamed;
use crate::constraints::{self, Constraint, Source};
use crate::fields;
use crate::names;
use crate::target::Target;

/// What the rows of an app are asked, and what goes with it.
#[derive(Default)]
pub(super) struct Rows<'s> {
    pub(super) rules: Vec<Stated<'s>>,
    /// Columns that become required, or unique.
    pub(super) fields: Vec<Walk<'s, Field>>,
    pub(super) dropped: Vec<Dropped<'s>>,
    /// Computed columns that are written otherwise because of what they are computed from.
    pub(super) recomputed: Vec<Recomputed<'s>>,
    /// Fields that have another type now.
    pub(super) retyped: Vec<Walk<'s, Field>>,
}

/// A computed column that says what it said.
pub(super) struct Recomputed<'s> {
    pub(super) derive: Walk<'s, Derive>,
    /// Whether a rule kept its range.
    pub(super) had_range: bool,
}

/// A rule as it is now.
pub(super) struct Stated<'s> {
    pub(super) entity: Walk<'s, Entity>,
    pub(super) rule: Constraint,
    /// What the rule in whose place it comes was called, without app and model.
    pub(super) before: Option<String>,
    /// Whether that one goes before anything else is done.
    pub(super) at_once: bool,
}

impl Stated<'_> {
    /// The model that it is about, and the rule.
    fn written(&self) -> Py {
        let model = Py::text(self.entity.name.to_lowercase());
        Py::Tuple(vec![model, self.rule.call.clone()])
    }

    /// The field whose numbers it gives and keeps, if it does.
    fn serial(&self) -> Option<Id<Field>> {
        let Source::Kept(name) = &self.rule.source else {
            return None;
        };
        let mut kept = self.entity.kept().into_iter();
        kept.find_map(|it| match it.source {
            Keeper::Serial(field, _) if it.name == *name => Some(field),
            _ => None,
        })
    }
}

/// A rule that is not kept any more.
pub(super) struct Dropped<'s> {
    pub(super) entity: Walk<'s, Entity>,
    /// What it was called, without app and model.
    pub(super) name: String,
    /// Whether it goes before anything else is done, and not when others have come.
    pub(super) at_once: bool,
}

impl<'s> Rows<'s> {
    pub(super) fn of(
        app: Walk<'s, Module>,
        changes: &Changes<'_>,
        steps: &[&Step],
        renamed: &Renamed,
    ) -> Self {
        let spec = app.spec;
        let mut rows = Self {
            retyped: steps
                .iter()
                .filter_map(|step| retyped(spec, changes, step))
                .collect(),
            ..Self::default()
        };
        rows.printed_differently(spec, changes, steps);
        for step in steps {
            match &step.change {
                Change::AddRuleToRows { entity, rule } => {
                    rows.named_rule(spec.walk(*entity), rule, changes);
                }
                Change::AlterField(id) => rows.field(spec.walk(*id), changes, steps),
                Change::AlterEnum(id) => rows.values(app, *id, changes),
                Change::AlterDerive(id) => {
                    if rows.recomputes(*id) {
                        continue;
                    }
                    let derive = spec.walk(*id);
                    let before = changes.derive_before(spec, *id).and_then(|fact| fact.range);
                    let rule = constraints::of_derive(derive);
                    let entity = spec.walk(derive.get().entity);
                    match (before, rule) {
                        (Some(false), Some(rule)) => rows.state(entity, rule, None),
                        (Some(true), None) => {
                            rows.drop_rule(entity, constraints::range_of_derive(&derive.name));
                        }
                        _ => {}
                    }
                }
                Change::DropMember { entity, kind, name } => {
                    let is_kept = match kind {
                        Member::Invariant | Member::Overlap | Member::Lifecycle | Member::Kept => {
                            true
                        }
                        Member::Unique => is_own_rule(*entity, name, changes),
                        Member::Derive | Member::Index | Member::Across => false,
                    };
                    if is_kept {
                        rows.drop_rule(spec.walk(*entity), name.clone());
                    }
                }
                _ => {}
            }
        }
        rows.take_places();
        rows.order(changes, steps, renamed);
        rows
    }

    /// A rule that goes while another kind of rule gets its name is exchanged: two of one name can't stand side by side.
    fn take_places(&mut self) {
        for it in &mut self.rules {
            let app = names::app(it.entity);
            let place = self.dropped.iter().position(|gone| {
                let name = names::constraint(&app, &it.entity.name, &gone.name);
                gone.entity.id == it.entity.id && name == it.rule.name
            });
            if let Some(place) = place {
                it.before = Some(self.dropped.remove(place).name);
            }
        }
    }

    /// Finds what has to go first: what may mention something that goes or gets another name, since Django keeps what a
    /// rule mentions as it was written, and stretches and what rows keep with a field that gets another type, since a
    /// trigger watches it.
    fn order(&mut self, changes: &Changes<'_>, steps: &[&Step], renamed: &Renamed) {
        let dropped = steps.iter().filter_map(|step| match step.change {
            Change::DropField { entity, .. } => Some(entity),
            _ => None,
        });
        let dropped: BTreeSet<Id<Entity>> = dropped.collect();
        let asks = self.asks();
        let retyped = self.retyped.iter();
        let retyped: BTreeSet<Id<Entity>> = retyped.map(|field| field.get().entity).collect();
        let at_once = |entity: Walk<'_, Entity>, name: &str| {
            let is_triggered = || {
                let facts = changes.facts_before(entity.id);
                facts.is_some_and(|facts| {
                    facts.overlaps.contains_key(name) || facts.kept.contains_key(name)
                })
            };
            renamed.concerns_any(entity)
                || dropped.contains(&entity.id)
                || (retyped.contains(&entity.id) && is_triggered())
        };
        for it in &mut self.rules {
            let before = it.before.as_ref();
            it.at_once = before.is_some_and(|before| at_once(it.entity, before));
        }
        for it in &mut self.dropped {
            it.at_once = !asks || at_once(it.entity, &it.name);
        }
    }

    /// Whether the rule of this name is stated once rows were asked.
    pub(super) fn states(&self, rule: &Constraint) -> bool {
        self.rules.iter().any(|it| it.rule.name == rule.name)
    }

    /// Whether a rule with a trigger that says what it said goes before a column gets another type, and comes back behind
    /// it: a trigger watches the columns.
    pub(super) fn rebuilds(&self, rule: &Constraint) -> bool {
        let mut retyped = self.retyped.iter();
        !self.states(rule) && retyped.any(|field| rule.fields.contains(&field.id))
    }

    /// Whether an index that says what it said has a condition that PostgreSQL computes otherwise now.
    pub(super) fn rebuilds_index(&self, index: &Constraint) -> bool {
        let fields = index.condition.as_ref().map(Expr::fields);
        let mut retyped = self.retyped.iter().filter(|field| is_long(field));
        retyped.any(|field| fields.iter().flatten().any(|id| *id == field.id))
    }

    /// Whether the derived value is computed anew, although it says what it said.
    pub(super) fn recomputes(&self, id: Id<Derive>) -> bool {
        self.recomputed.iter().any(|it| it.derive.id == id)
    }

    /// Whether rows have to be asked.
    pub(super) fn asks(&self) -> bool {
        !self.rules.is_empty() || !self.fields.is_empty()
    }

    /// The operations for all of it: one, unless rows get numbers before they are asked whether one is there twice.
    pub(super) fn operations(&self, renamed: &Renamed) -> Vec<Py> {
        let numbering = self.rules.iter().filter(|it| it.serial().is_some());
        let added = numbering.clone().filter(|it| it.before.is_none());
        let numbered: BTreeSet<Id<Entity>> = added.clone().map(|it| it.entity.id).collect();
        let is_first = |it: &&Stated<'_>| {
            matches!(it.rule.source, Source::Kept(_)) && numbered.contains(&it.entity.id)
        };
        let mut found = Vec::new();
        for it in numbering {
            if let Some(before) = &it.before {
                let (app, model) = (names::app(it.entity), renamed.old_model(it.entity));
                let before = names::constraint(&app, model, before);
                found.extend(operations::move_counters(&before, &it.rule.name));
            }
        }
        let first: Vec<Py> = self
            .rules
            .iter()
            .filter(is_first)
            .map(Stated::written)
            .collect();
        if !first.is_empty() {
            found.push(operations::add_rules(first, Vec::new(), Vec::new()));
        }
        found.extend(added.map(|it| operations::number_rows(it.entity, &it.rule.name)));
        let rest: Vec<Py> = self
            .rules
            .iter()
            .filter(|it| !is_first(it))
            .map(Stated::written)
            .collect();
        let drops = self.dropped.iter().any(|it| !it.at_once);
        if !rest.is_empty() || !self.fields.is_empty() || drops {
            found.push(self.asked(rest));
        }
        found
    }

    /// The operation that asks rows whether they keep these rules, and what goes with it.
    fn asked(&self, rules: Vec<Py>) -> Py {
        let model = |entity: Walk<'_, Entity>| Py::text(entity.name.to_lowercase());
        let fields = self.fields.iter().map(|field| {
            let parts = vec![
                model(field.entity()),
                Py::text(&field.name),
                fields::field(*field, Target::Migration),
            ];
            Py::Tuple(parts)
        });
        let dropped = self.dropped.iter().filter(|it| !it.at_once).map(|it| {
            let entity = it.entity;
            let name = names::constraint(&names::app(entity), &entity.name, &it.name);
            Py::text_tuple([entity.name.to_lowercase(), name])
        });
        operations::add_rules(rules, fields.collect(), dropped.collect())
    }

    fn state(&mut self, entity: Walk<'s, Entity>, rule: Constraint, before: Option<String>) {
        if self.rules.iter().all(|it| it.rule.name != rule.name) {
            self.rules.push(Stated {
                entity,
                rule,
                before,
                at_once: false,
            });
        }
    }

    fn drop_rule(&mut self, entity: Walk<'s, Entity>, name: String) {
        self.dropped.push(Dropped {
            entity,
            name,
            at_once: false,
        });
    }

    fn named_rule(&mut self, entity: Walk<'s, Entity>, rule: &NewRule, changes: &Changes<'_>) {
        let stated = match rule {
            NewRule::Invariant(id) => Some(constraints::invariant(
                entity.spec.walk(*id),
                Target::Migration,
            )),
            NewRule::Unique(name) => super::steps::named_unique(entity, name),
            NewRule::Overlap(name) => super::steps::named_overlap(entity, name),
            NewRule::Kept(name) => super::steps::named_kept(entity, name),
        };
        let is_unique = matches!(rule, NewRule::Unique(_));
        let before = changes
            .replaces(entity.spec, entity.id, rule)
            .filter(|name| !is_unique || is_own_rule(entity.id, name, changes))
            .map(str::to_owned);
        match (stated, before) {
            (Some(stated), before) => self.state(entity, stated, before),
            // The column itself is unique now.
            (None, Some(before)) => self.drop_rule(entity, before),
            (None, None) => {}
        }
    }

    fn field(&mut self, field: Walk<'s, Field>, changes: &Changes<'_>, steps: &[&Step]) {
        let (Some(before), Some(now)) = (changes.field_before(field.id), now(field, steps)) else {
            return;
        };
        if asks_rows(field, before) {
            self.fields.push(field);
        }
        self.bounds(field, before, now);
        self.compared_differently(field, before, now, changes, steps);
        self.one_to_one(field, before, changes);
    }

    /// Values that are gone: rows may hold them.
    fn values(&mut self, app: Walk<'s, Module>, id: Id<Enum>, changes: &Changes<'_>) {
        if changes.dropped_values(app.spec, id).is_empty() {
            return;
        }
        let fields = super::steps::fields_of_enum(app.spec, id);
        for field in fields.filter(|field| field.entity().module == app.id) {
            let Some(before) = changes.field_before(field.id) else {
                continue;
            };
            for rule in constraints::of_field(field, Target::Migration) {
                if matches!(&rule.source, Source::Field(_, kind) if kind == "choice") {
                    let old = field_rule(before, "choice");
                    self.state(field.entity(), rule, Some(old));
                }
            }
        }
    }

    /// Bounds that are new, other ones, or gone.
    fn bounds(&mut self, field: Walk<'s, Field>, before: &FieldFact, now: &FieldFact) {
        let then = built::bounds(before);
        let is = built::bounds(now);
        for rule in constraints::of_field(field, Target::Migration) {
            let Source::Field(_, kind) = &rule.source else {
                continue;
            };
            let wanted = is.iter().find(|(name, _)| name == kind);
            let found = then.iter().find(|(name, _)| name == kind);
            if wanted.is_some() && found != wanted {
                let old = found.map(|(kind, _)| field_rule(before, kind));
                self.state(field.entity(), rule, old);
            }
        }
        for (kind, _) in &then {
            if is.iter().all(|(name, _)| name != kind) {
                self.drop_rule(field.entity(), field_rule(before, kind));
            }
        }
    }

    /// Rules and computed columns that say what they said, and are written otherwise because of what fields are now.
    fn printed_differently(&mut self, spec: &'s Spec, changes: &Changes<'_>, steps: &[&Step]) {
        let Some((then, entities)) = as_built(spec, changes, steps) else {
            return;
        };
        for entity in entities.into_iter().map(|id| spec.walk(id)) {
            let rules_then = constraints::all(then.walk(entity.id), Target::Migration);
            for rule in constraints::all(entity, Target::Migration) {
                let Some(old) = old_rule(entity, &rule, changes, steps) else {
                    continue;
                };
                let before = rules_then.iter().find(|other| other.name == rule.name);
                if before.is_some_and(|before| before.call != rule.call) {
                    self.state(entity, rule, Some(old));
                }
            }
            for derive in entity.derives().filter(|it| !is_made(it.id, steps)) {
                let before = then.walk(derive.id);
                let printed = |derive| fields::generated(derive, Target::Migration);
                if printed(before) != printed(derive) {
                    self.recomputed.push(Recomputed {
                        derive,
                        had_range: constraints::of_derive(before).is_some(),
                    });
                }
            }
        }
    }

    /// Rules that are written as they were, and mean something else to PostgreSQL because of the field's type or of
    /// whether it may be empty.
    fn compared_differently(
        &mut self,
        field: Walk<'s, Field>,
        before: &FieldFact,
        now: &FieldFact,
        changes: &Changes<'_>,
        steps: &[&Step],
    ) {
        let is_other_optional = before.optional != now.optional;
        let is_long = before.ty != now.ty && is_long(&field);
        let entity = field.entity();
        for rule in constraints::all(entity, Target::Migration) {
            let is_concerned = match &rule.source {
                Source::Field(id, kind) => *id == field.id && is_other_optional && kind == "filled",
                // Where the type of an end is another one, stretches are put back behind it.
                Source::Rule(name) => {
                    rule.condition.is_some()
                        && rule.fields.contains(&field.id)
                        && (is_other_optional || is_long)
                        && !entity.get().overlaps.iter().any(|it| it.name == *name)
                }
                // What moves from state to state hangs on no type, and what rows keep is put back behind it.
                Source::Kept(_) => {
                    let condition = rule.condition.as_ref().map(Expr::fields);
                    is_other_optional && condition.is_some_and(|read| read.contains(&field.id))
                }
                Source::Derive(_) | Source::Lifecycle(_) => false,
            };
            let old = is_concerned.then(|| old_rule(entity, &rule, changes, steps));
            if let Some(Some(old)) = old {
                self.state(entity, rule, Some(old));
            }
        }
    }

    /// A column that is unique by itself keeps what a rule kept, and the other way round.
    fn one_to_one(&mut self, field: Walk<'s, Field>, before: &FieldFact, changes: &Changes<'_>) {
        let entity = field.entity();
        let was = before.relation.as_ref().is_some_and(|it| it.one_to_one);
        let is = field.relation().is_some_and(|it| it.one_to_one);
        for unique in &entity.get().uniques {
            let is_about = unique.condition.is_none() && unique.fields == [field.id];
            let Some((old, _)) = changes
                .unique_before(entity.id, &unique.name)
                .filter(|_| is_about && was != is)
            else {
                continue;
            };
            if was {
                let rule = constraints::unique(entity, unique, Target::Migration);
                self.state(entity, rule, None);
            } else {
                self.drop_rule(entity, old.to_owned());
            }
        }
    }
}

/// What a rule that was built and has no step of its own was called, without app and model.
fn old_rule(
    entity: Walk<'_, Entity>,
    rule: &Constraint,
    changes: &Changes<'_>,
    steps: &[&Step],
) -> Option<String> {
    match &rule.source {
        Source::Field(id, kind) => Some(field_rule(changes.field_before(*id)?, kind)),
        Source::Rule(name) if !is_new(rule, entity, steps) => {
            let unique = changes.unique_before(entity.id, name).map(|(old, _)| old);
            let old = unique.or_else(|| changes.overlap_before(entity.id, name));
            Some(old.unwrap_or(name).to_owned())
        }
        Source::Kept(name) if !is_new(rule, entity, steps) => {
            Some(changes.kept_before(entity.id, name)?.to_owned())
        }
        Source::Derive(_) | Source::Rule(_) | Source::Lifecycle(_) | Source::Kept(_) => None,
    }
}

/// Whether a step of this build makes the computed column.
fn is_made(derive: Id<Derive>, steps: &[&Step]) -> bool {
    steps.iter().any(|step| {
        matches!(step.change, Change::AddDerive(id) | Change::ReplaceDerive(id) if id == derive)
    })
}

/// Whether a step of this build is about the rule itself.
fn is_new(rule: &Constraint, entity: Walk<'_, Entity>, steps: &[&Step]) -> bool {
    let (Source::Rule(name) | Source::Kept(name)) = &rule.source else {
        return false;
    };
    steps.iter().any(|step| match &step.change {
        Change::AddUnique {
            entity: owner,
            name: new,
        } => *owner == entity.id && new == name,
        Change::AddInvariant(id) => {
            let invariant = entity.spec.walk(*id);
            invariant.get().entity == entity.id && invariant.name == *name
        }
        Change::AddRuleToRows {
            entity: owner,
            rule,
        } => *owner == entity.id && rule.name(entity.spec) == name,
        _ => false,
    })
}

/// PostgreSQL computes with whole numbers of 64 bits otherwise than with those of 32.
fn is_long(field: &Walk<'_, Field>) -> bool {
    field.get().ty == FieldType::Scalar(Scalar::BigInt)
}
