//! Rows that are written on the page of the row that they point to, because that one is right only with them.

use appspec_backend::pascal_case;
use appspec_backend::python::{Class, Expr as Py, Stmt};
use appspec_ir::{Comparison, Entity, Expr, ExprKind, Field, FieldType, Rows, Summary, Walk};

use super::{computed, relations};
use crate::names;

/// Fields that fit into one line of a table.
const IN_A_LINE: usize = 7;

/// What a page has to write before the rules of its row are asked.
#[derive(Default)]
pub(super) struct Together<'s> {
    /// The rows that some rule wants, by their references.
    rows: Vec<Walk<'s, Field>>,
    /// Whether some rule reads what a `many` of the row holds, which is written after the row.
    holds: bool,
}

impl<'s> Together<'s> {
    /// That of an entity. A user has a page of its own.
    pub(super) fn of(entity: Walk<'s, Entity>) -> Self {
        let mut found = Self::default();
        if entity.id == entity.spec.user {
            return found;
        }
        let mut wanted = Vec::new();
        for rule in &entity.get().across {
            want(&rule.condition, &mut wanted);
            rule.condition.visit(&mut |part| {
                if let ExprKind::Each(each) = &part.kind {
                    let is_held = matches!(each.rows, Rows::Held(_));
                    found.holds |= is_held && each.rows.through(entity.spec).is_none();
                }
            });
        }
        for rows in wanted {
            let reference = match rows {
                Rows::Pointing(reference) => Some(reference),
                // Pairs that an entity holds.
                _ => rows.through(entity.spec).map(|(here, _)| here),
            };
            let reference = reference.map(|id| entity.spec.walk::<Field>(id));
            let known = &mut found.rows;
            known.extend(reference.filter(|field| {
                let is_known = known.iter().any(|one| one.id == field.id);
                !is_known && !field.optional && field.entity != entity.id
            }));
        }
        found
    }

    /// Whether nothing has to be written before.
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty() && !self.holds
    }

    /// Whether a field of the rows can be changed there: not to which page they belong.
    pub(super) fn writes(&self, field: Walk<'_, Field>) -> bool {
        let of_rows = |one: &&Walk<'_, Field>| one.entity == field.entity;
        self.rows.iter().filter(of_rows).count() == 1
            && self.rows.iter().all(|one| one.id != field.id)
    }

    /// The classes of the rows, above that of the page.
    pub(super) fn classes(&self) -> impl Iterator<Item = Stmt> {
        self.rows.iter().map(|reference| self.class(*reference))
    }

    /// `inlines = (LineInline,)`
    pub(super) fn inlines(&self) -> Option<Stmt> {
        let names = self.rows.iter().map(|one| Py::name(self.name(*one)));
        let names: Vec<Py> = names.collect();
        (!names.is_empty()).then(|| Stmt::assign("inlines", Py::Tuple(names)))
    }

    /// The rows' own name says enough, unless they point here twice.
    fn name(&self, reference: Walk<'_, Field>) -> String {
        let rows = &reference.spec.entities[reference.entity].name;
        let is_one = self
            .rows
            .iter()
            .filter(|one| one.entity == reference.entity);
        if is_one.count() == 1 {
            return format!("{rows}Inline");
        }
        format!("{rows}{}Inline", pascal_case(&reference.name))
    }

    fn class(&self, reference: Walk<'_, Field>) -> Stmt {
        let rows = reference.spec.walk(reference.entity);
        let name = &rows.get().name;
        let without = |names: Vec<String>| names.into_iter().filter(|one| *one != reference.name);
        let model = Py::from(&format!("{}.models", names::app(rows)), name);
        let mut body = vec![Stmt::assign("model", model)];
        let target = reference.target().map(|target| target.id);
        let leads_here = |field: &Walk<'_, Field>| field.target().map(|one| one.id) == target;
        if rows.fields().filter(leads_here).count() > 1 {
            body.push(Stmt::assign("fk_name", Py::text(&reference.name)));
        }
        for (option, names) in [
            ("autocomplete_fields", relations(rows)),
            ("readonly_fields", computed(rows)),
        ] {
            let names: Vec<String> = without(names).collect();
            if !names.is_empty() {
                body.push(Stmt::assign(option, Py::text_tuple(names)));
            }
        }
        if rows.get().append_only.is_some() {
            body.push(Stmt::assign("only_added", Py::bool(true)));
            body.push(Stmt::assign("can_delete", Py::bool(false)));
        }
        let base = if columns(rows) > IN_A_LINE {
            "TallRowsInline"
        } else {
            "RowsInline"
        };
        let page = &reference.spec.entities[reference.target().map_or(rows.id, |one| one.id)].name;
        Stmt::Class(Class {
            decorators: Vec::new(),
            name: self.name(reference).into(),
            bases: vec![Py::from("core.together", base)],
            doc: Some(format!("Rows of `{name}` on the page of their `{page}`.")),
            body,
        })
    }
}

