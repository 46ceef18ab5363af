//! What people read for a row: one field where one says enough, otherwise what tells it from the others.

use appspec_backend::python::{Expr as Py, Ident, Operator, Stmt};
use appspec_ir::{Default, Entity, Field, FieldType, Identity, Scalar, Walk};

use crate::fields::{is_open_text, is_text};

/// Characters of a text that fits on one line of a list.
const LINE: u32 = 200;
/// The fields that can stand for a row together.
const TOGETHER: usize = 3;
/// Characters of a long text that are read for the row.
const BEGINNING: i64 = 80;

/// The fields that people read for a row, in this order: what the spec names, a name, what is unique together, what the
/// row belongs to with its day or number. Without any, people read its key.
pub(crate) fn fields(entity: Walk<'_, Entity>) -> Vec<Walk<'_, Field>> {
    declared(entity)
        .or_else(|| line(entity))
        .map(|field| vec![field])
        .or_else(|| unique_together(entity))
        .or_else(|| match entity.identity {
            // The number of an invoice says more than its day and the sum on it.
            Identity::Int => None,
            Identity::Uuid => belongs_to(entity).or_else(|| alone(entity).map(|field| vec![field])),
        })
        .unwrap_or_default()
}

/// The ways from a field to the values that people read for it, through what is read for the rows that it leads to. A
/// way ends at a reference where that row is read by its key, or would be read in a circle.
pub(crate) fn ways(field: Walk<'_, Field>) -> Vec<Vec<Walk<'_, Field>>> {
    let mut found = Vec::new();
    let mut open = vec![vec![field]];
    while let Some(way) = open.pop() {
        let target = way.last().and_then(|last| last.target());
        let next = target.map(fields).unwrap_or_default();
        let is_circle = next
            .iter()
            .any(|next| way.iter().any(|step| step.id == next.id));
        if next.is_empty() || is_circle {
            found.push(way);
            continue;
        }
        let longer = next.into_iter().map(|step| {
            let mut longer = way.clone();
            longer.push(step);
            longer
        });
        open.extend(longer.rev());
    }
    found
}

/// The body of `__str__`.
pub(super) fn statements(entity: Walk<'_, Entity>) -> Vec<Stmt> {
    let name = match fields(entity).as_slice() {
        [] => numbered(own("pk")),
        [field] if field.optional => {
            let text = match field.target() {
                None if is_line(*field) => own(&field.name),
                _ => label(&[*field]),
            };
            return vec![
                Stmt::assign("name", text),
                Stmt::Return(Py::binary(
                    Operator::Or,
                    Py::name("name"),
                    numbered(own("pk")),
                )),
            ];
        }
        [field] => whole(*field, entity.shown_as.is_none()),
        several => label(several),
    };
    vec![Stmt::Return(name)]
}

/// What one field says. A number that nobody named says what it counts.
fn whole(field: Walk<'_, Field>, is_unnamed: bool) -> Py {
    let value = own(&field.name);
    if field.target().is_some() {
        Py::name("str").arg(value)
    } else if is_long_text(field) {
        Py::from("django.utils.text", "Truncator")
            .arg(value)
            .attr("chars")
            .arg(Py::int(BEGINNING))
    } else if is_text(&field.get().ty) {
        value
    } else if is_unnamed && is_number(field) {
        numbered(value)
    } else if matches!(field.get().ty, FieldType::Enum(_)) {
        display(field)
    } else {
        label(&[field])
    }
}

fn numbered(number: Py) -> Py {
    Py::from("core.labels", "numbered")
        .arg(Py::name("self"))
        .arg(number)
}

fn label(fields: &[Walk<'_, Field>]) -> Py {
    fields
        .iter()
        .fold(Py::from("core.labels", "label"), |call, field| {
            call.arg(match field.get().ty {
                FieldType::Enum(_) => display(*field),
                _ => own(&field.name),
            })
        })
}

/// What people read for the value of an enum.
fn display(field: Walk<'_, Field>) -> Py {
    own(&format!("get_{}_display", field.name)).call()
}

fn own(name: &str) -> Py {
    Py::name("self").attr(Ident::new(name))
}

fn declared(entity: Walk<'_, Entity>) -> Option<Walk<'_, Field>> {
    entity.shown_as.map(|id| entity.spec.walk(id))
}

/// The first required text of one line. Whoever knows a token holds a key, and nobody reads an address aloud.
fn line(entity: Walk<'_, Entity>) -> Option<Walk<'_, Field>> {
    required(entity).find(|field| is_line(*field))
}

fn is_line(field: Walk<'_, Field>) -> bool {
    let fits = match field.get().ty {
        FieldType::Scalar(Scalar::Text { max }) => max.is_some_and(|max| max <= LINE),
        FieldType::Scalar(Scalar::Url) => false,
        _ => true,
    };
    is_open_text(&field.get().ty) && fits
}

/// What no two rows share: the stylist and the service of a skill.
fn unique_together(entity: Walk<'_, Entity>) -> Option<Vec<Walk<'_, Field>>> {
    let account = required(entity)
        .find(|field| field.relation().is_some_and(|to| to.one_to_one) && is_readable(*field));
    let sets = entity.get().uniques.iter();
    let sets = sets.filter(|unique| unique.condition.is_none() && unique.fields.len() <= TOGETHER);
    let mut sets = sets.map(|unique| {
        let fields = unique.fields.iter();
        fields.map(|id| entity.spec.walk(*id)).collect::<Vec<_>>()
    });
    account.map(|field| vec![field]).or_else(|| {
        sets.find(|set| {
            set.iter()
                .all(|field| !field.optional && is_readable(*field))
        })
    })
}

/// What the row belongs to, and what else tells it from its neighbours.
fn belongs_to(entity: Walk<'_, Entity>) -> Option<Vec<Walk<'_, Field>>> {
    let mut belongs =
        required(entity).filter(|field| field.relation().is_some() && is_readable(*field));
    let first = belongs.next()?;
    let other = belongs.next();
    let beside = moment(entity)
        .or(other)
        .or_else(|| required(entity).find(|field| is_number(*field)))
        .or_else(|| required(entity).find(|field| matches!(field.get().ty, FieldType::Enum(_))))
        .or_else(|| made_at(entity));
    Some([first].into_iter().chain(beside).collect())
}

/// What stands for a row that belongs to nothing: a whole text, a day, a number, a kind; or what it has of these.
fn alone(entity: Walk<'_, Entity>) -> Option<Walk<'_, Field>> {
    let is_whole_text =
        |field: &Walk<'_, Field>| field.get().ty == FieldType::Scalar(Scalar::Text { max: None });
    let is_enum = |field: &Walk<'_, Field>| matches!(field.get().ty, FieldType::Enum(_));
    required(entity)
        .find(|field| is_long_text(*field))
        .or_else(|| moment(entity))
        .or_else(|| required(entity).find(|field| is_number(*field)))
        .or_else(|| required(entity).find(is_enum))
        .or_else(|| made_at(entity))
        .or_else(|| entity.fields().find(|field| is_line(*field)))
        .or_else(|| {
            entity
                .fields()
                .find(|field| is_moment(*field) && !field.touched)
        })
        .or_else(|| entity.fields().find(|field| is_number(*field)))
        .or_else(|| entity.fields().find(is_whole_text))
}

/// The moment in which a row was made: the language fills it in if nobody else did.
pub(crate) fn made_at(entity: Walk<'_, Entity>) -> Option<Walk<'_, Field>> {
    required(entity).find(|field| {
        field.get().ty == FieldType::Scalar(Scalar::DateTime) && is_now(*field) && !field.touched
    })
}

/// The first day or moment that says more than when the row was written.
fn moment(entity: Walk<'_, Entity>) -> Option<Walk<'_, Field>> {
    required(entity).find(|field| is_moment(*field) && !is_now(*field))
}

fn required(entity: Walk<'_, Entity>) -> impl Iterator<Item = Walk<'_, Field>> {
    entity
        .fields()
        .filter(|field| !field.optional && field.is_column())
}

fn is_now(field: Walk<'_, Field>) -> bool {
    field.default == Some(Default::Now { offset: 0 })
}

fn is_moment(field: Walk<'_, Field>) -> bool {
    matches!(
        field.get().ty,
        FieldType::Scalar(Scalar::Date | Scalar::DateTime)
    )
}

fn is_number(field: Walk<'_, Field>) -> bool {
    use Scalar::{BigInt, Decimal, Float, Int};
    matches!(
        field.get().ty,
        FieldType::Scalar(Int | BigInt | Float | Decimal { .. })
    )
}

/// Text without a bound, or with one that lies far away: its beginning is read.
pub(crate) fn is_long_text(field: Walk<'_, Field>) -> bool {
    matches!(field.get().ty, FieldType::Scalar(Scalar::Text { .. })) && !is_line(field)
}

/// Whether a value tells people something: no key to a door, no document, and no reference to what is itself read
/// through others that are read through others. That bounds what one name costs, and no name contains itself.
fn is_readable(field: Walk<'_, Field>) -> bool {
    match field.target() {
        Some(target) => has_name(target) || belongs_to_named(target),
        None => {
            is_line(field)
                || is_moment(field)
                || is_number(field)
                || matches!(
                    field.get().ty,
                    FieldType::Enum(_) | FieldType::Scalar(Scalar::Time)
                )
        }
    }
}

/// Whether one field of its own stands for a row.
fn has_name(entity: Walk<'_, Entity>) -> bool {
    declared(entity)
        .or_else(|| line(entity))
        .is_some_and(|field| field.target().is_none())
}

/// Whether all that can stand for a row has a name of its own.
fn belongs_to_named(entity: Walk<'_, Entity>) -> bool {
    let is_named = |field: Walk<'_, Field>| field.target().is_none_or(has_name);
    if let Some(field) = declared(entity) {
        return is_named(field);
    }
    let is_counted = entity.identity == Identity::Int;
    required(entity).all(is_named) && (is_counted || !fields(entity).is_empty())
}
