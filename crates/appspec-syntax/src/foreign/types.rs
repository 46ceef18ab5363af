//! Type names of other languages.

use std::collections::{BTreeMap, BTreeSet};

use crate::ast::{File, Item, Member, Path, TypeRef, TypeRefKind, UseNames};
use crate::build::Context;

use super::{Answer, Dialect, reply, serial};

/// What a foreign type name is called here.
pub(crate) fn meant(name: &str) -> Option<&'static str> {
    Some(match name {
        "String" | "string" | "str" | "Str" | "Text" | "TEXT" | "VARCHAR" | "varchar" | "CHAR"
        | "char" | "character" | "CHARACTER" | "CharField" | "TextField" | "TextBlob"
        | "NVARCHAR" | "nvarchar" | "bpchar" | "CLOB" | "clob" | "LONGTEXT" | "longtext"
        | "MEDIUMTEXT" | "mediumtext" | "TINYTEXT" | "tinytext" => "text",
        "Int"
        | "Integer"
        | "integer"
        | "INT"
        | "INTEGER"
        | "IntegerField"
        | "i32"
        | "number"
        | "Number"
        | "SMALLINT"
        | "smallint"
        | "SmallIntegerField"
        | "PositiveIntegerField"
        | "PositiveSmallIntegerField"
        | "int2"
        | "int4"
        | "INT4"
        | "TINYINT"
        | "tinyint"
        | "MEDIUMINT"
        | "mediumint" => "int",
        "BigInt"
        | "BIGINT"
        | "Long"
        | "long"
        | "BigIntegerField"
        | "PositiveBigIntegerField"
        | "i64"
        | "int8"
        | "INT8" => "bigint",
        "Float" | "Double" | "double" | "FLOAT" | "DOUBLE" | "REAL" | "real" | "FloatField"
        | "float8" | "f64" => "float",
        "Decimal" | "BigDecimal" | "NUMERIC" | "numeric" | "DECIMAL" | "DecimalField" => {
            "decimal(p, s)"
        }
        "Boolean" | "boolean" | "Bool" | "BOOLEAN" | "BOOL" | "BooleanField" => "bool",
        "DateTime" | "timestamp" | "TIMESTAMP" | "Timestamp" | "timestamptz" | "TIMESTAMPTZ"
        | "DATETIME" | "Instant" | "ZonedDateTime" | "DateTimeField" => "datetime",
        "Date" | "DATE" | "LocalDate" | "DateField" => "date",
        "Time" | "TIME" | "LocalTime" | "TimeField" => "time",
        "Duration" | "INTERVAL" | "interval" | "timedelta" | "DurationField" => "duration",
        "Json" | "JSON" | "jsonb" | "JSONB" | "JSONField" | "dict" | "Dict" => "json",
        "Uuid" | "UUID" | "UUIDField" => "uuid",
        "Bytes" | "BLOB" | "blob" | "bytea" | "BYTEA" | "Blob" => "bytes",
        "INET" | "inet" | "GenericIPAddressField" => "ip",
        "EmailField" => "email",
        "URLField" => "url",
        "SlugField" => "slug",
        "ImageField" | "ImageBlob" => "image",
        "FileField" => "file",
        _ => return None,
    })
}

/// Whether this is a type of ours, with or without what stands in its brackets.
pub(super) fn is_ours(ty: &str) -> bool {
    let name = ty.split('(').next().unwrap_or(ty);
    OURS.contains(&name)
}

/// The types that need no declaration.
const OURS: &[&str] = &[
    "bigint", "bool", "bytes", "date", "datetime", "decimal", "duration", "email", "file", "float",
    "image", "int", "ip", "json", "phone", "slug", "text", "time", "token", "url", "uuid",
];

/// A type as another language writes it, with what stands in its brackets: what it is here, and whether that says all of it.
pub(super) fn written(
    name: &str,
    arguments: Option<&str>,
    dialect: Option<Dialect>,
) -> Option<(String, bool)> {
    let ours = match (dialect, name) {
        (Some(Dialect::Script) | None, "Date") => MOMENT,
        (Some(Dialect::Jdl), "Blob" | "AnyBlob") => "file",
        _ if is_ours(name) => name,
        _ => meant(name)?,
    };
    let numbers: Option<Vec<u32>> = arguments.map(|it| {
        let numbers = it.split(',').map(|it| it.trim().parse().ok());
        numbers.collect::<Option<Vec<u32>>>().unwrap_or_default()
    });
    let ours = ours.split('(').next().unwrap_or(ours);
    if arguments.is_none() && choice(name, dialect).is_some() {
        return Some((ours.to_owned(), false));
    }
    Some(match (ours, numbers.as_deref()) {
        ("text", Some([size])) => (format!("text({size})"), true),
        ("decimal", Some([digits, places])) => (format!("decimal({digits}, {places})"), true),
        ("decimal", Some([digits])) => (format!("decimal({digits}, 0)"), true),
        // It has to have some number of digits, which nobody has said.
        ("decimal", _) => ("decimal(12, 2)".to_owned(), false),
        ("int", Some([1])) if name.eq_ignore_ascii_case("tinyint") => ("bool".to_owned(), true),
        // The width of a display, or how exact a moment is.
        (ours, Some([_]) | None) => (ours.to_owned(), true),
        (ours, _) => (ours.to_owned(), false),
    })
}

/// What a `Date` is in the languages of programs.
const MOMENT: &str = "datetime";

