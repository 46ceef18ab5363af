//! Small specs for tests, made by hand.

use appspec_diagnostics::{Diagnostics, FileId, Span};
use appspec_ir::{
    Arena, Choice, Comparison, Default as DefaultValue, Direction, Entity, Enum, Environment, Expr,
    ExprKind, Field, FieldType, Id, Identity, Index, Invariant, Labels, Module, Moment, OnDelete,
    Overlap, Project, Relation, Scalar, SortKey, Spec, Type, Unique, Value,
};

use crate::{Change, Changes, History, Migration, MigrationName, Schema, Young, diff_with};

pub(crate) const TEXT: FieldType = FieldType::Scalar(Scalar::Text { max: Some(80) });
pub(crate) const INT: FieldType = FieldType::Scalar(Scalar::Int);

/// A spec of one module `shop`.
pub(crate) struct Shop {
    pub(crate) spec: Spec,
    offset: u32,
}

impl Shop {
    pub(crate) fn new() -> Self {
        let mut modules = Arena::new();
        modules.push(Module {
            path: "shop".into(),
            label: "shop".into(),
            is_std: false,
            entities: vec![],
            enums: vec![],
        });
        let span = Span::new(FileId(0), 0, 1);
        Self {
            spec: Spec {
                project: Project {
                    name: "shop".into(),
                    title: "Shop".into(),
                    doc: None,
                    timezone: "UTC".into(),
                    language: "en".into(),
                    span,
                },
                modules,
                entities: Arena::new(),
                fields: Arena::new(),
                derives: Arena::new(),
                invariants: Arena::new(),
                enums: Arena::new(),
                types: Arena::new(),
                seeds: Arena::new(),
                roles: Arena::new(),
                auth: None,
                environment: Environment::new(),
                user: Id::from_index(0),
                written: appspec_ir::Written::default(),
            },
            offset: 10,
        }
    }

    fn span(&mut self) -> Span {
        self.offset += 10;
        Span::new(FileId(0), self.offset, self.offset + 1)
    }

    pub(crate) fn entity(&mut self, name: &str) -> Id<Entity> {
        let span = self.span();
        let id = self.spec.entities.push(Entity {
            name: name.into(),
            doc: None,
            module: Id::from_index(0),
            labels: Labels {
                singular: name.to_lowercase(),
                plural: format!("{}s", name.to_lowercase()),
            },
            identity: Identity::Uuid,
            fields: vec![],
            derives: vec![],
            invariants: vec![],
            uniques: vec![],
            across: vec![],
            overlaps: vec![],
            lifecycles: vec![],
            changes: Vec::new(),
            one_of: Vec::new(),
            append_only: None,
            audited: None,
            soft_delete: None,
            keep: None,
            frozen: None,
            access: None,
            indexes: vec![],
            shown_as: None,
            sorted_by: vec![],
            was: None,
            span,
        });
        let module = self.spec.modules.find_mut(Id::from_index(0)).unwrap();
        module.entities.push(id);
        id
    }

    pub(crate) fn change_entity(&mut self, id: Id<Entity>) -> &mut Entity {
        self.spec.entities.find_mut(id).unwrap()
    }

    pub(crate) fn change(&mut self, id: Id<Field>) -> &mut Field {
        self.spec.fields.find_mut(id).unwrap()
    }

    pub(crate) fn field(&mut self, entity: Id<Entity>, name: &str, ty: FieldType) -> Id<Field> {
        let span = self.span();
        let id = self.spec.fields.push(Field::plain(entity, name, ty, span));
        self.change_entity(entity).fields.push(id);
        id
    }

    pub(crate) fn relation(
        &mut self,
        entity: Id<Entity>,
        name: &str,
        target: Id<Entity>,
    ) -> Id<Field> {
        let relation = Relation {
            target,
            one_to_one: false,
            on_delete: OnDelete::Protect,
            inverse: None,
        };
        self.field(entity, name, FieldType::Relation(relation))
    }

    pub(crate) fn enumeration(&mut self, name: &str, values: &[&str]) -> Id<Enum> {
        let span = self.span();
        let choices = values
            .iter()
            .map(|value| Choice {
                name: (*value).into(),
                label: (*value).into(),
                stored: (*value).into(),
                doc: None,
                was: None,
                span: self.span(),
            })
            .collect();
        let id = self.spec.enums.push(Enum {
            name: name.into(),
            doc: None,
            module: Id::from_index(0),
            choices,
            was: None,
            span,
        });
        let module = self.spec.modules.find_mut(Id::from_index(0)).unwrap();
        module.enums.push(id);
        id
    }

