//! Every example in `README.md` and below `docs` is run by a test: here, or by the one that is named here. A block that nobody
//! runs fails, unless it is counted below with its reason.

use std::fs;
use std::path::Path;
use std::process::Command;

use appspec_diagnostics::codes;
use appspec_evolve::History;
use appspec_tests::console::as_shown;
use appspec_tests::markdown::{Block, blocks, changed, document, documents, repository};
use appspec_tests::{Ran, Terminal, spec};
use tempfile::TempDir;

/// Documents, the languages of their blocks, and the file that runs those blocks, with words that it can't do it without.
const RUN_BY: [(&str, &[&str], &str, &str); 12] = [
    (
        "README.md",
        &["appspec", "console", "diff", "python", "sh"],
        HERE,
        "README.md",
    ),
    ("docs/editors.md", &["text"], HERE, "docs/editors.md"),
    (
        "docs/editors.md",
        &["elisp", "json", "vim"],
        "tests/tests/editors.rs",
        "docs/editors.md",
    ),
    (
        "docs/errors/evolve/",
        &["appspec"],
        "crates/appspec-evolve/tests/pages.rs",
        "codes::evolve::ALL",
    ),
    (
        "docs/errors/world/",
        &["console"],
        "tests/tests/world_pages.rs",
        "codes::world::ALL",
    ),
    (
        "docs/errors/",
        &["appspec"],
        "tests/tests/error_pages.rs",
        "codes::all()",
    ),
    (
        "docs/from-lovable.md",
        &["appspec", "sql", "text"],
        "tests/tests/from_lovable.rs",
        "docs/from-lovable.md",
    ),
    (
        "docs/from-lovable.md",
        &["console"],
        HERE,
        "docs/from-lovable.md",
    ),
    (
        "docs/reference/cli.md",
        &["sh"],
        "crates/appspecc/tests/cli/examples.rs",
        "fn every_example",
    ),
    (
        "docs/reference/cli.md",
        &["text"],
        "crates/appspecc/tests/cli/reference.rs",
        "cli.md",
    ),
    (
        "docs/reference/language.md",
        &["appspec"],
        "crates/appspec-analysis/tests/language_reference.rs",
        "language.md",
    ),
    (
        "docs/tutorial.md",
        &["appspec", "console", "diff", "python", "text"],
        "tests/tests/tutorial.rs",
        "docs/tutorial.md",
    ),
];

const HERE: &str = "tests/tests/documents.rs";

/// Blocks that are not run, how many there are, and why.
const NOT_RUN: [(&str, &str, usize, &str); 2] = [
    ("docs/architecture.md", "", 2, "drawings"),
    (
        "docs/performance.md",
        "",
        1,
        "it measures, which takes minutes and tells nothing on a busy machine",
    ),
];

/// The spec whose mistake README and the page about editors show.
const SHOP: &str = "project shop { title: \"Shop\" }\n\nentity Customer { name: text(80) }\nentity Order { customer: Custmer }\n";

#[test]
fn every_block_is_run_or_counted() {
    let mut not_run = Vec::new();
    for path in documents() {
        for block in blocks(&document(&path)) {
            let runner = RUN_BY.iter().find(|(document, languages, ..)| {
                path.starts_with(document) && languages.contains(&block.language.as_str())
            });
            if runner.is_none() {
                not_run.push((path.clone(), block));
            }
        }
    }
    for (path, language, count, why) in NOT_RUN {
        let before = not_run.len();
        not_run.retain(|(at, block)| at != path || block.language != language);
        assert_eq!(
            before - not_run.len(),
            count,
            "{path}, as it is about {why}"
        );
    }
    let left: Vec<String> = not_run
        .iter()
        .map(|(path, it)| format!("{path}:{}: `{}`", it.line, it.language))
        .collect();
    assert!(left.is_empty(), "nobody runs\n{}", left.join("\n"));
}

