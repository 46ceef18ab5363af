use std::collections::BTreeSet;

use appspec_diagnostics::{Diagnostic, Root, Span, codes};
use appspec_ir::{Expr, ExprKind, Type, Value, print_value};
use appspec_syntax::ast;
use rust_decimal::Decimal;

use super::literal::{Instead, is_empty_text};
use super::lowerer::{Lowerer, boolean};
use super::types::unify;
use crate::lower::layout::{Entry, Several, Slot};

impl<'l, 'a> Lowerer<'l, 'a> {
    /// The field that a path names directly; what `is set` and `otherwise` are about.
    fn named_slot(&self, expr: &ast::Expr) -> Option<&'l Slot<'a>> {
        let ast::ExprKind::Path(path) = &expr.kind else {
            return None;
        };
        let name = match (self.site.row, path.names.as_slice()) {
            (None, [name]) => name,
            (Some(row), [first, name]) if first.text == row => name,
            _ => return None,
        };
        match self.entry(&name.text)? {
            (Entry::Field(at), _) => self.body()?.slots.get(at),
            (Entry::Computed(_) | Entry::OneOf(_), _) => None,
        }
    }

    pub(super) fn is_set(&mut self, operand: &ast::Expr, span: Span) -> Option<Expr> {
        if let ast::ExprKind::Path(path) = &operand.kind
            && self.is_outside(path)
        {
            return self.outside(|this| this.is_set(operand, span));
        }
        if let ast::ExprKind::Path(path) = &operand.kind
            && self.is_me(path)
            && path.names.len() > 1
        {
            return self.of_me(path, |this| this.is_set(operand, span));
        }
        if let ast::ExprKind::Path(path) = &operand.kind
            && self.is_old(path)
        {
            return self.of_old(|this| this.is_set(operand, span));
        }
        if let Some((slot, relation, more)) = self.leads_behind(operand) {
            let reached = self.reach(slot, relation, more, operand.span)?;
            return self.is_set_behind(&reached, operand.span, span);
        }
        if let ast::ExprKind::Each(each) = &operand.kind
            && let ast::Summary::Min(..) | ast::Summary::Max(..) = &each.summary
        {
            return self.is_one_there(each, operand.span, span);
        }
        if let Some(whole) = self.named_one_of(operand) {
            return self.is_one_set(whole, operand.span, span);
        }
        let Some(slot) = self.named_slot(operand) else {
            // A path that means nothing is reported as such; everything else always has a value.
            self.strictly(|this| this.lower(operand, None))?;
            self.out.push(
                Diagnostic::new(
                    &codes::types::NOT_IN_A_RULE,
                    operand.span,
                    "only a field can be asked whether it is set",
                )
                .help("name an optional field of the row"),
            );
            return None;
        };
        self.optional_slot(slot, operand.span, "is set")
            .then(|| boolean(ExprKind::IsSet(slot.id), span))
    }

    /// The reference to rows of several entities that a path names directly.
    fn named_one_of(&self, expr: &ast::Expr) -> Option<&'l Several<'a>> {
        let ast::ExprKind::Path(path) = &expr.kind else {
            return None;
        };
        let [name] = self.in_row(path)? else {
            return None;
        };
        match self.entry(&name.text)? {
            (Entry::OneOf(at), _) => self.body()?.one_of.get(at),
            _ => None,
        }
    }

    /// `subject is set`, where a row may point to none.
    fn is_one_set(&mut self, whole: &'l Several<'a>, at: Span, span: Span) -> Option<Expr> {
        if whole.ast.optional.is_none() {
            let (name, declared) = (&whole.ast.name.text, whole.ast.name.span);
            self.out.push(always_set(name, declared, at, "is set"));
            return None;
        }
        let slots = self.body()?.references(whole);
        let set = slots.map(|slot| boolean(ExprKind::IsSet(slot.id), span));
        Some(boolean(ExprKind::Or(set.collect()), span))
    }

    /// Whether asking for a missing value makes sense; a broken field is silent.
    pub(super) fn optional_slot(&mut self, slot: &'l Slot<'a>, at: Span, what: &str) -> bool {
        if slot.ty.is_none() {
            return false;
        }
        if matches!(slot.ty, Some(appspec_ir::FieldType::Many(_))) {
            return self.field(slot, at).is_some();
        }
        if slot.ast.optional.is_some() {
            return true;
        }
        let name = &slot.ast.name;
        self.out.push(always_set(&name.text, name.span, at, what));
        false
    }

