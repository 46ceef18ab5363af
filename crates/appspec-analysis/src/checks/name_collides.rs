use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::{Entity, Enum, Field, FieldType, Kept, Spec, Walk};

use super::spelling::snake_case;

/// Names that differ in the spec and are the same in the emitted project.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    let taken = tables(spec, found);
    rules(spec, &taken, found);
    for entity in spec.walk_entities() {
        columns(entity, found);
    }
    services(spec, found);
    roles(spec, found);
    for (_, closed) in spec.enums.iter() {
        choices(closed, found);
    }
}

/// Who has a name of the emitted project already.
#[derive(Default)]
struct Taken<'s> {
    by: BTreeMap<Cow<'s, str>, (Span, &'s str)>,
}

impl<'s> Taken<'s> {
    /// Takes a name, or reports who has it; whether it was free.
    fn take(
        &mut self,
        becomes: Cow<'s, str>,
        span: Span,
        name: &'s str,
        what: &str,
        found: &mut Diagnostics,
    ) -> bool {
        let Some((other_span, other)) = self.by.get(&becomes) else {
            self.by.insert(becomes, (span, name));
            return true;
        };
        let message = format!("`{other}` and `{name}` both become the {what} `{becomes}`");
        found.push(
            Diagnostic::new(&codes::name::COLLIDES, span, message)
                .label("this one")
                .note(*other_span, "and this one")
                .help("rename one of them"),
        );
        false
    }
}

fn lower(name: &str) -> Cow<'_, str> {
    if name.contains(char::is_uppercase) {
        Cow::Owned(name.to_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

/// `shop_orderline`
fn table(entity: Walk<'_, Entity>) -> String {
    let label = &entity.module().get().label;
    format!("{label}_{}", lower(&entity.get().name))
}

/// The tables of entities, and `shop_order_tags` for the pairs of `many`.
fn tables<'s>(spec: &'s Spec, found: &mut Diagnostics) -> Taken<'s> {
    let mut taken = Taken::default();
    for entity in spec.walk_entities() {
        let (span, name) = (entity.get().span, &entity.get().name);
        taken.take(table(entity).into(), span, name, "table", found);
    }
    let only_entities = Taken {
        by: taken.by.clone(),
    };
    for field in spec.fields.ids().map(|id| spec.walk(id)) {
        if let FieldType::Many(many) = &field.get().ty
            && many.through.is_none()
        {
            let (span, name) = (field.get().span, &field.get().name);
            let pairs = format!("{}_{}", table(field.entity()), lower(name));
            taken.take(pairs.into(), span, name, "table", found);
        }
    }
    only_entities
}

/// `cancel_order`: the functions of actions share their names with those of their module.
/// Roles become constants of one module, beside the list of all of them.
fn roles(spec: &Spec, found: &mut Diagnostics) {
    let mut taken = Taken::default();
    let mut seen = BTreeSet::new();
    for (_, role) in spec.roles.iter() {
        // Those of one name are told apart by their modules.
        if !seen.insert(&role.name) {
            continue;
        }
        let becomes = snake_case(&role.name).to_uppercase();
        if becomes == "ROLES" {
            let message = format!("`{}` becomes `{becomes}`, the list of all roles", role.name);
            found.push(
                Diagnostic::new(&codes::name::COLLIDES, role.span, message)
                    .label("this role")
                    .help("choose another name"),
            );
        } else {
            taken.take(becomes.into(), role.span, &role.name, "constant", found);
        }
    }
}

fn services(spec: &Spec, found: &mut Diagnostics) {
    for module in spec.walk_modules() {
        let mut taken = Taken::default();
        for entity in module.entities() {
            let lifecycles = entity.get().lifecycles.iter();
            for action in lifecycles.flat_map(|lifecycle| &lifecycle.actions) {
                let becomes = format!("{}_{}", action.name, snake_case(&entity.get().name));
                taken.take(becomes.into(), action.span, &action.name, "function", found);
            }
        }
    }
}

/// SQLite does not tell `Name` from `name`; a reference `client` is kept in `client_id`.
fn columns(entity: Walk<'_, Entity>, found: &mut Diagnostics) {
    let mut taken = Taken::default();
    let marked = entity.get().soft_delete.as_ref();
    let added = entity.get().keep.as_ref().filter(|term| term.is_added);
    for id in &entity.get().fields {
        // A field of this name is told as what `soft delete` or `keep` has for itself.
        if marked.is_some_and(|marked| marked.field == *id)
            || added.is_some_and(|term| term.since == *id)
        {
            continue;
        }
        let Field { name, span, ty, .. } = entity.spec.walk(*id).get();
        let becomes = match ty {
            FieldType::Relation(_) => format!("{}_id", lower(name)).into(),
            _ => lower(name),
        };
        taken.take(becomes, *span, name, "column", found);
    }
    for id in &entity.get().derives {
        let derive = entity.spec.walk(*id).get();
        taken.take(
            lower(&derive.name),
            derive.span,
            &derive.name,
            "column",
            found,
        );
    }
}

