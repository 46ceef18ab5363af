//! How the entities of a spec refer to each other.

use std::fmt::Write;

use appspec_ir::{FieldType, OnDelete, Spec, Walk};
use schemars::JsonSchema;
use serde::Serialize;

/// Every entity, and every relation between them.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Relations {
    /// The entities, by their modules and names: `booking.Visit`.
    entities: Vec<String>,
    /// The relations, in the order of the spec.
    relations: Vec<Relation>,
}

/// A field that points to other rows.
#[derive(Debug, Serialize, JsonSchema)]
struct Relation {
    /// The entity that has the field.
    from: String,
    /// The field.
    field: String,
    /// The entity that it points to.
    to: String,
    /// To how many rows it points, and from how many.
    kind: Kind,
    /// Whether it may be empty.
    optional: bool,
    /// What happens to the row when the one that it points to is deleted.
    on_delete: Option<&'static str>,
    /// The name of the way back.
    inverse: Option<String>,
    /// The entity whose rows are the links.
    through: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Kind {
    ManyToOne,
    OneToOne,
    ManyToMany,
}

pub(crate) fn of(spec: &Spec) -> Relations {
    let fields = spec.walk_entities().flat_map(Walk::fields);
    let relations = fields.filter_map(|field| {
        let to = field.target()?.full_name();
        let from = field.entity().full_name();
        let name = field.name.clone();
        Some(match &field.get().ty {
            FieldType::Relation(relation) => Relation {
                from,
                field: name,
                to,
                kind: if relation.one_to_one {
                    Kind::OneToOne
                } else {
                    Kind::ManyToOne
                },
                optional: field.optional,
                on_delete: Some(word(relation.on_delete)),
                inverse: relation.inverse.as_ref().map(|way| way.name.clone()),
                through: None,
            },
            FieldType::Many(many) => Relation {
                from,
                field: name,
                to,
                kind: Kind::ManyToMany,
                optional: true,
                on_delete: None,
                inverse: many.inverse.as_ref().map(|way| way.name.clone()),
                through: many
                    .through
                    .as_ref()
                    .map(|through| spec.walk(through.entity).full_name()),
            },
            _ => return None,
        })
    });
    Relations {
        entities: spec.walk_entities().map(Walk::full_name).collect(),
        relations: relations.collect(),
    }
}

fn word(on_delete: OnDelete) -> &'static str {
    match on_delete {
        OnDelete::Cascade => "cascade",
        OnDelete::Protect => "protect",
        OnDelete::Restrict => "restrict",
        OnDelete::SetNull => "set null",
    }
}

impl Relations {
    /// A graph for Graphviz. Names of a spec are identifiers, so that nothing has to be escaped.
    pub(crate) fn dot(&self) -> String {
        let mut out = String::from("digraph {\n  rankdir=LR\n  node [shape=box]\n");
        for entity in &self.entities {
            let _ = writeln!(out, "  \"{entity}\"");
        }
        for own in &self.relations {
            let ends = match own.kind {
                Kind::ManyToOne => "dir=both, arrowtail=crow, arrowhead=none",
                Kind::OneToOne => "dir=none",
                Kind::ManyToMany => "dir=both, arrowtail=crow, arrowhead=crow",
            };
            let style = if own.optional { ", style=dashed" } else { "" };
            let _ = writeln!(
                out,
                "  \"{}\" -> \"{}\" [label=\"{}\", {ends}{style}]",
                own.from, own.to, own.field
            );
        }
        out.push_str("}\n");
        out
    }

    /// A diagram for Mermaid, to which a field such as `one` or `only` would be a word of its own.
    pub(crate) fn mermaid(&self) -> String {
        let mut out = String::from("erDiagram\n");
        for entity in &self.entities {
            let _ = writeln!(out, "  \"{entity}\"");
        }
        for own in &self.relations {
            let ends = match (own.kind, own.optional) {
                (Kind::ManyToOne, false) => "}o--||",
                (Kind::ManyToOne, true) => "}o--o|",
                (Kind::OneToOne, false) => "|o--||",
                (Kind::OneToOne, true) => "|o--o|",
                (Kind::ManyToMany, _) => "}o--o{",
            };
            let _ = writeln!(
                out,
                "  \"{}\" {ends} \"{}\" : \"{}\"",
                own.from, own.to, own.field
            );
        }
        out
    }
}