#[test]
fn whoever_runs_blocks_is_there() {
    for (path, languages, runner, words) in RUN_BY {
        let text = document(runner);
        assert!(text.contains(words), "{runner} does not mention {words}");
        let has = |language: &str| {
            let mut all = documents().into_iter().filter(|it| it.starts_with(path));
            all.any(|it| {
                blocks(&document(&it))
                    .iter()
                    .any(|it| it.language == language)
            })
        };
        for language in languages {
            assert!(has(language), "{path} has no block of `{language}`");
        }
    }
}

#[test]
fn every_link_leads_somewhere() {
    let mut dead = Vec::new();
    for path in documents() {
        let text = document(&path);
        let folder = repository().join(&path);
        let folder = folder.parent().unwrap_or(Path::new(""));
        for link in text.split("](").skip(1) {
            let target = link.split(')').next().unwrap_or_default();
            if target.starts_with("http") {
                continue;
            }
            let (file, heading) = target.split_once('#').unwrap_or((target, ""));
            let file = folder.join(file);
            let page = if target.starts_with('#') {
                text.clone()
            } else if heading.is_empty() {
                String::new()
            } else {
                fs::read_to_string(&file).unwrap_or_default()
            };
            let is_there = target.starts_with('#') || file.exists();
            if !is_there || (!heading.is_empty() && !anchors(&page).any(|it| it == heading)) {
                dead.push(format!("{path}: {target}"));
            }
        }
    }
    assert!(dead.is_empty(), "{}", dead.join("\n"));
}

/// What headings are linked by.
fn anchors(page: &str) -> impl Iterator<Item = String> {
    let headings = page.lines().filter(|line| line.starts_with('#'));
    headings.map(|line| {
        let kept = line.trim_start_matches('#').trim().to_lowercase();
        let kept = kept
            .chars()
            .filter(|it| it.is_alphanumeric() || " -_".contains(*it));
        kept.map(|it| if it == ' ' { '-' } else { it }).collect()
    })
}

/// The blocks of README in one language.
fn of_readme(language: &str) -> Vec<Block> {
    let all = blocks(&document("README.md")).into_iter();
    let found: Vec<Block> = all.filter(|it| it.language == language).collect();
    assert!(!found.is_empty(), "README has no block of `{language}`");
    found
}

fn tour() -> String {
    let [spec] = &of_readme("appspec")[..] else {
        panic!("README shows one spec");
    };
    format!("// file: salon.appspec\n{}", spec.text)
}

#[test]
fn the_spec_of_the_tour_is_right_and_becomes_what_is_shown() {
    let built = spec::build(&tour(), &History::default()).expect("no finding");
    let python = of_readme("python");
    for block in python {
        let is_line = |text: &str| format!("\n{text}").contains(&format!("\n{}", block.text));
        let shown = built.files.iter().any(|(_, it)| is_line(&it.content));
        assert!(shown, "no emitted file has\n{}", block.text);
    }
}

#[test]
fn the_tour_can_be_followed() {
    let folders = [TempDir::new().unwrap(), TempDir::new().unwrap()];
    let [work, home] = &folders;
    let mut terminal = Terminal::new(work.path(), home.path());
    let write = |path: &str, text: &str| {
        let file = work.path().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    };
    write("shop/shop.appspec", SHOP);
    let [spec] = &of_readme("appspec")[..] else {
        panic!("README shows one spec");
    };
    write("salon/salon.appspec", &spec.text);
    terminal.types("appspecc build salon").fine();
    for block in blocks(&document("README.md")) {
        match block.language.as_str() {
            "console" => terminal
                .follows(&block.text)
                .unwrap_or_else(|why| panic!("README.md:{}: {why}", block.line)),
            "diff" => {
                let path = block.file.as_deref().expect("a file to change");
                let text = fs::read_to_string(work.path().join(path)).unwrap();
                let text = changed(&text, &block.text)
                    .unwrap_or_else(|why| panic!("README.md:{}: {why}", block.line));
                write(path, &text);
            }
            _ => {}
        }
    }
}

