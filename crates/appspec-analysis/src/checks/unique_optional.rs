use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::{
    Comparison, Entity, Expr, ExprKind, Field, Id, Invariant, Moment, Spec, Walk, print,
    print_as_written,
};

use super::solved;

/// A unique set, or a `no overlap … per`, with an optional field: rows in which it is empty would never count as equal.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    for entity in spec.walk_entities() {
        let uniques = entity.get().uniques.iter();
        let uniques = uniques.map(|rule| (&rule.fields, rule.condition.as_ref(), rule.span));
        let overlaps = entity.get().overlaps.iter();
        let overlaps = overlaps.map(|rule| (&rule.per, rule.condition.as_ref(), rule.span));
        for (fields, condition, span) in uniques.chain(overlaps) {
            let optional = |field: &Walk<'_, Field>| field.get().optional;
            let mut loose: Vec<_> = fields
                .iter()
                .map(|id| spec.walk(*id))
                .filter(optional)
                .collect();
            if !loose.is_empty() {
                let known = Known::of(entity, condition);
                loose.retain(|field| !known.is_set(field.id));
            }
            if let Some(finding) = finding(&loose, condition, span) {
                found.push(finding);
            }
        }
    }
}

fn finding(loose: &[Walk<'_, Field>], condition: Option<&Expr>, span: Span) -> Option<Diagnostic> {
    let spec = loose.first()?.spec;
    let names: Vec<String> = loose
        .iter()
        .map(|field| format!("`{}`", field.name))
        .collect();
    let mut parts: Vec<String> = loose
        .iter()
        .map(|field| format!("{} is set", field.name))
        .collect();
    let explained = match condition {
        None => ": rows without it then do not count",
        Some(condition) => {
            let text = print_as_written(spec, condition);
            parts.push(match condition.kind {
                ExprKind::Or(_) | ExprKind::Implies(..) => format!("({text})"),
                _ => text,
            });
            ""
        }
    };
    let finding = Diagnostic::new(
        &codes::invariant::UNIQUE_OPTIONAL,
        span,
        format!(
            "{} may be empty, and empty values are never equal",
            solved::joined(&names)
        ),
    )
    .label("two rows without it would both be accepted");
    let finding = loose.iter().fold(finding, |finding, field| {
        finding.note(field.get().span, "optional here")
    });
    Some(finding.help(format!("write `where {}`{explained}", parts.join(" and "))))
}

/// What is certain about the rows that a rule is about. Only what the condition and the invariants say in so many words
/// counts.
struct Known<'s> {
    spec: &'s Spec,
    /// What holds, each part as it is printed.
    holds: Vec<String>,
    set: Vec<Id<Field>>,
}

impl<'s> Known<'s> {
    fn of(entity: Walk<'s, Entity>, condition: Option<&Expr>) -> Self {
        let mut known = Self {
            spec: entity.spec,
            holds: Vec::new(),
            set: Vec::new(),
        };
        if let Some(condition) = condition {
            known.learn(condition);
        }
        let standing: Vec<_> = entity
            .invariants()
            .map(Walk::<Invariant>::get)
            .filter(|invariant| invariant.moment == Moment::Always)
            .collect();
        // One rule may be the reason for another.
        loop {
            let before = known.holds.len();
            for invariant in &standing {
                known.follow(&invariant.condition);
            }
            if known.holds.len() == before {
                return known;
            }
        }
    }

    fn is_set(&self, field: Id<Field>) -> bool {
        self.set.contains(&field)
    }

    fn holds(&self, condition: &Expr) -> bool {
        match &condition.kind {
            ExprKind::And(parts) => parts.iter().all(|part| self.holds(part)),
            ExprKind::Or(parts) => {
                self.says(condition) || parts.iter().any(|part| self.holds(part))
            }
            ExprKind::IsSet(field) => self.is_set(*field),
            _ => self.says(condition),
        }
    }

    fn says(&self, condition: &Expr) -> bool {
        self.holds.contains(&print(self.spec, condition))
    }

    /// Takes a condition for true.
    fn learn(&mut self, condition: &Expr) {
        let printed = print(self.spec, condition);
        if self.holds.contains(&printed) {
            return;
        }
        self.holds.push(printed);
        match &condition.kind {
            ExprKind::And(parts) => parts.iter().for_each(|part| self.learn(part)),
            _ => self.set.extend(set_by(condition)),
        }
    }

    /// Takes what an invariant says of these rows for true.
    fn follow(&mut self, rule: &Expr) {
        match &rule.kind {
            ExprKind::Implies(premise, conclusion) => {
                if self.holds(premise) {
                    self.learn(conclusion);
                }
            }
            ExprKind::Compare(Comparison::Equal, one, other) => {
                if self.holds(one) {
                    self.learn(other);
                } else if self.holds(other) {
                    self.learn(one);
                }
            }
            ExprKind::And(parts) => parts.iter().for_each(|part| self.follow(part)),
            _ => self.learn(rule),
        }
    }
}

/// The fields that are set wherever a condition holds.
fn set_by(condition: &Expr) -> Vec<Id<Field>> {
    match &condition.kind {
        ExprKind::IsSet(field) => vec![*field],
        ExprKind::And(parts) => parts.iter().flat_map(set_by).collect(),
        ExprKind::Or(parts) => {
            let mut all = parts.iter().map(set_by);
            let first = all.next().unwrap_or_default();
            let rest: Vec<_> = all.collect();
            first
                .into_iter()
                .filter(|field| rest.iter().all(|other| other.contains(field)))
                .collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, helps};

    #[test]
    fn a_condition_has_to_prove_that_the_field_is_set() {
        let with = |condition: &str| {
            codes(&format!(
                "entity E {{\n a: int?\n b: bool\n unique (a) where {condition}\n}}"
            ))
        };
        assert_eq!(with("a is set"), [""; 0]);
        assert_eq!(with("b and a is set"), [""; 0]);
        assert_eq!(with("b"), ["invariant::unique_optional"]);
        assert_eq!(with("b or a is set"), ["invariant::unique_optional"]);
    }

    #[test]
    fn invariants_may_say_that_it_is_set() {
        let with = |rules: &str| {
            codes(&format!(
                "entity E {{\n a: int?\n b: int?\n c: bool\n unique (c, a, b) where a is set\n{rules}\n}}"
            ))
        };
        assert_eq!(with(""), ["invariant::unique_optional"]);
        let silent = [
            "invariant x: a is set implies b is set",
            "invariant x: (a is set) == (b is set)",
            "invariant x: a is set implies c\n invariant y: (c and a is set) implies b is set",
        ];
        for rules in silent {
            assert_eq!(with(rules), [""; 0], "{rules}");
        }
        // At creation alone, and the other way round.
        let told = [
            "invariant x on create: a is set implies b is set",
            "invariant x: b is set implies a is set",
            "invariant x: c implies b is set",
        ];
        for rules in told {
            assert_eq!(with(rules), ["invariant::unique_optional"], "{rules}");
        }
    }

    #[test]
    fn the_help_names_all_of_them() {
        let spec = "entity E {\n a: int?\n b: int?\n unique (a, b)\n}";
        assert_eq!(
            helps(spec),
            ["write `where a is set and b is set`: rows without it then do not count"]
        );
    }

    #[test]
    fn the_help_keeps_the_condition_that_is_there() {
        let spec = "entity E {\n a: int?\n b: bool\n c: bool\n unique (a) where b or c\n}";
        assert_eq!(helps(spec), ["write `where a is set and (b or c)`"]);
    }
}
