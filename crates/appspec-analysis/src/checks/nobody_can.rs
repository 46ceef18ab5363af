use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Spec, Verb};

/// Rows that nobody may read, and actions that nobody may do, though the spec says who may do what with them.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    for entity in spec.walk_entities() {
        let Some(access) = &entity.get().access else {
            continue;
        };
        let is_granted = |verb: &Verb| {
            let permissions = access.grants.iter().flat_map(|grant| &grant.permissions);
            permissions.into_iter().any(|it| it.verb == *verb)
        };
        if !is_granted(&Verb::Read) {
            found.push(
                Diagnostic::new(
                    &codes::permission::NOBODY_CAN,
                    access.span,
                    format!("nobody may read a `{}`", entity.name),
                )
                .label("no line says `read`")
                .help("say who may: `Role may read`; what nobody reads does not exist for anybody"),
            );
        }
        for lifecycle in &entity.get().lifecycles {
            for action in &lifecycle.actions {
                if is_granted(&Verb::Action(action.name.clone())) {
                    continue;
                }
                found.push(
                    Diagnostic::new(
                        &codes::permission::NOBODY_CAN,
                        access.span,
                        format!("nobody may `{}` a `{}`", action.name, entity.name),
                    )
                    .label(format!("no line says `{}`", action.name))
                    .note(action.span, "the action")
                    .help(format!(
                        "say who may: `Role may {}`; `system` where only jobs do it",
                        action.name
                    )),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings};

    fn order(lines: &str) -> String {
        format!(
            "enum S {{ open, paid }}\nentity Order {{\n s: S = open\n lifecycle s {{\n pay: open -> paid\n final paid\n }}\n}}\n{lines}"
        )
    }

    #[test]
    fn what_nobody_may_read_or_do_is_told() {
        assert_eq!(
            findings(&order("access Order { signed in may delete }")),
            [
                "permission::nobody_can: nobody may read a `Order`",
                "permission::nobody_can: nobody may `pay` a `Order`"
            ]
        );
        assert_eq!(
            codes(&order("access Order { signed in may read }")),
            ["permission::nobody_can"]
        );
    }

    #[test]
    fn jobs_are_somebody_and_a_spec_without_access_says_nothing() {
        for fine in [
            "",
            "access Order {\n signed in may read\n system may pay\n}",
            "access Order { signed in may do anything }",
        ] {
            assert_eq!(codes(&order(fine)), [""; 0], "{fine}");
        }
    }
}
