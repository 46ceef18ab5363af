//! Renamed entities, fields and enum values, and enums that grew.
//!
//! Django keeps what a rule or a generated column mentions as it was written, so whatever mentions a renamed
//! thing is taken away before the rename and put back, under its new name, behind it.

use std::collections::BTreeSet;

use appspec_backend::python::Expr as Py;
use appspec_evolve::{Change, Changes, Step};
use appspec_ir::{
    Entity, Enum, Expr, ExprKind, Field, FieldType, Id, Keeper, ListItem, Module, Spec, Type, Walk,
};

use super::rows::Rows;
use super::{operations, steps};
use crate::constraints::{self, Constraint, Source};
use crate::fields;
use crate::names;
use crate::target::Target;

/// What a build renames in one app.
#[derive(Default)]
pub(super) struct Renamed {
    entities: Vec<(String, Id<Entity>)>,
    fields: Vec<(String, Id<Field>)>,
    choices: Vec<(Id<Enum>, String, String)>,
    enums: BTreeSet<Id<Enum>>,
    stored_changed: BTreeSet<Id<Enum>>,
    new_fields: BTreeSet<Id<Field>>,
    new_entities: BTreeSet<Id<Entity>>,
    new_derives: BTreeSet<Id<appspec_ir::Derive>>,
    new_rules: BTreeSet<(Id<Entity>, String)>,
    altered_rules: BTreeSet<(Id<Entity>, String)>,
}

/// The operations of all renames of an app. They come before everything else, which uses the new names.
pub(super) fn operations(
    spec: &Spec,
    changes: &Changes<'_>,
    app: Walk<'_, Module>,
    renamed: &Renamed,
    rows: &Rows<'_>,
) -> Vec<Py> {
    if renamed.is_empty() {
        return Vec::new();
    }
    let concerned: Vec<Walk<'_, Entity>> = app
        .get()
        .entities
        .iter()
        .filter(|id| !renamed.new_entities.contains(id))
        .map(|id| spec.walk(*id))
        .collect();
    let mut before = Vec::new();
    let mut after = Vec::new();
    for entity in &concerned {
        renamed.taken_away(*entity, changes, rows, &mut before, &mut after);
    }
    let mut middle: Vec<Py> = renamed
        .entities
        .iter()
        .map(|(from, id)| operations::rename_model(from, spec.walk(*id)))
        .collect();
    for (from, id) in &renamed.fields {
        middle.push(operations::rename_field(spec.walk(*id), from));
    }
    for list in &renamed.enums {
        for field in
            steps::fields_of_enum(spec, *list).filter(|field| renamed.holds(*field, app.id))
        {
            middle.extend(renamed.values(field, *list, changes));
        }
    }
    for entity in &concerned {
        after.extend(renamed.states(*entity));
    }
    before.into_iter().chain(middle).chain(after).collect()
}

impl Renamed {
    fn is_empty(&self) -> bool {
        self.entities.is_empty()
            && self.fields.is_empty()
            && self.enums.is_empty()
            && self.altered_rules.is_empty()
    }

    pub(super) fn of(spec: &Spec, changes: &Changes<'_>, steps: &[&Step]) -> Self {
        let mut renamed = Self::default();
        for step in steps {
            match &step.change {
                Change::RenameEntity { from, entity } => {
                    renamed.entities.push((from.clone(), *entity));
                }
                Change::RenameField { from, field } => renamed.fields.push((from.clone(), *field)),
                Change::RenameChoice {
                    enumeration,
                    from_stored,
                    to_stored,
                } => {
                    renamed
                        .choices
                        .push((*enumeration, from_stored.clone(), to_stored.clone()));
                    renamed.enums.insert(*enumeration);
                }
                Change::AlterEnum(id) => {
                    renamed.enums.insert(*id);
                }
                Change::AddField(id) => {
                    renamed.new_fields.insert(*id);
                }
                Change::AddEntity(id) => {
                    renamed.new_entities.insert(*id);
                }
                Change::AddDerive(id) | Change::ReplaceDerive(id) => {
                    renamed.new_derives.insert(*id);
                }
                Change::AlterLifecycle { entity, name } => {
                    renamed.altered_rules.insert((*entity, name.clone()));
                }
                Change::AddUnique { entity, name }
                | Change::AddIndex { entity, name }
                | Change::AddLifecycle { entity, name } => {
                    renamed.new_rules.insert((*entity, name.clone()));
                }
                Change::AddRuleToRows { entity, rule } => {
                    let name = rule.name(spec).to_owned();
                    renamed.new_rules.insert((*entity, name));
                }
                Change::AddInvariant(id) => {
                    let invariant = spec.walk(*id);
                    renamed
                        .new_rules
                        .insert((invariant.get().entity, invariant.name.clone()));
                }
                _ => {}
            }
        }
        for id in &renamed.enums {
            let now: Vec<&str> = spec
                .walk(*id)
                .get()
                .choices
                .iter()
                .map(|one| one.stored.as_str())
                .collect();
            let before = changes.enum_before(*id);
            let same = before.is_some_and(|before| {
                before
                    .choices
                    .iter()
                    .map(|one| one.stored.as_str())
                    .eq(now.iter().copied())
            });
            if !same {
                renamed.stored_changed.insert(*id);
            }
        }
        renamed
    }

