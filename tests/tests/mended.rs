//! Certain fixes, over everything that is wrong somewhere in this repository: the corpora and the pages of `docs/errors`.
//! The snapshot lists what is mended and how, so that a reviewer sees a fix that is none.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use appspec_analysis::{Mending, mend};
use appspec_diagnostics::{Severity, Source, Sources, codes};
use appspec_tests::random::Random;
use appspec_tests::spec;

/// Kinds of mistakes of which at least one has a certain fix.
const FEWEST_CODES: usize = 10;

/// How often a correct spec gets a slip.
const SLIPS: usize = 90;

/// Every spec with mistakes, and what it is called.
fn specs() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let mut specs = Vec::new();
    for corpus in ["check", "parse", "fmt"] {
        let mut paths = Vec::new();
        collect(&root.join(corpus), &mut paths);
        paths.sort();
        for path in paths {
            let name = path.strip_prefix(&root).unwrap_or(&path);
            let text = std::fs::read_to_string(&path).expect("a case is UTF-8");
            specs.push((name.display().to_string(), text));
        }
    }
    for code in codes::all() {
        let wrong = code.page.split("## Wrong").nth(1).unwrap_or("");
        let wrong = wrong.split("## Right").next().unwrap_or("");
        let blocks = wrong.split("```appspec\n").skip(1);
        for block in blocks.filter_map(|rest| rest.split_once("\n```").map(|(block, _)| block)) {
            specs.push((format!("page of {}", code.id), format!("{block}\n")));
        }
    }
    specs
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder of cases is there") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|end| end == "appspec") {
            paths.push(path);
        }
    }
}

fn with(sources: &Sources, mending: &Mending) -> Sources {
    let mut mended = Sources::new();
    for (file, source) in sources.iter() {
        let text = mending.texts.get(&file).unwrap_or(&source.text).clone();
        mended.add(Source {
            text,
            ..source.clone()
        });
    }
    mended
}

/// What is wrong, most important first: text that can't be read, names and types that do not resolve, all errors, warnings.
/// A file that can't be read hides everything behind that.
fn wrong(sources: &Sources) -> (usize, bool, usize, usize) {
    let mut sources = sources.clone();
    let (compiled, found) = appspec_analysis::compile(&mut sources);
    let syntax = found.iter().filter(|it| it.code.id.starts_with("syntax"));
    let count = |severity| found.count(severity);
    (
        syntax.count(),
        compiled.is_none(),
        count(Severity::Error),
        count(Severity::Warning),
    )
}

#[test]
fn every_certain_fix_mends_what_it_is_for() {
    let mut told = String::new();
    let mut mended_codes = BTreeSet::new();
    for (name, text) in specs() {
        let sources = spec::sources(&text);
        let mending = mend(&sources, &|_| true);
        if mending.texts.is_empty() {
            assert!(mending.mended.is_empty(), "{name}: told and not made");
            continue;
        }
        let after = with(&sources, &mending);
        let (before, now) = (wrong(&sources), wrong(&after));
        assert!(now < before, "{name}: {before:?}, then {now:?}");
        assert!(
            mend(&after, &|_| true).texts.is_empty(),
            "{name}: a second time, more is mended"
        );
        let _ = writeln!(told, "{name}");
        for it in &mending.mended {
            mended_codes.insert(it.code.id);
            let (line, column) = it.position;
            let _ = write!(told, "  {line}:{column} {}:", it.code.id);
            for (before, after) in &it.changes {
                let _ = write!(told, " {before:?} -> {after:?}");
            }
            told.push('\n');
        }
    }
    assert!(mended_codes.len() >= FEWEST_CODES, "{mended_codes:?}");
    insta::assert_snapshot!(told);
}

#[test]
fn what_a_foreign_word_hid_is_mended_too() {
    let right = "project shop { title: \"Shop\" }\n\nentity Customer {\n  name: text unique\n  \
                 email: email?\n  note: text?\n}\n";
    let wrong = "project shop { title: 'Shop' }\n\nmodel Customer {\n  name String @unique\n  \
                 email: email nullable\n  note: text? optional\n}\n";
    let sources = spec::sources(wrong);
    let after = with(&sources, &mend(&sources, &|_| true));
    let texts: Vec<&str> = after.iter().map(|(_, it)| it.text.as_str()).collect();
    assert_eq!(texts, [right]);
}

/// Slips of a finger in a correct spec: a letter too many, one too few, two the wrong way round, another one.
fn slipped(text: &str, random: &mut Random) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let at = random.below(letters.len() - 1);
    match random.below(4) {
        0 => letters.insert(at, 'x'),
        1 => drop(letters.remove(at)),
        2 => letters.swap(at, at + 1),
        _ => letters[at] = 'q',
    }
    letters.into_iter().collect()
}

#[test]
fn slips_are_mended_or_left_and_never_made_worse() {
    let mut random = Random::new(7);
    let (mut worse, mut mended, mut restored) = (0, 0, 0);
    for round in 0..SLIPS {
        let name = ["library", "school", "vet"][round % 3];
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("specs")
            .join(name);
        let right = spec::folder(&folder);
        let hit = random.below(right.len());
        let mut sources = Sources::new();
        for (index, (_, source)) in right.iter().enumerate() {
            let text = if index == hit {
                slipped(&source.text, &mut random)
            } else {
                source.text.clone()
            };
            sources.add(Source {
                text,
                ..source.clone()
            });
        }
        let before = wrong(&sources);
        let mending = mend(&sources, &|_| true);
        if before == (0, false, 0, 0) {
            assert!(mending.texts.is_empty(), "nothing was wrong");
            continue;
        }
        worse += 1;
        if mending.texts.is_empty() {
            continue;
        }
        mended += 1;
        let after = with(&sources, &mending);
        let now = wrong(&after);
        assert!(now < before, "{before:?}, then {now:?}: {mending:?}");
        assert!(mend(&after, &|_| true).texts.is_empty(), "{mending:?}");
        let texts = |all: &Sources| -> Vec<String> {
            all.iter().map(|(_, source)| source.text.clone()).collect()
        };
        restored += usize::from(texts(&after) == texts(&right));
    }
    println!("{SLIPS} slips, {worse} noticed, {mended} mended, {restored} back to the letter");
    assert!(restored * 3 > worse, "{restored} of {worse}");
}
