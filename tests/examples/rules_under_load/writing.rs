//! Eight writers at once, with a rule and without it, in turns.

use std::fs;

use appspec_tests::database::client;
use appspec_tests::{Database, Ran};
use tempfile::TempDir;

use super::classes::Class;
use super::{Shop, filled};

const WRITERS: &str = "8";
/// Orders that are written to.
const ORDERS: usize = 10_000;
/// Seconds of each turn.
const SECONDS: &str = "4";
const TURNS: usize = 3;

/// Prints the transactions in a second, and what a rule leaves of them.
pub(super) fn measure(classes: &[&Class]) {
    println!("| rule | without it | with it | ratio |\n|---|---|---|---|");
    let bare = Shop::of(None);
    for class in classes {
        let shop = Shop::of(Some(class));
        let databases = [filled(&bare, ORDERS), filled(&shop, ORDERS)];
        let mut rates = [Vec::new(), Vec::new()];
        for _ in 0..TURNS {
            for (database, rates) in databases.iter().zip(&mut rates) {
                rates.push(rate(class, database));
            }
        }
        let [without, with] = rates.map(|mut rates| {
            rates.sort_by(f64::total_cmp);
            rates[TURNS / 2]
        });
        println!(
            "| {} | {without:.0}/s | {with:.0}/s | {:.2} |",
            class.name,
            with / without
        );
    }
}

/// Transactions in a second.
fn rate(class: &Class, database: &Database) -> f64 {
    let folder = TempDir::new().unwrap();
    let script = folder.path().join("writes.sql");
    let picked = format!("\\set n random(1, {ORDERS})\n");
    fs::write(&script, picked + class.writes).unwrap();
    let mut command = client("pgbench");
    command.args(["--no-vacuum", "--protocol=prepared", "--jobs=2"]);
    command.args(["--client", WRITERS, "--time", SECONDS, "--file"]);
    let ran = Ran::of(command.arg(&script).arg(&database.name)).fine();
    let rate = ran
        .stdout
        .lines()
        .find_map(|line| line.strip_prefix("tps = "));
    let rate = rate.and_then(|rest| rest.split(' ').next()).unwrap();
    assert!(
        ran.stdout.contains("number of failed transactions: 0 "),
        "{ran}"
    );
    rate.parse().unwrap()
}
