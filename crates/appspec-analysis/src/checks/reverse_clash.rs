use std::collections::BTreeMap;

use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::{Entity, Field, FieldType, Id, Inverse, Spec, Walk};

use super::declared::inverses;

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
            let name = inverse.name.as_str();
            let other = taken
                .get(name)
                .copied()
                .or_else(|| column(spec, name, &taken));
            if let Some((other, owner)) = other {
                let field = spec.walk(field);
                match owner {
                    Owner::Field(id) if is_seen_back(field, spec.walk(id)) => {
                        if let Some(finding) = seen_twice(field, spec.walk(id)) {
                            found.push(finding);
                        }
                    }
                    _ => found.push(finding(target, field, inverse, other, owner)),
                }
            } else {
                taken.insert(name, (inverse.span, Owner::Inverse(field)));
            }
        }
    }
}

/// Whether the field that has the name of an inverse leads back: the same pair of rows was meant, seen from the other side.
fn is_seen_back(field: Walk<'_, Field>, other: Walk<'_, Field>) -> bool {
    field.id != other.id && target(other) == Some(field.entity().id)
}

fn target(field: Walk<'_, Field>) -> Option<Id<Entity>> {
    match &field.get().ty {
        FieldType::Relation(relation) => Some(relation.target),
        FieldType::Many(many) => Some(many.target),
        _ => None,
    }
}

fn inverse(field: Walk<'_, Field>) -> Option<&Inverse> {
    match &field.get().ty {
        FieldType::Relation(relation) => relation.inverse.as_ref(),
        FieldType::Many(many) => many.inverse.as_ref(),
        _ => None,
    }
}

/// The finding about a relation that is written on both sides. Where the first row of neither can be made, that is told, and
/// where both name the other one, it is told at the second.
fn seen_twice(field: Walk<'_, Field>, other: Walk<'_, Field>) -> Option<Diagnostic> {
    let is_required =
        |field: Walk<'_, Field>| field.get().relation().is_some() && !field.get().optional;
    if is_required(field) && is_required(other) {
        return None;
    }
    let name = &field.get().name;
    let names_back = inverse(other).is_some_and(|back| back.name == *name);
    if names_back && other.id < field.id {
        return None;
    }
    let inverse = inverse(field)?;
    let stays = format!("{}.{name}", field.entity().get().name);
    let message = format!(
        "`{}` has two things called `{}`",
        other.entity().get().name,
        inverse.name
    );
    let finding = Diagnostic::new(&codes::relation::REVERSE_CLASH, other.get().span, message)
        .label("a field for the same rows, seen from here")
        .note(inverse.span, format!("the inverse of `{stays}`"))
        .help(format!(
            "remove this field: `inverse {}` stands for it; or, if it is about other rows, choose another inverse there",
            inverse.name
        ));
    Some(finding)
}

/// What has a name already.
#[derive(Clone, Copy)]
enum Owner {
    Field(Id<Field>),
    Column(Id<Field>),
    OneOf,
    Derive,
    Inverse(Id<Field>),
}

fn own_names(entity: Walk<'_, Entity>) -> BTreeMap<&str, (Span, Owner)> {
    let (spec, entity) = (entity.spec, entity.get());
    let fields = entity.fields.iter().map(|id| {
        let field = spec.walk(*id).get();
        (field.name.as_str(), (field.span, Owner::Field(*id)))
    });
    let derives = entity.derives.iter().map(|id| {
        let derive = spec.walk(*id).get();
        (derive.name.as_str(), (derive.span, Owner::Derive))
    });
    let wholes = entity.one_of.iter();
    let wholes = wholes.map(|whole| (whole.name.as_str(), (whole.span, Owner::OneOf)));
    fields.chain(wholes).chain(derives).collect()
}

/// The reference whose column has this name: `client_id` is that of `client`.
fn column(spec: &Spec, name: &str, taken: &BTreeMap<&str, (Span, Owner)>) -> Option<(Span, Owner)> {
    match taken.get(name.strip_suffix("_id")?)? {
        (span, Owner::Field(id)) if spec.walk(*id).get().relation().is_some() => {
            Some((*span, Owner::Column(*id)))
        }
        _ => None,
    }
}

fn finding(
    target: Walk<'_, Entity>,
    field: Walk<'_, Field>,
    inverse: &Inverse,
    other: Span,
    owner: Owner,
) -> Diagnostic {
    let of = |field: Walk<'_, Field>| format!("{}.{}", field.entity().get().name, field.get().name);
    let owner = match owner {
        Owner::Field(_) => "a field".to_owned(),
        Owner::OneOf => "a reference to one of several entities".to_owned(),
        Owner::Derive => "a derived value".to_owned(),
        Owner::Column(id) => format!(
            "the column of the field `{}`",
            target.spec.walk(id).get().name
        ),
        Owner::Inverse(id) => format!("the inverse of `{}`", of(target.spec.walk(id))),
    };
    let message = format!(
        "`{}` has two things called `{}`",
        target.get().name,
        inverse.name
    );
    Diagnostic::new(&codes::relation::REVERSE_CLASH, inverse.span, message)
        .label(format!("the inverse of `{}`", of(field)))
        .note(other, owner)
        .help("choose another inverse, or leave `inverse` out if nobody needs it")
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
    fn a_relation_that_is_written_on_both_sides_is_one_mistake() {
        let both =
            |a: &str, b: &str| codes(&format!("entity A {{ b: {a} }}\nentity B {{ a: {b} }}"));
        let unique = "unique inverse";
        assert_eq!(
            both(&format!("B {unique} a"), &format!("A {unique} b")),
            ["relation::one_to_one_both_required"]
        );
        assert_eq!(
            both("B inverse a", "A inverse b"),
            ["relation::required_cycle"]
        );
        for (a, b) in [
            ("B? inverse a", "A? inverse b"),
            ("B inverse a", "many A inverse b"),
            ("many B inverse a", "A inverse b"),
            ("many B inverse a", "many A inverse b"),
            ("many B inverse a", "many A"),
            ("B? inverse a", "A?"),
        ] {
            assert_eq!(both(a, b), ["relation::reverse_clash"], "{a}, {b}");
        }
    }

    #[test]
    fn an_inverse_can_clash_with_a_column() {
        let spec = "entity B { n: int }\nentity A { b: B }\nentity E { a: A inverse b_id }";
        assert_eq!(codes(spec), ["relation::reverse_clash"]);
    }
}
