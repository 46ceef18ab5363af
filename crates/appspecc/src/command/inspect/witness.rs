//! An example of everything: a row of each entity, all of them together as the spec wants them.

mod instance;

use std::fmt::Write;

use appspec_ir::{
    Compiled, Entity, Field, FieldType, Id, Scalar, Spec, Standing, Value, Walk, made_up_number,
    print_value,
};
use schemars::JsonSchema;
use serde::Serialize;

use appspec_django::{Together, rows_together};
use instance::{Instance, Why};

use crate::table;
use crate::terminal::Paint;

/// Rows that stand together.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Witness {
    /// The rows, each after those that it points to.
    rows: Vec<Example>,
    /// The entities of which no row was found. There may be one all the same: a search that gives up proves nothing.
    unknown: Vec<Unknown>,
}

/// An entity of which no row was found.
#[derive(Debug, Serialize, JsonSchema)]
struct Unknown {
    /// Which one: `booking.Visit`.
    entity: String,
    /// How far the search came.
    reason: String,
}

/// A row.
#[derive(Debug, Serialize, JsonSchema)]
struct Example {
    /// Its entity: `booking.Visit`.
    entity: String,
    /// Which one of the entity's rows it is.
    number: usize,
    /// The fields that are not empty.
    fields: Vec<Filled>,
}

/// A field of a row.
#[derive(Debug, Serialize, JsonSchema)]
struct Filled {
    /// The field.
    field: String,
    /// What it holds; nothing where any value will do.
    #[serde(flatten)]
    content: Option<Content>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Content {
    /// A value, as the language spells it.
    Value(String),
    /// The number of the row that is pointed to.
    Row {
        /// The entity.
        entity: String,
        /// Which one.
        number: usize,
    },
    /// The numbers of the rows that are held.
    Rows {
        /// The entity.
        entity: String,
        /// Which ones.
        numbers: Vec<usize>,
    },
}

pub(crate) fn of(compiled: &Compiled) -> Witness {
    let spec = &compiled.spec;
    let mut entities = spec.walk_entities();
    if entities.any(|entity| !entity.get().across.is_empty()) {
        return spanning(compiled);
    }
    let mut instance = Instance::new(compiled);
    let mut unknown = Vec::new();
    for entity in spec.walk_entities() {
        if let Err(why) = instance.add(entity.id) {
            unknown.push(Unknown {
                entity: entity.full_name(),
                reason: reason(spec, why),
            });
        }
    }
    let rows = instance
        .standing
        .iter()
        .map(|own| example(spec.walk(own.entity), own, &[]))
        .collect();
    Witness { rows, unknown }
}

/// Where rules span rows, a row of each entity by itself does not keep them.
fn spanning(compiled: &Compiled) -> Witness {
    let spec = &compiled.spec;
    let found = rows_together(compiled);
    let is_missing = |entity: &Walk<'_, Entity>| found.iter().all(|own| own.entity != entity.id);
    let missing = spec.walk_entities().filter(is_missing);
    let unknown = missing.map(|entity| Unknown {
        entity: entity.full_name(),
        reason: reason(spec, Why::NotFound),
    });
    let unknown = unknown.collect();
    let rows = found.into_iter().map(|own| {
        let Together {
            entity,
            number,
            row,
            holds,
        } = own;
        let standing = Standing {
            entity,
            number,
            row,
        };
        example(spec.walk(entity), &standing, &holds)
    });
    Witness {
        rows: rows.collect(),
        unknown,
    }
}

fn reason(spec: &Spec, why: Why) -> String {
    match why {
        Why::NotFound => "the search for one that keeps its rules was given up".to_owned(),
        Why::Needs(entity, number) => format!(
            "the one that was found points to {} {number}, of which the same is true",
            spec.walk(entity).full_name()
        ),
        Why::Circle => "the one that was found would have to be there before itself".to_owned(),
    }
}

fn example(
    entity: Walk<'_, Entity>,
    standing: &Standing,
    holds: &[(Id<Field>, Vec<usize>)],
) -> Example {
    let fields = entity.fields().filter_map(|field| {
        if let FieldType::Many(many) = &field.get().ty {
            let held =
                |(id, numbers): &&(Id<Field>, Vec<usize>)| *id == field.id && !numbers.is_empty();
            let (_, numbers) = holds.iter().find(held)?;
            let content = Content::Rows {
                entity: full_name(entity, many.target),
                numbers: numbers.clone(),
            };
            return Some(Filled {
                field: field.name.clone(),
                content: Some(content),
            });
        }
        let value = standing.row.get(field.id)?;
        let content = match &field.get().ty {
            FieldType::Relation(relation) => made_up_number(value).map(|number| Content::Row {
                entity: full_name(entity, relation.target),
                number,
            }),
            // Nothing reads what these hold.
            FieldType::List(_)
            | FieldType::Many(_)
            | FieldType::Scalar(Scalar::Json | Scalar::File | Scalar::Image | Scalar::Bytes) => {
                None
            }
            _ => Some(Content::Value(match value {
                Value::Uuid(text) => text.clone(),
                other => print_value(other),
            })),
        };
        Some(Filled {
            field: field.name.clone(),
            content,
        })
    });
    Example {
        entity: entity.full_name(),
        number: standing.number,
        fields: fields.collect(),
    }
}

fn full_name(entity: Walk<'_, Entity>, target: Id<Entity>) -> String {
    entity.spec.walk(target).full_name()
}

impl Witness {
    /// A page to read.
    pub(crate) fn page(&self, paint: Paint) -> String {
        let mut out = String::new();
        for row in &self.rows {
            if !out.is_empty() {
                out.push('\n');
            }
            let _ = writeln!(out, "{} {}", paint.bold(&row.entity), row.number);
            let lines: Vec<Vec<String>> = row
                .fields
                .iter()
                .map(|own| {
                    let content = match &own.content {
                        Some(Content::Value(value)) => value.clone(),
                        Some(Content::Row { entity, number }) => format!("{entity} {number}"),
                        Some(Content::Rows { entity, numbers }) => {
                            let numbers = numbers.iter().map(ToString::to_string);
                            format!("{entity} {}", numbers.collect::<Vec<_>>().join(", "))
                        }
                        None => "any".to_owned(),
                    };
                    vec![own.field.clone(), content]
                })
                .collect();
            out.push_str(&table::align(&lines));
        }
        for own in &self.unknown {
            let _ = writeln!(
                out,
                "\nNo row of {} was found, though there may be one: {}.",
                own.entity, own.reason
            );
        }
        out
    }
}
