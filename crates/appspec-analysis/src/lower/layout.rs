//! Which entity has which members, and of which types: everything that expressions need to be read.

use std::collections::BTreeMap;

use appspec_diagnostics::{Diagnostic, Diagnostics, Root, Severity, Span, codes};
use appspec_ir::{
    Entity, Field, FieldType, Id, Inverse, ManyRelation, Module, NamedType, OnDelete, Relation,
    Scalar,
};
use appspec_syntax::ast::{self, ExprKind, MarkKind, Member, TypeRefKind};

use super::named::{self, Named, Resolved, Shape};
use super::one_of;
use crate::expr::Computed;
use crate::names::near;
use crate::names::{Decl, Names, wrong_kind};

/// A field of an entity or a mixin.
#[derive(Debug)]
pub(crate) struct Slot<'a> {
    pub(crate) id: Id<Field>,
    pub(crate) ast: &'a ast::Field,
    pub(crate) module: Id<Module>,
    /// `None` when its type is broken, which was reported.
    pub(crate) ty: Option<FieldType>,
    pub(crate) named: Option<Id<NamedType>>,
    /// Where a mixin brought it.
    pub(crate) from_mixin: bool,
}

impl Slot<'_> {
    /// Whether the system gives its value when the row is made.
    pub(crate) fn is_numbered(&self) -> bool {
        matches!(self.ast.ty.kind, TypeRefKind::Serial(_))
    }
}

/// A reference to a row of one of several entities.
#[derive(Debug)]
pub(crate) struct Several<'a> {
    pub(crate) ast: &'a ast::Field,
    /// Where a mixin brought it.
    pub(crate) from_mixin: bool,
    /// Positions in [`Body::slots`] of its references.
    pub(crate) slots: Vec<usize>,
}

/// What a name means inside an entity or a mixin.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Entry {
    /// The field at this position of [`Body::slots`].
    Field(usize),
    /// The derived value or predicate at this position of [`Layout::computed`].
    Computed(usize),
    /// The reference to rows of several entities at this position of [`Body::one_of`].
    OneOf(usize),
}

/// Members of one writer: the entity's own, a mixin's, or those of one extension.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part<'a> {
    pub(crate) module: Id<Module>,
    pub(crate) members: &'a [Member],
    pub(crate) extension: bool,
}

/// An entity or a mixin with everything that belongs to it.
#[derive(Debug)]
pub(crate) struct Body<'a> {
    /// The entity; `None` for a mixin, which has no rows of its own.
    pub(crate) entity: Option<Id<Entity>>,
    pub(crate) name: &'a str,
    /// Where its name is declared.
    pub(crate) declared: Span,
    pub(crate) slots: Vec<Slot<'a>>,
    pub(crate) entries: BTreeMap<&'a str, (Entry, Span)>,
    /// The names of `entries` in the order of the text, for suggestions.
    pub(crate) order: Vec<&'a str>,
    /// Positions in [`Layout::bodies`] of its mixins.
    pub(crate) mixins: Vec<usize>,
    /// A mixin of it is unknown, which was reported; what that would have brought is missing.
    pub(crate) is_incomplete: bool,
    /// Its references to rows of several entities.
    pub(crate) one_of: Vec<Several<'a>>,
    /// Where each name of an invariant stands.
    invariants: BTreeMap<&'a str, Span>,
    pub(crate) parts: Vec<Part<'a>>,
    /// The fields of its mixins to the fields that they became here.
    pub(crate) became: BTreeMap<Id<Field>, Id<Field>>,
}

impl<'a> Body<'a> {
    /// The references that one to several entities is made of.
    pub(crate) fn references(&self, whole: &Several<'a>) -> impl Iterator<Item = &Slot<'a>> {
        whole.slots.iter().filter_map(|at| self.slots.get(*at))
    }

    /// Takes in a field, which perhaps is a part of what came before.
    fn hold(&mut self, slot: Slot<'a>) -> Entry {
        let at = self.slots.len();
        if let Some(name) = &slot.ast.part_of
            && let Some(whole) = self.one_of.last_mut()
            && whole.ast.name == *name
        {
            whole.slots.push(at);
        }
        self.slots.push(slot);
        Entry::Field(at)
    }

    /// What all uses of a name that it does not have come from.
    pub(crate) fn root(&self, written: &str, meant: Option<&str>) -> Root {
        let meant = meant.and_then(|meant| Some((meant, self.entries.get(meant)?.1)));
        near::root(written, meant, self.declared)
    }
}

/// All bodies: mixins first, then entities, each in the order of their ids.
#[derive(Debug)]
pub(crate) struct Layout<'a> {
    pub(crate) names: &'a Names<'a>,
    pub(crate) types: Vec<Named>,
    pub(crate) bodies: Vec<Body<'a>>,
    pub(crate) computed: Vec<Computed<'a>>,
    /// Positions in `computed` of the predicates at the top level, by id.
    pub(crate) predicates: Vec<usize>,
}

