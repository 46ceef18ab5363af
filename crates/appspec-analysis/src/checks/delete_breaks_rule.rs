use std::collections::BTreeSet;

use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::{Expr, ExprKind, Field, Id, Invariant, Moment, Put, Row, RowRule, Spec, Walk};
use appspec_solver::{Claim, Fact, Patterns, Rule, Solver, Study, Unchanging, Verdict, unchanging};

use super::emptied::{Deletes, emptied, without};
use super::{change_never, delete_collides, solved};

/// `on delete set null` on a reference that invariants ask for: the deletion of the row pointed to fails, always or for
/// rows such as the one that is shown, with an error about a row that nobody touched.
pub(super) fn check(spec: &Spec, studies: &[Study<'_>], found: &mut Diagnostics) {
    let mut patterns = Patterns::new();
    let mut told = BTreeSet::new();
    let deletes = Deletes::of(spec);
    let unchanging = unchanging(spec, studies);
    for study in studies {
        // Rules that no row keeps are told as such.
        if !matches!(study.all, Verdict::Satisfiable(_)) {
            continue;
        }
        for field in emptied(study.entity) {
            let known = (&deletes, unchanging.as_slice());
            let finding = emptying(study, field, known, &mut patterns)
                .or_else(|| delete_collides::finding(study, field, &deletes, &mut patterns));
            if let Some(finding) = finding
                && told.insert(field.get().span)
            {
                found.push(finding);
            }
        }
    }
}

/// A rule that is asked where a reference is emptied.
struct Reader<'s> {
    name: &'s str,
    at: Span,
    /// The invariant, if it is one; of a rule about changes none.
    invariant: Option<Id<Invariant>>,
    condition: &'s Expr,
    /// What it says of the row before that, so that it holds after.
    after: Expr,
}

/// The invariants that read a reference, and the rules about its changes.
fn readers<'s>(
    study: &Study<'s>,
    field: Walk<'s, Field>,
    unchanging: &[Unchanging],
) -> Vec<Reader<'s>> {
    let (spec, entity) = (field.spec, study.entity);
    let mut readers = Vec::new();
    for rule in &study.rules {
        let RowRule::Invariant(id) = rule.origin else {
            continue;
        };
        let invariant: &Invariant = spec.walk(id).get();
        let across = solved::across(spec, invariant);
        let condition = across.map_or(&invariant.condition, |it| &it.condition);
        let after = without(condition, field.id);
        // What other rows hold then is not known.
        if invariant.moment == Moment::Always && reads(condition, field.id) && !after.spans_rows() {
            readers.push(Reader {
                name: &invariant.name,
                at: condition.span,
                invariant: Some(id),
                condition,
                after,
            });
        }
    }
    let emptied = |id| {
        if id == field.id {
            Put::Nothing
        } else {
            Put::Own
        }
    };
    for (place, rule) in entity.get().changes.iter().enumerate() {
        // What no change keeps is told of the rule.
        let is_told = change_never::is_blamed(unchanging, entity.id, place);
        if rule.fields.contains(&field.id) && !is_told {
            readers.push(Reader {
                name: &rule.name,
                at: rule.condition.span,
                invariant: None,
                condition: &rule.condition,
                after: rule.condition.truth_between(&|_| Put::Own, &emptied),
            });
        }
    }
    readers
}

/// Whether a condition asks for a reference, or for what it leads to.
fn reads(condition: &Expr, field: Id<Field>) -> bool {
    let mut found = condition.fields().contains(&field);
    condition.visit(&mut |part| {
        found |= matches!(part.kind, ExprKind::Behind(reference, _) if reference == field);
    });
    found
}

