mod fix;

use appspec_analysis::compile;
use appspec_diagnostics::Severity;

use crate::Exit;
use crate::cli::{Check, Format};
use crate::findings::{self, Shown};
use crate::spec;
use crate::terminal::Terminal;

/// `appspecc check [PATH]`
pub(crate) fn run(arguments: &Check, terminal: &mut Terminal) -> Exit {
    let fixes_input = arguments.fix && arguments.stdin_path.is_some();
    if fixes_input && arguments.format != Format::Human {
        let red = terminal.paint_err().red("error:");
        let format = "`--format` has no place beside `--fix` and `--stdin-path`";
        terminal.err(&format!("{red} {format}: standard output is the text\n"));
        return Exit::Usage;
    }
    let mut spec = match &arguments.stdin_path {
        Some(file) => spec::load_unsaved(file, std::io::stdin()),
        None => spec::load(&arguments.path),
    };
    let mut found = std::mem::take(&mut spec.findings);
    if fixes_input {
        fix::input(&mut spec, !found.has_errors(), terminal);
    } else if arguments.fix && !found.has_errors() {
        fix::files(&mut spec, &mut found, terminal);
    }
    let mut compiled = None;
    if !found.has_errors() {
        let (result, more) = compile(&mut spec.sources);
        found.append(more);
        compiled = result;
    }
    found.sort();
    let shown = Shown {
        format: arguments.format,
        limit: arguments.max_errors,
        advice: arguments.advice,
    };
    findings::show(&found, &spec, shown, terminal);
    let exit = Exit::of(&found);
    if let (Exit::Fine, Some(compiled), Format::Human, false) = (
        exit,
        compiled,
        arguments.format,
        terminal.quiet || fixes_input,
    ) {
        let project = &compiled.spec.project;
        let counts = crate::table::counts(&compiled.spec, spec.count);
        let name = terminal.paint().bold(&project.name);
        if !arguments.advice {
            found.without_advice();
        }
        let warnings = crate::table::number(found.count(Severity::Warning), "warning", "warnings");
        let acknowledged = findings::acknowledged(&found);
        let verdict = match found.count(Severity::Warning) {
            0 if acknowledged.is_empty() => "is fine".to_owned(),
            0 => format!("is fine{acknowledged}"),
            _ => format!("has no errors, {warnings}{acknowledged}"),
        };
        terminal.out(&format!("{name} {verdict}: {counts}\n"));
    }
    exit
}
