//! What the decorators above a field say about it.

use super::super::decorators::Decorator;
use super::super::parts;
use super::super::values::is_number;
use super::Field;

impl Field {
    /// Takes what a decorator says.
    pub(super) fn decorate(&mut self, decorator: &Decorator<'_>) {
        let name = decorator.name.to_ascii_lowercase();
        let given = decorator.arguments;
        match name.as_str() {
            "unique" | "onetoone" => self.unique = true,
            "immutable" | "readonly" => self.immutable = true,
            "index" | "indexed" if given.is_empty() => self.indexed = true,
            "id" | "primarykey" | "primarycolumn" | "primarygeneratedcolumn" => self.is_key = true,
            "nullable" | "isoptional" => self.optional = Some(true),
            "createdatecolumn" | "creationtimestamp" => self.default = Some("now()".to_owned()),
            "updatedatecolumn" | "updatetimestamp" => {
                (self.default, self.touched) = (Some("now()".to_owned()), true);
            }
            "email" | "isemail" if self.ty == "text" => "email".clone_into(&mut self.ty),
            "maxlength" | "length" if is_number(given) => self.longest(given),
            "min" if is_number(given) => self.low = Some(given.to_owned()),
            "max" if is_number(given) => self.high = Some(given.to_owned()),
            // They repeat what the type says.
            "generatedvalue" | "notnull" | "notblank" | "isnotempty" | "isstring" | "isint"
            | "isnumber" | "isboolean" | "isdate" | "manytoone" | "joincolumn" | "column"
            | "field" | "prop" => {}
            _ => self.lost.push((decorator.shown(), NOTHING)),
        }
        let (mut digits, mut places) = (None, None);
        for (key, value) in decorator.options() {
            match (key, value) {
                ("unique", "true") => self.unique = true,
                ("nullable", "true") => self.optional = Some(true),
                ("unique" | "nullable", "false") => {}
                ("length" | "max", _) if is_number(value) => self.longest(value),
                ("precision", _) if is_number(value) => digits = Some(value),
                ("scale", _) if is_number(value) => places = Some(value),
                ("default", _) => self.set_default(value),
                ("type", _) => {
                    let given = parts::unquoted(value).unwrap_or(value);
                    if self.set_type(given, None, None).is_none() {
                        self.lost.push((format!("type: {value}"), NOTHING));
                    }
                }
                ("onDelete", _) => {
                    let kind = parts::unquoted(value).unwrap_or(value);
                    self.on_delete = match kind.to_ascii_uppercase().as_str() {
                        "CASCADE" => Some("cascade"),
                        "RESTRICT" => Some("restrict"),
                        "SET NULL" => Some("set null"),
                        _ => self.on_delete,
                    };
                }
                ("name", _) => self.lost.push((
                    format!("name: {value}"),
                    "the column is called like the field",
                )),
                _ => self.lost.push((format!("{key}: {value}"), NOTHING)),
            }
        }
        if let (Some(digits), "decimal(12, 2)") = (digits, self.ty.as_str()) {
            self.ty = format!("decimal({digits}, {})", places.unwrap_or("0"));
            self.is_guess = false;
        }
        self.is_foreign = true;
    }

    fn longest(&mut self, length: &str) {
        if self.ty == "text" {
            self.ty = format!("text({length})");
        } else {
            self.lost
                .push((format!("length: {length}"), "only a text has a length"));
        }
    }
}

const NOTHING: &str = "nothing in appspec says the same";