    pub(crate) fn unique(&mut self, entity: Id<Entity>, fields: &[Id<Field>]) {
        let span = self.span();
        let names: Vec<&str> = fields
            .iter()
            .map(|id| self.spec.fields[*id].name.as_str())
            .collect();
        let name = format!("{}_unique", names.join("_"));
        self.change_entity(entity).uniques.push(Unique {
            name,
            fields: fields.to_vec(),
            condition: None,
            ignoring_case: false,
            message: None,
            span,
        });
    }

    /// `no overlap of start until end`
    pub(crate) fn overlap(&mut self, entity: Id<Entity>, start: Id<Field>, end: Id<Field>) {
        let span = self.span();
        let name = format!("{}_overlap", self.spec.fields[start].name);
        self.change_entity(entity).overlaps.push(Overlap {
            name,
            start,
            end,
            closed: false,
            per: vec![],
            condition: None,
            message: None,
            span,
        });
    }

    pub(crate) fn index(&mut self, entity: Id<Entity>, field: Id<Field>) {
        let span = self.span();
        let name = format!("{}_index", self.spec.fields[field].name);
        self.change_entity(entity).indexes.push(Index {
            name,
            keys: vec![SortKey {
                field,
                direction: Direction::Ascending,
            }],
            condition: None,
            span,
        });
    }

    /// `invariant name: field >= number`
    pub(crate) fn at_least(&mut self, field: Id<Field>, name: &str, number: i128) -> Id<Invariant> {
        let span = self.span();
        let entity = self.spec.fields[field].entity;
        let operand = |kind| {
            Box::new(Expr {
                kind,
                ty: Type::Int,
                span,
            })
        };
        let id = self.spec.invariants.push(Invariant {
            name: name.into(),
            doc: None,
            entity,
            moment: Moment::Always,
            condition: Expr {
                kind: ExprKind::Compare(
                    Comparison::GreaterOrEqual,
                    operand(ExprKind::Field(field)),
                    operand(ExprKind::Value(Value::Int(number))),
                ),
                ty: Type::Bool,
                span,
            },
            message: format!("{name} is broken"),
            span,
        });
        self.change_entity(entity).invariants.push(id);
        id
    }

    pub(crate) fn default(&mut self, field: Id<Field>, value: Value) {
        self.change(field).default = Some(DefaultValue::Value(value));
    }
}

/// The history after a build of `spec`, in one migration that comes after the last ones.
pub(crate) fn built(history: &History, spec: &Spec) -> History {
    built_with(&Young::default(), history, spec)
}

/// Likewise, where some of it is young.
pub(crate) fn built_with(young: &Young, history: &History, spec: &Spec) -> History {
    built_by(young, history, spec, "next", &history.leaves("shop"))
}

/// Likewise on a branch: the migration has a name of its own and comes after those of `after`.
pub(crate) fn built_as(history: &History, spec: &Spec, word: &str, after: &[&str]) -> History {
    built_by(&Young::default(), history, spec, word, after)
}

fn built_by(young: &Young, history: &History, spec: &Spec, word: &str, after: &[&str]) -> History {
    let seen = History::new(
        history
            .migrations
            .iter()
            .filter(|migration| {
                after.iter().any(|leaf| {
                    migration.name.as_str() <= *leaf && migration.name.as_str() != *leaf
                }) || after.contains(&migration.name.as_str())
            })
            .cloned()
            .collect(),
    );
    let changes = fine_with(young, &seen, spec);
    let mut migrations = history.migrations.clone();
    if !changes.steps.is_empty() {
        migrations.push(Migration {
            app: "shop".into(),
            name: format!("{:04}_{word}", seen.next_number("shop")),
            after: after
                .iter()
                .map(|name| MigrationName {
                    app: "shop".into(),
                    name: (*name).into(),
                })
                .collect(),
            uses: std::collections::BTreeSet::new(),
            delta: Changes::delta(&changes.steps),
        });
    }
    // What is remembered is what comes back from the disk.
    History::new(
        migrations
            .iter()
            .map(|migration| Migration::from_json(&migration.to_json()).unwrap())
            .collect(),
    )
}

