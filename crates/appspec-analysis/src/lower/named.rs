use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Bound, Entity, Enum, Id, ListItem, Module, NamedType, Scalar};
use appspec_syntax::ast::{TypeDecl, TypeRef, TypeRefKind};

use super::bounds;
use super::scalars::scalar;
use crate::names::{Decl, Found, Names, SCALARS, wrong_kind};

/// A type as written, resolved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Shape {
    Scalar(Scalar),
    Enum(Id<Enum>),
    List(ListItem),
    One(Id<Entity>),
    Many {
        target: Id<Entity>,
        through: Option<Id<Entity>>,
    },
}

/// What a `type` stands for once its own base is known.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    /// `None` when it is broken, which was reported.
    pub(crate) shape: Option<Shape>,
    /// The bounds of its base first, then its own.
    pub(crate) bounds: Vec<Bound>,
    /// Its own message, or that of its base.
    pub(crate) message: Option<String>,
}

/// A resolved type and the `type` by which it was named, if any.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Resolved {
    pub(crate) shape: Shape,
    pub(crate) named: Option<Id<NamedType>>,
}

/// Resolves all named types, each after the one that it is made of.
pub(crate) fn resolve_all(names: &Names<'_>, out: &mut Diagnostics) -> Vec<Named> {
    let mut done: Vec<Option<Named>> = names.types.iter().map(|_| None).collect();
    // A chain is followed with a list and not by recursion: it can be as long as the input.
    let mut chain: Vec<Id<NamedType>> = Vec::new();
    let mut position: Vec<Option<usize>> = vec![None; names.types.len()];
    for start in 0..names.types.len() {
        let mut next = Some(Id::from_index(start));
        while let Some(id) = next {
            let unvisited = done.get(id.index()).is_some_and(Option::is_none);
            if !unvisited {
                break;
            }
            if let Some(Some(at)) = position.get(id.index()) {
                report_cycle(names, chain.get(*at..).unwrap_or_default(), out);
                break;
            }
            if let Some(slot) = position.get_mut(id.index()) {
                *slot = Some(chain.len());
            }
            chain.push(id);
            next = base_of(names, id);
        }
        while let Some(id) = chain.pop() {
            let cyclic = base_of(names, id)
                .is_some_and(|base| done.get(base.index()).is_some_and(Option::is_none));
            let resolved = if cyclic {
                broken()
            } else {
                resolve_one(names, &done, id, out)
            };
            if let Some(slot) = done.get_mut(id.index()) {
                *slot = Some(resolved);
            }
        }
    }
    done.into_iter()
        .map(|named| named.unwrap_or_else(broken))
        .collect()
}

fn broken() -> Named {
    Named {
        shape: None,
        bounds: Vec::new(),
        message: None,
    }
}

/// The `type` that a `type` is made of, if that is one.
fn base_of(names: &Names<'_>, id: Id<NamedType>) -> Option<Id<NamedType>> {
    let declared = names.types.get(id.index())?;
    let mut base = &declared.item.base;
    while let TypeRefKind::List(inner) = &base.kind {
        base = inner;
    }
    let TypeRefKind::Named { path, .. } = &base.kind else {
        return None;
    };
    let words: Vec<&str> = path.names.iter().map(|name| name.text.as_str()).collect();
    match names.find_path(declared.module, &words) {
        Found::Decl(found) => match found.decl {
            Decl::Type(base) => Some(base),
            _ => None,
        },
        _ => None,
    }
}

fn report_cycle(names: &Names<'_>, cycle: &[Id<NamedType>], out: &mut Diagnostics) {
    let mut members = cycle.iter().filter_map(|id| names.types.get(id.index()));
    let Some(first) = members.next() else { return };
    let mut finding = Diagnostic::new(
        &codes::name::CYCLE,
        first.item.name.span,
        format!("the type `{}` is made of itself", first.item.name.text),
    )
    .label("this type");
    for member in members {
        finding = finding.note(member.item.name.span, "which is made of this one");
    }
    out.push(finding.help("give one of them a built-in type"));
}

fn resolve_one(
    names: &Names<'_>,
    done: &[Option<Named>],
    id: Id<NamedType>,
    out: &mut Diagnostics,
) -> Named {
    let Some(declared) = names.types.get(id.index()) else {
        return broken();
    };
    let item: &TypeDecl = declared.item;
    let lookup = |id: Id<NamedType>| done.get(id.index()).and_then(Option::as_ref);
    let Some(resolved) = resolve(names, &lookup, declared.module, &item.base, out) else {
        return broken();
    };
    if let Shape::One(_) | Shape::Many { .. } = resolved.shape {
        out.push(
            Diagnostic::new(
                &codes::name::WRONG_KIND,
                item.base.span,
                format!("the type `{}` can't stand for a relation", item.name.text),
            )
            .label("an entity")
            .help("a type narrows a built-in type or an enum; name the entity where it is used"),
        );
        return broken();
    }
    let base = resolved.named.and_then(lookup);
    let inherited = base.map(|base| base.bounds.clone()).unwrap_or_default();
    let own = bounds::lower(
        names,
        declared.module,
        resolved.shape,
        &inherited,
        &item.bounds,
        out,
    );
    if let Some(message) = item.message.as_ref().filter(|_| item.bounds.is_empty()) {
        out.push(bounds::message_without_bounds(message));
    }
    let mut all = inherited;
    all.extend(own);
    Named {
        shape: Some(resolved.shape),
        bounds: all,
        message: item
            .message
            .as_ref()
            .map(|message| message.value.clone())
            .or_else(|| base.and_then(|base| base.message.clone())),
    }
}

