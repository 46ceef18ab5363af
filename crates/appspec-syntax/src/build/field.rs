use appspec_diagnostics::{Span, codes::syntax};

use crate::ast::{Field, Mark, MarkKind, OnDelete, OnDeleteKind};
use crate::foreign;
use crate::grammar::{Pair, Rule};
use crate::reserved;

use super::Context;
use super::expression::{condition, expression};
use super::name::{name, name_in};
use super::text::text_in;
use super::types::{bound, type_ref};

/// `client: User? = … unique on delete protect inverse appointments was customer`
pub(super) fn field(cx: &mut Context<'_>, pair: Pair<'_>) -> Option<Field> {
    let doc = cx.doc(&pair);
    let span = cx.span(&pair);
    let mut children = pair.into_inner();
    let declared = name(cx, &children.next()?);
    reserved::declared(cx, &declared);
    let mut field = Field {
        doc,
        name: declared,
        ty: type_ref(cx, children.find(|it| it.as_rule() == Rule::type_ref)?)?,
        optional: None,
        bounds: Vec::new(),
        part_of: None,
        default: None,
        marks: Vec::new(),
        on_delete: None,
        inverse: None,
        was: None,
        message: None,
        span,
    };
    let mut seen: Vec<(&'static str, Span)> = Vec::new();
    let mut null = None;
    for clause in children {
        let at = cx.span(&clause);
        if let Some(what) = once(clause.as_rule()) {
            if let Some((_, first)) = seen.iter().find(|(other, _)| *other == what) {
                duplicate(cx, what, at, *first);
                continue;
            }
            seen.push((what, at));
        }
        if foreign::is_null_default(&clause) {
            null = Some(at);
            continue;
        }
        add(cx, &mut field, clause, at)?;
    }
    if let Some(at) = null {
        foreign::null_default(cx, at, &field);
    }
    Some(field)
}

fn add(cx: &mut Context<'_>, field: &mut Field, clause: Pair<'_>, at: Span) -> Option<()> {
    match clause.as_rule() {
        Rule::optional => field.optional = Some(at),
        Rule::default => {
            let value = clause
                .into_inner()
                .find(|it| it.as_rule() == Rule::arithmetic)?;
            field.default = Some(expression(cx, value)?);
        }
        Rule::range_bound | Rule::matches_bound | Rule::size_bound => {
            // Bounds and marks are large, and a list that grows has room for four.
            field.bounds.reserve_exact(1);
            field.bounds.push(bound(cx, clause)?);
        }
        Rule::unique_mark | Rule::indexed_mark | Rule::touched_mark | Rule::immutable_mark => {
            field.marks.reserve_exact(1);
            field.marks.push(mark(cx, clause, at)?);
        }
        Rule::reserved_mark => reserved::mark(cx, &clause),
        Rule::on_delete => field.on_delete = Some(on_delete(clause, at)?),
        Rule::inverse => field.inverse = Some(name_in(cx, clause)?),
        Rule::was => field.was = Some(name_in(cx, clause)?),
        Rule::message => field.message = Some(text_in(cx, clause)?),
        _ => {}
    }
    Some(())
}

fn mark(cx: &mut Context<'_>, pair: Pair<'_>, span: Span) -> Option<Mark> {
    let kind = match pair.as_rule() {
        Rule::indexed_mark => MarkKind::Indexed,
        Rule::touched_mark => MarkKind::Touched,
        Rule::immutable_mark => MarkKind::Immutable,
        _ => {
            let (mut ignoring_case, mut rows) = (false, None);
            for child in pair.into_inner() {
                match child.as_rule() {
                    Rule::ignoring_case => ignoring_case = true,
                    Rule::condition => rows = Some(condition(cx, child)?),
                    _ => {}
                }
            }
            MarkKind::Unique {
                ignoring_case,
                condition: rows,
            }
        }
    };
    Some(Mark { kind, span })
}

fn on_delete(pair: Pair<'_>, span: Span) -> Option<OnDelete> {
    let kind = pair.into_inner().find_map(|child| match child.as_rule() {
        Rule::kw_cascade => Some(OnDeleteKind::Cascade),
        Rule::kw_protect => Some(OnDeleteKind::Protect),
        Rule::kw_restrict => Some(OnDeleteKind::Restrict),
        Rule::set_null => Some(OnDeleteKind::SetNull),
        _ => None,
    })?;
    Some(OnDelete { kind, span })
}

/// The clauses that a field has at most once, by the name that people know them by.
fn once(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::default => "= default",
        Rule::range_bound => "in",
        Rule::matches_bound => "matches",
        Rule::size_bound => "max",
        Rule::unique_mark => "unique",
        Rule::indexed_mark => "indexed",
        Rule::touched_mark => "touched",
        Rule::immutable_mark => "immutable",
        Rule::on_delete => "on delete",
        Rule::inverse => "inverse",
        Rule::was => "was",
        Rule::message => "message",
        _ => return None,
    })
}

/// Says that a clause stands twice.
pub(super) fn duplicate(cx: &mut Context<'_>, what: &str, at: Span, first: Span) {
    let found = appspec_diagnostics::Diagnostic::new(
        &syntax::DUPLICATE_CLAUSE,
        at,
        format!("`{what}` stands here twice"),
    );
    let found = found.label("said again").note(first, "said first");
    let is_same = cx.slice(at) == cx.slice(first);
    cx.report(
        found
            .help("keep one of the two")
            .edit_if(is_same, cx.with_blanks_before(at), ""),
    );
}
