//! The pages of `world::` codes: what their terminal sessions show happens. Each page has a folder as its reader has it; the
//! commands under "Wrong" are typed and give the code, those under "Right" are typed after them and lead out.

use std::fs::{self, File};
use std::path::PathBuf;

use appspec_diagnostics::codes;
use appspec_tests::console::{Step, steps};
use appspec_tests::markdown::{Block, blocks, document};
use appspec_tests::{Ran, Terminal, surroundings};
use libtest_mimic::{Arguments, Failed, Trial};
use tempfile::TempDir;

/// Pages that are not followed here, and why.
const ELSEWHERE: [(&str, &str); 10] = [
    (
        "world::changed_meanwhile",
        "a moment that can't be met from outside; a test beside the code makes it",
    ),
    ("world::install_failed", DEV),
    ("world::no_network", DEV),
    ("world::no_python", DEV),
    ("world::old_python", DEV),
    ("world::port_taken", DEV),
    ("world::project_failed", DEV),
    ("world::python_without_venv", DEV),
    (
        "world::server_failed",
        "a server that ends by itself; nothing brings it about yet",
    ),
    ("world::strange_environment", DEV),
];

/// What the scripts below are made of.
const WORDS: &str = r#"
built=salon/build/salon
build() { appspecc build -q salon; }
commit() { git init -q . && git add -A && git -c user.name=A -c user.email=a@example.com commit -q -m built; }
edit() { echo '# mine' >> "$built/$1"; }
note() { awk '/day:/ { print "  note: text?" } { print }' salon/booking.appspec > b && mv b salon/booking.appspec; }
uses() { sed "s/use people/use $1/" salon/booking.appspec > b && mv b salon/booking.appspec; }
project() { mkdir -p "$1" && echo "project $2 { title: \"$2\" }" > "$1/$2.appspec"; }
"#;

/// How a folder with the spec of a salon becomes the one that the reader of a page has in front of them.
const BEFORE: [(&str, &str); 23] = [
    (
        "world::bad_state",
        "build; commit; echo '{' > $built/.appspec/migrations/booking/0001_initial.json",
    ),
    ("world::busy", "build"),
    ("world::cant_write", ""),
    (
        "world::file_name",
        "mv salon/people.appspec 'salon/Our People.appspec'; uses our_people",
    ),
    (
        "world::folder_in_use",
        "mkdir library; touch library/books.txt",
    ),
    ("world::foreign", "touch README.md"),
    ("world::forgotten", "build; note; build; commit"),
    // As a build leaves it that was killed behind its last move.
    (
        "world::interrupted",
        "build; echo '{\"moves\": [], \"folders\": []}' > $built/.appspec/journal.json",
    ),
    ("world::kept_behind", "build; edit booking/models.py; note"),
    (
        "world::migration_edited",
        "build; note; build; commit; edit booking/migrations/0002_visit_note.py",
    ),
    (
        "world::migration_missing",
        "build; note; build; commit; rm $built/booking/migrations/0002_visit_note.py",
    ),
    ("world::migration_strange", "build; note"),
    (
        "world::no_spec",
        "mkdir documents; touch documents/letter.txt",
    ),
    (
        "world::not_a_file",
        "mv salon/people.appspec p; mkdir salon/people.appspec; mv p salon/people.appspec/people.appspec; uses people.people",
    ),
    ("world::not_a_spec", "touch salon/README.md"),
    ("world::not_found", ""),
    (
        "world::not_utf8",
        r"printf '// People\n\n// Herr Sch\366n\nentity Client { name: text(80) }\n' > salon/people.appspec",
    ),
    (
        "world::other_project",
        "project store store; project shop shop; appspecc build -q shop --out build/shop",
    ),
    (
        "world::outside",
        "project shop/spec shop; echo 'entity Extra { name: text(80) }' > shop/extra.appspec",
    ),
    (
        "world::several_specs",
        "project specs/shop shop; mv salon specs/salon",
    ),
    (
        "world::too_large",
        "dd if=/dev/zero of=salon/dump.appspec bs=1 count=0 seek=91M 2>/dev/null",
    ),
    ("world::unreadable", "chmod u-r salon/booking.appspec"),
    ("world::would_overwrite", "build; edit booking/models.py"),
];

const DEV: &str = "the stage `dev` brings it about";

const BOOKING: &str = "project salon { title: \"Salon\" }\n\nuse people.{Client}\n\nentity Visit {\n  \
                       client: Client on delete cascade inverse visits\n  day: date\n}\n";
const PEOPLE: &str = "entity Client {\n  name: text(80)\n}\n";

fn main() {
    let arguments = Arguments::from_args();
    let here = codes::world::ALL
        .iter()
        .filter(|code| ELSEWHERE.iter().all(|(id, _)| *id != code.id));
    let mut trials = vec![Trial::test("elsewhere", elsewhere)];
    trials.extend(here.map(|code| Trial::test(code.id, || follow(code.id, code.page))));
    libtest_mimic::run(&arguments, trials).exit();
}

