//! Tests of what is proven about rules that read other rows.

use crate::checks::testing::findings;

fn found(rules: &str) -> Vec<String> {
    findings(&format!(
        "entity O {{\n total: int\n d: D\n at: date?\n{rules}\n}}\n\
         entity L {{\n n: int\n up: int in 0..9\n o: O inverse lines\n}}\n\
         entity D {{\n rank: int in 1..9\n closed_on: date?\n boss: D?\n}}"
    ))
}

#[test]
fn numbers_of_several_rows_that_exclude_each_other_are_told() {
    assert_eq!(
        found(" invariant x: count(l in lines) >= 3\n invariant y: count(l in lines) <= 2"),
        ["invariant::contradiction: no row of `O` keeps `x` and `y` together"]
    );
    assert_eq!(
        found(
            " invariant x: total == sum(l.n for l in lines)\n \
             invariant y: total == sum(l.n for l in lines) + 1"
        ),
        ["invariant::contradiction: no row of `O` keeps `x` and `y` together"]
    );
    assert_eq!(
        found(
            " invariant x: min(l.n for l in lines) otherwise 0 >= 5\n \
             invariant y: min(l.n for l in lines) otherwise 0 <= 3"
        ),
        ["invariant::contradiction: no row of `O` keeps `x` and `y` together"]
    );
    assert_eq!(
        found(
            " invariant x: all(l in lines have l.n > 0)\n \
             invariant y: total > 0 implies not all(l in lines have l.n > 0)\n \
             invariant z: total > 0"
        ),
        ["invariant::contradiction: no row of `O` keeps `z`, `x` and `y` together"]
    );
}

#[test]
fn what_is_counted_of_some_is_counted_of_all() {
    assert_eq!(
        found(
            " invariant x: count(l in lines where l.n > 1) >= 3\n invariant y: count(l in lines) <= 2"
        ),
        ["invariant::contradiction: no row of `O` keeps `x` and `y` together"]
    );
}

#[test]
fn what_is_never_negative_is_known_to_be_so() {
    let under = |what: &str| {
        found(&format!(
            " invariant x: total == {what}\n invariant y: total < 0"
        ))
    };
    assert_eq!(under("count(l in lines)").len(), 1);
    assert_eq!(under("sum(l.up for l in lines)").len(), 1);
    assert_eq!(under("sum(l.n for l in lines)"), [""; 0]);
}

#[test]
fn paths_that_exclude_each_other_are_told() {
    assert_eq!(
        found(" invariant x: d.rank > 5\n invariant y: d.rank < 3"),
        ["invariant::contradiction: no row of `O` keeps `x` and `y` together"]
    );
    assert_eq!(
        found(
            " invariant x: d.boss.rank otherwise 0 > 5\n invariant y: d.boss.rank otherwise 0 < 3"
        ),
        ["invariant::contradiction: no row of `O` keeps `x` and `y` together"]
    );
}

#[test]
fn what_may_be_missing_behind_a_reference_is_within_its_range_where_it_is_there() {
    let told = [
        "invariant::contradiction: no row of `O` keeps the bounds of `d.boss.rank` and `x` together",
    ];
    assert_eq!(found(" invariant x: d.boss.rank otherwise 0 > 9"), told);
    assert_eq!(found(" invariant x: d.boss.rank otherwise 0 > 8"), [""; 0]);
}

#[test]
fn what_can_be_is_not_told() {
    for rules in [
        " invariant x: count(l in lines) >= 2\n invariant y: count(l in lines) <= 2",
        " invariant x: d.closed_on is set\n invariant y: d.boss is not set",
        " invariant x: at is set implies d.closed_on otherwise 2026-01-01 < at",
    ] {
        assert_eq!(found(rules), [""; 0], "{rules}");
    }
}

#[test]
fn a_derived_value_over_other_rows_comes_after_what_it_reads_there() {
    let found = |name: &str| {
        findings(&format!(
            "entity B {{\n title: text(40)\n derive fees: int = sum(l.{name} for l in loans where l.busy)\n}}\n\
             entity L {{\n b: B inverse loans\n fee: int\n open: bool\n predicate busy = open\n}}"
        ))
    };
    assert_eq!(found("fee"), [""; 0]);
    assert_eq!(found("fe"), ["name::unknown: `L` has no `fe`"]);
}
