use appspec_diagnostics::{Diagnostic, Span, codes};
use appspec_ir::{Enum, Expr, ExprKind, Field, FieldType, Id, Type, Value};
use appspec_syntax::ast::{self, Name, Path};

use super::facts::Known;
use super::guard::Unguarded;
use super::lowerer::{LARGEST, Lowerer, Place, value};
use crate::lower::constant::value_names;
use crate::lower::layout::{Entry, Slot};
use crate::lower::no_value;
use crate::names::{Decl, Found};

impl<'l, 'a> Lowerer<'l, 'a> {
    /// What a name means inside the entity.
    pub(super) fn entry(&self, name: &str) -> Option<(Entry, Span)> {
        self.body()?.entries.get(name).copied()
    }

    /// The names of the row in a path: all of `status`, what follows the row's name in `v.status`.
    pub(super) fn in_row<'p>(&self, path: &'p Path) -> Option<&'p [Name]> {
        let names = path.names.as_slice();
        let (first, rest) = names.split_first()?;
        match self.site.row {
            Some(row) => (first.text == row).then_some(rest),
            None => self.entry(&first.text).map(|_| names),
        }
    }

    /// Whether a path is no member of the row, so that its meaning hangs on what it is compared with.
    pub(super) fn needs_hint(&self, expr: &ast::Expr) -> bool {
        match &expr.kind {
            ast::ExprKind::Path(path) => {
                self.in_row(path).is_none()
                    && !self.is_outside(path)
                    && !self.is_me(path)
                    && self.this(path).is_none()
            }
            _ => super::literal::is_literal(expr),
        }
    }

    pub(super) fn path(&mut self, path: &Path, hint: Option<Type>) -> Option<Expr> {
        if self.is_me(path) {
            return self.me(path, hint);
        }
        if let Some(this) = self.this(path) {
            return Some(this);
        }
        if let Some(named) = self.named_let(path) {
            return self.let_value(named, path.span);
        }
        if let Some(rest) = self.in_row(path).filter(|_| !self.is_old(path)) {
            return self.member(path, rest, hint);
        }
        if self.is_outside(path) {
            return self.outside(|this| this.path(path, hint));
        }
        if self.is_old(path) {
            return self.of_old(|this| this.path(path, hint));
        }
        if let [only] = path.names.as_slice() {
            if let Some(Type::Enum(id)) = hint
                && value_names(self.names(), id).any(|value| value == only.text)
            {
                return Some(enum_value(id, &only.text, path.span));
            }
            if only.text == "this" {
                self.out.push(
                    Diagnostic::new(
                        &codes::types::NOT_IN_A_RULE,
                        path.span,
                        "`this` is the whole row and not a value",
                    )
                    .label("the whole row")
                    .help("name one of its fields; only a predicate outside of the entity takes a row: `late(this)`"),
                );
                return None;
            }
        } else if let Some(found) = self.qualified_value(path) {
            return found;
        }
        self.unknown(path, hint);
        None
    }

    /// `Status.done`, `booking.Status.done`; `None` when the path names no enum.
    #[allow(
        clippy::option_option,
        reason = "outer: no enum at all; inner: no such value, which is reported"
    )]
    fn qualified_value(&mut self, path: &Path) -> Option<Option<Expr>> {
        let (last, qualifier) = path.names.split_last()?;
        let words: Vec<&str> = qualifier.iter().map(|name| name.text.as_str()).collect();
        let id = match self.names().find_path(self.site.module, &words) {
            Found::Decl(found) => match found.decl {
                Decl::Enum(id) => id,
                _ => return None,
            },
            Found::Poisoned => return Some(None),
            Found::Nothing => return None,
        };
        if value_names(self.names(), id).any(|value| value == last.text) {
            return Some(Some(enum_value(id, &last.text, path.span)));
        }
        self.unknown_value(id, last);
        Some(None)
    }

    fn member(&mut self, path: &Path, rest: &[Name], hint: Option<Type>) -> Option<Expr> {
        let (name, more) = match rest {
            [] => {
                self.out.push(
                    Diagnostic::new(
                        &codes::types::NOT_IN_A_RULE,
                        path.span,
                        "the whole row is not a value",
                    )
                    .help("name one of its fields, or give the row to a predicate"),
                );
                return None;
            }
            [name, more @ ..] => (name, more),
        };
        let Some((entry, declared)) = self.entry(&name.text) else {
            self.unknown_member(name);
            return None;
        };
        if let (Entry::Field(at), [_, ..]) = (entry, more)
            && let Some(slot) = self.body()?.slots.get(at)
            && let Some(FieldType::Relation(relation)) = &slot.ty
        {
            return self.behind(slot, relation, more, path.span);
        }
        if let Entry::OneOf(at) = entry {
            let body = self.body()?;
            self.out
                .push(no_value(body.one_of.get(at)?, body, path.span));
            return None;
        }
        if let (Entry::Field(at), [_, ..]) = (entry, more)
            && self.body()?.slots.get(at)?.ty.is_none()
        {
            // Nobody knows where it leads; that was reported.
            return None;
        }
        if let Some(next) = more.first() {
            self.out.push(self.no_path(entry, name, next, path.span));
            return None;
        }
        if path.names.len() == 1
            && let Some(Type::Enum(id)) = hint
            && value_names(self.names(), id).any(|value| value == name.text)
            && !self.is_of_enum(entry, id)
        {
            self.out.push(self.ambiguous(id, name, declared));
            return None;
        }
        match entry {
            Entry::Field(at) => {
                let slot = self.body()?.slots.get(at)?;
                self.field(slot, path.span)
            }
            Entry::Computed(node) => self.inline(node, path.span),
            Entry::OneOf(_) => None,
        }
    }

    /// A field that has the enum's own type: `previous == status` compares two fields.
    fn is_of_enum(&self, entry: Entry, id: Id<Enum>) -> bool {
        match entry {
            Entry::Field(at) => {
                self.body()
                    .and_then(|body| body.slots.get(at))
                    .is_some_and(|slot| {
                        slot.ty == Some(FieldType::Enum(id)) && {
                            // Its name may still be that of a value; then nobody can tell which was meant.
                            !value_names(self.names(), id).any(|value| value == slot.ast.name.text)
                        }
                    })
            }
            Entry::Computed(_) | Entry::OneOf(_) => false,
        }
    }

    fn ambiguous(&self, id: Id<Enum>, name: &Name, declared: Span) -> Diagnostic {
        let enum_name = self.names().enum_name(id);
        Diagnostic::new(
            &codes::name::AMBIGUOUS,
            name.span,
            format!(
                "`{}` is a value of `{enum_name}` and a member of the row",
                name.text
            ),
        )
        .note(declared, "the member")
        .help(format!("write `{enum_name}.{}` for the value", name.text))
    }

    /// A field of the row, guarded if it is optional.
    pub(super) fn field(&mut self, slot: &'l Slot<'a>, span: Span) -> Option<Expr> {
        let ty = slot_type(slot)?;
        if let Some(FieldType::Many(_)) = slot.ty {
            let finding = self.rows_are_no_value(&slot.ast.name, span);
            self.out.push(finding);
            return None;
        }
        if slot.is_numbered() {
            self.out.push(
                Diagnostic::new(
                    &codes::types::NOT_IN_A_RULE,
                    span,
                    format!(
                        "`{}` has no value before the row is there",
                        slot.ast.name.text
                    ),
                )
                .label("a number that the system gives")
                .note(slot.ast.name.span, "declared here")
                .help("ask what the number is made of: its date, or what stands behind `per`"),
            );
            return None;
        }
        let may_be_empty = slot.ast.optional.is_some() && !self.missing_allowed;
        if may_be_empty && !self.knows(&Known::field(slot.id)) {
            self.report_unguarded(slot.id, &slot.ast.name, span, span);
        }
        Some(Expr {
            kind: ExprKind::Field(slot.id),
            ty,
            span,
        })
    }

    /// Reports a field that may be empty; `whole` is the path that begins with it.
    pub(super) fn report_unguarded(&mut self, id: Id<Field>, name: &Name, span: Span, whole: Span) {
        let used = (id, self.site.row);
        if self.unguarded.contains(&used) {
            return;
        }
        self.unguarded.push(used);
        let unguarded = Unguarded {
            at: span,
            declared: name.span,
            // By its name alone it would be a field of the row outside, or of the row as it is written.
            name: if self.outer.is_some() || self.reads_old() || self.reads_me() {
                self.names().text(span).to_owned()
            } else {
                name.text.clone()
            },
            value: self.names().text(whole).to_owned(),
        };
        self.tell_later(unguarded);
    }

    /// Reports what is used where it may be missing, with the whole condition if one is read.
    pub(super) fn tell_later(&mut self, unguarded: Unguarded) {
        if let Some(pending) = &mut self.pending {
            pending.push(unguarded);
        } else {
            // What is asked of each of several rows is a condition, wherever it is asked.
            let place = match self.site.place {
                Place::Derive { .. } if self.outer.is_some() => Place::Condition,
                place => place,
            };
            let help = unguarded.help(place);
            self.out.push(unguarded.finding(help));
        }
    }

    /// Puts a derived value or predicate in place.
    pub(super) fn inline(&mut self, node: usize, span: Span) -> Option<Expr> {
        let computed = self.layout.computed.get(node)?;
        if let Some(optional) = computed.optional() {
            if self.empty_derives.contains(&node) {
                return None;
            }
            self.empty_derives.push(node);
            self.out.push(
                Diagnostic::new(
                    &codes::syntax::NOT_IN_THIS_VERSION,
                    span,
                    format!(
                        "using the derived value `{}`, which may be empty, in another expression is not in this \
                         version",
                        computed.name().text
                    ),
                )
                .label("may be empty")
                .note(optional, "declared optional")
                .help("use the fields that it is derived from"),
            );
            return None;
        }
        let inlined = self.results.get(node)?;
        self.inlined += inlined.size;
        if self.inlined > LARGEST {
            if self.inlined - inlined.size <= LARGEST {
                self.out.push(too_large(span));
            }
            return None;
        }
        if inlined.expr.spans_rows() && !self.may_read_others(span, "what reads other rows") {
            return None;
        }
        if self.outer.is_some() && inlined.expr.reads_several() {
            self.one_in_another(span);
            return None;
        }
        let mut expr = inlined.expr.clone();
        if let Some(body) = self.body()
            && !body.became.is_empty()
        {
            super::computed::rename(&mut expr, &body.became);
        }
        self.check_time(&expr, span);
        expr.span = span;
        self.results.name(span, computed);
        Some(expr)
    }

    /// That a rule takes what a `many` holds for one value.
    fn rows_are_no_value(&self, name: &Name, span: Span) -> Diagnostic {
        let each = format!("{} in {}", self.one_of(name), name.text);
        Diagnostic::new(
            &codes::types::NOT_IN_A_RULE,
            span,
            format!("`{}` holds any number of rows, which are no value", name.text),
        )
        .label("any number of rows")
        .help(format!(
            "say something of them: `count({each}) > 0` for \"there are some\", `all({each} have …)` or `some({each} has …)`"
        ))
    }

    fn no_path(&self, entry: Entry, name: &Name, next: &Name, span: Span) -> Diagnostic {
        let slot = match entry {
            Entry::Field(at) => self.body().and_then(|body| body.slots.get(at)),
            Entry::Computed(_) | Entry::OneOf(_) => None,
        };
        if slot.is_some_and(|slot| matches!(slot.ty, Some(FieldType::Many(_)) | None)) {
            return self.rows_are_no_value(name, span);
        }
        let is_text = slot.is_some_and(|slot| slot_type(slot) == Some(Type::Text));
        if is_text && matches!(next.text.as_str(), "length" | "size" | "len") {
            let call = format!(
                "length({})",
                self.names()
                    .text(Span::new(span.file, span.start, name.span.end))
            );
            return Diagnostic::new(
                &codes::name::UNKNOWN,
                next.span,
                format!(
                    "`{}` has no `{}`; its length is `{call}`",
                    name.text, next.text
                ),
            )
            .label("a function here")
            .help(format!("write `{call}`"))
            .edit_if(span.end == next.span.end, span, call);
        }
        if slot
            .and_then(slot_type)
            .is_some_and(|ty| takes(&next.text, ty))
        {
            let value = Span::new(span.file, span.start, name.span.end);
            let call = format!("{}({})", next.text, self.names().text(value));
            let finding = Diagnostic::new(
                &codes::name::UNKNOWN,
                next.span,
                format!("`{}` has no `{}`; that is `{call}`", name.text, next.text),
            )
            .label("a function here");
            // Parts of a moment hang on the time zone, which a stored rule can't follow.
            let is_stored = matches!(self.site.place, Place::Standing | Place::Condition);
            if is_stored && slot.and_then(slot_type) == Some(Type::DateTime) {
                return finding.help(format!(
                    "a rule `on create` may ask for `{call}`, one that always holds may not"
                ));
            }
            return finding.help(format!("write `{call}`")).edit_if(
                span.end == next.span.end,
                span,
                call,
            );
        }
        Diagnostic::new(
            &codes::name::UNKNOWN,
            next.span,
            format!("`{}` has no `{}`", name.text, next.text),
        )
        .label("behind a single value")
        .help(format!(
            "`{}` is a single value; remove what follows it",
            name.text
        ))
    }
}

/// Whether a function takes one value of this type.
fn takes(function: &str, ty: Type) -> bool {
    match ty {
        Type::DateTime => {
            matches!(
                function,
                "year" | "month" | "day" | "weekday" | "hour" | "date" | "time"
            )
        }
        Type::Date => matches!(function, "year" | "month" | "day" | "weekday"),
        Type::Text => matches!(function, "lower" | "upper" | "trim"),
        Type::Int | Type::Decimal { .. } | Type::Float => {
            matches!(function, "abs" | "floor" | "ceil")
        }
        _ => false,
    }
}

fn enum_value(id: Id<Enum>, name: &str, span: Span) -> Expr {
    value(Value::Enum(name.to_owned()), Type::Enum(id), span)
}

/// The finding for a rule that grew beyond all measure.
pub(super) fn too_large(span: Span) -> Diagnostic {
    Diagnostic::new(
        &codes::types::TOO_LARGE,
        span,
        "the rule grows too large once its predicates and derived values are put in place",
    )
    .help("split it into several invariants")
}

/// The type by which an expression sees a field; `None` when the field is broken.
pub(crate) fn slot_type(slot: &Slot<'_>) -> Option<Type> {
    Some(slot.ty.as_ref()?.seen())
}
