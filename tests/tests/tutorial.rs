//! `docs/tutorial.md`, followed to the letter: every command is typed, every edit is made, and what the page shows is what
//! happens.
//!
//! `console` blocks are typed in one terminal. `appspecc dev` runs in another; `text` blocks are what that one shows next.
//! `diff` blocks change the file that they name. Other blocks are lines of the file that they name, or the file, where there
//! is none yet.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use appspec_tests::console::{as_shown, steps};
use appspec_tests::markdown::{Block, blocks, changed, document};
use appspec_tests::running::{Running, nothing_runs_in};
use appspec_tests::{Ran, Terminal, surroundings};
use tempfile::TempDir;

const PAGE: &str = "docs/tutorial.md";

/// Where GitHub looks, from the top of a repository.
const WORKFLOW: &str = ".github/workflows/ci.yml";

/// Runs the steps of a workflow in the folder that it names. What installs packages or needs those of production is left
/// out; the files that list them have to be there.
const RUN_WORKFLOW: &str = r#"
import os, pathlib, shlex, subprocess, sys, yaml

flow = yaml.safe_load(pathlib.Path(sys.argv[1]).read_text())
where = pathlib.Path(flow["defaults"]["run"]["working-directory"])
path = f"{(where / '.venv/bin').resolve()}:{os.environ['PATH']}"
ran = 0
for job in flow["jobs"].values():
    for step in job["steps"]:
        cached = step.get("with", {}).get("cache-dependency-path")
        assert not cached or list(pathlib.Path().glob(cached)), cached
        words = shlex.split(step.get("run", ""))
        if "install" in words:
            files = [where / file for flag, file in zip(words, words[1:]) if flag == "-r"]
            assert files and all(file.is_file() for file in files), files
        elif words and "DATABASE_URL" not in step.get("env", {}):
            subprocess.run(words, check=True, cwd=where, env=os.environ | {"PATH": path})
            ran += 1
assert ran > 5, ran
"#;

/// Long enough to install Django on a busy machine.
const LIMIT: Duration = Duration::from_mins(10);

#[test]
fn every_step_can_be_followed() {
    let folders = [TempDir::new().unwrap(), TempDir::new().unwrap()];
    let [work, home] = &folders;
    let mut reader = Reader {
        terminal: Terminal::new(work.path(), home.path()).with_network(),
        app: None,
        seen: 0,
    };
    fs::write(
        home.path().join(".gitconfig"),
        "[user]\nname = Reader\nemail = reader@example.com\n[init]\ndefaultBranch = main\n",
    )
    .unwrap();

    let page = blocks(&document(PAGE));
    assert!(page.len() > 20, "{} blocks", page.len());
    let mut rest = page.iter().peekable();
    while let Some(block) = rest.next() {
        let mut edits = vec![block];
        while block.language == "diff"
            && let Some(next) = rest.next_if(|it| it.language == "diff")
        {
            // Edits that follow each other are saved together.
            edits.push(next);
        }
        if edits.len() > 1 {
            let said = said_before(block.line);
            assert!(said.contains("then save"), "{PAGE}:{}: {said}", block.line);
        }
        reader
            .takes(&edits)
            .unwrap_or_else(|why| panic!("{PAGE}:{}: {why}", block.line));
    }
    let mut app = reader.app.expect("something was started");
    app.ends(Duration::ZERO);
    nothing_runs_in(work.path());
}

/// The words above a block, up to the block before it.
fn said_before(line: usize) -> String {
    let page = document(PAGE);
    let above: Vec<&str> = page.lines().take(line - 1).collect();
    let words = above.rsplit(|line| line.starts_with("```")).next();
    words.unwrap_or_default().join(" ")
}

/// Whoever follows the page.
struct Reader {
    terminal: Terminal,
    /// What runs in the first terminal.
    app: Option<Running>,
    /// How much of what it shows the page has spoken about.
    seen: usize,
}

