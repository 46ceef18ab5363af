use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::Spec;

/// Pairs of a `many` that could be marked: what holds rows would have to leave them out.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    for entity in spec.walk_entities() {
        for field in entity.fields() {
            let Some(through) = field.many().and_then(|many| many.through.as_ref()) else {
                continue;
            };
            let link = spec.walk(through.entity);
            if let Some(marked) = &link.get().soft_delete {
                found.push(
                    Diagnostic::new(
                        &codes::syntax::NOT_IN_THIS_VERSION,
                        marked.span,
                        format!(
                            "rows of `{}` are the pairs of `{}`: restoring them is not in this version of appspec",
                            link.name, field.name
                        ),
                    )
                    .label("can't mark them")
                    .note(field.get().span, "holds rows through them")
                    .help("remove `soft delete`, or the `many`"),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::codes;

    #[test]
    fn pairs_are_there_or_not() {
        let link = |more: &str| {
            format!(
                "entity T {{ n: int }}\nentity P {{\n n: int\n ts: many T through L\n}}\n\
                 entity L {{\n {more}\n p: P\n t: T\n unique (p, t)\n}}"
            )
        };
        assert_eq!(codes(&link("soft delete")), ["syntax::not_in_this_version"]);
        assert_eq!(codes(&link("n: int")), [""; 0]);
    }
}
