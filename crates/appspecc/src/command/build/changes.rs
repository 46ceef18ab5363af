//! What a build changes in the schema, in the words of the spec.

use appspec_evolve::{Change, Changes, NewRule};
use appspec_ir::{Entity, Field, Id, Spec};

/// A line for each change: `+` is new, `~` is different. Of a first build nothing is said: everything is new.
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
    changes
        .steps
        .iter()
        .filter(|step| !matches!(step.change, Change::AlterEntity(id) if is_renamed(id)))
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
            Change::AlterField(id) => format!("~ field {}", field(*id)),
            Change::AddDerive(id) => {
                let derive = spec.walk(*id);
                format!("+ derive {}.{}", entity(derive.get().entity), derive.name)
            }
            Change::AlterDerive(id) => {
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
            Change::AddIndex { entity: id, name } => format!("+ index {}.{name}", entity(*id)),
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
                    "+ {kind} {}.{name}, of rows that are there too",
                    entity(*id)
                )
            }
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
        .collect()
}
