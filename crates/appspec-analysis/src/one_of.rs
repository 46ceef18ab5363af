//! `subject: one of Order, Invoice` spelled out: a reference for each entity behind it, in the place of lists that name it
//! a list for each of them. The field itself stays in the tree; the types pass gives it its rule.
//!
//! What can't be meant is left as it is written, and told where names are resolved.

use appspec_diagnostics::Span;
use appspec_ir::OneOf;
use appspec_syntax::ast::{
    BinaryOp, Expr, ExprKind, Field, File, Item, Mark, MarkKind, Member, Moment, Name, Path,
    SortKey, TypeRef, TypeRefKind,
};

/// The names of the references that each such field stands for.
type Parts = Vec<(String, Vec<String>)>;

/// Spells out what the members of a file say.
pub(crate) fn spell_out(file: &mut File) {
    for item in &mut file.items {
        let members = match item {
            Item::Entity(it) => &mut it.members,
            Item::Mixin(it) => &mut it.members,
            Item::Extend(it) => &mut it.members,
            _ => continue,
        };
        let parts: Parts = members.iter().filter_map(names).collect();
        if parts.is_empty() {
            continue;
        }
        let written = std::mem::take(members);
        members.reserve_exact(written.len() + parts.iter().map(|it| it.1.len()).sum::<usize>());
        for member in written {
            add(member, &parts, members);
        }
    }
}

/// The entities that such a field names, each name once.
pub(crate) fn targets(field: &Field) -> Option<Vec<(&Name, &Path)>> {
    let TypeRefKind::OneOf(paths) = &field.ty.kind else {
        return None;
    };
    let mut found: Vec<(&Name, &Path)> = Vec::new();
    for path in paths {
        if let Some(last) = path.names.last()
            && !found.iter().any(|(known, _)| known.text == last.text)
        {
            found.push((last, path));
        }
    }
    Some(found)
}

fn names(member: &Member) -> Option<(String, Vec<String>)> {
    let Member::Field(field) = member else {
        return None;
    };
    let whole = &field.name.text;
    let targets = targets(field)?.into_iter();
    let parts = targets.map(|(target, _)| OneOf::field_name(whole, &target.text));
    Some((whole.clone(), parts.collect()))
}

fn add(member: Member, parts: &Parts, out: &mut Vec<Member>) {
    match member {
        Member::Field(field) => {
            let references: Vec<Field> = references(&field).collect();
            out.push(Member::Field(field));
            let references = references.into_iter();
            out.extend(references.map(|it| Member::Field(Box::new(it))));
        }
        Member::Unique(unique) => match only(unique.fields.iter(), parts) {
            Some(found) => out.extend(found.sets(
                &unique,
                |one| (&mut one.fields, &mut one.condition),
                Member::Unique,
            )),
            None => out.push(Member::Unique(unique)),
        },
        Member::Overlap(overlap) => match only(overlap.per.iter(), parts) {
            Some(found) => out.extend(found.sets(
                &overlap,
                |one| (&mut one.per, &mut one.condition),
                Member::Overlap,
            )),
            None => out.push(Member::Overlap(overlap)),
        },
        Member::Index(index) => {
            let Some(found) = only(index.keys.iter().map(|key| &key.field), parts) else {
                out.push(Member::Index(index));
                return;
            };
            out.extend(found.names.iter().map(|name| {
                let mut one = index.clone();
                if let Some(SortKey { field, .. }) = one.keys.get_mut(found.at) {
                    field.text.clone_from(name);
                }
                Member::Index(one)
            }));
        }
        Member::Frozen(mut frozen) => {
            frozen.except = in_place(frozen.except, parts);
            out.push(Member::Frozen(frozen));
        }
        Member::Invariant(mut invariant) => {
            if let Moment::Change { fields, .. } = &mut invariant.moment {
                *fields = in_place(std::mem::take(fields), parts);
            }
            out.push(Member::Invariant(invariant));
        }
        other => out.push(other),
    }
}

/// The references that a field stands for; none for any other field.
fn references(field: &Field) -> impl Iterator<Item = Field> {
    let targets = targets(field).unwrap_or_default().into_iter();
    targets.map(|(target, path)| {
        let name = Name {
            text: OneOf::field_name(&field.name.text, &target.text),
            span: path.span,
        };
        Field {
            doc: field.doc.clone(),
            ty: TypeRef {
                kind: TypeRefKind::Named {
                    path: path.clone(),
                    arguments: Vec::new(),
                },
                span: path.span,
            },
            optional: field.optional.or(Some(path.span)),
            bounds: Vec::new(),
            part_of: Some(field.name.clone()),
            default: None,
            marks: marks(field, &name.text),
            on_delete: field.on_delete,
            inverse: field.inverse.clone(),
            was: None,
            message: None,
            span: field.span,
            name,
        }
    })
}