/// Fields of mixins have no place in the arena; their ids start here and are replaced by those of entities.
const MIXIN_FIELDS: usize = 1 << 30;

impl<'a> Layout<'a> {
    /// The body of an entity.
    pub(crate) fn entity(&self, id: Id<Entity>) -> Option<&Body<'a>> {
        self.bodies.get(self.names.mixins.len() + id.index())
    }

    /// Whether something was wrong with a member of an entity, so that nothing can be said to be missing there.
    pub(super) fn has_mistakes(&self, id: Id<Entity>, found: &Diagnostics) -> bool {
        let Some(body) = self.entity(id) else {
            return true;
        };
        let mixins = body.mixins.iter().filter_map(|at| self.bodies.get(*at));
        let parts = mixins.chain([body]).flat_map(|body| &body.parts);
        let members: Vec<Span> = parts
            .flat_map(|part| part.members)
            .map(Member::span)
            .collect();
        let is_inside = |at: Span| members.iter().any(|member| member.contains(at));
        let mut errors = found
            .iter()
            .filter(|finding| finding.code.severity == Severity::Error);
        body.is_incomplete
            || errors.any(|finding| {
                finding
                    .primary
                    .as_ref()
                    .is_some_and(|label| is_inside(label.span))
            })
    }
}

/// Lays out all mixins and entities.
pub(crate) fn layout<'a>(names: &'a Names<'a>, out: &mut Diagnostics) -> Layout<'a> {
    let types = named::resolve_all(names, out);
    let mut builder = Builder {
        layout: Layout {
            names,
            types,
            bodies: Vec::with_capacity(names.mixins.len() + names.entities.len()),
            computed: Vec::new(),
            predicates: Vec::new(),
        },
        next_field: 0,
        next_mixin_field: MIXIN_FIELDS,
    };
    for found in &names.mixins {
        let part = Part {
            module: found.module,
            members: &found.item.members,
            extension: false,
        };
        builder.body(None, &found.item.name, &[], vec![part], out);
    }
    let extensions = extensions(names, out);
    for (index, found) in names.entities.iter().enumerate() {
        let mut parts = vec![Part {
            module: found.module,
            members: &found.item.members,
            extension: false,
        }];
        parts.extend(extensions.get(index).into_iter().flatten());
        let (mixins, is_incomplete) = builder.mixins_of(found.module, found.item, out);
        builder.body(
            Some(Id::from_index(index)),
            &found.item.name,
            &mixins,
            parts,
            out,
        );
        if let Some(body) = builder.layout.bodies.last_mut() {
            body.is_incomplete = is_incomplete;
        }
    }
    for (index, found) in names.predicates.iter().enumerate() {
        let entity = names.resolve_entity(found.module, &found.item.entity, out);
        let body = entity.map(|id| names.mixins.len() + id.index());
        let node = builder.layout.computed.len();
        builder
            .layout
            .computed
            .push(Computed::predicate(found.item, body, found.module));
        debug_assert_eq!(builder.layout.predicates.len(), index);
        builder.layout.predicates.push(node);
    }
    builder.layout
}

/// What other modules add to each entity.
fn extensions<'a>(names: &'a Names<'a>, out: &mut Diagnostics) -> Vec<Vec<Part<'a>>> {
    let mut parts: Vec<Vec<Part<'a>>> = names.entities.iter().map(|_| Vec::new()).collect();
    for found in &names.extends {
        let Some(id) = names.resolve_entity(found.module, &found.item.entity, out) else {
            continue;
        };
        let home = names.entities.get(id.index());
        if let Some(home) = home.filter(|home| home.module == found.module) {
            out.push(
                Diagnostic::new(
                    &codes::module::EXTENDS_OWN,
                    found.item.entity.span,
                    format!("`{}` is declared in this file", home.item.name.text),
                )
                .label("extended here")
                .note(home.item.name.span, "declared here")
                .help("move the members into the entity itself"),
            );
            continue;
        }
        if let Some(list) = parts.get_mut(id.index()) {
            list.push(Part {
                module: found.module,
                members: &found.item.members,
                extension: true,
            });
        }
    }
    parts
}

