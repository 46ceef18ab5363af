//! The order of a list whose entity says nothing about it.

use appspec_ir::{Default, Entity, Field, FieldType, Identity, Scalar, Walk};

use crate::models::shown_field;

/// The keys that the list is sorted by, the last of them different in each row; none where the model has an order.
pub(super) fn keys(entity: Walk<'_, Entity>) -> Vec<String> {
    if !entity.sorted_by.is_empty() {
        return Vec::new();
    }
    let first = match made_at(entity) {
        Some(field) => Some(format!("-{}", field.name)),
        None => shown_field(entity).and_then(path),
    };
    let key = match (&first, entity.identity) {
        // It counts up: the newest come first, as by a moment.
        (None, Identity::Int) => "-id",
        _ => "id",
    };
    first.into_iter().chain([key.to_owned()]).collect()
}

/// The moment in which a row was made: the language fills it in if nobody else did.
pub(super) fn made_at(entity: Walk<'_, Entity>) -> Option<Walk<'_, Field>> {
    entity.fields().find(|field| {
        field.get().ty == FieldType::Scalar(Scalar::DateTime)
            && field.default == Some(Default::Now { offset: 0 })
            && !field.optional
            && !field.touched
    })
}

/// The way from a row to the value that people read for it; nothing where that leads in a circle.
fn path(shown: Walk<'_, Field>) -> Option<String> {
    let mut steps = vec![shown];
    let mut last = shown;
    while let Some(target) = last.target() {
        let Some(next) = shown_field(target) else {
            // Sorted by a key, the rows of one target at least stand together.
            break;
        };
        if steps.iter().any(|step| step.id == next.id) {
            return None;
        }
        steps.push(next);
        last = next;
    }
    let names: Vec<&str> = steps.iter().map(|step| step.get().name.as_str()).collect();
    Some(names.join("__"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    fn sorted(entity: &str) -> Vec<String> {
        let spec = fixture::salon();
        let found = spec.walk_entities().find(|one| one.name == entity);
        found.map(keys).unwrap_or_default()
    }

    #[test]
    fn rows_stand_in_the_order_of_what_people_read_for_them() {
        assert_eq!(sorted("User"), ["email", "id"]);
    }

    #[test]
    fn rows_that_nothing_stands_for_keep_their_places() {
        assert_eq!(sorted("Stylist"), ["id"]);
    }
}
