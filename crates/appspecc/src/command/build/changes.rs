//! What a build changes in the schema, in the words of the spec.

use appspec_diagnostics::render::clean;
use appspec_evolve::{Change, Changes, FieldFact, Member, NewRule, Step};
use appspec_ir::{Entity, Field, Id, Spec};

/// A line for each change: `+` is new, `~` is different, `-` is gone; what rows may break from now on is said in words. Of a
/// first build nothing is said: everything is new.
pub(super) fn lines(changes: &Changes<'_>, spec: &Spec) -> Vec<String> {
    if changes.before.entities.is_empty() {
        return Vec::new();
    }
    let entity = |id: Id<Entity>| spec.walk(id).get().name.clone();
    let field = |id: Id<Field>| {
        let field = spec.walk(id);
        format!("{}.{}", field.entity().name, field.name)
    };
    // The line of a rename says already that the entity is another one.
    let is_renamed = |id: Id<Entity>| {
        let mut all = changes.steps.iter();
        all.any(|it| matches!(it.change, Change::RenameEntity { entity, .. } if entity == id))
    };
    // The line of what comes instead says so.
    let comes_back = |id: Id<Entity>, index: &str| {
        let is_it = |change: &Change| matches!(change, Change::AddIndex { entity, name } if *entity == id && name == index);
        changes.steps.iter().any(|step| is_it(&step.change))
    };
    changes
        .steps
        .iter()
        .filter(|step| !matches!(step.change, Change::AlterEntity(id) if is_renamed(id)))
        .filter(|step| match &step.change {
            Change::DropMember { entity, kind, name } => match kind {
                Member::Derive => true,
                Member::Index => !comes_back(*entity, name),
                Member::Unique | Member::Overlap | Member::Lifecycle | Member::Invariant => false,
            },
            _ => true,
        })
        .map(|step| match &step.change {
            Change::MergeMigrations(module) => {
                format!("~ the migrations of {}", spec.walk(*module).get().label)
            }
            Change::AddEntity(id) => format!("+ entity {}", entity(*id)),
            Change::RenameEntity { from, entity: id } => {
                format!("~ entity {}, was {from}", entity(*id))
            }
            Change::RenameEnum { from, enumeration } => {
                format!("~ enum {}, was {from}", spec.walk(*enumeration).get().name)
            }
            Change::AlterEntity(id) => format!("~ entity {}", entity(*id)),
            Change::AddField(id) => format!("+ field {}", field(*id)),
            Change::RenameField { from, field: id } => {
                format!("~ field {}, was {from}", field(*id))
            }
            Change::AlterField(id) => altered_field(changes, spec, step, *id),
            Change::AddDerive(id) => {
                let derive = spec.walk(*id);
                format!("+ derive {}.{}", entity(derive.get().entity), derive.name)
            }
            Change::AlterDerive(id) | Change::ReplaceDerive(id) => {
                let derive = spec.walk(*id);
                format!("~ derive {}.{}", entity(derive.get().entity), derive.name)
            }
            Change::AlterEnum(id) => format!("~ enum {}", spec.walk(*id).get().name),
            Change::RenameChoice {
                enumeration,
                from_stored,
                to_stored,
            } => format!(
                "~ enum {}: `{to_stored}`, was `{from_stored}`",
                spec.walk(*enumeration).get().name
            ),
            Change::AddUnique { entity: id, name } => format!("+ unique {}.{name}", entity(*id)),
            Change::AddIndex { entity: id, name } => {
                let facts = changes.facts_before(*id);
                let replaces = facts.is_some_and(|facts| facts.indexes.contains_key(name));
                format!("{} index {}.{name}", sign(replaces), entity(*id))
            }
            Change::AddLifecycle { entity: id, name } => {
                format!("+ lifecycle {}.{name}", entity(*id))
            }
            Change::AlterLifecycle { entity: id, name } => {
                format!("~ lifecycle {}.{name}", entity(*id))
            }
            Change::AddInvariant(id) => {
                let invariant = spec.walk(*id);
                let owner = entity(invariant.get().entity);
                format!("+ invariant {owner}.{}", invariant.name)
            }
            Change::AddRuleToRows { entity: id, rule } => {
                let kind = match rule {
                    NewRule::Invariant(_) => "invariant",
                    NewRule::Unique(_) => "unique",
                    NewRule::Overlap(_) => "no overlap",
                };
                let name = rule.name(spec);
                format!(
                    "{} {kind} {}.{name}, of rows that are there too",
                    sign(changes.replaces(spec, *id, rule)),
                    entity(*id)
                )
            }
            Change::DropMember {
                entity: id,
                kind,
                name,
            } => format!("- {} {}.{name}", word(*kind), entity(*id)),
            Change::AlterUniqueMessage { entity: id, name } => {
                format!("~ message of unique {}.{name}", entity(*id))
            }
            Change::AlterOverlapMessage { entity: id, name } => {
                format!("~ message of no overlap {}.{name}", entity(*id))
            }
            Change::AlterInvariantMessage(id) => {
                let invariant = spec.walk(*id);
                let owner = entity(invariant.get().entity);
                format!("~ message of invariant {owner}.{}", invariant.name)
            }
        })
        .chain(
            dropped(changes, spec)
                .iter()
                .map(|it| format!("no longer enforced: {it}")),
        )
        .collect()
}

