//! The rows that `compile` finds for a spec with rules of all kinds: each is judged again, from outside.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails loudly"
)]

use appspec_diagnostics::{Origin, Source, Sources};
use appspec_ir::{
    Bound, Compiled, Derive, Entity, Field, Identity, Invariant, Row, RowRule, Surroundings,
    UniqueRule, Value, Walk, collisions, holds, made_up_key, renumbered,
};

const SPEC: &str = r#"project shop { title: "Shop" }

enum Status { open, paid, lost }

entity Customer {
  name: text(40) unique ignoring case
  email: email unique
  code: text(9) in 5.. matches r"[A-Z]{2}-\d+"
  ratio: float in 0..1
  born_on: date in 1900-01-01..
  slug: slug unique
}

entity Order {
  number: text(12)
  customer: Customer on delete protect inverse orders
  referrer: Customer? on delete set null
  gift: Order? unique where gift is set on delete set null
  status: Status = open
  price: decimal(8, 2) in 0.01..
  quantity: int in 1..1000 = 1
  total: decimal(12, 2)
  discount: decimal(5, 2)? in 0..100
  opens_at: time
  starts_at: datetime
  ends_at: datetime
  paid_on: date?
  length: duration in 15min..8h
  unique (number, customer) where status != lost

  invariant sum: total == price * quantity
  invariant in_order: starts_at < ends_at and minutes_between(starts_at, ends_at) >= 15
  invariant paid_has_a_day: status == paid implies paid_on is set
  invariant discounted: discount is set implies (discount < 50 or quantity > 10)
  invariant number_begins: starts_with(number, "A-") and length(number) in {5, 7}
  invariant trimmed: trim(number) == number and lower(number) != number
  invariant referred: referrer is not set or referrer != customer
  invariant opens_by_day: hour(opens_at) in 8..17
  invariant ahead on create: starts_at > now() + 1h
}
"#;

fn compiled() -> Compiled {
    compiled_from(SPEC)
}

fn compiled_from(text: &str) -> Compiled {
    let mut sources = Sources::new();
    sources.add(Source {
        path: "shop.appspec".into(),
        module: "shop".into(),
        origin: Origin::Spec,
        text: text.to_owned(),
    });
    let (compiled, found) = appspec_analysis::compile(&mut sources);
    let messages: Vec<_> = found.iter().map(|finding| &finding.message).collect();
    assert!(found.is_empty(), "{messages:?}");
    compiled.unwrap()
}

fn entity<'s>(compiled: &'s Compiled, name: &str) -> Walk<'s, Entity> {
    let mut entities = compiled.spec.walk_entities();
    entities.find(|entity| entity.name == name).unwrap()
}

/// The invariants and ranges that a row breaks.
fn broken(entity: Walk<'_, Entity>, row: &Row) -> Vec<String> {
    let around = Surroundings {
        now: Some(1_774_745_970 * 1_000_000),
        offset: Some(&|_| 0),
        me: None,
    };
    let mut found = Vec::new();
    for invariant in entity.invariants() {
        if holds(&invariant.get().condition, row, around) != Ok(true) {
            found.push(invariant.name.clone());
        }
    }
    for field in entity.fields() {
        assert!(
            field.get().optional || row.get(field.id).is_some(),
            "{} is missing",
            field.name
        );
        for bound in &field.get().bounds {
            if let Bound::Range { low, high, .. } = bound
                && let Some(value) = row.get(field.id)
            {
                let value = match value {
                    Value::Text(text) => Value::Int(text.chars().count() as i128),
                    other => other.clone(),
                };
                let below = low.as_ref().is_some_and(|low| value < *low);
                if below || high.as_ref().is_some_and(|high| value > *high) {
                    found.push(field.name.clone());
                }
            }
        }
    }
    found
}

