//! What is left of a spec with errors of names and types: the parts that hold none.

use std::collections::HashSet;

use appspec_diagnostics::{Diagnostic, Diagnostics, Severity, Span, codes};
use appspec_ir::{Entity, Expr, Field, FieldType, Id, Scalar};
use appspec_syntax::ast::{AccessLine, Item, Member, TypeRefKind};

use super::layout::{Body, Layout, Slot};
use super::members::Members;
use crate::suppressions;

/// The places of a spec that hold errors. What is said about them is not known, and neither is what they would say
/// about others.
#[derive(Debug)]
pub(crate) struct Broken {
    /// Members and items that hold errors, in order.
    spans: Vec<Span>,
    /// The members of entities of which something was left out. What follows from few rules is told where people can see
    /// that it is needless, and a mixin may bring a member to other entities too.
    incomplete: Vec<Span>,
    /// What stands behind a `suppress` that was not understood: whoever wrote it knows what is found there.
    meant: Vec<Span>,
}

impl Broken {
    /// Nothing when there are so many errors that not every place was kept.
    pub(super) fn of(layout: &Layout<'_>, found: &[&Diagnostics]) -> Option<Self> {
        let errors = || {
            let all = found.iter().flat_map(|found| found.iter());
            all.filter(|it| it.code.severity == Severity::Error)
        };
        let all = found.iter().map(|found| found.count(Severity::Error));
        if errors().count() < all.sum() {
            return None;
        }
        let written = Written::of(layout);
        let mut spans: Vec<Span> = Vec::new();
        for error in errors() {
            // Of two with one name, nobody knows which one is meant.
            let both = error.code.id == codes::name::DUPLICATE.id;
            let others = error.notes.iter().filter(|_| both);
            let places = error.primary.iter().chain(others);
            spans.extend(places.map(|label| written.around(label.span)));
        }
        let mut more = Vec::new();
        for (body, found) in entities(layout) {
            if body.is_incomplete {
                more.push(found.span);
            }
            let slots = body.slots.iter().filter(|slot| slot.ty.is_none());
            more.extend(slots.map(|slot| slot.ast.span));
        }
        spans.extend(more);
        let spans = in_order(spans);
        let meant = layout.names.units.iter();
        let meant = meant.flat_map(|unit| suppressions::places(&unit.ast));
        let meant = meant.filter(|(suppress, _)| around(&spans, *suppress).is_some());
        Some(Self {
            incomplete: Vec::new(),
            meant: in_order(meant.map(|(_, target)| target).collect()),
            spans,
        })
    }

    fn has(&self, span: Span) -> bool {
        around(&self.spans, span).is_some()
    }

    /// Whether a finding speaks of a place that holds an error, or of none at all. What is no error is said of a member
    /// wherever it belongs to, so that it has to be known everywhere.
    pub(crate) fn concerns(&self, finding: &Diagnostic) -> bool {
        let everywhere = finding.code.severity != Severity::Error;
        let mut labels = finding.primary.iter().chain(&finding.notes);
        finding.primary.is_none()
            || labels.any(|label| {
                let at = label.span;
                let doubtful = [&self.incomplete, &self.meant];
                self.has(at)
                    || everywhere && doubtful.iter().any(|spans| around(spans, at).is_some())
            })
    }

    fn has_field(&self, layout: &Layout<'_>, slot: &Slot<'_>) -> bool {
        let names = layout.names;
        let alias = slot.named.and_then(|id| names.types.get(id.index()));
        let values = match &slot.ty {
            None => return true,
            Some(FieldType::Enum(id)) => names.enums.get(id.index()),
            Some(_) => None,
        };
        self.has(slot.ast.name.span)
            || alias.is_some_and(|found| self.has(found.item.name.span))
            || values.is_some_and(|found| self.has(found.item.name.span))
    }

    /// The entities without what holds errors and without the rules that read it. Each field keeps its place; one that is
    /// broken may have any value, or none.
    pub(super) fn leave_out(
        &mut self,
        layout: &Layout<'_>,
        entities: Vec<Members>,
    ) -> Vec<Members> {
        let mut incomplete = Vec::new();
        let ids = (0..).map(Id::from_index);
        let kept = ids.zip(entities).filter_map(|(id, own)| {
            let body = layout.entity(id)?;
            let (kept, is_whole) = self.without(layout, id, body, own);
            let mixins = body.mixins.iter().filter_map(|at| layout.bodies.get(*at));
            let parts = mixins.chain([body]).flat_map(|body| &body.parts);
            let members: Vec<&Member> = parts.flat_map(|part| part.members).collect();
            let rules = members.iter();
            let rules = rules.filter(|member| match member {
                Member::Invariant(_) => true,
                Member::Field(field) => matches!(field.ty.kind, TypeRefKind::OneOf(_)),
                _ => false,
            });
            if !is_whole || kept.invariants.len() + kept.changes.len() < rules.count() {
                incomplete.extend(members.into_iter().map(Member::span));
            }
            Some(kept)
        });
        let kept = kept.collect();
        self.incomplete = in_order(incomplete);
        kept
    }

