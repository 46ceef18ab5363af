use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::{Entity, Field, FieldType, Frozen, Spec, Walk};

/// Pairs of rows that a rule about the row would have to keep: they are rows of a table of their own.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    for entity in spec.walk_entities() {
        if let Some(rule) = entity.audited {
            recorded(entity, rule, found);
        }
        let frozen = entity.get().frozen.as_ref();
        let Some(rule) = entity.append_only.or(frozen.map(|frozen| frozen.span)) else {
            continue;
        };
        let except = frozen.filter(|_| entity.append_only.is_none());
        let except = except.map_or(&[][..], |frozen| frozen.except.as_slice());
        for field in entity.fields().filter(|field| !except.contains(&field.id)) {
            if !matches!(&field.get().ty, FieldType::Many(many) if many.through.is_none()) {
                continue;
            }
            let help = match frozen {
                Some(frozen) if entity.append_only.is_none() => {
                    format!("write `{}`", excepting(spec, frozen, field.get()))
                }
                _ => format!(
                    "make `{}` `many … through` an entity that is `append only`",
                    field.name
                ),
            };
            found.push(
                Diagnostic::new(
                    &codes::syntax::NOT_IN_THIS_VERSION,
                    rule,
                    format!(
                        "rows that `{}` holds come and go: keeping them is not in this version of appspec",
                        field.name
                    ),
                )
                .label("can't keep them")
                .note(field.get().span, "holds many rows")
                .help(help),
            );
        }
    }
}

/// Whether somebody holds a row is no change of that row.
fn recorded(entity: Walk<'_, Entity>, rule: Span, found: &mut Diagnostics) {
    for field in entity.fields() {
        if !matches!(&field.get().ty, FieldType::Many(many) if many.through.is_none()) {
            continue;
        }
        found.push(
            Diagnostic::new(
                &codes::syntax::NOT_IN_THIS_VERSION,
                rule,
                format!(
                    "rows that `{}` holds come and go: recording that is not in this version of appspec",
                    field.name
                ),
            )
            .label("can't record them")
            .note(field.get().span, "holds many rows")
            .help(format!(
                "make `{}` `many … through` an entity that is `audited`",
                field.name
            )),
        );
    }
}

/// `except (note, tags)`: what is excepted already, and a field more.
pub(super) fn excepting(spec: &Spec, frozen: &Frozen, field: &Field) -> String {
    let names = frozen.except.iter().map(|id| &spec.walk(*id).get().name);
    let names: Vec<&str> = names.chain([&field.name]).map(String::as_str).collect();
    format!("except ({})", names.join(", "))
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::codes;

    #[test]
    fn rows_that_a_kept_row_holds_are_excepted_or_have_an_entity() {
        let spec = |rule: &str| {
            format!("entity T {{ n: int }}\nentity P {{\n {rule}\n n: int\n ts: many T\n}}")
        };
        assert_eq!(codes(&spec("audited")), ["syntax::not_in_this_version"]);
        assert_eq!(codes(&spec("append only")), ["syntax::not_in_this_version"]);
        assert_eq!(
            codes(&spec("frozen when n > 3")),
            ["syntax::not_in_this_version"]
        );
        assert_eq!(codes(&spec("frozen when n > 3 except (ts)")), [""; 0]);
        let link = "entity T { n: int }\nentity P {\n append only\n n: int\n ts: many T through L\n}\n\
            entity L {\n p: P\n t: T\n unique (p, t)\n}";
        assert_eq!(codes(link), [""; 0]);
    }
}
