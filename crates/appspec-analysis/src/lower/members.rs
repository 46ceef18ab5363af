use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::{
    Across, ChangeRule, Derive, Direction, Field, FieldType, Frozen, Id, Identity, Index,
    Invariant, Lifecycle, Moment, OneOf, Overlap, Scalar, SortKey, Term, Unique,
};
use appspec_syntax::ast::{self, Member};

use super::field::{self, is_lookup};
use super::layout::{Body, Entry, Layout, Part, Slot};
use super::one_of;
use super::renamed;
use super::words::broken;
use crate::expr::{Lowerer, Place, Results, Site};
use crate::names::near;

/// Everything that one body declares itself; what its mixins bring is added by the entity.
#[derive(Debug, Default)]
pub(crate) struct Members {
    /// With their ids: those of a mixin's fields are no places in the arena.
    pub(crate) fields: Vec<(Id<Field>, Field)>,
    pub(crate) one_of: Vec<OneOf>,
    pub(crate) derives: Vec<Derive>,
    pub(crate) invariants: Vec<Invariant>,
    pub(crate) changes: Vec<ChangeRule>,
    pub(crate) across: Vec<Across>,
    pub(crate) uniques: Vec<Unique>,
    pub(crate) overlaps: Vec<Overlap>,
    pub(crate) lifecycles: Vec<Lifecycle>,
    pub(crate) append_only: Option<Span>,
    pub(crate) soft_delete: Option<Span>,
    /// How many years rows are kept.
    pub(crate) keep: Option<(u32, Span)>,
    pub(crate) audited: Option<Span>,
    pub(crate) frozen: Option<Frozen>,
    pub(crate) indexes: Vec<Index>,
    pub(crate) shown_as: Option<Id<Field>>,
    pub(crate) sorted_by: Vec<SortKey>,
    pub(crate) identity: Option<Identity>,
}

/// Lowers the members of a body.
pub(crate) fn lower(
    layout: &Layout<'_>,
    results: &Results,
    at: usize,
    body: &Body<'_>,
    out: &mut Diagnostics,
) -> Members {
    let slots = body.slots.iter().filter(|slot| !slot.from_mixin);
    let mut members = Members {
        fields: Vec::with_capacity(slots.clone().count()),
        ..Members::default()
    };
    for slot in slots {
        if let Some(lowered) = field::lower(layout, results, (at, body), slot, out) {
            members.fields.push((slot.id, lowered.field));
            members.uniques.extend(lowered.unique);
            members.indexes.extend(lowered.index);
        }
    }
    for whole in body.one_of.iter().filter(|whole| !whole.from_mixin) {
        if let Some((whole, rule)) = one_of::lower(layout, body, whole, &members.fields) {
            members.one_of.push(whole);
            members.invariants.push(rule);
        }
    }
    let mut once = Once::default();
    for part in &body.parts {
        for member in part.members {
            let mut lowering = Lowering {
                layout,
                results,
                at,
                body,
                part: *part,
                out,
            };
            lowering.member(member, &mut members, &mut once);
        }
    }
    members
}

/// Where the members stand that an entity has at most once.
#[derive(Default)]
struct Once<'a> {
    /// For each of these fields.
    lifecycles: Vec<(&'a str, Span)>,
    /// The actions of all of them.
    actions: Vec<(&'a str, Span)>,
    append_only: Option<Span>,
    soft_delete: Option<Span>,
    keep: Option<Span>,
    audited: Option<Span>,
    frozen: Option<Span>,
    shown_as: Option<Span>,
    sorted_by: Option<Span>,
    identified_by: Option<Span>,
}

/// An invariant that reads other rows.
fn across(rule: Invariant) -> Across {
    Across {
        name: rule.name,
        doc: rule.doc,
        condition: rule.condition,
        message: rule.message,
        span: rule.span,
    }
}

/// Lowers the members of one part of a body.
pub(super) struct Lowering<'l, 'a, 'o> {
    pub(super) layout: &'l Layout<'a>,
    pub(super) results: &'l Results,
    at: usize,
    body: &'l Body<'a>,
    pub(super) part: Part<'a>,
    pub(super) out: &'o mut Diagnostics,
}

