use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Field, OnDelete, RelationGraph, Spec, Walk};

/// Entities that need each other in a circle: no row of any of them can be the first.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    for cycle in RelationGraph::required(spec).cycles() {
        let steps: Vec<_> = cycle.iter().map(|id| spec.walk(*id)).collect();
        let finding = match steps.as_slice() {
            [] => continue,
            [itself] => Some(required_self(*itself)),
            [first, second] if is_one_to_one(*first) && is_one_to_one(*second) => {
                Some(two_sides(*first, *second))
            }
            _ => circle(&steps),
        };
        if let Some(finding) = finding {
            found.push(finding);
        }
    }
}

fn is_one_to_one(field: Walk<'_, Field>) -> bool {
    field
        .get()
        .relation()
        .is_some_and(|relation| relation.one_to_one)
}

fn required_self(field: Walk<'_, Field>) -> Diagnostic {
    let name = &field.entity().get().name;
    Diagnostic::new(
        &codes::relation::REQUIRED_SELF,
        field.get().span,
        format!("the first `{name}` would need another `{name}` before it"),
    )
    .label(needs(field))
    .help(format!("make it optional: {}", optional(field)))
}

fn two_sides(first: Walk<'_, Field>, second: Walk<'_, Field>) -> Diagnostic {
    let (a, b) = (&first.entity().get().name, &second.entity().get().name);
    Diagnostic::new(
        &codes::relation::ONE_TO_ONE_BOTH_REQUIRED,
        second.get().span,
        format!("`{a}` and `{b}` each need the other to exist first"),
    )
    .label(format!("the same pair, seen from `{b}`"))
    .note(first.get().span, format!("the pair, seen from `{a}`"))
    .help(format!(
        "keep one side and give it an inverse: remove this field and write `inverse {}` there",
        second.get().name
    ))
}

fn circle(steps: &[Walk<'_, Field>]) -> Option<Diagnostic> {
    // Loosening the one that changes least: an emptied reference, then the one declared last.
    let loose = *steps.iter().max_by_key(|step| {
        let empties = step
            .get()
            .relation()
            .is_some_and(|relation| relation.on_delete == OnDelete::SetNull);
        (empties, step.id)
    })?;
    let names: Vec<_> = steps
        .iter()
        .map(|step| format!("`{}`", step.entity().get().name))
        .collect();
    let first = names.first()?;
    let way = match names.as_slice() {
        [a, b] => format!("{a} → {b} → {a}"),
        [a, b, c] => format!("{a} → {b} → {c} → {a}"),
        _ if names.len() <= LONGEST => format!("{} → {first}", names.join(" → ")),
        [a, b, .., last] => format!("{a} → {b} → … → {last} → {a}"),
        _ => return None,
    };
    let mut finding = Diagnostic::new(
        &codes::relation::REQUIRED_CYCLE,
        loose.get().span,
        format!("no first row can be made: {way}"),
    )
    .label(needs(loose));
    for step in steps
        .iter()
        .filter(|step| step.id != loose.id)
        .take(LONGEST)
    {
        finding = finding.note(step.get().span, needs(*step));
    }
    Some(finding.help(format!(
        "make one optional, and fill it in later: {}",
        optional(loose)
    )))
}

/// How many steps of a circle are spelled out.
const LONGEST: usize = 12;

fn needs(field: Walk<'_, Field>) -> String {
    let target = field.target().map_or("?", |target| &target.get().name);
    let article = if target.starts_with(['A', 'E', 'I', 'O', 'U']) {
        "an"
    } else {
        "a"
    };
    let name = &field.entity().get().name;
    format!("every `{name}` needs {article} `{target}`")
}

fn optional(field: Walk<'_, Field>) -> String {
    let target = field.target().map_or("?", |target| &target.get().name);
    format!("`{}: {target}?`", field.get().name)
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings, helps};

    #[test]
    fn the_way_round_is_told_from_the_entity_declared_first() {
        let spec = "entity A { b: B }\nentity B { c: C }\nentity C { a: A }";
        assert_eq!(
            findings(spec),
            ["relation::required_cycle: no first row can be made: `A` → `B` → `C` → `A`"]
        );
        assert_eq!(
            helps(spec),
            ["make one optional, and fill it in later: `a: A?`"]
        );
    }

    #[test]
    fn a_circle_with_a_gap_is_none() {
        assert_eq!(codes("entity A { b: B? }\nentity B { a: A }"), [""; 0]);
        assert_eq!(codes("entity A { bs: many B }\nentity B { a: A }"), [""; 0]);
    }

    #[test]
    fn short_circles_have_texts_of_their_own() {
        assert_eq!(codes("entity A { a: A }"), ["relation::required_self"]);
        assert_eq!(
            codes("entity A { b: B unique }\nentity B { a: A unique }"),
            ["relation::one_to_one_both_required"]
        );
    }
}