#[test]
fn the_passing_row_keeps_every_rule_and_is_small() {
    let compiled = compiled();
    for name in ["Customer", "Order"] {
        let entity = entity(&compiled, name);
        let own = compiled.witnesses().of(entity.id).unwrap();
        let row = own.passing.as_ref().expect(name);
        assert_eq!(broken(entity, row), [""; 0], "{name}: {row:?}");
    }
    let order = entity(&compiled, "Order");
    let row = compiled.witnesses().of(order.id).unwrap();
    let row = row.passing.as_ref().unwrap();
    let value = |name: &str| row.get(order.field(name).unwrap().id).cloned();
    assert_eq!(value("status"), Some(Value::Enum("open".into())));
    assert_eq!(value("quantity"), Some(Value::Int(1)));
    assert_eq!(value("price"), Some(Value::Decimal(1.into())));
    assert_eq!(value("discount"), None);
    assert_eq!(value("paid_on"), None);
}

#[test]
fn a_failing_row_breaks_its_rule_and_nothing_else() {
    let compiled = compiled();
    let mut patterns = 0;
    for name in ["Customer", "Order"] {
        let entity = entity(&compiled, name);
        let own = compiled.witnesses().of(entity.id).unwrap();
        let mut wanted: Vec<String> = entity
            .invariants()
            .map(|invariant| invariant.name.clone())
            .collect();
        wanted.extend(entity.fields().flat_map(|field| {
            let ends = field.get().bounds.iter().map(|bound| match bound {
                Bound::Range { low, high, .. } => {
                    usize::from(low.is_some()) + usize::from(high.is_some())
                }
                _ => 1,
            });
            vec![field.name.clone(); ends.sum()]
        }));
        let mut found = Vec::new();
        for failing in &own.failing {
            let rule = match failing.rule {
                RowRule::Invariant(id) => compiled.spec.walk::<Invariant>(id).name.clone(),
                RowRule::Bound { field, .. } => compiled.spec.walk::<Field>(field).name.clone(),
                RowRule::Derived(id) => compiled.spec.walk::<Derive>(id).name.clone(),
            };
            let by_row = broken(entity, &failing.row);
            if by_row.is_empty() {
                // The pattern, which nothing here reads.
                patterns += 1;
                assert_eq!(rule, "code");
            } else {
                assert_eq!(by_row, [rule.as_str()], "{:?}", failing.row);
            }
            let mended = failing.mended.as_ref().expect(&rule);
            assert_eq!(broken(entity, mended), [""; 0], "{rule}: {mended:?}");
            found.push(rule);
        }
        wanted.sort();
        found.sort();
        assert_eq!(found, wanted, "rules of {name} with a row");
    }
    assert_eq!(patterns, 1);
}

#[test]
fn colliding_rows_share_the_fields_of_their_rule_alone() {
    let compiled = compiled();
    let mut rules = 0;
    for name in ["Customer", "Order"] {
        let entity = entity(&compiled, name);
        let own = compiled.witnesses().of(entity.id).unwrap();
        for pair in &own.colliding {
            assert_eq!(broken(entity, &pair.first), [""; 0]);
            assert_eq!(broken(entity, &pair.second), [""; 0]);
            for (place, unique) in entity.get().uniques.iter().enumerate() {
                let about = |row: &Row| {
                    unique.condition.as_ref().is_none_or(|condition| {
                        holds(condition, row, Surroundings::default()) == Ok(true)
                    })
                };
                let same = unique.fields.iter().all(|field| {
                    let (a, b) = (pair.first.get(*field), pair.second.get(*field));
                    a.is_some() && a == b
                });
                let collides = same && about(&pair.first) && about(&pair.second);
                assert_eq!(collides, pair.rule == UniqueRule::Set(place), "{pair:?}");
            }
            rules += 1;
        }
    }
    assert_eq!(rules, 5);
}