impl<'l, 'a> Lowering<'l, 'a, '_> {
    pub(super) fn site(&self, place: Place) -> Site<'static> {
        Site {
            body: self.at,
            module: self.part.module,
            row: None,
            place,
        }
    }

    pub(super) fn condition(&mut self, expr: &ast::Expr, place: Place) -> Option<appspec_ir::Expr> {
        let site = self.site(place);
        Lowerer::new(self.layout, self.results, site, self.out).condition(expr)
    }

    fn member(&mut self, member: &'a Member, members: &mut Members, once: &mut Once<'a>) {
        match member {
            // Their types and values are known by now; see the layout and the computed members.
            // The last one says something to the compiler, and nothing about the rows; see `suppressions`.
            Member::Field(_) | Member::Predicate(_) | Member::Suppress(_) => {}
            Member::Derive(derive) => members.derives.extend(self.derive(derive)),
            Member::Invariant(invariant)
                if matches!(invariant.moment, ast::Moment::Change { .. }) =>
            {
                members.changes.extend(self.change_rule(invariant));
            }
            Member::Invariant(invariant) => match self.invariant(invariant) {
                Some(rule) if rule.condition.spans_rows() => members.across.push(across(rule)),
                rule => members.invariants.extend(rule),
            },
            Member::Unique(unique) => members.uniques.extend(self.unique(unique)),
            Member::Overlap(overlap) => members.overlaps.extend(self.overlap(overlap)),
            Member::Lifecycle(lifecycle) => {
                let field = lifecycle.field.text.as_str();
                let mut seen = once.lifecycles.iter();
                let mut first = seen.find(|(other, _)| *other == field).map(|(_, at)| *at);
                if self.once(lifecycle.field.span, "lifecycle", &mut first) {
                    once.lifecycles.push((field, lifecycle.field.span));
                    let lowered = self.lifecycle(lifecycle, &mut once.actions);
                    members.lifecycles.extend(lowered);
                }
            }
            Member::AppendOnly(only) => {
                if self.once(only.span, "append only", &mut once.append_only) {
                    members.append_only = Some(only.span);
                }
            }
            Member::SoftDelete(soft) => {
                if self.once(soft.span, "soft delete", &mut once.soft_delete) {
                    members.soft_delete = Some(soft.span);
                }
            }
            Member::Keep(keep) => {
                if self.once(keep.span, "keep", &mut once.keep) {
                    members.keep = self.years(keep).map(|years| (years, keep.span));
                }
            }
            Member::Audited(audited) => {
                if self.once(audited.span, "audited", &mut once.audited) {
                    members.audited = Some(audited.span);
                }
            }
            Member::Frozen(frozen) => {
                if self.once(frozen.span, "frozen when", &mut once.frozen) {
                    members.frozen = self.frozen(frozen);
                }
            }
            Member::Index(index) => members.indexes.extend(self.index(index)),
            Member::ShownAs(shown) => {
                if self.once(shown.span, "shown as", &mut once.shown_as) {
                    members.shown_as = self.shown_as(shown);
                }
            }
            Member::SortedBy(sorted) => {
                if self.once(sorted.span, "sorted by", &mut once.sorted_by) {
                    members.sorted_by = self.keys(&sorted.keys, "sorted by");
                }
            }
            Member::IdentifiedBy(identified) => {
                if self.once(identified.span, "identified by", &mut once.identified_by) {
                    members.identity = self.identity(identified);
                }
            }
        }
    }

    /// Whether a member that is about the entity as a whole may stand here.
    fn once(&mut self, at: Span, what: &str, seen: &mut Option<Span>) -> bool {
        if self.body.entity.is_none() {
            self.out.push(
                Diagnostic::new(
                    &codes::types::MIXIN_MEMBER,
                    at,
                    format!("a mixin can't say `{what}`"),
                )
                .label("what an entity says")
                .help("say it in each entity that uses the mixin"),
            );
            return false;
        }
        if self.part.extension {
            self.out.push(
                Diagnostic::new(
                    &codes::module::EXTENSION_MEMBER,
                    at,
                    format!("an extension can't say `{what}`"),
                )
                .label("what the entity says itself")
                .help("say it in the entity itself"),
            );
            return false;
        }
        if let Some(first) = seen {
            self.out.push(
                Diagnostic::new(
                    &codes::name::DUPLICATE,
                    at,
                    format!("`{what}` is said twice"),
                )
                .label("said again here")
                .note(*first, "first said here")
                .help(match what {
                    "frozen when" => "join the two conditions with `or`",
                    _ => "remove one of the two",
                }),
            );
            return false;
        }
        *seen = Some(at);
        true
    }

    /// How many years rows are kept, if it is a number of years that rows can be kept.
    fn years(&mut self, keep: &ast::Keep) -> Option<u32> {
        let years = u32::try_from(keep.years).ok();
        let fits = years.filter(|years| (1..=Term::LONGEST).contains(years));
        if fits.is_none() {
            let (says, help) = if keep.years == 0 {
                (
                    "no row is kept for no years",
                    "remove it, or write `keep 1 year`",
                )
            } else {
                (
                    "rows are kept for 100 years at most",
                    "write `append only` for rows that stay for ever, or fewer years",
                )
            };
            let finding = Diagnostic::new(&codes::state::KEEP_TERM, keep.span, says);
            self.out
                .push(finding.label(format!("{} years", keep.years)).help(help));
        }
        fits
    }

    fn derive(&mut self, derive: &'a ast::Derive) -> Option<Derive> {
        let (entry, _) = self.body.entries.get(derive.name.text.as_str())?;
        let Entry::Computed(node) = entry else {
            return None;
        };
        let computed = self.layout.computed.get(*node)?;
        // A second derived value of the same name was refused; the entry is the first one's.
        if !std::ptr::eq(computed.as_derive()?, derive) {
            return None;
        }
        let inlined = self.results.get(*node)?;
        Some(Derive {
            name: derive.name.text.clone(),
            doc: super::doc(derive.doc.as_ref()),
            entity: super::entity_of(self.body),
            ty: inlined.ty.clone()?,
            optional: derive.optional.is_some(),
            value: inlined.expr.clone(),
            span: derive.name.span,
        })
    }

    fn invariant(&mut self, invariant: &'a ast::Invariant) -> Option<Invariant> {
        let (moment, place) = match &invariant.moment {
            ast::Moment::Always => (Moment::Always, Place::Standing),
            ast::Moment::Create(_) => (Moment::Create, Place::Create),
            ast::Moment::Change { .. } => return None,
        };
        let condition = self.condition(&invariant.condition, place)?;
        Some(Invariant {
            name: invariant.name.text.clone(),
            doc: super::doc(invariant.doc.as_ref()),
            entity: super::entity_of(self.body),
            moment,
            condition,
            message: invariant.message.as_ref().map_or_else(
                || broken(&invariant.name.text),
                |message| message.value.clone(),
            ),
            span: invariant.name.span,
        })
    }

    fn unique(&mut self, unique: &'a ast::Unique) -> Option<Unique> {
        let mut fields = Vec::with_capacity(unique.fields.len());
        let mut complete = true;
        for name in &unique.fields {
            match self.lookup(name, "unique") {
                Some(slot) if fields.contains(&slot.id) => {
                    self.twice(name);
                    complete = false;
                }
                Some(slot) => fields.push(slot.id),
                None => complete = false,
            }
        }
        let condition = match &unique.condition {
            Some(condition) => Some(self.condition(condition, Place::Condition)?),
            None => None,
        };
        let names: Vec<&str> = unique
            .fields
            .iter()
            .map(|name| name.text.as_str())
            .collect();
        complete.then(|| Unique {
            name: format!("{}_unique", names.join("_")),
            fields,
            condition,
            ignoring_case: false,
            message: unique.message.as_ref().map(|message| message.value.clone()),
            span: unique.span,
        })
    }

    fn overlap(&mut self, overlap: &'a ast::Overlap) -> Option<Overlap> {
        let start = self.end(&overlap.start);
        let end = self.end(&overlap.end);
        let mut per = Vec::with_capacity(overlap.per.len());
        let ends = [start, end].map(|slot| slot.map(|slot| slot.id));
        for name in &overlap.per {
            match self.lookup(name, "per") {
                Some(slot) if per.contains(&slot.id) || ends.contains(&Some(slot.id)) => {
                    self.twice(name);
                }
                Some(slot) => per.push(slot.id),
                None => {}
            }
        }
        let condition = match &overlap.condition {
            Some(condition) => Some(self.condition(condition, Place::Condition)?),
            None => None,
        };
        let (start, end) = (start?, end?);
        if !self.are_two_ends(overlap, start, end) || per.len() < overlap.per.len() {
            return None;
        }
        let parts = overlap.per.iter().chain([&overlap.start]);
        let names: Vec<&str> = parts.map(|name| name.text.as_str()).collect();
        Some(Overlap {
            name: format!("{}_overlap", names.join("_")),
            start: start.id,
            end: end.id,
            closed: overlap.closing == ast::Closing::Through,
            per,
            condition,
            message: overlap
                .message
                .as_ref()
                .map(|message| message.value.clone()),
            span: overlap.span,
        })
    }

    /// A field where a stretch can begin or end.
    fn end(&mut self, name: &ast::Name) -> Option<&'l Slot<'a>> {
        let slot = self.column(name)?;
        let is_end = matches!(
            slot.ty.as_ref()?,
            FieldType::Scalar(Scalar::Date | Scalar::DateTime | Scalar::Int | Scalar::BigInt)
        );
        if is_end {
            return Some(slot);
        }
        self.out.push(
            Diagnostic::new(
                &codes::types::MARK_DOES_NOT_FIT,
                name.span,
                format!("`{}` can't be an end of `no overlap`", name.text),
            )
            .note(
                slot.ast.name.span,
                "neither a date, a moment nor a whole number",
            )
            .help("name a `date`, a `datetime`, an `int` or a `bigint`"),
        );
        None
    }

    /// Whether two fields can be the two ends of one stretch.
    fn are_two_ends(&mut self, overlap: &ast::Overlap, start: &Slot<'_>, end: &Slot<'_>) -> bool {
        let (from, to) = (&overlap.start, &overlap.end);
        if start.id == end.id {
            self.twice(to);
            return false;
        }
        if start.ty == end.ty {
            return true;
        }
        self.out.push(
            Diagnostic::new(
                &codes::types::MISMATCH,
                to.span,
                format!("`{}` and `{}` are of different types", from.text, to.text),
            )
            .label("ends here")
            .note(from.span, "begins here")
            .help("give both ends the same type"),
        );
        false
    }

    fn index(&mut self, index: &'a ast::Index) -> Option<Index> {
        let keys = self.keys(&index.keys, "index");
        let condition = match &index.condition {
            Some(condition) => Some(self.condition(condition, Place::Condition)?),
            None => None,
        };
        let names: Vec<&str> = index
            .keys
            .iter()
            .map(|key| key.field.text.as_str())
            .collect();
        (keys.len() == index.keys.len()).then(|| Index {
            name: format!("{}_index", names.join("_")),
            keys,
            condition,
            span: index.span,
        })
    }

    fn keys(&mut self, keys: &'a [ast::SortKey], what: &str) -> Vec<SortKey> {
        let mut lowered: Vec<SortKey> = Vec::with_capacity(keys.len());
        for key in keys {
            let Some(slot) = self.lookup(&key.field, what) else {
                continue;
            };
            if lowered.iter().any(|other| other.field == slot.id) {
                self.twice(&key.field);
                continue;
            }
            lowered.push(SortKey {
                field: slot.id,
                direction: match key.direction {
                    ast::Direction::Ascending => Direction::Ascending,
                    ast::Direction::Descending => Direction::Descending,
                },
            });
        }
        lowered
    }

    pub(super) fn twice(&mut self, name: &ast::Name) {
        self.out.push(
            Diagnostic::new(
                &codes::name::DUPLICATE,
                name.span,
                format!("`{}` is listed twice", name.text),
            )
            .label("listed again here")
            .help("remove it here"),
        );
    }

    /// A field of the row by its name; derived values have no column, so they can't be looked up.
    pub(super) fn column(&mut self, name: &ast::Name) -> Option<&'l Slot<'a>> {
        let body = self.body;
        match body.entries.get(name.text.as_str()) {
            Some((Entry::Field(at), _)) => body.slots.get(*at),
            Some((Entry::OneOf(at), _)) => {
                let whole = body.one_of.get(*at)?;
                self.out.push(one_of::no_column(whole, body, name.span));
                None
            }
            Some((Entry::Computed(_), declared)) => {
                self.out.push(
                    Diagnostic::new(
                        &codes::name::WRONG_KIND,
                        name.span,
                        format!("`{}` is not a stored field", name.text),
                    )
                    .label("a stored field is needed here")
                    .note(*declared, "declared here")
                    .help("name the fields that it is derived from"),
                );
                None
            }
            None => {
                let finding = Diagnostic::new(
                    &codes::name::UNKNOWN,
                    name.span,
                    format!("`{}` has no field `{}`", body.name, name.text),
                );
                if let Some(new) = renamed::field(body, &name.text) {
                    self.out.push(renamed::leads_to(finding, name.span, new));
                    return None;
                }
                let fields = body.slots.iter().map(|slot| slot.ast.name.text.as_str());
                let meant = self.layout.names.closest(&name.text, fields);
                let finding = finding.rooted(body.root(&name.text, meant.map(|it| it.name)));
                let finding = match meant {
                    Some(meant) => near::field(finding, name.span, &name.text, meant),
                    None if body.is_incomplete => return None,
                    None => finding.help(format!("name a field of `{}`", body.name)),
                };
                self.out.push(finding);
                None
            }
        }
    }

    pub(super) fn lookup(&mut self, name: &ast::Name, what: &str) -> Option<&'l Slot<'a>> {
        let slot = self.column(name)?;
        let ty = slot.ty.as_ref()?;
        if matches!(what, "unique" | "per") && slot.is_numbered() {
            self.out.push(
                Diagnostic::new(
                    &codes::types::MARK_DOES_NOT_FIT,
                    name.span,
                    format!("`{}` numbers rows, and is no part of `{what}`", name.text),
                )
                .note(
                    slot.ast.name.span,
                    "unique already, for what stands behind `per`",
                )
                .help("leave it out"),
            );
            return None;
        }
        if is_lookup(ty) {
            return Some(slot);
        }
        self.out.push(
            Diagnostic::new(
                &codes::types::MARK_DOES_NOT_FIT,
                name.span,
                format!("`{}` can't be part of `{what}`", name.text),
            )
            .note(
                slot.ast.name.span,
                "its values are neither equal nor ordered",
            )
            .help("name a field with single, plain values"),
        );
        None
    }

    fn shown_as(&mut self, shown: &'a ast::ShownAs) -> Option<Id<Field>> {
        let slot = self.column(&shown.field)?;
        let readable = match slot.ty.as_ref()? {
            FieldType::Scalar(scalar) => !matches!(
                scalar,
                Scalar::Json | Scalar::Bytes | Scalar::File | Scalar::Image
            ),
            FieldType::Enum(_) | FieldType::Relation(_) => true,
            FieldType::List(_) | FieldType::Many(_) => false,
        };
        if readable {
            return Some(slot.id);
        }
        self.out.push(
            Diagnostic::new(
                &codes::types::MARK_DOES_NOT_FIT,
                shown.field.span,
                format!("`{}` can't stand for a row", shown.field.text),
            )
            .note(slot.ast.name.span, "nobody can read this as a name")
            .help("name a field with short text, a number or a date"),
        );
        None
    }

    fn identity(&mut self, identified: &'a ast::IdentifiedBy) -> Option<Identity> {
        match identified.kind.text.as_str() {
            "uuid" => Some(Identity::Uuid),
            "int" => Some(Identity::Int),
            other => {
                self.out.push(
                    Diagnostic::new(
                        &codes::name::UNKNOWN,
                        identified.kind.span,
                        format!("rows can't be identified by `{other}`"),
                    )
                    .help("write `identified by int`, or leave it out for a UUID"),
                );
                None
            }
        }
    }
}
