use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{RelationGraph, Spec};

/// How many steps of a circle are spelled out.
const LONGEST: usize = 12;

/// Entities whose rows take each other along when they are deleted. A tree that goes with its root is what trees are for,
/// so an entity that points to itself is none.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    for cycle in RelationGraph::deletes(spec).without_loops().cycles() {
        // The graph leads from what is deleted to what goes with it, against the direction of the references.
        let names: Vec<String> = cycle
            .iter()
            .filter_map(|id| spec.walk(*id).target())
            .map(|target| format!("`{}`", target.name))
            .collect();
        let ([first, _, ..], Some(closing)) = (names.as_slice(), cycle.last()) else {
            continue;
        };
        let way = if names.len() > LONGEST {
            format!("{first} → … → {first}")
        } else {
            format!("{} → {first}", names.join(" → "))
        };
        let mut finding = Diagnostic::new(
            &codes::relation::CASCADE_CYCLE,
            spec.walk(*closing).span,
            format!("deleting one row can take rows along in a circle: {way}"),
        )
        .label("and so the circle is closed");
        for id in cycle.iter().take(LONGEST).filter(|id| *id != closing) {
            let field = spec.walk(*id);
            let target = field.target().map_or("", |target| &target.get().name);
            let note = format!("goes with its `{target}`");
            finding = finding.note(field.get().span, note);
        }
        found.push(finding.help("write `on delete protect` on one of them"));
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings};

    #[test]
    fn the_way_that_a_deletion_takes_is_shown() {
        let spec = "entity A { b: B? on delete cascade }\nentity B { c: C on delete cascade }\n\
             entity C { a: A on delete cascade }";
        assert_eq!(
            findings(spec),
            [
                "relation::cascade_cycle: deleting one row can take rows along in a circle: `A` → `C` → `B` → `A`"
            ]
        );
    }

    #[test]
    fn trees_and_circles_with_a_gap_are_fine() {
        assert_eq!(codes("entity A { a: A? on delete cascade }"), [""; 0]);
        let spec = "entity A { b: B? on delete set null }\nentity B { a: A on delete cascade }";
        assert_eq!(codes(spec), [""; 0]);
    }
}
