use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{
    Default, Expr, ExprKind, Field, FieldType, Id, OnDelete, RelationGraph, Rows, Spec, Walk,
};

/// Entities that need each other in a circle: no row of any of them can be the first.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    let graph = RelationGraph::required(spec);
    let cycles = graph.cycles();
    if cycles.is_empty() {
        return;
    }
    let (costs, belonging) = (costs(spec), belonging(spec));
    let mut fuel = MOST_STEPS / spec.fields.len().max(1);
    for cycle in cycles {
        let steps: Vec<_> = cycle.iter().map(|id| spec.walk(*id)).collect();
        let finding = match steps.as_slice() {
            [] => continue,
            [itself] => Some(required_self(*itself)),
            [first, second] if is_one_to_one(*first) && is_one_to_one(*second) => {
                Some(two_sides(*first, *second))
            }
            [first, second] | [second, first] if is_inverse(*first, *second) => {
                Some(seen_back(*first, *second))
            }
            _ => {
                let rank = |step: Id<Field>| {
                    let cost = costs.get(&step).copied().unwrap_or(0);
                    (belonging.contains(&step), cost)
                };
                cheapest(&steps, &graph, &rank, &mut fuel).and_then(|loose| circle(&steps, loose))
            }
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

/// Whether the second reference has the name by which its rows know the first one already.
fn is_inverse(first: Walk<'_, Field>, second: Walk<'_, Field>) -> bool {
    let inverse = first.get().relation().and_then(|it| it.inverse.as_ref());
    inverse.is_some_and(|inverse| inverse.name == second.get().name)
}

/// A reference and its inverse, which was written as a field too.
fn seen_back(first: Walk<'_, Field>, second: Walk<'_, Field>) -> Diagnostic {
    let (a, b) = (&first.entity().get().name, &second.entity().get().name);
    Diagnostic::new(
        &codes::relation::REQUIRED_CYCLE,
        second.get().span,
        format!("no first row can be made: `{a}` → `{b}` → `{a}`"),
    )
    .label(needs(second))
    .note(first.get().span, needs(first))
    .help(one_side(first, &second.get().name))
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
    .help(one_side(first, &second.get().name))
}

/// What to write at the side that stays, once the other one is removed.
fn one_side(stays: Walk<'_, Field>, removed: &str) -> String {
    let inverse = stays.get().relation().and_then(|it| it.inverse.as_ref());
    match inverse {
        None => format!(
            "keep one side and give it an inverse: remove this field and write `inverse {removed}` there"
        ),
        Some(inverse) if inverse.name == removed => {
            format!("keep one side: remove this field, `inverse {removed}` there stands for it")
        }
        Some(inverse) => format!(
            "keep one side: remove this field and change `inverse {}` there to `inverse {removed}`, or use `{}` in its place",
            inverse.name, inverse.name
        ),
    }
}

/// How many references are looked at, all in all, to compare circles with one of their references taken away.
const MOST_STEPS: usize = 500_000;

/// The reference of a circle that is best made optional: one with which every other circle of these entities ends as well,
/// then one that says of no row that it belongs to another, then one that the fewest other places of the spec need, then
/// the one declared last.
fn cheapest<'s>(
    steps: &[Walk<'s, Field>],
    graph: &RelationGraph,
    rank: &dyn Fn(Id<Field>) -> (bool, usize),
    fuel: &mut usize,
) -> Option<Walk<'s, Field>> {
    // Where comparing all of them takes too long, nobody could read the circle either.
    let compared = steps.len() <= *fuel;
    if compared {
        *fuel -= steps.len();
    }
    let mut best: Option<(_, Walk<'s, Field>)> = None;
    for step in steps {
        let ends_all = compared && graph.ends_every_circle(step.id);
        let rank = (!ends_all, rank(step.id), Reverse(step.id));
        if best.as_ref().is_none_or(|(least, _)| rank < *least) {
            best = Some((rank, *step));
        }
    }
    best.map(|(_, step)| step)
}

/// How many places of a spec need a reference to be there: rules and derived values that read it, unique sets without a
/// condition, values that are copied from what it points to, and lists that go through it.
fn costs(spec: &Spec) -> BTreeMap<Id<Field>, usize> {
    let mut places: Vec<Id<Field>> = Vec::new();
    for (_, invariant) in spec.invariants.iter() {
        places.extend(invariant.condition.fields());
    }
    for (_, derive) in spec.derives.iter() {
        places.extend(derive.value.fields());
    }
    for unique in spec
        .walk_entities()
        .flat_map(|entity| &entity.get().uniques)
    {
        if unique.condition.is_none() {
            places.extend(&unique.fields);
        }
    }
    for (id, field) in spec.fields.iter() {
        if let Some(Default::Path(path)) = &field.default {
            places.extend(path.first());
        }
        match &field.ty {
            FieldType::Relation(relation) if relation.one_to_one => places.push(id),
            FieldType::Many(many) => {
                let through = many.through.iter();
                places.extend(through.flat_map(|link| [link.source, link.target]));
            }
            _ => {}
        }
    }
    let mut costs = BTreeMap::new();
    for place in places {
        *costs.entry(place).or_insert(0) += 1;
    }
    costs
}

/// The references of rows that belong to what they point to: they go with it, or it asks for them in a rule.
fn belonging(spec: &Spec) -> BTreeSet<Id<Field>> {
    let cascades = spec.fields.iter().filter(|(_, field)| {
        let relation = field.relation();
        relation.is_some_and(|relation| relation.on_delete == OnDelete::Cascade)
    });
    let mut found: BTreeSet<Id<Field>> = cascades.map(|(id, _)| id).collect();
    let mut ask = |expr: &Expr| {
        expr.visit(&mut |part| {
            if let ExprKind::Each(each) = &part.kind
                && let Rows::Pointing(field) = each.rows
            {
                found.insert(field);
            }
        });
    };
    for entity in spec.walk_entities() {
        for rule in &entity.get().across {
            ask(&rule.condition);
        }
    }
    for (_, derive) in spec.derives.iter() {
        ask(&derive.value);
    }
    found
}

fn circle(steps: &[Walk<'_, Field>], loose: Walk<'_, Field>) -> Option<Diagnostic> {
    let names: Vec<_> = steps
        .iter()
        .map(|step| format!("`{}`", step.entity().get().name))
        .collect();
    let way = way_round(&names)?;
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

/// `` `A` → `B` → `A` ``
pub(super) fn way_round(names: &[String]) -> Option<String> {
    let first = names.first()?;
    match names {
        [a, b, .., last] if names.len() > LONGEST => Some(format!("{a} → {b} → … → {last} → {a}")),
        _ => Some(format!("{} → {first}", names.join(" → "))),
    }
}

/// How many steps of a circle are spelled out.
const LONGEST: usize = 12;

pub(super) fn needs(field: Walk<'_, Field>) -> String {
    let target = field
        .target()
        .map_or("?", |target| target.get().name.as_str());
    let name = field.entity().get().name.as_str();
    let one = if target == name { "another" } else { "one" };
    format!("every `{name}` needs {one} `{target}`")
}

pub(super) fn optional(field: Walk<'_, Field>) -> String {
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

    #[test]
    fn an_inverse_that_is_there_is_changed() {
        let help = |inverse: &str| {
            helps(&format!(
                "entity A {{ b: B unique{inverse} }}\nentity B {{ a: A unique }}"
            ))
        };
        assert_eq!(
            help(""),
            ["keep one side and give it an inverse: remove this field and write `inverse a` there"]
        );
        assert_eq!(
            help(" inverse owner"),
            [
                "keep one side: remove this field and change `inverse owner` there to `inverse a`, or use `owner` in its place"
            ]
        );
    }

    #[test]
    fn the_cheapest_reference_is_the_one_to_loosen() {
        let help = |more: &str| {
            helps(&format!(
                "entity A {{ b: B }}\nentity B {{\n c: C\n n: int\n}}\nentity C {{\n a: A\n n: int\n{more}\n}}"
            ))
        };
        let loosen = |what: &str| [format!("make one optional, and fill it in later: {what}")];
        assert_eq!(help(""), loosen("`a: A?`"));
        assert_eq!(help(" unique (a, n)"), loosen("`c: C?`"));
    }

    #[test]
    fn a_row_keeps_what_it_belongs_to() {
        let help = |team: &str, more: &str| {
            helps(&format!(
                "entity Team {{\n captain: Player on delete protect inverse captained\n{more}\n}}\n\
                 entity Player {{ team: Team on delete {team} inverse players }}"
            ))
        };
        let captain = ["make one optional, and fill it in later: `captain: Player?`"];
        assert_eq!(help("cascade", ""), captain);
        let counted = " invariant some: count(p in players) > 0";
        assert_eq!(help("protect", counted), captain);
        let team = ["make one optional, and fill it in later: `team: Team?`"];
        assert_eq!(help("protect", ""), team);
    }

    #[test]
    fn one_reference_that_ends_every_circle_is_better_than_a_cheap_one() {
        let spec = "entity A {\n b: B\n n: int\n unique (b, n)\n}\n\
             entity B {\n a: A\n c: C\n}\nentity C { a: A }";
        assert_eq!(
            helps(spec),
            ["make one optional, and fill it in later: `b: B?`"]
        );
    }
}
