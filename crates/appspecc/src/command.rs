//! One file for each command.

mod build;
mod check;
mod completions;
mod dev;
mod explain;
mod fmt;
pub(crate) mod inspect;
pub(crate) mod new;
mod std;

use crate::Exit;
use crate::cli::Command;
use crate::terminal::Terminal;

/// Does what was asked for.
pub(crate) fn run(command: Command, terminal: &mut Terminal) -> Exit {
    match command {
        Command::New(arguments) => new::run(&arguments, terminal),
        Command::Check(arguments) => check::run(&arguments, terminal),
        Command::Build(arguments) => build::run(&arguments, terminal),
        Command::Dev(arguments) => dev::run(&arguments, terminal),
        Command::Fmt(arguments) => fmt::run(&arguments, terminal),
        Command::Std(arguments) => std::run(&arguments, terminal),
        Command::Explain(arguments) => explain::run(&arguments, terminal),
        Command::Inspect(arguments) => inspect::run(&arguments, terminal),
        Command::Completions(arguments) => completions::run(&arguments, terminal),
    }
}
