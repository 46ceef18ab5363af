//! `docs/from-lovable.md`: the schema loads and lets through what the page says, the spec refuses it, what waits is refused by
//! name, and every block of the page is lines of the files that it is about.

use std::fs;
use std::path::{Path, PathBuf};

use appspec_diagnostics::Severity;
use appspec_tests::console::as_shown;
use appspec_tests::database::{Database, Kind, client};
use appspec_tests::markdown::{Block, blocks, document};
use appspec_tests::surroundings::tests_folder;
use appspec_tests::{Project, Ran, Stage, build, spec, surroundings};
use tempfile::TempDir;

const PAGE: &str = "docs/from-lovable.md";

fn toolyard() -> PathBuf {
    tests_folder().join("specs/toolyard")
}

fn before(file: &str) -> String {
    fs::read_to_string(toolyard().join("before").join(file)).unwrap()
}

fn block(section: &str, language: &str) -> Block {
    let mut found = blocks(&document(PAGE))
        .into_iter()
        .filter(|it| it.section == section && it.language == language);
    let block = found.next().expect("the page has such a block");
    assert_eq!(found.next(), None, "and one only");
    block
}

/// A file of SQL, as its reader would run it.
fn psql(database: &Database, file: &str) -> Ran {
    let file = toolyard().join("before").join(file);
    let mut command = client("psql");
    command.args(["--no-psqlrc", "--set", "ON_ERROR_STOP=1", "--dbname"]);
    command.arg(&database.name).arg("--file").arg(file);
    Ran::of(&mut command)
}

#[test]
fn the_schema_lets_through_what_the_page_says() {
    let database = Database::create(Kind::Postgres);
    psql(&database, "platform.sql").fine();
    psql(&database, "schema.sql").fine();
    let ran = psql(&database, "accepted.sql").fine();
    // A row policy that refuses an update or a deletion does so by finding nothing to change.
    let tag = |line: &&str| {
        ["INSERT 0 ", "UPDATE ", "DELETE ", "("]
            .iter()
            .any(|it| line.starts_with(it))
    };
    let tags: Vec<&str> = ran.stdout.lines().filter(tag).collect();
    for tag in &tags {
        let nothing = tag.ends_with(" 0") || tag.starts_with("(0");
        assert!(!nothing, "{tag}: {ran}");
    }
    let text = before("accepted.sql");
    let statements = text.lines().filter(|line| {
        ["insert ", "update ", "delete ", "select "]
            .iter()
            .any(|it| line.starts_with(it))
    });
    assert_eq!(tags.len(), statements.count(), "{ran}");
}

#[test]
fn the_project_refuses_it() {
    let shown = block("What it refuses now", "text");
    let shown: Vec<String> = shown.text.lines().map(str::to_owned).collect();
    let folder = TempDir::new().unwrap();
    let root = folder.path().join("project");
    build(&toolyard(), &root).fine();
    for python in &surroundings().pythons {
        let project = Project::new(&root, python);
        let database = project.migrated(Kind::Postgres).unwrap();
        let mut command = project.command(&python.interpreter, Stage::Development, &database);
        command
            .arg(toolyard().join("refused.py"))
            .env("PYTHONPATH", &root);
        let ran = Ran::of(&mut command).fine();
        as_shown(&shown, &ran.stdout).unwrap_or_else(|why| panic!("{why}\n\n{ran}"));
    }
}

#[test]
fn the_spec_gives_no_finding() {
    let mut sources = spec::folder(&toolyard());
    let found = spec::findings(&mut sources);
    let said: Vec<_> = found.iter().map(|it| (it.code.id, &it.message)).collect();
    assert!(said.is_empty(), "{said:?}");
}

