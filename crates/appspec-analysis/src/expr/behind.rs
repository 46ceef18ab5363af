//! Paths along references: `order.depot.closed_on`.

use appspec_diagnostics::{Diagnostic, Span, codes};
use appspec_ir::{Entity, Expr, ExprKind, Field, FieldType, Id, MOST_STEPS, Relation};
use appspec_syntax::ast::{self, Name};

use super::facts::Known;
use super::guard::Unguarded;
use super::lowerer::{Lowerer, boolean};
use super::path::slot_type;
use super::several::no_key;
use crate::lower::layout::{Body, Entry, Slot};
use crate::lower::no_value;
use crate::names::near;

/// A field at the end of a path.
pub(super) struct Reached<'l, 'a> {
    /// The references along the path, and where the part that ends with each of them stands.
    steps: Vec<(&'l Slot<'a>, Span)>,
    field: &'l Slot<'a>,
    span: Span,
}

impl Reached<'_, '_> {
    /// The path up to a step, this included.
    fn known(&self, at: usize) -> Known {
        let steps = self.steps.iter().take(at + 1);
        Known::Path(steps.map(|(slot, _)| slot.id).collect())
    }

    fn known_to_the_end(&self) -> Known {
        let steps = self.steps.iter().map(|(slot, _)| slot.id);
        Known::Path(steps.chain([self.field.id]).collect())
    }

    /// What is said of the row to which so many steps lead.
    fn behind(&self, steps: usize, inner: Expr) -> Expr {
        let steps = self.steps.iter().take(steps).rev();
        steps.fold(inner, |inner, (slot, _)| Expr {
            ty: inner.ty,
            span: inner.span,
            kind: ExprKind::Behind(slot.id, Box::new(inner)),
        })
    }

    /// The value at the end.
    fn value(&self) -> Option<Expr> {
        let inner = Expr {
            kind: ExprKind::Field(self.field.id),
            ty: slot_type(self.field)?,
            span: self.span,
        };
        Some(self.behind(self.steps.len(), inner))
    }
}

impl<'l, 'a> Lowerer<'l, 'a> {
    /// `order.state`: a value of the row to which a path leads.
    pub(super) fn behind(
        &mut self,
        reference: &'l Slot<'a>,
        relation: &'l Relation,
        more: &[Name],
        span: Span,
    ) -> Option<Expr> {
        let reached = self.reach(reference, relation, more, span)?;
        self.ask_for_steps(&reached);
        let field = reached.field;
        let may_be_empty = field.ast.optional.is_some() && !self.missing_allowed;
        if may_be_empty && !self.knows(&reached.known_to_the_end()) {
            self.tell_missing(field, span, span);
        }
        reached.value()
    }

    /// Reports a step that may be missing.
    fn ask_for_steps(&mut self, reached: &Reached<'l, 'a>) {
        if self.missing_allowed {
            return;
        }
        if let Some(at) = self.missing_step(reached)
            && let Some((slot, span)) = reached.steps.get(at)
        {
            match at {
                0 => self.report_unguarded(slot.id, &slot.ast.name, *span, reached.span),
                _ => self.tell_missing(slot, *span, reached.span),
            }
        }
    }

    /// The first step that may be missing.
    fn missing_step(&self, reached: &Reached<'_, '_>) -> Option<usize> {
        let mut steps = reached.steps.iter().enumerate();
        let missing = steps.find(|(at, (slot, _))| {
            slot.ast.optional.is_some() && !self.knows(&reached.known(*at))
        });
        missing.map(|(at, _)| at)
    }

    fn tell_missing(&mut self, slot: &Slot<'_>, at: Span, whole: Span) {
        let unguarded = Unguarded {
            at,
            declared: slot.ast.name.span,
            name: self.names().text(at).to_owned(),
            value: self.names().text(whole).to_owned(),
        };
        self.tell_later(unguarded);
    }

    /// The field to which a path leads, if one can.
    pub(super) fn reach(
        &mut self,
        reference: &'l Slot<'a>,
        relation: &'l Relation,
        more: &[Name],
        span: Span,
    ) -> Option<Reached<'l, 'a>> {
        if !self.may_read_others(span, "a rule over the row behind a reference") {
            return None;
        }
        let up_to = |end: u32| Span::new(span.file, span.start, end);
        let (first, rest) = more.split_first()?;
        if more.len() > MOST_STEPS {
            self.out.push(
                Diagnostic::new(
                    &codes::types::TOO_LARGE,
                    span,
                    format!("a path leads over {MOST_STEPS} references at most"),
                )
                .label(format!("over {} references", more.len()))
                .help("say it in an entity in between"),
            );
            return None;
        }
        // The path up to the dot.
        let mut steps = vec![(reference, up_to(first.span.start.saturating_sub(1)))];
        let mut target = relation.target;
        let mut name = first;
        for next in rest {
            let slot = self.field_behind(target, name, span)?;
            let Some(FieldType::Relation(relation)) = &slot.ty else {
                if slot.ty.is_some() {
                    self.no_step(slot, name, next, span);
                }
                return None;
            };
            steps.push((slot, up_to(name.span.end)));
            target = relation.target;
            name = next;
        }
        let field = self.field_behind(target, name, span)?;
        if matches!(field.ty, Some(FieldType::Many(_))) {
            // The finding about a `many` is the same wherever it stands.
            self.field(field, span);
            return None;
        }
        Some(Reached { steps, field, span })
    }

