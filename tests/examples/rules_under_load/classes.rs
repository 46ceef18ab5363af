//! The kinds of rules, each in the same shop.

/// A kind of rule.
pub(super) struct Class {
    pub(super) name: &'static str,
    /// What the entity `Order` says.
    pub(super) rule: &'static str,
    /// A transaction that the rule looks at and does not refuse, for `pgbench`; `:n` is a number of an order, and
    /// `nextval('places')` one that nobody has had.
    pub(super) writes: &'static str,
}

const NEW_ORDER: &str = "\
INSERT INTO shelf_order (id, room_id, number, state, starts_at, ends_at, total)
SELECT gen_random_uuid(), id, place, 'open', '2100-01-01'::timestamptz + place * interval '1 minute',
  '2100-01-01 00:01'::timestamptz + place * interval '1 minute', 0
FROM nextval('places') AS place, shelf_room WHERE name = '7';
";

const CHANGED: &str = "UPDATE shelf_order SET total = total + 1 WHERE number = :n;\n";

pub(super) const CLASSES: [Class; 17] = [
    Class {
        name: "row",
        rule: "invariant total_is_small: total <= 1000000000 and (note is not set or length(note) > 0)",
        writes: CHANGED,
    },
    Class {
        name: "unique",
        rule: "unique (room, number)",
        writes: NEW_ORDER,
    },
    Class {
        name: "no overlap",
        rule: "no overlap of starts_at until ends_at per room",
        writes: NEW_ORDER,
    },
    Class {
        name: "sum over rows",
        rule: "invariant total_is_sum: total == sum(l.amount for l in lines)",
        writes: "\
BEGIN;
INSERT INTO shelf_line (id, order_id, amount) SELECT gen_random_uuid(), id, 1 FROM shelf_order WHERE number = :n;
UPDATE shelf_order SET total = total + 1 WHERE number = :n;
COMMIT;
",
    },
    Class {
        name: "count of rows",
        rule: "invariant few_lines: count(l in lines) <= 1000",
        writes: "\
INSERT INTO shelf_line (id, order_id, amount) SELECT gen_random_uuid(), id, 1 FROM shelf_order WHERE number = :n;
",
    },
    Class {
        name: "along a reference",
        rule: "invariant room_is_open: state == closed or room.open",
        writes: NEW_ORDER,
    },
    Class {
        name: "lifecycle",
        rule: "lifecycle state {\n    close: open -> closed\n    reopen: closed -> open\n  }",
        writes: "\
UPDATE shelf_order SET state = CASE state WHEN 'open' THEN 'closed' ELSE 'open' END WHERE number = :n;
",
    },
    Class {
        name: "frozen",
        rule: "frozen when state == closed except (note)",
        writes: CHANGED,
    },
    Class {
        name: "append only",
        rule: "append only",
        writes: NEW_ORDER,
    },
    Class {
        name: "serial",
        rule: "code: serial \"{year}-{00000}\" per room gapless",
        writes: NEW_ORDER,
    },
    Class {
        name: "on create",
        rule: "invariant ahead on create: starts_at >= now() - 36500d",
        writes: NEW_ORDER,
    },
    Class {
        name: "immutable",
        rule: "code: text(40)? immutable",
        writes: CHANGED,
    },
    Class {
        name: "on change",
        rule: "invariant never_less on change of total: total >= old.total",
        writes: CHANGED,
    },
    Class {
        name: "keep",
        rule: "keep 5 years",
        writes: CHANGED,
    },
    Class {
        name: "soft delete",
        rule: "soft delete",
        writes: CHANGED,
    },
    Class {
        name: "audited",
        rule: "audited",
        writes: CHANGED,
    },
    Class {
        name: "one of",
        rule: "about: one of Room, Line?",
        writes: NEW_ORDER,
    },
];

/// The shop, with one of the rules or with none.
pub(super) fn spec(class: Option<&Class>) -> String {
    let rule = class.map_or("", |class| class.rule);
    format!(
        r#"project shop {{ title: "Shop" }}

enum State {{ open, closed }}

entity Room {{
  name: text(40) unique
  open: bool = true
}}

entity Order {{
  room: Room on delete protect
  number: int
  state: State = open
  starts_at: datetime
  ends_at: datetime
  total: int = 0
  note: text(40)?

  index (number)
  invariant ends_later: starts_at < ends_at
  {rule}
}}

entity Line {{
  order: Order on delete protect inverse lines
  amount: int = 0
}}
"#
    )
}

/// What fills the tables: a thousand rooms, and so many orders, each with a line.
pub(super) fn rows(orders: usize) -> String {
    format!(
        "
CREATE SEQUENCE places START {};
INSERT INTO shelf_room (id, name, open) SELECT gen_random_uuid(), n::text, true FROM generate_series(1, 1000) AS n;
INSERT INTO shelf_order (id, room_id, number, state, starts_at, ends_at, total)
SELECT gen_random_uuid(), room.id, n, 'open', '2030-01-01'::timestamptz + n * interval '1 minute',
  '2030-01-01 00:01'::timestamptz + n * interval '1 minute', 0
FROM generate_series(1, {orders}) AS n JOIN shelf_room AS room ON room.name = (n % 1000 + 1)::text;
INSERT INTO shelf_line (id, order_id, amount) SELECT gen_random_uuid(), id, 0 FROM shelf_order;
ANALYZE;
",
        orders + 1
    )
}
