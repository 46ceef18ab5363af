//! Type names of other languages.

use crate::ast::{File, Item, Member, Path, TypeRef, TypeRefKind, UseNames};
use crate::build::Context;

use super::answer;

/// What a foreign type name is called here.
pub(crate) fn meant(name: &str) -> Option<&'static str> {
    Some(match name {
        "String" | "string" | "str" | "Str" | "Text" | "TEXT" | "VARCHAR" | "varchar" | "CHAR"
        | "char" | "CharField" | "TextField" | "TextBlob" | "NVARCHAR" => "text",
        "Int" | "Integer" | "integer" | "INT" | "INTEGER" | "IntegerField" | "i32" | "number"
        | "Number" | "SMALLINT" | "smallint" => "int",
        "BigInt" | "BIGINT" | "Long" | "long" | "BigIntegerField" | "i64" => "bigint",
        "Float" | "Double" | "double" | "FLOAT" | "DOUBLE" | "REAL" | "real" | "FloatField" => {
            "float"
        }
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
        "EmailField" => "email",
        "URLField" => "url",
        "SlugField" => "slug",
        "ImageField" | "ImageBlob" => "image",
        "FileField" => "file",
        _ => return None,
    })
}

/// Whether a declaration of this name stands in the text, also one that could not be read.
fn may_be_declared(text: &str, name: &str) -> bool {
    let words = ["type ", "enum ", "entity "];
    text.match_indices(name).any(|(at, _)| {
        let before = text.get(..at).unwrap_or("");
        words.iter().any(|word| before.ends_with(word))
    })
}

/// Answers foreign type names that the file itself neither declares nor brings in.
pub(crate) fn check(cx: &mut Context<'_>, file: &File) {
    let known: Vec<&str> = file.items.iter().flat_map(declared).collect();
    for path in file.items.iter().flat_map(types) {
        let [name] = path.names.as_slice() else {
            continue;
        };
        let Some(meant) = meant(&name.text).filter(|_| !known.contains(&name.text.as_str())) else {
            continue;
        };
        if may_be_declared(cx.whole(), &name.text) {
            continue;
        }
        let certain = (!meant.contains('(')).then_some(meant);
        answer(cx, name.span, &name.text, &format!("`{meant}`"), certain);
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

fn types(item: &Item) -> Vec<&Path> {
    let members = match item {
        Item::Type(it) => return named(&it.base).into_iter().collect(),
        Item::Entity(it) => &it.members,
        Item::Mixin(it) => &it.members,
        Item::Extend(it) => &it.members,
        _ => return Vec::new(),
    };
    let types = members.iter().filter_map(|member| match member {
        Member::Field(it) => named(&it.ty),
        Member::Derive(it) => named(&it.ty),
        _ => None,
    });
    types.collect()
}

fn named(ty: &TypeRef) -> Option<&Path> {
    match &ty.kind {
        TypeRefKind::Named { path, .. } => Some(path),
        TypeRefKind::List(inner) => named(inner),
        TypeRefKind::Many { .. } => None,
    }
}
