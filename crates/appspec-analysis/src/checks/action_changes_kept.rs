use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Action, Entity, Field, Frozen, Id, Lifecycle, Serial, Spec, State, Walk};
use appspec_solver::{Patterns, Step, Study, Verdict};

use super::kept_pairs;

/// Actions that would write what a row keeps.
pub(super) fn check(spec: &Spec, studies: &[Study<'_>], found: &mut Diagnostics) {
    let mut patterns = Patterns::new();
    for study in studies {
        let entity = study.entity;
        for lifecycle in &entity.get().lifecycles {
            if let Some(rows) = entity.get().append_only {
                let told = finding(
                    lifecycle.span,
                    format!("actions would change rows of `{}`", entity.name),
                );
                found.push(told.note(rows, "never changed, never deleted").help(
                    "remove `append only`: `frozen when` keeps rows that are in some states",
                ));
                continue;
            }
            for action in &lifecycle.actions {
                let states = action.from.iter();
                let mut fields = states.flat_map(|from| written(lifecycle, action, from));
                let immutable = fields.find(|id| spec.walk(*id).immutable);
                if let Some(field) = immutable {
                    found.push(changes_field(spec, action, field));
                    continue;
                }
                // Where no row keeps the rules, that is told.
                let is_possible = matches!(study.all, Verdict::Satisfiable(_));
                if let Some(frozen) = entity.get().frozen.as_ref().filter(|_| is_possible) {
                    for finding in leaves(entity, lifecycle, action, frozen, &mut patterns) {
                        found.push(finding);
                    }
                }
            }
        }
    }
}

/// The fields that an action writes in a row of some state: that state first, where the action leads elsewhere.
fn written<'l>(
    lifecycle: &'l Lifecycle,
    action: &'l Action,
    from: &State,
) -> impl Iterator<Item = Id<Field>> + 'l {
    let state = (from.name != action.to.name).then_some(lifecycle.field);
    let sets = action.sets.iter().map(|set| set.field);
    let needs = action.needs.iter().copied();
    state.into_iter().chain(needs).chain(sets)
}

fn finding(at: appspec_diagnostics::Span, says: String) -> Diagnostic {
    Diagnostic::new(&codes::state::ACTION_CHANGES_KEPT, at, says)
}

fn changes_field(spec: &Spec, action: &Action, field: Id<Field>) -> Diagnostic {
    let field = spec.walk(field);
    let says = format!("`{}` would change `{}`", action.name, field.name);
    let found = finding(action.span, says).label("writes it");
    let counts = |serial: &&Serial| serial.per.contains(&vec![field.id]);
    let mut serials = field.entity().serials().map(|(_, serial)| serial);
    match serials.find(counts) {
        Some(serial) => found
            .note(serial.span, "rows stay where their numbers are counted")
            .help("leave the field to those who make the row, or count for something else"),
        None => found
            .note(field.get().span, "immutable")
            .help("remove `immutable`, or leave the field to those who make the row"),
    }
}

