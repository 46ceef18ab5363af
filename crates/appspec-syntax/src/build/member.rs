use crate::ast::Member;
use crate::grammar::{Pair, Rule};
use crate::recover;

use super::{Context, field, invariant, kept, keys, lifecycle, suppress};

/// What stands between the braces of an entity, a mixin or an extension.
///
/// `above` is the member before it, which a line that can't be read may have been meant for.
pub(super) fn member(
    cx: &mut Context<'_>,
    pair: Pair<'_>,
    above: Option<&Member>,
) -> Option<Member> {
    Some(match pair.as_rule() {
        Rule::field => Member::Field(Box::new(field::field(cx, pair)?)),
        Rule::derive => Member::Derive(Box::new(invariant::derive(cx, pair)?)),
        Rule::predicate_member => {
            Member::Predicate(Box::new(invariant::predicate_member(cx, pair)?))
        }
        Rule::unique_member => Member::Unique(Box::new(keys::unique(cx, pair)?)),
        Rule::index_member => Member::Index(Box::new(keys::index(cx, pair)?)),
        Rule::invariant => Member::Invariant(Box::new(invariant::invariant(cx, pair)?)),
        Rule::overlap_member => Member::Overlap(Box::new(keys::overlap(cx, pair)?)),
        Rule::lifecycle => Member::Lifecycle(Box::new(lifecycle::lifecycle(cx, &pair)?)),
        Rule::append_only => Member::AppendOnly(Box::new(kept::append_only(cx, &pair))),
        Rule::soft_delete => Member::SoftDelete(Box::new(kept::soft_delete(cx, &pair))),
        Rule::keep => Member::Keep(Box::new(kept::keep(cx, pair)?)),
        Rule::audited => Member::Audited(Box::new(kept::audited(cx, &pair))),
        Rule::frozen => Member::Frozen(Box::new(kept::frozen(cx, pair)?)),
        Rule::shown_as => Member::ShownAs(Box::new(keys::shown_as(cx, pair)?)),
        Rule::sorted_by => Member::SortedBy(Box::new(keys::sorted_by(cx, pair)?)),
        Rule::identified_by => Member::IdentifiedBy(Box::new(keys::identified_by(cx, pair)?)),
        Rule::suppress => Member::Suppress(Box::new(suppress::suppress(cx, pair)?)),
        Rule::reserved_member => {
            recover::reserved_member(cx, &pair);
            return None;
        }
        Rule::junk_member => {
            recover::member(cx, &pair, above);
            return None;
        }
        _ => return None,
    })
}
