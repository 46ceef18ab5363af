use std::fmt::Write;

use appspec_analysis::{std_module, std_modules};
use appspec_diagnostics::closest;
use appspec_diagnostics::render::clean;

use crate::Exit;
use crate::cli::Std;
use crate::terminal::Terminal;

/// `appspecc std [MODULE]`
pub(crate) fn run(arguments: &Std, terminal: &mut Terminal) -> Exit {
    let Some(wanted) = &arguments.module else {
        terminal.out(&list());
        return Exit::Fine;
    };
    if let Some(module) = std_module(wanted) {
        terminal.out(module.text);
        return Exit::Fine;
    }
    let red = terminal.paint_err().red("error:");
    terminal.err(&format!(
        "{red} there is no module `{}` in the standard library\n",
        clean(wanted)
    ));
    let names = std_modules().iter().flat_map(|module| {
        let short = module.path.strip_prefix("std.");
        [Some(module.path), short].into_iter().flatten()
    });
    if let Some(meant) = closest(wanted, names) {
        terminal.err(&format!("  did you mean `{}`?\n", meant.name));
    }
    terminal.err(&format!("\nThere is:\n{}", list()));
    Exit::Usage
}

/// The modules with the first words of their own documentation.
fn list() -> String {
    let width = std_modules().iter().map(|module| module.path.len()).max();
    let width = width.unwrap_or(0);
    let mut out = String::new();
    for module in std_modules() {
        let first = module.text.lines().next().unwrap_or_default();
        let about = first.trim_start_matches('/').trim();
        let _ = writeln!(out, "{:width$}  {about}", module.path);
    }
    out
}
