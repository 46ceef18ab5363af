//! What a rule says of several other rows.

use appspec_diagnostics::{Diagnostic, Span, codes};
use appspec_ir::{Each, Expr, ExprKind, Summary, Type, Value};
use appspec_syntax::ast;

use super::facts::{Known, truths};
use super::guard::Unguarded;
use super::lowerer::{Lowerer, Place, Site, boolean, value};
use super::several::Which;
use super::types::is_ordered;

/// Where a rule stands whose expression is read inside of `all(…)` and the like.
#[derive(Debug)]
pub(super) struct Outer<'l> {
    site: Site<'l>,
    facts: Vec<Known>,
}

impl Outer<'_> {
    /// Position of its entity or mixin in the layout.
    pub(super) fn body(&self) -> usize {
        self.site.body
    }

    /// What its row is called.
    pub(super) fn row(&self) -> Option<&str> {
        self.site.row
    }
}

impl Lowerer<'_, '_> {
    /// Whether other rows can be read here; if not, this is told.
    pub(super) fn may_read_others(&mut self, at: Span, what: &str) -> bool {
        if self.site.place.is_asked()
            || matches!(self.site.place, Place::Standing | Place::Derive { .. })
        {
            return true;
        }
        self.out.push(
            Diagnostic::new(
                &codes::syntax::NOT_IN_THIS_VERSION,
                at,
                format!(
                    "{what} is only built in an invariant that always holds, and in a derived value"
                ),
            )
            .label("reads other rows")
            .help(match self.site.place {
                Place::Condition => {
                    "ask for fields of the row itself, such as a state that says the same"
                }
                _ => "write it as an invariant of the entity",
            }),
        );
        false
    }

    /// Says that something is said of several rows where something is said of each of several rows.
    pub(super) fn one_in_another(&mut self, at: Span) {
        self.out.push(
            Diagnostic::new(
                &codes::syntax::NOT_IN_THIS_VERSION,
                at,
                "a rule over several rows inside of another one is not in this version",
            )
            .label("inside of another one")
            .help("say it in the entity of the rows outside of this one"),
        );
    }

    /// `all(l in lines have …)`
    pub(super) fn each(&mut self, each: &ast::Each, span: Span) -> Option<Expr> {
        let lowered = self.several(each, span)?;
        if let Some(there) = one_there(&lowered)
            && !self.missing_allowed
            && !self.knows(&Known::row(&there))
        {
            let written = self.names().text(span);
            self.out.push(
                Diagnostic::new(
                    &codes::invariant::OPTIONAL_UNGUARDED,
                    span,
                    "of no rows there is neither a smallest nor a largest",
                )
                .label("there may be no such rows")
                .help(format!(
                    "write `{written} otherwise …` to say what counts then, or ask before: `{written} is set implies …`"
                )),
            );
        }
        Some(lowered)
    }

    /// `min(l.amount for l in lines) is set`: whether there is such a row.
    pub(super) fn is_one_there(&mut self, each: &ast::Each, at: Span, span: Span) -> Option<Expr> {
        let there = one_there(&self.several(each, at)?)?;
        Some(boolean(ExprKind::Each(Box::new(there)), span))
    }

    /// The same as [`Self::each`], which may be missing.
    pub(super) fn several(&mut self, each: &ast::Each, span: Span) -> Option<Expr> {
        if !self.may_read_others(span, "a rule over several rows") {
            return None;
        }
        if self.outer.is_some() {
            self.one_in_another(span);
            return None;
        }
        let (which, body) = self.which(each)?;
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
        let (rows, summary) = match (which, summary) {
            (Which::Related(rows), summary) => (rows, summary),
            (Which::Picked, Summary::Some(condition)) => {
                let (rows, more) = self.matching(condition, span)?;
                (rows, Summary::Some(more))
            }
            (Which::Picked, _) => return None,
        };
        Some(Expr {
            kind: ExprKind::Each(Box::new(Each {
                rows,
                row: each.row.text.clone(),
                summary,
            })),
            ty,
            span,
        })
    }

