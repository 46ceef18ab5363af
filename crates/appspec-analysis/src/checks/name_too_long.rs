use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::{Field, FieldType, Module, Spec, Walk};

use super::declared::column;

/// PostgreSQL keeps 63 bytes of a name.
const COLUMN: usize = 63;
/// Django keeps the label of an app beside each of its entities, in at most 100 characters.
const MODULE: usize = 100;
/// Django makes the permission `delete_<name>`, at most 100 characters.
const ENTITY: usize = 93;
/// Django makes the permission "Can change LABEL", at most 255 characters.
const LABEL: usize = 244;

/// Names that no longer fit where they are kept. Names of rules and indexes are shortened instead.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    for finding in spec.walk_modules().filter_map(of_module) {
        found.push(finding);
    }
    for (_, entity) in spec.entities.iter() {
        if entity.name.len() > ENTITY {
            let message = format!(
                "the name `{}` has {} characters, {ENTITY} fit",
                entity.name,
                entity.name.len()
            );
            found.push(
                Diagnostic::new(&codes::name::TOO_LONG, entity.span, message)
                    .label("Django makes the names of permissions of it")
                    .help("shorten the name; a label can say more"),
            );
        }
        let length = entity.labels.singular.chars().count();
        if length > LABEL {
            found.push(
                Diagnostic::new(
                    &codes::name::TOO_LONG,
                    entity.span,
                    format!(
                        "the label of `{}` has {length} characters, {LABEL} fit",
                        entity.name
                    ),
                )
                .label("Django makes the names of permissions of the label")
                .help("shorten the label"),
            );
        }
    }
    for field in spec.fields.ids().map(|id| spec.walk(id)) {
        let name = match &field.get().ty {
            FieldType::Many(many) if many.through.is_none() => longest_of_pairs(field),
            FieldType::Many(_) => None,
            _ => column(field),
        };
        let Some(name) = name.filter(|name| name.len() > COLUMN) else {
            continue;
        };
        found.push(
            Diagnostic::new(
                &codes::name::TOO_LONG,
                field.get().span,
                format!(
                    "the column `{name}` has {} characters, {COLUMN} fit",
                    name.len()
                ),
            )
            .label("PostgreSQL would cut it off")
            .help("shorten the name; `///` can say more"),
        );
    }
}

fn of_module(module: Walk<'_, Module>) -> Option<Diagnostic> {
    let length = module.label.len();
    let first = module.entities().next().filter(|_| length > MODULE)?;
    let start = Span::new(first.get().span.file, 0, 0);
    let message = format!(
        "the name `{}` has {length} characters, {MODULE} fit",
        module.label
    );
    Some(
        Diagnostic::new(&codes::name::TOO_LONG, start, message)
            .label("Django has room for 100 characters")
            .help("give the file a shorter name"),
    )
}

/// The longest column of the table of pairs, which is named after the field.
fn longest_of_pairs(field: Walk<'_, Field>) -> Option<String> {
    let source = field.entity().get().name.to_lowercase();
    let target = field.target()?.get().name.to_lowercase();
    let columns = if source == target {
        [format!("from_{source}_id"), format!("to_{target}_id")]
    } else {
        [format!("{source}_id"), format!("{target}_id")]
    };
    let names = columns.into_iter().chain([field.get().name.clone()]);
    names.max_by_key(String::len)
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::codes;

    #[test]
    fn the_last_letter_that_fits_is_accepted() {
        let field = |length: usize| format!("entity E {{ {}: int }}", "a".repeat(length));
        assert_eq!(codes(&field(63)), [""; 0]);
        assert_eq!(codes(&field(64)), ["name::too_long"]);
        // `_id` takes three of them.
        let reference = |length: usize| {
            format!(
                "entity A {{ n: int }}\nentity E {{ {}: A }}",
                "b".repeat(length)
            )
        };
        assert_eq!(codes(&reference(60)), [""; 0]);
        assert_eq!(codes(&reference(61)), ["name::too_long"]);
    }

    #[test]
    fn a_table_of_pairs_has_columns_named_after_its_entities() {
        let friends = |length: usize| {
            let name = "E".repeat(length);
            format!("entity {name} {{\n n: int\n friends: many {name}\n}}")
        };
        assert_eq!(codes(&friends(55)), [""; 0]);
        assert_eq!(codes(&friends(56)), ["name::too_long"]);
    }

    #[test]
    fn rules_may_have_long_names() {
        let name = "r".repeat(120);
        assert_eq!(
            codes(&format!(
                "entity E {{\n n: int\n invariant {name}: n > 0\n}}"
            )),
            [""; 0]
        );
    }
}
