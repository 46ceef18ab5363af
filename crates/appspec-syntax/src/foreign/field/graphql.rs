//! `lines: [Line!]! @hasMany`

use super::super::{Around, Dialect, names, parts};
use super::Field;

/// Reads a field of a GraphQL type.
pub(super) fn read(line: &str, around: &Around<'_>) -> Option<Field> {
    if around.dialect != Some(Dialect::GraphQl) {
        return None;
    }
    let (name, rest) = parts::path(line);
    let rest = rest.trim_start().strip_prefix(':')?.trim_start();
    let (written, directives) = rest.split_once('@').unwrap_or((rest, ""));
    let written = written.trim();
    let bare = written.trim_end_matches('!');
    let mut field = Field {
        name: names::plain(name)?.to_owned(),
        is_foreign: true,
        optional: (bare.len() == written.len()).then_some(true),
        ..Field::default()
    };
    let of_list = bare
        .strip_prefix('[')
        .and_then(|it| it.strip_suffix(']'))
        .map(|it| it.trim_end_matches('!'));
    let ty = of_list.unwrap_or(bare);
    if of_list.is_some() {
        (field.many, field.optional) = ("list of ", None);
    }
    match ty {
        "ID" if name == "id" => field.is_key = true,
        "ID" | "AWSUUID" => "uuid".clone_into(&mut field.ty),
        "AWSDateTime" | "AWSTimestamp" => "datetime".clone_into(&mut field.ty),
        "AWSDate" => "date".clone_into(&mut field.ty),
        "AWSEmail" => "email".clone_into(&mut field.ty),
        "AWSURL" => "url".clone_into(&mut field.ty),
        "AWSJSON" => "json".clone_into(&mut field.ty),
        "AWSPhone" => "phone".clone_into(&mut field.ty),
        _ => field.set_type(ty, None, around.dialect)?,
    }
    field.is_foreign = true;
    for directive in directives.split('@').map(str::trim) {
        if !directive.is_empty() {
            field
                .lost
                .push((format!("@{directive}"), "appspec has no directives"));
        }
    }
    Some(field)
}