/// What a type that says less than ours can mean as well, and when.
pub(super) fn choice(name: &str, dialect: Option<Dialect>) -> Option<(&'static str, &'static str)> {
    match (name, dialect) {
        ("number" | "Number", _) => Some(("decimal(10, 2)", "for numbers with a fraction")),
        // Outside of SQL, most often of TypeScript, Java or Mongoose.
        ("Date", Some(Dialect::Script) | None) => Some(("date", "for a day without a time")),
        _ => None,
    }
}

/// Whether a declaration of this name stands in the text, also one that could not be read: the word in front of the name may
/// be mistyped, as in `tpye Instant = …`.
fn may_be_declared(text: &str, name: &str) -> bool {
    let words = ["type ", "enum ", "entity "];
    text.match_indices(name).any(|(at, _)| {
        let before = text.get(..at).unwrap_or("");
        let line = before.rsplit('\n').next().unwrap_or("");
        let is_second = line
            .strip_suffix(' ')
            .is_some_and(|word| !word.is_empty() && word.chars().all(char::is_alphanumeric));
        is_second || words.iter().any(|word| before.ends_with(word))
    })
}

/// Answers foreign type names that the file itself neither declares nor brings in.
pub(crate) fn check(cx: &mut Context<'_>, file: &File) {
    let known: BTreeSet<&str> = file.items.iter().flat_map(declared).collect();
    let mut named: BTreeMap<&str, bool> = BTreeMap::new();
    for (path, is_key) in file.items.iter().flat_map(types) {
        let [name] = path.names.as_slice() else {
            continue;
        };
        let word = name.text.as_str();
        let is_counter = serial::counts(word);
        let found = meant(word).or_else(|| is_counter.then_some(serial::SERIAL));
        let Some(meant) = found.filter(|_| !known.contains(word)) else {
            continue;
        };
        // The whole text is looked through once for each word, not for each place where it stands.
        let whole = cx.whole();
        let is_declared = named.entry(word);
        if *is_declared.or_insert_with(|| may_be_declared(whole, word)) {
            continue;
        }
        if is_key {
            let answer = Answer {
                length: name.text.len(),
                meant: "nothing: every entity has a key `id` of its own".to_owned(),
                help: Some("remove the line".to_owned()),
                edit: None,
            };
            reply(cx, name.span, &answer);
            continue;
        }
        if is_counter {
            let answer = Answer {
                length: name.text.len(),
                meant: format!("`{}`", serial::SERIAL),
                help: Some(format!("write {}", serial::COUNTS)),
                edit: None,
            };
            reply(cx, name.span, &answer);
            continue;
        }
        let choice = choice(&name.text, None);
        let meant = if name.text == "Date" { MOMENT } else { meant };
        let certain = (choice.is_none() && !meant.contains('(')).then(|| meant.to_owned());
        let help = match choice {
            Some((other, when)) => Some(format!("write `{meant}`, or `{other}` {when}")),
            None => certain.is_none().then(|| {
                "write how many digits it has, and how many behind the point, such as `decimal(12, 2)`".to_owned()
            }),
        };
        let or = choice.map(|(other, _)| format!(" or `{other}`"));
        let answer = Answer {
            length: name.text.len(),
            meant: format!("`{meant}`{}", or.unwrap_or_default()),
            help,
            edit: certain,
        };
        reply(cx, name.span, &answer);
    }
}

fn declared(item: &Item) -> Vec<&str> {
    match item {
        Item::Type(it) => vec![it.name.text.as_str()],
        Item::Enum(it) => vec![it.name.text.as_str()],
        Item::Entity(it) => vec![it.name.text.as_str()],
        Item::Use(it) => match &it.names {
            UseNames::Listed(names) => names.iter().map(|name| name.text.as_str()).collect(),
            UseNames::Qualified => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// The named types of an item, and whether it is a field `id` that has it.
fn types(item: &Item) -> Vec<(&Path, bool)> {
    let members = match item {
        Item::Type(it) => {
            let base = named(&it.base);
            return base.map(|it| (it, false)).into_iter().collect();
        }
        Item::Entity(it) => &it.members,
        Item::Mixin(it) => &it.members,
        Item::Extend(it) => &it.members,
        _ => return Vec::new(),
    };
    let types = members.iter().filter_map(|member| match member {
        Member::Field(it) => named(&it.ty).map(|ty| (ty, it.name.text == "id")),
        Member::Derive(it) => named(&it.ty).map(|ty| (ty, false)),
        _ => None,
    });
    types.collect()
}

fn named(ty: &TypeRef) -> Option<&Path> {
    match &ty.kind {
        TypeRefKind::Named { path, .. } => Some(path),
        TypeRefKind::List(inner) => named(inner),
        TypeRefKind::Many { .. } | TypeRefKind::OneOf(_) | TypeRefKind::Serial(_) => None,
    }
}
/// The names of other languages that are most often typed, and so mistyped.
const OFTEN: [&str; 12] = [
    "string",
    "String",
    "integer",
    "Integer",
    "number",
    "boolean",
    "Boolean",
    "varchar",
    "double",
    "timestamp",
    "DateTime",
    "Decimal",
];

/// What a slip of such a name is called here, and whether it is certain.
pub fn nearly_foreign(written: &str) -> Option<(&'static str, bool)> {
    let near = appspec_diagnostics::closest(written, OFTEN)?;
    let ours = meant(near.name)?;
    // Of a decimal nobody knows the digits.
    Some((
        ours.split('(').next().unwrap_or(ours),
        near.is_certain && !ours.contains('('),
    ))
}
