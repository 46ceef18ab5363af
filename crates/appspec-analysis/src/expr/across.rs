//! What a rule says of other rows: those to which a reference leads, and those that point here.

use appspec_diagnostics::{Diagnostic, Span, codes};
use appspec_ir::{Each, Entity, Expr, ExprKind, Field, FieldType, Id, Relation, Summary, Type};
use appspec_syntax::ast::{self, Name};

use super::lowerer::{Lowerer, Place, Site, boolean};
use super::path::slot_type;
use crate::lower::layout::{Body, Entry, Slot};
use crate::names::near;

/// Where a rule stands whose expression is read inside of `all(…)` and the like.
#[derive(Debug)]
pub(super) struct Outer<'l> {
    site: Site<'l>,
    facts: Vec<Id<Field>>,
}

/// A value of another row.
#[derive(Clone, Copy)]
pub(super) struct Behind<'l, 'a> {
    pub(super) reference: &'l Slot<'a>,
    pub(super) field: &'l Slot<'a>,
}

impl<'l, 'a> Lowerer<'l, 'a> {
    /// Whether other rows can be read here; if not, this is told.
    fn may_read_others(&mut self, at: Span, what: &str) -> bool {
        let is_entity = self.body().is_some_and(|body| body.entity.is_some());
        if self.site.place == Place::Standing && is_entity {
            return true;
        }
        let (message, help) = if is_entity {
            (
                format!("{what} is only built in an invariant that always holds"),
                "write it as an invariant of the entity",
            )
        } else {
            (
                format!("{what} is only built in an entity"),
                "write the rule in each entity that uses the mixin",
            )
        };
        self.out.push(
            Diagnostic::new(&codes::syntax::NOT_IN_THIS_VERSION, at, message)
                .label("reads other rows")
                .help(help),
        );
        false
    }

    /// `all(l in lines have …)`
    pub(super) fn each(&mut self, each: &ast::Each, span: Span) -> Option<Expr> {
        if !self.may_read_others(span, "a rule over several rows") {
            return None;
        }
        if self.outer.is_some() {
            self.out.push(
                Diagnostic::new(
                    &codes::syntax::NOT_IN_THIS_VERSION,
                    span,
                    "a rule over several rows inside of another one is not in this version",
                )
                .label("inside of another one")
                .help("say it in the entity of the rows outside of this one"),
            );
            return None;
        }
        let reference = self.pointing(each)?;
        let body = self.body_of(reference.entity)?;
        if let Some((_, declared)) = self.entry(&each.row.text) {
            self.out.push(
                Diagnostic::new(
                    &codes::name::DUPLICATE,
                    each.row.span,
                    format!("`{}` is a member of the row already", each.row.text),
                )
                .label("what each of the others is called")
                .note(declared, "the member")
                .help("call it otherwise, such as by its first letter"),
            );
            return None;
        }
        let inside = Site {
            body,
            row: Some(self.names().text(each.row.span)),
            ..self.site
        };
        let outer = Outer {
            site: std::mem::replace(&mut self.site, inside),
            facts: std::mem::take(&mut self.facts),
        };
        self.outer = Some(outer);
        // What is missing in another row is asked there, and not before the whole rule.
        let pending = self.pending.take();
        let summary = self.strictly(|this| this.summary(&each.summary, span));
        self.pending = pending;
        if let Some(outer) = self.outer.take() {
            self.site = outer.site;
            self.facts = outer.facts;
        }
        let (summary, ty) = summary?;
        Some(Expr {
            kind: ExprKind::Each(Box::new(Each {
                reference: reference.id,
                row: each.row.text.clone(),
                summary,
            })),
            ty,
            span,
        })
    }

    fn summary(&mut self, summary: &ast::Summary, span: Span) -> Option<(Summary, Type)> {
        let truth = |this: &mut Self, expr: &ast::Expr| {
            let lowered = this.lower(expr, Some(Type::Bool))?;
            this.is_bool(&lowered, "a condition is true or false")
                .then_some(lowered)
        };
        Some(match summary {
            ast::Summary::All(said) => (Summary::All(truth(self, said)?), Type::Bool),
            ast::Summary::Some(said) => (Summary::Some(truth(self, said)?), Type::Bool),
            ast::Summary::Count(condition) => {
                let condition = match condition {
                    Some(condition) => Some(truth(self, condition)?),
                    None => None,
                };
                (Summary::Count(condition), Type::Int)
            }
            ast::Summary::Sum(value, condition) => {
                let condition = match condition {
                    Some(condition) => Some(truth(self, condition)?),
                    None => None,
                };
                let known = self.facts.len();
                if let Some(condition) = &condition {
                    self.facts.extend(super::facts::set_where_true(condition));
                }
                let value = self.lower(value, None);
                self.facts.truncate(known);
                let value = value?;
                let ty = value.ty;
                if !matches!(ty, Type::Int | Type::Decimal { .. }) {
                    let given = self.describe(ty);
                    self.out.push(
                        Diagnostic::new(
                            &codes::types::MISMATCH,
                            value.span,
                            format!("`sum` adds whole numbers or decimals, not {given}"),
                        )
                        .label(given)
                        .help(
                            "name a number of each row, or write `count(…)` for how many there are",
                        ),
                    );
                    return None;
                }
                if !value.reads_each() {
                    self.out.push(
                        Diagnostic::new(
                            &codes::types::NOT_IN_A_RULE,
                            span,
                            "the sum reads nothing of the rows that it is over",
                        )
                        .label("the same number for each of them")
                        .help("name a number of each row, or multiply with `count(…)`"),
                    );
                    return None;
                }
                (Summary::Sum(value, condition), ty)
            }
        })
    }

