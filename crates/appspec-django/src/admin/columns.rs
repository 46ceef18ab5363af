//! The columns of a list: so many that they fit beside one another, and as different as they can be.

use std::collections::BTreeMap;

use appspec_ir::{Default, Entity, Field, FieldType, Scalar, Walk};

use super::listed::first_own;
use crate::fields::is_added;
use crate::models::{is_long_text, made_at, shown_fields};

/// Columns of a list.
const COLUMNS: usize = 8;
/// Characters of the longest text that fits into a column.
const SHORT: u32 = 150;

/// What a column is good for, in the order of the list.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// It stands for the row, at this place.
    Shown(usize),
    /// Rows are sorted by it, at this place.
    Sorted(usize),
    /// How far the row has come.
    State,
    /// What it belongs to.
    Reference,
    /// Of which kind it is.
    Choice,
    /// When.
    Moment,
    /// How much, how long, how many.
    Number,
    /// What follows from the others.
    Derived,
    /// Something else in few words.
    Text,
    /// Yes or no.
    Flag,
}

/// A column that a list could have.
struct Candidate {
    name: String,
    kind: Kind,
    optional: bool,
    mixed_in: bool,
}

/// The columns of the list. What every row says has a place before what some say, what is the entity's own before what
/// came with a mixin, which many entities have, and one of each kind before the second of any.
pub(super) fn columns(entity: Walk<'_, Entity>) -> Vec<String> {
    let shown = shown_fields(entity);
    // A long text is cut short there, and without a field there is a number.
    let by_name = shown.is_empty() || shown.iter().any(|field| is_long_text(*field));
    let mut candidates = candidates(entity, &shown);
    candidates.sort_by_key(|one| (one.optional, one.mixed_in, one.kind));
    let mut seen: BTreeMap<Kind, usize> = BTreeMap::new();
    let mut ranked: Vec<(usize, Candidate)> = Vec::new();
    for one in candidates {
        let count = seen.entry(one.kind).or_default();
        ranked.push((*count, one));
        *count += 1;
    }
    ranked.sort_by_key(|(nth, one)| (one.optional, one.mixed_in, *nth, one.kind));
    ranked.truncate(COLUMNS - usize::from(by_name));
    ranked.sort_by_key(|(_, one)| (one.kind, one.optional, one.mixed_in));
    let name = by_name.then(|| "__str__".to_owned());
    name.into_iter()
        .chain(ranked.into_iter().map(|(_, one)| one.name))
        .collect()
}

fn candidates(entity: Walk<'_, Entity>, shown: &[Walk<'_, Field>]) -> Vec<Candidate> {
    let own = first_own(entity);
    let fields = entity.fields().enumerate();
    let fields = fields.filter(|(_, field)| !is_added(*field));
    let fields = fields.filter_map(|(place, field)| {
        let mixed_in = place < own;
        let kind = kind(entity, field, shown, mixed_in)?;
        let is_first = matches!(kind, Kind::Shown(_) | Kind::Sorted(_));
        // Of references of which a row has one, one column shows whichever it is.
        if let Some(whole) = field.part_of().filter(|_| !is_first) {
            return (whole.fields.first() == Some(&field.id)).then(|| Candidate {
                name: whole.name.clone(),
                kind,
                optional: whole.optional,
                mixed_in,
            });
        }
        Some(Candidate {
            name: field.name.clone(),
            kind,
            optional: field.optional && !is_first,
            mixed_in: mixed_in && !is_first,
        })
    });
    let derived = entity.derives().map(|derive| Candidate {
        name: derive.get().name.clone(),
        kind: Kind::Derived,
        optional: derive.optional,
        mixed_in: false,
    });
    fields.chain(derived).collect()
}

fn kind(
    entity: Walk<'_, Entity>,
    field: Walk<'_, Field>,
    shown: &[Walk<'_, Field>],
    mixed_in: bool,
) -> Option<Kind> {
    if let Some(place) = shown.iter().position(|one| one.id == field.id) {
        return (!is_long_text(field)).then_some(Kind::Shown(place));
    }
    if !fits_a_column(field) {
        return None;
    }
    let mut sorted = entity.sorted_by.iter();
    if let Some(place) = sorted.position(|key| key.field == field.id) {
        return Some(Kind::Sorted(place));
    }
    if entity.sorted_by.is_empty() && made_at(entity).is_some_and(|made| made.id == field.id) {
        return Some(Kind::Sorted(0));
    }
    if mixed_in && is_bookkeeping(field) {
        return None;
    }
    let mut states = entity.get().lifecycles.iter();
    Some(match &field.get().ty {
        FieldType::Enum(_) if states.any(|one| one.field == field.id) => Kind::State,
        FieldType::Enum(_) => Kind::Choice,
        FieldType::Relation(_) => Kind::Reference,
        FieldType::Scalar(scalar) => match scalar {
            Scalar::Date | Scalar::DateTime | Scalar::Time => Kind::Moment,
            Scalar::Int
            | Scalar::BigInt
            | Scalar::Float
            | Scalar::Decimal { .. }
            | Scalar::Duration => Kind::Number,
            Scalar::Bool => Kind::Flag,
            _ => Kind::Text,
        },
        FieldType::List(_) | FieldType::Many(_) => return None,
    })
}

/// When a row was made or changed: nobody tells rows apart by it.
fn is_bookkeeping(field: Walk<'_, Field>) -> bool {
    let now = matches!(field.get().default, Some(Default::Now { offset: 0 }));
    field.touched || now
}

/// Long texts, files, lists and what only machines read have no place in a column.
fn fits_a_column(field: Walk<'_, Field>) -> bool {
    match &field.get().ty {
        FieldType::Scalar(scalar) => match scalar {
            Scalar::Text { max } => max.is_some_and(|max| max <= SHORT),
            Scalar::Url
            | Scalar::Json
            | Scalar::File
            | Scalar::Image
            | Scalar::Bytes
            | Scalar::Uuid
            | Scalar::Token { .. } => false,
            _ => true,
        },
        FieldType::Enum(_) | FieldType::Relation(_) => true,
        FieldType::List(_) | FieldType::Many(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn a_list_shows_what_differs_in_kind() {
        let spec = fixture::salon();
        let visit = spec.walk_entities().find(|one| one.name == "Visit");
        // No text stands for a visit, so the client and the moment do; its note is longer than a column.
        assert_eq!(
            visit.map(columns).unwrap_or_default(),
            [
                "client",
                "starts_at",
                "stylist",
                "status",
                "discount",
                "minutes"
            ]
        );
    }
}