struct Builder<'a> {
    layout: Layout<'a>,
    next_field: usize,
    next_mixin_field: usize,
}

impl<'a> Builder<'a> {
    fn next_id(&mut self, of_mixin: bool) -> Id<Field> {
        let counter = if of_mixin {
            &mut self.next_mixin_field
        } else {
            &mut self.next_field
        };
        let id = Id::from_index(*counter);
        *counter += 1;
        id
    }

    /// The bodies of an entity's mixins, each once, with the place where it is named; and whether one is unknown.
    fn mixins_of(
        &self,
        module: Id<Module>,
        entity: &'a ast::Entity,
        out: &mut Diagnostics,
    ) -> (Vec<(usize, Span)>, bool) {
        let names = self.layout.names;
        let mut mixins: Vec<(usize, Span)> = Vec::new();
        let mut is_incomplete = entity.is_partial;
        for path in &entity.mixins {
            let Some(decl) = names.resolve(module, path, "mixin", out) else {
                is_incomplete = true;
                continue;
            };
            let Decl::Mixin(id) = decl else {
                out.push(wrong_kind(path, decl, "a mixin"));
                is_incomplete = true;
                continue;
            };
            match mixins.iter().find(|(known, _)| *known == id.index()) {
                Some((_, first)) => out.push(
                    Diagnostic::new(
                        &codes::name::DUPLICATE,
                        path.span,
                        "this mixin is named twice",
                    )
                    .label("named again here")
                    .note(*first, "first named here")
                    .help("remove one of the two"),
                ),
                None => mixins.push((id.index(), path.span)),
            }
        }
        (mixins, is_incomplete)
    }

    fn body(
        &mut self,
        entity: Option<Id<Entity>>,
        name: &'a ast::Name,
        mixins: &[(usize, Span)],
        parts: Vec<Part<'a>>,
        out: &mut Diagnostics,
    ) {
        let members = parts.iter().flat_map(|part| part.members);
        let own = members.filter(|member| matches!(member, Member::Field(_)));
        let mixed_in = mixins
            .iter()
            .filter_map(|(at, _)| self.layout.bodies.get(*at));
        let fields = own.count() + mixed_in.map(|body| body.slots.len()).sum::<usize>();
        let mut body = Body {
            entity,
            name: &name.text,
            declared: name.span,
            slots: Vec::with_capacity(fields),
            entries: BTreeMap::new(),
            order: Vec::new(),
            mixins: mixins.iter().map(|(mixin, _)| *mixin).collect(),
            is_incomplete: false,
            one_of: Vec::new(),
            invariants: BTreeMap::new(),
            parts: Vec::new(),
            became: BTreeMap::new(),
        };
        for (mixin, named_at) in mixins {
            self.mix_in(&mut body, *mixin, *named_at, out);
        }
        for part in &parts {
            for member in part.members {
                self.member(&mut body, *part, member, out);
            }
        }
        body.parts = parts;
        self.layout.bodies.push(body);
    }