#[test]
fn what_waits_is_refused_by_name_and_nothing_else_is() {
    let waiting = block("What waits", "text").text;
    let items = waiting
        .lines()
        .filter(|line| ["job ", "action "].iter().any(|it| line.starts_with(it)));
    let items: Vec<&str> = items.collect();
    assert!(items.len() >= 3, "{items:?}");
    let mut text = String::new();
    for (_, source) in spec::folder(&toolyard()).iter() {
        text.extend(["// file: ", &source.path, "\n", &source.text, "\n"]);
    }
    let found = spec::findings(&mut spec::sources(&(text + &waiting)));
    let said: Vec<_> = found.iter().map(|it| (it.code.id, &it.message)).collect();
    let errors = found.count(Severity::Error);
    assert_eq!(errors, items.len(), "{said:?}");
    for (code, _) in &said {
        assert_eq!(*code, "syntax::not_in_this_version", "{said:?}");
    }
}

#[test]
fn the_blocks_are_lines_of_the_files() {
    let specs: Vec<String> = spec::folder(&toolyard())
        .iter()
        .map(|(_, source)| source.text.clone())
        .collect();
    let schemas = [before("schema.sql"), before("accepted.sql")];
    let mut compared = 0;
    for block in blocks(&document(PAGE)) {
        let files = match block.language.as_str() {
            "appspec" => &specs[..],
            "sql" => &schemas[..],
            _ => continue,
        };
        let whole = format!("\n{}", block.text);
        let there = files
            .iter()
            .any(|text| format!("\n{text}").contains(&whole));
        assert!(there, "line {}: no file has\n{}", block.line, block.text);
        compared += 1;
    }
    assert!(compared >= 6, "{compared}");
}

/// "Ask of each line": every column, policy and bucket is named on the page, or has its name in the spec.
#[test]
fn every_line_of_the_schema_has_a_verdict() {
    let page = document(PAGE);
    let sources = spec::folder(&toolyard());
    let in_spec = |name: &str| {
        let field = format!("\n  {name}: ");
        sources.iter().any(|(_, it)| it.text.contains(&field))
    };
    let on_page = |name: &str| {
        let ends = [format!("`{name}"), format!(".{name}")];
        ends.iter().any(|it| {
            page.match_indices(it).any(|(at, it)| {
                let next = page[at + it.len()..].chars().next();
                next.is_some_and(|c| !c.is_alphanumeric() && c != '_')
            })
        })
    };
    let schema = before("schema.sql");
    let (mut missing, mut in_table, mut counted) = (Vec::new(), false, 0);
    for line in schema.lines() {
        in_table = line.starts_with("create table ") || (in_table && line != ");");
        let column = match line.split_once(" add column ") {
            Some((_, column)) => Some(column),
            None if in_table && !line.starts_with("    ") => line.strip_prefix("  "),
            None => None,
        };
        let column = column.and_then(|it| it.split(' ').next());
        let quoted = |text: &str, mark: char| text.split(mark).nth(1).map(str::to_owned);
        let (name, is_there) = if let Some(policy) = line.strip_prefix("create policy ") {
            let name = quoted(policy, '"').expect("a policy has a name");
            // They share a line.
            let is_there = page.contains(&format!("\"{name}\"")) || name.starts_with("Admins can ");
            (name, is_there)
        } else if line.starts_with("insert into storage.buckets") {
            let name = quoted(line, '\'').expect("a bucket has a name");
            let is_there = on_page(&name);
            (name, is_there)
        } else if let Some(column) = column.filter(|it| *it != "unique") {
            (column.to_owned(), in_spec(column) || on_page(column))
        } else {
            continue;
        };
        counted += 1;
        if !is_there {
            missing.push(name);
        }
    }
    assert!(counted > 100, "{counted}");
    assert!(missing.is_empty(), "nothing is said about {missing:?}");
}

#[test]
fn the_page_counts_right_and_links_to_what_is_there() {
    let page = document(PAGE);
    let schema = before("schema.sql");
    let count = |what: &str| schema.lines().filter(|it| it.starts_with(what)).count();
    let counted = format!(
        "{} tables, {} row policies",
        count("create table "),
        count("create policy ")
    );
    assert!(page.contains(&counted), "the schema has {counted}");
    for link in page.split("](").skip(1) {
        let (target, _) = link.split_once(')').unwrap();
        if let Some(file) = target.strip_prefix("../") {
            let there = Path::new(tests_folder()).parent().unwrap().join(file);
            assert!(there.exists(), "{target}");
        }
    }
}