/// The states from which an action always finds the row frozen.
fn leaves(
    entity: Walk<'_, Entity>,
    lifecycle: &Lifecycle,
    action: &Action,
    frozen: &Frozen,
    patterns: &mut Patterns,
) -> Vec<Diagnostic> {
    let all = action.from.iter().filter_map(|from| {
        let mut changed = written(lifecycle, action, from);
        let step = Step::of(entity, lifecycle, action, &from.name)?;
        let changed = changed
            .find(|id| !frozen.except.contains(id) && !step.leaves_as_it_is(*id, patterns))?;
        let field = entity.spec.walk(changed).get();
        let is_frozen =
            step.never(patterns).is_none() && step.starts_only_where(&frozen.condition, patterns);
        if !is_frozen {
            return None;
        }
        let says = format!(
            "`{}` would change `{}` of a row in `{}`, which is frozen",
            action.name, field.name, from.name
        );
        let finding = finding(from.span, says)
            .label(if from.name == action.to.name {
                "frozen here"
            } else {
                "left here"
            })
            .note(frozen.span, "frozen then")
            .help(format!(
                "remove the state here, or write `{}`",
                kept_pairs::excepting(entity.spec, frozen, field)
            ));
        Some(finding)
    });
    all.collect()
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings};

    fn order(members: &str, clauses: &str) -> String {
        format!(
            "enum S {{ open, done }}\nentity O {{\n s: S = open\n n: int\n locked: bool = false\n\
             {members}\n lifecycle s {{\n finish: open -> done\n reopen: done -> open {clauses}\n }}\n}}"
        )
    }

    #[test]
    fn nothing_leaves_a_frozen_state() {
        assert_eq!(
            findings(&order(" frozen when s == done", "")),
            [
                "state::action_changes_kept: `reopen` would change `s` of a row in `done`, which is frozen"
            ]
        );
        assert_eq!(
            codes(&order(" frozen when s == done except (s)", "")),
            [""; 0]
        );
        assert_eq!(codes(&order(" frozen when locked", "")), [""; 0]);
        assert_eq!(
            codes(&order(" frozen when s == done and locked", "")),
            [""; 0]
        );
    }

    #[test]
    fn rules_and_conditions_count() {
        let rules = " frozen when locked\n invariant r: s == done implies locked";
        assert_eq!(codes(&order(rules, "")), ["state::action_changes_kept"]);
        assert_eq!(
            codes(&order(" frozen when locked", "when locked")),
            ["state::action_changes_kept"]
        );
        assert_eq!(
            codes(&order(" frozen when n > 3", "needs n when n > 5")),
            [""; 0]
        );
    }

    #[test]
    fn what_is_excepted_is_all_that_an_action_writes() {
        let frozen = " frozen when s == done except (s)";
        assert_eq!(
            findings(&order(frozen, "sets n = 3")),
            [
                "state::action_changes_kept: `reopen` would change `n` of a row in `done`, which is frozen"
            ]
        );
        let frozen = " frozen when s == done except (s, n)";
        assert_eq!(codes(&order(frozen, "sets n = 3")), [""; 0]);
    }

    #[test]
    fn an_action_that_ends_where_it_began_does_not_write_the_state() {
        let rule = " frozen when s == done except (n)";
        let loops = |clauses: &str| {
            order(rule, clauses).replace("reopen: done -> open", "look: done -> done")
        };
        assert_eq!(codes(&loops("needs n")), [""; 0]);
        assert_eq!(
            findings(&loops("sets locked = true")),
            [
                "state::action_changes_kept: `look` would change `locked` of a row in `done`, which is frozen"
            ]
        );
        let both =
            order(rule, "needs n").replace("reopen: done -> open", "look: open, done -> open");
        assert_eq!(
            findings(&both),
            [
                "state::action_changes_kept: `look` would change `s` of a row in `done`, which is frozen"
            ]
        );
    }

    #[test]
    fn what_is_there_already_is_not_changed() {
        let rules = " frozen when s == done except (s)\n invariant r: s == done implies n == 0";
        assert_eq!(codes(&order(rules, "sets n = 0")), [""; 0]);
        assert_eq!(
            codes(&order(rules, "sets n = 1")),
            ["state::action_changes_kept"]
        );
        let frozen = " frozen when s == done except (s)";
        assert_eq!(codes(&order(frozen, "sets n = n")), [""; 0]);
        assert_eq!(
            codes(&order(frozen, "when locked sets locked = true")),
            [""; 0]
        );
        assert_eq!(
            codes(&order(frozen, "sets locked = true")),
            ["state::action_changes_kept"]
        );
        let empty = " m: int?\n frozen when s == done except (s)\n invariant r: s == done implies m is not set";
        assert_eq!(
            codes(&order(empty, "sets m = 3")),
            ["state::action_changes_kept"]
        );
    }

    #[test]
    fn rows_and_fields_that_never_change_have_no_actions() {
        assert_eq!(
            findings(&order(" append only", "")),
            ["state::action_changes_kept: actions would change rows of `O`"]
        );
        assert_eq!(
            findings(&order(" m: int immutable", "needs m")),
            ["state::action_changes_kept: `reopen` would change `m`"]
        );
        assert_eq!(codes(&order(" m: int immutable", "when m > 3")), [""; 0]);
    }
}
