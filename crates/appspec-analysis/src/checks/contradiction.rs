use std::collections::BTreeSet;

use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Derive, Expr, ExprKind, Field, FieldType, Id, Rows, Scalar, Spec, Summary};
use appspec_solver::{Rule, Study};

use super::{by_type, chain, compares_itself, solved};

/// Rules that no row keeps together.
pub(super) fn check(spec: &Spec, studies: &[Study<'_>], found: &mut Diagnostics) {
    let mut told = BTreeSet::new();
    let proofs = studies
        .iter()
        .flat_map(|study| study.proofs().map(move |proof| (study, proof)));
    for (study, proof) in proofs {
        let rules = solved::rules(study, proof, None);
        let Some((last, others)) = rules.split_last() else {
            continue;
        };
        let at = solved::place(spec, last);
        // A contradiction inside a mixin is one mistake, in however many entities.
        let reads_nothing = |rule: &&Rule<'_>| {
            solved::invariant(spec, rule).is_some_and(|it| it.condition.fields().is_empty())
        };
        let is_explained = solved::has_misfit(spec, &rules) || rules.iter().any(reads_nothing);
        if is_explained || !told.insert(at) {
            continue;
        }
        let derived = solved::derived(spec, last);
        let finding = if others.is_empty() {
            let finding = Diagnostic::new(
                &codes::invariant::NEVER_TRUE,
                at,
                format!("{} holds for no row", solved::listed(spec, &rules)),
            );
            match derived {
                Some(derive) => refused(finding, derive, ""),
                None => alone(spec, finding, last),
            }
        } else {
            let finding = Diagnostic::new(
                &codes::invariant::CONTRADICTION,
                at,
                format!(
                    "no row of `{}` keeps {} together",
                    study.entity.name,
                    solved::listed(spec, &rules)
                ),
            );
            let finding = match (derived, others) {
                (Some(derive), [_]) => refused(finding, derive, " where the other holds"),
                (Some(derive), _) => refused(finding, derive, " where the others hold"),
                (None, _) => beside(finding, others).help(chain::told(spec, &rules).map_or_else(
                    || without(others).to_owned(),
                    |chain| format!("together they say `{chain}`: change one of them"),
                )),
            };
            solved::shown(spec, finding, others)
        };
        found.push(finding);
    }
}

/// With what is to be said about an invariant that nothing else is needed to exclude.
fn alone(spec: &Spec, finding: Diagnostic, rule: &Rule<'_>) -> Diagnostic {
    if let Some(invariant) = solved::invariant(spec, rule)
        && let Some((field, holds)) = by_type::excluded(spec, &invariant.condition)
    {
        return finding
            .label("no value makes this true")
            .note(spec.walk(field).get().span, holds)
            .help("change it, or let the field hold more");
    }
    let itself = solved::invariant(spec, rule)
        .and_then(|it| compares_itself::first_inside(spec, &it.condition));
    if let Some(itself) = itself {
        return finding
            .label("no value makes this true")
            .note(itself, "both sides are the same")
            .help("compare it with another field or a constant");
    }
    if let Some((field, is_all)) = solved::invariant(spec, rule)
        .and_then(|it| solved::across(spec, it))
        .and_then(|it| shared_with_itself(&it.condition))
    {
        let name = &spec.walk(field).name;
        let unique = if is_all {
            format!("`unique ({name})`")
        } else {
            format!("`unique ({name}, …)` or `unique ({name}) where …`")
        };
        return finding.label("no rows make this true").help(format!(
            "each row is one of those that share its `{name}`: that no other row does is said by {unique}"
        ));
    }
    let chain = chain::told(spec, &[rule]);
    let has_parts = solved::invariant(spec, rule)
        .is_some_and(|it| matches!(it.condition.kind, ExprKind::And(_)));
    if has_parts {
        return finding
            .label("its parts exclude each other")
            .help(chain.map_or_else(
                || {
                    "change one of its parts; most often a comparison looks the wrong way"
                        .to_owned()
                },
                |chain| format!("its parts say `{chain}`: change one of them"),
            ));
    }
    let invariant = solved::invariant(spec, rule);
    let formed = invariant.and_then(|it| solved::formed(spec, &it.condition));
    finding
        .label(if let Some(scalar) = formed {
            format!("true of no `{scalar}`")
        } else if invariant.is_some_and(|it| solved::across(spec, it).is_some()) {
            "no rows make this true".to_owned()
        } else {
            "no value makes this true".to_owned()
        })
        .help(chain.map_or_else(
            || "change it; most often a comparison looks the wrong way".to_owned(),
            |chain| format!("it says `{chain}`: change that"),
        ))
}

