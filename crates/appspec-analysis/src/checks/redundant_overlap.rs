use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::{Entity, Overlap, Spec, Walk};
use appspec_solver::Study;

use super::guarantee::Conditions;
use super::redundant_unique::one_to_one;

/// A `no overlap` that another one guarantees already, or a unique set that lets no two of its rows be there.
pub(super) fn check(_: &Spec, studies: &[Study<'_>], found: &mut Diagnostics) {
    for study in studies {
        let mut conditions = Conditions::of(study);
        for (index, overlap) in study.entity.overlaps.iter().enumerate() {
            if let Some((stronger, what)) =
                stronger(study.entity, &mut conditions, (index, overlap))
            {
                found.push(
                    Diagnostic::new(
                        &codes::relation::REDUNDANT_OVERLAP,
                        overlap.span,
                        format!("this `no overlap` says no more than {what}"),
                    )
                    .label("never refuses a row by itself")
                    .note(stronger, "already refuses every such row")
                    .help("remove this one"),
                );
            }
        }
    }
}

fn stronger(
    entity: Walk<'_, Entity>,
    conditions: &mut Conditions<'_, '_>,
    (index, overlap): (usize, &Overlap),
) -> Option<(Span, &'static str)> {
    for (other, candidate) in entity.get().overlaps.iter().enumerate() {
        if other != index
            && guarantees(conditions, candidate, overlap)
            // Of two equal ones the later is too much.
            && (other < index || !guarantees(conditions, overlap, candidate))
        {
            return Some((candidate.span, "another one"));
        }
    }
    if let Some(pair) = one_to_one(entity, &overlap.per) {
        return Some((pair, "a reference that no two rows share"));
    }
    let unique = entity.get().uniques.iter().find(|unique| {
        let mut fields = unique.fields.iter();
        fields.all(|field| overlap.per.contains(field))
            && conditions.implies(overlap.condition.as_ref(), unique.condition.as_ref())
    })?;
    Some((unique.span, "a unique set"))
}

/// Whether two rows that break `weaker` always break `stronger` as well.
fn guarantees(conditions: &mut Conditions<'_, '_>, stronger: &Overlap, weaker: &Overlap) -> bool {
    let mut shared = stronger.per.iter();
    (stronger.start, stronger.end) == (weaker.start, weaker.end)
        && (stronger.closed || !weaker.closed)
        && shared.all(|field| weaker.per.contains(field))
        && conditions.implies(weaker.condition.as_ref(), stronger.condition.as_ref())
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::codes;

    fn beside(first: &str, second: &str) -> Vec<&'static str> {
        codes(&format!(
            "entity R {{ n: int }}\nentity E {{\n r: R\n s: R\n a: date\n b: date\n n: int\n \
             invariant order: a < b\n {first}\n {second}\n}}"
        ))
    }

    #[test]
    fn fewer_fields_and_more_rows_say_more() {
        let two = |first: &str, second: &str| {
            beside(
                &format!("no overlap of {first}"),
                &format!("no overlap of {second}"),
            )
        };
        let told = ["relation::redundant_overlap"];
        assert_eq!(two("a until b per r", "a until b per r"), told);
        assert_eq!(two("a until b per r, s", "a until b per r"), told);
        assert_eq!(two("a until b per r", "a through b per r"), told);
        assert_eq!(
            two("a until b per r where n > 3", "a until b per r where n > 5"),
            told
        );
        assert_eq!(two("a until b per r", "a until b per s"), [""; 0]);
        assert_eq!(
            two("a until b per r where n < 3", "a until b per r where n > 5"),
            [""; 0]
        );
    }

    #[test]
    fn a_single_row_meets_nobody() {
        let told = ["relation::redundant_overlap"];
        assert_eq!(
            beside("no overlap of a until b per r, s", "unique (r, s)"),
            told
        );
        assert_eq!(
            beside("no overlap of a until b per r", "unique (r, n)"),
            [""; 0]
        );
    }
}
