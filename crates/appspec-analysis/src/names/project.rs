use std::collections::HashMap;

use appspec_diagnostics::{Diagnostic, Diagnostics, FileId, Span, closest, codes};
use appspec_ir::Project;
use appspec_syntax::ast::{self, ExprKind, Literal, Text};

use super::timezone;

const SETTINGS: [&str; 3] = ["title", "timezone", "language"];

/// The `project` item with its settings; one without a name where there is none, which is reported elsewhere.
pub(crate) fn lower(project: Option<&ast::Project>, out: &mut Diagnostics) -> Project {
    match project {
        Some(project) => settings(project, out),
        None => Project {
            name: String::new(),
            title: String::new(),
            doc: None,
            timezone: "UTC".to_owned(),
            language: "en".to_owned(),
            span: Span::new(FileId(0), 0, 0),
        },
    }
}

/// A setting that stands in one block twice.
pub(crate) fn given_twice(key: &ast::Name, first: Span) -> Diagnostic {
    Diagnostic::new(
        &codes::name::DUPLICATE,
        key.span,
        format!("the setting `{}` is given twice", key.text),
    )
    .label("given again here")
    .note(first, "first given here")
    .help("remove one of the two")
}

fn settings(project: &ast::Project, out: &mut Diagnostics) -> Project {
    let mut lowered = Project {
        name: project.name.text.clone(),
        title: project.name.text.clone(),
        doc: project.doc.as_ref().map(|doc| doc.text.clone()),
        timezone: "UTC".to_owned(),
        language: "en".to_owned(),
        span: project.name.span,
    };
    let mut seen: HashMap<&str, Span> = HashMap::new();
    for entry in &project.entries {
        let key = entry.key.text.as_str();
        if let Some(first) = seen.insert(key, entry.key.span) {
            out.push(given_twice(&entry.key, first));
            continue;
        }
        if !SETTINGS.contains(&key) {
            out.push(unknown_setting(&entry.key));
            continue;
        }
        let ExprKind::Literal(Literal::Text(text)) = &entry.value.kind else {
            out.push(
                Diagnostic::new(
                    &codes::module::BAD_SETTING,
                    entry.value.span,
                    format!("`{key}` is text"),
                )
                .help(format!("write it in quotes: `{key}: \"…\"`")),
            );
            continue;
        };
        match key {
            "title" => title(text, &mut lowered, out),
            "timezone" => zone(text, &mut lowered, out),
            _ => language(text, &mut lowered, out),
        }
    }
    lowered
}

fn unknown_setting(key: &ast::Name) -> Diagnostic {
    let finding = Diagnostic::new(
        &codes::module::UNKNOWN_SETTING,
        key.span,
        format!("`project` has no setting `{}`", key.text),
    );
    match closest(&key.text, SETTINGS) {
        Some(meant) => finding.did_you_mean(key.span, meant),
        None => finding.help("the settings are `title`, `timezone` and `language`"),
    }
}

fn title(text: &Text, project: &mut Project, out: &mut Diagnostics) {
    if text.value.trim().is_empty() || text.value.contains('\n') {
        out.push(
            Diagnostic::new(
                &codes::module::BAD_SETTING,
                text.span,
                "the title is one line of text",
            )
            .help("write what people call the project, or leave the setting out"),
        );
        return;
    }
    project.title.clone_from(&text.value);
}

fn zone(text: &Text, project: &mut Project, out: &mut Diagnostics) {
    if timezone::is_zone(&text.value) {
        project.timezone.clone_from(&text.value);
        return;
    }
    let finding = Diagnostic::new(
        &codes::module::BAD_SETTING,
        text.span,
        format!("there is no time zone `{}`", text.value),
    )
    .label("not a name of the IANA time zone database");
    out.push(match timezone::suggest(&text.value) {
        Some(meant) => finding
            .help(format!("did you mean `{}`?", meant.name))
            .edit_if(meant.is_certain, text.span, format!("\"{}\"", meant.name)),
        None => finding.help("write a name such as `Europe/Lisbon` or `UTC`"),
    });
}

/// `en`, `pt-br`: two or three letters and optional subtags, lower case as Django spells them.
fn language(text: &Text, project: &mut Project, out: &mut Diagnostics) {
    let mut parts = text.value.split('-');
    let first = parts.next().unwrap_or("");
    let shaped = (2..=3).contains(&first.len())
        && first.bytes().all(|byte| byte.is_ascii_lowercase())
        && parts.all(|part| {
            (2..=8).contains(&part.len())
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        });
    if shaped {
        project.language.clone_from(&text.value);
        return;
    }
    let finding = Diagnostic::new(
        &codes::module::BAD_SETTING,
        text.span,
        format!("`{}` is not a language code", text.value),
    );
    let fixed = text.value.replace('_', "-").to_lowercase();
    let looks_fixed = fixed != text.value && fixed.split('-').next().is_some_and(|p| p.len() == 2);
    out.push(if looks_fixed {
        finding
            .help(format!("write it in lower case with a hyphen: `{fixed}`"))
            .edit(text.span, format!("\"{fixed}\""))
    } else {
        finding.help("write a code such as `en` or `pt-br`")
    });
}
