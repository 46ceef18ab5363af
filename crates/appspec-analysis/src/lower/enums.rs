use std::collections::HashMap;

use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::{Choice, Enum};
use appspec_syntax::ast;

use super::words::capitalized;
use crate::names::{In, duplicate};

/// What a column for enum values holds at most; longer values are surely a mistake.
const LONGEST_STORED: usize = 100;

/// An enum with its values.
pub(crate) fn lower(found: &In<'_, ast::EnumDecl>, out: &mut Diagnostics) -> Enum {
    let item = found.item;
    if item.values.is_empty() {
        out.push(
            Diagnostic::new(
                &codes::types::EMPTY_ENUM,
                item.name.span,
                format!("`{}` has no values", item.name.text),
            )
            .help("name at least one value between the braces"),
        );
    }
    let mut names: HashMap<&str, Span> = HashMap::new();
    let mut stored: HashMap<&str, Span> = HashMap::new();
    let mut choices = Vec::with_capacity(item.values.len());
    for value in &item.values {
        if let Some(first) = names.insert(&value.name.text, value.name.span) {
            out.push(duplicate(&value.name.text, value.name.span, first));
            continue;
        }
        let (text, at) = match &value.stored_as {
            Some(text) => (text.value.as_str(), text.span),
            None => (value.name.text.as_str(), value.name.span),
        };
        check_stored(text, at, out);
        if let Some(first) = stored.insert(text, at) {
            out.push(
                Diagnostic::new(
                    &codes::name::DUPLICATE,
                    at,
                    format!("two values of `{}` are stored as `{text}`", item.name.text),
                )
                .label("stored as this again")
                .note(first, "the first one")
                .help("store them differently: `stored as \"…\"`"),
            );
        }
        choices.push(Choice {
            name: value.name.text.clone(),
            label: value.label.as_ref().map_or_else(
                || capitalized(&value.name.text),
                |label| label.value.clone(),
            ),
            stored: text.to_owned(),
            doc: super::doc(value.doc.as_ref()),
            was: value.was.as_ref().map(|name| name.text.clone()),
            span: value.name.span,
        });
    }
    Enum {
        name: item.name.text.clone(),
        doc: super::doc(item.doc.as_ref()),
        module: found.module,
        choices,
        was: item.was.as_ref().map(|name| name.text.clone()),
        span: item.name.span,
    }
}

fn check_stored(text: &str, at: Span, out: &mut Diagnostics) {
    let message = if text.is_empty() {
        "a value can't be stored as nothing"
    } else if text.contains('\0') {
        "a stored value can't hold the character U+0000"
    } else if text.chars().count() > LONGEST_STORED {
        "a stored value has at most 100 characters"
    } else {
        return;
    };
    out.push(
        Diagnostic::new(&codes::types::STORED_VALUE, at, message)
            .help("write a short text: `stored as \"…\"`"),
    );
}
