use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::{Entity, Field, FieldType, Frozen, Spec, Walk};

/// Rules about what changes that change nothing: another rule of the entity says it already.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    for entity in spec.walk_entities() {
        if let Some(rows) = entity.get().append_only {
            for finding in of_rows(entity, rows) {
                found.push(finding);
            }
        }
        for finding in of_changes(entity) {
            found.push(finding);
        }
        if let Some(frozen) = &entity.get().frozen {
            for finding in excepted(spec, frozen) {
                found.push(finding);
            }
        }
    }
}

fn of_rows(entity: Walk<'_, Entity>, rows: Span) -> Vec<Diagnostic> {
    let immutable = entity.fields().filter(|field| field.immutable);
    // What a mixin says may be news to another entity that has it.
    let immutable = immutable.filter(|field| {
        let same = entity.spec.fields.iter();
        let mut same = same.filter(|(_, other)| other.span == field.get().span);
        same.all(|(_, other)| entity.spec.walk(other.entity).append_only.is_some())
    });
    let fields = immutable.map(|field| {
        let says = format!("nothing about a row changes, so `{}` does not", field.name);
        (field.get().span, says, "remove `immutable`")
    });
    let frozen = entity.get().frozen.iter().map(|frozen| {
        let says = "nothing about a row changes, whether it is frozen or not".to_owned();
        (frozen.span, says, "remove `frozen when`, or `append only`")
    });
    let all = fields.chain(frozen).map(|(at, says, help)| {
        Diagnostic::new(&codes::state::KEPT_ALREADY, at, says)
            .note(rows, "never changed")
            .help(help)
    });
    all.collect()
}

/// A rule about a change of what does not change.
fn of_changes(entity: Walk<'_, Entity>) -> impl Iterator<Item = Diagnostic> + '_ {
    let rows = entity.get().append_only;
    entity.get().changes.iter().filter_map(move |rule| {
        let mut fields = rule.fields.iter().map(|id| entity.spec.walk(*id).get());
        // What a mixin says may be news to another entity that has it.
        if entity.spec.entities.iter().any(|(id, other)| {
            let mut others = other.changes.iter();
            id != entity.id && others.any(|it| it.span == rule.span)
        }) {
            return None;
        }
        let finding = Diagnostic::new(
            &codes::state::KEPT_ALREADY,
            rule.span,
            format!("`{}` is asked of no change", rule.name),
        );
        if let Some(rows) = rows {
            return Some(
                finding
                    .label("nothing about a row changes")
                    .note(rows, "never changed")
                    .help("remove it, or say it `on create`"),
            );
        }
        let first = fields.next().filter(|field| field.never_changes())?;
        fields.all(Field::never_changes).then(|| {
            finding
                .label(format!("`{}` never changes", first.name))
                .note(
                    first.span,
                    if first.immutable {
                        "immutable"
                    } else {
                        "given once"
                    },
                )
                .help("remove it, or name a field that may change")
        })
    })
}

fn excepted<'s>(spec: &'s Spec, frozen: &'s Frozen) -> impl Iterator<Item = Diagnostic> + 's {
    frozen.except.iter().filter_map(move |id| {
        let field = spec.walk(*id).get();
        Diagnostic::new(
            &codes::state::KEPT_ALREADY,
            frozen.span,
            format!("excepting `{}` changes nothing", field.name),
        )
        .note(field.span, why(field)?)
        .help(format!("leave `{}` out of `except`", field.name))
        .into()
    })
}

/// Why it makes no difference whether a field is excepted.
fn why(field: &Field) -> Option<&'static str> {
    match &field.ty {
        _ if field.never_changes() => Some("never changes, frozen or not"),
        _ if field.touched => Some("set by every write, frozen or not"),
        FieldType::Many(many) if many.through.is_some() => {
            Some("made of rows of their own, which are not frozen")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings};

    #[test]
    fn what_is_never_changed_needs_no_other_rule() {
        assert_eq!(
            findings("entity P {\n append only\n n: int immutable\n frozen when n > 3\n}"),
            [
                "state::kept_already: nothing about a row changes, so `n` does not",
                "state::kept_already: nothing about a row changes, whether it is frozen or not"
            ]
        );
        assert_eq!(codes("entity P {\n append only\n n: int\n}"), [""; 0]);
    }

    #[test]
    fn a_mark_of_a_mixin_is_meant_for_all_who_have_it() {
        let mixin = "mixin M { n: int immutable }\nentity P with M { append only }";
        assert_eq!(codes(mixin), ["state::kept_already"]);
        assert_eq!(
            codes(&format!("{mixin}\nentity Q with M {{ o: int }}")),
            [""; 0]
        );
    }

    #[test]
    fn what_can_be_excepted_changes_otherwise() {
        let entity = |except: &str| {
            format!(
                "entity P {{\n n: int immutable\n o: int\n at: datetime touched\n\
                 frozen when o > 3 except ({except})\n}}"
            )
        };
        assert_eq!(
            findings(&entity("n, at")),
            [
                "state::kept_already: excepting `n` changes nothing",
                "state::kept_already: excepting `at` changes nothing"
            ]
        );
        assert_eq!(codes(&entity("o")), [""; 0]);
    }
}