    /// The reference by which the rows point here.
    fn pointing(&mut self, each: &ast::Each) -> Option<Pointing> {
        let entity = self.body()?.entity?;
        let [name] = each.rows.names.as_slice() else {
            self.out.push(
                Diagnostic::new(
                    &codes::syntax::NOT_IN_THIS_VERSION,
                    each.rows.span,
                    "the rows that point to another row are not in this version",
                )
                .label("more than one step away")
                .help("say it in the entity of that row"),
            );
            return None;
        };
        let inverses = inverses(&self.layout.bodies, entity);
        let Some((slot, relation)) = inverses
            .iter()
            .find(|(_, relation)| inverse_name(relation) == Some(&name.text))
        else {
            self.no_rows(name, &inverses);
            return None;
        };
        let owner =
            self.layout.bodies.iter().find(|body| {
                body.entity.is_some() && body.slots.iter().any(|own| own.id == slot.id)
            });
        if relation.one_to_one {
            self.out.push(
                Diagnostic::new(
                    &codes::syntax::NOT_IN_THIS_VERSION,
                    name.span,
                    format!(
                        "`{}` is one row at most; a rule over it is not in this version",
                        name.text
                    ),
                )
                .label("one row")
                .note(slot.ast.name.span, "no two of them point to the same row")
                .help("write the rule where the reference is declared"),
            );
            return None;
        }
        Some(Pointing {
            id: slot.id,
            entity: owner?.entity?,
        })
    }