    pub(super) fn otherwise(
        &mut self,
        left: &ast::Expr,
        right: &ast::Expr,
        span: Span,
        hint: Option<Type>,
    ) -> Option<Expr> {
        if let ast::ExprKind::Path(path) = &left.kind
            && self.is_outside(path)
        {
            return self.outside(|this| this.otherwise(left, right, span, hint));
        }
        if let ast::ExprKind::Path(path) = &left.kind
            && self.is_me(path)
            && path.names.len() > 1
        {
            return self.of_me(path, |this| this.otherwise(left, right, span, hint));
        }
        if let ast::ExprKind::Path(path) = &left.kind
            && self.is_old(path)
        {
            return self.of_old(|this| this.otherwise(left, right, span, hint));
        }
        if let Some((slot, relation, more)) = self.leads_behind(left) {
            let reached = self.reach(slot, relation, more, left.span)?;
            return self.otherwise_behind(&reached, left, right, span);
        }
        if let ast::ExprKind::Each(each) = &left.kind
            && let ast::Summary::Min(..) | ast::Summary::Max(..) = &each.summary
        {
            let value = self.several(each, left.span)?;
            return self.instead_of(value, right, span);
        }
        let Some(slot) = self.named_slot(left) else {
            self.lower(left, hint)?;
            self.out.push(
                Diagnostic::new(
                    &codes::types::NOT_IN_A_RULE,
                    left.span,
                    "`otherwise` stands after an optional field",
                )
                .help("name the field: `discount otherwise 0`"),
            );
            return None;
        };
        self.fallen_back(slot, left.span, right, span)
    }

    /// The value of an optional field, or what counts where it is empty.
    pub(super) fn fallen_back(
        &mut self,
        slot: &'l Slot<'a>,
        at: Span,
        fallback: &ast::Expr,
        span: Span,
    ) -> Option<Expr> {
        if !self.optional_slot(slot, at, "otherwise") {
            return None;
        }
        let ty = super::path::slot_type(slot)?;
        let field = Expr {
            kind: ExprKind::Field(slot.id),
            ty,
            span: at,
        };
        let (fallback, ty) = self.what_counts(&field, fallback, span)?;
        Some(Expr {
            kind: ExprKind::Otherwise(slot.id, Box::new(fallback)),
            ty,
            span,
        })
    }

    /// A value that may be missing, or what counts where it is.
    pub(super) fn instead_of(
        &mut self,
        value: Expr,
        fallback: &ast::Expr,
        span: Span,
    ) -> Option<Expr> {
        let (fallback, ty) = self.what_counts(&value, fallback, span)?;
        Some(Expr {
            kind: ExprKind::Fallback(Box::new(value), Box::new(fallback)),
            ty,
            span,
        })
    }

    /// What counts where a value is missing, and the type of both.
    fn what_counts(
        &mut self,
        value: &Expr,
        fallback: &ast::Expr,
        span: Span,
    ) -> Option<(Expr, Type)> {
        let fallback = self.lower(fallback, Some(value.ty))?;
        let common = self.same_type(value, &fallback, span)?;
        if !self.has_equality_or_order(common, value.span) {
            return None;
        }
        // What is missing may count as a text of no letters, which no field holds.
        let fallback = if is_empty_text(&fallback) {
            fallback
        } else {
            self.against(fallback, value, Instead::OfNothing)?
        };
        let ty = unify(value.ty, fallback.ty).unwrap_or(common);
        Some((fallback, ty))
    }

    /// Floats have order, references have equality; what has neither has no use in a rule.
    fn has_equality_or_order(&mut self, ty: Type, at: Span) -> bool {
        ty == Type::Float || self.has_equality(ty, at)
    }

