//! Where things stand in a tree.

use std::ops::Range;

use appspec_diagnostics::Span;
use appspec_syntax::ast::{BinaryOp, Bound, Expr, ExprKind, Field, File, Item, MarkKind, Member};

/// The bytes of a span.
pub(super) fn range(span: Span) -> Range<usize> {
    let index = |offset| usize::try_from(offset).expect("32 bits fit");
    index(span.start)..index(span.end)
}

/// What stands in entities, mixins and extensions, block by block.
pub(super) fn blocks(file: &File) -> impl Iterator<Item = &[Member]> {
    file.items.iter().filter_map(|item| match item {
        Item::Entity(it) => Some(it.members.as_slice()),
        Item::Mixin(it) => Some(it.members.as_slice()),
        Item::Extend(it) => Some(it.members.as_slice()),
        _ => None,
    })
}

/// The fields of a block.
pub(super) fn fields(block: &[Member]) -> impl Iterator<Item = &Field> {
    block.iter().filter_map(|member| match member {
        Member::Field(field) => Some(&**field),
        _ => None,
    })
}

/// Every field of a file.
pub(super) fn all_fields(file: &File) -> impl Iterator<Item = &Field> {
    blocks(file).flat_map(fields)
}

/// What is said about rows, each with the names of the fields that stand beside it.
pub(super) fn rules(file: &File) -> Vec<(&Expr, Vec<&str>)> {
    let mut found = Vec::new();
    for block in blocks(file) {
        let names: Vec<&str> = fields(block)
            .map(|field| field.name.text.as_str())
            .collect();
        for rule in block.iter().flat_map(of_member) {
            found.push((rule, names.clone()));
        }
    }
    for item in &file.items {
        if let Item::Predicate(predicate) = item {
            found.push((&predicate.body, Vec::new()));
        }
    }
    found
}

fn of_member(member: &Member) -> Vec<&Expr> {
    match member {
        Member::Derive(it) => vec![&it.value],
        Member::Predicate(it) => vec![&it.body],
        Member::Invariant(it) => vec![&it.condition],
        Member::Unique(it) => it.condition.iter().collect(),
        Member::Index(it) => it.condition.iter().collect(),
        Member::Field(field) => {
            let marks = field.marks.iter();
            marks
                .filter_map(|mark| match &mark.kind {
                    MarkKind::Unique { condition, .. } => condition.as_ref(),
                    _ => None,
                })
                .collect()
        }
        _ => Vec::new(),
    }
}

/// An expression and all its parts.
pub(super) fn parts(expr: &Expr) -> Vec<&Expr> {
    let mut found = vec![expr];
    let inner: Vec<&Expr> = match &expr.kind {
        ExprKind::Unary { operand, .. } | ExprKind::IsSet { operand, .. } => vec![operand],
        ExprKind::Binary { left, right, .. } => vec![left, right],
        ExprKind::InSet {
            operand, values, ..
        } => std::iter::once(operand.as_ref()).chain(values).collect(),
        ExprKind::InRange {
            operand, low, high, ..
        } => vec![operand, low, high],
        ExprKind::Call { arguments, .. } => arguments.iter().collect(),
        ExprKind::Each(each) => each.summary.parts().collect(),
        ExprKind::List(values) => values.iter().collect(),
        ExprKind::Literal(_) | ExprKind::Path(_) | ExprKind::EmptyObject => Vec::new(),
    };
    found.extend(inner.into_iter().flat_map(parts));
    found
}

/// The parts of all rules of a file that have two sides.
pub(super) fn pairs(file: &File) -> impl Iterator<Item = (BinaryOp, Span, &Expr, &Expr, &Expr)> {
    let all = rules(file).into_iter().flat_map(|(rule, _)| parts(rule));
    all.filter_map(|part| match &part.kind {
        ExprKind::Binary {
            op,
            op_span,
            left,
            right,
        } => Some((*op, *op_span, left.as_ref(), right.as_ref(), part)),
        _ => None,
    })
}

/// What narrows the fields and named types of a file.
pub(super) fn bounds(file: &File) -> impl Iterator<Item = &Bound> {
    let of_types = file.items.iter().flat_map(|item| match item {
        Item::Type(it) => it.bounds.as_slice(),
        _ => &[],
    });
    of_types.chain(all_fields(file).flat_map(|field| &field.bounds))
}
