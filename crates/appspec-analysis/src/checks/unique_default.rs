use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Default, Entity, Row, Spec, Surroundings, Unique, Walk, holds};
use appspec_solver::{Patterns, Study};

use super::{guarantee, unique_caps_rows};

/// A unique set whose fields all have constant defaults: the first row that keeps them takes them from all others.
pub(super) fn check(_: &Spec, studies: &[Study<'_>], found: &mut Diagnostics) {
    let mut patterns = Patterns::new();
    for study in studies {
        let entity = study.entity;
        if entity.get().uniques.is_empty() {
            continue;
        }
        let mut defaults = Row::new();
        for field in entity.fields() {
            if let Some(Default::Value(value)) = &field.get().default {
                defaults.set(field.id, value.clone());
            }
        }
        let uniques = &entity.get().uniques;
        let mut conditions = guarantee::Conditions::of(study);
        for unique in uniques {
            // A set that forgot what its rows belong to, or that another one guarantees, is told as such.
            let mut explained = || {
                let mut others = uniques.iter().filter(|other| other.name != unique.name);
                unique_caps_rows::cap(study, unique, &mut patterns).is_some()
                    || others.any(|other| guarantee::guarantees(&mut conditions, other, unique))
            };
            if takes(unique, &defaults) && !explained() {
                found.push(finding(entity, unique));
            }
        }
    }
}

/// Whether every row that keeps the defaults is one that the set is about, and the same as the others.
fn takes(unique: &Unique, defaults: &Row) -> bool {
    let known = |fields: &[_]| fields.iter().all(|field| defaults.get(*field).is_some());
    let concerned = unique.condition.as_ref().is_none_or(|condition| {
        known(&condition.fields())
            && holds(condition, defaults, Surroundings::default()) == Ok(true)
    });
    concerned && known(&unique.fields)
}

fn finding(entity: Walk<'_, Entity>, unique: &Unique) -> Diagnostic {
    let name = &entity.name;
    let mut finding = Diagnostic::new(
        &codes::relation::UNIQUE_DEFAULT,
        unique.span,
        format!("only one `{name}` can be made without giving another value"),
    )
    .label("no two rows may have the same");
    for id in &unique.fields {
        let field = entity.spec.walk(*id).get();
        // A mark of the field stands at the field itself.
        if field.span != unique.span {
            finding = finding.note(field.span, "the same for every row that does not say more");
        }
    }
    finding.help("remove the default, so that a value has to be given")
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::codes;

    fn found(members: &str) -> Vec<&'static str> {
        codes(&format!("entity E {{\n{members}\n}}"))
    }

    #[test]
    fn a_default_is_for_one_row_only() {
        assert_eq!(found(" a: int = 1 unique"), ["relation::unique_default"]);
        assert_eq!(
            found(" a: int = 1\n b: int = 2\n unique (a, b)"),
            ["relation::unique_default"]
        );
        assert_eq!(
            found(" a: int = 1\n b: bool = true\n unique (a) where b"),
            ["relation::unique_default"]
        );
    }

    #[test]
    fn what_is_told_otherwise_is_not_told_twice() {
        assert_eq!(
            found(" a: int = 1 unique\n b: int = 2\n unique (a, b)"),
            ["relation::unique_default", "relation::redundant_unique"]
        );
        let spec = "entity S { n: int }\nentity E {\n s: S\n open: bool = true unique\n}";
        assert_eq!(codes(spec), ["relation::unique_caps_rows"]);
    }

    #[test]
    fn what_may_differ_is_fine() {
        assert_eq!(found(" a: int = 1\n b: int\n unique (a, b)"), [""; 0]);
        assert_eq!(found(" a: token(9) = token(9) unique"), [""; 0]);
        assert_eq!(
            found(" a: int = 1\n b: bool = false\n unique (a) where b"),
            [""; 0]
        );
        assert_eq!(found(" a: int = 1\n b: bool\n unique (a) where b"), [""; 0]);
    }
}
