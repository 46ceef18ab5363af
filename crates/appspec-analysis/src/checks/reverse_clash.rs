use std::collections::BTreeMap;

use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::{Entity, Id, Spec, Walk};

use super::declared::{column, inverses};

/// An inverse whose name its target has already: as a field, a derived value, a column or another inverse.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    let mut given: BTreeMap<Id<Entity>, Vec<_>> = BTreeMap::new();
    for (field, target, inverse) in inverses(spec) {
        given.entry(target).or_default().push((field, inverse));
    }
    for (target, inverses) in given {
        let target = spec.walk(target);
        let mut taken = own_names(target);
        for (field, inverse) in inverses {
            let field = spec.walk(field);
            let origin = format!("{}.{}", field.entity().get().name, field.get().name);
            if let Some((other, what)) = taken.get(&inverse.name) {
                let message = format!(
                    "`{}` has two things called `{}`",
                    target.get().name,
                    inverse.name
                );
                let finding =
                    Diagnostic::new(&codes::relation::REVERSE_CLASH, inverse.span, message)
                        .label(format!("the inverse of `{origin}`"))
                        .note(*other, what.clone())
                        .help("choose another inverse, or leave `inverse` out if nobody needs it");
                found.push(finding);
            } else {
                let what = format!("the inverse of `{origin}`");
                taken.insert(inverse.name.clone(), (inverse.span, what));
            }
        }
    }
}

fn own_names(entity: Walk<'_, Entity>) -> BTreeMap<String, (Span, String)> {
    let mut names = BTreeMap::new();
    for field in entity.fields() {
        let (name, span) = (field.get().name.clone(), field.get().span);
        if let Some(column) = column(field) {
            names.insert(column, (span, format!("the column of the field `{name}`")));
        }
        names.insert(name, (span, "a field".to_owned()));
    }
    for derive in entity.derives() {
        let derived = derive.get();
        names.insert(
            derived.name.clone(),
            (derived.span, "a derived value".to_owned()),
        );
    }
    names
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::codes;

    #[test]
    fn the_same_inverse_on_two_entities_is_fine() {
        let spec = "entity A { n: int }\nentity B { n: int }\n\
                    entity E {\n a: A inverse es\n b: B inverse es\n}";
        assert_eq!(codes(spec), [""; 0]);
    }

    #[test]
    fn an_inverse_can_clash_with_a_column() {
        let spec = "entity B { n: int }\nentity A { b: B }\nentity E { a: A inverse b_id }";
        assert_eq!(codes(spec), ["relation::reverse_clash"]);
    }
}
