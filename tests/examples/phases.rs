//! What each stage of a first build costs: `cargo run --release -p appspec-tests --example phases FOLDER`.
//!
//! Runs once, like the compiler does, and prints the processor time of each stage in nanoseconds as JSON; `tests/bench`
//! calls it several times. Reading and writing are the command line's, and are not done here the way it does them.
#![allow(
    clippy::unwrap_used,
    reason = "a measurement that can't be made has nothing to say"
)]

use std::fs;
use std::path::PathBuf;

use appspec_analysis::{Stage, compile_watched};
use appspec_backend::{Artifacts, Backend};
use appspec_diagnostics::{Diagnostics, Origin, Source, Sources};
use appspec_django::Django;
use appspec_evolve::{History, diff};
use rustix::time::{ClockId, clock_gettime};
use serde_json::Map;

fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap());
    let mut sources = read(&folder);
    let mut watch = Stopwatch::default();
    let (compiled, found) = compile_watched(&mut sources, &mut |stage| {
        watch.begin(match stage {
            Stage::Parse => "parse",
            Stage::Lower => "lower",
            Stage::Solve => "solve",
            Stage::Check => "check",
        });
    });
    let compiled = compiled.unwrap();
    assert!(!found.has_errors());
    watch.begin("witnesses");
    compiled.witnesses();
    watch.begin("emit");
    let history = History::default();
    let changes = diff(&history, &compiled.spec, &mut Diagnostics::new());
    let mut artifacts = Artifacts::new();
    Django.emit(&compiled, &changes, &mut artifacts);
    watch.end();
    println!("{}", serde_json::Value::Object(watch.measured));
}

/// The texts of one folder, each a module.
fn read(folder: &PathBuf) -> Sources {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let mut sources = Sources::new();
    for path in paths {
        let name = path.file_name().unwrap().to_str().unwrap();
        sources.add(Source {
            path: name.into(),
            module: name.strip_suffix(".appspec").unwrap().into(),
            origin: Origin::Spec,
            text: fs::read_to_string(&path).unwrap(),
        });
    }
    sources
}

/// The processor time of stages, one after the other.
#[derive(Default)]
struct Stopwatch {
    running: Option<(&'static str, u64)>,
    measured: Map<String, serde_json::Value>,
}

impl Stopwatch {
    fn begin(&mut self, stage: &'static str) {
        self.end();
        self.running = Some((stage, processor_time()));
    }

    fn end(&mut self) {
        if let Some((stage, began)) = self.running.take() {
            let spent = processor_time() - began;
            self.measured.insert(stage.to_owned(), spent.into());
        }
    }
}

/// What this process has used of the processors, in nanoseconds.
fn processor_time() -> u64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    u64::try_from(time.tv_sec * 1_000_000_000 + time.tv_nsec).unwrap()
}
