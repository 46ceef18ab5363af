//! How long the solver takes for a large spec: `cargo run --release -p appspec-tests --example solver_speed [ENTITIES]`.
//!
//! Each entity has five invariants and two relations. Nothing here passes or fails; docs/performance.md explains the
//! numbers.
#![allow(
    clippy::unwrap_used,
    reason = "a measurement that can't be made has nothing to say"
)]

use std::fmt::Write;
use std::time::{Duration, Instant};

use appspec_diagnostics::{Origin, Source, Sources};
use appspec_solver::{proofs, witnesses};

const RUNS: usize = 15;

fn main() {
    let entities = std::env::args()
        .nth(1)
        .map_or(1000, |text| text.parse().unwrap());
    let mut sources = Sources::new();
    sources.add(Source {
        path: "big.appspec".into(),
        module: "big".into(),
        origin: Origin::Spec,
        text: spec_text(entities),
    });
    let (compiled, found) = appspec_analysis::compile(&mut sources);
    for finding in found.iter().take(5) {
        println!("{}: {}", finding.code.id, finding.message);
    }
    let spec = compiled.unwrap().spec;
    let (mut proving, mut witnessing) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let start = Instant::now();
        let studies = proofs(&spec);
        proving.push(start.elapsed());
        drop(studies);
        let start = Instant::now();
        let rows = witnesses(&spec);
        witnessing.push(start.elapsed());
        assert!(rows.entities.len() > entities);
    }
    let failing = witnesses(&spec)
        .entities
        .into_iter()
        .map(|own| own.failing.len());
    println!(
        "{entities} entities, {} rows that break one rule and nothing else",
        failing.sum::<usize>()
    );
    report("proofs", &mut proving);
    report("rows", &mut witnessing);
}

fn report(what: &str, times: &mut [Duration]) {
    times.sort_unstable();
    let (least, middle) = (times[0], times[times.len() / 2]);
    println!(
        "{what}: least {:.1} ms, median {:.1} ms",
        least.as_secs_f64() * 1000.0,
        middle.as_secs_f64() * 1000.0
    );
}

fn spec_text(entities: usize) -> String {
    let mut text =
        "project big { title: \"Big\" }\nenum State { open, paid, shut, lost }\n".to_owned();
    text.push_str("entity Base { name: text(20) }\n");
    for number in 0..entities {
        let before = if number == 0 {
            "Base".to_owned()
        } else {
            format!("E{}", number - 1)
        };
        writeln!(
            text,
            "entity E{number} {{
  base: Base on delete protect inverse e{number}
  previous: {before}? on delete set null inverse after_{number}
  name: text(80)
  code: text(12) matches r\"[A-Z]{{3}}[0-9]+\" unique
  starts_at: datetime
  ends_at: datetime
  state: State = open
  price: decimal(8, 2) in 0..100000
  discount: decimal(8, 2)? in 0..
  quantity: int in 1..1000 = 1
  total: decimal(12, 2)?
  unique (name, starts_at) where state == open

  invariant ordered: starts_at < ends_at
  invariant priced: state in {{paid, shut}} implies total is set
  invariant sum: total is set implies total == price * quantity
  invariant cheaper: discount is set implies (discount <= price and state != lost)
  invariant linked: state == lost implies (previous is set and hours_between(starts_at, ends_at) >= 2)
}}"
        )
        .unwrap();
    }
    text
}
