mod access;
mod enforcement;
mod relations;
mod witness;

use std::fmt::Write;

use appspec_analysis::compile;
use appspec_diagnostics::render::{clean, clean_json};
use appspec_django::data_model;
use appspec_ir::{Compiled, Entity, FieldType, Spec, Walk, json_schema};
use serde::Serialize;

use crate::Exit;
use crate::cli::{Diagram, Inspect};
use crate::findings::{self, Shown};
use crate::spec;
use crate::table;
use crate::terminal::Terminal;

/// `appspecc inspect [PATH]`
pub(crate) fn run(arguments: &Inspect, terminal: &mut Terminal) -> Exit {
    if arguments.schema {
        terminal.out(&schema(arguments));
        return Exit::Fine;
    }
    let mut spec = spec::load(&arguments.path);
    let mut found = std::mem::take(&mut spec.findings);
    let mut compiled = None;
    if !found.has_errors() {
        let (result, more) = compile(&mut spec.sources);
        found.append(more);
        let asked = arguments.as_role.as_deref();
        let unknown = result
            .as_ref()
            .and_then(|it| access::unknown(&it.spec, asked));
        if let Some(unknown) = unknown {
            found.push(unknown);
        }
        compiled = result;
    }
    found.sort();
    findings::show(&found, &spec, Shown::IN_PASSING, terminal);
    let exit = Exit::of(&found);
    if let (Exit::Fine, Some(compiled)) = (exit, compiled) {
        let text = shown(arguments, &compiled, terminal);
        terminal.out(&text);
    }
    exit
}

/// What was asked for, as data or to be looked at.
fn shown(arguments: &Inspect, compiled: &Compiled, terminal: &Terminal) -> String {
    let spec = &compiled.spec;
    if arguments.relations {
        let relations = relations::of(spec);
        return match arguments.format {
            _ if arguments.json => pretty(&relations),
            Some(Diagram::Dot) => relations.dot(),
            Some(Diagram::Svg) => data_model(spec),
            Some(Diagram::Mermaid) | None => relations.mermaid(),
        };
    }
    if arguments.access {
        let matrix = access::of(spec, arguments.as_role.as_deref());
        return if arguments.json {
            pretty(&matrix)
        } else {
            matrix.page(terminal.paint())
        };
    }
    if arguments.witness {
        let witness = witness::of(compiled);
        return if arguments.json {
            pretty(&witness)
        } else {
            witness.page(terminal.paint())
        };
    }
    match (arguments.invariants, arguments.json) {
        (true, true) => pretty(&enforcement::of(spec)),
        (true, false) => table::rules(spec, terminal.paint(), true),
        (false, true) => pretty(spec),
        (false, false) => summary(spec, terminal),
    }
}

/// What `--json` prints.
fn schema(arguments: &Inspect) -> String {
    if arguments.relations {
        relations_schema()
    } else if arguments.access {
        access_schema()
    } else if arguments.witness {
        witness_schema()
    } else if arguments.invariants {
        invariants_schema()
    } else {
        pretty(&json_schema())
    }
}

/// What `--relations --json` prints.
pub(crate) fn relations_schema() -> String {
    pretty(&schemars::schema_for!(relations::Relations))
}

/// What `--witness --json` prints.
pub(crate) fn witness_schema() -> String {
    pretty(&schemars::schema_for!(witness::Witness))
}

/// What `--access --json` prints.
pub(crate) fn access_schema() -> String {
    pretty(&schemars::schema_for!(access::Matrix))
}

/// What `--invariants --json` prints.
pub(crate) fn invariants_schema() -> String {
    pretty(&schemars::schema_for!(enforcement::Enforcement))
}

fn pretty(value: &impl Serialize) -> String {
    // Everything in it is made of strings, numbers and lists, which always serialize.
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    clean_json(&text).into_owned()
}

/// The spec as a page to read.
fn summary(spec: &Spec, terminal: &Terminal) -> String {
    let paint = terminal.paint();
    let project = &spec.project;
    let mut out = format!(
        "{}: {} ({}, {})\n",
        paint.bold(&project.name),
        clean(&project.title),
        project.timezone,
        project.language
    );
    if let Some(doc) = &project.doc {
        // As the spec has it: no line of it begins like one of ours, or like a command to the service that runs this.
        for line in clean(doc).lines() {
            let _ = writeln!(out, "{}", format!("/// {line}").trim_end());
        }
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
    let rules = entity.get().rule_count();
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
