use appspec_diagnostics::{Diagnostic, Root, Span, codes};
use appspec_ir::{Comparison, Entity, Expr, ExprKind, Field, FieldType, Function, Id, Type};
use appspec_syntax::ast::{self, BinaryOp};

use super::literal::Instead;
use super::lowerer::{Lowerer, Place, boolean};
use super::path::slot_type;
use super::types::{is_ordered, unify};
use crate::checks::spelling;
use crate::lower::layout::Slot;

impl Lowerer<'_, '_> {
    pub(super) fn compare(
        &mut self,
        op: BinaryOp,
        op_span: Span,
        (left, right): (&ast::Expr, &ast::Expr),
        span: Span,
    ) -> Option<Expr> {
        if let Some(row) = [left, right]
            .into_iter()
            .find(|side| self.is_row(side) && !self.is_this(side))
        {
            self.out.push(compared_row(row.span));
            return None;
        }
        let (a, b) = self.pair(left, right)?;
        let op = match op {
            BinaryOp::Equal => Comparison::Equal,
            BinaryOp::NotEqual => Comparison::NotEqual,
            BinaryOp::Less => Comparison::Less,
            BinaryOp::LessOrEqual => Comparison::LessOrEqual,
            BinaryOp::Greater => Comparison::Greater,
            _ => Comparison::GreaterOrEqual,
        };
        let ty = self.same_type(&a, &b, op_span)?;
        let is_equality = matches!(op, Comparison::Equal | Comparison::NotEqual);
        let comparable = if is_equality {
            self.has_equality(ty, op_span)
        } else {
            self.has_order(ty, op_span)
        };
        if !comparable {
            return None;
        }
        let (a, b) = self.fitted(op, a, b)?;
        Some(boolean(
            ExprKind::Compare(op, Box::new(a), Box::new(b)),
            span,
        ))
    }

    /// Lowers two operands that should have one type; the one whose type is known by itself goes first.
    pub(super) fn pair(&mut self, left: &ast::Expr, right: &ast::Expr) -> Option<(Expr, Expr)> {
        if self.needs_hint(left) && !self.needs_hint(right) {
            let b = self.lower(right, None);
            let a = self.second(left, b.as_ref());
            Some((a?, b?))
        } else {
            let a = self.lower(left, None);
            let b = self.second(right, a.as_ref());
            Some((a?, b?))
        }
    }

    /// The operand that takes its type from the other; silent about constants when the other is broken.
    fn second(&mut self, expr: &ast::Expr, first: Option<&Expr>) -> Option<Expr> {
        if first.is_none() && self.needs_hint(expr) {
            return None;
        }
        self.lower(expr, first.map(|first| first.ty))
    }

    /// Constants in the type of the other side.
    pub(super) fn fitted(&mut self, op: Comparison, a: Expr, b: Expr) -> Option<(Expr, Expr)> {
        let a = self.against(a, &b, Instead::before(op))?;
        let b = self.against(b, &a, Instead::behind(op))?;
        Some((a, b))
    }

    /// What to write where a moment meets a day. Which day a moment is on hangs on the time zone, so that a standing rule
    /// can't ask for it.
    fn same_day(&self, moment: &Expr, day: &Expr) -> String {
        let text = |side: &Expr| self.names().text(side.span);
        match self.site.place {
            Place::Standing | Place::Condition => match &day.kind {
                ExprKind::Value(_) => {
                    format!("compare with a moment, such as `{}T00:00Z`", text(day))
                }
                _ => "give both the same type; `on create`, a rule may ask for the `date(…)` of a moment".to_owned(),
            },
            _ => format!("take the day of the moment: `date({})`", text(moment)),
        }
    }

    /// What to write where a row is compared with something that a field of it may be meant by.
    fn field_of(&self, reference: &Expr, to: Id<Entity>, other: Type) -> String {
        let field = self.layout().entity(to).and_then(|body| {
            let of_that_type =
                |slot: &&Slot<'_>| slot_type(slot).is_some_and(|ty| unify(ty, other).is_some());
            body.slots.iter().find(of_that_type)
        });
        match field {
            Some(field) => {
                let (path, name) = (self.names().text(reference.span), &field.ast.name.text);
                format!("compare with a field of it, such as `{path}.{name}`")
            }
            None => "compare it with a row: another reference to the same entity".to_owned(),
        }
    }

    pub(super) fn same_type(&mut self, a: &Expr, b: &Expr, at: Span) -> Option<Type> {
        if let Some(opaque) = [a, b].into_iter().find(|side| side.ty == Type::Opaque) {
            self.out.push(self.opaque(opaque));
            return None;
        }
        let common = unify(a.ty, b.ty);
        let is_stored = matches!(self.site.place, Place::Standing | Place::Condition);
        let is_now = |side: &Expr| side.calls(Function::Now) || side.calls(Function::Today);
        if common.is_none() && is_stored && (is_now(a) || is_now(b)) {
            // That it changes with time was reported.
            return None;
        }
        if common.is_none() {
            let (left, right) = (self.describe(a.ty), self.describe(b.ty));
            let finding = Diagnostic::new(
                &codes::types::MISMATCH,
                at,
                format!("{left} can't be compared with {right}"),
            )
            .label("compared here")
            .note(a.span, left)
            .note(b.span, right)
            .rooted(self.odd_one(a, b));
            self.out.push(match (a.ty, b.ty) {
                (Type::Date, Type::DateTime) | (Type::DateTime, Type::Date) => {
                    let (moment, day) = if a.ty == Type::DateTime {
                        (a, b)
                    } else {
                        (b, a)
                    };
                    finding.help(self.same_day(moment, day))
                }
                (Type::Text, Type::Int | Type::Decimal { .. })
                | (Type::Int | Type::Decimal { .. }, Type::Text) => {
                    let text = if a.ty == Type::Text { a } else { b };
                    finding.help(if matches!(text.kind, ExprKind::Value(_)) {
                        "write numbers without quotes"
                    } else {
                        "compare text with text, or take the number of its characters: `length(…)`"
                    })
                }
                (Type::Reference(to), other) => finding.help(self.field_of(a, to, other)),
                (other, Type::Reference(to)) => finding.help(self.field_of(b, to, other)),
                _ => finding.help("compare values of the same type"),
            });
        }
        common
    }

