//! Mistakes in what is said about rows.

use appspec_syntax::ast::{BinaryOp, Expr, ExprKind, File, Literal, Member};

use super::operators::Edits;
use super::places::{blocks, pairs, parts, range, rules};

fn opposite(op: BinaryOp) -> Option<&'static str> {
    Some(match op {
        BinaryOp::Equal => "!=",
        BinaryOp::NotEqual => "==",
        BinaryOp::Less => ">",
        BinaryOp::LessOrEqual => ">=",
        BinaryOp::Greater => "<",
        BinaryOp::GreaterOrEqual => "<=",
        _ => return None,
    })
}

fn with_or_without_end(op: BinaryOp) -> Option<&'static str> {
    Some(match op {
        BinaryOp::Less => "<=",
        BinaryOp::LessOrEqual => "<",
        BinaryOp::Greater => ">=",
        BinaryOp::GreaterOrEqual => ">",
        _ => return None,
    })
}

/// Replaces operators.
fn replaced(file: &File, by: fn(BinaryOp) -> Option<&'static str>) -> Edits {
    pairs(file)
        .filter_map(|(op, span, ..)| Some((range(span), by(op)?.to_owned())))
        .collect()
}

pub(super) fn flipped(file: &File, _: &[File], _: &str) -> Edits {
    replaced(file, opposite)
}

pub(super) fn shifted(file: &File, _: &[File], _: &str) -> Edits {
    replaced(file, with_or_without_end)
}

pub(super) fn other_connective(file: &File, _: &[File], _: &str) -> Edits {
    replaced(file, |op| match op {
        BinaryOp::And => Some("or"),
        BinaryOp::Or => Some("and"),
        _ => None,
    })
}

fn around(file: &File, text: &str, is_meant: fn(BinaryOp) -> bool) -> Edits {
    pairs(file)
        .filter(|(op, ..)| is_meant(*op))
        .map(|(_, _, left, right, whole)| {
            let (left, right, whole) = (range(left.span), range(right.span), range(whole.span));
            let between = &text[left.end..right.start];
            let swapped = [&text[right], between, &text[left]].concat();
            (whole, swapped)
        })
        .filter(|(whole, swapped)| whole.len() == swapped.len())
        .collect()
}

pub(super) fn sides_swapped(file: &File, _: &[File], text: &str) -> Edits {
    around(file, text, |op| {
        matches!(
            op,
            BinaryOp::Less
                | BinaryOp::LessOrEqual
                | BinaryOp::Greater
                | BinaryOp::GreaterOrEqual
                | BinaryOp::Subtract
        )
    })
}

pub(super) fn turned_around(file: &File, _: &[File], text: &str) -> Edits {
    around(file, text, |op| op == BinaryOp::Implies)
}

/// Leaves one side of an `implies`, or of an `and` that begins by asking whether something is set.
fn one_side<'f>(
    file: &'f File,
    text: &str,
    left_out: fn(BinaryOp, &'f Expr, &'f Expr) -> Option<&'f Expr>,
) -> Edits {
    pairs(file)
        .filter_map(|(op, _, left, right, whole)| {
            let kept = left_out(op, left, right)?;
            Some((range(whole.span), text[range(kept.span)].to_owned()))
        })
        .collect()
}

pub(super) fn unguarded(file: &File, _: &[File], text: &str) -> Edits {
    one_side(file, text, |op, left, right| match op {
        BinaryOp::Implies => Some(right),
        BinaryOp::And if matches!(left.kind, ExprKind::IsSet { .. }) => Some(right),
        _ => None,
    })
}

pub(super) fn only_guard(file: &File, _: &[File], text: &str) -> Edits {
    one_side(file, text, |op, left, _| {
        (op == BinaryOp::Implies).then_some(left)
    })
}

pub(super) fn set_negated(file: &File, _: &[File], text: &str) -> Edits {
    let all = rules(file).into_iter().flat_map(|(rule, _)| parts(rule));
    all.filter_map(|part| match &part.kind {
        ExprKind::IsSet { operand, negated } => {
            let said = if *negated { "is set" } else { "is not set" };
            let operand = &text[range(operand.span)];
            Some((range(part.span), format!("{operand} {said}")))
        }
        _ => None,
    })
    .collect()
}

pub(super) fn other_field(file: &File, _: &[File], _: &str) -> Edits {
    let mut edits = Edits::new();
    for (rule, names) in rules(file) {
        for part in parts(rule) {
            let ExprKind::Path(path) = &part.kind else {
                continue;
            };
            let [name] = path.names.as_slice() else {
                continue;
            };
            if let Some(place) = names.iter().position(|other| *other == name.text) {
                let other = names[(place + 1) % names.len()];
                edits.push((range(name.span), other.to_owned()));
            }
        }
    }
    edits
}

/// Replaces the numbers of rules, unless they are 0.
fn numbers(file: &File, text: &str, by: fn(&str) -> String) -> Edits {
    let all = rules(file).into_iter().flat_map(|(rule, _)| parts(rule));
    all.filter(|part| {
        matches!(
            part.kind,
            ExprKind::Literal(Literal::Int(_) | Literal::Decimal(_))
        )
    })
    .map(|part| (range(part.span), &text[range(part.span)]))
    .filter(|(_, number)| !number.trim_matches(['0', '.']).is_empty())
    .map(|(place, number)| (place, by(number)))
    .collect()
}

pub(super) fn negative_number(file: &File, _: &[File], text: &str) -> Edits {
    numbers(file, text, |number| format!("-{number}"))
}

pub(super) fn long_number(file: &File, _: &[File], text: &str) -> Edits {
    numbers(file, text, |number| match number.split_once('.') {
        Some((whole, part)) => format!("{whole}000.{part}"),
        None => format!("{number}000"),
    })
}

pub(super) fn repeated_value(file: &File, _: &[File], text: &str) -> Edits {
    let all = rules(file).into_iter().flat_map(|(rule, _)| parts(rule));
    all.filter_map(|part| match &part.kind {
        ExprKind::InSet { values, .. } if values.len() > 1 => {
            let (first, last) = (values.first()?, values.last()?);
            Some((range(last.span), text[range(first.span)].to_owned()))
        }
        _ => None,
    })
    .collect()
}

/// A second invariant behind each one that compares something, with another name.
fn copies(file: &File, text: &str, edited: fn(&Expr, &str) -> Option<String>) -> Edits {
    let mut edits = Edits::new();
    for member in blocks(file).flatten() {
        let Member::Invariant(invariant) = member else {
            continue;
        };
        if let Some(condition) = edited(&invariant.condition, text) {
            let end = range(invariant.span).end;
            let copy = format!("\n  invariant {}_too: {condition}", invariant.name.text);
            edits.push((end..end, copy));
        }
    }
    edits
}

pub(super) fn copied_and_flipped(file: &File, _: &[File], text: &str) -> Edits {
    copies(file, text, |condition, text| {
        let ExprKind::Binary { op, op_span, .. } = &condition.kind else {
            return None;
        };
        let (whole, op_place) = (range(condition.span), range(*op_span));
        let (before, after) = (
            &text[whole.start..op_place.start],
            &text[op_place.end..whole.end],
        );
        Some([before, opposite(*op)?, after].concat())
    })
}

pub(super) fn copied(file: &File, _: &[File], text: &str) -> Edits {
    copies(file, text, |condition, text| {
        Some(text[range(condition.span)].to_owned())
    })
}
