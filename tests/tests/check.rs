//! The corpus `tests/cases/check`: small specs and what the compiler says about them. A snapshot holds both, so
//! that a reviewer reads one file. `INSTA_UPDATE=always` writes the snapshots anew.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use appspec_diagnostics::render::{Files, human};
use appspec_tests::spec;
use libtest_mimic::{Arguments, Failed, Trial};
use miette::{GraphicalReportHandler, GraphicalTheme};

fn main() {
    let arguments = Arguments::from_args();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/check");
    let mut cases = Vec::new();
    collect(&folder, &mut cases);
    cases.sort();
    let trials = cases.into_iter().map(|path| {
        let name = path.strip_prefix(&folder).unwrap_or(&path);
        let name = name.with_extension("").display().to_string();
        Trial::test(name, move || case(&path))
    });
    libtest_mimic::run(&arguments, trials.collect()).exit();
}

fn collect(folder: &Path, cases: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder of cases is there") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            collect(&path, cases);
        } else if path.extension().is_some_and(|end| end == "appspec") {
            cases.push(path);
        }
    }
}

fn case(path: &Path) -> Result<(), Failed> {
    let text = std::fs::read_to_string(path)?;
    let mut sources = spec::sources(&text);
    let findings = spec::findings(&mut sources);
    let mut shown = if findings.is_empty() {
        "nothing to report\n".to_owned()
    } else {
        human(&findings, &Files::new(&sources), &handler(), 96)
    };
    for meant in findings.acknowledged() {
        let (code, message) = (meant.finding.code.id, &meant.finding.message);
        let _ = writeln!(shown, "acknowledged {code}: {message}: {}", meant.reason);
    }

    let mut settings = insta::Settings::new();
    settings.set_snapshot_path(path.parent().expect("a case lies in a folder"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let name = path
        .file_stem()
        .expect("a case has a name")
        .to_string_lossy();
    settings.bind(|| {
        insta::assert_snapshot!(name.as_ref(), format!("{text}\n────\n\n{shown}"));
    });
    Ok(())
}

/// Pinned: no colours, no links, no width of a terminal.
fn handler() -> GraphicalReportHandler {
    GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor())
        .with_links(false)
        .with_wrap_lines(false)
        .with_show_related_as_nested(true)
}
