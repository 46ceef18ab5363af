//! Optional fields that are used where they may be empty: the rule with the question that is missing.

use appspec_diagnostics::{Diagnostic, Root, Span, codes};
use appspec_syntax::ast::{BinaryOp, Expr, ExprKind};

use super::lowerer::{Lowerer, Place};

/// An optional field that is used where it may be empty.
#[derive(Debug)]
pub(super) struct Unguarded {
    pub(super) at: Span,
    pub(super) declared: Span,
    pub(super) name: String,
    /// The whole path that can't be read then.
    pub(super) value: String,
}

impl Unguarded {
    pub(super) fn finding(self, help: String) -> Diagnostic {
        let name = &self.name;
        let root = Root::new(self.declared, name).help(format!(
            "{help}; ask so in each of these places, or declare `{name}` without `?`"
        ));
        Diagnostic::new(
            &codes::invariant::OPTIONAL_UNGUARDED,
            self.at,
            format!("`{}` may be empty here", self.name),
        )
        .label("used without asking whether it is set")
        .note(self.declared, "declared optional")
        .help(help)
        .rooted(root)
    }

    /// What to do where the whole rule can't be written out.
    pub(super) fn help(&self, place: Place) -> String {
        let name = &self.name;
        match place {
            Place::Derive { .. } => format!(
                "write `{} otherwise …` to say what counts where it is empty, or put `?` after the type \
                 of the derived value: it is then empty too",
                self.value
            ),
            Place::Condition | Place::Action | Place::Predicate | Place::Access | Place::Role => {
                format!("write `{name} is set and …`")
            }
            Place::Standing | Place::Create | Place::Change => format!(
                "write `{name} is set implies …` where an empty value is fine, or \
                 `{name} is set and …` where it breaks the rule"
            ),
        }
    }
}

