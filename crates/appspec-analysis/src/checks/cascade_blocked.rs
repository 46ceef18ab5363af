use std::collections::{BTreeMap, VecDeque};

use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Entity, Field, Id, OnDelete, Spec, Walk};

/// How many entities are looked at above one; nobody deletes through a longer chain.
const FARTHEST: usize = 1000;

/// So many steps of a chain are shown.
const MOST_STEPS: usize = 12;

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
        if let Some(root) = kept.keys().find(|root| keeper.contains_key(root)) {
            found.push(finding(
                spec.walk(*root),
                spec.walk(id),
                &way(spec, relation.target, *root, &kept),
                &way(spec, field.entity, *root, &keeper),
            ));
        }
    }
}

/// Every entity whose deletion deletes rows of this one, with the field that points to it on the shortest way.
fn deleted_with(start: Walk<'_, Entity>) -> BTreeMap<Id<Entity>, Id<Field>> {
    let mut found = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(entity) = queue.pop_front() {
        for field in entity.fields() {
            if let Some(relation) = field.get().relation()
                && relation.on_delete == OnDelete::Cascade
                && found.len() < FARTHEST
                && !found.contains_key(&relation.target)
            {
                found.insert(relation.target, field.id);
                queue.push_back(start.spec.walk(relation.target));
            }
        }
    }
    found
}

/// The references from one entity to another by which its rows go, from the first to the last.
fn way<'s>(
    spec: &'s Spec,
    from: Id<Entity>,
    to: Id<Entity>,
    found: &BTreeMap<Id<Entity>, Id<Field>>,
) -> Vec<Walk<'s, Field>> {
    let mut way: Vec<Walk<'s, Field>> = Vec::new();
    let mut at = to;
    while let Some(field) = found.get(&at).map(|id| spec.walk(*id)) {
        way.push(field);
        at = field.get().entity;
        if at == from {
            break;
        }
    }
    way.reverse();
    way
}

fn finding(
    root: Walk<'_, Entity>,
    blocking: Walk<'_, Field>,
    kept_way: &[Walk<'_, Field>],
    keeper_way: &[Walk<'_, Field>],
) -> Diagnostic {
    let root = &root.get().name;
    let target = blocking.target();
    let kept = target.map_or("?", |target| &target.get().name);
    let keeper = &blocking.entity().get().name;
    let mut finding = Diagnostic::new(
        &codes::relation::CASCADE_BLOCKED,
        blocking.get().span,
        format!("`{keeper}` keeps its `{kept}` from being deleted with `{root}`, although it goes as well"),
    )
    .label(format!("refuses, even when the `{keeper}` is deleted too"));
    let mut told: Vec<Id<Field>> = Vec::new();
    for step in kept_way.iter().chain(keeper_way) {
        if told.contains(&step.id) || told.len() == MOST_STEPS {
            continue;
        }
        let goes = &step.entity().get().name;
        let text = match (keeper_way, step.target()) {
            ([only], _) if only.id == step.id && kept_way.len() == 1 => {
                format!("and so does each `{goes}`")
            }
            (_, Some(with)) => format!("each `{goes}` goes with its `{}`", with.get().name),
            (_, None) => continue,
        };
        told.push(step.id);
        finding = finding.note(step.get().span, text);
    }
    finding.help("write `on delete restrict`: it refuses unless both go together")
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings, labels};

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
    fn every_step_of_a_chain_is_shown() {
        let spec = "entity Site { name: text(80) }\n\
             entity Book {\n site: Site on delete cascade\n}\n\
             entity Page {\n book: Book on delete cascade\n}\n\
             entity Note {\n site: Site on delete cascade\n page: Page on delete protect\n}";
        assert_eq!(
            labels(spec),
            [
                "refuses, even when the `Note` is deleted too",
                "each `Page` goes with its `Book`",
                "each `Book` goes with its `Site`",
                "each `Note` goes with its `Site`",
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
