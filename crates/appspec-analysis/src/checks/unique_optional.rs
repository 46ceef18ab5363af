use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::{Expr, ExprKind, Field, Id, Spec, Walk, print};

/// A unique set, or a `no overlap … per`, with an optional field: rows in which it is empty would never count as equal.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    for entity in spec.walk_entities() {
        let entity = entity.get();
        let uniques = entity.uniques.iter();
        let uniques = uniques.map(|rule| (&rule.fields, rule.condition.as_ref(), rule.span));
        let overlaps = entity.overlaps.iter();
        let overlaps = overlaps.map(|rule| (&rule.per, rule.condition.as_ref(), rule.span));
        for (fields, condition, span) in uniques.chain(overlaps) {
            let loose = fields.iter().map(|id| spec.walk(*id)).find(|field| {
                let known = condition.is_some_and(|condition| proves_set(condition, field.id));
                field.get().optional && !known
            });
            if let Some(field) = loose {
                found.push(finding(field, condition, span));
            }
        }
    }
}

fn finding(field: Walk<'_, Field>, condition: Option<&Expr>, span: Span) -> Diagnostic {
    let name = &field.get().name;
    let condition = condition.map(|condition| {
        let text = print(field.spec, condition);
        match condition.kind {
            ExprKind::Or(_) | ExprKind::Implies(..) => format!("({text})"),
            _ => text,
        }
    });
    let help = match condition {
        None => format!("write `where {name} is set`: rows without it then do not count"),
        Some(condition) => format!("write `where {name} is set and {condition}`"),
    };
    Diagnostic::new(
        &codes::invariant::UNIQUE_OPTIONAL,
        span,
        format!("`{name}` may be empty, and empty values are never equal"),
    )
    .label("two rows without it would both be accepted")
    .note(field.get().span, "optional here")
    .help(help)
}

/// Whether the condition holds only where the field is set. Only what is certain counts.
fn proves_set(condition: &Expr, field: Id<Field>) -> bool {
    match &condition.kind {
        ExprKind::IsSet(id) => *id == field,
        ExprKind::And(parts) => parts.iter().any(|part| proves_set(part, field)),
        ExprKind::Or(parts) => parts.iter().all(|part| proves_set(part, field)),
        _ => false,
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
    fn the_help_keeps_the_condition_that_is_there() {
        let spec = "entity E {\n a: int?\n b: bool\n c: bool\n unique (a) where b or c\n}";
        assert_eq!(helps(spec), ["write `where a is set and (b or c)`"]);
    }
}
