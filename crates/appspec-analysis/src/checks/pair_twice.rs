use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Default, Entity, FieldType, Spec, Through, Walk};

/// A link between two sides of which the same pair can be stored twice, to no purpose.
///
/// A link that says more than the pair, such as an order's line with its price, may well repeat it.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    for (_, field) in spec.fields.iter() {
        let FieldType::Many(many) = &field.ty else {
            continue;
        };
        let Some(through) = &many.through else {
            continue;
        };
        let link = spec.walk(through.entity);
        let is_guarded = link.uniques.iter().any(|unique| {
            unique.fields.contains(&through.source) && unique.fields.contains(&through.target)
        }) || [through.source, through.target].iter().any(|end| {
            let end = spec.walk(*end).get();
            end.relation().is_some_and(|relation| relation.one_to_one)
        });
        if is_guarded || says_more(link, through) {
            continue;
        }
        let (source, target) = (spec.walk(through.source), spec.walk(through.target));
        found.push(
            Diagnostic::new(
                &codes::relation::PAIR_TWICE,
                field.span,
                format!(
                    "the same `{}` and `{}` can be linked twice",
                    source.target().map_or("", |it| it.get().name.as_str()),
                    target.target().map_or("", |it| it.get().name.as_str()),
                ),
            )
            .label(format!(
                "would list the same row twice, once for each `{}`",
                link.name
            ))
            .note(link.span, "nothing here keeps a pair unique")
            .help(format!(
                "add `unique ({}, {})` to `{}`",
                source.name, target.name, link.name
            )),
        );
    }
}

/// Whether the link holds anything but the pair and the moment at which it was made.
fn says_more(link: Walk<'_, Entity>, through: &Through) -> bool {
    link.fields().any(|field| {
        let is_end = field.id == through.source || field.id == through.target;
        let is_stamp =
            field.touched || matches!(field.default, Some(Default::Now { .. } | Default::Today));
        !is_end && !is_stamp
    })
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, helps};

    fn club(members: &str) -> String {
        format!(
            "entity Club {{ members: many Person through Membership }}\n\
             entity Person {{ name: text(80) }}\n\
             entity Membership {{\n club: Club\n person: Person\n{members}\n}}"
        )
    }

    #[test]
    fn a_pair_without_a_unique_set_is_told() {
        assert_eq!(codes(&club("")), ["relation::pair_twice"]);
        assert_eq!(
            codes(&club(" made_at: datetime = now()")),
            ["relation::pair_twice"]
        );
        assert_eq!(
            helps(&club("")),
            ["add `unique (club, person)` to `Membership`"]
        );
    }

    #[test]
    fn a_unique_set_or_more_to_say_is_reason_enough() {
        assert_eq!(codes(&club(" unique (club, person)")), [""; 0]);
        assert_eq!(codes(&club(" since: date")), [""; 0]);
    }
}
