//! `null` in its spellings: asked for, compared with, or the default of a field.

use std::collections::HashMap;

use appspec_diagnostics::{Diagnostic, Span, codes::syntax};

use crate::ast::{
    Entity, Expr, ExprKind, Field, File, Item, MarkKind, Member, Mixin, Path, TypeRefKind,
};
use crate::build::Context;
use crate::grammar::{Pair, Rule};

use super::shortened;

/// A question whether a value is missing, as another language asks it. It is answered once the fields are known.
pub(crate) struct Asked {
    /// What is written.
    at: Span,
    /// The field that it is about, where its name is all that is written.
    field: Option<String>,
    /// The value that it is about.
    operand: Span,
    is_missing: bool,
}

/// `is null`, `is not None` behind `operand`; says whether the value has to be missing.
pub(crate) fn is_null(cx: &mut Context<'_>, token: &Pair<'_>, at: Span, operand: &Expr) -> bool {
    let not = token
        .clone()
        .into_inner()
        .any(|it| matches!(it.as_rule(), Rule::kw_not | Rule::foreign_not));
    cx.ask_later(Asked::about(operand, at, !not));
    !not
}

/// `x == null`, `null != x`.
pub(crate) fn null_comparison(
    cx: &mut Context<'_>,
    operator: Span,
    operand: &Expr,
    null: &Expr,
    is_missing: bool,
) {
    cx.ask_later(Asked::about(operand, operator.to(null.span), is_missing));
}

impl Asked {
    fn about(operand: &Expr, at: Span, is_missing: bool) -> Self {
        let field = match &operand.kind {
            ExprKind::Path(path) => match path.names.as_slice() {
                [name] => Some(name.text.clone()),
                [row, name] if row.text == "this" => Some(name.text.clone()),
                _ => None,
            },
            _ => None,
        };
        Self {
            at,
            field,
            operand: operand.span,
            is_missing,
        }
    }
}

/// Answers a question that was asked somewhere in this file.
pub(crate) fn ask(cx: &mut Context<'_>, asked: &Asked, blocks: &Blocks<'_>) {
    let meant = if asked.is_missing {
        "is not set"
    } else {
        "is set"
    };
    let written = shortened(cx.slice(asked.at));
    let found = Diagnostic::new(
        &syntax::FOREIGN_SPELLING,
        asked.at,
        format!("you wrote `{written}`; in appspec it is `{meant}`"),
    )
    .label("not appspec");
    let field = asked.field.as_ref();
    let required = field
        .and_then(|name| blocks.field(asked.at, name))
        .filter(|field| field.optional.is_none());
    let value = cx.slice(asked.operand);
    let is_elsewhere = field.is_some_and(|name| blocks.is_elsewhere(asked.at, name));
    cx.report(match required {
        // Whether it has a `?` is said in another file, where nobody looks yet.
        _ if is_elsewhere => found.help(format!(
            "write `{} {meant}` if it is declared with `?`; leave the question out if it is not",
            shortened(value)
        )),
        // What is never missing is not asked about.
        Some(field) if can_be_optional(field) => found
            .note(field.name.span, "declared without `?`, so it is always set")
            .help(format!(
                "leave the question out, or make the field optional: `{}: {}?`",
                field.name.text,
                shortened(cx.slice(field.ty.span))
            )),
        _ if asked.operand.end <= asked.at.start => found
            .help(format!("write `{} {meant}`", shortened(value)))
            .edit(asked.at, meant),
        _ => found
            .help(format!("write `{} {meant}`", shortened(value)))
            .edit(asked.at.to(asked.operand), format!("{value} {meant}")),
    });
}

/// What a file declares that rules can be about.
pub(crate) struct Blocks<'f> {
    items: &'f [Item],
    mixins: HashMap<&'f str, &'f Mixin>,
    entities: HashMap<&'f str, &'f Entity>,
}

impl<'f> Blocks<'f> {
    pub(crate) fn of(file: &'f File) -> Self {
        let (mut mixins, mut entities) = (HashMap::new(), HashMap::new());
        for item in &file.items {
            match item {
                Item::Mixin(it) => _ = mixins.insert(it.name.text.as_str(), it),
                Item::Entity(it) => _ = entities.insert(it.name.text.as_str(), it),
                _ => {}
            }
        }
        Self {
            items: &file.items,
            mixins,
            entities,
        }
    }

