mod changes;
mod session;

use std::path::{Path, PathBuf};
use std::thread;

use appspec_analysis::compile;
use appspec_backend::{Artifacts, Backend};
use appspec_diagnostics::Diagnostics;
use appspec_django::Django;
use appspec_evolve::{History, diff_with};
use appspec_ir::{Compiled, Spec, Working, let_go};

use crate::Exit;
use crate::cli::Build;
use crate::findings::{self, Shown};
use crate::output::{Access, Edited, MadeFrom, Place, Refusal, Summary};
use crate::spec::{self, SpecFiles};
use crate::summary;
use crate::terminal::Terminal;
use changes::Said;
pub(crate) use session::Session;

/// What a spec is compiled to. A new target is one line here.
const BACKENDS: &[&dyn Backend] = &[&Django];

/// What a build came to.
pub(crate) struct Built {
    pub(crate) spec: Spec,
    pub(crate) folder: PathBuf,
    pub(crate) summary: Summary,
    /// What is different in the schema.
    pub(crate) changes: Said,
}

/// A build, whatever came of it, and what was found on the way.
pub(crate) struct Attempt {
    pub(crate) spec: SpecFiles,
    pub(crate) found: Diagnostics,
    pub(crate) built: Option<Built>,
}

/// Builds, and shows what was found.
pub(crate) fn attempt(
    arguments: &Build,
    session: &mut Session,
    terminal: &mut Terminal,
) -> Attempt {
    let mut spec = spec::load(&arguments.path);
    let mut found = std::mem::take(&mut spec.findings);
    let built = build(arguments, session, &mut spec, &mut found, terminal);
    found.sort();
    findings::show(&found, &spec, Shown::IN_PASSING, terminal);
    Attempt { spec, found, built }
}

/// `appspecc build [PATH]`
pub(crate) fn run(arguments: &Build, terminal: &mut Terminal) -> Exit {
    let Attempt {
        spec,
        mut found,
        built,
    } = attempt(arguments, &mut Session::default(), terminal);
    let Some(built) = built else {
        return Exit::of(&found);
    };
    let differs = arguments.check && !built.summary.is_unchanged();
    if !terminal.quiet || arguments.verbose || differs {
        found.without_advice();
        let text = summary::Report {
            spec: &built.spec,
            files: spec.count,
            acknowledged: found.acknowledged().len(),
            folder: &built.folder,
            summary: &built.summary,
            dropped: &built.changes.dropped,
            check: arguments.check,
            verbose: arguments.verbose,
            paint: terminal.paint(),
        };
        terminal.out(&text.to_string());
    }
    let_go((built.spec, spec));
    if differs { Exit::Differs } else { Exit::Fine }
}

/// Every step; the first that finds an error is the last.
fn build(
    arguments: &Build,
    session: &mut Session,
    spec: &mut SpecFiles,
    found: &mut Diagnostics,
    terminal: &mut Terminal,
) -> Option<Built> {
    let compiled = compiled(spec, found)?;
    let folder = arguments.out.clone().unwrap_or_else(|| {
        let name = &compiled.spec.project.name;
        let folder = spec.folder.join("build").join(name);
        folder
            .strip_prefix("./")
            .map(Path::to_owned)
            .unwrap_or(folder)
    });
    // What a session added may go again, and only what is remembered of it says so.
    let made_from = MadeFrom::of(&spec.sources).filter(|_| session.is_new());
    match write(
        arguments,
        session,
        &folder,
        &compiled,
        made_from.as_ref(),
        found,
    ) {
        Ok(done) => {
            let (summary, changes) = done?;
            Some(Built {
                spec: compiled.into_spec(),
                folder,
                summary,
                changes,
            })
        }
        Err(refusal) => {
            terminal.err(&refusal.differences);
            found.append(refusal.findings);
            None
        }
    }
}

/// The spec, if it has no error and every backend can express it.
fn compiled(spec: &mut SpecFiles, found: &mut Diagnostics) -> Option<Compiled> {
    if found.has_errors() {
        return None;
    }
    let (compiled, more) = compile(&mut spec.sources);
    found.append(more);
    let compiled = compiled.filter(|_| !found.has_errors())?;
    for backend in BACKENDS {
        backend.check(&compiled.spec, found);
    }
    (!found.has_errors()).then_some(compiled)
}

/// Brings the folder up to date; nothing if the change can't be made.
fn write(
    arguments: &Build,
    session: &mut Session,
    folder: &Path,
    compiled: &Compiled,
    made_from: Option<&MadeFrom>,
    found: &mut Diagnostics,
) -> Result<Option<(Summary, Said)>, Refusal> {
    let access = if arguments.check {
        Access::Compare
    } else {
        Access::Build
    };
    let place = Place::enter(folder, access)?;
    if let Some(summary) = made_from.and_then(|made_from| place.unchanged(made_from)) {
        return Ok(Some((summary, Said::default())));
    }
    // What is costly and needs nothing of what is on the disk begins before that is read; without a thread, when it is
    // asked for.
    thread::scope(|scope| {
        let working = Working::begin();
        let _ = thread::Builder::new().spawn_scoped(scope, move || {
            compiled.witnesses();
            drop(working);
        });
        emit(arguments, session, place, compiled, made_from, found)
    })
}

/// Emits the project, and brings what is there up to date.
fn emit(
    arguments: &Build,
    session: &mut Session,
    place: Place,
    compiled: &Compiled,
    made_from: Option<&MadeFrom>,
    found: &mut Diagnostics,
) -> Result<Option<(Summary, Said)>, Refusal> {
    let said_before = found.len();
    let mut output = place.open()?.of(&compiled.spec.project.name)?;
    let taken_back = session.begin(output.folder(), output.history());
    output.take_back(&taken_back);
    let changes = diff_with(session.young(), output.history(), &compiled.spec, found);
    if found.has_errors() {
        return Ok(None);
    }
    let mut artifacts = Artifacts::new();
    for backend in BACKENDS {
        backend.emit(compiled, &changes, &mut artifacts);
    }
    let said =
        changes::said(&changes, &compiled.spec, session).and_refused(&taken_back, &artifacts);
    let edited = if arguments.keep {
        Edited::Keep
    } else if arguments.overwrite {
        Edited::Overwrite
    } else {
        Edited::Refuse
    };
    let summary = if arguments.check {
        output.compare(&artifacts, edited)?
    } else {
        // What the change itself had to say is said again as long as it is not made.
        let made_from = made_from.filter(|_| found.len() == said_before);
        let summary = output.write(&artifacts, edited, made_from)?;
        let paths = artifacts.iter().map(|(path, _)| path);
        let memories = paths.filter(|path| path.starts_with(History::FOLDER));
        session.follow(
            &changes,
            memories.map(str::to_owned).collect(),
            !taken_back.is_empty(),
        );
        summary
    };
    if let Some(warning) = summary.warning() {
        found.push(warning);
    }
    let_go((changes.before, changes.steps, artifacts));
    output.close();
    Ok(Some((summary, said)))
}
