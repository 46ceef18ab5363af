use std::collections::{BTreeSet, VecDeque};

use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Entity, Field, Id, OnDelete, Spec, Walk};

use super::never_deleted::never_goes;

/// So many steps of the way from farther rows are shown.
const MOST_STEPS: usize = 5;

/// Cascades into rows that are kept for some years: until then, they refuse the deletion that would take them along.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    for entity in spec.walk_entities() {
        let Some(term) = &entity.keep else {
            continue;
        };
        for (field, target) in cascades(entity) {
            if stays_as_long(target, term.years) {
                continue;
            }
            let (row, with) = (&entity.name, &target.name);
            let mut finding = Diagnostic::new(
                &codes::relation::CASCADE_BLOCKED,
                field.get().span,
                format!("no row of `{with}` can be deleted while one of its `{row}` is kept"),
            )
            .label("taken along then")
            .note(term.span, format!("refuses for {}", term.length()));
            for (step, above) in way_there(target) {
                let goes = &step.entity().get().name;
                let says = format!("each `{goes}` goes with its `{}`", above.name);
                finding = finding.note(step.get().span, says);
            }
            let help = if target.id == spec.user {
                "write `on delete protect`".to_owned()
            } else {
                let length = term.length();
                format!("write `on delete protect`, or `keep {length}` in `{with}` too")
            };
            found.push(finding.help(help));
        }
    }
}

/// The references of an entity by which its rows go, with what they go with.
fn cascades(entity: Walk<'_, Entity>) -> impl Iterator<Item = (Walk<'_, Field>, Walk<'_, Entity>)> {
    entity.fields().filter_map(|field| {
        let relation = field.relation()?;
        let goes = relation.on_delete == OnDelete::Cascade;
        goes.then_some((field, field.target()?))
    })
}

/// Whether rows are deleted as late themselves, are only marked, or never go.
fn stays_as_long(entity: Walk<'_, Entity>, years: u32) -> bool {
    entity.keep.as_ref().is_some_and(|own| own.years >= years)
        || entity.soft_delete.is_some()
        || never_goes(entity).is_some()
}

/// The references by which deletions farther away come to the rows of an entity, the nearest first.
fn way_there(start: Walk<'_, Entity>) -> Vec<(Walk<'_, Field>, Walk<'_, Entity>)> {
    let mut seen: BTreeSet<Id<Entity>> = BTreeSet::from([start.id]);
    let mut queue = VecDeque::from([start]);
    let mut found = Vec::new();
    while let Some(entity) = queue.pop_front() {
        for (field, target) in cascades(entity) {
            if found.len() < MOST_STEPS && seen.insert(target.id) {
                found.push((field, target));
                queue.push_back(target);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings, helps, labels};

    fn invoices(customer: &str, reference: &str) -> String {
        format!(
            "entity Customer {{\n {customer}\n name: text(80)\n}}\n\
             entity Invoice {{\n keep 10 years\n customer: Customer{reference}\n}}"
        )
    }

    #[test]
    fn what_is_kept_refuses_to_go_along() {
        let spec = invoices("n: int", " on delete cascade");
        assert_eq!(
            findings(&spec),
            [
                "relation::cascade_blocked: no row of `Customer` can be deleted while one of its `Invoice` is kept"
            ]
        );
        assert_eq!(
            helps(&spec),
            ["write `on delete protect`, or `keep 10 years` in `Customer` too"]
        );
        let shorter = invoices("keep 9 years", " on delete cascade");
        assert_eq!(codes(&shorter), ["relation::cascade_blocked"]);
    }

    #[test]
    fn the_way_from_farther_rows_is_shown() {
        let spec = "entity Firm { name: text(80) }\n\
             entity Customer {\n firm: Firm on delete cascade\n}\n\
             entity Invoice {\n keep 1 year\n customer: Customer on delete cascade\n}";
        assert_eq!(
            labels(spec),
            [
                "taken along then",
                "refuses for 1 year",
                "each `Customer` goes with its `Firm`"
            ]
        );
    }

    #[test]
    fn what_stays_as_long_takes_nothing_along() {
        for (customer, reference) in [
            ("n: int", ""),
            ("n: int", " on delete restrict"),
            ("n: int", "? on delete set null"),
            ("keep 10 years", " on delete cascade"),
            ("keep 30 years", " on delete cascade"),
        ] {
            assert_eq!(
                codes(&invoices(customer, reference)),
                [""; 0],
                "{customer} {reference}"
            );
        }
    }
}