    fn mix_in(&mut self, body: &mut Body<'a>, mixin: usize, named_at: Span, out: &mut Diagnostics) {
        let Some(source) = self.layout.bodies.get(mixin) else {
            return;
        };
        let mut conflicts = Vec::new();
        let mut fresh = self.next_field;
        for name in &source.order {
            let Some((entry, span)) = source.entries.get(name) else {
                continue;
            };
            if let Some((_, first)) = body.entries.get(name) {
                conflicts.push((*name, *first, *span));
                continue;
            }
            let entry = match entry {
                Entry::Computed(node) => Entry::Computed(*node),
                Entry::Field(at) => {
                    let Some(slot) = source.slots.get(*at) else {
                        continue;
                    };
                    let id = Id::from_index(fresh);
                    fresh += 1;
                    body.became.insert(slot.id, id);
                    body.hold(Slot {
                        id,
                        ast: slot.ast,
                        module: slot.module,
                        ty: slot.ty.clone(),
                        named: slot.named,
                        from_mixin: true,
                    })
                }
                Entry::OneOf(at) => {
                    let Some(whole) = source.one_of.get(*at) else {
                        continue;
                    };
                    body.one_of.push(Several {
                        ast: whole.ast,
                        from_mixin: true,
                        slots: Vec::new(),
                    });
                    Entry::OneOf(body.one_of.len() - 1)
                }
            };
            body.entries.insert(name, (entry, *span));
            body.order.push(name);
        }
        let made = source.one_of.iter().map(|whole| &whole.ast.name);
        let made = made.map(|name| (name.text.as_str(), name.span));
        let written = source.parts.iter();
        let written = written.flat_map(|part| invariants(part.members));
        for (name, span) in made.chain(written) {
            match body.invariants.get(name) {
                Some(first) => conflicts.push((name, *first, span)),
                None => {
                    body.invariants.insert(name, span);
                }
            }
        }
        self.next_field = fresh;
        for (name, first, second) in conflicts {
            out.push(
                Diagnostic::new(
                    &codes::name::DUPLICATE,
                    named_at,
                    format!("two mixins of `{}` bring `{name}`", body.name),
                )
                .label("this mixin brings it again")
                .note(first, "one is declared here")
                .note(second, "the other here")
                .help("rename one of the two, or use only one of the mixins"),
            );
        }
    }

    fn member(
        &mut self,
        body: &mut Body<'a>,
        part: Part<'a>,
        member: &'a Member,
        out: &mut Diagnostics,
    ) {
        let at = self.layout.bodies.len();
        match member {
            Member::Field(field) if matches!(field.ty.kind, TypeRefKind::OneOf(_)) => {
                one_of::check(field, out);
                let name = &field.name;
                let is_free = claim(body, name, out);
                if let Some(first) = body.invariants.get(name.text.as_str()) {
                    out.push(crate::names::duplicate(&name.text, name.span, *first));
                }
                if is_free {
                    body.one_of.push(Several {
                        ast: field,
                        from_mixin: false,
                        slots: Vec::new(),
                    });
                    let entry = Entry::OneOf(body.one_of.len() - 1);
                    body.entries.insert(&name.text, (entry, name.span));
                    body.invariants.entry(&name.text).or_insert(name.span);
                }
            }
            Member::Field(field) => {
                if !claim(body, &field.name, out) {
                    return;
                }
                let id = self.next_id(body.entity.is_none());
                let resolved = self.field_type(body, part.module, field, out);
                let entry = body.hold(Slot {
                    id,
                    ast: field,
                    module: part.module,
                    ty: resolved.map(|resolved| field_type(field, resolved.shape)),
                    named: resolved.and_then(|resolved| resolved.named),
                    from_mixin: false,
                });
                body.entries
                    .insert(&field.name.text, (entry, field.name.span));
            }
            Member::Derive(derive) => {
                if claim(body, &derive.name, out) {
                    let node = self.computed(Computed::derive(derive, at, part.module));
                    body.entries
                        .insert(&derive.name.text, (node, derive.name.span));
                }
            }
            Member::Predicate(predicate) => {
                if claim(body, &predicate.name, out) {
                    let node = self.computed(Computed::member(predicate, at, part.module));
                    body.entries
                        .insert(&predicate.name.text, (node, predicate.name.span));
                }
            }
            Member::Invariant(invariant) => {
                let name = &invariant.name;
                if let Some(first) = body.invariants.get(name.text.as_str()) {
                    out.push(crate::names::duplicate(&name.text, name.span, *first));
                } else {
                    body.invariants.insert(&name.text, name.span);
                }
            }
            Member::Unique(_)
            | Member::Overlap(_)
            | Member::Lifecycle(_)
            | Member::AppendOnly(_)
            | Member::SoftDelete(_)
            | Member::Keep(_)
            | Member::Audited(_)
            | Member::Frozen(_)
            | Member::Index(_)
            | Member::ShownAs(_)
            | Member::SortedBy(_)
            | Member::IdentifiedBy(_)
            | Member::Suppress(_) => {}
        }
    }

