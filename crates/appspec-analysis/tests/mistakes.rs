//! One mistake of the pen in a spec that is right: it gives one finding, not a crowd of them.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, and reads the specs of the repository"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use appspec_diagnostics::{Origin, Source, Sources};

/// Module and text of each file of a spec.
type Files = Vec<(String, String)>;

fn folders() -> Vec<PathBuf> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests");
    let mut folders: Vec<PathBuf> = ["apps", "specs"]
        .iter()
        .flat_map(|folder| fs::read_dir(tests.join(folder)).expect("the specs are there"))
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.sort();
    folders
}

fn read(folder: &Path) -> Files {
    let mut files: Files = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == "appspec"))
        .map(|path| {
            let module = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (module, fs::read_to_string(&path).unwrap())
        })
        .collect();
    files.sort();
    files
}

/// `line: code: message` of each finding.
fn findings(files: &Files) -> Vec<String> {
    let mut sources = Sources::new();
    for (module, text) in files {
        sources.add(Source {
            path: format!("{module}.appspec"),
            module: module.clone(),
            origin: Origin::Spec,
            text: text.clone(),
        });
    }
    let (_, mut found) = appspec_analysis::compile(&mut sources);
    found.without_advice();
    found
        .iter()
        .map(|finding| {
            let label = finding.primary.as_ref();
            let line = label.map_or(0, |label| {
                let text = &sources.get(label.span.file).unwrap().text;
                1 + text[..label.span.start as usize].matches('\n').count()
            });
            format!("{line}: {}: {}", finding.code.id, finding.message)
        })
        .collect()
}

/// A place in a spec where something is left out.
struct Slip {
    file: usize,
    start: usize,
    end: usize,
}

/// Every sign that holds the text together, and a letter of every keyword that begins a line.
fn slips(files: &Files) -> Vec<Slip> {
    let mut slips = Vec::new();
    for (file, (_, text)) in files.iter().enumerate() {
        let mut begin = 0;
        for line in text.split_inclusive('\n') {
            let code = &line[..line.find("//").unwrap_or(line.len())];
            let mut quoted = false;
            for (at, sign) in code.char_indices() {
                if sign == '"' || (!quoted && "{}():,".contains(sign)) {
                    let start = begin + at;
                    slips.push(Slip {
                        file,
                        start,
                        end: start + 1,
                    });
                }
                quoted ^= sign == '"';
            }
            let word = code.trim_start().split(' ').next().unwrap();
            if KEYWORDS.contains(&word) {
                let start = begin + (code.len() - code.trim_start().len()) + 2;
                slips.push(Slip {
                    file,
                    start,
                    end: start + 1,
                });
            }
            begin += line.len();
        }
    }
    slips
}

const KEYWORDS: [&str; 12] = [
    "project",
    "type",
    "enum",
    "mixin",
    "entity",
    "extend",
    "predicate",
    "seed",
    "invariant",
    "unique",
    "derive",
    "shown",
];

/// Three that still give more than one finding: an import that can't be read brings in nothing, so what it would extend lacks
/// its fields; a reason whose first quote is missing is no reason and no member either; and where the stages of a variable are
/// not closed, what comes after is read as more stages.
const CROWDS: [&str; 3] = [
    "toolyard/access:101:   var PATIENCE: duration { production: 36h [}]",
    "league/fees:6: use clubs.",
    "salon/booking:44:     [\"]A number",
];

/// Every how many of them are tried; all of them take minutes.
const STEP: usize = 11;

/// How many are tried in a large spec, in which each costs more.
const MOST: usize = 80;

#[test]
fn a_slip_of_the_pen_gives_one_finding() {
    let mut crowds = String::new();
    let mut tried = 0;
    for folder in folders() {
        let files = read(&folder);
        assert_eq!(
            findings(&files),
            Vec::<String>::new(),
            "{}",
            folder.display()
        );
        let slips = slips(&files);
        let step = STEP.max(slips.len() / MOST);
        for slip in slips.iter().skip(tried % STEP).step_by(step) {
            let mut wrong = files.clone();
            let (module, text) = &mut wrong[slip.file];
            let line = 1 + text[..slip.start].matches('\n').count();
            let end = text[slip.end..]
                .find('\n')
                .map_or(text.len(), |at| slip.end + at);
            let begin = text[..slip.start].rfind('\n').map_or(0, |at| at + 1);
            let shown = format!(
                "{}[{}]{}",
                &text[begin..slip.start],
                &text[slip.start..slip.end],
                &text[slip.end..end]
            );
            let place = format!(
                "{}/{module}:{line}: {shown}",
                folder.file_name().unwrap().display()
            );
            text.replace_range(slip.start..slip.end, "");
            let found = findings(&wrong);
            tried += 1;
            if found.len() > 1 && !CROWDS.iter().any(|known| place.starts_with(known)) {
                writeln!(crowds, "{place}\n    {}", found.join("\n    ")).unwrap();
            }
        }
    }
    assert!(tried > 300, "{tried} were tried");
    assert!(crowds.is_empty(), "of {tried}:\n{crowds}");
}

