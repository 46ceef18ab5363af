use std::collections::BTreeMap;

use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::{Entity, Field, Id, Inverse, Spec, Walk};

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
                found.push(finding(target, spec.walk(field), inverse, other, owner));
            } else {
                taken.insert(name, (inverse.span, Owner::Inverse(field)));
            }
        }
    }
}

/// What has a name already.
#[derive(Clone, Copy)]
enum Owner {
    Field(Id<Field>),
    Column(Id<Field>),
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
    fields.chain(derives).collect()
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
    fn an_inverse_can_clash_with_a_column() {
        let spec = "entity B { n: int }\nentity A { b: B }\nentity E { a: A inverse b_id }";
        assert_eq!(codes(spec), ["relation::reverse_clash"]);
    }
}