fn sign(replaces: bool) -> char {
    if replaces { '~' } else { '+' }
}

/// What a field is now where rows are concerned: `Member.age: bigint in 0..150, was int`
fn altered_field(changes: &Changes<'_>, spec: &Spec, step: &Step, id: Id<Field>) -> String {
    let field = spec.walk(id);
    let name = format!("{}.{}", field.entity().name, field.name);
    let facts = step.delta.now.entities.get(&field.entity().full_name());
    let now = facts.and_then(|facts| facts.fields.get(&field.get().name));
    let (Some(before), Some(now)) = (changes.field_before(id), now) else {
        return format!("~ field {name}");
    };
    if shape(before) == shape(now) {
        format!("~ field {name}")
    } else {
        format!("~ field {name}: {}, was {}", shape(now), shape(before))
    }
}

/// What rows may break from now on: rules that are gone, and bounds of fields that have fewer.
pub(super) fn dropped(changes: &Changes<'_>, spec: &Spec) -> Vec<String> {
    let mut found = Vec::new();
    for step in &changes.steps {
        match &step.change {
            Change::DropMember {
                entity,
                kind:
                    kind @ (Member::Unique | Member::Overlap | Member::Lifecycle | Member::Invariant),
                name,
            } => found.push(format!(
                "{} {}.{name}",
                word(*kind),
                spec.walk(*entity).name
            )),
            Change::AlterField(id) => {
                let field = spec.walk(*id);
                let facts = step.delta.now.entities.get(&field.entity().full_name());
                let now = facts.and_then(|facts| facts.fields.get(&field.get().name));
                if let (Some(before), Some(now)) = (changes.field_before(*id), now)
                    && now.bounds.len() < before.bounds.len()
                {
                    let gone = before.bounds.iter().filter(|it| !now.bounds.contains(it));
                    let name = format!("{}.{}", field.entity().name, field.name);
                    found.extend(gone.map(|bound| format!("{name} {}", clean(bound))));
                }
            }
            _ => {}
        }
    }
    found
}

fn word(kind: Member) -> &'static str {
    match kind {
        Member::Derive => "derive",
        Member::Unique => "unique",
        Member::Overlap => "no overlap",
        Member::Lifecycle => "lifecycle",
        Member::Index => "index",
        Member::Invariant => "invariant",
    }
}

fn shape(fact: &FieldFact) -> String {
    let optional = if fact.optional { "?" } else { "" };
    let words = std::iter::once(format!("{}{optional}", fact.ty));
    let words: Vec<String> = words.chain(fact.bounds.iter().cloned()).collect();
    clean(&words.join(" ")).into_owned()
}
