use std::collections::{BTreeMap, VecDeque};

use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Entity, Field, Id, OnDelete, Spec, Walk};

use super::spelling::one;

/// How many entities are looked at above one; nobody deletes through a longer chain.
const FARTHEST: usize = 1000;

/// A row that would go together with what it points to, but refuses first.
///
/// Django asks `protect` of every row that points to one that is to be deleted, also when the row that points
/// is itself among those to be deleted. Only `restrict` looks whether it goes anyway.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    for (id, field) in spec.fields.iter() {
        let Some(relation) = field.relation() else {
            continue;
        };
        if relation.on_delete != OnDelete::Protect {
            continue;
        }
        let kept = deleted_with(spec.walk(relation.target));
        let keeper = deleted_with(spec.walk(field.entity));
        let together = kept
            .iter()
            .find_map(|(root, goes_by)| Some((*root, *goes_by, *keeper.get(root)?)));
        if let Some((root, goes_by, also_by)) = together {
            found.push(finding(
                spec.walk(root),
                spec.walk(id),
                spec.walk(goes_by),
                spec.walk(also_by),
            ));
        }
    }
}

/// Every entity whose deletion deletes rows of this one, with the field of this one by which they go.
fn deleted_with(start: Walk<'_, Entity>) -> BTreeMap<Id<Entity>, Id<Field>> {
    let mut found = BTreeMap::new();
    let mut queue = VecDeque::from([(start, None)]);
    while let Some((entity, first_step)) = queue.pop_front() {
        for field in entity.fields() {
            if let Some(relation) = field.get().relation()
                && relation.on_delete == OnDelete::Cascade
                && found.len() < FARTHEST
                && !found.contains_key(&relation.target)
            {
                let first_step = first_step.unwrap_or(field.id);
                found.insert(relation.target, first_step);
                queue.push_back((start.spec.walk(relation.target), Some(first_step)));
            }
        }
    }
    found
}

fn finding(
    root: Walk<'_, Entity>,
    blocking: Walk<'_, Field>,
    goes_by: Walk<'_, Field>,
    also_by: Walk<'_, Field>,
) -> Diagnostic {
    let root = &root.get().name;
    let kept = &goes_by.entity().get().name;
    let keeper = &blocking.entity().get().name;
    let mut finding = Diagnostic::new(
        &codes::relation::CASCADE_BLOCKED,
        blocking.get().span,
        format!("`{keeper}` keeps its `{kept}` from being deleted with `{root}`, although it goes as well"),
    )
    .label(format!("refuses, even when the `{keeper}` is deleted too"))
    .note(goes_by.get().span, format!("{} goes with its `{root}`", one(kept)));
    if also_by.id != goes_by.id {
        finding = finding.note(also_by.get().span, format!("and so does {}", one(keeper)));
    }
    finding.help("write `on delete restrict`: it refuses unless both go together")
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings};

    fn order(on_delete: &str) -> String {
        format!(
            "entity Customer {{ name: text(80) }}\n\
             entity Order {{ customer: Customer on delete cascade }}\n\
             entity Invoice {{\n customer: Customer on delete cascade\n \
             order: Order on delete {on_delete}\n}}"
        )
    }

    #[test]
    fn what_goes_anyway_should_not_protect() {
        assert_eq!(
            findings(&order("protect")),
            [
                "relation::cascade_blocked: `Invoice` keeps its `Order` from being deleted with `Customer`, although it \
             goes as well"
            ]
        );
    }

    #[test]
    fn a_tree_goes_with_what_it_hangs_on() {
        let tree = |on_delete| {
            format!(
                "entity Site {{ name: text(80) }}\n\
                 entity Page {{\n site: Site on delete cascade\n parent: Page? on delete {on_delete}\n}}"
            )
        };
        assert_eq!(codes(&tree("protect")), ["relation::cascade_blocked"]);
        assert_eq!(codes(&tree("restrict")), [""; 0]);
    }

    #[test]
    fn restrict_looks_whether_both_go() {
        assert_eq!(codes(&order("restrict")), [""; 0]);
        assert_eq!(codes(&order("cascade")), [""; 0]);
    }

    #[test]
    fn protection_by_what_stays_is_what_it_is_for() {
        let spec = "entity Customer { name: text(80) }\n\
             entity Order { customer: Customer on delete cascade }\n\
             entity Invoice { order: Order on delete protect }";
        assert_eq!(codes(spec), [""; 0]);
    }
}