#[test]
fn rows_of_an_entity_stand_side_by_side_on_rows_that_are_there() {
    let compiled = compiled();
    let witnesses = compiled.witnesses();
    for entity in compiled.spec.walk_entities() {
        let own = witnesses.of(entity.id).unwrap();
        let (passing, another) = (own.passing.as_ref(), own.another.as_ref());
        let (passing, another) = (passing.expect("one"), another.expect("another"));
        assert_eq!(collisions(entity, passing, another), []);
        assert_eq!(broken(entity, another), [""; 0]);
    }
    let order = entity(&compiled, "Order");
    let own = witnesses.of(order.id).unwrap();
    let row = own.another.as_ref().unwrap();
    let below = witnesses.pointed_to(&compiled.spec, &[(order.id, row)]);
    let names: Vec<String> = below
        .expect("a customer")
        .iter()
        .map(|standing| compiled.spec.walk(standing.entity).name.clone())
        .collect();
    assert_eq!(names, ["Customer"]);
}

#[test]
fn a_row_that_needs_itself_stands_on_nothing() {
    let compiled = compiled();
    let order = entity(&compiled, "Order");
    let own = compiled.witnesses().of(order.id).unwrap();
    let gift = order.field("gift").unwrap().id;
    let mut witnesses = compiled.witnesses().clone();
    let mut row = own.passing.clone().unwrap();
    row.set(gift, made_up_key(Identity::Uuid, 1));
    witnesses.entities[order.id.index()].passing = Some(row.clone());
    assert_eq!(
        witnesses.pointed_to(&compiled.spec, &[(order.id, &row)]),
        None
    );
    let other = renumbered(order, &row, |_, number| 3 - number);
    assert_eq!(other.get(gift), Some(&made_up_key(Identity::Uuid, 2)));
    let below = witnesses.pointed_to(&compiled.spec, &[(order.id, &other)]);
    assert_eq!(below.map(|rows| rows.len()), Some(3));
}

/// With its defaults, a division has another one above it, which would need one above it in turn.
const LADDER: &str = r#"project league { title: "League" }

entity Division {
  name: text(60)
  level: int in 1..9
  promoted: int in 0..4 = 1
  above: Division? on delete restrict inverse below

  invariant highest_has_none_above: (level == 1) == (above is not set)
  invariant highest_promotes_nobody: level == 1 implies promoted == 0
}
"#;

#[test]
fn a_row_is_the_first_of_its_kind_where_the_rules_allow_one() {
    let compiled = compiled_from(LADDER);
    let division = entity(&compiled, "Division");
    let witnesses = compiled.witnesses();
    let first = witnesses.numbered(division.id, 1).unwrap();
    assert_eq!(broken(division, first), [""; 0]);
    let rows = [(division.id, first)];
    assert_eq!(
        witnesses
            .pointed_to(&compiled.spec, &rows)
            .map(|it| it.len()),
        Some(0)
    );
}

const STRETCHES: &str = r#"project inn { title: "Inn" }

entity Guest {
  name: text(40) unique
}

entity Stay {
  guest: Guest on delete cascade inverse stays
  room: int
  starts_at: datetime
  ends_at: datetime
  state: text(9) = "planned"

  invariant in_order: starts_at < ends_at
  suppress relation::redundant_unique "what two rules refuse is told by either"
  unique (guest, starts_at) where state != "off"
  no overlap of starts_at until ends_at per room where state != "off"
  no overlap of starts_at until ends_at per guest
}

entity Tariff {
  first_day: date
  last_day: date?
  invariant in_order: last_day is set implies first_day <= last_day
  no overlap of first_day through last_day
}

entity Season {
  first_day: date?
  last_day: date
  invariant in_order: first_day is set implies first_day < last_day
  no overlap of first_day until last_day
}
"#;

