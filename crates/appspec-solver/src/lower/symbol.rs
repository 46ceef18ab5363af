use appspec_ir::{Expr, ExprKind, Field, Id, Type, Value};

use crate::formula::{Formulas, Literal, NodeId};
use crate::problem::Problem;
use crate::slot::Kind;

/// What a symbolic expression is, and where it is that.
struct Case<'e> {
    where_: Vec<NodeId>,
    is: Term<'e>,
}

enum Term<'e> {
    Symbol(usize),
    Constant(&'e Value),
}

impl Problem<'_> {
    /// `a == b` of things that are only told apart, or its opposite; `None` when it is not understood.
    pub(super) fn same(&mut self, a: &Expr, b: &Expr, same: bool) -> Option<NodeId> {
        let (left, right) = (self.symbols_of(a)?, self.symbols_of(b)?);
        let mut ways = Vec::with_capacity(left.len() * right.len());
        for a in &left {
            for b in &right {
                let inside = match (&a.is, &b.is) {
                    (Term::Constant(a), Term::Constant(b)) => Formulas::truth((a == b) == same),
                    (Term::Symbol(a), Term::Symbol(b)) => {
                        let sort = |symbol: usize| self.symbols.get(symbol).map(|own| own.sort);
                        if sort(*a) != sort(*b) {
                            return None;
                        }
                        self.formulas.literal(Literal::Same(*a, *b, same))
                    }
                    (Term::Symbol(symbol), Term::Constant(value))
                    | (Term::Constant(value), Term::Symbol(symbol)) => {
                        let bit = self.constants(*symbol)?.bit(value)?;
                        self.within_bits(*symbol, bit, same)
                    }
                };
                let mut parts = a.where_.clone();
                parts.extend(&b.where_);
                parts.push(inside);
                ways.push(self.formulas.all(parts));
            }
        }
        Some(self.formulas.any(ways))
    }

    fn within_bits(&mut self, symbol: usize, bits: u128, holds: bool) -> NodeId {
        let domain = self.symbols.get(symbol).map_or(0, |own| own.domain);
        let bits = if holds { bits } else { !bits } & domain;
        self.formulas.literal(Literal::Within(symbol, bits))
    }

    /// `x in {a, b}` for a field of symbols, as one set.
    pub(super) fn among_constants(
        &mut self,
        inner: &Expr,
        values: &[Value],
        holds: bool,
    ) -> Option<NodeId> {
        let ExprKind::Field(field) = &inner.kind else {
            return None;
        };
        let symbol = self.symbol(*field)?;
        let mut bits = 0;
        for value in values {
            bits |= self.constants(symbol)?.bit(value)?;
        }
        let inside = self.within_bits(symbol, bits, holds);
        let filled = self.is_set(*field, true);
        Some(self.formulas.all(vec![filled, inside]))
    }

    /// The symbol of a field.
    pub(super) fn symbol(&self, field: Id<Field>) -> Option<usize> {
        let (_, slot) = self.slot(field)?;
        match slot.kind {
            Kind::Symbol(_) => Some(slot.variable),
            _ => None,
        }
    }

    fn symbols_of<'e>(&mut self, expr: &'e Expr) -> Option<Vec<Case<'e>>> {
        Some(match &expr.kind {
            ExprKind::Value(value) => vec![Case {
                where_: Vec::new(),
                is: Term::Constant(value),
            }],
            ExprKind::Field(field) => {
                let symbol = self.symbol(*field)?;
                vec![Case {
                    where_: vec![self.is_set(*field, true)],
                    is: Term::Symbol(symbol),
                }]
            }
            ExprKind::Otherwise(field, other) if expr.ty != Type::Bool => {
                let symbol = self.symbol(*field)?;
                let filled = self.is_set(*field, true);
                let empty = self.is_set(*field, false);
                let mut cases = vec![Case {
                    where_: vec![filled],
                    is: Term::Symbol(symbol),
                }];
                for mut case in self.symbols_of(other)? {
                    case.where_.insert(0, empty);
                    cases.push(case);
                }
                if cases.len() > 16 {
                    return None;
                }
                cases
            }
            _ => return None,
        })
    }
}
