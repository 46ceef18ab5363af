//! `name = models.CharField(max_length=20)`

use super::super::parts;
use super::super::{Around, names};
use super::Field;

/// Reads a field of a Django model.
pub(super) fn read(line: &str, around: &Around<'_>) -> Option<Field> {
    let (name, rest) = parts::path(line);
    let rest = rest.trim_start().strip_prefix(['=', ':'])?.trim_start();
    let (class, rest) = parts::path(rest);
    let class = class.rsplit('.').next()?;
    let (arguments, _) = parts::group(rest)?;
    let arguments = parts::arguments(arguments);
    let keyword = |key: &str| {
        let found = arguments.iter().filter_map(|it| it.split_once('='));
        found
            .map(|(name, value)| (name.trim(), value.trim()))
            .find(|(name, _)| *name == key)
            .map(|(_, value)| value)
    };
    let mut field = Field {
        name: names::plain(name)?.to_owned(),
        is_foreign: true,
        ..Field::default()
    };
    match class {
        "ForeignKey" | "OneToOneField" | "ManyToManyField" => {
            let first = arguments.first().filter(|it| !it.contains('='));
            let target = first.copied().or_else(|| keyword("to"))?;
            field.ty = target_name(target, around);
            (field.is_guess, field.is_reference) = (true, true);
            field.is_login = field.ty == "User" && target.to_ascii_lowercase().contains("auth");
            field.unique = class == "OneToOneField";
            if class == "ManyToManyField" {
                field.many = "many ";
            }
        }
        "AutoField" | "BigAutoField" | "SmallAutoField" => {
            (field.ty, field.is_key) = ("int".to_owned(), true);
        }
        _ if !class.ends_with("Field") => return None,
        _ => {
            let size = match (keyword("max_digits"), keyword("decimal_places")) {
                (Some(digits), Some(places)) => Some(format!("{digits}, {places}")),
                _ => keyword("max_length").map(str::to_owned),
            };
            field.set_type(class, size.as_deref(), None)?;
        }
    }
    for argument in &arguments {
        let Some((key, value)) = argument.split_once('=') else {
            continue;
        };
        let (key, value) = (key.trim(), value.trim());
        let yes = value == "True";
        match key {
            "max_length" | "max_digits" | "decimal_places" | "to" | "through_fields" => {}
            "null" | "blank" => {
                if yes {
                    field.optional = Some(true);
                }
            }
            "unique" => field.unique |= yes,
            "db_index" => field.indexed = yes,
            "primary_key" => field.is_key |= yes,
            "default" => field.set_default(value),
            "auto_now_add" | "auto_now" if yes => {
                let moment = if field.ty == "date" {
                    "today()"
                } else {
                    "now()"
                };
                field.default = Some(moment.to_owned());
                field.touched |= key == "auto_now";
            }
            "on_delete" => match value.rsplit('.').next().unwrap_or(value) {
                "CASCADE" => field.on_delete = Some("cascade"),
                "RESTRICT" => field.on_delete = Some("restrict"),
                "SET_NULL" => field.on_delete = Some("set null"),
                // What happens when nothing is said.
                "PROTECT" => {}
                _ => field.lost.push((
                    key.to_owned(),
                    "it can be `cascade`, `protect`, `restrict` or `set null`",
                )),
            },
            "related_name" => {
                field.inverse = parts::unquoted(value)
                    .and_then(names::plain)
                    .map(str::to_owned);
            }
            "choices" => field.lost.push((
                key.to_owned(),
                "declare `enum Name { … }`, and use its name as the type",
            )),
            "help_text" | "verbose_name" => field.lost.push((
                key.to_owned(),
                "a line `/// …` above the field describes it",
            )),
            _ => field
                .lost
                .push((key.to_owned(), "nothing in appspec says the same")),
        }
    }
    Some(field)
}

/// `User`, `"auth.User"`, `"self"`, `settings.AUTH_USER_MODEL`
fn target_name(target: &str, around: &Around<'_>) -> String {
    let target = target.trim_matches(['"', '\'']);
    let name = target.rsplit('.').next().unwrap_or(target);
    match name {
        "self" => around.entity().unwrap_or_else(|| "Entity".to_owned()),
        "AUTH_USER_MODEL" => "User".to_owned(),
        name => name.to_owned(),
    }
}
