//! What the rules of a database cost: `tests/run --measure`, which brings the server and the Pythons.
//!
//! One table for eight writers at once, with each rule and without it; one for the migration that adds the rule to a
//! million rows, and for others who read and write meanwhile; and whether what a rule asks goes by an index. Nothing here
//! passes or fails; docs/design/rules-under-load.md explains the numbers.
#![allow(
    clippy::unwrap_used,
    reason = "a measurement that can't be made has nothing to say"
)]

mod classes;
mod growing;
mod writing;

use appspec_tests::database::Kind;
use appspec_tests::{Database, Project, Ran, Stage, build, library, surroundings};
use classes::{CLASSES, Class};
use tempfile::TempDir;

fn main() {
    let (tables, rules): (Vec<String>, Vec<String>) = std::env::args()
        .skip(1)
        .partition(|name| matches!(name.as_str(), "writing" | "growing"));
    let table = tables.first().map(String::as_str);
    let classes: Vec<&Class> = CLASSES
        .iter()
        .filter(|class| rules.is_empty() || rules.iter().any(|name| name == class.name))
        .collect();
    if table != Some("growing") {
        writing::measure(&classes);
        println!();
    }
    if table != Some("writing") {
        growing::measure(&classes);
    }
}

/// A project of the shop without a rule or with one.
struct Shop {
    project: Project,
    _folder: TempDir,
}

impl Shop {
    fn of(class: Option<&Class>) -> Self {
        let folder = TempDir::new().unwrap();
        let root = folder.path().join("project");
        let shop = Self {
            project: Project::new(root, &surroundings().pythons[0]),
            _folder: folder,
        };
        shop.becomes(class);
        shop
    }

    /// Builds it again.
    fn becomes(&self, class: Option<&Class>) {
        let spec = library::spec_of(classes::spec(class));
        build(spec.path(), &self.project.root).fine();
    }

    fn try_to_migrate(&self, database: &Database) -> Ran {
        let migrate = ["migrate", "--no-input"];
        self.project.manage(Stage::Development, database, &migrate)
    }
}

/// A migrated database with so many orders, each with a line.
fn filled(shop: &Shop, orders: usize) -> Database {
    let database = Database::create(Kind::Postgres);
    shop.try_to_migrate(&database).fine();
    appspec_tests::database::psql(&database.name, &classes::rows(orders)).fine();
    database
}
