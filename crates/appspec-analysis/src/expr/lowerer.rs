use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::{Expr, ExprKind, Field, Id, Module, Type, Value};
use appspec_syntax::ast::{self, BinaryOp, UnaryOp};

use super::across::Outer;
use super::computed::{Results, measure};
use super::facts::{Known, Truths, my_truths, old_truths, truths};
use super::guard::Unguarded;
use super::lets::LetValue;
use super::types::describe;
use crate::lower::layout::{Body, Layout, Slot};
use crate::names::Names;

/// Beyond this many nodes no database evaluates a rule; it only comes about by predicates inside predicates.
pub(super) const LARGEST: usize = 2_000;

/// Where an expression stands; this decides what it may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// An invariant that holds at any time.
    Standing,
    /// An invariant `on create`.
    Create,
    /// An invariant `on change of`.
    Change,
    /// The `where` of a unique set or an index.
    Condition,
    /// A derived value.
    Derive {
        /// Whether it may be missing.
        optional: bool,
    },
    /// A predicate; what it may use is decided where it is used.
    Predicate,
    /// The `when` of an action, or a value that it sets.
    Action,
    /// What an access rule asks of a row and of the person who asks.
    Access,
    /// What a row says about who has a role.
    Role,
}

impl Place {
    /// Whether a row is asked while somebody waits, and nothing is kept of the answer.
    pub(super) fn is_asked(self) -> bool {
        matches!(self, Self::Access | Self::Role)
    }
}

/// Whose names an expression sees.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Site<'s> {
    /// Position of the entity or mixin in [`Layout::bodies`].
    pub(crate) body: usize,
    /// The module that it was written in.
    pub(crate) module: Id<Module>,
    /// The name of the row, in a predicate at the top level.
    pub(crate) row: Option<&'s str>,
    pub(crate) place: Place,
}

/// Lowers one expression.
pub(crate) struct Lowerer<'l, 'a> {
    pub(super) layout: &'l Layout<'a>,
    pub(super) results: &'l Results,
    pub(super) site: Site<'l>,
    /// What may be missing and is known to be there.
    pub(super) facts: Vec<Known>,
    /// The same of the row as it was, in a rule about a change.
    pub(super) old_facts: Vec<Known>,
    /// The same of the person who asks.
    pub(super) my_facts: Vec<Known>,
    /// The conditions that the access block gives names to.
    pub(super) lets: &'l [LetValue<'l>],
    /// Whether everything is taken to be there: beside what is broken, nobody knows.
    pub(super) trusts: bool,
    /// Optional fields whose unguarded use was reported, each with what its row is called.
    pub(super) unguarded: Vec<(Id<Field>, Option<&'l str>)>,
    /// While a condition is read: the unguarded uses in it, which are told with the whole of it.
    pub(super) pending: Option<Vec<Unguarded>>,
    /// The same for derived values, by their position in the layout.
    pub(super) empty_derives: Vec<usize>,
    /// Whether a missing value may simply make the result missing.
    pub(super) missing_allowed: bool,
    /// Nodes put in place of predicates and derived values.
    pub(super) inlined: usize,
    /// The rule around what is said of several rows.
    pub(super) outer: Option<Outer<'l>>,
    pub(super) out: &'l mut Diagnostics,
}

impl<'l, 'a> Lowerer<'l, 'a> {
    pub(crate) fn new(
        layout: &'l Layout<'a>,
        results: &'l Results,
        site: Site<'l>,
        out: &'l mut Diagnostics,
    ) -> Self {
        Self {
            layout,
            results,
            site,
            facts: Vec::new(),
            old_facts: Vec::new(),
            my_facts: Vec::new(),
            lets: &[],
            trusts: false,
            unguarded: Vec::new(),
            pending: None,
            empty_derives: Vec::new(),
            missing_allowed: site.place == Place::Derive { optional: true },
            inlined: 0,
            outer: None,
            out,
        }
    }

    /// With optional fields that are known to be set.
    pub(crate) fn knowing(mut self, set: &[Id<Field>]) -> Self {
        self.facts.extend(set.iter().copied().map(Known::field));
        self
    }

    /// A missing value makes the result missing, as in a path that leads somewhere or nowhere.
    pub(crate) fn allowing_missing(mut self) -> Self {
        self.missing_allowed = true;
        self
    }

