//! A database's schema as sorted lines, so that two ways to the same schema can be compared: the
//! order of columns and statements does not matter, everything else does.

use crate::database::{Database, Kind, client};
use crate::project::{Project, Stage};
use crate::ran::Ran;

/// Each fact of the schema on a line of its own.
pub fn of(project: &Project, database: &Database) -> Result<Vec<String>, String> {
    let mut lines = match database.kind {
        Kind::Sqlite => sqlite(project, database)?,
        Kind::Postgres => postgres(database)?,
    };
    lines.sort();
    if lines.len() < 10 {
        return Err(format!(
            "a migrated database has more than this: {lines:#?}"
        ));
    }
    Ok(lines)
}

/// What one has and the other lacks; empty when they are equal.
pub fn differences(emitted: &[String], djangos: &[String]) -> Vec<String> {
    let missing = djangos
        .iter()
        .filter(|line| !emitted.contains(line))
        .map(|line| format!("- {line}"));
    let extra = emitted
        .iter()
        .filter(|line| !djangos.contains(line))
        .map(|line| format!("+ {line}"));
    let mut found: Vec<String> = missing.chain(extra).collect();
    if found.is_empty() && emitted != djangos {
        found.push("the same line a different number of times".to_owned());
    }
    found
}

fn postgres(database: &Database) -> Result<Vec<String>, String> {
    let mut command = client("pg_dump");
    command.args([
        "--schema-only",
        "--no-owner",
        "--no-privileges",
        &database.name,
    ]);
    let ran = Ran::of(&mut command);
    ran.verdict()?;
    Ok(statements(&ran.stdout)
        .iter()
        .flat_map(|statement| facts_of(statement))
        .map(|fact| without_key_name(&fact))
        .collect())
}

/// PostgreSQL names a primary key after its table, and Django's own `RenameModel` leaves that name
/// behind: it says which table there was first, not what the schema is.
fn without_key_name(fact: &str) -> String {
    match (
        fact.split_once(" ADD CONSTRAINT "),
        fact.find(" PRIMARY KEY "),
    ) {
        (Some((table, _)), Some(at)) => format!("{table} ADD{}", &fact[at..]),
        _ => fact.to_owned(),
    }
}

/// The statements of a dump, without its comments and its settings.
fn statements(dump: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut current = String::new();
    for line in dump.lines() {
        let opening = current.is_empty();
        let noise = ["--", "SET ", "SELECT pg_catalog.set_config", "\\"];
        if opening && (line.trim().is_empty() || noise.iter().any(|start| line.starts_with(start)))
        {
            continue;
        }
        current.push_str(line);
        current.push('\n');
        if line.ends_with(';') {
            found.push(std::mem::take(&mut current));
        }
    }
    found
}

fn sqlite(project: &Project, database: &Database) -> Result<Vec<String>, String> {
    const SCRIPT: &str = "import json, sqlite3, sys\n\
        rows = sqlite3.connect(sys.argv[1]).execute('select sql from sqlite_master where sql is not null')\n\
        print(json.dumps([row[0] for row in rows]))";
    let ran = project.python(
        Stage::Development,
        database,
        &["-c", SCRIPT, &database.name],
    );
    ran.verdict()?;
    let statements: Vec<String> =
        serde_json::from_str(&ran.stdout).map_err(|error| format!("{error}: {ran}"))?;
    Ok(statements
        .iter()
        .flat_map(|statement| facts_of(statement))
        .collect())
}

/// A table gives one line per column and constraint, anything else is one line.
fn facts_of(statement: &str) -> Vec<String> {
    let statement = one_line(statement);
    let statement = statement.trim_end_matches(';');
    let is_table = statement.starts_with("CREATE TABLE ");
    match statement.split_once('(') {
        Some((head, body)) if is_table => {
            let head = head.trim();
            let body = body.trim_end();
            let body = body.strip_suffix(')').unwrap_or(body);
            let mut lines = vec![head.to_owned()];
            lines.extend(
                split_at_commas(body)
                    .iter()
                    .map(|part| format!("{head}: {}", part.trim())),
            );
            lines
        }
        _ => vec![statement.to_owned()],
    }
}

/// SQLite keeps a statement as it was typed, so white space says nothing.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// At the commas of the outermost level, outside of quotes.
fn split_at_commas(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0_i32, 0);
    let mut quote = None;
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (Some(open), _) if open == character => quote = None,
            (None, '\'' | '"') => quote = Some(character),
            (None, '(') => depth += 1,
            (None, ')') => depth -= 1,
            (None, ',') if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_split_at_its_own_commas_only() {
        let facts = facts_of(
            "CREATE TABLE \"t\" (\"a\" decimal(5, 2) CHECK (\"a\" in ('x,', 'y')),\n \"b\" int)",
        );
        assert_eq!(
            facts,
            [
                "CREATE TABLE \"t\"",
                "CREATE TABLE \"t\": \"a\" decimal(5, 2) CHECK (\"a\" in ('x,', 'y'))",
                "CREATE TABLE \"t\": \"b\" int",
            ]
        );
    }

    #[test]
    fn the_last_line_of_a_table_keeps_its_brackets() {
        let facts = |order: &str| {
            let mut facts = facts_of(&format!("CREATE TABLE \"t\" ({order});"));
            facts.sort();
            facts
        };
        assert_eq!(
            facts("\"a\" int, UNIQUE (\"a\", \"b\"), CHECK ((\"a\" > (0)))"),
            facts("\"a\" int, CHECK ((\"a\" > (0))), UNIQUE (\"a\", \"b\")"),
        );
    }

    #[test]
    fn a_dump_keeps_statements_and_drops_noise() {
        let dump = "--\n-- Name: t\n--\nSET x = 1;\n\nCREATE TABLE public.t (\n    a integer,\n    b text\n);\n";
        let statements = statements(dump);
        assert_eq!(statements.len(), 1);
        assert_eq!(facts_of(&statements[0]).len(), 3);
    }

    #[test]
    fn a_primary_key_has_no_name() {
        let fact = "ALTER TABLE ONLY public.t ADD CONSTRAINT s_pkey PRIMARY KEY (id)";
        assert_eq!(
            without_key_name(fact),
            "ALTER TABLE ONLY public.t ADD PRIMARY KEY (id)"
        );
        assert_eq!(
            without_key_name("ADD CONSTRAINT c UNIQUE (a)"),
            "ADD CONSTRAINT c UNIQUE (a)"
        );
    }

    #[test]
    fn differences_name_both_sides() {
        let one = ["a".to_owned(), "b".to_owned()];
        let two = ["b".to_owned(), "c".to_owned()];
        assert_eq!(differences(&one, &two), ["- c", "+ a"]);
        assert!(differences(&one, &one).is_empty());
    }
}
