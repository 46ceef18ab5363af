//! `name: z.string().min(1).max(80).optional()`

use super::super::{names, parts};
use super::Field;

/// Reads a field of a zod object.
pub(super) fn read(line: &str) -> Option<Field> {
    let (name, rest) = parts::path(line);
    let rest = rest.trim_start().strip_prefix(':')?.trim_start();
    let mut field = Field {
        name: names::plain(name)?.to_owned(),
        is_foreign: true,
        ..Field::default()
    };
    let behind = field.chain(rest)?;
    behind.trim().is_empty().then_some(field)
}

impl Field {
    /// Reads `z.string().max(80)`; what follows it.
    fn chain<'t>(&mut self, text: &'t str) -> Option<&'t str> {
        let mut rest = text.strip_prefix("z.")?;
        rest = rest.strip_prefix("coerce.").unwrap_or(rest);
        let mut is_first = true;
        loop {
            let end = rest.find(|it: char| !(it.is_alphanumeric() || it == '_'))?;
            let (word, behind) = rest.split_at_checked(end)?;
            let (given, behind) = parts::group(behind)?;
            if is_first {
                self.base(word, given)?;
            } else {
                self.link(word, given);
            }
            is_first = false;
            match behind.strip_prefix('.') {
                Some(more) => rest = more,
                None => return Some(behind),
            }
        }
    }

    fn base(&mut self, word: &str, given: &str) -> Option<()> {
        let ty = match word {
            "string" => "text",
            "number" => {
                self.other_type = Some(("decimal(10, 2)", "for numbers with a fraction"));
                "int"
            }
            "int" => "int",
            "bigint" => "bigint",
            "boolean" => "bool",
            "date" | "datetime" => "datetime",
            "email" | "url" | "uuid" => word,
            "record" | "object" | "any" | "unknown" => "json",
            "enum" | "nativeEnum" => {
                self.lost.push((
                    super::super::shortened(given),
                    "an `enum` beside the entity lists the values",
                ));
                self.is_guess = true;
                self.ty = names::entity(&names::snake(&self.name));
                return Some(());
            }
            "array" => {
                self.chain(given)?;
                self.many = "list of ";
                return Some(());
            }
            _ => return None,
        };
        ty.clone_into(&mut self.ty);
        Some(())
    }

    fn link(&mut self, word: &str, given: &str) {
        let number = given
            .split(',')
            .next()
            .map(str::trim)
            .filter(|it| it.parse::<f64>().is_ok());
        let is_text = self.ty.starts_with("text") && self.many.is_empty();
        match (word, number) {
            ("optional" | "nullable" | "nullish", _) => self.optional = Some(true),
            ("default", _) => self.set_default(given),
            ("uuid" | "email" | "url", _) => word.clone_into(&mut self.ty),
            ("datetime", _) => "datetime".clone_into(&mut self.ty),
            ("int", _) => (self.other_type, self.ty) = (None, "int".to_owned()),
            // A text is never empty anyway.
            ("min" | "nonempty", Some("1") | None) if is_text => {}
            ("max", Some(most)) if is_text => self.ty = format!("text({most})"),
            ("length", Some(length)) if is_text => {
                (self.ty, self.low) = (format!("text({length})"), Some(length.to_owned()));
            }
            ("min" | "gte", Some(least)) => self.low = Some(least.to_owned()),
            ("max" | "lte", Some(most)) => self.high = Some(most.to_owned()),
            ("nonnegative", _) => self.low = Some("0".to_owned()),
            ("positive", _) if self.ty == "int" => self.low = Some("1".to_owned()),
            ("array", _) => self.many = "list of ",
            ("trim" | "describe" | "strict", _) => {}
            _ => self.lost.push((
                format!("{word}({})", super::super::shortened(given)),
                "say it as a bound, or as a line `invariant name: rule`",
            )),
        }
    }
}
