use std::collections::BTreeSet;

use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::{ChangeRule, Entity, ExprKind, Field, Id, Invariant, RowRule, Spec, Walk};
use appspec_solver::{Because, Fact, Study, Unchanging, unchanging};

use super::solved;

/// Rules about changes that no change of a field keeps: it can never get another value.
pub(super) fn check(spec: &Spec, studies: &[Study<'_>], found: &mut Diagnostics) {
    let mut told = BTreeSet::new();
    for refused in unchanging(spec, studies) {
        let entity = spec.walk(refused.entity);
        // What reads no field is told as a constant.
        let mut because = refused.because.iter();
        if because.any(|it| is_constant(entity, it)) {
            continue;
        }
        let reasons: Vec<Reason> = reasons(entity, &refused.because);
        // What is wrong with a rule of a mixin, or with one about several fields, is one mistake.
        if let Some((last, others)) = reasons.split_last()
            && told.insert(last.at)
        {
            found.push(finding(entity, &refused, last, others));
        }
    }
}

/// Whether no change of some field keeps a rule about changes: then no action is to blame for it.
pub(super) fn is_blamed(refused: &[Unchanging], entity: Id<Entity>, rule: usize) -> bool {
    let mut of_entity = refused.iter().filter(|it| it.entity == entity);
    of_entity.any(|it| it.because.contains(&Because::Change(rule)))
}

fn is_constant(entity: Walk<'_, Entity>, reason: &Because) -> bool {
    let Because::Change(place) = reason else {
        return false;
    };
    let rule = entity.get().changes.get(*place);
    rule.is_some_and(|rule| rule.condition.fields().is_empty())
}

/// Something that has to hold of a change.
struct Reason {
    name: String,
    at: Span,
    says: String,
}

/// Each once, rules about changes last.
fn reasons(entity: Walk<'_, Entity>, because: &[Because]) -> Vec<Reason> {
    let spec = entity.spec;
    let named = |id: Id<Field>| format!("`{}`", spec.walk(id).name);
    let reasons = because.iter().filter_map(|it| {
        let (name, at, says) = match it {
            Because::Row(RowRule::Bound { field, place }) => (
                format!("the bounds of {}", named(*field)),
                Fact::bound(
                    spec.walk(*field),
                    spec.walk(*field).get().bounds.get(*place)?,
                )?
                .span,
                format!("{} is never outside", named(*field)),
            ),
            Because::Row(RowRule::Invariant(id)) => {
                let invariant = spec.walk::<Invariant>(*id).get();
                let says = format!("`{}` has to hold", invariant.name);
                (
                    format!("`{}`", invariant.name),
                    invariant.condition.span,
                    says,
                )
            }
            Because::Row(RowRule::Derived(id)) => {
                let derive = spec.walk(*id).get();
                let name = format!("the range of `{}`", derive.name);
                (name, derive.value.span, solved::fits_its_type(derive))
            }
            Because::Immutable(id) => (
                format!("{} as it is", named(*id)),
                spec.walk(*id).get().span,
                format!("{} never changes", named(*id)),
            ),
            Because::Frozen => {
                let frozen = entity.get().frozen.as_ref()?;
                let says = "nothing changes where this holds".to_owned();
                ("`frozen when`".to_owned(), frozen.condition.span, says)
            }
            Because::Change(place) => {
                let rule = entity.get().changes.get(*place)?;
                let says = format!("`{}` has to hold", rule.name);
                (format!("`{}`", rule.name), rule.condition.span, says)
            }
        };
        Some(Reason { name, at, says })
    });
    let mut each: Vec<Reason> = Vec::new();
    for reason in reasons {
        if each.iter().all(|other| other.name != reason.name) {
            each.push(reason);
        }
    }
    each
}

fn finding(
    entity: Walk<'_, Entity>,
    refused: &Unchanging,
    last: &Reason,
    others: &[Reason],
) -> Diagnostic {
    let field = &entity.spec.walk(refused.field).name;
    // No mark helps where only actions write.
    let keep = if entity.is_state(refused.field) {
        String::new()
    } else {
        format!(", or mark `{field}` as `immutable` if it never changes")
    };
    if others.is_empty() {
        let mut rules = entity.get().changes.iter();
        let has_parts = |rule: &ChangeRule| matches!(rule.condition.kind, ExprKind::And(_));
        let is_it = |rule: &&ChangeRule| rule.condition.span == last.at;
        let (label, what) = if rules.find(is_it).is_some_and(has_parts) {
            ("its parts exclude each other", "one of its parts")
        } else {
            ("no change makes this true", "it")
        };
        return Diagnostic::new(
            &codes::invariant::NEVER_TRUE,
            last.at,
            format!("{} holds for no change of `{field}`", last.name),
        )
        .label(label)
        .help(format!("change {what}{keep}"));
    }
    let all = others.iter().chain([last]);
    let names: Vec<String> = all.map(|reason| reason.name.clone()).collect();
    let finding = Diagnostic::new(
        &codes::invariant::CONTRADICTION,
        last.at,
        format!(
            "no change of `{field}` keeps {} together",
            solved::joined(&names)
        ),
    )
    .label(match others {
        [_] => "never true of a change where the other holds",
        _ => "never true of a change where the others hold",
    });
    let shown = others.iter().fold(finding, |finding, reason| {
        finding.note(reason.at, reason.says.as_str())
    });
    let what = match others {
        [_] => "one of the two",
        _ => "one of them",
    };
    shown.help(format!("change {what}{keep}"))
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings};

    fn found(members: &str) -> Vec<String> {
        findings(&format!(
            "enum S {{ open, paid }}\nentity F {{ s: S }}\nentity E {{\n{members}\n}}"
        ))
    }

    #[test]
    fn two_rules_that_no_change_keeps_exclude_each_other() {
        let both = " n: int\n invariant up on change of n: n > old.n\n invariant down on change of n: n < old.n";
        assert_eq!(
            found(both),
            ["invariant::contradiction: no change of `n` keeps `up` and `down` together"]
        );
        let mixin = format!(
            "mixin M {{\n{both}\n}}\nentity A with M {{ a: int }}\nentity B with M {{ b: int }}"
        );
        assert_eq!(codes(&mixin), ["invariant::contradiction"]);
    }

    #[test]
    fn bounds_hold_before_and_after() {
        let far = |by: u32| {
            found(&format!(
                " n: int in 0..10\n invariant far on change of n: n > old.n + {by}"
            ))
        };
        assert_eq!(
            far(10),
            [
                "invariant::contradiction: no change of `n` keeps the bounds of `n` and `far` together"
            ]
        );
        assert_eq!(far(9), [""; 0]);
    }

    #[test]
    fn a_rule_by_itself_may_allow_no_change() {
        for rule in [
            "n == old.n",
            "n > 5 and n < 3",
            "old.n > 5 and old.n < 3",
            "n > old.n and n < old.n",
        ] {
            assert_eq!(
                found(&format!(" n: int\n invariant r on change of n: {rule}")),
                ["invariant::never_true: `r` holds for no change of `n`"],
                "{rule}"
            );
        }
        let state = " s: S\n invariant r on change of s: old.s == open and old.s == paid";
        assert_eq!(
            found(state),
            ["invariant::never_true: `r` holds for no change of `s`"]
        );
    }

    #[test]
    fn what_never_changes_is_what_it_was() {
        let rule = " m: int immutable\n n: int\n invariant r on change of n: m > old.m";
        assert_eq!(
            found(rule),
            ["invariant::contradiction: no change of `n` keeps `m` as it is and `r` together"]
        );
        let frozen = " m: int\n n: int\n frozen when m > 3 except (m)\n invariant r on change of n: old.m > 3";
        assert_eq!(
            found(frozen),
            ["invariant::contradiction: no change of `n` keeps `frozen when` and `r` together"]
        );
    }

    #[test]
    fn some_change_is_enough() {
        for fine in [
            " n: int\n invariant up on change of n: n > old.n\n invariant r on change of n: n < 5",
            " n: int?\n invariant r on change of n: (old.n is set and n is set) implies n == old.n",
            " n: int?\n invariant r on change of n: n is set",
            " n: int\n m: int\n invariant r on change of n: m > old.m\n invariant q on change of m: n != old.n",
            " x: float\n invariant up on change of x: x > old.x",
            " t: text(9)\n invariant r on change of t: length(t) > length(old.t)",
            " s: S\n invariant r on change of s: old.s == open",
            " m: int\n n: int\n frozen when m > 3 except (n)\n invariant r on change of n: old.m > 3",
        ] {
            assert_eq!(found(fine), [""; 0], "{fine}");
        }
    }

    #[test]
    fn an_action_is_not_to_blame_as_well() {
        let spec = " s: S = open\n n: int\n invariant r on change of s: n > 5 and n < 3\n \
                    lifecycle s {\n pay: open -> paid\n final paid\n }";
        assert_eq!(
            found(spec),
            ["invariant::never_true: `r` holds for no change of `s`"]
        );
    }
}
