use std::collections::{BTreeMap, BTreeSet};

use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Entity, Lifecycle, Spec, Walk};

use super::solved::joined;

/// Where rows begin, which states they come to, and where they end.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    for entity in spec.walk_entities() {
        for lifecycle in &entity.get().lifecycles {
            match lifecycle.first(spec) {
                Some(first) => states(entity, lifecycle, first, found),
                None => found.push(nowhere(entity, lifecycle)),
            }
        }
    }
    seeds(spec, found);
}

fn nowhere(entity: Walk<'_, Entity>, lifecycle: &Lifecycle) -> Diagnostic {
    let field = entity.spec.walk(lifecycle.field).get();
    let name = &field.name;
    let finding = Diagnostic::new(
        &codes::state::NO_FIRST_STATE,
        lifecycle.span,
        format!(
            "nothing says in which state a row of `{}` begins",
            entity.name
        ),
    )
    .label("begins with the default of the field")
    .note(field.span, "has no state as its default");
    match lifecycle.choices(entity.spec).first() {
        Some(state) => finding.help(format!(
            "write `= {}` behind the type of `{name}`",
            state.name
        )),
        None => finding.help("give the field a default"),
    }
}

/// Rows that a seed would put into a state.
fn seeds(spec: &Spec, found: &mut Diagnostics) {
    for (_, seed) in spec.seeds.iter() {
        let entity = spec.walk(seed.entity);
        let given = seed.rows.iter().filter_map(|row| {
            let value = row.values.iter().find(|(field, _)| entity.is_state(*field));
            Some((row, value?.0))
        });
        for (row, field) in given {
            let field = spec.walk(field).get();
            found.push(
                Diagnostic::new(
                    &codes::state::DIRECT_WRITE,
                    row.span,
                    format!(
                        "the row `{}` can't give `{}`: only actions change it",
                        row.handle, field.name
                    ),
                )
                .label("gives a state")
                .note(field.span, "the state of a lifecycle")
                .help(format!(
                    "leave `{}` out: the row begins in the first state",
                    field.name
                )),
            );
        }
    }
}

fn states(entity: Walk<'_, Entity>, lifecycle: &Lifecycle, first: &str, found: &mut Diagnostics) {
    let moves = lifecycle.moves();
    let reached = spread([first].into(), |state| {
        moves.get(state).into_iter().flatten().copied().collect()
    });
    let finals: BTreeSet<&str> = lifecycle
        .finals
        .iter()
        .map(|state| state.name.as_str())
        .collect();
    let mut before: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (from, next) in &moves {
        for to in next {
            before.entry(to).or_default().push(from);
        }
    }
    let ending = spread(finals.clone(), |state| {
        before.get(state).into_iter().flatten().copied().collect()
    });
    let choices = lifecycle.choices(entity.spec);
    for state in choices {
        let name = state.name.as_str();
        let finding = if !reached.contains(name) {
            let near: Vec<String> = reached.iter().map(|state| format!("`{state}`")).collect();
            let from = joined(&near);
            Diagnostic::new(
                &codes::state::UNREACHABLE,
                lifecycle.span,
                format!("no action leads to `{name}`"),
            )
            .label(format!("leads to {from} only"))
            .note(state.span, "no row is ever in this state")
            .help(format!(
                "add an action that ends in `-> {name}`, or remove the value"
            ))
        } else if finals.contains(name) {
            continue;
        } else if !moves.contains_key(name) {
            Diagnostic::new(
                &codes::state::DEAD_END,
                lifecycle.span,
                format!("nothing follows on `{name}`, and it is not final"),
            )
            .label("no action leaves it")
            .note(state.span, "rows stay in this state for ever")
            .help(format!(
                "add an action that leaves it, or write `final {name}`"
            ))
        } else if !finals.is_empty() && !ending.contains(name) {
            let ends: Vec<String> = finals.iter().map(|state| format!("`{state}`")).collect();
            let ends = joined(&ends);
            Diagnostic::new(
                &codes::state::NO_WAY_TO_FINAL,
                lifecycle.span,
                format!("no way leads from `{name}` to {ends}"),
            )
            .label("goes round for ever")
            .note(state.span, "rows in this state never end")
            .help("add an action that leads to a final state")
        } else {
            continue;
        };
        found.push(finding);
    }
    for action in &lifecycle.actions {
        for from in &action.from {
            let mut ends = lifecycle.finals.iter();
            let Some(end) = ends.find(|end| end.name == from.name) else {
                continue;
            };
            let (action_name, state) = (&action.name, &from.name);
            let stays = from.name == action.to.name;
            let (code, does, label) = if stays {
                (
                    &codes::state::FINAL_GOES_ON,
                    "is done in",
                    "done again and again",
                )
            } else {
                (&codes::state::FINAL_HAS_EXIT, "leaves", "left here")
            };
            found.push(
                Diagnostic::new(
                    code,
                    from.span,
                    format!("`{action_name}` {does} `{state}`, which is final"),
                )
                .label(label)
                .note(end.span, "nothing follows, says this")
                .help(format!(
                    "take `{state}` out of `final`, or out of the states of `{action_name}`"
                )),
            );
        }
    }
}

