//! Which fields of an entity its list shows, filters by and looks into.

use appspec_ir::{Default, Entity, Field, FieldType, Scalar, Walk};

use super::path;
use crate::fields::is_open_text;
use crate::models::{shown_fields, ways};

/// Columns of a list.
const COLUMNS: usize = 7;
/// Fields that a search looks into: each is one more comparison for each row.
const SEARCHED: usize = 6;
/// Characters of the longest text that fits into a column.
const SHORT: u32 = 150;

/// What a column is good for; the best come first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// It stands for the row, at this place.
    Shown(usize),
    /// Rows are sorted by it, at this place in the order.
    Sorted(usize),
    /// How far the row has come, or of which kind it is.
    State,
    /// Every row says it.
    Required,
    /// Yes or no.
    Flag,
    /// It came with a mixin, so many entities have it.
    MixedIn,
    /// Some rows say it.
    Optional,
    /// Some rows say it, of many entities.
    MixedInOptional,
}

/// The columns of the list.
pub(super) fn columns(entity: Walk<'_, Entity>) -> Vec<String> {
    let own = first_own(entity);
    let mut ranked: Vec<(Rank, Walk<'_, Field>)> = entity
        .fields()
        .enumerate()
        .filter_map(|(place, field)| Some((rank(entity, field, place < own)?, field)))
        .collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    let columns = ranked.into_iter().map(|(_, field)| name(field));
    match columns.take(COLUMNS).collect::<Vec<_>>() {
        none if none.is_empty() => vec!["__str__".to_owned()],
        columns => columns,
    }
}

fn rank(entity: Walk<'_, Entity>, field: Walk<'_, Field>, mixed_in: bool) -> Option<Rank> {
    let shown = shown_fields(entity);
    if let Some(place) = shown.iter().position(|one| one.id == field.id) {
        return Some(Rank::Shown(place));
    }
    if !fits_a_column(field) {
        return None;
    }
    let sorted = entity
        .sorted_by
        .iter()
        .position(|key| key.field == field.id);
    if let Some(place) = sorted {
        return Some(Rank::Sorted(place));
    }
    if mixed_in && is_bookkeeping(field) {
        return None;
    }
    Some(match &field.get().ty {
        _ if field.optional && mixed_in => Rank::MixedInOptional,
        _ if field.optional => Rank::Optional,
        _ if mixed_in => Rank::MixedIn,
        FieldType::Enum(_) => Rank::State,
        FieldType::Scalar(Scalar::Bool) => Rank::Flag,
        _ => Rank::Required,
    })
}

/// Where an entity's own fields begin, behind those of its mixins.
///
/// A mixin may stand in the same file, before or after; what is nearest behind the entity's name is its own.
fn first_own(entity: Walk<'_, Entity>) -> usize {
    let all: Vec<Walk<'_, Field>> = entity.fields().collect();
    all.iter()
        .enumerate()
        .filter(|(_, field)| {
            field.span.file == entity.span.file && field.span.start > entity.span.start
        })
        .min_by_key(|(_, field)| field.span.start)
        .map_or(0, |(place, _)| place)
}

/// When a row was made or changed: nobody tells rows apart by it.
fn is_bookkeeping(field: Walk<'_, Field>) -> bool {
    let now = matches!(field.get().default, Some(Default::Now { offset: 0 }));
    field.touched || now
}

/// Long texts, files and lists have no place in a column.
fn fits_a_column(field: Walk<'_, Field>) -> bool {
    match &field.get().ty {
        FieldType::Scalar(scalar) => match scalar {
            Scalar::Text { max } => max.is_some_and(|max| max <= SHORT),
            Scalar::Url
            | Scalar::Json
            | Scalar::File
            | Scalar::Image
            | Scalar::Bytes
            | Scalar::Token { .. } => false,
            _ => true,
        },
        FieldType::Enum(_) | FieldType::Relation(_) => true,
        FieldType::List(_) | FieldType::Many(_) => false,
    }
}

/// What a search looks into: what stands for the row, its texts, and what stands for the rows that it belongs to.
pub(super) fn searched(entity: Walk<'_, Entity>) -> Vec<String> {
    let own = first_own(entity);
    let texts = |mixed_in: bool| {
        entity
            .fields()
            .enumerate()
            .filter(move |(place, field)| (*place < own) == mixed_in && is_searched(*field))
            .map(|(_, field)| name(field))
    };
    let belongs = entity
        .fields()
        .filter(|field| !field.optional && field.relation().is_some())
        .flat_map(shown_texts);
    let shown = shown_fields(entity).into_iter().flat_map(shown_texts);
    let mut found: Vec<String> = Vec::new();
    for path in shown.chain(texts(false)).chain(belongs).chain(texts(true)) {
        if !found.contains(&path) {
            found.push(path);
        }
    }
    found.truncate(SEARCHED);
    if found.is_empty() {
        found.push("=id".to_owned());
    }
    found
}

/// A text of some length; secrets and whole documents are not looked into.
fn is_searched(field: Walk<'_, Field>) -> bool {
    is_open_text(&field.get().ty)
        && !matches!(
            field.get().ty,
            FieldType::Scalar(Scalar::Url | Scalar::Text { max: None })
        )
}

/// The paths from a field to the texts that people read for it.
fn shown_texts(field: Walk<'_, Field>) -> Vec<String> {
    ways(field)
        .into_iter()
        .filter(|way| way.last().is_some_and(|last| is_open_text(&last.get().ty)))
        .map(|way| path(&way))
        .collect()
}

/// Short lists to choose from, and the moments that rows are sorted by: none of these asks the database first.
pub(super) fn filters(entity: Walk<'_, Entity>) -> Vec<String> {
    let of = |wanted: fn(&FieldType) -> bool| {
        entity
            .fields()
            .filter(move |field| wanted(&field.get().ty))
            .map(name)
    };
    let moments = entity
        .sorted_by
        .iter()
        .map(|key| entity.spec.walk(key.field))
        .filter(|field| {
            matches!(
                field.get().ty,
                FieldType::Scalar(Scalar::Date | Scalar::DateTime)
            )
        })
        .take(1)
        .map(name);
    of(|ty| matches!(ty, FieldType::Enum(_)))
        .chain(of(|ty| matches!(ty, FieldType::Scalar(Scalar::Bool))))
        .chain(moments)
        .collect()
}

fn name(field: Walk<'_, Field>) -> String {
    field.get().name.clone()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    fn of(entity: &str, ask: fn(Walk<'_, Entity>) -> Vec<String>) -> Vec<String> {
        let spec = fixture::salon();
        let found = spec.walk_entities().find(|one| one.name == entity);
        found.map(ask).unwrap_or_default()
    }

    #[test]
    fn what_every_row_says_comes_before_what_some_say() {
        // No text stands for a visit, so the client and the moment do; its note is longer than a column.
        assert_eq!(
            of("Visit", columns),
            ["client", "starts_at", "status", "stylist", "discount"]
        );
    }

    #[test]
    fn a_search_follows_what_a_row_belongs_to() {
        assert_eq!(
            of("Visit", searched),
            ["client__email", "note", "stylist__user__email"]
        );
    }

    #[test]
    fn a_filter_offers_short_lists() {
        assert_eq!(of("Visit", filters), ["status"]);
        assert_eq!(of("User", filters), Vec::<String>::new());
    }
}