    /// Says that a name leads to no rows.
    fn no_rows(&mut self, name: &Name, inverses: &[(&'l Slot<'a>, &'l Relation)]) {
        let Some(body) = self.body() else { return };
        if let Some((entry, declared)) = self.entry(&name.text) {
            let slot = match entry {
                Entry::Field(at) => body.slots.get(at),
                Entry::Computed(_) => None,
            };
            let is_many = slot.is_some_and(|slot| matches!(slot.ty, Some(FieldType::Many(_))));
            self.out.push(if is_many {
                Diagnostic::new(
                    &codes::syntax::NOT_IN_THIS_VERSION,
                    name.span,
                    format!("a rule over what `{}` holds is not in this version", name.text),
                )
                .label("declared with `many`")
                .note(declared, "declared here")
                .help("hold the pairs in an entity, with `many … through`, and name the inverse of its reference")
            } else {
                Diagnostic::new(
                    &codes::name::WRONG_KIND,
                    name.span,
                    format!("`{}` is one value of the row, and not several rows", name.text),
                )
                .label("one value")
                .note(declared, "declared here")
                .help("name the `inverse` of a reference that leads here")
            });
            return;
        }
        let mut slots = self.layout.bodies.iter().flat_map(|body| &body.slots);
        let is_broken = slots.any(|slot| {
            let inverse = slot.ast.inverse.as_ref();
            slot.ty.is_none() && inverse.is_some_and(|inverse| inverse.text == name.text)
        });
        if is_broken {
            // It may lead here; that its type is none was reported.
            return;
        }
        let finding = Diagnostic::new(
            &codes::name::UNKNOWN,
            name.span,
            format!("no rows of `{}` are called `{}`", body.name, name.text),
        )
        .label("not declared");
        let known = inverses.iter().filter_map(|(_, own)| inverse_name(own));
        let finding = match self.names().closest(&name.text, known) {
            Some(meant) => near::field(finding, name.span, &name.text, meant),
            None if body.is_incomplete => return,
            None => finding.help(format!(
                "give a reference to `{}` this name: `inverse {}`",
                body.name, name.text
            )),
        };
        self.out.push(finding);
    }

    /// Where the body of an entity stands.
    fn body_of(&self, entity: Id<Entity>) -> Option<usize> {
        let mut bodies = self.layout.bodies.iter();
        bodies.position(|body| body.entity == Some(entity))
    }

    /// Whether a path inside of `all(…)` and the like begins with a member of the row outside.
    pub(super) fn is_outside(&self, path: &ast::Path) -> bool {
        let (Some(outer), Some(first)) = (&self.outer, path.names.first()) else {
            return false;
        };
        let body = self.layout.bodies.get(outer.site.body);
        self.site.row != Some(first.text.as_str())
            && body.is_some_and(|body| body.entries.contains_key(first.text.as_str()))
    }

    /// Reads something in the row outside.
    pub(super) fn outside(&mut self, read: impl FnOnce(&mut Self) -> Option<Expr>) -> Option<Expr> {
        let mut outer = self.outer.take()?;
        std::mem::swap(&mut self.site, &mut outer.site);
        std::mem::swap(&mut self.facts, &mut outer.facts);
        let read = read(self);
        std::mem::swap(&mut self.site, &mut outer.site);
        std::mem::swap(&mut self.facts, &mut outer.facts);
        self.outer = Some(outer);
        read.map(outer_of)
    }

    /// `order.state`: a value of the row to which a reference leads.
    pub(super) fn behind(
        &mut self,
        reference: &'l Slot<'a>,
        relation: &'l Relation,
        more: &[Name],
        span: Span,
    ) -> Option<Expr> {
        let behind = self.found_behind(reference, relation, more, span)?;
        let field = behind.field;
        let ty = slot_type(field)?;
        if field.ast.optional.is_some() {
            let written = self.names().text(span);
            self.out.push(
                Diagnostic::new(
                    &codes::invariant::OPTIONAL_UNGUARDED,
                    span,
                    format!("`{written}` may be empty here"),
                )
                .label("used without saying what counts where it is empty")
                .note(field.ast.name.span, "declared optional")
                .help(format!("write `{written} otherwise …`")),
            );
            return None;
        }
        Some(Expr {
            kind: ExprKind::Behind(
                reference.id,
                Box::new(Expr {
                    kind: ExprKind::Field(field.id),
                    ty,
                    span,
                }),
            ),
            ty,
            span,
        })
    }

    /// The field to which a path of two names leads, if one can.
    pub(super) fn found_behind(
        &mut self,
        reference: &'l Slot<'a>,
        relation: &'l Relation,
        more: &[Name],
        span: Span,
    ) -> Option<Behind<'l, 'a>> {
        if !self.may_read_others(span, "a rule over the row behind a reference") {
            return None;
        }
        let [name] = more else {
            if let Some(finding) = self.beyond_a_value(relation, more, span) {
                self.out.push(finding);
                return None;
            }
            self.out.push(
                Diagnostic::new(
                    &codes::syntax::NOT_IN_THIS_VERSION,
                    span,
                    "a path over more than one reference is not in this version",
                )
                .label("more than one step away")
                .help("say it in the entity in between, of which one reference leads to the other row"),
            );
            return None;
        };
        if reference.ast.optional.is_some() && !self.facts.contains(&reference.id) {
            // The path up to the dot.
            let end = name.span.start.saturating_sub(1);
            let at = Span::new(span.file, span.start, end);
            self.report_unguarded(reference.id, &reference.ast.name, at);
        }
        let body = self.layout.entity(relation.target)?;
        let Some((entry, _)) = body.entries.get(name.text.as_str()) else {
            self.nothing_behind(body, name);
            return None;
        };
        let field = match entry {
            Entry::Field(at) => body.slots.get(*at)?,
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
                return None;
            }
        };
        if matches!(field.ty, Some(FieldType::Many(_))) {
            // The finding about a `many` is the same wherever it stands.
            self.field(field, span);
            return None;
        }
        Some(Behind { reference, field })
    }

    /// `order.title.length`: something behind what is no reference.
    fn beyond_a_value(
        &mut self,
        relation: &Relation,
        more: &[Name],
        span: Span,
    ) -> Option<Diagnostic> {
        let [field, next, ..] = more else {
            return None;
        };
        let body = self.layout.entity(relation.target)?;
        let (Entry::Field(at), declared) = body.entries.get(field.text.as_str())? else {
            return None;
        };
        let slot = body.slots.get(*at)?;
        if !matches!(slot.ty, Some(FieldType::Scalar(_) | FieldType::Enum(_))) {
            return None;
        }
        let whole = self.names().text(span);
        let value = whole
            .split(&format!(".{}", next.text))
            .next()
            .unwrap_or(whole);
        let finding = Diagnostic::new(
            &codes::name::UNKNOWN,
            next.span,
            format!(
                "`{}` is a value, in which there is no `{}`",
                field.text, next.text
            ),
        )
        .label("not declared")
        .note(*declared, "declared here");
        Some(
            if matches!(next.text.as_str(), "length" | "len" | "size" | "count") {
                finding.help(format!("write `length({value})`"))
            } else {
                finding.help(format!("write `{value}` alone"))
            },
        )
    }

    /// Says that several rows are no value, where a name means those that point here.
    pub(super) fn are_rows(&self, name: &Name) -> Option<Diagnostic> {
        let body = self.body()?;
        self.rows_of(body, name).map(|finding| {
            let row: String = name.text.chars().take(1).collect();
            let row = if self.entry(&row).is_some() { "each" } else { &row };
            let each = format!("{row} in {}", name.text);
            finding.help(format!(
                "say something of them: `count({each})`, `sum({row}.… for {each})`, `all({each} have …)` or `some({each} has …)`"
            ))
        })
    }

    fn rows_of(&self, body: &Body<'_>, name: &Name) -> Option<Diagnostic> {
        let inverses = inverses(&self.layout.bodies, body.entity?);
        let (slot, relation) = inverses
            .iter()
            .find(|(_, relation)| inverse_name(relation) == Some(&name.text))?;
        let what = if relation.one_to_one {
            "is the row that points"
        } else {
            "are the rows that point"
        };
        Some(
            Diagnostic::new(
                &codes::name::WRONG_KIND,
                name.span,
                format!(
                    "`{}` {what} to `{}`, and no value of it",
                    name.text, body.name
                ),
            )
            .label("no value")
            .note(slot.ast.name.span, "the reference"),
        )
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

    /// `order.closed_on is set`
    pub(super) fn is_set_behind(
        &mut self,
        behind: Behind<'l, 'a>,
        at: Span,
        span: Span,
    ) -> Option<Expr> {
        let field = behind.field;
        self.optional_slot(field, at, "is set").then(|| {
            let asked = boolean(ExprKind::IsSet(field.id), span);
            boolean(ExprKind::Behind(behind.reference.id, Box::new(asked)), span)
        })
    }

    /// `order.discount otherwise 0`
    pub(super) fn otherwise_behind(
        &mut self,
        behind: Behind<'l, 'a>,
        left: &ast::Expr,
        right: &ast::Expr,
        span: Span,
    ) -> Option<Expr> {
        let inner = self.fallen_back(behind.field, left.span, right, span)?;
        let is_constant = match &inner.kind {
            ExprKind::Otherwise(_, fallback) => matches!(fallback.kind, ExprKind::Value(_)),
            _ => false,
        };
        if !is_constant {
            self.out.push(
                Diagnostic::new(
                    &codes::types::NOT_CONSTANT,
                    right.span,
                    "what counts where a value of another row is empty has to be a constant",
                )
                .help("write a constant, or say what holds in each case: `… is set implies …`"),
            );
            return None;
        }
        Some(Expr {
            ty: inner.ty,
            kind: ExprKind::Behind(behind.reference.id, Box::new(inner)),
            span,
        })
    }
}

/// The key of a row, which no rule reads.
pub(super) fn no_key(name: &Name) -> Diagnostic {
    Diagnostic::new(
        &codes::types::NOT_IN_A_RULE,
        name.span,
        "the key `id` of a row can't be used in a rule",
    )
    .label("made by the database or the application")
}

/// A reference of an entity.
struct Pointing {
    id: Id<Field>,
    entity: Id<Entity>,
}

/// The references to an entity that have a name there.
fn inverses<'l, 'a>(
    bodies: &'l [Body<'a>],
    entity: Id<Entity>,
) -> Vec<(&'l Slot<'a>, &'l Relation)> {
    let entities = bodies.iter().filter(|body| body.entity.is_some());
    let slots = entities.flat_map(|body| &body.slots);
    let relations = slots.filter_map(|slot| match &slot.ty {
        Some(FieldType::Relation(relation)) => Some((slot, relation)),
        _ => None,
    });
    relations
        .filter(|(_, relation)| relation.target == entity && relation.inverse.is_some())
        .collect()
}

fn inverse_name(relation: &Relation) -> Option<&str> {
    Some(&relation.inverse.as_ref()?.name)
}

/// Marks what is read of the row outside.
fn outer_of(expr: Expr) -> Expr {
    let (ty, span) = (expr.ty, expr.span);
    let kind = match expr.kind {
        ExprKind::Value(_) => expr.kind,
        ExprKind::Field(_)
        | ExprKind::IsSet(_)
        | ExprKind::Otherwise(..)
        | ExprKind::Behind(..) => ExprKind::Outer(Box::new(expr)),
        mut kind => {
            kind.for_children_mut(&mut |child| {
                let whole = std::mem::replace(
                    child,
                    super::lowerer::value(appspec_ir::Value::Bool(true), Type::Bool, child.span),
                );
                *child = outer_of(whole);
            });
            kind
        }
    };
    Expr { kind, ty, span }
}
