//! What is proven about rules over other rows, against trying every order of a few lines.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::fmt::Write as _;

use appspec_diagnostics::{Origin, Source, Sources};
use appspec_ir::{
    Across, Entity, Field, Id, Invariant, OtherRows, Row, Rows, Spec, Surroundings, Value, Walk,
    holds_across,
};

/// So many specs are made.
const SPECS: u64 = 300;

/// So many of them at least have to be told about, or the test would show nothing.
const LEAST_TOLD: usize = 100;

/// A number from 0 to `below`, the same ones in each run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % 1_000_003).unwrap() % below
    }

    fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.roll(of.len())]
    }

    fn line(&mut self) -> String {
        let sign = self.one(&["<", "<=", "==", ">=", ">", "!="]);
        match self.roll(6) {
            0 => self.one(&["l.k", "not l.k", "l.k == t"]).to_owned(),
            1 => format!("l.n {sign} a"),
            2 => format!("l.n + l.n {sign} {}", self.roll(7)),
            3 => format!("(l.k or l.n {sign} {})", self.roll(3)),
            _ => format!("l.n {sign} {}", self.roll(5)),
        }
    }

    fn number(&mut self) -> String {
        match self.roll(5) {
            0 => "a".to_owned(),
            1 => "count(l in lines)".to_owned(),
            2 => format!("count(l in lines where {})", self.line()),
            3 => "sum(l.n for l in lines)".to_owned(),
            _ => format!("sum(l.n for l in lines where {})", self.line()),
        }
    }

    fn truth(&mut self) -> String {
        let sign = self.one(&["<", "<=", "==", ">=", ">", "!="]);
        match self.roll(7) {
            0 => format!("all(l in lines have {})", self.line()),
            1 => format!("some(l in lines has {})", self.line()),
            2 => self
                .one(&["t", "not t", "shop.open", "not shop.open"])
                .to_owned(),
            3 => format!("{} {sign} {}", self.number(), self.number()),
            _ => format!("{} {sign} {}", self.number(), self.roll(4)),
        }
    }

    fn rule(&mut self) -> String {
        match self.roll(4) {
            0 => format!("({}) implies {}", self.truth(), self.truth()),
            1 => format!("{} or {}", self.truth(), self.truth()),
            _ => self.truth(),
        }
    }
}

fn text(dice: &mut Dice) -> String {
    let mut rules = String::new();
    for at in 0..=dice.roll(3) {
        let rule = dice.rule();
        writeln!(rules, "  invariant r{at}: {rule}").unwrap();
    }
    let line = dice.one(&[
        "",
        "  invariant low: k implies n < 2\n",
        "  invariant high: n > 0\n",
    ]);
    format!(
        "project p {{ title: \"P\" }}\nentity Shop {{ open: bool }}\n\
         entity Order {{\n  shop: Shop\n  a: int in 0..2\n  t: bool\n{rules}}}\n\
         entity Line {{\n  order: Order inverse lines\n  n: int in 0..3\n  k: bool\n{line}}}\n"
    )
}

/// An order with its shop and its lines.
struct World {
    order: Row,
    shop: Row,
    lines: Vec<Row>,
}

impl OtherRows for World {
    fn behind(&self, _: Id<Field>, _: &Value) -> Option<&Row> {
        Some(&self.shop)
    }

    fn several(&self, _: Rows, _: &Row, _: &Value) -> Vec<&Row> {
        self.lines.iter().collect()
    }
}

fn named(spec: &Spec, name: &str) -> Id<Entity> {
    let mut entities = spec.entities.iter();
    entities.find(|(_, entity)| entity.name == name).unwrap().0
}

/// All of a few values, in which what the lines say of themselves holds.
fn worlds(spec: &Spec) -> Vec<World> {
    let field = |entity: &str, name: &str| spec.walk(named(spec, entity)).field(name).unwrap().id;
    let (n, k, to) = (
        field("Line", "n"),
        field("Line", "k"),
        field("Line", "order"),
    );
    let key = Value::Uuid("o".to_owned());
    let mut lines = Vec::new();
    for number in 0..4 {
        for is in [false, true] {
            let mut row = Row::new();
            row.set(n, Value::Int(number));
            row.set(k, Value::Bool(is));
            row.set(to, key.clone());
            let rules = spec.walk(named(spec, "Line")).invariants();
            let mut rules = rules.map(Walk::<Invariant>::get);
            if rules.all(|rule| {
                appspec_ir::holds(&rule.condition, &row, Surroundings::default()).unwrap()
            }) {
                lines.push(row);
            }
        }
    }
    let mut several = vec![Vec::new()];
    for (at, first) in lines.iter().enumerate() {
        several.push(vec![first.clone()]);
        for second in &lines[at..] {
            several.push(vec![first.clone(), second.clone()]);
        }
    }
    several.push(vec![
        lines[0].clone(),
        lines[0].clone(),
        lines[lines.len() - 1].clone(),
    ]);
    let mut found = Vec::new();
    for lines in several {
        for bits in 0..12 {
            let mut order = Row::new();
            order.set(field("Order", "a"), Value::Int(bits / 4));
            order.set(field("Order", "t"), Value::Bool(bits % 2 == 0));
            order.set(field("Order", "shop"), Value::Uuid("s".to_owned()));
            let mut shop = Row::new();
            shop.set(field("Shop", "open"), Value::Bool(bits / 2 % 2 == 0));
            found.push(World {
                order,
                shop,
                lines: lines.clone(),
            });
        }
    }
    found
}

#[test]
fn no_world_disproves_what_is_told() {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let mut told = 0;
    for _ in 0..SPECS {
        let text = text(&mut dice);
        let mut sources = Sources::new();
        sources.add(Source {
            path: "p.appspec".into(),
            module: "p".into(),
            origin: Origin::Spec,
            text: text.clone(),
        });
        let (compiled, found) = appspec_analysis::compile(&mut sources);
        let compiled = compiled.unwrap_or_else(|| panic!("{text}{found:?}"));
        let spec = &compiled.spec;
        let order = spec.walk(named(spec, "Order")).get();
        let worlds = worlds(spec);
        let key = Value::Uuid("o".to_owned());
        let keeps = |world: &World, rule: &Across| {
            holds_across(&rule.condition, &world.order, &key, world).unwrap()
        };
        // What reads no other row is a rule of one row.
        let own = order.invariants.iter().map(|id| {
            let rule = spec.walk(*id).get();
            Across {
                name: rule.name.clone(),
                doc: None,
                condition: rule.condition.clone(),
                message: String::new(),
                span: rule.span,
            }
        });
        let rules: Vec<Across> = own.chain(order.across.iter().cloned()).collect();
        for finding in &found {
            let about = rules.iter().find(|rule| {
                let start = format!("`{}`", rule.name);
                finding.message.starts_with(&start)
            });
            let is_so = |world: &World| match (finding.code.id, about) {
                ("invariant::never_true", Some(rule)) => !keeps(world, rule),
                ("invariant::always_true", Some(rule)) => keeps(world, rule),
                ("invariant::redundant", Some(rule)) => {
                    let mut others = rules.iter().filter(|other| other.name != rule.name);
                    keeps(world, rule) || others.any(|other| !keeps(world, other))
                }
                ("invariant::contradiction", _) => rules.iter().any(|rule| !keeps(world, rule)),
                _ => true,
            };
            told += 1;
            assert!(
                worlds.iter().all(is_so),
                "{}: {}\n{text}",
                finding.code.id,
                finding.message
            );
        }
    }
    assert!(told >= LEAST_TOLD, "{told}");
}
