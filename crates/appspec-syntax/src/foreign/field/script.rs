//! `name?: string[] | null`, `name: Optional[str] = None`, `private String name`

use super::super::parts::{self, Part};
use super::super::{Around, Dialect, names, types};
use super::{Field, Line};

/// Reads a field as TypeScript, typed Python, Kotlin and Java write it.
pub(super) fn read(line: &str, modifier: Option<&str>, around: &Around<'_>) -> Option<Field> {
    let (name, rest) = parts::path(line);
    let rest = rest.trim_start();
    let mut field = Field {
        name: names::plain(name)?.to_owned(),
        is_foreign: modifier.is_some(),
        ..Field::default()
    };
    let Some(mut rest) = rest.strip_prefix(':').or_else(|| {
        field.is_foreign |= rest.starts_with("?:") || rest.starts_with("!:");
        field.optional = rest.starts_with("?:").then_some(true);
        rest.strip_prefix("?:").or_else(|| rest.strip_prefix("!:"))
    }) else {
        return java(name, rest, modifier);
    };
    rest = field.generic(rest.trim_start(), around)?;
    loop {
        rest = rest.trim_start();
        let bar = rest.strip_prefix('|').map(str::trim_start);
        let null = bar.and_then(|bar| {
            let (word, behind) = parts::path(bar);
            matches!(word, "null" | "None" | "undefined").then_some(behind)
        });
        if let Some(behind) = null {
            (field.optional, field.is_foreign) = (Some(true), true);
            rest = behind;
        } else if let Some(behind) = rest.strip_prefix("[]") {
            (field.many, field.is_foreign) = ("list of ", true);
            rest = behind;
        } else if let Some(behind) = rest.strip_prefix('?') {
            field.optional = Some(true);
            rest = behind;
        } else {
            break;
        }
    }
    if let Some(value) = rest.strip_prefix('=') {
        if !field.is_foreign {
            return None;
        }
        field.set_default(value);
        rest = "";
    }
    // What goes on with clauses of other languages is read as they write it.
    if !rest.is_empty() {
        let is_sql = parts::all(rest).iter().any(|it| is_clause(*it));
        let dialect = field.is_foreign || is_sql;
        if !dialect {
            return None;
        }
        field.clauses(rest, Some(Dialect::Prisma), around)?;
    }
    // A class has no key of its own but the field that it calls `id`.
    field.is_key |= field.is_foreign && field.name == "id" && field.many.is_empty();
    field.is_foreign.then_some(field)
}

/// What needs the whole line to be answered.
fn is_clause(part: Part<'_>) -> bool {
    match part {
        Part::Word(word) => word.eq_ignore_ascii_case("references"),
        Part::Call(word, _) => {
            word.eq_ignore_ascii_case("check") || word.eq_ignore_ascii_case("references")
        }
        _ => false,
    }
}

impl Field {
    /// `Optional[str]`, `Array<string>`, `List[int]`, `varchar(20)`; what follows it.
    fn generic<'t>(&mut self, text: &'t str, around: &Around<'_>) -> Option<&'t str> {
        let (name, behind) = parts::path(text);
        let opens = behind.chars().next().filter(|it| matches!(it, '<' | '['));
        let last = name.rsplit('.').next()?;
        let inner = opens
            .filter(|_| !behind.starts_with("[]"))
            .and_then(|open| {
                let close = if open == '<' { '>' } else { ']' };
                let end = behind.find(close)?;
                Some((behind.get(1..end)?.trim(), behind.get(end + 1..)?))
            });
        if let Some((inner, behind)) = inner {
            match last {
                "Optional" => self.optional = Some(true),
                "Array" | "List" | "list" | "Sequence" | "ReadonlyArray" | "Set" | "set" => {
                    self.many = "list of ";
                }
                _ => return None,
            }
            self.is_foreign = true;
            // One list in another is none that we have.
            return self
                .generic(inner, around)?
                .trim()
                .is_empty()
                .then_some(behind);
        }
        let (arguments, rest) = match parts::group(behind) {
            Some((inside, rest)) => (Some(inside), rest),
            None => (None, behind),
        };
        let was_foreign = self.is_foreign;
        let dialect = around.dialect.filter(|it| *it == Dialect::Script);
        self.set_type(last, arguments, dialect)?;
        self.is_foreign = was_foreign || (self.is_foreign && !types::is_ours(last));
        Some(rest)
    }
}

/// `private String name = "x"`: the type stands before the name.
fn java(ty: &str, rest: &str, modifier: Option<&str>) -> Option<Field> {
    modifier?;
    let (name, behind) = parts::path(rest);
    let mut field = Field {
        name: names::plain(name)?.to_owned(),
        is_foreign: true,
        ..Field::default()
    };
    types::written(ty, None, None)?;
    field.set_type(ty, None, None)?;
    field.is_foreign = true;
    match behind.trim().strip_prefix('=') {
        Some(value) => field.set_default(value),
        None if behind.trim().is_empty() => {}
        None => return None,
    }
    Some(field)
}

/// `const x = 3`, `private s`: no type is said.
pub(super) fn modified(modifier: &str, line: &str, is_immutable: bool) -> Option<Line> {
    let (name, rest) = parts::path(line);
    let name = names::plain(name)?;
    let value = rest.trim().strip_prefix('=').map(str::trim);
    let stays = if is_immutable { " immutable" } else { "" };
    let guessed = match value {
        _ if !rest.trim().is_empty() && value.is_none() => return None,
        None => format!("{}: text", names::snake(name)),
        Some(value) => {
            let ty = match value {
                "true" | "false" | "True" | "False" => "bool",
                _ if value.starts_with(['"', '\'']) => "text",
                _ if value.parse::<i64>().is_ok() => "int",
                _ => return None,
            };
            let mut field = Field {
                name: name.to_owned(),
                ty: ty.to_owned(),
                ..Field::default()
            };
            field.set_default(value);
            field.print()
        }
    };
    Some(Line {
        write: Err(format!("a name and its type, without `{modifier}`")),
        rule: None,
        also: Some(format!(
            "write the type behind the name, such as `{guessed}{stays}`"
        )),
        is_certain: false,
    })
}
