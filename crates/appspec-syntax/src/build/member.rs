use crate::ast::Member;
use crate::grammar::{Pair, Rule};
use crate::recover;

use super::{Context, field, invariant, keys, suppress};

/// What stands between the braces of an entity, a mixin or an extension.
///
/// `above` is the member before it, which a line that can't be read may have been meant for.
pub(super) fn member(
    cx: &mut Context<'_>,
    pair: Pair<'_>,
    above: Option<&Member>,
) -> Option<Member> {
    match pair.as_rule() {
        Rule::field => field::field(cx, pair).map(Member::Field),
        Rule::derive => invariant::derive(cx, pair).map(Member::Derive),
        Rule::predicate_member => invariant::predicate_member(cx, pair).map(Member::Predicate),
        Rule::unique_member => keys::unique(cx, pair).map(Member::Unique),
        Rule::index_member => keys::index(cx, pair).map(Member::Index),
        Rule::invariant => invariant::invariant(cx, pair).map(Member::Invariant),
        Rule::overlap_member => keys::overlap(cx, pair).map(Member::Overlap),
        Rule::shown_as => keys::shown_as(cx, pair).map(Member::ShownAs),
        Rule::sorted_by => keys::sorted_by(cx, pair).map(Member::SortedBy),
        Rule::identified_by => keys::identified_by(cx, pair).map(Member::IdentifiedBy),
        Rule::suppress => suppress::suppress(cx, pair).map(Member::Suppress),
        Rule::reserved_member => {
            recover::reserved_member(cx, &pair);
            None
        }
        Rule::junk_member => {
            recover::member(cx, &pair, above);
            None
        }
        _ => None,
    }
}
