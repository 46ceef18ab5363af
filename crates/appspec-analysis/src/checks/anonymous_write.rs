use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Spec, Verb, Who};

/// What anyone may write, as often as they like.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    let accesses = spec.entities.iter();
    let accesses = accesses.filter_map(|(_, entity)| entity.access.as_ref());
    for grant in accesses.flat_map(|access| &access.grants) {
        if grant.who != Who::Anyone || grant.limit.is_some() {
            continue;
        }
        let mut writes = grant.permissions.iter();
        let Some(first) = writes.find(|it| it.verb != Verb::Read) else {
            continue;
        };
        found.push(
            Diagnostic::new(
                &codes::permission::ANONYMOUS_WRITE,
                first.span,
                format!(
                    "machines may `{}` as often as they like, because anyone may",
                    first.verb.word()
                ),
            )
            .label("without a limit")
            .help("write how often behind the line, such as `at most 5 per hour`"),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::codes;

    #[test]
    fn what_anyone_may_write_has_a_limit() {
        let form = |line: &str| {
            format!("entity Form {{ text: text }}\naccess Form {{\n anyone may read\n {line}\n}}")
        };
        for open in [
            "anyone may create",
            "anyone may delete",
            "anyone may update (text)",
        ] {
            assert_eq!(
                codes(&form(open)),
                ["permission::anonymous_write"],
                "{open}"
            );
        }
        for fine in [
            "anyone may create at most 5 per hour",
            "signed in may create",
        ] {
            assert_eq!(codes(&form(fine)), [""; 0], "{fine}");
        }
    }
}
