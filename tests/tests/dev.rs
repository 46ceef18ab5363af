//! `appspecc dev` as a newcomer meets it: one installation, then everything that is done with it; what goes wrong before it.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use appspec_tests::compiler::appspecc;
use appspec_tests::database::Kind;
use appspec_tests::running::{Running, nothing_runs_in, processes_in};
use appspec_tests::sandbox::{self, Mounts};
use appspec_tests::{Project, Ran, Stage, oracles, surroundings};
use tempfile::TempDir;

const SPEC: &str = r#"
/// Who borrows what.
project shelf { title: "Shelf" }

use std.auth.{User}

entity Book "Book", "Books" {
  shown as title
  title: text(80) unique
  pages: int in 1..5000
}

entity Loan "Loan", "Loans" {
  book: Book on delete protect inverse loans
  reader: User on delete protect inverse loans
  from_day: date
  back_by: date
  invariant back_later: from_day < back_by
    message "A book comes back after it was taken."
  invariant not_before_today on create: from_day >= today()
    message "A loan begins today or later."
}
"#;

/// Signs in as a person would and prints the list of loans.
const VISIT: &str = "
import http.cookiejar, re, sys, urllib.parse, urllib.request
base, email, password = sys.argv[1:]
jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
browser = urllib.request.build_opener(jar)
page = browser.open(base + 'admin/login/').read().decode()
token = re.search('name=\"csrfmiddlewaretoken\" value=\"([^\"]+)\"', page).group(1)
form = {'csrfmiddlewaretoken': token, 'username': email, 'password': password, 'next': '/admin/shelf/loan/'}
request = urllib.request.Request(base + 'admin/login/', urllib.parse.urlencode(form).encode(), {'Referer': base})
print(browser.open(request).read().decode())
";

/// A spec in a folder as its reader has it, and the projects that come of it.
struct Newcomer {
    folder: TempDir,
}

impl Newcomer {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        fs::create_dir_all(folder.path().join("specs/salon")).unwrap();
        let newcomer = Self { folder };
        newcomer.write(SPEC);
        newcomer
    }

    fn spec(&self) -> PathBuf {
        self.folder.path().join("specs/salon")
    }

    fn project(&self) -> PathBuf {
        self.spec().join("build/shelf")
    }

    fn write(&self, text: &str) {
        // As many editors do it: a new file takes the place of the old one.
        let new = self.spec().join(".shelf.appspec.new");
        fs::write(&new, text).unwrap();
        fs::rename(new, self.spec().join("shelf.appspec")).unwrap();
    }

    fn dev(&self, arguments: &[&str]) -> Command {
        let mut command = appspecc();
        command
            .current_dir(self.folder.path())
            .arg("dev")
            .args(arguments);
        // None of these may reach the project.
        command
            .env("DJANGO_SETTINGS_MODULE", "elsewhere.settings")
            .env("DATABASE_URL", "postgres://nobody@192.0.2.1/theirs")
            .env("PYTHONPATH", "/nowhere")
            .env("VIRTUAL_ENV", "/nowhere");
        command
    }

    fn once(&self) -> Ran {
        Ran::of(&mut self.dev(&["specs/salon", "--once"]))
    }

    /// Whether all packages are there.
    fn is_complete(&self) -> bool {
        let note = fs::read_to_string(self.project().join(".venv/appspecc.json"));
        note.is_ok_and(|note| !note.contains("\"requirements\":\"\""))
    }

    /// Changes rows as somebody does at the prompt of the project.
    fn changes(&self, statement: &str) {
        let mut python = Command::new(self.project().join(".venv/bin/python"));
        python
            .current_dir(self.project())
            .args(["manage.py", "shell", "-c"])
            .arg(format!("from shelf.models import Book\n{statement}"));
        Ran::of(&mut python).fine();
    }

    fn query(&self, sql: &str) -> String {
        let script = "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchone()[0])";
        let mut python = Command::new(self.project().join(".venv/bin/python"));
        python
            .args(["-c", script])
            .arg(self.project().join("db.sqlite3"))
            .arg(sql);
        Ran::of(&mut python).fine().stdout.trim().to_owned()
    }
}

