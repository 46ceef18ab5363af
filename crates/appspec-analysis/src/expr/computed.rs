use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::{Expr, ExprKind, Field, FieldType, Id, Module, NamedCondition, Rows, Type};
use appspec_syntax::ast::{self, Name};

use super::lowerer::{LARGEST, Lowerer, Place, Site};
use super::path::too_large;
use crate::lower::derives;
use crate::lower::layout::{Body, Entry, Layout, Slot};
use crate::names::{Decl, Found, Mark};
use crate::order::order;

/// Deeper than this no emitted language reads an expression.
const DEEPEST: usize = 200;

/// Something whose expression is put in place wherever its name is used.
#[derive(Debug)]
pub(crate) struct Computed<'a> {
    source: Source<'a>,
    /// Position of its row's entity or mixin; `None` when that is unknown.
    body: Option<usize>,
    module: Id<Module>,
}

#[derive(Clone, Copy, Debug)]
enum Source<'a> {
    Derive(&'a ast::Derive),
    Member(&'a ast::PredicateMember),
    Predicate(&'a ast::Predicate),
}

impl<'a> Computed<'a> {
    pub(crate) fn derive(item: &'a ast::Derive, body: usize, module: Id<Module>) -> Self {
        Self {
            source: Source::Derive(item),
            body: Some(body),
            module,
        }
    }

    pub(crate) fn member(item: &'a ast::PredicateMember, body: usize, module: Id<Module>) -> Self {
        Self {
            source: Source::Member(item),
            body: Some(body),
            module,
        }
    }

    pub(crate) fn predicate(
        item: &'a ast::Predicate,
        body: Option<usize>,
        module: Id<Module>,
    ) -> Self {
        Self {
            source: Source::Predicate(item),
            body,
            module,
        }
    }

    pub(crate) fn name(&self) -> &'a Name {
        match self.source {
            Source::Derive(item) => &item.name,
            Source::Member(item) => &item.name,
            Source::Predicate(item) => &item.name,
        }
    }

    pub(crate) fn body(&self) -> Option<usize> {
        self.body
    }

    /// Where the `?` of a derived value stands.
    pub(crate) fn optional(&self) -> Option<Span> {
        match self.source {
            Source::Derive(item) => item.optional,
            _ => None,
        }
    }

    /// Whether it is a predicate among the members of an entity or a mixin.
    pub(crate) fn is_member_predicate(&self) -> bool {
        matches!(self.source, Source::Member(_))
    }

    pub(crate) fn module(&self) -> Id<Module> {
        self.module
    }

    /// The derived value, if it is one.
    pub(crate) fn as_derive(&self) -> Option<&'a ast::Derive> {
        match self.source {
            Source::Derive(item) => Some(item),
            _ => None,
        }
    }

    fn expr(&self) -> &'a ast::Expr {
        match self.source {
            Source::Derive(item) => &item.value,
            Source::Member(item) => &item.body,
            Source::Predicate(item) => &item.body,
        }
    }

    fn row(&self) -> Option<&'a str> {
        match self.source {
            Source::Predicate(item) => Some(&item.parameter.text),
            _ => None,
        }
    }

    fn place(&self) -> Place {
        match self.source {
            Source::Derive(item) => Place::Derive {
                optional: item.optional.is_some(),
            },
            _ => Place::Predicate,
        }
    }
}

/// A lowered expression that is ready to be put in place.
#[derive(Debug)]
pub(crate) struct Inlined {
    pub(crate) expr: Expr,
    /// The type of a derived value.
    pub(crate) ty: Option<FieldType>,
    pub(super) size: usize,
}

/// The lowered derived values and predicates, by their position in [`Layout::computed`].
#[derive(Debug, Default)]
pub(crate) struct Results {
    lowered: Vec<Option<Inlined>>,
    used: Vec<Mark>,
    /// Where predicates were put in place.
    named: Mutex<BTreeMap<Span, NamedCondition>>,
}

impl Results {
    /// The expression; `None` when it is broken, which was reported.
    pub(crate) fn get(&self, node: usize) -> Option<&Inlined> {
        if let Some(used) = self.used.get(node) {
            used.set();
        }
        self.lowered.get(node)?.as_ref()
    }

