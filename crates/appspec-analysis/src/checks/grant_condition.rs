use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Expr, Spec};
use appspec_solver::{Patterns, Study, Verdict};

use super::compares_itself;
use super::solved::{self, Told};

/// A `where` of an access rule that holds for no row, or refuses none.
pub(super) fn check(spec: &Spec, studies: &[Study<'_>], found: &mut Diagnostics) {
    let mut patterns = Patterns::new();
    for study in studies {
        // Rules that no row keeps are told as such.
        if !matches!(study.all, Verdict::Satisfiable(_)) {
            continue;
        }
        let access = study.entity.get().access.iter();
        let walls = access.clone().flat_map(|access| &access.walls);
        let walls = walls.map(|wall| (&wall.condition, "the wall"));
        let grants = access.flat_map(|access| &access.grants);
        let grants = grants.filter_map(|grant| Some((grant.condition.as_ref()?, "the `where`")));
        // A named condition is said in several lines, and is one mistake.
        let mut told: Vec<&Expr> = Vec::new();
        for (condition, what) in walls.chain(grants) {
            let is_known = told.iter().any(|other| other.kind == condition.kind);
            if is_known || compares_itself::is_inside(spec, condition) {
                continue;
            }
            if let Some(finding) = finding(spec, study, condition, what, &mut patterns) {
                told.push(condition);
                found.push(finding);
            }
        }
    }
}

fn finding(
    spec: &Spec,
    study: &Study<'_>,
    asked: &Expr,
    what: &str,
    patterns: &mut Patterns,
) -> Option<Diagnostic> {
    solved::constant(spec, study, asked, patterns, |is_always| {
        if is_always {
            Told {
                code: &codes::permission::RULE_ALWAYS_TRUE,
                says: format!("{what} refuses no row"),
                help: "remove it, or make it say more",
            }
        } else {
            Told {
                code: &codes::permission::RULE_ALWAYS_FALSE,
                says: format!("{what} holds for no row"),
                help: "change the condition, or remove the line: nobody may anything by it",
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings, labels};

    fn order(rule: &str, lines: &str) -> String {
        format!(
            "use std.auth.{{User}}\nenum S {{ draft, paid }}\n\
             entity Order {{\n client: User\n s: S\n total: int in 0..10\n note: text?\n{rule}\n}}\n\
             access Order {{\n{lines}\n}}"
        )
    }

    #[test]
    fn what_excludes_itself_or_the_rules_opens_nothing() {
        assert_eq!(
            findings(&order(
                "",
                "signed in may read where s == draft and s == paid"
            )),
            ["permission::rule_always_false: the `where` holds for no row"]
        );
        let rule = " invariant paid: s == paid implies total > 3";
        assert_eq!(
            labels(&order(
                rule,
                "signed in may read where client == me and s == paid and total == 2"
            )),
            ["never true", "`paid` has to hold"]
        );
        assert_eq!(
            codes(&order("", "only where total > 10\n signed in may read")),
            ["permission::rule_always_false"]
        );
        assert_eq!(
            codes(&order(
                "",
                "signed in may read where client == me and client != me"
            )),
            ["permission::rule_always_false"]
        );
    }

    #[test]
    fn what_each_row_fulfils_refuses_nothing() {
        assert_eq!(
            findings(&order("", "signed in may read where total >= 0")),
            ["permission::rule_always_true: the `where` refuses no row"]
        );
    }

    #[test]
    fn what_hangs_on_who_asks_is_left_alone() {
        for fine in [
            "signed in may read where client == me",
            "signed in may read where this.client == me or me.is_staff",
            "signed in may read where me.is_staff and me.is_active",
            "signed in may read where note is set and me.name is set and note == me.name",
            "signed in may read where s == draft or client == me",
        ] {
            let fine = fine.replace("this.", "");
            assert_eq!(codes(&order("", &fine)), [""; 0], "{fine}");
        }
    }

    #[test]
    fn a_named_condition_is_told_once() {
        let lines = "let odd = s == draft and s == paid\n signed in may read where odd\n signed in may delete where odd";
        assert_eq!(codes(&order("", lines)), ["permission::rule_always_false"]);
    }
}
