use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Field, Id, Spec};
use appspec_solver::{Study, Verdict};

use super::solved;

/// An optional field that rules ask for in every row: `?` says what is not so.
pub(super) fn check(spec: &Spec, studies: &[Study<'_>], found: &mut Diagnostics) {
    let mut never = Vec::new();
    for study in studies {
        for (field, verdict) in &study.clearable {
            let Verdict::Contradiction(proof) = verdict else {
                continue;
            };
            let rules = solved::rules(study, proof, None);
            if !solved::hangs_on_creation(spec, &rules)
                && !solved::are_explained(spec, &rules)
                && !has_reason(spec.walk::<Field>(*field).get())
            {
                never.push((*field, rules));
            }
        }
    }
    let ids: Vec<Id<Field>> = never.iter().map(|(field, _)| *field).collect();
    let mut told = Vec::new();
    for (id, rules) in never {
        let field = spec.walk(id).get();
        // A field of a mixin may be empty in another entity.
        let same = spec
            .fields
            .iter()
            .filter(|(_, other)| other.span == field.span);
        if told.contains(&field.span) || !same.map(|(other, _)| other).all(|id| ids.contains(&id)) {
            continue;
        }
        told.push(field.span);
        let finding = Diagnostic::new(
            &codes::invariant::NEVER_EMPTY,
            field.span,
            format!("`{}` always has a value", field.name),
        )
        .label("declared with `?`");
        found.push(
            solved::shown(spec, finding, &rules)
                .help("remove the `?` and what the rule says about it"),
        );
    }
}

/// Whether the `?` is there for something else: a field that is filled in by every write, or a reference, which a deletion
/// may empty and which may close a circle in which no row is the first.
fn has_reason(field: &Field) -> bool {
    field.touched || field.relation().is_some()
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings};

    fn found(members: &str) -> Vec<String> {
        findings(&format!("entity E {{\n a: int?\n n: int\n{members}\n}}"))
    }

    #[test]
    fn a_field_that_every_row_has() {
        let told = ["invariant::never_empty: `a` always has a value"];
        assert_eq!(found(" invariant r: a is set"), told);
        assert_eq!(found(" invariant r: a is set and a > n"), told);
        assert_eq!(found(" invariant r: a is set or n > 3"), [""; 0]);
        assert_eq!(found(" invariant r on create: a is set"), [""; 0]);
    }

    #[test]
    fn an_entity_may_ask_for_a_field_of_its_mixin() {
        let spec = |other: &str| {
            codes(&format!(
                "mixin M {{ a: int? }}\nentity E with M {{\n n: int\n invariant r: a is set\n}}\n\
                 entity F with M {{\n n: int\n{other}\n}}"
            ))
        };
        assert_eq!(spec(""), [""; 0]);
        assert_eq!(spec(" invariant r: a is set"), ["invariant::never_empty"]);
    }
}
