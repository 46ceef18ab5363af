//! `appspecc dev`: from a spec to an app that runs and follows it.

mod banner;
mod environment;
mod halt;
mod install;
mod place;
mod port;
mod prepare;
mod process;
mod python;
mod screen;
mod server;
mod watch;

use std::path::{Path, PathBuf};

use appspec_diagnostics::Diagnostics;

use self::halt::{Halt, Outcome, Stop};
use self::place::Place;
use self::prepare::{Came, Prepared};
use self::screen::Screen;
use self::server::Server;
use super::build::{self, Attempt, Built, Session};
use crate::Exit;
use crate::cli::{Build, Dev};
use crate::findings::{self, Shown};
use crate::output::Summary;
use crate::spec::SpecFiles;
use crate::table::number;
use crate::terminal::Terminal;

/// `appspecc dev [PATH]`
pub(crate) fn run(arguments: &Dev, terminal: &mut Terminal) -> Exit {
    let mut run = Run {
        arguments,
        stop: Stop::listen(),
        screen: Screen::new(terminal),
        session: Session::of_several(),
        port: 0,
        place: None,
        python: None,
        server: None,
        is_behind: false,
        is_new: false,
    };
    let exit = run.follow();
    run.screen.clear();
    // Everything that was started ends here, before anybody is told that it did.
    run.server = None;
    if exit == Exit::Stopped {
        run.screen.say_apart("stopped");
    }
    exit
}

/// One run of the command.
struct Run<'a> {
    arguments: &'a Dev,
    stop: Stop,
    screen: Screen<'a>,
    /// The builds so far.
    session: Session,
    port: u16,
    place: Option<Place>,
    /// The interpreter of the project.
    python: Option<PathBuf>,
    server: Option<Server>,
    /// Whether what was built last does not run yet.
    is_behind: bool,
    /// Whether its address and account have not been shown yet.
    is_new: bool,
}

