//! `name: { type: String, required: true, ref: "Customer" }`

use super::super::{Around, names, parts};
use super::Field;

/// Reads a field of a Mongoose schema that is described by an object.
pub(super) fn read(line: &str, around: &Around<'_>) -> Option<Field> {
    let (name, rest) = parts::path(line);
    let rest = rest.trim_start().strip_prefix(':')?.trim_start();
    let (inner, is_list) = match rest.strip_prefix('[') {
        Some(inner) => (inner.trim().strip_suffix(']')?.trim(), true),
        None => (rest, false),
    };
    let object = inner.strip_prefix('{')?.trim_end().strip_suffix('}')?;
    let given = parts::arguments(object);
    let option = |wanted: &str| {
        let mut found = given.iter().filter_map(|it| it.split_once(':'));
        found
            .find(|(key, _)| key.trim() == wanted)
            .map(|(_, value)| value.trim())
    };
    let mut field = Field {
        name: names::plain(name)?.to_owned(),
        is_foreign: true,
        ..Field::default()
    };
    let written = option("type")?;
    let of_list = written
        .strip_prefix('[')
        .and_then(|it| it.strip_suffix(']'));
    let ty = of_list.unwrap_or(written).rsplit('.').next()?.trim();
    if let Some(target) = option("ref") {
        field.ty = names::entity(target);
        (field.is_guess, field.is_reference) = (true, true);
        if is_list || of_list.is_some() {
            field.many = "many ";
        }
    } else {
        field.set_type(ty, None, around.dialect)?;
        field.is_foreign = true;
        if is_list || of_list.is_some() {
            field.many = "list of ";
        }
    }
    let is_required =
        option("required").is_some_and(|it| it.starts_with("true") || it.starts_with("[true"));
    field.optional = (!is_required && option("default").is_none()).then_some(true);
    field.unique = option("unique") == Some("true");
    field.indexed = option("index") == Some("true");
    field.immutable = option("immutable") == Some("true");
    field.low = option("min")
        .or_else(|| option("minlength"))
        .map(str::to_owned);
    field.high = option("max").map(str::to_owned);
    if let Some(most) = option("maxlength").filter(|_| field.ty == "text") {
        field.ty = format!("text({most})");
    }
    if let Some(default) = option("default") {
        field.set_default(default);
    }
    let known = [
        "type",
        "ref",
        "required",
        "unique",
        "index",
        "immutable",
        "min",
        "minlength",
        "max",
        "maxlength",
        "default",
    ];
    for one in &given {
        let key = one.split(':').next().unwrap_or("").trim();
        if !known.contains(&key) {
            let why = match key {
                "enum" => "the name of an `enum` is the type of such a field",
                _ => "say it as a bound, or as a line `invariant name: rule`",
            };
            field.lost.push((super::super::shortened(one), why));
        }
    }
    Some(field)
}
