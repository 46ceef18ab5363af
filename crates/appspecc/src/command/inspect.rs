use std::fmt::Write;

use appspec_analysis::compile;
use appspec_ir::{Entity, FieldType, Spec, Walk, json_schema};
use serde::Serialize;

use crate::Exit;
use crate::cli::Inspect;
use crate::findings::{self, Shown};
use crate::spec;
use crate::table;
use crate::terminal::Terminal;

/// `appspecc inspect [PATH]`
pub(crate) fn run(arguments: &Inspect, terminal: &mut Terminal) -> Exit {
    if arguments.schema {
        terminal.out(&pretty(&json_schema()));
        return Exit::Fine;
    }
    let mut spec = spec::load(&arguments.path);
    let mut found = std::mem::take(&mut spec.findings);
    let mut compiled = None;
    if !found.has_errors() {
        let (result, more) = compile(&mut spec.sources);
        found.append(more);
        compiled = result;
    }
    found.sort();
    findings::show(&found, &spec, Shown::IN_PASSING, terminal);
    let exit = Exit::of(&found);
    if let (Exit::Fine, Some(compiled)) = (exit, compiled) {
        let text = if arguments.json {
            pretty(&compiled.spec)
        } else if arguments.invariants {
            table::rules(&compiled.spec, terminal.paint())
        } else {
            summary(&compiled.spec, terminal)
        };
        terminal.out(&text);
    }
    exit
}

fn pretty(value: &impl Serialize) -> String {
    // Everything in it is made of strings, numbers and lists, which always serialize.
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

/// The spec as a page to read.
fn summary(spec: &Spec, terminal: &Terminal) -> String {
    let paint = terminal.paint();
    let project = &spec.project;
    let mut out = format!(
        "{}: {} ({}, {})\n",
        paint.bold(&project.name),
        project.title,
        project.timezone,
        project.language
    );
    if let Some(doc) = &project.doc {
        out.push_str(doc);
        out.push('\n');
    }
    for module in spec.walk_modules() {
        if module.entities().next().is_none() {
            continue;
        }
        let _ = writeln!(out, "\n{}", paint.bold(&module.path));
        let rows: Vec<Vec<String>> = module.entities().map(row).collect();
        out.push_str(&table::align(&rows));
    }
    out
}

/// An entity's name, size and relations.
fn row(entity: Walk<'_, Entity>) -> Vec<String> {
    let columns = entity.fields().filter(|field| field.is_column()).count();
    let rules = entity.get().invariants.len() + entity.get().uniques.len();
    let relations: Vec<String> = entity
        .fields()
        .filter_map(|field| {
            let target = field.target()?;
            let many = matches!(field.get().ty, FieldType::Many(_));
            let word = if many { "many " } else { "" };
            Some(format!("{}: {word}{}", field.name, target.name))
        })
        .collect();
    vec![
        entity.name.clone(),
        table::number(columns, "field", "fields"),
        table::number(rules, "rule", "rules"),
        relations.join(", "),
    ]
}