    fn summary(&mut self, summary: &ast::Summary, span: Span) -> Option<(Summary, Type)> {
        Some(match summary {
            ast::Summary::All(said) => (Summary::All(self.truth(said)?), Type::Bool),
            ast::Summary::Some(said) | ast::Summary::Exists(said) => {
                (Summary::Some(self.truth(said)?), Type::Bool)
            }
            ast::Summary::Count(condition) => {
                let condition = match condition {
                    Some(condition) => Some(self.truth(condition)?),
                    None => None,
                };
                (Summary::Count(condition), Type::Int)
            }
            ast::Summary::Sum(value, condition) => {
                let of = (value, condition.as_ref());
                let (value, condition, unguarded) = self.number_of_each(of.0, of.1)?;
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
                self.tell_unguarded_of_each(unguarded, span, of.1);
                let help = "name a number of each row, or multiply with `count(…)`";
                if !self.reads_them(&value, "sum", help, span) {
                    return None;
                }
                (Summary::Sum(value, condition), ty)
            }
            ast::Summary::Min(value, condition) => {
                let (value, condition) = self.least(value, condition.as_ref(), "min", span)?;
                let ty = value.ty;
                (Summary::Min(value, condition), ty)
            }
            ast::Summary::Max(value, condition) => {
                let (value, condition) = self.least(value, condition.as_ref(), "max", span)?;
                let ty = value.ty;
                (Summary::Max(value, condition), ty)
            }
        })
    }

    /// The value whose smallest or largest is asked for, and of which rows.
    fn least(
        &mut self,
        value: &ast::Expr,
        condition: Option<&ast::Expr>,
        word: &str,
        span: Span,
    ) -> Option<(Expr, Option<Expr>)> {
        let asked = condition;
        let (value, condition, unguarded) = self.number_of_each(value, condition)?;
        if !is_ordered(value.ty) {
            let given = self.describe(value.ty);
            self.out.push(
                Diagnostic::new(
                    &codes::types::MISMATCH,
                    value.span,
                    format!("`{word}` compares numbers, days, times and durations, not {given}"),
                )
                .label(given)
                .help("name a value of each row that comes before or after others"),
            );
            return None;
        }
        self.tell_unguarded_of_each(unguarded, span, asked);
        let help = "name a value of each row";
        self.reads_them(&value, word, help, span)
            .then_some((value, condition))
    }

    /// A value of each of several rows, which of them count, and what is read in it where it may be empty.
    fn number_of_each(
        &mut self,
        value: &ast::Expr,
        condition: Option<&ast::Expr>,
    ) -> Option<(Expr, Option<Expr>, Vec<Unguarded>)> {
        let condition = match condition {
            Some(condition) => Some(self.truth(condition)?),
            None => None,
        };
        let known = self.facts.len();
        if let Some(condition) = &condition {
            self.facts.extend(truths(condition).when_true);
        }
        let before = self.pending.replace(Vec::new());
        let value = self.lower(value, None);
        let unguarded = std::mem::replace(&mut self.pending, before);
        self.facts.truncate(known);
        Some((value?, condition, unguarded.unwrap_or_default()))
    }

    /// Whether a value is one of the rows; if not, this is told.
    fn reads_them(&mut self, value: &Expr, word: &str, help: &str, span: Span) -> bool {
        if value.reads_each() {
            return true;
        }
        self.out.push(
            Diagnostic::new(
                &codes::types::NOT_IN_A_RULE,
                span,
                format!("`{word}` reads nothing of the rows that it is over"),
            )
            .label("the same for each of them")
            .help(help),
        );
        false
    }

    /// A condition on each of several rows.
    fn truth(&mut self, expr: &ast::Expr) -> Option<Expr> {
        let lowered = self.lower(expr, Some(Type::Bool))?;
        self.is_bool(&lowered, "a condition is true or false")
            .then_some(lowered)
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
}

/// Of the smallest or the largest of several rows: that there is one.
fn one_there(expr: &Expr) -> Option<Each> {
    let ExprKind::Each(each) = &expr.kind else {
        return None;
    };
    let (Summary::Min(_, condition) | Summary::Max(_, condition)) = &each.summary else {
        return None;
    };
    let always = || value(Value::Bool(true), Type::Bool, expr.span);
    Some(Each {
        summary: Summary::Some(condition.clone().unwrap_or_else(always)),
        ..(**each).clone()
    })
}

/// Marks what is read of the row outside.
pub(super) fn outer_of(expr: Expr) -> Expr {
    let (ty, span) = (expr.ty, expr.span);
    let kind = match expr.kind {
        // The person who asks is the same outside.
        ExprKind::Value(_) | ExprKind::Me | ExprKind::Mine(_) => expr.kind,
        ExprKind::Field(_)
        | ExprKind::IsSet(_)
        | ExprKind::Otherwise(..)
        | ExprKind::Fallback(..)
        | ExprKind::Each(_)
        | ExprKind::This
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
