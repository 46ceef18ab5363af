use std::collections::BTreeMap;

use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::{Entity, FieldType, Spec, Walk};

use super::declared::column;

/// Names that differ in the spec and are the same in the emitted project.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    tables(spec, found);
    rules(spec, found);
    for entity in spec.walk_entities() {
        columns(entity, found);
    }
    for (_, closed) in spec.enums.iter() {
        let mut members = Taken::default();
        let mut stored = Taken::default();
        for choice in &closed.choices {
            let free = members.take(
                choice.name.to_uppercase(),
                choice.span,
                &choice.name,
                "enum member",
                found,
            );
            if free {
                let shown = format!("{:?}", choice.stored);
                stored.take(shown, choice.span, &choice.name, "stored text", found);
            }
        }
    }
}

/// Who has a name of the emitted project already.
#[derive(Default)]
struct Taken<'s> {
    by: BTreeMap<String, (Span, &'s str)>,
}

impl<'s> Taken<'s> {
    /// Takes a name, or reports who has it; whether it was free.
    fn take(
        &mut self,
        becomes: String,
        span: Span,
        name: &'s str,
        what: &str,
        found: &mut Diagnostics,
    ) -> bool {
        let Some((other_span, other)) = self.by.get(&becomes) else {
            self.by.insert(becomes, (span, name));
            return true;
        };
        let message = format!("`{other}` and `{name}` both become the {what} `{becomes}`");
        found.push(
            Diagnostic::new(&codes::name::COLLIDES, span, message)
                .label("this one")
                .note(*other_span, "and this one")
                .help("rename one of them"),
        );
        false
    }
}

/// `shop_orderline`, and `shop_order_tags` for the pairs of `many`.
fn tables(spec: &Spec, found: &mut Diagnostics) {
    let mut taken = Taken::default();
    let table = |entity: Walk<'_, Entity>| {
        let label = &entity.module().get().label;
        format!("{label}_{}", entity.get().name.to_lowercase())
    };
    for entity in spec.walk_entities() {
        let (span, name) = (entity.get().span, &entity.get().name);
        taken.take(table(entity), span, name, "table", found);
    }
    for field in spec.fields.ids().map(|id| spec.walk(id)) {
        if let FieldType::Many(many) = &field.get().ty
            && many.through.is_none()
        {
            let pairs = format!(
                "{}_{}",
                table(field.entity()),
                field.get().name.to_lowercase()
            );
            taken.take(pairs, field.get().span, &field.get().name, "table", found);
        }
    }
}

/// `shop_order_ends_after_start`: rules and indexes share their names with those of the whole database.
fn rules(spec: &Spec, found: &mut Diagnostics) {
    let mut taken = Taken::default();
    for entity in spec.walk_entities() {
        let label = &entity.module().get().label;
        let prefix = format!("{label}_{}", entity.get().name.to_lowercase());
        let invariants = entity.get().invariants.iter().map(|id| {
            let invariant = spec.walk(*id).get();
            (&invariant.name, invariant.span)
        });
        let uniques = entity.get().uniques.iter().map(|set| (&set.name, set.span));
        let indexes = entity
            .get()
            .indexes
            .iter()
            .map(|index| (&index.name, index.span));
        for (name, span) in invariants.chain(uniques).chain(indexes) {
            let becomes = format!("{prefix}_{}", name.to_lowercase());
            taken.take(becomes, span, name, "constraint", found);
        }
    }
}

/// SQLite does not tell `Name` from `name`; a reference `client` is kept in `client_id`.
fn columns(entity: Walk<'_, Entity>, found: &mut Diagnostics) {
    let mut taken = Taken::default();
    for field in entity.fields() {
        let (name, span) = (&field.get().name, field.get().span);
        let becomes = column(field).unwrap_or_else(|| name.clone());
        taken.take(becomes.to_lowercase(), span, name, "column", found);
    }
    for derive in entity.derives() {
        let (name, span) = (&derive.get().name, derive.get().span);
        taken.take(name.to_lowercase(), span, name, "column", found);
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings};

    #[test]
    fn a_reference_and_a_field_can_share_a_column() {
        let spec = "entity A { n: int }\nentity E {\n a: A\n a_id: int\n}";
        assert_eq!(
            findings(spec),
            ["name::collides: `a` and `a_id` both become the column `a_id`"]
        );
    }

    #[test]
    fn pairs_of_many_have_a_table_of_their_own() {
        let spec = "entity T { n: int }\nentity E { tags: many T }\nentity E_tags { n: int }";
        assert_eq!(codes(spec), ["name::collides"]);
    }

    #[test]
    fn values_of_different_enums_are_no_danger_to_each_other() {
        let spec = "enum A { x, y }\nenum B { x, y }\nentity E {\n a: A\n b: B\n}";
        assert_eq!(codes(spec), [""; 0]);
    }
}