    /// A field of the row to which a path leads.
    fn field_behind(
        &mut self,
        target: Id<Entity>,
        name: &Name,
        span: Span,
    ) -> Option<&'l Slot<'a>> {
        let body = self.layout.entity(target)?;
        let Some((entry, _)) = body.entries.get(name.text.as_str()) else {
            self.nothing_behind(body, name);
            return None;
        };
        match entry {
            Entry::Field(at) => body.slots.get(*at),
            Entry::OneOf(at) => {
                let whole = body.one_of.get(*at)?;
                self.out.push(no_value(whole, body, span));
                None
            }
            Entry::Computed(_) => {
                self.out.push(
                    Diagnostic::new(
                        &codes::syntax::NOT_IN_THIS_VERSION,
                        span,
                        format!(
                            "what `{}` computes can't be read from another row in this version",
                            name.text
                        ),
                    )
                    .label("computed there")
                    .help("name the fields that it is made of"),
                );
                None
            }
        }
    }

    /// Says that a path goes on where it can't.
    fn no_step(&mut self, slot: &'l Slot<'a>, name: &Name, next: &Name, span: Span) {
        if matches!(slot.ty, Some(FieldType::Many(_))) {
            self.field(slot, span);
            return;
        }
        let whole = self.names().text(span);
        let value = whole
            .split(&format!(".{}", next.text))
            .next()
            .unwrap_or(whole);
        let is_length = matches!(next.text.as_str(), "length" | "len" | "size" | "count");
        self.out.push(
            Diagnostic::new(
                &codes::name::UNKNOWN,
                next.span,
                format!(
                    "`{}` is a value, in which there is no `{}`",
                    name.text, next.text
                ),
            )
            .label("not declared")
            .note(slot.ast.name.span, "declared here")
            .help(if is_length {
                format!("write `length({value})`")
            } else {
                format!("write `{value}` alone")
            }),
        );
    }

    fn nothing_behind(&mut self, body: &Body<'_>, name: &Name) {
        if let Some(finding) = self.rows_of(body, name) {
            let help = format!("say it in `{}`, of the rows that point to it", body.name);
            self.out.push(finding.help(help));
            return;
        }
        if name.text == "id" {
            self.out
                .push(no_key(name).help("compare the reference itself, with another one"));
            return;
        }
        let finding = Diagnostic::new(
            &codes::name::UNKNOWN,
            name.span,
            format!("`{}` has no `{}`", body.name, name.text),
        )
        .label("not declared");
        let order = body.order.iter().copied();
        let finding = match self.names().closest(&name.text, order) {
            Some(meant) => near::field(finding, name.span, &name.text, meant),
            None if body.is_incomplete => return,
            None => finding.help(format!("declare it in `{}`", body.name)),
        };
        self.out.push(finding);
    }

    /// The reference with which a path begins, and what follows it.
    pub(super) fn leads_behind<'p>(
        &self,
        expr: &'p ast::Expr,
    ) -> Option<(&'l Slot<'a>, &'l Relation, &'p [Name])> {
        let ast::ExprKind::Path(path) = &expr.kind else {
            return None;
        };
        let (name, more) = self.in_row(path)?.split_first()?;
        let (Entry::Field(at), _) = self.entry(&name.text)? else {
            return None;
        };
        let slot = self.body()?.slots.get(at)?;
        match &slot.ty {
            Some(FieldType::Relation(relation)) if !more.is_empty() => Some((slot, relation, more)),
            _ => None,
        }
    }

    /// `order.closed_on is set`: with everything on the way to it.
    pub(super) fn is_set_behind(
        &mut self,
        reached: &Reached<'l, 'a>,
        at: Span,
        span: Span,
    ) -> Option<Expr> {
        let asked = |id: Id<Field>| boolean(ExprKind::IsSet(id), span);
        let mut parts = Vec::new();
        for (place, (slot, _)) in reached.steps.iter().enumerate() {
            if slot.ast.optional.is_some() && !self.facts.contains(&reached.known(place)) {
                parts.push(reached.behind(place, asked(slot.id)));
            }
        }
        let field = reached.field;
        if field.ast.optional.is_some() {
            parts.push(reached.behind(reached.steps.len(), asked(field.id)));
        }
        let Some(last) = parts.pop() else {
            self.optional_slot(field, at, "is set");
            return None;
        };
        field.ty.as_ref()?;
        if parts.is_empty() {
            return Some(last);
        }
        parts.push(last);
        Some(boolean(ExprKind::And(parts), span))
    }

    /// `order.discount otherwise 0`
    pub(super) fn otherwise_behind(
        &mut self,
        reached: &Reached<'l, 'a>,
        left: &ast::Expr,
        right: &ast::Expr,
        span: Span,
    ) -> Option<Expr> {
        if self.missing_step(reached).is_some() {
            let value = reached.value()?;
            return self.instead_of(value, right, span);
        }
        let inner = self.fallen_back(reached.field, left.span, right, span)?;
        let is_constant = match &inner.kind {
            ExprKind::Otherwise(_, fallback) => matches!(fallback.kind, ExprKind::Value(_)),
            _ => false,
        };
        if is_constant {
            return Some(reached.behind(reached.steps.len(), inner));
        }
        // What counts instead is a value of the row here, and not of the one there.
        let ty = inner.ty;
        let ExprKind::Otherwise(_, fallback) = inner.kind else {
            return None;
        };
        let value = reached.value()?;
        Some(Expr {
            kind: ExprKind::Fallback(Box::new(value), fallback),
            ty,
            span,
        })
    }
}
