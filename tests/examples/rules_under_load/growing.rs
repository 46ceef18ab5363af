//! A rule comes to a table with a million rows, while others read and write.

use std::fs;
use std::thread;
use std::time::Instant;

use appspec_tests::database::{Kind, psql};
use appspec_tests::{Database, Stage};
use tempfile::TempDir;

use super::classes::Class;
use super::{Shop, filled};

const ROWS: usize = 1_000_000;

/// Reads and writes rows again and again until a file is there; says how long each took at most, in seconds.
const OTHERS: &str = "
import threading, time
from pathlib import Path
from django.db import connection
from shelf.models import Order
key = Order.objects.values_list('pk', flat=True).first()
ways = {
    'read': 'SELECT total FROM shelf_order WHERE id = %s',
    'write': 'UPDATE shelf_order SET number = number WHERE id = %s',
}
def longest(name):
    worst = 0.0
    with connection.cursor() as cursor:
        cursor.execute('SET lock_timeout = 0')
        while not Path(END).exists():
            began = time.monotonic()
            cursor.execute(ways[name], [key])
            worst = max(worst, time.monotonic() - began)
            time.sleep(0.002)
    print(name, f'{worst:.2f}')
    connection.close()
threads = [threading.Thread(target=longest, args=[name]) for name in ways]
Path(END).with_name('ready').touch()
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
";

/// Prints how long the migration took, how long others waited, how long a scan for broken rows takes, and what the
/// triggers ask without an index.
pub(super) fn measure(classes: &[&Class]) {
    println!(
        "| rule | migration | longest read | longest write | `check_invariants` | asked without an index |\n\
         |---|---|---|---|---|---|"
    );
    let bare = Shop::of(None);
    let full = filled(&bare, ROWS);
    for class in classes {
        let database = Database::create_like(&full);
        let shop = Shop::of(None);
        shop.becomes(Some(class));
        let waited = waiting(&shop, &database);
        let began = Instant::now();
        shop.project
            .manage(Stage::Development, &database, &["check_invariants"])
            .fine();
        let scan = began.elapsed().as_secs_f64();
        let slow = without_index(&database);
        println!(
            "| {} | {:.1} s | {} s | {} s | {scan:.1} s | {slow} |",
            class.name, waited.migration, waited.read, waited.write,
        );
    }
    drop(full);
}

struct Waited {
    migration: f64,
    read: String,
    write: String,
}

fn waiting(shop: &Shop, database: &Database) -> Waited {
    let folder = TempDir::new().unwrap();
    let end = folder.path().join("end");
    let program = OTHERS.replace("END", &format!("{:?}", end.to_str().unwrap()));
    thread::scope(|scope| {
        let others = scope.spawn(|| shop.project.shell(database, &program).fine());
        while !folder.path().join("ready").exists() && !others.is_finished() {
            thread::yield_now();
        }
        let began = Instant::now();
        let migrated = shop.try_to_migrate(database);
        let migration = began.elapsed().as_secs_f64();
        // The others end, whatever became of it.
        fs::write(&end, "").unwrap();
        migrated.fine();
        let said = others.join().unwrap();
        let said = said.stdout;
        let of = |name: &str| {
            let line = said.lines().find_map(|line| line.strip_prefix(name));
            line.unwrap_or("?").trim().to_owned()
        };
        Waited {
            migration,
            read: of("read"),
            write: of("write"),
        }
    })
}

/// The triggers whose question reads a whole table of the shop, as PostgreSQL plans it for one row.
fn without_index(database: &Database) -> String {
    assert_eq!(database.kind, Kind::Postgres);
    let asked = psql(
        &database.name,
        "SELECT tgname, (SELECT id FROM shelf_order LIMIT 1), \
           translate(replace(encode(tgargs, 'escape'), '\\000', chr(1)), chr(10), ' ') \
         FROM pg_trigger WHERE NOT tgisinternal AND tgfoid = to_regproc('refuse_across')",
    )
    .fine();
    let mut slow = Vec::new();
    for line in asked.stdout.lines() {
        let mut parts = line.splitn(3, '|');
        let (name, key) = (parts.next().unwrap(), parts.next().unwrap());
        let questions = parts.next().unwrap().split('\u{1}').skip(3);
        for question in questions.flat_map(|text| text.split(';')) {
            if question.is_empty() {
                continue;
            }
            let question = ["$1", "$2"]
                .iter()
                .fold(question.to_owned(), |text, place| {
                    text.replace(place, &format!("'{key}'"))
                });
            let plan = psql(&database.name, &format!("EXPLAIN {question}")).fine();
            let reads_all = plan.stdout.lines().any(|line| {
                line.contains("Seq Scan on shelf_order") || line.contains("Seq Scan on shelf_line")
            });
            if reads_all {
                slow.push(format!("{name}: {question}"));
            }
        }
    }
    if slow.is_empty() {
        "nothing".to_owned()
    } else {
        slow.join("; ")
    }
}