    fn without(
        &self,
        layout: &Layout<'_>,
        id: Id<Entity>,
        body: &Body<'_>,
        members: Members,
    ) -> (Members, bool) {
        let header = layout.names.entities.get(id.index());
        let is_broken = header.is_none_or(|found| self.has(found.item.name.span));
        let mut whole: HashSet<Id<Field>> = HashSet::new();
        let mut lowered = members.fields;
        let mut fields = Vec::with_capacity(body.slots.len());
        for slot in &body.slots {
            let at = lowered.iter().position(|(own, _)| *own == slot.id);
            let field = at.map(|at| lowered.swap_remove(at).1);
            match field.filter(|_| !is_broken && !self.has_field(layout, slot)) {
                Some(field) => {
                    whole.insert(slot.id);
                    fields.push((slot.id, field));
                }
                None => fields.push((slot.id, unknown(id, slot))),
            }
        }
        let mut rest = Members { fields, ..members };
        let all = |ids: &[Id<Field>]| ids.iter().all(|id| whole.contains(id));
        let reads = |condition: &Expr| all(&condition.fields());
        let may = |condition: &Option<Expr>| condition.as_ref().is_none_or(reads);
        rest.one_of
            .retain(|it| !self.has(it.span) && all(&it.fields));
        rest.derives
            .retain(|it| !self.has(it.span) && reads(&it.value));
        rest.invariants
            .retain(|it| !self.has(it.span) && reads(&it.condition));
        rest.changes
            .retain(|it| !self.has(it.span) && all(&it.mentions()));
        // They read other entities, in which something may be broken.
        rest.across.clear();
        rest.uniques
            .retain(|it| !self.has(it.span) && all(&it.fields) && may(&it.condition));
        rest.overlaps.retain(|it| {
            let ends = [it.start, it.end];
            !self.has(it.span) && all(&ends) && all(&it.per) && may(&it.condition)
        });
        rest.lifecycles.retain(|it| {
            let mut actions = it.actions.iter();
            let reads = actions.all(|action| {
                let sets = action.sets.iter();
                let written: Vec<Id<Field>> = sets.clone().map(|one| one.field).collect();
                all(&action.needs)
                    && all(&written)
                    && may(&action.when)
                    && sets.clone().all(|one| reads(&one.value))
            });
            !self.has(it.span) && all(&[it.field]) && reads
        });
        rest.append_only = rest.append_only.filter(|at| !self.has(*at));
        rest.soft_delete = rest.soft_delete.filter(|at| !self.has(*at));
        rest.keep = rest.keep.filter(|(_, at)| !self.has(*at));
        rest.audited = rest.audited.filter(|at| !self.has(*at));
        rest.frozen = rest
            .frozen
            .filter(|it| !self.has(it.span) && all(&it.except) && reads(&it.condition));
        rest.indexes.retain(|it| {
            let mut keys = it.keys.iter();
            let reads = keys.all(|key| whole.contains(&key.field)) && may(&it.condition);
            !self.has(it.span) && reads
        });
        rest.shown_as = rest.shown_as.filter(|id| whole.contains(id));
        rest.sorted_by.retain(|key| whole.contains(&key.field));
        let parts = body.parts.iter().flat_map(|part| part.members);
        let mixins = body.mixins.iter().filter_map(|at| layout.bodies.get(*at));
        let inherited = mixins.flat_map(|mixin| mixin.parts.iter().flat_map(|part| part.members));
        let is_whole = !is_broken && !parts.chain(inherited).any(|it| self.has(it.span()));
        (rest, is_whole && whole.len() == body.slots.len())
    }
}

/// A field of which nothing is known.
fn unknown(entity: Id<Entity>, slot: &Slot<'_>) -> Field {
    let name = &slot.ast.name;
    let ty = FieldType::Scalar(Scalar::Json);
    Field {
        optional: true,
        ..Field::plain(entity, &name.text, ty, name.span)
    }
}

fn entities<'l, 'a>(
    layout: &'l Layout<'a>,
) -> impl Iterator<Item = (&'l Body<'a>, &'a appspec_syntax::ast::Entity)> {
    let bodies = layout.bodies.iter().skip(layout.names.mixins.len());
    let found = layout.names.entities.iter().map(|found| found.item);
    bodies.zip(found)
}

/// Where everything stands that can hold an error, in order.
struct Written {
    items: Vec<Span>,
    members: Vec<Span>,
}

