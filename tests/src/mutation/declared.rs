//! Mistakes in what is declared: names, types, relations, bounds, defaults.

use appspec_syntax::ast::{
    Bound, ExprKind, File, Item, Literal, Member, Name, OnDeleteKind, Path, TypeRef, TypeRefKind,
    UseNames,
};

use super::operators::Edits;
use super::places::{all_fields, blocks, bounds, fields, parts, range, rules};

/// The entities that a file declares.
fn entities(file: &File) -> impl Iterator<Item = &str> {
    file.items.iter().filter_map(|item| match item {
        Item::Entity(entity) => Some(entity.name.text.as_str()),
        _ => None,
    })
}

fn is_entity(files: &[File], path: &Path) -> bool {
    let last = path.names.last().map(|name| name.text.as_str());
    let declared =
        |name: &str| name == "User" || files.iter().flat_map(entities).any(|it| it == name);
    last.is_some_and(declared)
}

/// The type of a reference to one row.
fn reference<'f>(files: &[File], ty: &'f TypeRef) -> Option<&'f Path> {
    match &ty.kind {
        TypeRefKind::Named { path, .. } if is_entity(files, path) => Some(path),
        _ => None,
    }
}

pub(super) fn misspelt(file: &File, _: &[File], _: &str) -> Edits {
    let of_types = all_fields(file).filter_map(|field| match &field.ty.kind {
        TypeRefKind::Named { path, .. } | TypeRefKind::Many { entity: path, .. } => {
            path.names.last()
        }
        TypeRefKind::OneOf(paths) => paths.last().and_then(|path| path.names.last()),
        TypeRefKind::List(_) | TypeRefKind::Serial(_) => None,
    });
    let all = rules(file).into_iter().flat_map(|(rule, _)| parts(rule));
    let of_rules = all.filter_map(|part| match &part.kind {
        ExprKind::Path(path) => path.names.last(),
        _ => None,
    });
    let of_sets = blocks(file).flatten().flat_map(|member| match member {
        Member::Unique(unique) => unique.fields.iter().collect::<Vec<&Name>>(),
        Member::Index(index) => index.keys.iter().map(|key| &key.field).collect(),
        Member::ShownAs(shown) => vec![&shown.field],
        Member::SortedBy(sorted) => sorted.keys.iter().map(|key| &key.field).collect(),
        _ => Vec::new(),
    });
    let names = of_types.chain(of_rules).chain(of_sets);
    names
        .filter(|name| name.text.len() > 3)
        .map(|name| {
            let place = range(name.span);
            // The last letter but one is forgotten.
            (place.end - 2..place.end - 1, String::new())
        })
        .collect()
}

pub(super) fn not_brought_in(file: &File, _: &[File], text: &str) -> Edits {
    let mut edits = Edits::new();
    for item in &file.items {
        let Item::Use(used) = item else { continue };
        let UseNames::Listed(names) = &used.names else {
            continue;
        };
        for left_out in names {
            let others = names.iter().filter(|name| *name != left_out);
            let others: Vec<&str> = others.map(|name| name.text.as_str()).collect();
            let module = &text[range(used.module.span)];
            let shorter = if others.is_empty() {
                String::new()
            } else {
                format!("use {module}.{{{}}}", others.join(", "))
            };
            edits.push((range(used.span), shorter));
        }
    }
    edits
}

pub(super) fn dropped_field(file: &File, _: &[File], _: &str) -> Edits {
    all_fields(file)
        .map(|field| (range(field.span), String::new()))
        .collect()
}

pub(super) fn twice(file: &File, _: &[File], text: &str) -> Edits {
    blocks(file)
        .flatten()
        .filter(|member| !matches!(member, Member::Suppress(_)))
        .map(|member| {
            let place = range(member.span());
            let copy = format!("\n  {}", &text[place.clone()]);
            (place.end..place.end, copy)
        })
        .collect()
}

