use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Field, Id, OnDelete, RelationGraph, Spec, Walk};

/// Entities that need each other in a circle: no row of any of them can be the first.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    for cycle in RelationGraph::required(spec).cycles() {
        let steps: Vec<_> = cycle.iter().map(|id| spec.walk(*id)).collect();
        let finding = match steps.as_slice() {
            [] => continue,
            [itself] => required_self(*itself),
            [first, second] if is_one_to_one(*first) && is_one_to_one(*second) => {
                two_sides(*first, *second)
            }
            _ => circle(spec, &steps),
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

fn required_self(field: Walk<'_, Field>) -> Option<Diagnostic> {
    let name = &field.entity().get().name;
    Some(
        Diagnostic::new(
            &codes::relation::REQUIRED_SELF,
            field.get().span,
            format!("the first `{name}` would need another `{name}` before it"),
        )
        .label(format!("every `{name}` needs a `{name}`"))
        .help(optional(field)),
    )
}

fn two_sides(first: Walk<'_, Field>, second: Walk<'_, Field>) -> Option<Diagnostic> {
    let (a, b) = (&first.entity().get().name, &second.entity().get().name);
    Some(
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
        )),
    )
}

fn circle(spec: &Spec, steps: &[Walk<'_, Field>]) -> Option<Diagnostic> {
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
    .label(needs(spec, loose.id));
    for step in steps
        .iter()
        .filter(|step| step.id != loose.id)
        .take(LONGEST)
    {
        finding = finding.note(step.get().span, needs(spec, step.id));
    }
    Some(finding.help(optional(loose)))
}

/// How many steps of a circle are spelled out.
const LONGEST: usize = 12;

fn needs(spec: &Spec, field: Id<Field>) -> String {
    let field = spec.walk(field);
    let target = field.target().map_or("?", |target| &target.get().name);
    format!("every `{}` needs a `{target}`", field.entity().get().name)
}

fn optional(field: Walk<'_, Field>) -> String {
    let target = field.target().map_or("?", |target| &target.get().name);
    format!("make one optional: `{}: {target}?`", field.get().name)
}
