//! The pages of `evolve::` codes: after the spec under "Before" was built, the one under "Wrong" gives exactly
//! that code, and those under "Right" and "Near miss" are built.

use appspec_analysis::compile;
use appspec_diagnostics::{Code, Diagnostics, Origin, Source, Sources, codes};
use appspec_evolve::{Changes, History, Migration, MigrationName, diff, facts};
use appspec_ir::Spec;

/// Their mistakes need two modules, two branches or a lost file; tests beside the code show them.
const IN_WORDS: [&str; 3] = [
    "evolve::branches_conflict",
    "evolve::entity_moved",
    "evolve::history_incomplete",
];

fn spec(text: Option<&str>, page: &Code) -> Option<Spec> {
    let text = text?;
    let mut sources = Sources::new();
    sources.add(Source {
        path: "shop.appspec".to_owned(),
        module: "shop".to_owned(),
        origin: Origin::Spec,
        text: text.to_owned(),
    });
    let (compiled, found) = compile(&mut sources);
    let said: Vec<_> = found.iter().map(|it| (it.code.id, &it.message)).collect();
    assert!(!found.has_errors(), "{}: {said:#?}\n{text}", page.id);
    Some(compiled?.spec)
}

fn section<'p>(page: &'p str, heading: &str) -> Option<&'p str> {
    let (_, rest) = page.split_once(&format!("\n## {heading}\n"))?;
    let (_, rest) = rest.split_once("```appspec\n")?;
    Some(rest.split_once("```")?.0)
}

fn build<'h>(history: &'h History, spec: &Spec) -> (Changes<'h>, Vec<&'static str>) {
    let mut found = Diagnostics::new();
    let changes = diff(history, spec, &mut found);
    (changes, found.iter().map(|it| it.code.id).collect())
}

fn remembered(history: &History, changes: &Changes<'_>, number: usize) -> History {
    let mut migrations = history.migrations.clone();
    migrations.push(Migration {
        app: "shop".to_owned(),
        name: format!("{number:04}_step"),
        after: migrations
            .iter()
            .map(Migration::id)
            .collect::<std::collections::BTreeSet<MigrationName>>(),
        uses: std::collections::BTreeSet::new(),
        delta: Changes::delta(&changes.steps),
    });
    History::new(migrations)
}

#[test]
fn every_page_shows_its_mistake() {
    let nothing = History::default();
    for page in codes::evolve::ALL {
        let Some(before) = section(page.page, "Before") else {
            assert!(IN_WORDS.contains(&page.id), "{} has no example", page.id);
            continue;
        };
        let (changes, found) = build(&nothing, &spec(Some(before), page).unwrap());
        assert_eq!(found, [""; 0], "{}: before", page.id);
        let history = remembered(&nothing, &changes, 1);

        let wrong = spec(section(page.page, "Wrong"), page).unwrap();
        assert_eq!(build(&history, &wrong).1, [page.id], "wrong");

        let near_miss = spec(section(page.page, "Near miss"), page).expect("a near miss");
        assert_eq!(
            build(&history, &near_miss).1,
            [""; 0],
            "{}: near miss",
            page.id
        );

        let right = spec(section(page.page, "Right"), page).unwrap();
        let (changes, found) = build(&history, &right);
        assert_eq!(found, [""; 0], "{}: right", page.id);
        // What was done is remembered: the next build has nothing to do.
        let history = if changes.steps.is_empty() {
            history
        } else {
            remembered(&history, &changes, 2)
        };
        let (changes, found) = build(&history, &right);
        assert_eq!(found, [""; 0], "{}: once more", page.id);
        assert!(changes.steps.is_empty(), "{}: {:?}", page.id, changes.steps);
        assert_eq!(changes.before, facts(&right), "{}", page.id);
    }
}