/// A word after another one, as in `password  1a2b`.
fn after(said: &str, name: &str) -> String {
    let line = said
        .lines()
        .find(|line| line.trim_start().starts_with(name));
    let line = line.unwrap_or_else(|| panic!("nothing about `{name}` in:\n{said}"));
    line.trim_start().trim_start_matches(name).trim().to_owned()
}

/// The address that a run says.
fn address(said: &str) -> String {
    let (_, rest) = said.split_once("http://127.0.0.1:").unwrap();
    let port: String = rest.chars().take_while(char::is_ascii_digit).collect();
    format!("http://127.0.0.1:{port}/")
}

fn port_of(address: &str) -> u16 {
    address
        .trim_end_matches('/')
        .rsplit(':')
        .next()
        .unwrap()
        .parse()
        .unwrap()
}

/// Nobody serves there any more. A client of another test may have the port for a moment: the system hands out whatever is free.
#[track_caller]
fn is_free(address: &str) {
    let bind = || TcpListener::bind((Ipv4Addr::LOCALHOST, port_of(address)));
    let started = Instant::now();
    while bind().is_err() && started.elapsed() < Duration::from_secs(10) {
        thread::sleep(Duration::from_millis(50));
    }
    bind().expect("the port is free again");
}

fn sees(newcomer: &Newcomer, said: &str) -> String {
    let mut python = Command::new(newcomer.project().join(".venv/bin/python"));
    python.args(["-c", VISIT, &address(said)]);
    python.args([after(said, "sign in"), after(said, "password")]);
    Ran::of(&mut python).fine().stdout
}

#[test]
fn the_first_hour() {
    let newcomer = Newcomer::new();
    let first = newcomer.once().fine();
    for words in [
        "packages installed",
        "example rows stored",
        "Shelf answers at",
        "Loans",
    ] {
        assert!(first.said().contains(words), "{words}\n{first}");
    }
    assert!(newcomer.is_complete());
    nothing_runs_in(&newcomer.project());
    is_free(&address(&first.stdout));

    let second = newcomer.once().fine();
    assert!(!second.said().contains("install"), "{second}");
    assert!(!second.said().contains("stored"), "{second}");
    assert_eq!(
        after(&first.stdout, "password"),
        after(&second.stdout, "password")
    );

    follows_the_spec(&newcomer);
    what_was_added_may_go_again(&newcomer);
    what_the_rows_refuse_goes_with_its_migrations(&newcomer);
    begins_with_a_broken_spec(&newcomer);
    a_folder_that_is_removed_begins_anew(&newcomer);
    another_name_is_another_project(&newcomer);
    ends_while_rows_are_stored(&newcomer);
    ends_between_a_migration_and_its_note(&newcomer);
    survives_kill_9(&newcomer);
    what_is_edited_stops_it(&newcomer);
    examples_of_the_help(&newcomer);
    another_environment_when_the_packages_change(&newcomer);
}

fn follows_the_spec(newcomer: &Newcomer) {
    let mut run = Running::start(&mut newcomer.dev(&["specs/salon"]));
    run.says("Ctrl-C ends it", 1);
    let said = run.said();
    let page = sees(newcomer, &said);
    assert!(
        page.contains("Loans") && page.contains("action-checkbox"),
        "{page}"
    );
    let books = newcomer.query("select count(*) from shelf_book");
    assert_ne!(books, "0");

    let other = newcomer.once().exits(3);
    assert!(other.stderr.contains("world::busy"), "{other}");

    let grown = SPEC.replace("  pages:", "  isbn: text(13)?\n  pages:");
    newcomer.write(&grown);
    run.says("is up to date", 1);
    assert!(run.said().contains("+ field Book.isbn"), "{}", run.said());
    assert_eq!(
        newcomer.query("select count(isbn) + count(*) from shelf_book"),
        books,
        "rows stay"
    );

    newcomer.write(&grown.replace("text(13)", "txt(13)"));
    run.says("still serves the last good version", 1);
    let said = run.said();
    assert_eq!(said.matches("error[name::unknown]").count(), 1, "{said}");
    sees(newcomer, &said);
    newcomer.write(&grown);
    run.says("stays as it is", 1);

    // Two files at once, one of them new, then gone again.
    let part = newcomer.spec().join("more.appspec");
    fs::write(&part, "entity Shelf { name: text(20) }\n").unwrap();
    newcomer.write(&grown.replace("text(80)", "text(40)"));
    run.says("still serves the last good version", 2);
    newcomer.write(&grown);
    run.says("+ entity Shelf", 1);
    run.says("is up to date", 2);

    fs::write(&part, "entity Rack was Shelf { name: text(20) }\n").unwrap();
    run.says("~ entity Rack, was Shelf", 1);
    run.says("is up to date", 3);
    let said_so_far = run.said();
    assert!(!said_so_far.contains("~ entity Rack\n"), "{said_so_far}");

    run.signal("INT");
    assert_eq!(
        run.ends(Duration::from_secs(20)).code(),
        Some(130),
        "{}",
        run.said()
    );
    nothing_runs_in(&newcomer.project());
    is_free(&address(&said));
}

