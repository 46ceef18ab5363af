//! How PostgreSQL finds a page of a list of a million rows, for somebody of each role: `tests/run --measure lists`, which
//! brings the server and the Pythons. Nothing here passes or fails; docs/design/lists-by-indexes.md explains the numbers.

use appspec_tests::list_plans;

const ROWS: usize = 1_000_000;

fn main() {
    for app in ["salon", "shop"] {
        println!("{app}\n\n{}", list_plans::ask(app, ROWS, &[]).fine().stdout);
    }
}
