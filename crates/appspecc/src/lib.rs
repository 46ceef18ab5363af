//! The command line of appspecc: arguments, files, terminal and exit codes.
//!
//! Everything that a spec *means* is decided in the other crates; this one reads files, calls them, shows
//! what they found and writes what they made. [`main`] is the whole program.

mod bug;
mod cli;
mod command;
mod exit;
mod findings;
mod output;
pub mod reference;
mod spec;
mod summary;
mod table;
mod terminal;

use std::ffi::OsString;

use clap::{CommandFactory, FromArgMatches};

use cli::{Cli, ColorWhen};
pub use exit::Exit;
use terminal::Terminal;

/// Runs the program with these arguments, its own name first.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    bug::say_so_instead_of_a_backtrace();
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let color = ColorWhen::asked_for(&arguments);
    let command = Cli::command().color(color.for_clap());
    let parsed = command
        .try_get_matches_from(arguments)
        .and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(message) => return Exit::of_usage(&message),
    };
    bug::caught(|| {
        let mut terminal = Terminal::new(color, cli.quiet);
        let exit = command::run(cli.command, &mut terminal);
        terminal.close(exit)
    })
}