    /// Remembers that a predicate was put in place.
    pub(super) fn name(&self, at: Span, computed: &Computed<'_>) {
        if computed.as_derive().is_none() {
            let name = computed.name().text.clone();
            let body = computed.expr().span;
            self.named().insert(at, NamedCondition { name, body });
        }
    }

    /// Where predicates were put in place.
    pub(crate) fn take_named(&self) -> BTreeMap<Span, NamedCondition> {
        std::mem::take(&mut self.named())
    }

    fn named(&self) -> MutexGuard<'_, BTreeMap<Span, NamedCondition>> {
        // A thread that died left no more than the others would.
        self.named.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The predicates among the members that nothing asked for.
    pub(crate) fn unused<'l, 'a>(
        &'l self,
        layout: &'l Layout<'a>,
    ) -> impl Iterator<Item = &'l Computed<'a>> {
        let all = layout.computed.iter().zip(&self.used);
        all.filter(|(computed, used)| computed.is_member_predicate() && !used.is_set())
            .map(|(computed, _)| computed)
    }
}

/// Lowers all derived values and predicates, each after those that it uses.
pub(crate) fn lower_all(layout: &Layout<'_>, out: &mut Diagnostics) -> Results {
    let mut results = Results {
        lowered: layout.computed.iter().map(|_| None).collect(),
        used: layout.computed.iter().map(|_| Mark::default()).collect(),
        named: Mutex::default(),
    };
    for node in sorted(layout, out) {
        let lowered = lower_one(layout, &results, node, out);
        if let Some(slot) = results.lowered.get_mut(node) {
            *slot = lowered;
        }
    }
    results
}

fn lower_one(
    layout: &Layout<'_>,
    results: &Results,
    node: usize,
    out: &mut Diagnostics,
) -> Option<Inlined> {
    let computed = layout.computed.get(node)?;
    let site = Site {
        body: computed.body?,
        module: computed.module,
        row: computed.row(),
        place: computed.place(),
    };
    let (expr, ty) = match computed.source {
        Source::Derive(item) => {
            let (expr, ty) = derives::lower(layout, results, site, item, out)?;
            (expr, Some(ty))
        }
        Source::Member(_) | Source::Predicate(_) => {
            let expr = Lowerer::new(layout, results, site, out).condition(computed.expr())?;
            (expr, None)
        }
    };
    let (nodes, levels) = measure(&expr);
    if nodes > LARGEST || levels > DEEPEST {
        out.push(too_large(computed.name().span));
        return None;
    }
    Some(Inlined {
        expr,
        ty,
        size: nodes,
    })
}

/// Nodes and depth of an expression, as a database is asked: that two conditions agree is spelled out, with each of them
/// and its opposite.
pub(super) fn measure(expr: &Expr) -> (usize, usize) {
    let mut size: usize = 1;
    let mut depth = 0;
    let mut is_plain = true;
    expr.for_children(&mut |child| {
        let (nodes, levels) = measure(child);
        size = size.saturating_add(nodes);
        depth = depth.max(levels);
        is_plain &= matches!(child.kind, ExprKind::Field(_) | ExprKind::Value(_));
    });
    let is_agreement =
        matches!(&expr.kind, ExprKind::Compare(_, a, _) if a.ty == Type::Bool && !is_plain);
    if is_agreement {
        size = size.saturating_mul(2);
    }
    (size, depth + 1)
}

/// Replaces the fields of a mixin by those that they became in an entity.
pub(crate) fn rename(expr: &mut Expr, became: &BTreeMap<Id<Field>, Id<Field>>) {
    if let ExprKind::Field(id)
    | ExprKind::IsSet(id)
    | ExprKind::Otherwise(id, _)
    | ExprKind::Behind(id, _) = &mut expr.kind
    {
        rename_field(id, became);
    }
    if let ExprKind::Each(each) = &mut expr.kind {
        match &mut each.rows {
            Rows::Pointing(field) | Rows::Held(field) | Rows::Holding(field) => {
                rename_field(field, became);
            }
            Rows::Matching { theirs, own } => {
                rename_field(theirs, became);
                rename_field(own, became);
            }
        }
    }
    expr.kind
        .for_children_mut(&mut |child| rename(child, became));
}

/// Replaces one field of a mixin; fields of entities stay.
pub(crate) fn rename_field(id: &mut Id<Field>, became: &BTreeMap<Id<Field>, Id<Field>>) {
    if let Some(own) = became.get(id) {
        *id = *own;
    }
}

