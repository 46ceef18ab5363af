use std::collections::BTreeSet;

use appspec_diagnostics::Diagnostics;
use appspec_ir::Spec;
use appspec_solver::{Study, Verdict};

use super::emptied::{Deletes, emptied};
use super::{delete_breaks_rule, solved};

/// `on delete set null` on a reference that a rule over other rows asks for: no row keeps it without, whatever the other rows
/// hold, so each deletion that empties it fails.
pub(super) fn check(spec: &Spec, studies: &[Study<'_>], found: &mut Diagnostics) {
    let mut told = BTreeSet::new();
    let deletes = Deletes::of(spec);
    for study in studies {
        for field in emptied(study.entity) {
            // Of a row that goes along nothing is asked.
            if !deletes.along(field).is_empty() || deletes.may_go_by_others(field) {
                continue;
            }
            let mut clearable = study.clearable.iter();
            let Some((_, Verdict::Contradiction(proof))) = clearable.find(|it| it.0 == field.id)
            else {
                continue;
            };
            let mut rules = solved::rules(study, proof, None);
            let across = rules.iter().rposition(|rule| {
                solved::invariant(spec, rule).is_some_and(|it| solved::across(spec, it).is_some())
            });
            // What rules of a single row say is told of them.
            let Some(rule) = across.map(|at| rules.remove(at)) else {
                continue;
            };
            if let Some(invariant) = solved::invariant(spec, rule)
                && !solved::hangs_on_creation(spec, &rules)
                && told.insert(field.get().span)
            {
                let named = (invariant.name.as_str(), invariant.condition.span);
                found.push(delete_breaks_rule::always(field, named, &rules));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings};

    fn found(members: &str) -> Vec<String> {
        findings(&spec(members))
    }

    fn spec(members: &str) -> String {
        format!(
            "entity D {{\n open: bool\n n: int?\n up: D?\n}}\nentity O {{\n d: D? on delete set null\n x: int\n\
             {members}\n}}\nentity P {{\n o: O on delete cascade inverse ps\n}}"
        )
    }

    #[test]
    fn what_is_read_behind_a_reference_asks_for_it() {
        let told = [
            "relation::delete_breaks_rule: emptying `d` on delete always breaks the invariant `r`",
        ];
        for rule in [
            "d is set and d.open",
            "d is set and d.n is set and d.n > 3",
            "d.up.up is set",
        ] {
            assert_eq!(found(&format!(" invariant r: {rule}")), told, "{rule}");
        }
        for fine in [
            "d is set implies d.open",
            "d is set or count(p in ps) > 3",
            "d is set and d.open or x > 3",
            "d.n otherwise 3 > 2",
        ] {
            let members = format!(" invariant r: {fine}");
            let codes = codes(&spec(&members));
            assert!(
                !codes.contains(&"relation::delete_breaks_rule"),
                "{fine}: {codes:?}"
            );
        }
    }

    #[test]
    fn a_row_that_goes_along_is_asked_nothing() {
        let spec = "entity D { open: bool }\nentity O {\n d: D? on delete set null\n e: D on delete cascade\n \
                    invariant r: d is set and d.open\n}";
        assert_eq!(codes(spec), [""; 0]);
    }
}
