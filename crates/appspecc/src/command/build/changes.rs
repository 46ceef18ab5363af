//! What a build changes in the schema, in the words of the spec.

use appspec_backend::Artifacts;
use appspec_diagnostics::render::clean;
use appspec_evolve::{Added, Change, Changes, FieldFact, Member, NewRule, Step};
use appspec_ir::{Entity, Field, FieldType, Id, Spec};

use super::Session;
use crate::output::other_half;

/// What is said of the changes of a build. Of a first build nothing is: everything is new.
#[derive(Default)]
pub(crate) struct Said {
    /// A line for each change: `+` is new, `~` is different, `-` is gone; what rows may break from now on is said in words.
    pub(crate) lines: Vec<String>,
    /// The rules that rows may break from now on.
    pub(crate) dropped: Vec<String>,
}

impl Said {
    /// With the migrations that the database refused, of which the memories lie here: they go, or are written anew.
    pub(super) fn and_refused(mut self, memories: &[String], artifacts: &Artifacts) -> Self {
        for migration in memories.iter().filter_map(|path| other_half(path)) {
            let sign = sign_of(artifacts.get(&migration).is_some());
            self.lines
                .push(format!("{sign} {migration}, which the database refused"));
        }
        self
    }
}

pub(super) fn said(changes: &Changes<'_>, spec: &Spec, session: &Session) -> Said {
    if changes.before.entities.is_empty() {
        return Said::default();
    }
    let steps = changes.steps.iter();
    let steps = steps.filter(|step| has_line(changes, &step.change));
    let dropped = dropped(changes, spec);
    let gone = dropped.iter().map(|it| format!("no longer enforced: {it}"));
    Said {
        lines: steps
            .map(|step| line(changes, spec, step))
            .chain(gone)
            .chain(taken_back(changes, spec, session))
            .collect(),
        dropped,
    }
}

/// Whether no other line says it already: that of a rename, that of an index in place of one, or that of a rule that is
/// no longer enforced.
fn has_line(changes: &Changes<'_>, change: &Change) -> bool {
    let any = |is_it: &dyn Fn(&Change) -> bool| changes.steps.iter().any(|it| is_it(&it.change));
    match change {
        Change::AlterEntity(id) => {
            !any(&|other| matches!(other, Change::RenameEntity { entity, .. } if entity == id))
        }
        Change::AddAcross { entity: id, name } => {
            let Some(facts) = changes.facts_before(*id) else {
                // Said with the entity.
                return false;
            };
            let before = facts.across.get(name);
            let mut steps = changes.steps.iter().filter(|it| it.change == *change);
            // One that only makes room for other changes says what it said.
            !steps.any(|step| {
                let mut entities = step.delta.now.entities.values();
                entities.any(|facts| before.is_some() && facts.across.get(name) == before)
            })
        }
        // Said by `dropped`, and by `taken_back`.
        Change::DropAcross { .. } | Change::DropField { .. } | Change::DropEntity { .. } => false,
        Change::DropMember { entity, kind, name } => match kind {
            Member::Derive => true,
            Member::Index => !any(
                &|other| matches!(other, Change::AddIndex { entity: owner, name: new } if (owner, new) == (entity, name)),
            ),
            Member::Unique
            | Member::Overlap
            | Member::Lifecycle
            | Member::Kept
            | Member::Across
            | Member::Invariant => false,
        },
        _ => true,
    }
}

fn line(changes: &Changes<'_>, spec: &Spec, step: &Step) -> String {
    let entity = |id: Id<Entity>| spec.walk(id).get().name.clone();
    let field = |id: Id<Field>| {
        let field = spec.walk(id);
        format!("{}.{}", field.entity().name, field.name)
    };
    match &step.change {
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
        Change::AddLifecycle { entity: id, name } => format!("+ lifecycle {}.{name}", entity(*id)),
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
                NewRule::Kept(_) => "kept",
            };
            let name = rule.name(spec);
            format!(
                "{} {kind} {}.{name}, of rows that are there too",
                sign(changes.replaces(spec, *id, rule).is_some()),
                entity(*id)
            )
        }
        Change::AddAcross { entity: id, name } => {
            let facts = changes.facts_before(*id);
            let replaces = facts.is_some_and(|facts| facts.across.contains_key(name));
            let owner = entity(*id);
            format!(
                "{} invariant {owner}.{name}, of rows that are there too",
                sign(replaces)
            )
        }
        Change::DropAcross { entity: id, name } => format!("- invariant {}.{name}", entity(*id)),
        Change::DropMember {
            entity: id,
            kind,
            name,
        } => format!("- {} {}.{name}", word(*kind), entity(*id)),
        Change::DropField { entity: id, name } => format!("- field {}.{name}", entity(*id)),
        Change::DropEntity { name, .. } => format!("- entity {name}"),
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
    }
}