/// Runs `dev` and saves one text after another; each has to say these words, and to be served.
struct Saves<'n> {
    newcomer: &'n Newcomer,
    run: Running,
    said: usize,
}

impl<'n> Saves<'n> {
    fn begin(newcomer: &'n Newcomer) -> Self {
        let mut run = Running::start(&mut newcomer.dev(&["specs/salon"]));
        run.says("Ctrl-C ends it", 1);
        let said = run.said().len();
        Self {
            newcomer,
            run,
            said,
        }
    }

    /// Saves; gives what is said until then.
    #[track_caller]
    fn save(&mut self, text: &str, until: &str) -> String {
        self.newcomer.write(text);
        let times = self.run.said()[..self.said].matches(until).count() + 1;
        self.run.says(until, times);
        let said = self.run.said();
        let new = said[self.said..].to_owned();
        self.said = said.len();
        new
    }

    #[track_caller]
    fn serves(&mut self, text: &str, words: &[&str]) {
        let said = self.save(text, "is up to date");
        for word in words {
            assert!(said.contains(word), "{word}\n{said}");
        }
        assert!(!said.contains("error["), "{said}");
    }

    fn end(mut self) {
        self.run.signal("INT");
        assert_eq!(self.run.ends(Duration::from_secs(20)).code(), Some(130));
        nothing_runs_in(&self.newcomer.project());
    }
}

