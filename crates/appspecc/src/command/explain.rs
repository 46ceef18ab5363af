use std::fmt::Write;

use appspec_diagnostics::render::clean;
use appspec_diagnostics::{Code, closest, codes};

use crate::Exit;
use crate::cli::Explain;
use crate::terminal::Terminal;

/// `appspecc explain CODE`
pub(crate) fn run(arguments: &Explain, terminal: &mut Terminal) -> Exit {
    let Some(wanted) = &arguments.code else {
        terminal.out(&list());
        return Exit::Fine;
    };
    if let Some(code) = find(wanted) {
        terminal.out(code.page);
        return Exit::Fine;
    }
    let red = terminal.paint_err().red("error:");
    terminal.err(&format!("{red} there is no code `{}`\n", clean(wanted)));
    let ids = codes::all().map(|code| code.id);
    if let Some(meant) = closest(wanted, ids)
        .map(|meant| meant.name)
        .or_else(|| closest_name(wanted))
    {
        terminal.err(&format!("  did you mean `{meant}`?\n"));
    }
    terminal.err("\n`appspecc explain` lists all codes.\n");
    Exit::Usage
}

/// A code by its whole name, or by the part after `::` where only one has it.
fn find(wanted: &str) -> Option<&'static Code> {
    codes::find(wanted).or_else(|| {
        let mut named = codes::all().filter(|code| name(code) == wanted);
        named.next().filter(|_| named.next().is_none())
    })
}

/// The code whose name alone is close to what was written.
fn closest_name(wanted: &str) -> Option<&'static str> {
    let written = wanted.rsplit("::").next().unwrap_or(wanted);
    let meant = closest(written, codes::all().map(name))?;
    codes::all()
        .find(|code| name(code) == meant.name)
        .map(|code| code.id)
}

fn name(code: &'static Code) -> &'static str {
    code.id.rsplit("::").next().unwrap_or(code.id)
}

/// All codes, one line each.
fn list() -> String {
    let width = codes::all().map(|code| code.id.len()).max().unwrap_or(0);
    let mut out = String::new();
    for code in codes::all() {
        let severity = code.severity.word();
        let _ = writeln!(out, "{:width$}  {severity:7}  {}", code.id, code.title);
    }
    out
}