    /// Whether a field of this name that a rule at a place is about may come from another file.
    fn is_elsewhere(&self, at: Span, name: &str) -> bool {
        if self.field(at, name).is_some() {
            return false;
        }
        let is_foreign = |path: &Path| plain(path).is_none_or(|it| !self.mixins.contains_key(it));
        match self.around(at) {
            Some(Item::Entity(it)) => it.mixins.iter().any(is_foreign),
            Some(Item::Extend(it)) => {
                match plain(&it.entity).and_then(|it| self.entities.get(it)) {
                    Some(entity) => entity.mixins.iter().any(is_foreign),
                    None => true,
                }
            }
            _ => false,
        }
    }

    /// The item that a place is in.
    fn around(&self, at: Span) -> Option<&'f Item> {
        let behind = self
            .items
            .partition_point(|item| item.span().start <= at.start);
        self.items.get(behind.checked_sub(1)?)
    }

    /// The field of this name that a rule at a place is about: one of its block, of a mixin, or of the entity that it extends.
    fn field(&self, at: Span, name: &str) -> Option<&'f Field> {
        let (own, entity): (&[Member], _) = match self.around(at)? {
            Item::Entity(it) => (&[], Some(it)),
            Item::Mixin(it) => (&it.members, None),
            Item::Extend(it) => (
                &it.members,
                plain(&it.entity).and_then(|it| self.entities.get(it).copied()),
            ),
            _ => return None,
        };
        let of_entity = entity.into_iter().flat_map(|it| {
            let mixins = it.mixins.iter().filter_map(plain);
            let mixins = mixins.filter_map(|it| self.mixins.get(it));
            it.members.iter().chain(mixins.flat_map(|it| &it.members))
        });
        own.iter().chain(of_entity).find_map(|member| match member {
            Member::Field(field) if field.name.text == name => Some(field.as_ref()),
            _ => None,
        })
    }
}

/// A name without a module before it.
fn plain(path: &Path) -> Option<&str> {
    match path.names.as_slice() {
        [only] => Some(&only.text),
        _ => None,
    }
}

/// Lists and sets of rows may be empty, and have no `?`.
fn can_be_optional(field: &Field) -> bool {
    matches!(field.ty.kind, TypeRefKind::Named { .. })
}

/// `null` where a value is wanted.
pub(crate) fn null(cx: &mut Context<'_>, null: &Expr) {
    let written = cx.slice(null.span).to_owned();
    cx.error(
        &syntax::FOREIGN_SPELLING,
        null.span,
        format!("you wrote `{written}`; in appspec a missing value is never written"),
        "not appspec",
        "ask with `x is set` or `x is not set`; an optional field without a default starts out empty",
    );
}

/// Whether a clause is `= null`.
pub(crate) fn is_null_default(clause: &Pair<'_>) -> bool {
    let value = clause.clone().into_inner();
    clause.as_rule() == Rule::default
        && value
            .filter(|it| it.as_rule() == Rule::arithmetic)
            .flat_map(Pair::into_inner)
            .map(|it| it.as_rule())
            .eq([Rule::foreign_null])
}

/// `= null` at `at`, a clause of this field.
pub(crate) fn null_default(cx: &mut Context<'_>, at: Span, field: &Field) {
    let written = shortened(cx.slice(at));
    if matches!(field.ty.kind, TypeRefKind::List(_)) {
        let meant = "= []";
        super::answer(cx, at, &written, &format!("`{meant}`"), Some(meant));
        return;
    }
    let message = format!("you wrote `{written}`; in appspec an optional field starts out empty");
    let found = Diagnostic::new(&syntax::FOREIGN_SPELLING, at, message).label("not appspec");
    let whole = cx.with_blanks_before(at);
    if field.optional.is_some() || !can_be_optional(field) {
        let found = found.help(format!("remove `{written}`"));
        cx.report(found.edit(whole, ""));
        return;
    }
    let ty = field.ty.span;
    let help = format!(
        "make the field optional, and leave the default out: `{}: {}?`",
        field.name.text,
        shortened(cx.slice(ty))
    );
    let between = Span {
        start: ty.end,
        end: whole.start,
        ..ty
    };
    // One of several rows without a value has to be told from another: that is said by whoever writes it.
    let is_unique = field.marks.iter().any(|mark| {
        matches!(
            mark.kind,
            MarkKind::Unique {
                condition: None,
                ..
            }
        )
    });
    let is_certain = !is_unique && ty.end <= whole.start;
    let text = format!("?{}", cx.slice(between));
    let place = Span {
        start: ty.end,
        ..whole
    };
    cx.report(found.help(help).edit_if(is_certain, place, text));
}