impl Written {
    fn of(layout: &Layout<'_>) -> Self {
        let (mut items, mut members) = (Vec::new(), Vec::new());
        for item in layout.names.units.iter().flat_map(|unit| &unit.ast.items) {
            items.push(item.span());
            let inner = match item {
                Item::Entity(entity) => &entity.members,
                Item::Mixin(mixin) => &mixin.members,
                Item::Extend(extend) => &extend.members,
                // A row is known or is not, whatever its neighbours are.
                Item::Seed(seed) => {
                    members.extend(seed.rows.iter().map(|row| row.span));
                    continue;
                }
                Item::Access(access) => {
                    members.extend(access.lines.iter().map(AccessLine::span));
                    continue;
                }
                _ => continue,
            };
            members.extend(inner.iter().map(Member::span));
        }
        items.sort_unstable_by_key(|span| (span.file, span.start));
        members.sort_unstable_by_key(|span| (span.file, span.start));
        Self { items, members }
    }

    /// The smallest part of the spec around a place.
    fn around(&self, place: Span) -> Span {
        around(&self.members, place)
            .or_else(|| around(&self.items, place))
            .unwrap_or(place)
    }
}

/// The one of these spans, of which no two overlap, in which a place begins.
fn around(spans: &[Span], place: Span) -> Option<Span> {
    let behind = spans.partition_point(|it| (it.file, it.start) <= (place.file, place.start));
    let before = spans.get(..behind)?.last().copied();
    before.filter(|it| it.file == place.file && place.start <= it.end)
}

/// Sorted, and those that overlap as one.
fn in_order(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable_by_key(|span| (span.file, span.start));
    let mut kept: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match kept.last_mut() {
            Some(last) if last.file == span.file && span.start <= last.end => {
                last.end = last.end.max(span.end);
            }
            _ => kept.push(span),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::findings;

    const REST: &str = "entity B {\n n: int\n m: int\n invariant x: n < m\n invariant y: m < n\n}\n\
        entity C { d: D }\nentity D { c: C }";
    const BOTH: [&str; 2] = [
        "invariant::contradiction: no row of `B` keeps `x` and `y` together",
        "relation::required_cycle: no first row can be made: `C` → `D` → `C`",
    ];

    fn beside(broken: &str) -> Vec<String> {
        findings(&format!("{broken}\n{REST}"))
    }

    #[test]
    fn an_error_in_one_entity_hides_nothing_in_another() {
        for (broken, finding) in [
            (
                "entity A {\n n: int\n invariant z: n == \"a\"\n}",
                "type::mismatch",
            ),
            ("entity A { n: itn }", "name::unknown"),
            ("entity A with Nobody { n: int }", "name::unknown"),
            (
                "mixin M { n: int = \"x\" }\nentity A with M { m: int }",
                "type::default_does_not_fit",
            ),
            (
                "enum Kind { a, a }\nentity A { k: Kind }",
                "name::duplicate",
            ),
        ] {
            let found = beside(broken);
            assert!(found[0].starts_with(finding), "{broken}: {found:?}");
            assert_eq!(found[1..], BOTH, "{broken}");
        }
    }

    #[test]
    fn rules_that_are_right_contradict_beside_one_that_is_not() {
        let found = findings(
            "entity A {\n n: int\n m: itn\n invariant x: n < 1\n invariant y: n > 2\n invariant z: m > n\n}",
        );
        let told = "invariant::contradiction: no row of `A` keeps `x` and `y` together";
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(found[1], told);
    }

    #[test]
    fn nothing_is_said_about_what_is_broken_or_may_be_needed_there() {
        for broken in [
            // Nobody knows which values there are.
            "enum Kind { a, b, b }\nentity A {\n k: Kind\n invariant x: k == a\n invariant y: k == b\n}",
            // An enum, a mixin and a predicate that only the broken part might use.
            "enum Kind { a }\nmixin M { n: int }\nentity A { k: Kin }",
            // The circle ends or does not end at the type that is unknown.
            "entity A { b: F }\nentity E { a: A }\nentity F { e: Ee }",
            // The rule that would order the ends.
            "entity A {\n f: int\n t: int\n no overlap of f until t\n invariant x: f < tt\n}",
        ] {
            let found = findings(broken);
            assert_eq!(found.len(), 1, "{broken}: {found:?}");
        }
    }

    #[test]
    fn a_rule_of_a_mixin_is_only_needless_where_it_is_known_everywhere() {
        let found = findings(
            "mixin M {\n a: int\n invariant low: a < 9\n}\n\
             entity E with M { invariant x: a < 5 }\nentity F with M, Gone { b: int }",
        );
        assert_eq!(found.len(), 1, "{found:?}");
    }
}
