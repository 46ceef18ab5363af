//! The reference pages that are made from the program itself; a test keeps `docs/reference/` equal to them.

use std::fmt::Write;

use clap::{Arg, ArgAction, Command, CommandFactory};

use crate::cli::Cli;
use crate::command::inspect;

/// `docs/reference/cli.md`
pub fn command_line() -> String {
    let mut command = Cli::command();
    command.build();
    let mut out = String::from(
        "# The command line\n\n\
         <!-- Made from the program: UPDATE_DOCS=1 cargo test -p appspecc --test cli reference -->\n\n",
    );
    let about = command.get_long_about().map(ToString::to_string);
    let _ = writeln!(out, "{}\n", about.unwrap_or_default());
    out.push_str(&examples(&command));
    out.push_str("## Options of every command\n\n");
    for argument in command.get_arguments().filter(|it| it.is_global_set()) {
        out.push_str(&option(argument));
    }
    out.push_str("- `-h`, `--help`: the short or the long help of a command\n- `-V`, `--version`: the version\n\n");
    for sub in command.get_subcommands() {
        out.push_str(&page(sub));
    }
    out
}

/// `docs/reference/diagnostics.schema.json`: what `appspecc check --format json` prints.
pub fn diagnostics_schema() -> String {
    let schema = appspec_diagnostics::render::schema();
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

/// `docs/reference/relations.schema.json`, `witness.schema.json`, `invariants.schema.json` and `access.schema.json`: what `appspecc inspect`
/// prints with those options and `--json`.
pub fn views_schemas() -> [(&'static str, String); 4] {
    [
        ("relations.schema.json", inspect::relations_schema()),
        ("witness.schema.json", inspect::witness_schema()),
        ("invariants.schema.json", inspect::invariants_schema()),
        ("access.schema.json", inspect::access_schema()),
    ]
}

/// One command.
fn page(command: &Command) -> String {
    let mut out = format!("## `appspecc {}`\n\n", command.get_name());
    let about = command.get_long_about().or_else(|| command.get_about());
    let _ = writeln!(
        out,
        "{}\n",
        about.map(ToString::to_string).unwrap_or_default()
    );
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ");
    let _ = writeln!(out, "```text\n{usage}\n```\n");
    let own: Vec<&Arg> = command
        .get_arguments()
        .filter(|it| !it.is_global_set() && it.get_id() != "help")
        .collect();
    for argument in &own {
        out.push_str(&option(argument));
    }
    if !own.is_empty() {
        out.push('\n');
    }
    out.push_str(schema_note(command.get_name()));
    out.push_str(&examples(command));
    out
}

/// Where the JSON that a command prints is described.
fn schema_note(command: &str) -> &'static str {
    match command {
        "check" => {
            "The JSON is described by [diagnostics.schema.json](diagnostics.schema.json).\n\n"
        }
        "inspect" => {
            "The JSON is described by [spec.schema.json](spec.schema.json), \
             [relations.schema.json](relations.schema.json), [witness.schema.json](witness.schema.json), \
             [invariants.schema.json](invariants.schema.json) and [access.schema.json](access.schema.json).\n\n"
        }
        _ => "",
    }
}

/// One argument, one line.
fn option(argument: &Arg) -> String {
    let value = argument
        .get_value_names()
        .and_then(|names| names.first())
        .map(ToString::to_string)
        .unwrap_or_default();
    let takes_value = matches!(argument.get_action(), ArgAction::Set | ArgAction::Append);
    let mut names = Vec::new();
    if let Some(short) = argument.get_short() {
        names.push(format!("`-{short}`"));
    }
    match argument.get_long() {
        Some(long) if takes_value => names.push(format!("`--{long} {value}`")),
        Some(long) => names.push(format!("`--{long}`")),
        None => names.push(format!("`{value}`")),
    }
    let help = argument.get_long_help().or_else(|| argument.get_help());
    let mut line = format!(
        "- {}: {}",
        names.join(", "),
        help.map(ToString::to_string).unwrap_or_default()
    );
    let values: Vec<String> = argument
        .get_possible_values()
        .iter()
        .map(|value| match value.get_help() {
            Some(help) => format!(
                "`{}` ({})",
                value.get_name(),
                uncapitalized(&help.to_string())
            ),
            None => format!("`{}`", value.get_name()),
        })
        .collect();
    if takes_value && !values.is_empty() {
        let _ = write!(line, ": {}", values.join(", "));
    }
    let defaults: Vec<String> = argument
        .get_default_values()
        .iter()
        .map(|value| value.to_string_lossy().into_owned())
        .collect();
    if takes_value && !defaults.is_empty() {
        let _ = write!(line, "; by default `{}`", defaults.join(" "));
    }
    line.push('\n');
    line
}

/// The text as it reads inside a sentence; an abbreviation stays as it is.
fn uncapitalized(text: &str) -> String {
    let mut letters = text.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => text.to_owned(),
    }
}

/// The blocks after the help: examples, exit codes.
fn examples(command: &Command) -> String {
    let mut out = String::new();
    let after = command.get_after_long_help().map(ToString::to_string);
    for block in after.unwrap_or_default().split("\n\n") {
        if let Some((title, lines)) = block.split_once(":\n") {
            let lines: Vec<&str> = lines
                .lines()
                .map(|line| line.strip_prefix("  ").unwrap_or(line))
                .collect();
            let language = if title == "Examples" { "sh" } else { "text" };
            let _ = writeln!(
                out,
                "{title}:\n\n```{language}\n{}\n```\n",
                lines.join("\n")
            );
        }
    }
    out
}