/// What its marks say of one of the references.
fn marks(field: &Field, part: &str) -> Vec<Mark> {
    let marks = field.marks.iter().filter_map(|mark| {
        let kind = match &mark.kind {
            MarkKind::Immutable => MarkKind::Immutable,
            MarkKind::Unique { .. } if is_unique(field, mark) => MarkKind::Unique {
                ignoring_case: false,
                condition: Some(where_set(mark.span, part, None)),
            },
            MarkKind::Unique { .. } | MarkKind::Indexed | MarkKind::Touched => return None,
        };
        Some(Mark {
            kind,
            span: mark.span,
        })
    });
    marks.collect()
}

/// Whether a mark says that no two rows point to the same row: `unique` where each points to one, `unique where subject is set`
/// where it need not.
pub(crate) fn is_unique(field: &Field, mark: &Mark) -> bool {
    let MarkKind::Unique {
        ignoring_case: false,
        condition,
    } = &mark.kind
    else {
        return false;
    };
    match (condition, field.optional) {
        (None, None) => true,
        (Some(condition), Some(_)) => asks_for(condition, &field.name.text),
        _ => false,
    }
}

/// `subject is set`
fn asks_for(condition: &Expr, name: &str) -> bool {
    let ExprKind::IsSet {
        operand,
        negated: false,
    } = &condition.kind
    else {
        return false;
    };
    matches!(&operand.kind, ExprKind::Path(path) if matches!(path.names.as_slice(), [only] if only.text == name))
}

/// The only such field of a list.
struct Only<'p> {
    /// Which one of the list it is.
    at: usize,
    place: Span,
    /// Its references.
    names: &'p [String],
}

impl Only<'_> {
    /// A set for each of the references, of the rows that have it.
    fn sets<T: Clone>(
        &self,
        whole: &T,
        parts_of: impl Fn(&mut T) -> (&mut Vec<Name>, &mut Option<Expr>),
        member: impl Fn(T) -> Member,
    ) -> impl Iterator<Item = Member> {
        self.names.iter().map(move |name| {
            let mut one = whole.clone();
            let (fields, condition) = parts_of(&mut one);
            if let Some(field) = fields.get_mut(self.at) {
                field.text.clone_from(name);
            }
            *condition = Some(where_set(self.place, name, condition.take()));
            member(one)
        })
    }
}

fn only<'p, 'n>(mut names: impl Iterator<Item = &'n Name>, parts: &'p Parts) -> Option<Only<'p>> {
    let find = |name: &Name| parts.iter().find(|(whole, _)| *whole == name.text);
    let mut at = 0;
    let (place, found) = loop {
        let name = names.next()?;
        if let Some((_, found)) = find(name) {
            break (name.span, found);
        }
        at += 1;
    };
    // Two of them in one list would be a list for each pair.
    let names_another = names.any(|name| find(name).is_some());
    (!names_another).then_some(Only {
        at,
        place,
        names: found,
    })
}

/// A list with all references of each such field.
fn in_place(names: Vec<Name>, parts: &Parts) -> Vec<Name> {
    let names = names.into_iter().flat_map(|name| {
        match parts.iter().find(|(whole, _)| *whole == name.text) {
            Some((_, found)) => {
                let found = found.iter().map(|text| Name {
                    text: text.clone(),
                    span: name.span,
                });
                found.collect()
            }
            None => vec![name],
        }
    });
    names.collect()
}

/// `subject_order is set`, and what else picks the rows.
fn where_set(at: Span, part: &str, condition: Option<Expr>) -> Expr {
    let name = Name {
        text: part.to_owned(),
        span: at,
    };
    let path = Path {
        names: vec![name],
        span: at,
    };
    let asked = Expr {
        kind: ExprKind::IsSet {
            operand: Box::new(Expr {
                kind: ExprKind::Path(path),
                span: at,
            }),
            negated: false,
        },
        span: at,
    };
    match condition {
        None => asked,
        Some(condition) => Expr {
            span: condition.span,
            kind: ExprKind::Binary {
                op: BinaryOp::And,
                op_span: condition.span,
                left: Box::new(asked),
                right: Box::new(condition),
            },
        },
    }
}
