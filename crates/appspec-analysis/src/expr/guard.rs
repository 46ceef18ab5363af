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
                "write `{name} otherwise …` to say what counts where it is empty, or put `?` after the type \
                 of the derived value: it is then empty too"
            ),
            Place::Condition | Place::Action | Place::Predicate => {
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
        let names: Vec<&str> = pending.iter().map(|it| self.names().text(it.at)).collect();
        let whole = self.guarded(rule, &names, &|consequence| {
            let mut places = pending.iter().map(|it| it.at);
            places.all(|at| consequence.start <= at.start && at.end <= consequence.end)
        });
        for unguarded in pending {
            let help = whole
                .clone()
                .unwrap_or_else(|| unguarded.help(self.site.place));
            self.out.push(unguarded.finding(help));
        }
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
            Place::Condition | Place::Action | Place::Predicate
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
