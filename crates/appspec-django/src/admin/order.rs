//! The order of a list whose entity says nothing about it.

use appspec_ir::{Entity, Field, Identity, Walk};

use super::path;
use crate::models::{made_at, shown_fields, ways};

/// The keys that the list is sorted by, the last of them different in each row; none where the model has an order.
pub(super) fn keys(entity: Walk<'_, Entity>) -> Vec<String> {
    if !entity.sorted_by.is_empty() {
        return Vec::new();
    }
    let mut keys: Vec<String> = match made_at(entity) {
        Some(field) => vec![format!("-{}", field.name)],
        None => shown_fields(entity)
            .into_iter()
            .flat_map(ways)
            .filter(|way| is_sortable(way))
            .map(|way| path(&way))
            .collect(),
    };
    let key = match entity.identity {
        // It counts up: the newest come first, as by a moment.
        Identity::Int if keys.is_empty() => "-id",
        Identity::Int | Identity::Uuid => "id",
    };
    keys.push(key.to_owned());
    keys
}

/// Sorted by a key, the rows of one target at least stand together. What is read in a circle has no order.
fn is_sortable(way: &[Walk<'_, Field>]) -> bool {
    let target = way.last().and_then(|last| last.target());
    target.is_none_or(|target| shown_fields(target).is_empty())
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
    fn what_is_read_through_a_reference_is_sorted_through_it() {
        assert_eq!(sorted("Stylist"), ["user__email", "id"]);
        assert_eq!(sorted("Visit"), ["client__email", "starts_at", "id"]);
    }
}