    pub(super) fn in_set(
        &mut self,
        operand: &ast::Expr,
        values: &[ast::Expr],
        span: Span,
    ) -> Option<Expr> {
        let looked_for = self.lower(operand, None)?;
        if values.is_empty() {
            self.out.push(
                Diagnostic::new(
                    &codes::types::NOT_CONSTANT,
                    span,
                    "nothing is ever in an empty set",
                )
                .help("name the values: `x in {a, b}`"),
            );
            return None;
        }
        if !self.has_equality(looked_for.ty, operand.span) {
            return None;
        }
        let mut constants: Vec<Value> = Vec::with_capacity(values.len());
        let mut known: BTreeSet<Value> = BTreeSet::new();
        let mut complete = true;
        for expr in values {
            let constant = self
                .lower(expr, Some(looked_for.ty))
                .and_then(|lowered| self.constant(lowered))
                .and_then(|lowered| {
                    self.same_type(&looked_for, &lowered, lowered.span)?;
                    self.against(lowered, &looked_for, Instead::Nothing)
                });
            match constant.map(|expr| expr.kind) {
                Some(ExprKind::Value(value)) => {
                    if !known.insert(value.clone()) {
                        self.out.push(repeated(&value, expr.span));
                    }
                    constants.push(value);
                }
                _ => complete = false,
            }
        }
        complete.then(|| boolean(ExprKind::In(Box::new(looked_for), constants), span))
    }

    fn constant(&mut self, expr: Expr) -> Option<Expr> {
        if matches!(expr.kind, ExprKind::Value(_)) {
            return Some(expr);
        }
        self.out.push(
            Diagnostic::new(
                &codes::types::NOT_CONSTANT,
                expr.span,
                "a set holds constants only",
            )
            .help("for a field write `x == y or …`"),
        );
        None
    }

    pub(super) fn in_range(
        &mut self,
        operand: &ast::Expr,
        low: &ast::Expr,
        high: &ast::Expr,
        span: Span,
    ) -> Option<Expr> {
        let looked_for = self.lower(operand, None)?;
        // What is no value between the ends has the wrong type before it has no order.
        if matches!(looked_for.ty, Type::Text | Type::Bool) {
            let low = self.lower(low, Some(looked_for.ty))?;
            self.same_type(&looked_for, &low, low.span)?;
        }
        if !self.has_order(looked_for.ty, operand.span) {
            return None;
        }
        let mut end = |expr: &ast::Expr, instead: Instead| -> Option<(Option<Decimal>, Expr)> {
            let lowered = self.lower(expr, Some(looked_for.ty))?;
            self.same_type(&looked_for, &lowered, lowered.span)?;
            let written = number(&lowered);
            Some((written, self.against(lowered, &looked_for, instead)?))
        };
        let (low, high) = (end(low, Instead::Larger), end(high, Instead::Smaller));
        let ((first, low), (last, high)) = (low?, high?);
        if let (ExprKind::Value(a), ExprKind::Value(b)) = (&low.kind, &high.kind)
            && a > b
        {
            if first.zip(last).is_some_and(|(first, last)| first <= last) {
                let span = low.span.to(high.span);
                self.out.push(
                    Diagnostic::new(
                        &codes::types::LOSSY_LITERAL,
                        span,
                        "no value of the other side lies between these",
                    )
                    .label("this range")
                    .note(looked_for.span, "is compared with this")
                    .help("write a range in which the other side can lie"),
                );
                return None;
            }
            self.out.push(
                Diagnostic::new(
                    &codes::types::BOUND_DOES_NOT_FIT,
                    low.span.to(high.span),
                    "the range ends before it begins",
                )
                .label("the first end is the larger one")
                .help("write the smaller end first"),
            );
            return None;
        }
        Some(boolean(
            ExprKind::Between(Box::new(looked_for), Box::new(low), Box::new(high)),
            span,
        ))
    }
}

/// A constant number, as it was written.
fn number(expr: &Expr) -> Option<Decimal> {
    match &expr.kind {
        ExprKind::Value(Value::Decimal(number)) => Some(*number),
        ExprKind::Value(Value::Int(number)) => Decimal::try_from_i128_with_scale(*number, 0).ok(),
        _ => None,
    }
}

/// Most often it was copied to be changed. Where the value stands first says nothing more: a set has no order.
fn repeated(value: &Value, at: Span) -> Diagnostic {
    Diagnostic::new(
        &codes::invariant::REPEATED,
        at,
        format!("`{}` is in the set twice", print_value(value)),
    )
    .label("the set has it already")
    .help("write another value, or leave it out")
}

/// That a value which is always there is asked for.
fn always_set(name: &str, declared: Span, at: Span, what: &str) -> Diagnostic {
    Diagnostic::new(
        &codes::types::ALWAYS_SET,
        at,
        format!("`{name}` is never missing, so `{what}` says nothing"),
    )
    .label("the same for every row")
    .note(declared, "declared without `?`")
    .help("make the field optional with `?`, or remove this")
    .rooted(
        Root::new(declared, what)
            .help("make the field optional with `?`, or remove this in each place"),
    )
}