    /// The column and the rows of a field whose enum changed: never is the column shorter than what it holds,
    /// forwards or backwards.
    fn values(&self, field: Walk<'_, Field>, list: Id<Enum>, changes: &Changes<'_>) -> Vec<Py> {
        let counted = self.counted_for(field, changes);
        let replaced = self
            .choices
            .iter()
            .filter(|(renamed, _, _)| *renamed == list)
            .flat_map(|(_, from, to)| {
                let value = operations::replace_value(field, from, to);
                operations::replace_scope(&counted, from, to)
                    .into_iter()
                    .chain([value])
            });
        let longest = |stored: &mut dyn Iterator<Item = usize>| stored.max().unwrap_or(0);
        let now = &field.spec.walk(list).get().choices;
        let now = longest(&mut now.iter().map(|one| one.stored.chars().count()));
        let before = changes.enum_before(list).map_or(0, |before| {
            longest(&mut before.choices.iter().map(|one| one.stored.chars().count()))
        });
        let altered = std::iter::once(operations::alter_field(field));
        if now >= before {
            altered.chain(replaced).collect()
        } else {
            replaced.chain(altered).collect()
        }
    }

    /// The rules that number rows anew for each value of a field, as they are called before and after, and where among
    /// what they begin anew for it stands.
    fn counted_for(&self, field: Walk<'_, Field>, changes: &Changes<'_>) -> Vec<(String, usize)> {
        let mut found = Vec::new();
        for entity in field.spec.walk_entities() {
            for rule in entity.kept() {
                let Keeper::Serial(_, serial) = rule.source else {
                    continue;
                };
                let mut paths = serial.per.iter();
                let Some(place) = paths.position(|path| path.last() == Some(&field.id)) else {
                    continue;
                };
                let app = names::app(entity);
                let same = changes.kept_before(entity.id, &rule.name);
                let before = same.or_else(|| changes.serial_before(entity.id, &rule.name));
                let before = before.unwrap_or(&rule.name);
                let before = names::constraint(&app, self.old_model(entity), before);
                let now = names::constraint(&app, &entity.name, &rule.name);
                if before != now {
                    found.push((before, place));
                }
                found.push((now, place));
            }
        }
        found
    }

    fn holds(&self, field: Walk<'_, Field>, app: Id<Module>) -> bool {
        field.entity().module == app
            && !self.new_fields.contains(&field.id)
            && !self.new_entities.contains(&field.get().entity)
    }

    /// What mentions something renamed: away before, back behind.
    fn taken_away(
        &self,
        entity: Walk<'_, Entity>,
        changes: &Changes<'_>,
        rows: &Rows<'_>,
        before: &mut Vec<Py>,
        after: &mut Vec<Py>,
    ) {
        let old_model = self.old_model(entity);
        let app = names::app(entity);
        let mut added = Vec::new();
        for rule in constraints::all(entity, Target::Migration) {
            let is_stated = self.is_new(entity, &rule, rows) || rows.states(&rule);
            let is_overlap = entity.get().overlaps.iter();
            let is_overlap = is_overlap
                .map(|it| &it.name)
                .any(|name| rule.source == Source::Rule(name.clone()));
            let is_triggered = is_overlap || matches!(rule.source, Source::Kept(_));
            let is_stated = is_stated || (is_triggered && rows.rebuilds(&rule));
            if is_stated || !self.concerns(entity, &rule) {
                continue;
            }
            let Some(old) = Self::old_rule(entity, &rule, changes) else {
                continue;
            };
            let old = names::constraint(&app, old_model, &old);
            before.push(operations::remove("RemoveConstraint", old_model, &old));
            if is_serial(entity, &rule) {
                added.extend(operations::move_counters(&old, &rule.name));
            }
            added.push(operations::add_constraint(entity, rule));
        }
        for index in &entity.get().indexes {
            let rule = constraints::index(entity, index, Target::Migration);
            if self.new_rules.contains(&(entity.id, index.name.clone()))
                || rows.rebuilds_index(&rule)
                || !self.concerns(entity, &rule)
            {
                continue;
            }
            let Some((old, _)) = changes.index_before(entity.id, &index.name) else {
                continue;
            };
            let old = names::index_named(&app, old_model, old);
            before.push(operations::remove("RemoveIndex", old_model, &old));
            added.push(operations::add_index(entity, rule));
        }
        for derive in entity
            .derives()
            .filter(|derive| !self.new_derives.contains(&derive.id) && !rows.recomputes(derive.id))
        {
            let value = &derive.get().value;
            let concerned =
                value.fields().iter().any(|id| self.is_renamed(*id)) || self.names_value(value);
            if concerned && fields::generated(derive, Target::Migration).is_some() {
                before.push(operations::remove(
                    "RemoveField",
                    old_model,
                    &derive.get().name,
                ));
                after.extend(operations::add_derive(derive));
            }
        }
        after.extend(added);
    }