/// All states that are reached from some.
fn spread<'n>(
    mut reached: BTreeSet<&'n str>,
    next: impl Fn(&str) -> Vec<&'n str>,
) -> BTreeSet<&'n str> {
    let mut open: Vec<&'n str> = reached.iter().copied().collect();
    while let Some(state) = open.pop() {
        for state in next(state) {
            if reached.insert(state) {
                open.push(state);
            }
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings};

    fn invoice(lifecycle: &str) -> String {
        format!(
            "enum S {{ draft, sent, paid }}\nentity I {{\n s: S = draft\n lifecycle s {{\n{lifecycle}\n }}\n}}"
        )
    }

    #[test]
    fn a_whole_lifecycle_is_fine() {
        let whole = "send: draft -> sent\n pay: sent -> paid\n final paid";
        assert_eq!(codes(&invoice(whole)), [""; 0]);
        let round = "send: draft -> sent\n pay: sent -> paid\n again: paid -> draft";
        assert_eq!(codes(&invoice(round)), [""; 0]);
    }

    #[test]
    fn each_state_has_one_finding() {
        assert_eq!(
            findings(&invoice("send: draft -> sent")),
            [
                "state::dead_end: nothing follows on `sent`, and it is not final",
                "state::unreachable: no action leads to `paid`",
            ]
        );
        assert_eq!(
            codes(&invoice(
                "pay: draft -> paid\n hold: draft -> sent\n keep: sent -> sent\n final paid"
            )),
            ["state::no_way_to_final"]
        );
    }

    #[test]
    fn a_final_state_is_left_by_nothing() {
        let open = "send: draft -> sent\n pay: sent -> paid\n open: paid -> sent\n final paid";
        assert_eq!(codes(&invoice(open)), ["state::final_has_exit"]);
        let stays = "send: draft -> sent\n pay: sent -> paid\n open: paid -> paid\n final paid";
        assert_eq!(
            findings(&invoice(stays)),
            ["state::final_goes_on: `open` is done in `paid`, which is final"]
        );
    }

    #[test]
    fn a_row_begins_somewhere() {
        let spec = invoice("send: draft -> sent\n pay: sent -> paid\n final paid");
        assert_eq!(
            codes(&spec.replace(" = draft", "")),
            ["state::no_first_state"]
        );
        let seed = format!("{spec}\nseed I {{ a {{ s: sent }} }}")
            .replace(" s: S", " n: int unique\n s: S");
        assert_eq!(
            codes(&seed.replace("{ s: sent", "{ n: 1, s: sent")),
            ["state::direct_write"]
        );
    }
}
