use appspec_diagnostics::Span;
use appspec_ir::{Each, Expr, ExprKind, Field, Id, Summary};

/// What is known to be there.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Known {
    /// The value at the end of a path.
    Path(Vec<Id<Field>>),
    /// One of several rows; wherever it was said.
    Row(Box<Each>),
}

impl Known {
    /// A field of the row itself.
    pub(super) fn field(id: Id<Field>) -> Self {
        Self::Path(vec![id])
    }

    /// One of several rows for which a condition holds.
    pub(super) fn row(each: &Each) -> Self {
        let mut each = each.clone();
        each.row.clear();
        each.summary.parts_mut().for_each(take_away_places);
        Self::Row(Box::new(each))
    }

    /// The same as seen from a row whose reference leads here.
    fn behind(self, reference: Id<Field>) -> Option<Self> {
        match self {
            Self::Path(mut path) => {
                path.insert(0, reference);
                Some(Self::Path(path))
            }
            Self::Row(_) => None,
        }
    }
}

fn take_away_places(expr: &mut Expr) {
    expr.span = Span::new(expr.span.file, 0, 0);
    if let ExprKind::Each(each) = &mut expr.kind {
        each.row.clear();
    }
    expr.kind.for_children_mut(&mut take_away_places);
}

/// What is known to be there once an expression has come out one way.
#[derive(Clone, Debug, Default)]
pub(super) struct Truths {
    /// Where it is true.
    pub(super) when_true: Vec<Known>,
    /// Where it is false.
    pub(super) when_false: Vec<Known>,
}

/// The optional fields that are known to be set where a condition holds.
pub(crate) fn set_where_true(condition: &Expr) -> Vec<Id<Field>> {
    let known = truths(condition).when_true.into_iter();
    let fields = known.filter_map(|known| match known {
        Known::Path(path) => match path.as_slice() {
            [field] => Some(*field),
            _ => None,
        },
        Known::Row(_) => None,
    });
    let mut fields: Vec<Id<Field>> = fields.collect();
    fields.sort_unstable();
    fields
}

/// What an expression tells about what is there.
pub(super) fn truths(expr: &Expr) -> Truths {
    told(expr, Whose::Own)
}

/// What a rule about a change tells about the optional fields of the row as it was.
pub(super) fn old_truths(expr: &Expr) -> Truths {
    told(expr, Whose::Old)
}

/// What an access rule tells about the optional fields of the person who asks.
pub(super) fn my_truths(expr: &Expr) -> Truths {
    told(expr, Whose::Mine)
}

/// Whose fields something is told about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// Those of the row that the rule is about.
    Own,
    /// Those of the row as it was.
    Old,
    /// Those of the person who asks.
    Mine,
}

fn told(expr: &Expr, whose: Whose) -> Truths {
    let truths = |part: &Expr| told(part, whose);
    match &expr.kind {
        ExprKind::Old(inner) if whose == Whose::Old => told(inner, Whose::Own),
        ExprKind::Mine(inner) if whose == Whose::Mine => told(inner, Whose::Own),
        ExprKind::IsSet(_) if whose != Whose::Own => Truths::default(),
        ExprKind::IsSet(field) => Truths {
            when_true: vec![Known::field(*field)],
            when_false: Vec::new(),
        },
        ExprKind::Behind(reference, inner) => {
            let inner = truths(inner);
            let behind = |known: Vec<Known>| {
                let known = known.into_iter();
                known.filter_map(|it| it.behind(*reference)).collect()
            };
            Truths {
                when_true: behind(inner.when_true),
                when_false: behind(inner.when_false),
            }
        }
        ExprKind::Each(each) if whose == Whose::Own && matches!(each.summary, Summary::Some(_)) => {
            Truths {
                when_true: vec![Known::row(each)],
                when_false: Vec::new(),
            }
        }
        ExprKind::Not(inner) => {
            let inner = truths(inner);
            Truths {
                when_true: inner.when_false,
                when_false: inner.when_true,
            }
        }
        ExprKind::And(parts) => {
            let parts: Vec<Truths> = parts.iter().map(&truths).collect();
            Truths {
                when_true: any(parts.iter().map(|part| &part.when_true)),
                when_false: all(parts.iter().map(|part| &part.when_false)),
            }
        }
        ExprKind::Or(parts) => {
            let parts: Vec<Truths> = parts.iter().map(&truths).collect();
            Truths {
                when_true: all(parts.iter().map(|part| &part.when_true)),
                when_false: any(parts.iter().map(|part| &part.when_false)),
            }
        }
        // `a implies b` is `not a or b`.
        ExprKind::Implies(a, b) => {
            let (a, b) = (truths(a), truths(b));
            Truths {
                when_true: all([&a.when_false, &b.when_true].into_iter()),
                when_false: any([&a.when_true, &b.when_false].into_iter()),
            }
        }
        _ => Truths::default(),
    }
}

fn any<'l>(lists: impl Iterator<Item = &'l Vec<Known>>) -> Vec<Known> {
    let mut found: Vec<Known> = Vec::new();
    for known in lists.flatten() {
        if !found.contains(known) {
            found.push(known.clone());
        }
    }
    found
}

fn all<'l>(mut lists: impl Iterator<Item = &'l Vec<Known>>) -> Vec<Known> {
    let mut found = lists.next().cloned().unwrap_or_default();
    for list in lists {
        found.retain(|known| list.contains(known));
    }
    found
}