impl Run<'_> {
    /// Builds, serves, and does so again each time the spec is saved.
    fn follow(&mut self) -> Exit {
        match port::choose(self.arguments.port) {
            Ok(port) => self.port = port,
            Err(halt) => return self.end(halt, None),
        }
        let mut folder = self.arguments.path.clone();
        loop {
            if let Err(halt) = self.look_at_refused() {
                return self.end(halt, None);
            }
            // Before the files are read: what is saved meanwhile is noticed afterwards.
            let mut seen = watch::look(&folder);
            let Attempt { spec, found, built } =
                build::attempt(&self.build(), &mut self.session, self.screen.terminal);
            if spec.folder != folder {
                folder.clone_from(&spec.folder);
                seen = watch::look(&folder);
            }
            let exit = Exit::of(&found);
            match built {
                Some(built) => match self.serve(&built) {
                    Ok(()) if self.arguments.once => return Exit::Fine,
                    Ok(()) => {}
                    Err(Halt::Failed(finding)) if self.server.is_some() => {
                        self.show(Halt::Failed(finding), Some(&spec));
                        self.screen.say(&self.still_serving());
                    }
                    Err(halt) => return self.end(halt, Some(&spec)),
                },
                // Nothing that a save could mend.
                None if self.server.is_none() && (self.arguments.once || exit != Exit::Spec) => {
                    return exit;
                }
                None if self.server.is_none() => {
                    self.screen
                        .say("\nNothing runs yet: save the spec without these errors.");
                }
                None => self.screen.say(&self.still_serving()),
            }
            if let Err(halt) = self.wait(&folder, &seen) {
                return self.end(halt, Some(&spec));
            }
        }
    }

    /// Migrations that the database refused may have been run by hand since then: then they stay.
    fn look_at_refused(&mut self) -> Outcome<()> {
        let refused = self.session.refused();
        if let (false, Some(place), Some(python)) = (refused.is_empty(), &self.place, &self.python)
        {
            let has_run = prepare::has_run(refused, place, python, &self.stop)?;
            self.session.set_refused(!has_run);
        }
        Ok(())
    }

    /// What `build` would have been told.
    fn build(&self) -> Build {
        Build {
            path: self.arguments.path.clone(),
            out: self.arguments.out.clone(),
            check: false,
            keep: self.arguments.keep,
            overwrite: self.arguments.overwrite,
            verbose: false,
        }
    }

    /// Makes what was built the version that runs.
    fn serve(&mut self, built: &Built) -> Outcome<()> {
        self.stop.check()?;
        let runs = self.server.is_some()
            && self
                .place
                .as_ref()
                .is_some_and(|place| place.is_of(&built.folder));
        self.tell_built(built, runs);
        if runs && built.summary.is_unchanged() && !self.is_behind {
            return Ok(());
        }
        self.is_behind = true;
        self.move_to(&built.folder)?;
        let Some(place) = &self.place else {
            return Ok(());
        };
        let python = environment::ready(place, &mut self.screen, &self.stop)?;
        let demo = !self.arguments.no_demo;
        let is_serving = self.server.is_some();
        let came = prepare::prepare(
            place,
            &python,
            demo,
            is_serving,
            &mut self.screen,
            &self.stop,
        );
        self.python = Some(python.clone());
        self.session
            .set_refused(matches!(came, Ok(Came::Refused(_))));
        let prepared = match came? {
            Came::Prepared(prepared) => prepared,
            Came::Refused(finding) => return Err(Halt::Failed(finding)),
        };
        tell_demo(&mut self.screen, &prepared);
        let is_first = self.server.take().is_none() || self.is_new;
        self.screen.begin("starting the server");
        let server = start(
            place,
            &python,
            self.arguments.port.is_none(),
            &mut self.port,
            &self.stop,
        );
        self.screen.clear();
        self.server = Some(server?);
        self.is_behind = false;
        if is_first {
            let text = banner::Banner {
                title: &built.spec.project.title,
                port: self.port,
                prepared: &prepared,
                place,
                follows: !self.arguments.once,
                paint: self.screen.terminal.paint(),
            };
            self.screen.terminal.out(&text.to_string());
            self.is_new = false;
        } else {
            let address = self.screen.terminal.paint_err().bold(&address(self.port));
            self.screen.say(&format!("  {address} is up to date"));
        }
        Ok(())
    }

    /// Takes the folder that was built, unless it is the one that is held.
    fn move_to(&mut self, folder: &Path) -> Outcome<()> {
        if let Some(place) = &self.place {
            let is_same = place.is_of(folder);
            if is_same && !place.is_gone() {
                return Ok(());
            }
            let old = Place::shown(&place.project);
            self.screen.say(&if is_same {
                format!("  {old} was removed meanwhile, with its rows and its account: it begins anew")
            } else {
                format!("  the old project stays in {old}, with its rows and its account: this one begins anew")
            });
            // Its lock is given up first: it may be the one that is taken.
            self.place = None;
        }
        self.place = Some(Place::take(folder)?);
        self.is_new = true;
        Ok(())
    }

    /// Says what a build did to the project that runs, or to another one.
    fn tell_built(&mut self, built: &Built, runs: bool) {
        let folder = built.folder.display();
        let tick = self.screen.terminal.paint_err().green("✓");
        if built.summary.is_unchanged() {
            let what = if runs {
                format!("{tick} saved; the project stays as it is")
            } else {
                format!("{tick} {folder} is what the spec says")
            };
            self.screen.say(&what);
            return;
        }
        self.screen
            .say(&format!("{tick} {folder}: {}", files(&built.summary)));
        for line in &built.changes.lines {
            self.screen.say(&format!("  {line}"));
        }
        if !built.changes.lines.is_empty() {
            for migration in built.summary.migrations() {
                self.screen.say(&format!("  + {migration}"));
            }
        }
    }

    /// Waits for the next save; a server that ends meanwhile is told of once.
    fn wait(&mut self, folder: &Path, seen: &watch::Seen) -> Outcome<()> {
        let stop = self.stop.clone();
        watch::change(folder, seen, &stop, || {
            if self.server.as_mut().is_some_and(Server::has_ended)
                && let Some(mut server) = self.server.take()
            {
                self.is_behind = true;
                self.show(server.why(), None);
                self.screen.say("It starts again when the spec is saved.");
            }
        })
    }

    fn still_serving(&self) -> String {
        let text = format!(
            "\n{} still serves the last good version.",
            address(self.port)
        );
        self.screen.terminal.paint_err().bold(&text)
    }

    /// Shows a failure and says how the program ends.
    fn end(&mut self, halt: Halt, spec: Option<&SpecFiles>) -> Exit {
        match halt {
            Halt::Stopped => Exit::Stopped,
            Halt::Failed(_) => self.show(halt, spec),
        }
    }

    fn show(&mut self, halt: Halt, spec: Option<&SpecFiles>) -> Exit {
        let Halt::Failed(finding) = halt else {
            return Exit::Stopped;
        };
        self.screen.clear();
        let mut found = Diagnostics::new();
        found.push(*finding);
        let nothing = SpecFiles::in_memory(PathBuf::new(), appspec_diagnostics::Sources::new());
        let spec = spec.unwrap_or(&nothing);
        findings::show(&found, spec, Shown::IN_PASSING, self.screen.terminal);
        Exit::of(&found)
    }
}

/// Starts the server; where somebody else took the port meanwhile, on the next one.
fn start(
    place: &Place,
    python: &Path,
    may_move: bool,
    port: &mut u16,
    stop: &Stop,
) -> Outcome<Server> {
    if may_move && !port::is_free(*port) {
        *port = port::choose(None)?;
    }
    match Server::start(place, python, *port, stop) {
        Err(Halt::Failed(_)) if may_move && !port::is_free(*port) => {
            *port = port::choose(None)?;
            Server::start(place, python, *port, stop)
        }
        other => other,
    }
}

fn address(port: u16) -> String {
    format!("http://127.0.0.1:{port}/")
}

/// `3 files new, 1 changed`
fn files(summary: &Summary) -> String {
    let counts = [
        (summary.new.len() + summary.stubs.len(), "new"),
        (summary.changed.len(), "changed"),
        (summary.removed.len(), "removed"),
    ];
    let parts: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{} {what}", number(*count, "file", "files")))
        .collect();
    parts.join(", ")
}

fn tell_demo(screen: &mut Screen<'_>, prepared: &Prepared) {
    if prepared.made > 0 {
        let tick = screen.terminal.paint_err().green("✓");
        let rows = number(prepared.made, "example row", "example rows");
        screen.say(&format!("{tick} {rows} stored"));
    }
    for line in &prepared.left_out {
        screen.say(&format!("  left out: {}", prepare::shown(line)));
    }
}