/// An order in which everything comes after what it uses; circles are reported, and what is in one stays
/// without a result.
fn sorted(layout: &Layout<'_>, out: &mut Diagnostics) -> Vec<usize> {
    let uses: Vec<Vec<usize>> = layout
        .computed
        .iter()
        .map(|computed| used_by(layout, computed))
        .collect();
    order(&uses, |circle| {
        report_cycle(layout, circle.iter().copied(), out);
    })
}

fn report_cycle(
    layout: &Layout<'_>,
    mut cycle: impl Iterator<Item = usize>,
    out: &mut Diagnostics,
) {
    let mut next = || layout.computed.get(cycle.next()?);
    let Some(first) = next() else { return };
    let name = first.name();
    let mut finding = Diagnostic::new(
        &codes::name::CYCLE,
        name.span,
        format!("`{}` is made of itself", name.text),
    )
    .label("this");
    while let Some(member) = next() {
        finding = finding.note(member.name().span, "is made of this");
    }
    out.push(finding.help("write one of them out"));
}

/// The positions of the derived values and predicates that an expression names.
fn used_by(layout: &Layout<'_>, computed: &Computed<'_>) -> Vec<usize> {
    let mut found = Vec::new();
    let Some(body) = computed.body.and_then(|at| layout.bodies.get(at)) else {
        return found;
    };
    let row = computed.row();
    // With one of several rows, what it is called and what it has.
    let mut pending: Vec<(&ast::Expr, EachRow<'_, '_>)> = vec![(computed.expr(), None)];
    while let Some((expr, each_row)) = pending.pop() {
        let mut inside = each_row;
        match &expr.kind {
            ast::ExprKind::Path(path) => {
                let (of, name) = match (each_row, row, path.names.as_slice()) {
                    (Some((each, theirs)), _, [first, name]) if first.text == each => {
                        (theirs, name)
                    }
                    (_, None, [name]) => (body, name),
                    (_, Some(row), [first, name]) if first.text == row => (body, name),
                    _ => continue,
                };
                if let Some((Entry::Computed(node), _)) = of.entries.get(name.text.as_str()) {
                    found.push(*node);
                }
            }
            ast::ExprKind::Call { function, .. } => {
                if let Found::Decl(declared) = layout.names.find(computed.module, &function.text)
                    && let Decl::Predicate(id) = declared.decl
                    && let Some(node) = layout.predicates.get(id.index())
                {
                    found.push(*node);
                }
            }
            ast::ExprKind::Each(each) => {
                let theirs = rows_of(layout, computed.module, body, each);
                inside = theirs.map(|theirs| (each.row.text.as_str(), theirs));
            }
            _ => {}
        }
        pending.extend(expr.children().into_iter().map(|part| (part, inside)));
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// One of several rows that a part of an expression may name.
type EachRow<'l, 'a> = Option<(&'l str, &'l Body<'a>)>;

/// The entity of several rows, if they are related to this one.
fn rows_of<'l, 'a>(
    layout: &'l Layout<'a>,
    module: Id<Module>,
    body: &Body<'a>,
    each: &ast::Each,
) -> Option<&'l Body<'a>> {
    if let ast::Summary::Exists(_) = &each.summary {
        let words: Vec<&str> = each
            .rows
            .names
            .iter()
            .map(|name| name.text.as_str())
            .collect();
        return match layout.names.find_path(module, &words) {
            Found::Decl(found) => match found.decl {
                Decl::Entity(id) => layout.entity(id),
                _ => None,
            },
            _ => None,
        };
    }
    let [name] = each.rows.names.as_slice() else {
        return None;
    };
    if let Some((Entry::Field(at), _)) = body.entries.get(name.text.as_str()) {
        return match &body.slots.get(*at)?.ty {
            Some(FieldType::Many(many)) => layout.entity(many.target),
            _ => None,
        };
    }
    let leads_here = |slot: &Slot<'_>| {
        let (target, inverse) = match &slot.ty {
            Some(FieldType::Relation(relation)) => (relation.target, &relation.inverse),
            Some(FieldType::Many(many)) => (many.target, &many.inverse),
            _ => return false,
        };
        Some(target) == body.entity && inverse.as_ref().is_some_and(|it| it.name == name.text)
    };
    let mut bodies = layout.bodies.iter();
    bodies.find(|other| other.entity.is_some() && other.slots.iter().any(leads_here))
}
