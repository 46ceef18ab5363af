//! An example of everything: a row of each entity, all of them together as the spec wants them.

use std::fmt::Write;

use appspec_ir::{
    Compiled, Entity, FieldType, Id, Row, Scalar, Standing, Surroundings, Value, Walk, collisions,
    holds, made_up_number, print_value,
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::table;
use crate::terminal::Paint;

/// Rows that stand together.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Witness {
    /// The rows, each after those that it points to.
    rows: Vec<Example>,
    /// The entities of which no row is known: their rules are more than appspecc can reason about.
    unknown: Vec<String>,
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
}

pub(crate) fn of(compiled: &Compiled) -> Witness {
    let spec = &compiled.spec;
    let witnesses = compiled.witnesses();
    let mut standing: Vec<Standing> = Vec::new();
    let mut unknown = Vec::new();
    for entity in spec.walk_entities() {
        let below = witnesses.numbered(entity.id, 1).and_then(|row| {
            let mut rows = witnesses.pointed_to(spec, &[(entity.id, row)])?;
            rows.push(Standing {
                entity: entity.id,
                number: 1,
                row: row.clone(),
            });
            Some(rows)
        });
        let rows = below.unwrap_or_default();
        let fits = |row: &Standing| {
            keeps_every_rule(spec.walk(row.entity), &row.row)
                && standing.iter().all(|other| may_stand(compiled, other, row))
        };
        if rows.is_empty() || !rows.iter().all(fits) {
            unknown.push(entity.full_name());
            continue;
        }
        for row in rows {
            if !standing.iter().any(|other| is_same(other, &row)) {
                standing.push(row);
            }
        }
    }
    let rows = standing
        .iter()
        .map(|own| example(spec.walk(own.entity), own))
        .collect();
    Witness { rows, unknown }
}

fn is_same(one: &Standing, other: &Standing) -> bool {
    (one.entity, one.number) == (other.entity, other.number)
}

/// Whether no unique rule keeps two rows apart.
fn may_stand(compiled: &Compiled, one: &Standing, other: &Standing) -> bool {
    one.entity != other.entity
        || is_same(one, other)
        || collisions(compiled.spec.walk(one.entity), &one.row, &other.row).is_empty()
}

/// What the evaluator of the language says, on the first day of 2026 at nine.
fn keeps_every_rule(entity: Walk<'_, Entity>, row: &Row) -> bool {
    let around = Surroundings {
        now: Some(1_767_258_000_000_000),
        offset: Some(&|_| 0),
    };
    let mut invariants = entity.invariants();
    invariants.all(|invariant| holds(&invariant.get().condition, row, around) == Ok(true))
}

fn example(entity: Walk<'_, Entity>, standing: &Standing) -> Example {
    let fields = entity.fields().filter_map(|field| {
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
                        None => "any".to_owned(),
                    };
                    vec![own.field.clone(), content]
                })
                .collect();
            out.push_str(&table::align(&lines));
        }
        if !self.unknown.is_empty() {
            let _ = writeln!(out, "\nNo row is known of {}.", self.unknown.join(", "));
        }
        out
    }
}