fn what_was_added_may_go_again(newcomer: &Newcomer) {
    let good = fs::read_to_string(newcomer.spec().join("shelf.appspec")).unwrap();
    let with = |line: &str| good.replace("  pages:", &format!("{line}\n  pages:"));
    let mut saves = Saves::begin(newcomer);
    let books = newcomer.query("select count(*) from shelf_book");
    let ids = "select group_concat(id) from (select id from shelf_book order by id)";
    let rows = newcomer.query(ids);

    saves.serves(&with("  nick: email?"), &["+ field Book.nick"]);
    newcomer.changes("Book.objects.update(nick='a@example.com')");
    let said = "~ field Book.nickname, was nick";
    saves.serves(&with("  nickname: email?"), &[said]);
    let kept = "select count(*) from shelf_book where nickname = 'a@example.com'";
    assert_eq!(newcomer.query(kept), books, "values stay");
    let said = "- Book.nickname, added a moment ago, is gone again";
    saves.serves(&good, &[said]);

    // All that can hang on fields and mention them goes with them.
    let many = "  price: decimal(8, 2) in 0.. = 1\n  code: slug(20)? matches \"[a-z]+\"\n  \
        shade: Shade = dark\n  tags: list of text(9) = []\n  lent: date?\n  back: date?\n  \
        unique (code, price) where code is set\n  index (price desc)\n  derive dear: bool = price > 10\n  \
        invariant cheap: price < 100 or code is set\n    message \"Too dear.\"\n  \
        invariant in_turn: (lent is set and back is set) implies lent < back\n  no overlap of lent until back per pages\n  \
        lifecycle shade {\n    lighten: dark -> light\n    darken: light -> dark\n  }";
    let grown = format!(
        "{}\nenum Shade {{ dark, light }}\nentity Stand {{\n  label: text(20)\n  keeper: User on delete protect \
         inverse stands\n  books: many Book inverse stands\n}}\n",
        with(&format!(
            "{many}\n  stand: Stand? on delete set null inverse held"
        ))
    );
    saves.serves(&grown, &["+ entity Stand"]);
    saves.serves(
        &grown
            .replace("dark, light }", "dark, light, gray }")
            .replace(
                "darken: light ->",
                "gray: dark -> gray\n    darken: light, gray ->",
            ),
        &["~ enum Shade"],
    );
    saves.serves(&grown, &["- Shade.gray, added a moment ago, is gone again"]);
    saves.serves(
        &good,
        &[
            "- Book.price, added",
            "- Book.shade, added",
            "- Stand, added",
        ],
    );
    assert_eq!(newcomer.query(ids), rows, "rows stay");

    // What was there before is as protected as ever, and so is what Git knows.
    let said = saves.save(
        &good.replace("  isbn: text(13)?\n", ""),
        "still serves the last good version",
    );
    assert!(said.contains("error[evolve::field_dropped]"), "{said}");
    saves.serves(&with("  nick: email?"), &["+ field Book.nick"]);
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        git.arg("-C").arg(newcomer.project()).args(arguments);
        Ran::of(&mut git).fine();
    };
    git(&["init", "-q"]);
    git(&["add", "shelf", ".appspec"]);
    let said = saves.save(&good, "still serves the last good version");
    assert!(said.contains("error[evolve::field_dropped]"), "{said}");
    saves.save(&with("  nick: email?"), "stays as it is");
    saves.end();
    fs::remove_dir_all(newcomer.project().join(".git")).unwrap();

    // The project as it would be handed on: without what only runs here.
    let other = newcomer.folder.path().join("handed_on");
    Ran::of(
        Command::new("cp")
            .arg("-a")
            .arg(newcomer.project())
            .arg(&other),
    )
    .fine();
    for ours in [".venv", ".dev"] {
        fs::remove_dir_all(other.join(ours)).unwrap();
    }
    fs::remove_file(other.join("db.sqlite3")).unwrap();
    for python in &surroundings().pythons {
        let project = Project::new(&other, python);
        // PostgreSQL keeps the functions that lifecycles and stretches called, which belong to no table.
        let same_schema: &[&str] = &["makemigrations_check", "schema"];
        let same_models: &[&str] = &["makemigrations_check"];
        for (kind, asked) in [(Kind::Sqlite, same_schema), (Kind::Postgres, same_models)] {
            for oracle in asked {
                let oracle = oracles::named(&format!("{oracle}_{}", kind.name()));
                (oracle.judge)(&project)
                    .unwrap_or_else(|findings| panic!("{}: {findings}", oracle.name));
            }
            let database = project.migrated(kind).unwrap();
            for to in [&["shelf", "zero"][..], &[]] {
                let arguments = [&["migrate", "--no-input"], to].concat();
                project
                    .manage(Stage::Development, &database, &arguments)
                    .fine();
            }
        }
    }
}