/// `tests/run` is what runs this, so it need not be tried; the other command is, until its server answers.
#[test]
fn the_two_commands_work() {
    let [commands] = &of_readme("sh")[..] else {
        panic!("README has its two commands in one block");
    };
    let commands: Vec<&str> = commands.text.lines().collect();
    let [first, second] = commands[..] else {
        panic!("{commands:?}");
    };
    assert!(second.starts_with("tests/run "), "{second}");
    assert!(repository().join("tests/run").is_file());

    let (first, _) = first.split_once('#').expect("it is explained");
    let folder = TempDir::new().unwrap();
    let line = format!("{} --once --out \"$OUT\"", first.trim());
    let ran = Ran::of(
        Command::new("sh")
            .args(["-c", &line])
            .current_dir(repository())
            .env("OUT", folder.path().join("salon")),
    )
    .fine();
    assert!(ran.stdout.contains("answers at http://"), "{ran}");
}

#[test]
fn the_picture_is_what_its_command_draws() {
    let page = document("README.md");
    let (_, command) = page.split_once("`appspecc inspect ").expect("the command");
    let (command, _) = command.split_once('`').expect("its end");
    let (command, file) = command.split_once(" > ").expect("where it goes");
    let home = TempDir::new().unwrap();
    let mut terminal = Terminal::new(repository(), home.path());
    let drawn = terminal
        .types(&format!("appspecc inspect {command}"))
        .fine();
    let hint = "draw it anew with the command that README gives";
    assert!(document(file) == drawn.stdout, "{file} is old: {hint}");
    let mut pictures = page
        .split("![")
        .skip(1)
        .filter_map(|picture| picture.split_once("]("));
    let (told, _) = pictures
        .find(|(_, target)| target.starts_with(&format!("{file})")))
        .expect("README shows it");
    assert!(told.len() > 60, "what does one see who can't see it?");
}

/// The table of mistakes names our codes; their pages show the mistakes, and the stage `error_pages` runs them.
#[test]
fn the_comparison_says_what_codes_say() {
    let page = document("README.md");
    let rows: Vec<&str> = page
        .lines()
        .filter(|it| it.contains("](docs/errors/"))
        .collect();
    assert!(rows.len() > 8, "{rows:?}");
    for row in rows {
        let (_, ours) = row.rsplit_once("| [").expect("a last cell");
        let (severity, target) = ours.split_once("](docs/errors/").expect("a link");
        let id = target
            .split(".md")
            .next()
            .unwrap_or_default()
            .replace('/', "::");
        let code = codes::find(&id).unwrap_or_else(|| panic!("{id} is no code"));
        assert_eq!(severity, code.severity.word(), "{id}");
    }
}

#[test]
fn the_line_for_editors_is_a_line_for_editors() {
    let page = blocks(&document("docs/editors.md"));
    let shown = page
        .iter()
        .find(|it| it.language == "text")
        .expect("a line");
    let folders = [TempDir::new().unwrap(), TempDir::new().unwrap()];
    let [work, home] = &folders;
    fs::write(work.path().join("shop.appspec"), SHOP).unwrap();
    let mut terminal = Terminal::new(work.path(), home.path());
    let ran = terminal.types("appspecc check --format short --quiet");
    let shown: Vec<String> = shown.text.lines().map(str::to_owned).collect();
    as_shown(&shown, &ran.stdout).unwrap_or_else(|why| panic!("{why}\n\n{ran}"));
}

#[test]
fn consoles_of_the_repository_answer_as_shown() {
    let home = TempDir::new().unwrap();
    let mut terminal = Terminal::new(repository(), home.path());
    for block in blocks(&document("docs/from-lovable.md")) {
        if block.language == "console" {
            terminal
                .follows(&block.text)
                .unwrap_or_else(|why| panic!("{why}"));
        }
    }
}
