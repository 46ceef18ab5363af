//! The pages of `docs/errors`: what they call wrong gives exactly the finding that they are about; what they call right
//! gives none, and no more does what looks like the mistake and is none.

use appspec_diagnostics::{Code, Severity, codes};
use appspec_tests::spec;
use libtest_mimic::{Arguments, Failed, Trial};

/// Groups whose findings do not come from one spec: their pages tell it in words or show a terminal.
const NOT_OF_ONE_SPEC: [(&str, &str); 2] = [
    (
        "evolve",
        "needs two specs: the one as last built and the one of now",
    ),
    ("world", "needs a disk, a terminal or an environment"),
];

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = vec![Trial::test("every_page_has_a_code", every_page_has_a_code)];
    trials.extend(
        codes::all().map(|code| Trial::test(format!("page_{}", code.id), move || page(code))),
    );
    libtest_mimic::run(&arguments, trials).exit();
}

fn every_page_has_a_code() -> Result<(), Failed> {
    let pages = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/errors");
    for group in std::fs::read_dir(pages)? {
        let group = group?;
        if !group.file_type()?.is_dir() {
            continue;
        }
        for page in std::fs::read_dir(group.path())? {
            let name = page?.file_name().to_string_lossy().replace(".md", "");
            let id = format!("{}::{name}", group.file_name().to_string_lossy());
            if codes::find(&id).is_none() {
                return Err(format!("docs/errors has a page for `{id}`, which is no code").into());
            }
        }
    }
    Ok(())
}

fn page(code: &'static Code) -> Result<(), Failed> {
    let page = Page::read(code.page);
    if page.title != code.id {
        return Err(format!("the page's title is `{}`", page.title).into());
    }
    if page.meaning.trim().is_empty() {
        return Err("the page does not say what the code means".into());
    }
    let group = code.id.split("::").next().unwrap_or_default();
    if let Some((_, why)) = NOT_OF_ONE_SPEC.iter().find(|(name, _)| *name == group) {
        let told = |section| !page.section(section).trim().is_empty();
        if !told("Wrong") || !told("Right") {
            return Err(format!("the code {why}; the page has to tell both sides").into());
        }
        return Ok(());
    }
    let (wrong, right) = (
        page.blocks("Wrong", "appspec"),
        page.blocks("Right", "appspec"),
    );
    if wrong.is_empty() || right.is_empty() {
        return Err("the page has no block under `## Wrong` or `## Right`".into());
    }
    for block in wrong {
        let found = ids(block);
        if found.is_empty() || found.iter().any(|id| *id != code.id) {
            return Err(format!("{block}\n\nis called wrong and gives {found:?}").into());
        }
        let mut sources = spec::sources(block);
        let findings = spec::findings(&mut sources);
        if let Some(finding) = findings.iter().find(|finding| finding.help.is_none()) {
            let message = &finding.message;
            return Err(format!("{block}\n\ngives no way on: {message}").into());
        }
    }
    let near_misses = page.blocks("Near miss", "appspec");
    if near_misses.is_empty() && code.severity != Severity::Advice {
        return Err("the page has no block under `## Near miss`".into());
    }
    for block in right.into_iter().chain(near_misses) {
        let found = ids(block);
        if !found.is_empty() {
            return Err(format!("{block}\n\nis called right and gives {found:?}").into());
        }
    }
    Ok(())
}

fn ids(text: &str) -> Vec<&'static str> {
    let mut sources = spec::sources(text);
    let findings = spec::findings(&mut sources);
    findings.iter().map(|finding| finding.code.id).collect()
}

/// A page, cut into its parts.
struct Page<'t> {
    title: &'t str,
    meaning: &'t str,
    sections: Vec<(&'t str, &'t str)>,
}

impl<'t> Page<'t> {
    fn read(text: &'t str) -> Self {
        let (head, rest) = text.split_once("\n## ").unwrap_or((text, ""));
        let (title, meaning) = head.split_once('\n').unwrap_or((head, ""));
        let sections = rest
            .split("\n## ")
            .map(|section| section.split_once('\n').unwrap_or((section, "")))
            .collect();
        Self {
            title: title.trim_start_matches("# ").trim(),
            meaning,
            sections,
        }
    }

    fn section(&self, wanted: &str) -> &'t str {
        let found = self
            .sections
            .iter()
            .find(|(title, _)| title.trim() == wanted);
        found.map_or("", |(_, body)| body)
    }

    /// The fenced blocks of a section in this language.
    fn blocks(&self, section: &str, language: &str) -> Vec<&'t str> {
        let open = format!("```{language}\n");
        self.section(section)
            .split(open.as_str())
            .skip(1)
            .filter_map(|rest| rest.split_once("\n```").map(|(block, _)| block))
            .collect()
    }
}