fn what_the_rows_refuse_goes_with_its_migrations(newcomer: &Newcomer) {
    let good = fs::read_to_string(newcomer.spec().join("shelf.appspec")).unwrap();
    let with = |most: &str| {
        let lines = format!(
            "  shelved: date?\n  invariant thin: pages < {most}\n    message \"Too thick.\"\n  pages:"
        );
        good.replace("  pages:", &lines)
    };
    let migrations = || {
        let folder = newcomer.project().join("shelf/migrations");
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().file_name().to_string_lossy().into_owned())
            .filter(|name| name.starts_with("00"))
            .collect();
        names.sort();
        names
    };
    let before = migrations();
    let mut saves = Saves::begin(newcomer);
    let until = "still serves the last good version";
    let said = saves.save(&with("2"), until);
    let told = unwrapped(&said);
    for words in [
        "the rows in the database are not as the spec wants them now: shelf.Book: ",
        "break the new rule shelf_book_thin: ",
        "change these rows and save the spec again",
        "or take the change out of the spec again: its migrations go with it",
    ] {
        assert!(told.contains(words), "{words}\n{said}");
    }
    assert!(!told.contains("Nothing was changed"), "{said}");
    sees(newcomer, &saves.run.said());
    // Corrected, and refused again; and taken out.
    let said = saves.save(&with("3"), until);
    assert!(
        said.contains("_rules.py, which the database refused"),
        "{said}"
    );
    saves.serves(&good, &["_rules.py, which the database refused"]);
    assert_eq!(migrations(), before);

    // Rows that are changed meanwhile, and a migration that somebody ran by hand, which stays.
    saves.save(&with("4"), until);
    newcomer.changes("Book.objects.update(pages=1)");
    let mut migrate = Command::new(newcomer.project().join(".venv/bin/python"));
    migrate
        .current_dir(newcomer.project())
        .args(["manage.py", "migrate"]);
    Ran::of(&mut migrate).fine();
    let with_both = migrations();
    saves.serves(
        &good,
        &["- Book.shelved, added a moment ago, is gone again"],
    );
    assert_eq!(migrations()[..with_both.len()], with_both);
    assert!(migrations().len() > with_both.len());
    saves.end();
}

fn begins_with_a_broken_spec(newcomer: &Newcomer) {
    let good = fs::read_to_string(newcomer.spec().join("shelf.appspec")).unwrap();
    newcomer.write(&good.replace("entity Loan", "entity Loan {"));
    newcomer.once().exits(1);
    let mut run = Running::start(&mut newcomer.dev(&["specs/salon"]));
    run.says("Nothing runs yet", 1);
    newcomer.write(&good);
    run.says("Ctrl-C ends it", 1);
    run.signal("TERM");
    assert_eq!(
        run.ends(Duration::from_secs(20)).code(),
        Some(130),
        "{}",
        run.said()
    );
    nothing_runs_in(&newcomer.project());
}

fn a_folder_that_is_removed_begins_anew(newcomer: &Newcomer) {
    let good = fs::read_to_string(newcomer.spec().join("shelf.appspec")).unwrap();
    let mut run = Running::start(&mut newcomer.dev(&["specs/salon"]));
    run.says("Ctrl-C ends it", 1);
    fs::remove_dir_all(newcomer.project()).unwrap();
    newcomer.write(&good.replace("isbn: text(13)?", "isbn: text(17)?"));
    run.says("was removed meanwhile", 1);
    run.says("Ctrl-C ends it", 2);
    let said = run.said();
    assert!(!said.contains("world::"), "{said}");
    let (_, new) = said.split_once("was removed meanwhile").unwrap();
    sees(newcomer, new);
    let other = newcomer.once().exits(3);
    assert!(other.stderr.contains("world::busy"), "{other}");
    run.signal("INT");
    run.ends(Duration::from_secs(20));
    nothing_runs_in(&newcomer.project());
}

fn another_name_is_another_project(newcomer: &Newcomer) {
    let good = fs::read_to_string(newcomer.spec().join("shelf.appspec")).unwrap();
    let mut run = Running::start(&mut newcomer.dev(&["specs/salon"]));
    run.says("Ctrl-C ends it", 1);
    newcomer.write(&good.replace("project shelf {", "project rack {"));
    run.says("Ctrl-C ends it", 2);
    let said = run.said();
    let (_, new) = said.split_once("the old project stays in").unwrap();
    assert!(
        new.contains("specs/salon/build/shelf, with its rows"),
        "{said}"
    );
    let other = newcomer.spec().join("build/rack");
    let password = fs::read_to_string(other.join(".dev/password")).unwrap();
    assert_eq!(after(new, "password"), password.trim(), "{said}");
    assert!(newcomer.project().join("db.sqlite3").is_file());
    // Who goes back is told the address and the account that were there before.
    newcomer.write(&good);
    run.says("Ctrl-C ends it", 3);
    sees(newcomer, &said);
    run.signal("INT");
    run.ends(Duration::from_secs(20));
    nothing_runs_in(&newcomer.project());
    nothing_runs_in(&other);
    fs::remove_dir_all(other).unwrap();
}

