//! Programs that run in a project at the same time, each in a process of its own.

use std::collections::BTreeMap;
use std::thread;

use crate::database::Database;
use crate::project::Project;
use crate::ran::Ran;

/// Runs the programs of so many writers in Django's shell at once, and what each said.
///
/// # Panics
/// When one of them ends with an error.
#[track_caller]
pub fn at_once(
    project: &Project,
    database: &Database,
    writers: usize,
    program: impl Fn(usize) -> String,
) -> Vec<Ran> {
    let programs: Vec<String> = (0..writers).map(program).collect();
    thread::scope(|scope| {
        let started: Vec<_> = programs
            .iter()
            .map(|program| scope.spawn(move || project.shell(database, program).fine()))
            .collect();
        let ended = started
            .into_iter()
            .map(|writer| writer.join().unwrap_or_else(|_| panic!("a writer failed")));
        ended.collect()
    })
}

/// The numbers of all writers together, of lines such as `came done=3 refused=1`.
///
/// # Panics
/// When one of them printed none.
pub fn came(ran: &[Ran]) -> BTreeMap<String, usize> {
    let mut came = BTreeMap::new();
    for ran in ran {
        let mut lines = ran.stdout.lines();
        let line = lines.find_map(|line| line.strip_prefix("came "));
        for pair in line.unwrap_or_else(|| panic!("{ran}")).split(' ') {
            let (what, number) = pair.split_once('=').unwrap_or_else(|| panic!("{ran}"));
            let number: usize = number.parse().unwrap_or_else(|_| panic!("{ran}"));
            *came.entry(what.to_owned()).or_default() += number;
        }
    }
    came
}