/// What becomes of the rules that are asked where a reference is emptied.
fn emptying<'s>(
    study: &Study<'s>,
    field: Walk<'s, Field>,
    (deletes, unchanging): (&Deletes, &[Unchanging]),
    patterns: &mut Patterns,
) -> Option<Diagnostic> {
    let spec = field.spec;
    let readers = readers(study, field, unchanging);
    if readers.is_empty() {
        return None;
    }
    let mut facts = solved::facts(study);
    let set = facts.len();
    facts.push(Fact::made(deletes.empties(field)));
    for reader in &readers {
        facts.push(Fact::made(reader.after.clone()));
    }
    let mut solver = Solver::new(spec, study.entity.id, facts, patterns);
    let kept: Vec<Claim> = (0..=set).map(Claim::yes).collect();
    // Rules about the creation prove nothing about rows that are there.
    let mut all = solved::standing(study);
    all.push(Claim::yes(set));
    let possible = solver.satisfy(&all);
    all.extend((0..readers.len()).map(|place| Claim::yes(set + 1 + place)));
    match (possible, solver.satisfy(&all)) {
        (Verdict::Satisfiable(_), Verdict::Contradiction(proof))
            if !deletes.may_go_by_others(field) =>
        {
            let blamed = |claim: &Claim| readers.get(claim.fact.checked_sub(set + 1)?);
            let reader = proof.iter().find_map(blamed)?;
            let mut rules = solved::rules(study, &proof, None);
            let own = reader.invariant.map(RowRule::Invariant);
            rules.retain(|rule| Some(rule.origin) != own);
            return Some(always(field, (reader.name, reader.at), &rules));
        }
        (Verdict::Satisfiable(_), _) => {}
        // A reference that is always empty is never emptied.
        _ => return None,
    }
    readers.iter().enumerate().find_map(|(place, reader)| {
        let mut claims = kept.clone();
        claims.push(Claim::no(set + 1 + place));
        match solver.satisfy(&claims) {
            Verdict::Satisfiable(row) => Some(sometimes(field, reader, &row)),
            _ => None,
        }
    })
}

/// The finding about a rule that no row keeps once the reference is empty; others that have to hold beside it are shown.
fn always(field: Walk<'_, Field>, (name, at): (&str, Span), others: &[&Rule<'_>]) -> Diagnostic {
    let then = match others {
        [] => "false where it is empty",
        [_] => "false once it is empty, since the other rule holds",
        _ => "false once it is empty, since the others hold",
    };
    let finding = Diagnostic::new(
        &codes::relation::DELETE_BREAKS_RULE,
        field.get().span,
        format!(
            "emptying `{}` on delete always breaks the invariant `{name}`",
            field.name
        ),
    )
    .label("emptied by `on delete set null`")
    .note(at, then);
    solved::shown(field.spec, finding, others)
        .help("write `on delete protect`, or let the invariant allow an empty value")
}