#[test]
fn rows_are_in_the_way_of_each_other_for_one_rule_alone() {
    let compiled = compiled_from(STRETCHES);
    let witnesses = compiled.witnesses();
    let mut rules = Vec::new();
    for entity in compiled.spec.walk_entities() {
        let own = witnesses.of(entity.id).unwrap();
        for pair in &own.colliding {
            assert_eq!(broken(entity, &pair.first), [""; 0], "{pair:?}");
            assert_eq!(broken(entity, &pair.second), [""; 0], "{pair:?}");
            assert_eq!(
                collisions(entity, &pair.first, &pair.second),
                [pair.rule],
                "{pair:?}"
            );
            if let UniqueRule::Overlap(place) = pair.rule {
                let overlap = &entity.get().overlaps[place];
                for end in [overlap.start, overlap.end] {
                    assert_eq!(pair.first.get(end), pair.second.get(end), "{pair:?}");
                }
                rules.push((entity.get().name.as_str(), place));
            }
        }
        let (passing, another) = (own.passing.as_ref(), own.another.as_ref());
        let (passing, another) = (passing.expect("one"), another.expect("another"));
        assert_eq!(broken(entity, another), [""; 0]);
        assert_eq!(collisions(entity, passing, another), []);
    }
    assert_eq!(
        rules,
        [("Stay", 0), ("Stay", 1), ("Tariff", 0), ("Season", 0)]
    );
}

#[test]
fn stretches_touch_or_meet() {
    let compiled = compiled_from(STRETCHES);
    let meets = |name: &str, one: [Option<i64>; 2], other: [Option<i64>; 2]| {
        let entity = entity(&compiled, name);
        let rows = [one, other].map(|ends| {
            let mut row = Row::new();
            for (name, day) in ["first_day", "last_day"].into_iter().zip(ends) {
                if let Some(day) = day {
                    row.set(entity.field(name).unwrap().id, Value::Date(day));
                }
            }
            row
        });
        let there = collisions(entity, &rows[0], &rows[1]);
        assert_eq!(there, collisions(entity, &rows[1], &rows[0]));
        !there.is_empty()
    };
    assert!(meets("Tariff", [Some(1), Some(2)], [Some(2), Some(3)]));
    assert!(!meets("Tariff", [Some(1), Some(2)], [Some(3), None]));
    assert!(meets("Tariff", [Some(1), None], [Some(3), Some(4)]));
    assert!(!meets("Tariff", [Some(3), None], [Some(1), Some(2)]));
    assert!(!meets("Season", [Some(1), Some(2)], [Some(2), Some(3)]));
    assert!(meets("Season", [None, Some(2)], [None, Some(3)]));
    assert!(!meets("Season", [None, Some(2)], [Some(2), Some(3)]));
}

#[test]
fn a_row_has_the_form_of_its_types_whatever_its_rules_say() {
    let compiled = compiled_from(
        "project shop { title: \"Shop\" }\nentity Key {\n  mail: email\n  part: decimal(38, 10)\n  \
         least: decimal(38, 38)\n  page: url?\n  \
         invariant own: ends_with(mail, \"le.org\") or page is not set\n  \
         other: email\n  invariant inner: contains(other, \"e.\")\n}\n",
    );
    let key = entity(&compiled, "Key");
    let witnesses = compiled.witnesses().of(key.id).unwrap();
    let failing = witnesses.failing.iter();
    let broken = failing.flat_map(|one| [Some(&one.row), one.mended.as_ref()]);
    let rows: Vec<&Row> = std::iter::once(witnesses.passing.as_ref())
        .chain(broken)
        .flatten()
        .collect();
    assert_eq!(rows.len(), 5);
    for row in rows {
        for field in key.fields() {
            let value = row.get(field.id);
            match field.name.as_str() {
                "mail" | "other" => {
                    let Some(Value::Text(mail)) = value else {
                        panic!("{value:?}")
                    };
                    assert!(mail.contains('@') && !mail.ends_with('.'), "{mail}");
                }
                "page" => {}
                _ => assert!(value.is_some(), "{}", field.name),
            }
        }
    }
}