pub(super) fn dropped_value(file: &File, _: &[File], text: &str) -> Edits {
    let mut edits = Edits::new();
    for item in &file.items {
        let Item::Enum(list) = item else { continue };
        for (place, value) in list.values.iter().enumerate() {
            let start = range(value.name.span).start;
            let end = match list.values.get(place + 1) {
                Some(next) => range(next.doc.as_ref().map_or(next.name.span, |doc| doc.span)).start,
                None => text[..range(list.span).end]
                    .rfind('}')
                    .expect("a brace ends an enum"),
            };
            edits.push((start..end, String::new()));
        }
    }
    edits
}

pub(super) fn swapped_names(file: &File, _: &[File], text: &str) -> Edits {
    let mut edits = Edits::new();
    for block in blocks(file) {
        let fields: Vec<_> = fields(block).collect();
        for pair in fields.windows(2) {
            let [first, second] = pair else { continue };
            let (one, two) = (range(first.name.span), range(second.name.span));
            let (first_type, second_type) = (range(first.ty.span), range(second.ty.span));
            // Of two fields of one type, the names may stand in any order.
            if text[first_type] != text[second_type] && two.start > one.end {
                let swapped = [
                    &text[two.clone()],
                    &text[one.end..two.start],
                    &text[one.clone()],
                ];
                edits.push((one.start..two.end, swapped.concat()));
            }
        }
    }
    edits
}

pub(super) fn other_type(file: &File, _: &[File], _: &str) -> Edits {
    all_fields(file)
        .filter_map(|field| {
            let TypeRefKind::Named { path, .. } = &field.ty.kind else {
                return None;
            };
            let [name] = path.names.as_slice() else {
                return None;
            };
            let other = match name.text.as_str() {
                "text" | "bool" | "time" => "int",
                "int" | "bigint" | "decimal" => "text(20)",
                "datetime" => "date",
                "date" => "datetime",
                _ => return None,
            };
            Some((range(field.ty.span), other.to_owned()))
        })
        .collect()
}

fn without_mark(file: &File, files: &[File], of_references: bool) -> Edits {
    all_fields(file)
        .filter(|field| reference(files, &field.ty).is_some() == of_references)
        .filter_map(|field| Some((range(field.optional?), String::new())))
        .collect()
}

pub(super) fn required(file: &File, files: &[File], _: &str) -> Edits {
    without_mark(file, files, false)
}

pub(super) fn required_reference(file: &File, files: &[File], _: &str) -> Edits {
    without_mark(file, files, true)
}

pub(super) fn other_delete(file: &File, _: &[File], _: &str) -> Edits {
    let all = [
        (OnDeleteKind::Cascade, "cascade"),
        (OnDeleteKind::Protect, "protect"),
        (OnDeleteKind::Restrict, "restrict"),
        (OnDeleteKind::SetNull, "set null"),
    ];
    let mut edits = Edits::new();
    for clause in all_fields(file).filter_map(|field| field.on_delete) {
        for (_, word) in all.iter().filter(|(kind, _)| *kind != clause.kind) {
            edits.push((range(clause.span), format!("on delete {word}")));
        }
    }
    edits
}

pub(super) fn other_target(file: &File, files: &[File], _: &str) -> Edits {
    let names: Vec<&str> = entities(file).collect();
    all_fields(file)
        .filter_map(|field| {
            let path = reference(files, &field.ty)?;
            let place = names.iter().position(|name| *name == path.names[0].text)?;
            let other = names[(place + 1) % names.len()];
            Some((range(path.span), other.to_owned()))
        })
        .collect()
}