fn sometimes(field: Walk<'_, Field>, reader: &Reader<'_>, row: &Row) -> Diagnostic {
    let target = field.target().map_or("", |target| &target.get().name);
    let owner = &field.entity().get().name;
    let mut others = reader.condition.fields();
    others.sort_unstable();
    others.dedup();
    others.retain(|id| *id != field.id && field.spec.walk(*id).get().entity == field.get().entity);
    let shown = solved::example(field.spec, &others, row);
    let when = if shown.is_empty() {
        "false once it is empty".to_owned()
    } else {
        format!("false once it is empty, for example where {shown}")
    };
    Diagnostic::new(
        &codes::relation::DELETE_CAN_BREAK_RULE,
        field.get().span,
        format!(
            "deleting a row of `{target}` breaks the invariant `{}` for some rows of `{owner}`",
            reader.name
        ),
    )
    .label("emptied by `on delete set null`")
    .note(reader.at, when)
    .help("write `on delete protect`, which says so to whoever deletes, or let the invariant allow an empty value")
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings};

    fn parcel(members: &str) -> String {
        format!(
            "enum Step {{ draft, sent }}\nentity C {{ n: int }}\nentity P {{\n s: bool\n step: Step\n \
             c: C? on delete set null\n d: C?\n{members}\n}}"
        )
    }

    #[test]
    fn a_rule_that_no_empty_row_keeps_is_a_proof() {
        let rule = |text: &str| codes(&parcel(&format!(" invariant r: {text}")));
        assert_eq!(rule("c is set"), ["relation::delete_breaks_rule"]);
        assert_eq!(
            rule("c is set or d is set"),
            ["relation::delete_can_break_rule"]
        );
        assert_eq!(rule("c is set implies s"), [""; 0]);
        assert_eq!(rule("c is not set or (d is set and c != d)"), [""; 0]);
    }

    #[test]
    fn a_rule_about_its_changes_is_asked_too() {
        let rule = |text: &str| codes(&parcel(&format!(" invariant r on change of c: {text}")));
        assert_eq!(rule("c is set"), ["relation::delete_breaks_rule"]);
        assert_eq!(rule("s"), ["relation::delete_can_break_rule"]);
        assert_eq!(
            rule("old.c is not set or c is set"),
            ["relation::delete_breaks_rule"]
        );
        assert_eq!(rule("c is set implies s"), [""; 0]);
        assert_eq!(
            codes(&parcel(" invariant r on change of d: c is set")),
            [""; 0]
        );
    }

    #[test]
    fn rules_prove_it_together() {
        let rules = " invariant r: s implies c is set\n invariant t: c is set implies s";
        assert_eq!(codes(&parcel(rules)), ["relation::delete_breaks_rule"]);
    }

    #[test]
    fn a_row_that_rules_over_other_rows_exclude_is_no_example() {
        let spec = |other: &str| {
            codes(&format!(
                "entity C {{ open: bool }}\nentity P {{\n n: int\n c: C? on delete set null\n \
                 invariant big: c is set implies {other}\n invariant need: n > 3 or c is set\n}}"
            ))
        };
        assert_eq!(spec("(c.open and n > 5)"), [""; 0]);
        assert_eq!(
            spec("(c.open and n > 1)"),
            ["relation::delete_can_break_rule"]
        );
    }

    #[test]
    fn the_row_for_which_it_fails_is_shown() {
        assert_eq!(
            findings(&parcel(" invariant tracked: step == sent implies c is set")),
            [
                "relation::delete_can_break_rule: deleting a row of `C` breaks the invariant `tracked` for some rows of `P`"
            ]
        );
    }

    #[test]
    fn a_row_that_goes_along_is_not_emptied() {
        let message = |more: &str| {
            codes(&format!(
                "entity C {{ n: int }}\nentity M {{\n c: C on delete cascade\n p: C? on delete set null\n at: date?\n \
                 invariant here: p is set implies p == c\n invariant when: (p is set) == (at is set)\n}}\n{more}"
            ))
        };
        assert_eq!(message(""), [""; 0]);
        // Something points to it: Django empties its references before it deletes it.
        assert_eq!(
            message("entity R { m: M on delete cascade }"),
            ["relation::delete_breaks_rule"]
        );
    }

    #[test]
    fn a_row_that_may_go_by_another_way_is_no_proof() {
        let spec = "entity C { n: int }\nentity T { c: C on delete cascade }\nentity M {\n t: T on delete cascade\n \
             p: C? on delete set null\n invariant r: p is set\n}";
        assert_eq!(codes(spec), ["relation::delete_can_break_rule"]);
    }

    #[test]
    fn what_holds_at_creation_is_not_asked_when_something_is_deleted() {
        assert_eq!(codes(&parcel(" invariant r on create: c is set")), [""; 0]);
        let rules = " invariant r on create: s\n invariant t: c is set or not s";
        assert_eq!(codes(&parcel(rules)), ["relation::delete_can_break_rule"]);
    }

    fn order(members: &str) -> String {
        format!(
            "entity D {{\n open: bool\n n: int?\n up: D?\n}}\nentity O {{\n d: D? on delete set null\n x: int\n\
             {members}\n}}\nentity P {{\n o: O on delete cascade inverse ps\n}}"
        )
    }

    #[test]
    fn what_is_read_behind_a_reference_asks_for_it() {
        let told = [
            "relation::delete_breaks_rule: emptying `d` on delete always breaks the invariant `r`",
        ];
        for rule in [
            "d is set and d.open",
            "d is set and d.n is set and d.n > 3",
            "d.up.up is set",
        ] {
            assert_eq!(
                findings(&order(&format!(" invariant r: {rule}"))),
                told,
                "{rule}"
            );
        }
        for fine in [
            "d is set implies d.open",
            "d is set or count(p in ps) > 3",
            "d is set and d.open or x > 3",
            "d.n otherwise 3 > 2",
        ] {
            let members = format!(" invariant r: {fine}");
            let told = codes(&order(&members));
            assert!(
                !told.contains(&"relation::delete_breaks_rule"),
                "{fine}: {told:?}"
            );
        }
    }

    #[test]
    fn what_stands_in_for_a_row_that_is_gone_is_asked() {
        let rule = |text: &str| codes(&order(&format!(" invariant r: {text}")));
        assert_eq!(
            rule("x <= (d.n otherwise 0)"),
            ["relation::delete_can_break_rule"]
        );
        assert_eq!(
            rule("x > 3 implies (d is set and d.open)"),
            ["relation::delete_can_break_rule"]
        );
    }
}