    /// What no database knows but Django remembers by a field's name: the order of rows.
    fn states(&self, entity: Walk<'_, Entity>) -> Option<Py> {
        let sorted = entity
            .get()
            .sorted_by
            .iter()
            .any(|key| self.is_renamed(key.field));
        sorted.then(|| operations::alter_options(entity))
    }

    fn is_new(&self, entity: Walk<'_, Entity>, rule: &Constraint, rows: &Rows<'_>) -> bool {
        match &rule.source {
            Source::Field(id, _) => self.new_fields.contains(id),
            Source::Derive(id) => self.new_derives.contains(id) || rows.recomputes(*id),
            Source::Rule(name) | Source::Lifecycle(name) | Source::Kept(name) => {
                self.new_rules.contains(&(entity.id, name.clone()))
            }
        }
    }

    fn is_renamed(&self, field: Id<Field>) -> bool {
        self.fields.iter().any(|(_, id)| *id == field)
    }

    /// The model's name as last built.
    pub(super) fn old_model<'n>(&'n self, entity: Walk<'n, Entity>) -> &'n str {
        let found = self.entities.iter().find(|(_, id)| *id == entity.id);
        found.map_or(&entity.get().name, |(from, _)| from)
    }

    /// Whether rules of the entity may mention something that gets another name, whatever they say.
    pub(super) fn concerns_any(&self, entity: Walk<'_, Entity>) -> bool {
        let of_enum = |field: Walk<'_, Field>| match &field.get().ty {
            FieldType::Enum(list) | FieldType::List(ListItem::Enum(list)) => {
                self.choices.iter().any(|(renamed, _, _)| renamed == list)
            }
            _ => false,
        };
        self.entities.iter().any(|(_, id)| *id == entity.id)
            || entity
                .fields()
                .any(|field| self.is_renamed(field.id) || of_enum(field))
    }

    pub(super) fn concerns(&self, entity: Walk<'_, Entity>, rule: &Constraint) -> bool {
        let of_enum = |id: &Id<Field>| {
            matches!(&entity.spec.walk(*id).get().ty,
                FieldType::Enum(list) | FieldType::List(ListItem::Enum(list)) if self.stored_changed.contains(list))
        };
        let own_choice =
            matches!(&rule.source, Source::Field(id, kind) if *kind == "choice" && of_enum(id));
        // PostgreSQL changes the type of no column that a trigger watches.
        let own_states = match &rule.source {
            Source::Lifecycle(name) => {
                self.altered_rules.contains(&(entity.id, name.clone()))
                    || rule.fields.iter().any(of_enum)
            }
            // A renamed text is written to rows that keep what they hold.
            Source::Kept(_) => {
                // A number may begin anew for what is found in other tables, by their names.
                let along = rule
                    .fields
                    .iter()
                    .map(|id| entity.spec.walk(*id).get().entity);
                let mut elsewhere = along.filter(|other| *other != entity.id);
                rule.fields.iter().any(of_enum)
                    || elsewhere.any(|id| self.entities.iter().any(|(_, renamed)| *renamed == id))
            }
            _ => false,
        };
        self.entities.iter().any(|(_, id)| *id == entity.id)
            || own_states
            || rule.fields.iter().any(|id| self.is_renamed(*id))
            || own_choice
            || rule
                .condition
                .as_ref()
                .is_some_and(|condition| self.names_value(condition))
    }

    /// Whether an expression names a value of an enum whose stored texts were renamed.
    fn names_value(&self, expr: &Expr) -> bool {
        let mut found = false;
        expr.visit(&mut |part| {
            if let Type::Enum(id) = part.ty
                && !matches!(part.kind, ExprKind::IsSet(_))
                && self.choices.iter().any(|(list, _, _)| *list == id)
            {
                found = true;
            }
        });
        found
    }

    /// The rule's name as last built, without app and model.
    fn old_rule(
        entity: Walk<'_, Entity>,
        rule: &Constraint,
        changes: &Changes<'_>,
    ) -> Option<String> {
        match &rule.source {
            Source::Field(id, kind) => {
                let old = changes.field_before(*id)?;
                Some(constraints::field_rule(&old.name, kind))
            }
            Source::Derive(id) => Some(constraints::range_of_derive(&entity.spec.walk(*id).name)),
            Source::Lifecycle(name) => {
                let old = changes.lifecycle_before(entity.id, name);
                Some(old.unwrap_or(name).to_owned())
            }
            Source::Kept(name) => {
                let old = changes.kept_before(entity.id, name);
                Some(old.unwrap_or(name).to_owned())
            }
            Source::Rule(name) => {
                let unique = changes.unique_before(entity.id, name).map(|(old, _)| old);
                let old = unique.or_else(|| changes.overlap_before(entity.id, name));
                Some(old.unwrap_or(name).to_owned())
            }
        }
    }
}

/// Whether a rule numbers rows.
fn is_serial(entity: Walk<'_, Entity>, rule: &Constraint) -> bool {
    let mut kept = entity.kept().into_iter();
    matches!(&rule.source, Source::Kept(name) if kept.any(|it| {
        it.name == *name && matches!(it.source, Keeper::Serial(..))
    }))
}