/// What another stage brings about, it names.
fn elsewhere() -> Result<(), Failed> {
    let stage = document("tests/tests/dev.rs");
    for (id, why) in ELSEWHERE {
        if codes::find(id).is_none() || (why == DEV && !stage.contains(id)) {
            return Err(format!("{id}: {why}?").into());
        }
    }
    Ok(())
}

fn follow(id: &str, page: &str) -> Result<(), Failed> {
    let mut place = Place::new();
    place.prepare(id)?;
    let found = blocks(page);
    let console = |section| sessions(&found, section);
    let (wrong, right) = (console("Wrong"), console("Right"));
    if wrong.is_empty() || right.is_empty() {
        return Err("the page has no `console` block under `## Wrong` or `## Right`".into());
    }

    let mut said = String::new();
    for step in &wrong {
        let ran = place.types(&step.command);
        shows(step, &ran)?;
        if !step.command.starts_with("appspecc ") {
            ran.verdict()?;
        }
        said += &ran.said();
    }
    if !said.contains(&format!("[{id}]")) {
        return Err(format!("what is called wrong does not give {id}:\n{said}").into());
    }
    place.meanwhile(id);

    let mut last = None;
    for step in &right {
        let ran = place.types(&step.command);
        shows(step, &ran)?;
        last = Some(ran);
    }
    let last = last.ok_or("nothing is called right")?;
    if !last.said().contains(&format!("[{id}]")) {
        last.verdict()?;
    }
    // Some ways out are about files alone; whoever takes them goes on with the command that failed.
    let again = wrong.last().filter(|_| !last.command.contains("appspecc "));
    let last = again.map_or(last, |step| place.types(&step.command));
    last.verdict()?;
    Ok(())
}

/// The commands of a section of a page.
fn sessions(found: &[Block], section: &str) -> Vec<Step> {
    found
        .iter()
        .filter(|it| it.section == section && it.language == "console")
        .flat_map(|it| steps(&it.text))
        .collect()
}

/// Whether the answer has the lines that the page shows, in their order. Pages leave out what is not their subject, and how a
/// message is broken into lines is the terminal's affair.
fn shows(step: &Step, ran: &Ran) -> Result<(), Failed> {
    let said = words(&ran.said());
    let mut rest = said.as_str();
    for line in step.answer.iter().map(|line| words(line)) {
        let Some(at) = rest.find(&line) else {
            return Err(format!("the page shows: {line}\n\n{ran}").into());
        };
        rest = &rest[at + line.len()..];
    }
    Ok(())
}

/// A text without its line breaks, and without the number of a process, which is another one each time.
fn words(text: &str) -> String {
    let mut words: Vec<&str> = text.split_whitespace().filter(|it| *it != "│").collect();
    for at in 1..words.len() {
        let number = words[at].trim_end_matches(')');
        if words[at - 1] == "(process" && number.bytes().all(|it| it.is_ascii_digit()) {
            words[at] = "N)";
        }
    }
    words.join(" ")
}

/// A folder with a spec in it, and somebody at a terminal there.
struct Place {
    terminal: Terminal,
    holds: Option<File>,
    _folders: [TempDir; 2],
}

impl Place {
    fn new() -> Self {
        let folders = [TempDir::new().unwrap(), TempDir::new().unwrap()];
        let [work, home] = &folders;
        let mut place = Self {
            terminal: Terminal::new(work.path(), home.path()),
            holds: None,
            _folders: folders,
        };
        place.write("salon/booking.appspec", BOOKING);
        place.write("salon/people.appspec", PEOPLE);
        // Not a link: Python looks for its environment where the link lies.
        let python = surroundings().python().interpreter.display();
        place.run(&format!(
            "printf '#!/bin/sh\\nexec \"%s\" \"$@\"\\n' {python} > $HOME/bin/python && chmod +x $HOME/bin/python"
        ));
        place
    }

    fn path(&self, path: &str) -> PathBuf {
        self.terminal.folder.join(path)
    }

    fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let file = self.path(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    fn types(&mut self, line: &str) -> Ran {
        self.terminal.types(line).answers()
    }

    /// Commands that nobody has to look at.
    fn run(&mut self, lines: &str) {
        self.terminal.types(&format!("set -e\n{lines}")).fine();
    }

    /// Whatever the reader of a page has in front of them.
    fn prepare(&mut self, id: &str) -> Result<(), Failed> {
        let script = BEFORE.iter().find(|(page, _)| *page == id);
        let (_, script) = script.ok_or("nobody has said where the reader of this page is")?;
        self.run(&format!("{WORDS}{script}"));
        match id {
            "world::busy" => {
                let folder = File::open(self.path("salon/build/salon/.appspec"))?;
                folder.lock()?;
                self.holds = Some(folder);
            }
            "world::cant_write" | "world::unreadable" => self.terminal.obeys_permissions(),
            "world::forgotten" => self.terminal.folder.push("salon"),
            _ => {}
        }
        Ok(())
    }

    /// What happens between the two sessions of a page.
    fn meanwhile(&mut self, id: &str) {
        if id == "world::busy" {
            self.holds = None;
        }
    }
}