/// Resolves a type as written; `None` when it means nothing, which is reported here or was before.
pub(crate) fn resolve<'n>(
    names: &Names<'_>,
    lookup: &dyn Fn(Id<NamedType>) -> Option<&'n Named>,
    module: Id<Module>,
    ty: &TypeRef,
    out: &mut Diagnostics,
) -> Option<Resolved> {
    match &ty.kind {
        TypeRefKind::Named { path, arguments } => {
            if let [name] = path.names.as_slice()
                && SCALARS.contains(&name.text.as_str())
            {
                let scalar = scalar(&name.text, arguments, ty.span, out)?;
                return Some(Resolved {
                    shape: Shape::Scalar(scalar),
                    named: None,
                });
            }
            let decl = names.resolve(module, path, "type", out)?;
            if let Some((_, at)) = arguments.first() {
                let name = &path.names.last()?.text;
                out.push(
                    Diagnostic::new(
                        &codes::types::ARGUMENTS,
                        *at,
                        format!("`{name}` takes no arguments"),
                    )
                    .help(format!("write `{name}`")),
                );
                return None;
            }
            match decl {
                Decl::Entity(id) => Some(plain(Shape::One(id))),
                Decl::Enum(id) => Some(plain(Shape::Enum(id))),
                Decl::Type(id) => Some(Resolved {
                    shape: lookup(id)?.shape?,
                    named: Some(id),
                }),
                Decl::Mixin(_) | Decl::Predicate(_) | Decl::Role(_) => {
                    let mut finding = wrong_kind(path, decl, "a type");
                    if let Decl::Mixin(_) = decl {
                        finding = finding.help("a mixin is used with `entity … with …`");
                    }
                    out.push(finding);
                    None
                }
            }
        }
        TypeRefKind::List(item) => list(names, lookup, module, item, out),
        TypeRefKind::Serial(_) => {
            out.push(
                Diagnostic::new(
                    &codes::types::SERIAL_SCOPE,
                    ty.span,
                    "only a field of an entity is numbered: a counter counts rows",
                )
                .label("not the type of a field")
                .help("write it as the type of a field"),
            );
            None
        }
        TypeRefKind::OneOf(_) => {
            out.push(
                Diagnostic::new(
                    &codes::relation::ONE_OF_TARGETS,
                    ty.span,
                    "only a field points to a row of one of several entities",
                )
                .label("not the type of a field")
                .help("write it as the type of a field"),
            );
            None
        }
        TypeRefKind::Many { entity, through } => {
            let target = names.resolve_entity(module, entity, out);
            let link = through
                .as_ref()
                .map(|path| names.resolve_entity(module, path, out));
            match (target, link) {
                (Some(target), None) => Some(plain(Shape::Many {
                    target,
                    through: None,
                })),
                (Some(target), Some(Some(link))) => Some(plain(Shape::Many {
                    target,
                    through: Some(link),
                })),
                _ => None,
            }
        }
    }
}

fn plain(shape: Shape) -> Resolved {
    Resolved { shape, named: None }
}

fn list<'n>(
    names: &Names<'_>,
    lookup: &dyn Fn(Id<NamedType>) -> Option<&'n Named>,
    module: Id<Module>,
    item: &TypeRef,
    out: &mut Diagnostics,
) -> Option<Resolved> {
    let resolved = resolve(names, lookup, module, item, out)?;
    let refused = |message: &str, help: &str| {
        Diagnostic::new(&codes::types::LIST_ITEM, item.span, message).help(help)
    };
    let bounded = resolved
        .named
        .and_then(lookup)
        .is_some_and(|named| !named.bounds.is_empty());
    if bounded {
        out.push(
            Diagnostic::new(
                &codes::syntax::NOT_IN_THIS_VERSION,
                item.span,
                "the bounds of a list's items are not in this version",
            )
            .label("a type with bounds")
            .help("use a type without bounds, or an entity of its own"),
        );
        return None;
    }
    match resolved.shape {
        Shape::Scalar(Scalar::Json | Scalar::File | Scalar::Image | Scalar::Bytes) => {
            out.push(refused(
                "a list can't hold this type",
                "make an entity that has such a field, and a relation to it",
            ));
            None
        }
        Shape::Scalar(scalar) => Some(plain(Shape::List(ListItem::Scalar(scalar)))),
        Shape::Enum(id) => Some(plain(Shape::List(ListItem::Enum(id)))),
        Shape::List(_) => {
            out.push(refused(
                "a list can't hold lists",
                "use `json`, or an entity that has such a list",
            ));
            None
        }
        Shape::One(id) => {
            let name = names.entity_name(id);
            out.push(refused(
                "a list can't hold rows",
                &format!("write `many {name}`"),
            ));
            None
        }
        Shape::Many { .. } => {
            out.push(refused(
                "a list can't hold relations",
                "write `many …` alone",
            ));
            None
        }
    }
}