fn sign(replaces: bool) -> char {
    if replaces { '~' } else { '+' }
}

fn sign_of(stays: bool) -> char {
    if stays { '~' } else { '-' }
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
    let (before, now) = match field.get().ty {
        FieldType::Scalar(_) => (shape(before), shape(now)),
        // Another name of what it is about is no other type.
        _ => (marks(before), marks(now)),
    };
    if before == now {
        format!("~ field {name}")
    } else {
        format!("~ field {name}: {now}, was {before}")
    }
}

/// What rows may break from now on: rules that are gone, and bounds of fields that have fewer.
fn dropped(changes: &Changes<'_>, spec: &Spec) -> Vec<String> {
    let mut found = Vec::new();
    for step in &changes.steps {
        match &step.change {
            Change::DropMember {
                entity,
                kind:
                    kind @ (Member::Unique
                    | Member::Overlap
                    | Member::Lifecycle
                    | Member::Kept
                    | Member::Invariant),
                name,
            } => found.push(format!(
                "{} {}.{name}",
                word(*kind),
                spec.walk(*entity).name
            )),
            Change::DropAcross { entity, name } => {
                let mut left = spec.walk(*entity).get().across.iter();
                if left.all(|rule| rule.name != *name) {
                    found.push(format!("invariant {}.{name}", spec.walk(*entity).name));
                }
            }
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

/// What builds of this session added, and this one takes away: `Member.nick, added a minute ago, is gone again`.
fn taken_back(changes: &Changes<'_>, spec: &Spec, session: &Session) -> Vec<String> {
    let said = |name: &str, added: &Added| {
        let name = clean(name);
        format!("- {name}{}, is gone again", session.age(added))
    };
    let mut found = Vec::new();
    for step in &changes.steps {
        match &step.change {
            Change::DropField { entity, name } => {
                let owner = changes.entity_name_before(*entity).unwrap_or_default();
                let shown = format!("{}.{name}", spec.walk(*entity).get().name);
                found.push(said(&shown, &Added::Field(owner.to_owned(), name.clone())));
            }
            Change::DropEntity { module, name } => {
                let full_name = format!("{}.{name}", spec.walk(*module).get().path);
                found.push(said(name, &Added::Entity(full_name)));
            }
            Change::AlterEnum(id) => {
                let list = changes.enum_name_before(*id).unwrap_or_default();
                for stored in changes.dropped_values(spec, *id) {
                    let shown = format!("{}.{stored}", spec.walk(*id).get().name);
                    found.push(said(
                        &shown,
                        &Added::Value(list.to_owned(), stored.to_owned()),
                    ));
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
        Member::Kept => "kept",
        Member::Index => "index",
        Member::Across => "rule across rows",
        Member::Invariant => "invariant",
    }
}

/// `text(80)? in 2..`
fn shape(fact: &FieldFact) -> String {
    let optional = if fact.optional { "?" } else { "" };
    let words = std::iter::once(format!("{}{optional}", fact.ty));
    let words: Vec<String> = words.chain(fact.bounds.iter().cloned()).collect();
    clean(&words.join(" ")).into_owned()
}

/// `optional in ..3`
fn marks(fact: &FieldFact) -> String {
    let optional = if fact.optional {
        "optional"
    } else {
        "required"
    };
    let words = std::iter::once(optional.to_owned());
    let words: Vec<String> = words.chain(fact.bounds.iter().cloned()).collect();
    clean(&words.join(" ")).into_owned()
}