fn survives_kill_9(newcomer: &Newcomer) {
    let mut run = Running::start(&mut newcomer.dev(&["specs/salon"]));
    run.says("Ctrl-C ends it", 1);
    assert!(!processes_in(&newcomer.project()).is_empty());
    run.signal("KILL");
    run.ends(Duration::from_secs(5));
    nothing_runs_in(&newcomer.project());
    is_free(&address(&run.said()));
    newcomer.once().fine();
}

fn what_is_edited_stops_it(newcomer: &Newcomer) {
    let file = newcomer.project().join("shelf/admin.py");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, format!("{text}\n# mine\n")).unwrap();
    let refused = newcomer.once().exits(4);
    assert!(
        refused.stderr.contains("world::would_overwrite"),
        "{refused}"
    );
    Ran::of(&mut newcomer.dev(&["specs/salon", "--once", "--keep"])).fine();
    fs::write(&file, text).unwrap();

    // A variable that can't be used is named, not buried in a traceback.
    fs::write(newcomer.project().join(".env"), "DJANGO_LOG_LEVEL=LOUD\n").unwrap();
    let refused = newcomer.once().exits(3);
    assert!(
        refused.stderr.contains("world::project_failed"),
        "{refused}"
    );
    assert!(refused.stderr.contains("DJANGO_LOG_LEVEL"), "{refused}");
    fs::remove_file(newcomer.project().join(".env")).unwrap();
}

fn examples_of_the_help(newcomer: &Newcomer) {
    let help = Ran::of(appspecc().args(["dev", "--help"])).fine().stdout;
    let (_, examples) = help.split_once("Examples:\n").unwrap();
    let examples: Vec<&str> = examples
        .lines()
        .map_while(|line| line.strip_prefix("  "))
        .collect();
    assert_eq!(examples.len(), 2, "{examples:?}");
    for example in examples {
        let words: Vec<&str> = example
            .split('#')
            .next()
            .unwrap()
            .split_whitespace()
            .collect();
        let mut command = newcomer.dev(&words[2..]);
        if !example.contains("specs/") {
            command.current_dir(newcomer.spec());
        }
        Ran::of(&mut command).fine();
    }
}

