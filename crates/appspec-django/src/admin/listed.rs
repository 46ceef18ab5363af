//! Which fields of an entity its list filters by and looks into.

use appspec_ir::{Entity, Field, FieldType, Scalar, Walk};

use super::path;
use crate::fields::{is_added, is_open_text};
use crate::models::{shown_fields, ways};

/// Fields that a search looks into: each is one more comparison for each row.
const SEARCHED: usize = 6;

/// Where an entity's own fields begin, behind those of its mixins.
///
/// A mixin may stand in the same file, before or after; what is nearest behind the entity's name is its own.
pub(super) fn first_own(entity: Walk<'_, Entity>) -> usize {
    let all: Vec<Walk<'_, Field>> = entity.fields().collect();
    all.iter()
        .enumerate()
        .filter(|(_, field)| {
            field.span.file == entity.span.file
                && field.span.start > entity.span.start
                && !is_added(**field)
        })
        .min_by_key(|(_, field)| field.span.start)
        .map_or(0, |(place, _)| place)
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