pub(super) fn same_inverse(file: &File, _: &[File], _: &str) -> Edits {
    let inverses: Vec<(&Name, String)> = all_fields(file)
        .filter_map(|field| {
            let target = match &field.ty.kind {
                TypeRefKind::Named { path, .. } | TypeRefKind::Many { entity: path, .. } => path,
                TypeRefKind::OneOf(_) | TypeRefKind::List(_) | TypeRefKind::Serial(_) => {
                    return None;
                }
            };
            let target = target.names.iter().map(|name| name.text.as_str());
            Some((
                field.inverse.as_ref()?,
                target.collect::<Vec<_>>().join("."),
            ))
        })
        .collect();
    inverses
        .iter()
        .filter_map(|(name, target)| {
            let mut others = inverses.iter();
            let (other, _) =
                others.find(|(other, same)| same == target && other.text != name.text)?;
            Some((range(name.span), other.text.clone()))
        })
        .collect()
}

/// Every range that has two ends.
fn ranges<'f>(
    file: &'f File,
    text: &'f str,
) -> impl Iterator<Item = (std::ops::Range<usize>, &'f str, &'f str)> {
    bounds(file).filter_map(|bound| match bound {
        Bound::Range {
            low: Some(low),
            high: Some(high),
            ..
        } => {
            let (low, high) = (range(low.span), range(high.span));
            Some((low.start..high.end, &text[low], &text[high]))
        }
        _ => None,
    })
}

pub(super) fn narrowed(file: &File, _: &[File], text: &str) -> Edits {
    let of_ranges = ranges(file, text).map(|(place, low, _)| (place, format!("{low}..{low}")));
    let of_texts = all_fields(file).filter_map(|field| match &field.ty.kind {
        TypeRefKind::Named { path, arguments } if path.names[0].text == "text" => {
            let (_, span) = arguments.first()?;
            Some((range(*span), "1".to_owned()))
        }
        _ => None,
    });
    of_ranges.chain(of_texts).collect()
}

pub(super) fn ends_swapped(file: &File, _: &[File], text: &str) -> Edits {
    ranges(file, text)
        .map(|(place, low, high)| (place, format!("{high}..{low}")))
        .collect()
}

pub(super) fn negative_default(file: &File, _: &[File], text: &str) -> Edits {
    let defaults = all_fields(file).filter_map(|field| field.default.as_ref());
    defaults
        .filter(|value| {
            matches!(
                value.kind,
                ExprKind::Literal(Literal::Int(_) | Literal::Decimal(_))
            )
        })
        .map(|value| (range(value.span), format!("-{}", &text[range(value.span)])))
        .filter(|(_, number)| !number.trim_matches(['-', '0', '.']).is_empty())
        .collect()
}

pub(super) fn other_default(file: &File, files: &[File], _: &str) -> Edits {
    let lists: Vec<Vec<&str>> = files
        .iter()
        .flat_map(|file| &file.items)
        .filter_map(|item| match item {
            Item::Enum(list) => Some(list.values.iter().map(|it| it.name.text.as_str()).collect()),
            _ => None,
        })
        .collect();
    let defaults = all_fields(file).filter_map(|field| field.default.as_ref());
    defaults
        .filter_map(|value| match &value.kind {
            ExprKind::Literal(Literal::Bool(truth)) => {
                Some((range(value.span), (!truth).to_string()))
            }
            ExprKind::Path(path) => {
                let [name] = path.names.as_slice() else {
                    return None;
                };
                let list = lists
                    .iter()
                    .find(|list| list.contains(&name.text.as_str()))?;
                let place = list.iter().position(|it| *it == name.text)?;
                Some((range(value.span), list[(place + 1) % list.len()].to_owned()))
            }
            _ => None,
        })
        .collect()
}

pub(super) fn narrower_unique(file: &File, _: &[File], text: &str) -> Edits {
    let mut edits = Edits::new();
    for member in blocks(file).flatten() {
        let Member::Unique(unique) = member else {
            continue;
        };
        if let [.., before, last] = unique.fields.as_slice() {
            let place = range(before.span).end..range(last.span).end;
            debug_assert!(text[place.clone()].starts_with(','));
            edits.push((place, String::new()));
        }
    }
    edits
}