impl Lowerer<'_, '_> {
    /// Reports the unguarded uses in a condition that was read.
    pub(super) fn tell_unguarded(&mut self, rule: &Expr) {
        let pending = self.pending.take().unwrap_or_default();
        let mut names: Vec<&str> = Vec::new();
        for unguarded in &pending {
            let name = self.names().text(unguarded.at);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let whole = self.guarded(rule, &names, &|consequence| {
            let mut places = pending.iter().map(|it| it.at);
            places.all(|at| consequence.contains(at))
        });
        let Some(whole) = whole else {
            for unguarded in pending {
                let help = unguarded.help(self.site.place);
                self.out.push(unguarded.finding(help));
            }
            return;
        };
        let mut pending = pending.into_iter();
        let Some(first) = pending.next() else { return };
        let others: Vec<Unguarded> = pending.collect();
        if others.is_empty() {
            self.out.push(first.finding(whole));
        } else {
            self.out.push(together(&first, &others, whole));
        }
    }

    /// Reports the unguarded uses in a value of each of several rows. `written` is the whole that is said of them, and
    /// `condition` the one that says which of them count.
    pub(super) fn tell_unguarded_of_each(
        &mut self,
        pending: Vec<Unguarded>,
        written: Span,
        condition: Option<&Expr>,
    ) {
        for unguarded in pending {
            let help = self.without_empty(&unguarded, written, condition);
            self.out.push(unguarded.finding(help));
        }
    }

    /// The same of the rows that have a value.
    fn without_empty(
        &self,
        unguarded: &Unguarded,
        written: Span,
        condition: Option<&Expr>,
    ) -> String {
        let (name, value) = (&unguarded.name, &unguarded.value);
        let text = self.names().text(written);
        let is_line = text.len() <= MOST_WRITTEN && !text.contains(['\n', '\r']);
        let inside = match condition {
            Some(condition) => text
                .strip_suffix(')')
                .and_then(|it| {
                    it.trim_end()
                        .strip_suffix(self.names().text(condition.span))
                })
                .map(|it| {
                    let asked = self.names().text(condition.span);
                    let asked = bracketed(condition, asked, &[BinaryOp::Or, BinaryOp::Implies]);
                    format!("{it}{asked} and {name} is set)")
                }),
            None => text
                .strip_suffix(')')
                .map(|it| format!("{} where {name} is set)", it.trim_end())),
        };
        let without = match inside.filter(|_| is_line) {
            Some(ours) => format!("write `{ours}`"),
            None => format!("write `where {name} is set` behind the rows"),
        };
        format!(
            "{without} to leave out the rows without it, or `{value} otherwise …` to say what counts there"
        )
    }

    /// The whole rule in both forms; in a condition, only in the one that an empty value does not meet.
    fn guarded(
        &self,
        rule: &Expr,
        names: &[&str],
        are_in: &dyn Fn(Span) -> bool,
    ) -> Option<String> {
        let written = self.names().text(rule.span);
        let line = written.split_whitespace().collect::<Vec<_>>().join(" ");
        // A comment would swallow the rest of the line, and blanks in a text are not ours to join.
        let is_line = line == written || !written.contains(['"']) && !written.contains("//");
        if !is_line || written.contains("//") || line.len() > MOST_WRITTEN || names.is_empty() {
            return None;
        }
        let asked: Vec<String> = names.iter().map(|name| format!("{name} is set")).collect();
        let asked = asked.join(" and ");
        let implied = bracketed(
            rule,
            &line,
            &[BinaryOp::And, BinaryOp::Or, BinaryOp::Implies],
        );
        let joined = bracketed(rule, &line, &[BinaryOp::Or, BinaryOp::Implies]);
        let picks = matches!(
            self.site.place,
            Place::Condition | Place::Action | Place::Predicate | Place::Access | Place::Role
        );
        if picks {
            // What stands behind `implies` would pick every row without a value.
            return Some(format!("write `{asked} and {joined}`"));
        }
        let asks = if names.len() > 1 {
            format!("({asked})")
        } else {
            asked.clone()
        };
        let asking = match &rule.kind {
            // Only where the premise holds an empty value breaks such a rule.
            ExprKind::Binary {
                op: BinaryOp::Implies,
                left,
                right,
                ..
            } if left.span.start == rule.span.start && are_in(right.span) => {
                let text = |part: &Expr| {
                    let words = self.names().text(part.span).split_whitespace();
                    words.collect::<Vec<_>>().join(" ")
                };
                let consequence = text(right);
                let consequence =
                    bracketed(right, &consequence, &[BinaryOp::Or, BinaryOp::Implies]);
                format!("{} implies ({asked} and {consequence})", text(left))
            }
            _ => format!("{asked} and {joined}"),
        };
        Some(format!(
            "write `{asks} implies {implied}` where an empty value is fine, or `{asking}` where it breaks the rule"
        ))
    }
}

/// One finding about several values that are asked about in one place.
fn together(first: &Unguarded, others: &[Unguarded], help: String) -> Diagnostic {
    let mut names = vec![format!("`{}`", first.name)];
    names.extend(others.iter().map(|it| format!("`{}`", it.name)));
    let last = names.pop().unwrap_or_default();
    let message = format!("{} and {last} may be empty here", names.join(", "));
    let mut finding = Diagnostic::new(&codes::invariant::OPTIONAL_UNGUARDED, first.at, message)
        .label("used without asking whether it is set")
        .note(first.declared, "declared optional");
    let mut declared = vec![first.declared];
    for other in others {
        finding = finding.note(other.at, "and so is this");
        if !declared.contains(&other.declared) {
            declared.push(other.declared);
            finding = finding.note(other.declared, "declared optional");
        }
    }
    finding.help(help)
}

/// A rule in parentheses, if its outermost operator is one of these and stands in none.
fn bracketed(rule: &Expr, line: &str, operators: &[BinaryOp]) -> String {
    match &rule.kind {
        ExprKind::Binary { op, left, .. }
            if operators.contains(op) && left.span.start == rule.span.start =>
        {
            format!("({line})")
        }
        _ => line.to_owned(),
    }
}

/// A longer rule is easier to mend where it stands.
const MOST_WRITTEN: usize = 120;

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings, helps};

    fn rows(member: &str) -> String {
        format!(
            "entity E {{\n a: int?\n b: int?\n o: O? on delete set null\n {member}\n}}\n\
             entity O {{ name: text(20) }}\n\
             entity L {{\n e: E on delete cascade inverse lines\n x: int?\n ok: bool\n due: date?\n note: text?\n}}"
        )
    }

    #[test]
    fn several_values_of_one_rule_are_one_finding() {
        assert_eq!(
            findings(&rows("invariant r: a > b")),
            ["invariant::optional_unguarded: `a` and `b` may be empty here"]
        );
        let rule = rows("invariant r on change of a: a > old.a");
        let help = "write `(a is set and old.a is set) implies a > old.a` where an empty value is fine, or \
                    `a is set and old.a is set and a > old.a` where it breaks the rule";
        assert_eq!(helps(&rule), [help]);
        for mended in [
            "(a is set and old.a is set) implies a > old.a",
            "a is set and old.a is set and a > old.a",
        ] {
            let mended = rows(&format!("invariant r on change of a: {mended}"));
            assert_eq!(codes(&mended), [""; 0], "{mended}");
        }
    }

    #[test]
    fn a_value_of_each_row_is_left_out_or_replaced() {
        for (member, ours) in [
            (
                "invariant r: sum(l.x for l in lines) < 3",
                "sum(l.x for l in lines where l.x is set)",
            ),
            (
                "invariant r: sum(l.x for l in lines where l.ok or l.e.b is set) < 3",
                "sum(l.x for l in lines where (l.ok or l.e.b is set) and l.x is set)",
            ),
            (
                "derive d: date? = min(l.due for l in lines where l.ok)",
                "min(l.due for l in lines where l.ok and l.due is set)",
            ),
        ] {
            let found = helps(&rows(member));
            let start = format!("write `{ours}` to leave out");
            assert!(found.iter().all(|it| it.starts_with(&start)), "{found:?}");
            assert_eq!(found.len(), 1);
            let start = member.find(['s', 'm']).unwrap_or(0);
            let start = start + member.get(start..).unwrap().find(['(']).unwrap() - 3;
            let end = member.rfind(')').unwrap() + 1;
            let mut mended = member.to_owned();
            mended.replace_range(start..end, ours);
            assert_eq!(codes(&rows(&mended)), [""; 0], "{mended}");
        }
        assert_eq!(
            codes(&rows("invariant r: sum(l.note for l in lines) < 3")),
            ["type::mismatch"]
        );
    }

    #[test]
    fn a_derived_value_is_replaced_as_a_whole() {
        let found = helps(&rows("derive z: text = o.name"));
        assert!(
            found
                .iter()
                .all(|it| it.starts_with("write `o.name otherwise …`")),
            "{found:?}"
        );
        assert_eq!(
            codes(&rows("derive z: text = o.name otherwise \"x\"")),
            [""; 0]
        );
        let found = helps(&rows("derive z: bool = some(l in lines has l.x > 3)"));
        assert_eq!(found, ["write `l.x is set and …`"]);
    }
}