/// `shop_order_ends_after_start`: rules and indexes share their names with those of the whole database. Rules of
/// two entities can only meet there if one table is called like the beginning of the other.
fn rules(spec: &Spec, tables: &Taken<'_>, found: &mut Diagnostics) {
    let mut meeting = BTreeSet::new();
    for entity in spec.walk_entities() {
        let name = table(entity);
        let starts = name
            .match_indices('_')
            .filter_map(|(cut, _)| name.get(..cut));
        for start in starts {
            if tables.by.contains_key(start) {
                meeting.extend([start.to_owned(), name.clone()]);
            }
        }
    }
    let kept: Vec<Vec<Kept<'_>>> = spec.walk_entities().map(Walk::<Entity>::kept).collect();
    let live: Vec<Vec<(String, Span)>> = spec
        .walk_entities()
        .map(|entity| {
            let own = entity.pointing_to_live().into_iter();
            own.map(|(name, field, _)| (name, field.get().span))
                .collect()
        })
        .collect();
    let mut of_all = Taken::default();
    for ((entity, kept), live) in spec.walk_entities().zip(&kept).zip(&live) {
        let prefix = (!meeting.is_empty())
            .then(|| table(entity))
            .filter(|table| meeting.contains(table));
        let mut of_entity = Taken::default();
        let kept = kept.iter().map(|rule| (rule.name.as_str(), rule.span));
        let live = live.iter().map(|(name, span)| (name.as_str(), *span));
        for (name, span) in rules_of(entity).chain(kept).chain(live) {
            match &prefix {
                Some(prefix) => {
                    let becomes = format!("{prefix}_{}", lower(name)).into();
                    of_all.take(becomes, span, name, "constraint", found)
                }
                None => of_entity.take(lower(name), span, name, "constraint", found),
            };
        }
    }
}

fn rules_of(entity: Walk<'_, Entity>) -> impl Iterator<Item = (&str, Span)> {
    let Walk { spec, .. } = entity;
    let entity = entity.get();
    let invariants = entity.invariants.iter().map(|id| {
        let invariant = spec.walk(*id).get();
        (invariant.name.as_str(), invariant.span)
    });
    let uniques = entity
        .uniques
        .iter()
        .map(|set| (set.name.as_str(), set.span));
    let overlaps = entity
        .overlaps
        .iter()
        .map(|rule| (rule.name.as_str(), rule.span));
    let lifecycles = entity
        .lifecycles
        .iter()
        .map(|rule| (rule.name.as_str(), rule.span));
    let indexes = entity
        .indexes
        .iter()
        .map(|index| (index.name.as_str(), index.span));
    let across = entity.across.iter();
    let across = across.map(|rule| (rule.name.as_str(), rule.span));
    let rules = invariants.chain(uniques).chain(overlaps).chain(across);
    rules.chain(lifecycles).chain(indexes)
}

fn choices(closed: &Enum, found: &mut Diagnostics) {
    let mut members = Taken::default();
    let mut stored = Taken::default();
    for choice in &closed.choices {
        let (span, name) = (choice.span, &choice.name);
        let member = Cow::Owned(name.to_uppercase());
        if members.take(member, span, name, "enum member", found) {
            let text = Cow::Borrowed(choice.stored.as_str());
            stored.take(text, span, name, "stored text", found);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings};

    #[test]
    fn roles_become_constants_of_one_module() {
        let roles = |first: &str, second: &str| {
            crate::checks::testing::codes(&format!(
                "entity E {{ n: int }}\nrole {first} for signed in\nrole {second} granted by {second}\n\
                 access E {{\n {first} may read\n {second} may delete\n}}"
            ))
        };
        assert_eq!(roles("VATClerk", "VatClerk"), ["name::collides"]);
        assert_eq!(roles("Client", "Roles"), ["name::collides"]);
        assert_eq!(roles("Client", "Role"), [""; 0]);
    }

    #[test]
    fn a_reference_and_a_field_can_share_a_column() {
        let spec = "entity A { n: int }\nentity E {\n a: A\n a_id: int\n}";
        assert_eq!(
            findings(spec),
            ["name::collides: `a` and `a_id` both become the column `a_id`"]
        );
    }

    #[test]
    fn pairs_of_many_have_a_table_of_their_own() {
        let spec = "entity T { n: int }\nentity E { tags: many T }\nentity E_tags { n: int }";
        assert_eq!(codes(spec), ["name::collides", "name::case"]);
    }

    #[test]
    fn values_of_different_enums_are_no_danger_to_each_other() {
        let spec = "enum A { x, y }\nenum B { x, y }\nentity E {\n a: A\n b: B\n}";
        assert_eq!(codes(spec), [""; 0]);
    }
}
