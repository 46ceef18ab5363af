use appspec_diagnostics::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Entity, Expr, ExprKind, Field, Id, Spec, Value};

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

/// What is said of several rows that are related to a row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Each {
    /// Which rows.
    pub rows: Rows,
    /// What one of them is called in the rule.
    pub row: String,
    /// What is said. Its expressions are about one of these rows.
    pub summary: Summary,
}

/// Several rows, as seen from the one that they are related to.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Rows {
    /// Those that point to it by a reference.
    Pointing(Id<Field>),
    /// Those that its `many` holds.
    Held(Id<Field>),
    /// Those whose `many` holds it.
    Holding(Id<Field>),
    /// Those of which a field has the value of one of its own: `exists(p in Price where p.country == country)`.
    Matching {
        /// Their field.
        theirs: Id<Field>,
        /// Its field.
        own: Id<Field>,
    },
}

impl Rows {
    /// The entity of these rows; `None` for a field that leads to none.
    pub fn entity(self, spec: &Spec) -> Option<Id<Entity>> {
        match self {
            Self::Pointing(field) | Self::Holding(field) | Self::Matching { theirs: field, .. } => {
                Some(spec.fields[field].entity)
            }
            Self::Held(field) => Some(spec.fields[field].many()?.target),
        }
    }

    /// The references by which another entity holds the pairs of a `many`: to this side, and to the other one.
    pub fn through(self, spec: &Spec) -> Option<(Id<Field>, Id<Field>)> {
        let through = |field: Id<Field>| spec.fields[field].many()?.through.clone();
        match self {
            Self::Held(field) => through(field).map(|through| (through.source, through.target)),
            Self::Holding(field) => through(field).map(|through| (through.target, through.source)),
            Self::Pointing(_) | Self::Matching { .. } => None,
        }
    }
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
    /// `min(l.amount for l in lines where …)`; of no rows there is none.
    Min(Expr, Option<Expr>),
    /// `max(l.amount for l in lines where …)`; of no rows there is none.
    Max(Expr, Option<Expr>),
}

impl Summary {
    /// The expressions, in the order of the text.
    pub fn parts(&self) -> impl Iterator<Item = &Expr> {
        let (first, second) = match self {
            Self::All(expr) | Self::Some(expr) => (Some(expr), None),
            Self::Count(condition) => (condition.as_ref(), None),
            Self::Sum(value, condition)
            | Self::Min(value, condition)
            | Self::Max(value, condition) => (Some(value), condition.as_ref()),
        };
        first.into_iter().chain(second)
    }

    /// The same, to be changed.
    pub fn parts_mut(&mut self) -> impl Iterator<Item = &mut Expr> {
        let (first, second) = match self {
            Self::All(expr) | Self::Some(expr) => (Some(expr), None),
            Self::Count(condition) => (condition.as_mut(), None),
            Self::Sum(value, condition)
            | Self::Min(value, condition)
            | Self::Max(value, condition) => (Some(value), condition.as_mut()),
        };
        first.into_iter().chain(second)
    }
}

/// Over so many references a path leads at most.
pub const MOST_STEPS: usize = 8;

/// Rows that a rule reads, as seen from the row that it is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Side {
    /// From which rows the way begins.
    pub start: Start,
    /// The references along the way; none where these rows are read themselves.
    pub steps: Vec<Id<Field>>,
}

/// The rows from which a way begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Start {
    /// The row itself.
    Own,
    /// Several that are related to it.
    Of(Rows),
    /// The pairs of a `many` that no entity holds: those with the row at one end.
    Pairs(Rows),
}

impl Side {
    const OWN: Self = Self {
        start: Start::Own,
        steps: Vec::new(),
    };

    /// The entity of these rows; of pairs, the one that declares the `many`.
    pub fn entity(&self, spec: &Spec, own: Id<Entity>) -> Id<Entity> {
        let start = match self.start {
            Start::Own => own,
            Start::Of(rows) => rows.entity(spec).unwrap_or(own),
            Start::Pairs(rows) => match rows {
                Rows::Held(field) | Rows::Holding(field) => spec.fields[field].entity,
                Rows::Pointing(_) | Rows::Matching { .. } => own,
            },
        };
        self.steps.iter().fold(start, |before, reference| {
            let relation = spec.fields[*reference].relation();
            relation.map_or(before, |relation| relation.target)
        })
    }

