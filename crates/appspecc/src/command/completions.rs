use clap::CommandFactory;

use crate::Exit;
use crate::cli::{Cli, Completions};
use crate::terminal::Terminal;

/// `appspecc completions SHELL`
pub(crate) fn run(arguments: &Completions, terminal: &mut Terminal) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(
        arguments.shell,
        &mut Cli::command(),
        "appspecc",
        &mut script,
    );
    terminal.out(&String::from_utf8_lossy(&script));
    Exit::Fine
}