fn another_environment_when_the_packages_change(newcomer: &Newcomer) {
    let note = newcomer.project().join(".venv/appspecc.json");
    let whole = fs::read_to_string(&note).unwrap();
    let start = whole.find(":\"").unwrap() + 2;
    let mut other = whole.clone();
    other.replace_range(start..start + 8, "00000000");
    fs::write(&note, other).unwrap();
    // Nobody answers at the discard port.
    let mut command = newcomer.dev(&["specs/salon", "--once"]);
    let refused = Ran::of(
        command
            .env("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
            .env("PIP_NO_CACHE_DIR", "1"),
    )
    .exits(3);
    assert!(refused.stderr.contains("world::no_network"), "{refused}");
    assert!(!newcomer.is_complete());
}

/// Between the example rows and the administrator, who is one of them, is nothing that could stay.
fn ends_while_rows_are_stored(newcomer: &Newcomer) {
    let database = newcomer.project().join("db.sqlite3");
    for milliseconds in [600, 900, 1_200, 1_500, 1_800] {
        fs::remove_file(&database).unwrap();
        let mut run = Running::start(&mut newcomer.dev(&["specs/salon"]));
        run.says("bringing the database up to the spec", 1);
        std::thread::sleep(Duration::from_millis(milliseconds));
        run.signal("INT");
        run.ends(Duration::from_secs(20));
        nothing_runs_in(&newcomer.project());
        newcomer.once().fine();
    }
}

/// Takes its time before it writes down that a migration was applied.
const SLOW_NOTES: &str = "
import time
from django.db.migrations.recorder import MigrationRecorder
note = MigrationRecorder.record_applied
def record_applied(*given):
    time.sleep(0.4)
    note(*given)
MigrationRecorder.record_applied = record_applied
";

fn ends_between_a_migration_and_its_note(newcomer: &Newcomer) {
    let libraries = fs::read_dir(newcomer.project().join(".venv/lib")).unwrap();
    let library = libraries.map(|found| found.unwrap().path()).next().unwrap();
    let packages = library.join("site-packages");
    let begins = packages.join("slow_notes.pth");
    fs::write(packages.join("slow_notes.py"), SLOW_NOTES).unwrap();
    for milliseconds in [1_000, 1_500, 2_500, 4_000] {
        fs::write(&begins, "import slow_notes\n").unwrap();
        fs::remove_file(newcomer.project().join("db.sqlite3")).unwrap();
        let mut run = Running::start(&mut newcomer.dev(&["specs/salon"]));
        run.says("bringing the database up to the spec", 1);
        std::thread::sleep(Duration::from_millis(milliseconds));
        run.signal("KILL");
        run.ends(Duration::from_secs(20));
        nothing_runs_in(&newcomer.project());
        fs::remove_file(&begins).unwrap();
        newcomer.once().fine();
    }
}

#[test]
fn ctrl_c_while_packages_are_installed() {
    let newcomer = Newcomer::new();
    // Takes connections and never answers.
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let index = format!("http://{}/simple", silent.local_addr().unwrap());
    let mut command = newcomer.dev(&["specs/salon"]);
    let mut run = Running::start(
        command
            .env("PIP_INDEX_URL", index)
            .env("PIP_NO_CACHE_DIR", "1"),
    );
    run.says("installing", 1);
    std::thread::sleep(Duration::from_secs(1));
    run.signal("INT");
    assert_eq!(
        run.ends(Duration::from_secs(20)).code(),
        Some(130),
        "{}",
        run.said()
    );
    nothing_runs_in(&newcomer.project());
    assert!(!newcomer.is_complete());
}

/// A folder with programs of these names, the only ones that are found.
fn programs(all: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, script) in all {
        let file = folder.path().join(name);
        fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }
    folder
}

/// What was said, without the ends of the terminal's lines.
fn unwrapped(said: &str) -> String {
    let words = said.split_whitespace().filter(|word| *word != "│");
    words.collect::<Vec<_>>().join(" ")
}

fn refused(all: &[(&str, &str)], code: &str, words: &[&str]) {
    let newcomer = Newcomer::new();
    let path = programs(all);
    let ran = Ran::of(
        newcomer
            .dev(&["specs/salon", "--once"])
            .env("PATH", path.path()),
    )
    .exits(3);
    assert!(ran.stderr.contains(&format!("error[{code}]")), "{ran}");
    let told = unwrapped(&ran.stderr);
    for word in words {
        assert!(told.contains(word), "{word}\n{ran}");
    }
    assert!(
        ran.stderr.contains("help:") && ran.stderr.contains("uv"),
        "{ran}"
    );
    assert!(!newcomer.is_complete());
}

#[test]
fn without_a_python() {
    // Shims of a version manager are there, and do not start.
    let shim = "echo 'pyenv: python3.12: command not found' >&2; exit 127";
    for all in [&[][..], &[("python3", shim), ("python3.12", shim)]] {
        refused(all, "world::no_python", &["3.11 or later"]);
    }
}

#[test]
fn with_a_python_that_does_not_start() {
    let broken = "echo 'error while loading shared libraries: libpython3.8.so.1.0' >&2; exit 127";
    let said = |all: &[(&str, &str)], words: &[&str]| refused(all, "world::no_python", words);
    said(
        &[("python3", broken)],
        &[
            "/python3`",
            "libpython3.8.so.1.0",
            "no other Python was found",
        ],
    );
    said(&[("python", "exit 3")], &["/python`", "exit status: 3"]);
    said(
        &[("python3.11", "echo hello")],
        &["does not say its version (hello)"],
    );
    // What is there and works counts, whatever lies before it.
    let all = [("python3.12", broken), ("python3", "echo '3.9.2|1|'")];
    refused(&all, "world::old_python", &["Python 3.9.2", "too old"]);
}