/// The field that a row has in common with others, of which it is one itself, and whether nothing else is asked of them.
fn shared_with_itself(condition: &Expr) -> Option<(Id<Field>, bool)> {
    let mut found = None;
    condition.visit(&mut |part| {
        if let ExprKind::Each(each) = &part.kind
            && let Rows::Matching { theirs, own } = each.rows
            && theirs == own
        {
            let is_all = matches!(&each.summary, Summary::Some(said) if said.is_true());
            found = found.or(Some((own, is_all)));
        }
    });
    found
}

/// With what is to be said about a derived value that never fits.
fn refused(finding: Diagnostic, derive: &Derive, where_: &str) -> Diagnostic {
    let wider = match derive.ty {
        FieldType::Scalar(Scalar::Int) => "declare it as `bigint`",
        FieldType::Scalar(Scalar::Decimal { .. }) => "declare it with more digits",
        _ => "compute something smaller",
    };
    let fits = match derive.ty {
        FieldType::Scalar(scalar) => format!("never fits `{scalar}`{where_}"),
        _ => format!("never fits its type{where_}"),
    };
    finding.label(fits).help(format!(
        "a row whose `{}` does not fit can't be saved: {wider}, or change what it is computed from",
        derive.name
    ))
}

/// What is said of a rule that no row keeps where the others hold.
fn beside(finding: Diagnostic, others: &[&Rule<'_>]) -> Diagnostic {
    finding.label(match others {
        [_] => "never true where the other holds",
        _ => "never true where the others hold",
    })
}

/// What to do where no chain of comparisons tells it.
fn without(others: &[&Rule<'_>]) -> &'static str {
    match others {
        [_] => "change one of the two; each can hold without the other",
        _ => "change one of them; without any one of them the others can hold",
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings};

    fn entity(members: &str) -> String {
        format!(
            "entity E {{\n a: int\n b: int\n c: int?\n d: decimal(8, 2) in 0..10\n{members}\n}}"
        )
    }

    #[test]
    fn only_what_no_row_keeps_is_one() {
        let found = |members: &str| findings(&entity(members));
        assert_eq!(
            found(" invariant x: a < b\n invariant y: b < a"),
            ["invariant::contradiction: no row of `E` keeps `x` and `y` together"]
        );
        assert_eq!(
            found(" invariant x: d > 10"),
            ["invariant::contradiction: no row of `E` keeps the bounds of `d` and `x` together"]
        );
        assert_eq!(
            found(" invariant x: a > 10 and a < 5"),
            ["invariant::never_true: `x` holds for no row"]
        );
        for fine in [
            " invariant x: a <= b\n invariant y: b <= a",
            " invariant x: d >= 10",
            " invariant x: a * b == 7\n invariant y: a + b == 8",
        ] {
            assert_eq!(found(fine), [""; 0], "{fine}");
        }
    }

    #[test]
    fn sums_of_several_fields_are_added_up() {
        let found = |rules: &str| {
            let fields = "net: decimal(9, 2)\n tax: decimal(9, 2) in 0..\n fee: decimal(9, 2)";
            codes(&format!(
                "entity E {{\n gross: decimal(9, 2)\n {fields}\n{rules}\n}}"
            ))
        };
        let sum = " invariant sum: gross == net + tax\n";
        assert_eq!(
            found(&format!("{sum} invariant less: gross < net")),
            ["invariant::contradiction"]
        );
        assert_eq!(
            found(&format!("{sum} invariant less: gross <= net")),
            [""; 0]
        );
        assert_eq!(
            found(&format!(
                "{sum} invariant rest: fee == gross - net\n invariant owed: fee < tax"
            )),
            ["invariant::contradiction"]
        );
    }

    #[test]
    fn parts_of_texts_exclude_each_other() {
        let found = |rules: &str| {
            let fields =
                "s: text(9)\n o: text(4)? matches r\"[A-Z]{3}\"\n p: text(4) matches r\"[A-Z]{3}\"";
            codes(&format!("entity E {{\n {fields}\n{rules}\n}}"))
        };
        for (x, y) in [
            ("starts_with(s, \"ab\")", "starts_with(s, \"b\")"),
            ("ends_with(s, \"ab\")", "ends_with(s, \"ba\")"),
            ("starts_with(s, \"ab\")", "not contains(s, \"b\")"),
            ("starts_with(s, \"abcdef\")", "ends_with(s, \"ghijkl\")"),
            ("contains(s, \"abc\")", "length(s) < 3"),
            ("starts_with(s, \"abc\")", "s == \"abd\""),
        ] {
            let rules = format!(" invariant x: {x}\n invariant y: {y}");
            assert_eq!(found(&rules), ["invariant::contradiction"], "{x}, {y}");
        }
        assert_eq!(
            found(" invariant x: length(p) > 3"),
            ["invariant::contradiction"]
        );
        for fine in [
            " invariant x: starts_with(s, \"ab\")\n invariant y: starts_with(s, \"abc\") or ends_with(s, \"ab\")",
            " invariant x: starts_with(s, \"abcde\")\n invariant y: ends_with(s, \"defghi\")",
            " invariant x: starts_with(s, \"b\") or contains(s, \"c\")\n invariant y: starts_with(s, \"ab\")",
            " invariant x: length(p) > 2 or length(s) > 3",
        ] {
            let found = found(fine);
            assert!(
                !found.contains(&"invariant::contradiction"),
                "{fine}: {found:?}"
            );
        }
        // An empty field has no length.
        assert_eq!(
            found(" invariant x: o is set implies length(o) > 3"),
            ["invariant::only_empty"]
        );
    }

    #[test]
    fn parts_of_dates_exclude_each_other() {
        let found = |rules: &str| codes(&format!("entity E {{\n d: date\n e: date\n{rules}\n}}"));
        for never in [
            "month(d) == 2 and day(d) == 30",
            "year(d) < 2020 and d > 2021-01-01",
            "month(d) in {1, 2} and d in 2024-03-01..2024-12-31",
            "day(d) == 29 and month(d) == 2 and year(d) in {2023, 2025}",
            "weekday(d) == 7 and d in 2026-11-23..2026-11-28",
        ] {
            assert_eq!(
                found(&format!(" invariant x: {never}")),
                ["invariant::never_true"],
                "{never}"
            );
        }
        for fine in [
            "month(d) == 2 and day(d) == 29",
            "year(d) < 2020 and d > 2019-12-30",
            "day(d) == 31 and d in 2024-02-01..2024-03-31",
            "month(d) == 2 and month(e) == 3 and d > e",
        ] {
            assert_eq!(found(&format!(" invariant x: {fine}")), [""; 0], "{fine}");
        }
    }

    #[test]
    fn a_pattern_excludes_parts_of_texts() {
        let found = |rule: &str| {
            let number = "n: text(9) matches r\"INV-[0-9]+\"";
            codes(&format!(
                "entity E {{\n {number}\n m: text(9)?\n invariant x: {rule}\n}}"
            ))
        };
        for never in [
            "starts_with(n, \"ORD\")",
            "ends_with(n, \"-\")",
            "contains(n, \"x\")",
            "not starts_with(n, \"INV-\")",
        ] {
            assert_eq!(found(never), ["invariant::contradiction"], "{never}");
        }
        for fine in [
            "starts_with(n, \"INV-2\")",
            "ends_with(n, \"0\")",
            "not contains(n, \"17\")",
            "m is set implies starts_with(m, \"ORD\")",
        ] {
            assert_eq!(found(fine), [""; 0], "{fine}");
        }
        assert_eq!(found("contains(n, \"V-\")"), ["invariant::always_true"]);
    }

    #[test]
    fn a_rounded_number_stays_near() {
        let found = |rule: &str| {
            let fields = "n: decimal(8, 2)\n m: decimal(8, 2)";
            codes(&format!("entity E {{\n {fields}\n invariant x: {rule}\n}}"))
        };
        for (never, fine) in [
            ("round(n) > n + 0.5", "round(n) >= n + 0.5"),
            ("floor(n) > n", "floor(n) >= n"),
            ("floor(n) <= n - 1", "floor(n) < n - 0.98"),
            ("ceil(n) < n", "ceil(n) <= n"),
            ("ceil(n) >= n + 1", "ceil(n) > n + 0.98"),
            ("round(n + m) > n + m + 1", "round(n + m) > n + m"),
            ("n * n < 0", "n * n == 0"),
        ] {
            assert_eq!(found(never), ["invariant::never_true"], "{never}");
            assert_eq!(found(fine), [""; 0], "{fine}");
        }
    }

    #[test]
    fn of_what_has_few_values_few_differ() {
        let found = |count: usize, ty: &str, optional: &str| {
            let names = ["a", "b", "c", "d"].get(..count).unwrap_or_default();
            let values = match ty {
                "Two" => "enum Two { x, y }",
                "Three" => "enum Three { u, v, w }",
                _ => "",
            };
            let fields = names
                .iter()
                .map(|name| format!(" {name}: {ty}{optional}\n"));
            let fields = fields.collect::<String>();
            let pairs = names.iter().enumerate().flat_map(|(place, name)| {
                let others = names.iter().skip(place + 1);
                others.map(move |other| match optional {
                    "" => format!("{name} != {other}"),
                    _ => format!("(({name} is set and {other} is set) implies {name} != {other})"),
                })
            });
            let rule = pairs.collect::<Vec<_>>().join(" and ");
            codes(&format!(
                "{values}\nentity E {{\n{fields} invariant r: {rule}\n}}"
            ))
        };
        let never = ["invariant::never_true"];
        assert_eq!(found(3, "bool", ""), never);
        assert_eq!(found(3, "Two", ""), never);
        assert_eq!(found(4, "Three", ""), never);
        assert_eq!(found(2, "Two", ""), [""; 0]);
        assert_eq!(found(3, "Three", ""), [""; 0]);
        assert_eq!(found(4, "text(9)", ""), [""; 0]);
        // One of them may be missing.
        assert_eq!(found(3, "Two", "?"), [""; 0]);
    }

    #[test]
    fn functions_have_ends() {
        let found = |rule: &str| {
            let fields = "t: time in 09:00..17:00\n s: text(9)\n d: date";
            codes(&format!("entity E {{\n {fields}\n invariant x: {rule}\n}}"))
        };
        for never in [
            "month(d) == 13",
            "weekday(d) in 8..9",
            "length(trim(s)) > 9",
            "length(upper(s)) != length(s)",
        ] {
            assert_eq!(found(never), ["invariant::never_true"], "{never}");
        }
        assert_eq!(found("hour(t) >= 18"), ["invariant::contradiction"]);
        for fine in ["hour(t) == 17", "month(d) == 12", "length(trim(s)) > 8"] {
            assert_eq!(found(fine), [""; 0], "{fine}");
        }
    }

    #[test]
    fn what_is_beyond_the_solver_is_no_error() {
        // There are no such numbers, but nobody proves it here.
        let rules = " invariant x: a * a == 2";
        assert_eq!(codes(&entity(rules)), ["invariant::undecided"]);
    }

    #[test]
    fn a_contradiction_in_a_mixin_is_one_mistake() {
        let spec = "mixin M {\n a: int\n invariant x: a > 1 and a < 1\n}\nentity E with M { n: int }\nentity F with M { n: int }";
        assert_eq!(codes(spec), ["invariant::never_true"]);
    }
}