/// What a line has beside the reference to its page.
fn columns(rows: Walk<'_, Entity>) -> usize {
    let is_shown = |field: &Walk<'_, Field>| match &field.get().ty {
        FieldType::Many(many) => many.through.is_none(),
        _ => true,
    };
    rows.fields().filter(is_shown).count() + rows.derives().count() - 1
}

/// Notes the rows that have to be there for a rule to hold. All or at most so many of them may as well be none.
fn want(expr: &Expr, wanted: &mut Vec<Rows>) {
    match &expr.kind {
        ExprKind::Compare(Comparison::Less | Comparison::LessOrEqual, most, least)
        | ExprKind::Compare(Comparison::Greater | Comparison::GreaterOrEqual, least, most) => {
            if !matches!(most.kind, ExprKind::Each(_)) {
                want(most, wanted);
            }
            want(least, wanted);
        }
        ExprKind::Each(each) => {
            let counts = !matches!(each.summary, Summary::All(_));
            if counts && !wanted.contains(&each.rows) {
                wanted.push(each.rows);
            }
        }
        _ => expr.for_children(&mut |child| want(child, wanted)),
    }
}

#[cfg(test)]
mod tests {
    use appspec_diagnostics::{FileId, Span};
    use appspec_ir::{Each, Id, Type, Value};

    use super::*;

    fn lines() -> Rows {
        Rows::Pointing(Id::from_index(7))
    }

    fn expr(kind: ExprKind) -> Expr {
        let span = Span::new(FileId(0), 0, 0);
        let ty = Type::Int;
        Expr { kind, ty, span }
    }

    fn each(summary: Summary) -> Expr {
        expr(ExprKind::Each(Box::new(Each {
            rows: lines(),
            row: "l".to_owned(),
            summary,
        })))
    }

    fn is_wanted(comparison: Comparison, left: Expr, right: Expr) -> bool {
        let (left, right) = (Box::new(left), Box::new(right));
        let mut wanted = Vec::new();
        want(
            &expr(ExprKind::Compare(comparison, left, right)),
            &mut wanted,
        );
        wanted == [lines()]
    }

    #[test]
    fn rows_are_wanted_unless_they_are_only_limited() {
        let count = || each(Summary::Count(None));
        let two = || expr(ExprKind::Value(Value::Int(2)));
        for (comparison, at_the_left, at_the_right) in [
            (Comparison::Equal, true, true),
            (Comparison::Less, false, true),
            (Comparison::LessOrEqual, false, true),
            (Comparison::Greater, true, false),
            (Comparison::GreaterOrEqual, true, false),
        ] {
            assert_eq!(is_wanted(comparison, count(), two()), at_the_left);
            assert_eq!(is_wanted(comparison, two(), count()), at_the_right);
        }
        let all = each(Summary::All(two()));
        assert!(!is_wanted(Comparison::Equal, all, two()));
    }
}