    /// The field whose type is the mistake where it meets something else: of several rules that take it for something of
    /// one kind, nobody thinks that each of them is wrong.
    pub(super) fn odd_one(&self, a: &Expr, b: &Expr) -> Option<Root> {
        match (&a.kind, &b.kind) {
            // Of two fields nobody knows which one it is.
            (ExprKind::Field(_), ExprKind::Field(_)) => None,
            // Each place has a way of its own to take the day of a moment.
            _ if matches!(
                (a.ty, b.ty),
                (Type::Date, Type::DateTime) | (Type::DateTime, Type::Date)
            ) =>
            {
                None
            }
            (ExprKind::Field(id), _) => self.wrong_type(*id, a.ty, b.ty),
            (_, ExprKind::Field(id)) => self.wrong_type(*id, b.ty, a.ty),
            _ => None,
        }
    }

    /// What rules have in common that take a field for something else than it is.
    pub(super) fn wrong_type(&self, id: Id<Field>, is: Type, taken_for: Type) -> Option<Root> {
        let slot = self.slot(id)?;
        let kind = match taken_for {
            Type::Int | Type::Decimal { .. } | Type::Float => "a number".to_owned(),
            other => self.describe(other),
        };
        let name = &slot.ast.name.text;
        let help = format!(
            "in each place `{name}` is taken for {kind}, and it is declared as {}: change its type, or the rules",
            self.describe(is)
        );
        Some(Root::new(slot.ast.name.span, format!("type {kind}")).help(help))
    }

    /// Whether an expression is the row that the rule is about.
    fn is_row(&self, expr: &ast::Expr) -> bool {
        let row = self.site.row.unwrap_or("this");
        match &expr.kind {
            ast::ExprKind::Path(path) => match path.names.as_slice() {
                [only] => only.text == row && self.entry(row).is_none(),
                _ => false,
            },
            _ => false,
        }
    }

    /// The finding for a value of a type that no rule can compare.
    pub(super) fn opaque(&self, value: &Expr) -> Diagnostic {
        let slot = match value.kind {
            ExprKind::Field(id) => self.slot(id),
            _ => None,
        };
        let what = match slot.and_then(|slot| slot.ty.as_ref()) {
            Some(FieldType::Scalar(scalar)) => spelling::one(*scalar),
            Some(FieldType::List(_)) => "a list".to_owned(),
            _ => "this value".to_owned(),
        };
        let finding = Diagnostic::new(
            &codes::types::NOT_IN_A_RULE,
            value.span,
            format!("{what} can't be compared in a rule"),
        )
        .label(what);
        match slot {
            Some(slot) if slot.ast.optional.is_some() => finding.help(format!(
                "ask only whether there is one: `{} is set`",
                slot.ast.name.text
            )),
            _ => finding.help("leave it out of the rule, or compare it in code of your own"),
        }
    }

    pub(super) fn has_equality(&mut self, ty: Type, at: Span) -> bool {
        match ty {
            Type::Float => {
                self.out.push(
                    Diagnostic::new(
                        &codes::types::FLOAT_EQUALITY,
                        at,
                        "two floats are hardly ever exactly equal",
                    )
                    .label("compared to the last bit")
                    .help("use `decimal(p, s)` for the field, or compare with `<` and `>`"),
                );
                false
            }
            Type::Opaque => {
                self.out.push(
                    Diagnostic::new(
                        &codes::types::NOT_IN_A_RULE,
                        at,
                        "values of this type can't be compared",
                    )
                    .help("ask only whether there is one: `… is set`"),
                );
                false
            }
            _ => true,
        }
    }

    pub(super) fn has_order(&mut self, ty: Type, at: Span) -> bool {
        if is_ordered(ty) {
            return true;
        }
        let (message, help) = match ty {
            Type::Text => (
                "text is ordered differently in every database and in Python",
                "compare text with `==`, or compare a number or date instead",
            ),
            Type::Enum(_) => (
                "the values of an enum have no order",
                "write the values: `x in {a, b}`",
            ),
            Type::Bool => ("true and false have no order", "use `and`, `or`, `not`"),
            _ => (
                "values of this type have no order",
                "compare them with `==`",
            ),
        };
        self.out
            .push(Diagnostic::new(&codes::types::NOT_ORDERED, at, message).help(help));
        false
    }
}

fn compared_row(at: Span) -> Diagnostic {
    Diagnostic::new(
        &codes::syntax::NOT_IN_THIS_VERSION,
        at,
        "comparing a row with a reference to itself is not in this version",
    )
    .label("the whole row")
    .help("leave the rule out, and refuse such a row in code of your own")
}