    /// With the conditions that an access block gives names to.
    pub(crate) fn with_lets(mut self, lets: &'l [LetValue<'l>]) -> Self {
        self.lets = lets;
        self
    }

    pub(crate) fn layout(&self) -> &'l Layout<'a> {
        self.layout
    }

    pub(super) fn names(&self) -> &'l Names<'a> {
        self.layout.names
    }

    pub(super) fn body(&self) -> Option<&'l Body<'a>> {
        self.layout.bodies.get(self.site.body)
    }

    /// Adds a finding.
    pub(crate) fn report(&mut self, finding: Diagnostic) {
        self.out.push(finding);
    }

    /// The slot behind a field of the row.
    pub(super) fn slot(&self, id: Id<Field>) -> Option<&'l Slot<'a>> {
        let slots = &self.body()?.slots;
        let at = slots.binary_search_by_key(&id, |slot| slot.id).ok()?;
        slots.get(at)
    }

    pub(super) fn describe(&self, ty: Type) -> String {
        describe(self.names(), ty)
    }

    /// Lowers a condition: its type has to be true or false.
    pub(crate) fn condition(&mut self, expr: &ast::Expr) -> Option<Expr> {
        self.pending = Some(Vec::new());
        let lowered = self.lower(expr, Some(Type::Bool));
        self.tell_unguarded(expr);
        let lowered = lowered?;
        if !self.is_bool(&lowered, "a condition is true or false") {
            return None;
        }
        if measure(&lowered).0 > LARGEST {
            self.out.push(
                Diagnostic::new(
                    &codes::types::TOO_LARGE,
                    expr.span,
                    "the rule grows too large once its comparisons of conditions are spelled out",
                )
                .label("each comparison doubles what is compared in it")
                .help("compare fewer conditions in one rule"),
            );
            return None;
        }
        Some(lowered)
    }

    /// Lowers an expression. A hint says what the surroundings expect; it gives literals their type and bare
    /// enum values their enum, and is no demand.
    pub(crate) fn lower(&mut self, expr: &ast::Expr, hint: Option<Type>) -> Option<Expr> {
        use ast::ExprKind as Tree;
        let span = expr.span;
        match &expr.kind {
            Tree::Literal(literal) => self.literal(literal, span, hint),
            Tree::Path(path) => self.path(path, hint),
            Tree::Unary { op, operand } => match op {
                UnaryOp::Not => {
                    let inner = self.strictly(|this| this.lower(operand, Some(Type::Bool)))?;
                    self.is_bool(&inner, "`not` needs a condition")
                        .then(|| boolean(ExprKind::Not(Box::new(inner)), span))
                }
                UnaryOp::Negate => self.negate(operand, span, hint),
            },
            Tree::Binary {
                op,
                op_span,
                left,
                right,
            } => self.binary(*op, *op_span, (left, right), span, hint),
            Tree::IsSet { operand, negated } => {
                let lowered = self.is_set(operand, span);
                negate_if(*negated, lowered, span)
            }
            Tree::InSet {
                operand,
                values,
                negated,
            } => {
                let lowered = self.strictly(|this| this.in_set(operand, values, span));
                negate_if(*negated, lowered, span)
            }
            Tree::InRange {
                operand,
                low,
                high,
                negated,
            } => {
                let lowered = self.strictly(|this| this.in_range(operand, low, high, span));
                negate_if(*negated, lowered, span)
            }
            Tree::Call {
                function,
                arguments,
            } => self.call(function, arguments, span),
            Tree::Each(each) => self.each(each, span),
            Tree::List(_) | Tree::EmptyObject => {
                self.out.push(
                    Diagnostic::new(
                        &codes::types::NOT_IN_A_RULE,
                        span,
                        "lists and objects can't be used in a rule",
                    )
                    .help("compare single values; for one of several write `x in {a, b}`"),
                );
                None
            }
        }
    }

    fn binary(
        &mut self,
        op: BinaryOp,
        op_span: Span,
        sides: (&ast::Expr, &ast::Expr),
        span: Span,
        hint: Option<Type>,
    ) -> Option<Expr> {
        match op {
            BinaryOp::And | BinaryOp::Or | BinaryOp::Implies => {
                self.strictly(|this| this.logic(op, sides, span))
            }
            BinaryOp::Otherwise => self.otherwise(sides.0, sides.1, span, hint),
            BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply => {
                self.arithmetic(op, op_span, sides, span, hint)
            }
            BinaryOp::Equal
            | BinaryOp::NotEqual
            | BinaryOp::Less
            | BinaryOp::LessOrEqual
            | BinaryOp::Greater
            | BinaryOp::GreaterOrEqual => {
                self.strictly(|this| this.compare(op, op_span, sides, span))
            }
        }
    }

    /// Inside, every optional value has to be guarded, also in a derived value that may be missing.
    pub(super) fn strictly<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.missing_allowed, false);
        let result = work(self);
        self.missing_allowed = before;
        result
    }

    /// `and`, `or`, `implies`: the right side is read under what the left side says about optional fields.
    fn logic(
        &mut self,
        op: BinaryOp,
        (left, right): (&ast::Expr, &ast::Expr),
        span: Span,
    ) -> Option<Expr> {
        let a = self.lower(left, Some(Type::Bool));
        let known = (self.facts.len(), self.old_facts.len(), self.my_facts.len());
        if let Some(a) = &a {
            let told = |truths: Truths| match op {
                BinaryOp::Or => truths.when_false,
                _ => truths.when_true,
            };
            self.facts.extend(told(truths(a)));
            self.old_facts.extend(told(old_truths(a)));
            self.my_facts.extend(told(my_truths(a)));
        }
        let b = match &a {
            Some(_) => self.lower(right, Some(Type::Bool)),
            // What the broken side would have guarded is unknown, so the right side can only be wrong by itself.
            None => self.lower_trusting(right),
        };
        self.facts.truncate(known.0);
        self.old_facts.truncate(known.1);
        self.my_facts.truncate(known.2);
        let (a, b) = (a?, b?);
        let word = match op {
            BinaryOp::And => "`and` joins conditions",
            BinaryOp::Or => "`or` joins conditions",
            _ => "`implies` joins conditions",
        };
        let fits = self.is_bool(&a, word);
        if !(self.is_bool(&b, word) && fits) {
            return None;
        }
        Some(boolean(
            match op {
                BinaryOp::And => ExprKind::And(flat(a, b, |kind| match kind {
                    ExprKind::And(parts) => Ok(parts),
                    other => Err(other),
                })),
                BinaryOp::Or => ExprKind::Or(flat(a, b, |kind| match kind {
                    ExprKind::Or(parts) => Ok(parts),
                    other => Err(other),
                })),
                _ => ExprKind::Implies(Box::new(a), Box::new(b)),
            },
            span,
        ))
    }

    /// Lowers with everything taken to be there.
    fn lower_trusting(&mut self, expr: &ast::Expr) -> Option<Expr> {
        let before = std::mem::replace(&mut self.trusts, true);
        let lowered = self.lower(expr, Some(Type::Bool));
        self.trusts = before;
        lowered
    }

    /// Whether something is known to be there.
    pub(super) fn knows(&self, known: &Known) -> bool {
        self.trusts || self.facts.contains(known)
    }

    pub(super) fn is_bool(&mut self, expr: &Expr, what: &str) -> bool {
        if expr.ty == Type::Bool {
            return true;
        }
        let finding = Diagnostic::new(
            &codes::types::MISMATCH,
            expr.span,
            format!("{what}, not {}", self.describe(expr.ty)),
        )
        .label(self.describe(expr.ty))
        .rooted(match expr.kind {
            ExprKind::Field(id) => self.wrong_type(id, expr.ty, Type::Bool),
            _ => None,
        });
        self.out.push(match &expr.kind {
            ExprKind::Field(id)
                if self
                    .slot(*id)
                    .is_some_and(|slot| slot.ast.optional.is_some()) =>
            {
                finding.help("to ask whether there is a value write `… is set`")
            }
            _ => finding.help("compare it with something: `… == …`"),
        });
        false
    }
}

/// An expression whose value is true or false.
pub(super) fn boolean(kind: ExprKind, span: Span) -> Expr {
    Expr {
        kind,
        ty: Type::Bool,
        span,
    }
}

/// A constant.
pub(super) fn value(value: Value, ty: Type, span: Span) -> Expr {
    Expr {
        kind: ExprKind::Value(value),
        ty,
        span,
    }
}

fn negate_if(negated: bool, expr: Option<Expr>, span: Span) -> Option<Expr> {
    let expr = expr?;
    Some(if negated {
        boolean(ExprKind::Not(Box::new(expr)), span)
    } else {
        expr
    })
}

/// `(a and b) and c` becomes one list, so that depth does not grow with length.
fn flat(a: Expr, b: Expr, open: impl Fn(ExprKind) -> Result<Vec<Expr>, ExprKind>) -> Vec<Expr> {
    let mut parts = match open(a.kind) {
        Ok(parts) => parts,
        Err(kind) => vec![Expr {
            kind,
            ty: a.ty,
            span: a.span,
        }],
    };
    match open(b.kind) {
        Ok(more) => parts.extend(more),
        Err(kind) => parts.push(Expr {
            kind,
            ty: b.ty,
            span: b.span,
        }),
    }
    parts
}