impl Reader {
    fn takes(&mut self, edits: &[&Block]) -> Result<(), String> {
        let block = edits[0];
        match block.language.as_str() {
            "console" => self.types(block),
            "text" => self.looks(block),
            "diff" => self.edits(edits),
            _ => self.reads_or_writes(block),
        }
    }

    fn types(&mut self, block: &Block) -> Result<(), String> {
        let all = steps(&block.text);
        if let Some(step) = all.iter().find(|it| it.command.starts_with("appspecc dev")) {
            let line = format!("exec {}", step.command);
            self.app = Some(Running::start(&mut self.terminal.shell(&line)));
            return self.waits_for(&step.answer);
        }
        self.terminal.follows(&block.text)?;
        if all.iter().any(|it| it.command.starts_with("git commit")) {
            let left = self.terminal.types("git status --short").fine();
            if !left.stdout.is_empty() {
                return Err(format!("what was not committed:\n{}", left.stdout));
            }
            // The project has a file of that name too, which GitHub does not read there.
            let top = &self.terminal.folder;
            if top.join(".git").exists() && top.join(WORKFLOW).is_file() {
                return self.pushes();
            }
        }
        Ok(())
    }

    /// What GitHub would do about it, as far as one machine can: the packages are those of `dev`, and there is one Python.
    fn pushes(&self) -> Result<(), String> {
        let python = &surroundings().pythons[0].interpreter;
        let mut command = Command::new(python);
        command
            .args(["-c", RUN_WORKFLOW, WORKFLOW])
            .current_dir(&self.terminal.folder);
        Ran::of(&mut command).verdict()
    }

    /// Ctrl-C, or what the first terminal shows by itself.
    fn looks(&mut self, block: &Block) -> Result<(), String> {
        let mut shown: Vec<String> = block.text.lines().map(str::to_owned).collect();
        if shown.first().is_some_and(|line| line == "^C") {
            let app = self.app.as_mut().ok_or("nothing runs")?;
            app.signal("INT");
            app.ends(Duration::from_mins(1));
            shown.remove(0);
        }
        self.waits_for(&shown)
    }

    /// Looks until it is there, whatever else is said before it.
    fn waits_for(&mut self, shown: &[String]) -> Result<(), String> {
        let around = ["…".to_owned()];
        let shown = [&around, shown, &around].concat();
        let app = self.app.as_ref().ok_or("nothing runs")?;
        let started = Instant::now();
        loop {
            let said = app.said();
            let new = said.get(self.seen..).unwrap_or_default();
            match as_shown(&shown, new) {
                Ok(()) => {
                    self.seen = said.len();
                    return Ok(());
                }
                Err(why) if started.elapsed() > LIMIT => return Err(format!("{why}\n\n{said}")),
                Err(_) => thread::sleep(Duration::from_millis(100)),
            }
        }
    }

    fn edits(&self, edits: &[&Block]) -> Result<(), String> {
        let path = edits[0].file.as_deref().ok_or("which file?")?;
        let file = self.terminal.folder.join(path);
        let mut text = read(&file)?;
        for edit in edits {
            if edit.file.as_deref() != Some(path) {
                return Err("edits of two files".to_owned());
            }
            text = changed(&text, &edit.text)?;
        }
        fs::write(file, text).map_err(|error| error.to_string())
    }

    fn reads_or_writes(&self, block: &Block) -> Result<(), String> {
        let path = block.file.as_deref().ok_or("which file?")?;
        let file = self.terminal.folder.join(path);
        if !file.exists() {
            return fs::write(file, &block.text).map_err(|error| error.to_string());
        }
        let text = read(&file)?;
        if format!("\n{text}").contains(&format!("\n{}", block.text)) {
            Ok(())
        } else {
            Err(format!("{path} has no such lines:\n{text}"))
        }
    }
}

fn read(file: &PathBuf) -> Result<String, String> {
    fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))
}