#[test]
fn with_an_old_python() {
    let all = [
        ("python3", "echo '3.9.2|1|'"),
        ("python", "echo '2.7.18|0|'"),
    ];
    refused(&all, "world::old_python", &["Python 3.9.2", "too old"]);
}

#[test]
fn with_a_python_that_makes_no_environments() {
    let all = [("python3", "echo '3.12.3|0|'")];
    refused(
        &all,
        "world::python_without_venv",
        &["Python 3.12.3", "ensurepip"],
    );
}

#[test]
fn with_uv_and_no_network() {
    let uv = "case $1 in
        --version) echo 'uv 0.9.0' ;;
        venv) echo 'error: Failed to fetch: client error (Connect): dns error' >&2; exit 2 ;;
        esac";
    refused(&[("uv", uv)], "world::no_network", &["does not answer"]);
}

#[test]
fn uv_is_asked_for_what_pip_would_do() {
    let newcomer = Newcomer::new();
    let uv = "case $1 in
        --version) echo 'uv 0.9.0' ;;
        *) echo \"$@\"; [ -z \"$VIRTUAL_ENV\" ] || exit 9; [ \"$1\" = venv ] || exit 2 ;;
        esac";
    let path = programs(&[("uv", uv), ("python3", "echo '3.12.3|0|'")]);
    let ran = Ran::of(
        newcomer
            .dev(&["specs/salon", "--once"])
            .env("PATH", path.path()),
    )
    .exits(3);
    assert!(
        ran.stderr.contains("virtual environment for Python 3.12.3"),
        "{ran}"
    );
    assert!(ran.stderr.contains("world::install_failed"), "{ran}");
    let log = fs::read_to_string(newcomer.project().join(".dev/install.log")).unwrap();
    assert!(
        log.contains("--require-hashes -r requirements/development.txt"),
        "{log}"
    );
}

#[test]
fn an_environment_of_somebody_else_is_left_alone() {
    let newcomer = Newcomer::new();
    let theirs = newcomer.project().join(".venv");
    fs::create_dir_all(&theirs).unwrap();
    fs::write(theirs.join("notes.txt"), "mine").unwrap();
    let ran = newcomer.once().exits(3);
    assert!(ran.stderr.contains("world::strange_environment"), "{ran}");
    assert_eq!(
        fs::read_to_string(theirs.join("notes.txt")).unwrap(),
        "mine"
    );
}

#[test]
fn a_full_disk_is_named() {
    let newcomer = Newcomer::new();
    let spec = newcomer.spec();
    Ran::of(appspecc().arg("build").arg(&spec)).fine();
    if sandbox::mounts() == Mounts::Impossible {
        println!("nobody may mount a small disk here");
        return;
    }
    for left in [20_000, 500_000, 4_000_000] {
        let dev = newcomer.dev(&["specs/salon", "--once"]);
        let ran = sandbox::with_bytes_left(&dev, &newcomer.project(), left).exits(3);
        assert!(ran.stderr.contains("error[world::cant_write]"), "{ran}");
        assert!(
            unwrapped(&ran.stderr).contains("no space left on the disk"),
            "{ran}"
        );
        assert!(!newcomer.is_complete());
    }
}

#[test]
fn a_taken_port() {
    let newcomer = Newcomer::new();
    let other = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = other.local_addr().unwrap().port().to_string();
    let ran = Ran::of(&mut newcomer.dev(&["specs/salon", "--once", "--port", &port])).exits(3);
    assert!(
        ran.stderr.contains("world::port_taken") && ran.stderr.contains(&port),
        "{ran}"
    );
    assert!(
        !newcomer.project().exists(),
        "it is said before anything is made"
    );
    let out_of_range = Ran::of(&mut newcomer.dev(&["specs/salon", "--port", "0"]));
    out_of_range.exits(2);
}

#[test]
fn paths_that_lead_to_no_spec() {
    let newcomer = Newcomer::new();
    // Nothing that a save could mend, so nobody waits for one.
    for path in ["nowhere", "specs/salon/build"] {
        let ran = Ran::of(&mut newcomer.dev(&[path])).exits(3);
        assert!(ran.stderr.contains("world::"), "{ran}");
    }
}
