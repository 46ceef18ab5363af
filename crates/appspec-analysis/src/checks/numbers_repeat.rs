use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Serial, Spec};

/// Numbers that are counted for something behind a reference that may lead elsewhere later: two rows come to have the same
/// number for the same thing.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    for entity in spec.walk_entities() {
        for (field, serial) in entity.serials() {
            let Some(moving) = serial.moving_steps(spec).next() else {
                continue;
            };
            let Some(path) = serial.per.iter().find(|path| path.contains(&moving.id)) else {
                continue;
            };
            let names = path.iter().map(|id| spec.walk(*id).get().name.as_str());
            let path = names.collect::<Vec<_>>().join(".");
            let owner = moving.entity();
            let along = if owner.id == entity.id {
                String::new()
            } else {
                format!(", and each `{}` comes along", entity.name)
            };
            found.push(
                Diagnostic::new(
                    &codes::relation::NUMBERS_REPEAT,
                    serial.span,
                    format!(
                        "two rows of `{}` may come to have the same `{}` for one `{path}`",
                        entity.name, field.name
                    ),
                )
                .label("counted when a row is made")
                .note(
                    moving.get().span,
                    format!("a `{}` may get another one{along}", owner.name),
                )
                .help(help(serial, spec)),
            );
        }
    }
}

fn help(serial: &Serial, spec: &Spec) -> String {
    let moving: Vec<String> = serial
        .moving_steps(spec)
        .map(|step| format!("`{}.{}`", step.entity().name, step.name))
        .collect();
    let marked = match moving.as_slice() {
        [rest @ .., last] if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        all => all.concat(),
    };
    format!(
        "mark {marked} `immutable`, or copy what it is counted for into the row and count `per` that field"
    )
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings};

    fn visit(stylist: &str, salon: &str) -> String {
        format!(
            "entity Salon {{ name: text }}\nentity Stylist {{ salon: Salon on delete protect{salon} }}\n\
             entity Visit {{\n number: serial \"{{000}}\" per stylist.salon\n stylist: Stylist on delete protect{stylist}\n}}"
        )
    }

    #[test]
    fn a_path_that_may_lead_elsewhere_repeats_numbers() {
        assert_eq!(
            findings(&visit("", "")),
            [
                "relation::numbers_repeat: two rows of `Visit` may come to have the same `number` for one `stylist.salon`"
            ]
        );
        assert_eq!(
            codes(&visit(" immutable", "")),
            ["relation::numbers_repeat"]
        );
        assert_eq!(
            codes(&visit("", " immutable")),
            ["relation::numbers_repeat"]
        );
    }

    #[test]
    fn a_path_that_stays_does_not() {
        assert_eq!(codes(&visit(" immutable", " immutable")), [""; 0]);
        // The visit is where another number of it is counted, and so stays with the stylist.
        let both = visit("\n other: serial \"{000}\" per stylist", " immutable");
        assert_eq!(codes(&both), [""; 0]);
        let own = "entity A { n: int }\nentity B {\n number: serial \"{000}\" per a\n a: A on delete protect\n}";
        assert_eq!(codes(own), [""; 0]);
    }
}
