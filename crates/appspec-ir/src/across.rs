use appspec_diagnostics::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Entity, Expr, ExprKind, Field, Id, Spec};

/// What must be true of a row together with the rows that it points to, or that point to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Across {
    /// Its name; also the error code of the emitted project.
    pub name: String,
    /// Why.
    pub doc: Option<String>,
    /// What has to hold whenever a transaction ends.
    pub condition: Expr,
    /// What people read when it is broken; made from the name when the spec says nothing.
    pub message: String,
    /// Where the name stands.
    pub span: Span,
}

/// What is said of the rows that point to a row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Each {
    /// The reference by which they point here.
    pub reference: Id<Field>,
    /// What one of them is called in the rule.
    pub row: String,
    /// What is said. Its expressions are about one of these rows.
    pub summary: Summary,
}

/// What can be said of several rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Summary {
    /// `all(l in lines have …)`
    All(Expr),
    /// `some(l in lines has …)`
    Some(Expr),
    /// `count(l in lines where …)`
    Count(Option<Expr>),
    /// `sum(l.amount for l in lines where …)`; of no rows it is 0.
    Sum(Expr, Option<Expr>),
}

impl Summary {
    /// The expressions, in the order of the text.
    pub fn parts(&self) -> impl Iterator<Item = &Expr> {
        let (first, second) = match self {
            Self::All(expr) | Self::Some(expr) => (Some(expr), None),
            Self::Count(condition) => (condition.as_ref(), None),
            Self::Sum(value, condition) => (Some(value), condition.as_ref()),
        };
        first.into_iter().chain(second)
    }

    /// The same, to be changed.
    pub fn parts_mut(&mut self) -> impl Iterator<Item = &mut Expr> {
        let (first, second) = match self {
            Self::All(expr) | Self::Some(expr) => (Some(expr), None),
            Self::Count(condition) => (condition.as_mut(), None),
            Self::Sum(value, condition) => (Some(value), condition.as_mut()),
        };
        first.into_iter().chain(second)
    }
}

/// Rows that a rule reads, as seen from the row that it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The row itself.
    Own,
    /// The row to which a reference of it leads.
    Behind(Id<Field>),
    /// The rows that point to it by this reference.
    Pointing(Id<Field>),
    /// The rows to which a reference of those leads.
    BehindPointing(Id<Field>, Id<Field>),
}

impl Side {
    /// The entity of these rows.
    pub fn entity(self, spec: &Spec, own: Id<Entity>) -> Id<Entity> {
        let behind = |reference: Id<Field>| {
            let relation = spec.fields[reference].relation();
            relation.map_or(own, |relation| relation.target)
        };
        match self {
            Self::Own => own,
            Self::Pointing(reference) => spec.fields[reference].entity,
            Self::Behind(reference) | Self::BehindPointing(_, reference) => behind(reference),
        }
    }
}

impl Across {
    /// What the rule reads of which rows, each field once; the references that lead to other rows are read too.
    pub fn reads(&self) -> Vec<(Side, Vec<Id<Field>>)> {
        let mut found = vec![(Side::Own, Vec::new())];
        read(&self.condition, Side::Own, &mut found);
        found
    }
}

/// Notes what an expression about the rows of a side reads.
fn read(expr: &Expr, side: Side, found: &mut Vec<(Side, Vec<Id<Field>>)>) {
    match &expr.kind {
        ExprKind::Field(field) | ExprKind::IsSet(field) => note(side, Some(*field), found),
        ExprKind::Otherwise(field, other) => {
            note(side, Some(*field), found);
            read(other, side, found);
        }
        ExprKind::Behind(reference, inner) => {
            note(side, Some(*reference), found);
            let behind = match side {
                Side::Pointing(by) => Side::BehindPointing(by, *reference),
                _ => Side::Behind(*reference),
            };
            note(behind, None, found);
            read(inner, behind, found);
        }
        ExprKind::Each(each) => {
            let pointing = Side::Pointing(each.reference);
            note(pointing, Some(each.reference), found);
            for part in each.summary.parts() {
                read(part, pointing, found);
            }
        }
        ExprKind::Outer(inner) => read(inner, Side::Own, found),
        _ => expr.for_children(&mut |child| read(child, side, found)),
    }
}

fn note(side: Side, field: Option<Id<Field>>, found: &mut Vec<(Side, Vec<Id<Field>>)>) {
    let place = found.iter().position(|(other, _)| *other == side);
    let place = place.unwrap_or_else(|| {
        found.push((side, Vec::new()));
        found.len() - 1
    });
    if let (Some((_, fields)), Some(field)) = (found.get_mut(place), field)
        && !fields.contains(&field)
    {
        fields.push(field);
    }
}

impl Expr {
    /// Whether something said of each of several rows reads any of it.
    pub fn reads_each(&self) -> bool {
        match &self.kind {
            ExprKind::Field(_)
            | ExprKind::IsSet(_)
            | ExprKind::Otherwise(..)
            | ExprKind::Behind(..) => true,
            ExprKind::Outer(_) | ExprKind::Old(_) => false,
            _ => {
                let mut found = false;
                self.for_children(&mut |child| found |= child.reads_each());
                found
            }
        }
    }

    /// Whether it reads other rows than its own.
    pub fn spans_rows(&self) -> bool {
        let mut found = false;
        self.visit(&mut |part| {
            found |= matches!(part.kind, ExprKind::Behind(..) | ExprKind::Each(_));
        });
        found
    }
}