/// Ten mistakes of all kinds; each line that has one ends with the code of its finding.
const TEN: &str = r#"project shop {
  title: "Shop"
  timezone: "Europe/Lisbn" // module::bad_setting
}
use std.tme.{Timestamped} // module::unknown
enum Status { open, paid, done }
entty Customer { // syntax::unexpected
  name: text(80)
  email: email unique
  notes text // syntax::unexpected
}
entity Order with Timestamped {
  customer: Customer
  number: int
  number: text(3) // name::duplicate
  total: decmal(8, 2) // name::unknown
  status: Status = opne // name::unknown
  größe: int // name::not_ascii
  lines: Lines // name::unknown
  invariant paid: status == paid and number = 3 // syntax::foreign_spelling
  invariant named: customer.nme == "x" // name::unknown
  invariant late: created_at > "x" implies status in {open, payd} // name::unknown
}
"#;

/// Each line that names a code has that finding, and no other line has one.
#[track_caller]
fn has_what_it_says(text: &str) {
    let files = vec![("shop".to_owned(), text.to_owned())];
    let mut expected = Vec::new();
    for (number, line) in text.lines().enumerate() {
        if let Some((_, code)) = line.split_once("// ") {
            expected.push(format!("{}: {code}", number + 1));
        }
    }
    let found: Vec<String> = findings(&files)
        .iter()
        .map(|it| it.splitn(3, ": ").take(2).collect::<Vec<_>>().join(": "))
        .collect();
    assert_eq!(found, expected, "{:#?}", findings(&files));
}

#[test]
fn mistakes_of_all_kinds_are_found_in_one_run() {
    has_what_it_says(TEN);
}

/// Mistakes of other kinds are certain beside one of the syntax.
const BESIDE: &str = r#"project shop { title: "Shop" }
enum Role { owner, guest }
entity Customer { name: text(80) }
entity Customer { name: text(80) } // name::duplicate
entity Broken {
  qqq // syntax::unexpected
  name text(80) // syntax::unexpected
}
entity Zoo with Namd { // name::unknown
  role: Rol // name::unknown
  customer: Custome // name::unknown
  discount: decimal(2, 8) // type::arguments
  number: int in 0..5 = 8 // type::default_does_not_fit
  /// The colour of it.
  colr: text(9)
  unique (colour) // name::unknown
  name: text(3)
  name: text(4) // name::duplicate
}
entity Sale wiht Zed { // syntax::unexpected
  total: Totl // name::unknown
}
entity Open {
  first: int
  last: Lst // name::unknown // syntax::missing_close

entity Next { a: int }
"#;

#[test]
fn a_mistake_of_the_syntax_hides_no_other() {
    let files = vec![("shop".to_owned(), BESIDE.to_owned())];
    let mut expected = Vec::new();
    for (number, line) in BESIDE.lines().enumerate() {
        let codes = line.split("// ").skip(1).filter(|it| it.contains("::"));
        expected.extend(codes.map(|code| format!("{}: {}", number + 1, code.trim())));
    }
    let found: Vec<String> = findings(&files)
        .iter()
        .map(|it| it.splitn(3, ": ").take(2).collect::<Vec<_>>().join(": "))
        .collect();
    assert_eq!(found, expected, "{:#?}", findings(&files));
}

/// An error of types in one entity, rules that exclude each other in the next, and a circle between two more.
const APART: &str = r#"project shop { title: "Shop" }
entity Order {
  number: int
  invariant paid: number == "x" // type::mismatch
}
entity Stay {
  nights: int
  guests: int
  invariant few: nights < guests
  invariant many: guests < nights // invariant::contradiction
}
entity Team {
  lead: Member
}
entity Member {
  team: Team // relation::required_cycle
}
"#;

#[test]
fn an_error_of_types_hides_no_other_entity() {
    has_what_it_says(APART);
}

/// A word that nobody knows is missed in one place or in several, and no check adds to that.
#[test]
fn a_wrong_word_has_no_consequences() {
    let mut crowds = String::new();
    let mut tried = 0;
    for folder in folders() {
        let files = read(&folder);
        let mut places = Vec::new();
        for (file, (_, text)) in files.iter().enumerate() {
            let mut begin = 0;
            for line in text.split_inclusive('\n') {
                let code = &line[..line.find("//").unwrap_or(line.len())];
                if let Some(at) = code.find(": ").filter(|_| !code.contains('"')) {
                    let word = code[at + 2..]
                        .split(|sign: char| !sign.is_alphanumeric() && sign != '_')
                        .next()
                        .unwrap();
                    if word.len() > 2 {
                        let start = begin + at + 2;
                        places.push((file, start, start + word.len()));
                    }
                }
                begin += line.len();
            }
        }
        let step = 3.max(places.len() / 40);
        for (file, start, end) in places.into_iter().step_by(step) {
            let mut wrong = files.clone();
            let (module, text) = &mut wrong[file];
            let line = 1 + text[..start].matches('\n').count();
            let word = text[start..end].to_owned();
            let place = format!("{}/{module}:{line}: {word}", folder.display());
            text.replace_range(start..end, &format!("{word}zz"));
            let found = findings(&wrong);
            tried += 1;
            // A field or a type with another name is missed wherever it is used.
            let missed = found.iter().filter(|it| {
                [": name::unknown", ": type::", ": env::type", ": syntax::"]
                    .iter()
                    .any(|code| it.contains(code))
            });
            if missed.count() != found.len() {
                writeln!(crowds, "{place}\n    {}", found.join("\n    ")).unwrap();
            }
        }
    }
    assert!(tried > 200, "{tried} were tried");
    assert!(crowds.is_empty(), "of {tried}:\n{crowds}");
}