    fn computed(&mut self, computed: Computed<'a>) -> Entry {
        self.layout.computed.push(computed);
        Entry::Computed(self.layout.computed.len() - 1)
    }

    fn field_type(
        &self,
        body: &Body<'a>,
        module: Id<Module>,
        field: &ast::Field,
        out: &mut Diagnostics,
    ) -> Option<Resolved> {
        if let TypeRefKind::Serial(_) = field.ty.kind {
            let longest = appspec_ir::Serial::LONGEST;
            return Some(Resolved {
                shape: Shape::Scalar(Scalar::Text { max: Some(longest) }),
                named: None,
            });
        }
        let layout = &self.layout;
        let lookup = |id: Id<NamedType>| layout.types.get(id.index());
        let resolved = named::resolve(layout.names, &lookup, module, &field.ty, out)?;
        if field.part_of.is_some() && !matches!(resolved.shape, Shape::One(_)) {
            out.push(one_of::no_entity(field));
            return None;
        }
        if body.entity.is_none()
            && let Shape::Many {
                through: Some(_), ..
            } = resolved.shape
        {
            out.push(
                Diagnostic::new(
                    &codes::types::MIXIN_MEMBER,
                    field.ty.span,
                    "a mixin can't have a `many … through`: the link points to one entity only",
                )
                .help("declare it in each entity"),
            );
            return None;
        }
        Some(resolved)
    }
}

fn invariants(members: &[Member]) -> impl Iterator<Item = (&str, Span)> {
    members.iter().filter_map(|member| match member {
        Member::Invariant(invariant) => Some((invariant.name.text.as_str(), invariant.name.span)),
        _ => None,
    })
}

/// Takes a name of the body for a member; `false` when it is taken, which is reported.
fn claim<'a>(body: &mut Body<'a>, name: &'a ast::Name, out: &mut Diagnostics) -> bool {
    if let Some((_, first)) = body.entries.get(name.text.as_str()) {
        let finding = crate::names::duplicate(&name.text, name.span, *first);
        out.push(one_of::says_whose(finding, body, name));
        return false;
    }
    body.order.push(&name.text);
    true
}

/// The type with what the other clauses of the field say about a relation. The fields of a link entity are
/// found once all entities are laid out.
fn field_type(field: &ast::Field, shape: Shape) -> FieldType {
    let inverse = field.inverse.as_ref().map(|name| Inverse {
        name: name.text.clone(),
        span: name.span,
    });
    match shape {
        Shape::Scalar(scalar) => FieldType::Scalar(scalar),
        Shape::Enum(id) => FieldType::Enum(id),
        Shape::List(item) => FieldType::List(item),
        Shape::One(target) => FieldType::Relation(Relation {
            target,
            one_to_one: is_one_to_one(field),
            on_delete: field
                .on_delete
                .map_or(OnDelete::Protect, |clause| on_delete(clause.kind)),
            inverse,
        }),
        Shape::Many { target, .. } => FieldType::Many(ManyRelation {
            target,
            through: None,
            inverse,
        }),
    }
}

fn on_delete(kind: ast::OnDeleteKind) -> OnDelete {
    match kind {
        ast::OnDeleteKind::Cascade => OnDelete::Cascade,
        ast::OnDeleteKind::Protect => OnDelete::Protect,
        ast::OnDeleteKind::Restrict => OnDelete::Restrict,
        ast::OnDeleteKind::SetNull => OnDelete::SetNull,
    }
}

/// `unique` on a required relation, or `unique where x is set` on an optional one.
pub(crate) fn is_one_to_one(field: &ast::Field) -> bool {
    field.marks.iter().any(|mark| match &mark.kind {
        MarkKind::Unique { condition, .. } => condition
            .as_ref()
            .map_or(field.optional.is_none(), |condition| {
                is_set_check(condition, &field.name.text)
            }),
        MarkKind::Indexed | MarkKind::Touched | MarkKind::Immutable => false,
    })
}

/// `x is set` for the field of this name.
fn is_set_check(condition: &ast::Expr, name: &str) -> bool {
    match &condition.kind {
        ExprKind::IsSet {
            operand,
            negated: false,
        } => match &operand.kind {
            ExprKind::Path(path) => match path.names.as_slice() {
                [only] => only.text == name,
                _ => false,
            },
            _ => false,
        },
        _ => false,
    }
}