pub(crate) fn fine<'h>(history: &'h History, spec: &Spec) -> Changes<'h> {
    fine_with(&Young::default(), history, spec)
}

/// The schema as remembered, of a spec that is built.
pub(crate) fn facts_with(history: &History, spec: &Spec) -> Schema {
    fine(history, spec).before
}

fn fine_with<'h>(young: &Young, history: &'h History, spec: &Spec) -> Changes<'h> {
    let mut out = Diagnostics::new();
    let changes = diff_with(young, history, spec, &mut out);
    let found: Vec<&str> = out.iter().map(|finding| finding.message.as_str()).collect();
    assert!(found.is_empty(), "{found:#?}");
    changes
}

/// The steps of a change that is fine, shortened to their kinds and names.
pub(crate) fn steps(history: &History, spec: &Spec) -> Vec<String> {
    steps_with(&Young::default(), history, spec)
}

/// Likewise, where some of it is young.
pub(crate) fn steps_with(young: &Young, history: &History, spec: &Spec) -> Vec<String> {
    let changes = fine_with(young, history, spec);
    let entity = |id: &Id<Entity>| spec.entities[*id].name.clone();
    let field = |id: &Id<Field>| {
        let field = &spec.fields[*id];
        format!("{}.{}", spec.entities[field.entity].name, field.name)
    };
    changes
        .steps
        .iter()
        .map(|step| match &step.change {
            Change::MergeMigrations(id) => format!("merge {}", spec.modules[*id].label),
            Change::AddEntity(id) => format!("add {}", entity(id)),
            Change::RenameEntity { from, entity: id } => format!("rename {from} to {}", entity(id)),
            Change::RenameEnum { from, enumeration } => {
                format!("rename {from} to {}", spec.enums[*enumeration].name)
            }
            Change::AlterEntity(id) => format!("alter {}", entity(id)),
            Change::AddField(id) => format!("add {}", field(id)),
            Change::RenameField { from, field: id } => format!("rename {from} to {}", field(id)),
            Change::AlterField(id) => format!("alter {}", field(id)),
            Change::AddDerive(id) => format!("add {}", spec.derives[*id].name),
            Change::ReplaceDerive(id) => format!("compute {}", spec.derives[*id].name),
            Change::AlterDerive(id) => format!("alter {}", spec.derives[*id].name),
            Change::AlterEnum(id) => format!("alter {}", spec.enums[*id].name),
            Change::RenameChoice {
                from_stored,
                to_stored,
                ..
            } => format!("store {from_stored} as {to_stored}"),
            Change::AddUnique { name, .. }
            | Change::AddIndex { name, .. }
            | Change::AddAcross { name, .. }
            | Change::AddLifecycle { name, .. } => format!("add {name}"),
            Change::AddInvariant(id) => format!("add {}", spec.invariants[*id].name),
            Change::DropMember { name, .. }
            | Change::DropAcross { name, .. }
            | Change::DropField { name, .. }
            | Change::DropEntity { name, .. } => format!("drop {name}"),
            Change::AddRuleToRows { entity, rule } => {
                let done = if changes.replaces(spec, *entity, rule).is_some() {
                    "change"
                } else {
                    "add"
                };
                format!("{done} {} to rows", rule.name(spec))
            }
            Change::AlterUniqueMessage { name, .. }
            | Change::AlterOverlapMessage { name, .. }
            | Change::AlterLifecycle { name, .. } => {
                format!("alter {name}")
            }
            Change::AlterInvariantMessage(id) => format!("alter {}", spec.invariants[*id].name),
        })
        .collect()
}

/// The codes of what is refused, in the order in which people read.
pub(crate) fn codes(history: &History, spec: &Spec) -> Vec<&'static str> {
    codes_with(&Young::default(), history, spec)
}

/// Likewise, where some of it is young.
pub(crate) fn codes_with(young: &Young, history: &History, spec: &Spec) -> Vec<&'static str> {
    let mut out = Diagnostics::new();
    diff_with(young, history, spec, &mut out);
    out.sort();
    out.iter()
        .map(|finding| {
            assert!(finding.help.is_some(), "{}", finding.message);
            finding.code.id.trim_start_matches("evolve::")
        })
        .collect()
}