    /// Whether it is the row itself.
    pub fn is_own(&self) -> bool {
        *self == Self::OWN
    }

    /// The reference by which these rows point to the row itself, if they do so.
    pub fn pointing(&self) -> Option<Id<Field>> {
        match self.start {
            Start::Of(Rows::Pointing(reference)) if self.steps.is_empty() => Some(reference),
            _ => None,
        }
    }

    /// The rows to which a reference of these leads.
    fn behind(&self, reference: Id<Field>) -> Self {
        let mut steps = self.steps.clone();
        steps.push(reference);
        Self {
            start: self.start,
            steps,
        }
    }
}

impl Across {
    /// What the rule reads of which rows, each field once; the references that lead to other rows are read too.
    pub fn reads(&self, spec: &Spec) -> Vec<(Side, Vec<Id<Field>>)> {
        let mut found = vec![(Side::OWN, Vec::new())];
        read(spec, &self.condition, &Side::OWN, &mut found);
        found
    }
}

/// Notes what an expression about the rows of a side reads.
fn read(spec: &Spec, expr: &Expr, side: &Side, found: &mut Vec<(Side, Vec<Id<Field>>)>) {
    match &expr.kind {
        ExprKind::Field(field) | ExprKind::IsSet(field) => note(side, Some(*field), found),
        ExprKind::Otherwise(field, other) => {
            note(side, Some(*field), found);
            read(spec, other, side, found);
        }
        ExprKind::Behind(reference, inner) => {
            note(side, Some(*reference), found);
            let behind = side.behind(*reference);
            note(&behind, None, found);
            read(spec, inner, &behind, found);
        }
        ExprKind::Each(each) => {
            let those = several(spec, each.rows, found);
            for part in each.summary.parts() {
                read(spec, part, &those, found);
            }
        }
        ExprKind::Outer(inner) => read(spec, inner, &Side::OWN, found),
        // The person who asks is no row that the rule is about.
        ExprKind::Mine(_) => {}
        _ => expr.for_children(&mut |child| read(spec, child, side, found)),
    }
}

/// Notes how several rows are found; where they are.
fn several(spec: &Spec, rows: Rows, found: &mut Vec<(Side, Vec<Id<Field>>)>) -> Side {
    let begins = |start| Side {
        start,
        steps: Vec::new(),
    };
    if let Some((here, there)) = rows.through(spec) {
        let pairs = begins(Start::Of(Rows::Pointing(here)));
        note(&pairs, Some(here), found);
        note(&pairs, Some(there), found);
        let those = pairs.behind(there);
        note(&those, None, found);
        return those;
    }
    let those = begins(Start::Of(rows));
    match rows {
        Rows::Pointing(reference) => note(&those, Some(reference), found),
        Rows::Held(_) | Rows::Holding(_) => {
            note(&begins(Start::Pairs(rows)), None, found);
            note(&those, None, found);
        }
        Rows::Matching { theirs, own } => {
            note(&Side::OWN, Some(own), found);
            note(&those, Some(theirs), found);
        }
    }
    those
}

fn note(side: &Side, field: Option<Id<Field>>, found: &mut Vec<(Side, Vec<Id<Field>>)>) {
    let place = found.iter().position(|(other, _)| other == side);
    let place = place.unwrap_or_else(|| {
        found.push((side.clone(), Vec::new()));
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
            ExprKind::Outer(_) | ExprKind::Old(_) | ExprKind::Mine(_) => false,
            _ => {
                let mut found = false;
                self.for_children(&mut |child| found |= child.reads_each());
                found
            }
        }
    }

    /// Whether it is the constant that always holds.
    pub fn is_true(&self) -> bool {
        matches!(self.kind, ExprKind::Value(Value::Bool(true)))
    }

    /// Whether anything is said of several rows in it.
    pub fn reads_several(&self) -> bool {
        let mut found = false;
        self.visit(&mut |part| found |= matches!(part.kind, ExprKind::Each(_)));
        found
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
