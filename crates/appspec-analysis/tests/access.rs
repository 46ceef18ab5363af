//! What access rules mean: each condition is asked of rows and of people.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails loudly"
)]

use std::collections::BTreeMap;

use appspec_diagnostics::{Origin, Source, Sources};
use appspec_ir::{
    Access, Entity, Expr, ExprKind, Field, Fields, Id, Origin as From, OtherRows, Person, Row,
    Rows, Spec, Surroundings, Undefined, Value, Verb, Walk, Who, holds_for, print,
};

const SPEC: &str = r#"project salon { title: "Salon" }

use std.auth.{User}

enum State { asked, confirmed }

entity Salon { name: text(80) }

entity Staff {
  user: User
  salon: Salon inverse staff
  leads: bool = false
}

entity Visit {
  client: User
  helper: User?
  salon: Salon
  number: serial "V-{000}"
  made_on: date immutable
  state: State = asked
  note: text?
  lifecycle state {
    confirm: asked -> confirmed
    final confirmed
  }
}

entity Entry {
  append only
  text: text
}

role Client for signed in
role Clerk from Staff s for s.user at s.salon
role Owner from Staff s for s.user at s.salon where s.leads includes Clerk

access Visit {
  let own = client == me
  let helped = helper is set and helper == me
  only where me.is_active
  Client may read where own or helped
  Client may update except (helper) where own and not helped
  Owner at salon may do anything
  Client may read (note) where me.name is set and note is set and note == me.name
}

access Salon { Owner at this may read where some(s in staff has s.user == me and s.leads) }

access User { signed in may read where this == me }

access Entry { system may do anything }
"#;

fn compiled() -> Spec {
    let mut sources = Sources::new();
    sources.add(Source {
        path: "salon.appspec".into(),
        module: "salon".into(),
        origin: Origin::Spec,
        text: SPEC.to_owned(),
    });
    let (compiled, found) = appspec_analysis::compile(&mut sources);
    let told: Vec<&str> = found.iter().map(|it| it.message.as_str()).collect();
    compiled.unwrap_or_else(|| panic!("{told:?}")).into_spec()
}

fn entity<'s>(spec: &'s Spec, name: &str) -> Walk<'s, Entity> {
    let mut all = spec.walk_entities();
    all.find(|entity| entity.get().name == name).unwrap()
}

fn access<'s>(spec: &'s Spec, name: &str) -> &'s Access {
    entity(spec, name).get().access.as_ref().unwrap()
}

fn field(spec: &Spec, of: &str, name: &str) -> Id<Field> {
    entity(spec, of).field(name).unwrap().id
}

fn key(number: i128) -> Value {
    Value::Int(number)
}

fn row(spec: &Spec, of: &str, values: &[(&str, Value)]) -> Row {
    let mut row = Row::new();
    for (name, value) in values {
        row.set(field(spec, of, name), value.clone());
    }
    row
}

/// The staff of salons, by the salon.
#[derive(Default)]
struct World(BTreeMap<i128, Vec<Row>>);

impl OtherRows for World {
    fn behind(&self, _: Id<Field>, _: &Value) -> Option<&Row> {
        None
    }

    fn several(&self, _: Rows, _: &Row, key: &Value) -> Vec<&Row> {
        let Value::Int(salon) = key else {
            return vec![];
        };
        self.0.get(salon).into_iter().flatten().collect()
    }
}

struct Asked<'a> {
    row: Row,
    key: i128,
    me: Option<(i128, &'a Row)>,
}

fn holds(condition: &Expr, asked: &Asked<'_>, world: &World) -> Result<bool, Undefined> {
    let own = key(asked.key);
    let person = asked.me.map(|(number, row)| (key(number), row));
    let me = person.as_ref().map(|(key, row)| Person { key, row });
    let around = Surroundings {
        me,
        ..Surroundings::default()
    };
    holds_for(condition, (&asked.row, &own), world, around)
}

#[test]
fn a_condition_is_about_the_row_and_about_who_asks() {
    let spec = compiled();
    let grants = &access(&spec, "Visit").grants;
    let reads = grants[0].condition.as_ref().unwrap();
    let updates = grants[1].condition.as_ref().unwrap();
    let person = row(&spec, "User", &[("is_active", Value::Bool(true))]);
    let ask = |condition: &Expr, me: i128, helper: Option<i128>| {
        let mut values = vec![("client", key(1))];
        values.extend(helper.map(|helper| ("helper", key(helper))));
        let asked = Asked {
            row: row(&spec, "Visit", &values),
            key: 7,
            me: Some((me, &person)),
        };
        holds(condition, &asked, &World::default()).unwrap()
    };
    assert!(ask(reads, 1, None));
    assert!(!ask(reads, 2, None));
    assert!(ask(reads, 2, Some(2)));
    assert!(!ask(reads, 2, Some(3)));
    assert!(ask(updates, 1, Some(3)));
    assert!(!ask(updates, 1, Some(1)));
    assert!(!ask(updates, 2, Some(2)));
}

#[test]
fn what_a_person_has_is_read_of_them_and_nobody_has_nothing() {
    let spec = compiled();
    let wall = &access(&spec, "Visit").walls[0].condition;
    let asked = |me: Option<(i128, &Row)>| {
        let visit = row(&spec, "Visit", &[("client", key(1))]);
        holds(
            wall,
            &Asked {
                row: visit,
                key: 7,
                me,
            },
            &World::default(),
        )
    };
    let person = |active| row(&spec, "User", &[("is_active", Value::Bool(active))]);
    assert_eq!(asked(Some((1, &person(true)))), Ok(true));
    assert_eq!(asked(Some((1, &person(false)))), Ok(false));
    assert_eq!(asked(None), Err(Undefined::Nobody));
    let named = access(&spec, "Visit").grants[3].condition.as_ref().unwrap();
    let text = |text: &str| Value::Text(text.to_owned());
    let ask = |name: Option<&str>| {
        let values: Vec<(&str, Value)> = name.into_iter().map(|it| ("name", text(it))).collect();
        let me = row(&spec, "User", &values);
        let visit = row(&spec, "Visit", &[("note", text("Ada"))]);
        let asked = Asked {
            row: visit,
            key: 7,
            me: Some((1, &me)),
        };
        holds(named, &asked, &World::default())
    };
    assert_eq!(ask(Some("Ada")), Ok(true));
    assert_eq!(ask(Some("Bob")), Ok(false));
    assert_eq!(ask(None), Ok(false));
}

#[test]
fn the_row_itself_can_be_compared_and_others_are_read() {
    let spec = compiled();
    let own = access(&spec, "User").grants[0].condition.as_ref().unwrap();
    let person = row(&spec, "User", &[]);
    let asked = |key| Asked {
        row: Row::new(),
        key,
        me: Some((1, &person)),
    };
    assert_eq!(holds(own, &asked(1), &World::default()), Ok(true));
    assert_eq!(holds(own, &asked(2), &World::default()), Ok(false));
    let leads = access(&spec, "Salon").grants[0].condition.as_ref().unwrap();
    let staff = |user: i128, leads: bool| {
        row(
            &spec,
            "Staff",
            &[("user", key(user)), ("leads", Value::Bool(leads))],
        )
    };
    let world = World(BTreeMap::from([
        (5, vec![staff(1, false), staff(2, true)]),
        (6, vec![staff(1, true)]),
    ]));
    assert_eq!(holds(leads, &asked(5), &world), Ok(false));
    assert_eq!(holds(leads, &asked(6), &world), Ok(true));
    assert_eq!(holds(leads, &asked(8), &world), Ok(false));
}

#[test]
fn conditions_are_printed_as_they_were_written() {
    let spec = compiled();
    let printed = |name: &str, at: usize| {
        print(
            &spec,
            access(&spec, name).grants[at].condition.as_ref().unwrap(),
        )
    };
    assert_eq!(
        printed("Visit", 0),
        "client == me or (helper is set and helper == me)"
    );
    assert_eq!(
        printed("Visit", 3),
        "me.name is set and note is set and note == me.name"
    );
    assert_eq!(printed("User", 0), "this == me");
    assert_eq!(
        printed("Salon", 0),
        "some(s in staff has s.user == me and s.leads)"
    );
}

#[test]
fn anything_is_spelled_out_and_fields_are_those_that_a_verb_can_be_about() {
    let spec = compiled();
    let visit = entity(&spec, "Visit");
    let grants = &access(&spec, "Visit").grants;
    let verbs = |at: usize| grants[at].permissions.iter().map(|it| it.verb.word());
    let all: Vec<&str> = verbs(2).collect();
    assert_eq!(all, ["read", "create", "update", "delete", "confirm"]);
    let named = |fields: &Fields, verb: &Verb| {
        let found = fields.resolve(visit, verb).into_iter();
        found
            .map(|id| spec.walk(id).get().name.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        named(&Fields::All, &Verb::Read),
        [
            "client", "helper", "salon", "number", "made_on", "state", "note"
        ]
    );
    assert_eq!(
        named(&Fields::All, &Verb::Create),
        ["client", "helper", "salon", "made_on", "note"]
    );
    assert_eq!(
        named(&grants[1].permissions[0].fields, &Verb::Update),
        ["client", "salon", "note"]
    );
    assert!(named(&Fields::All, &Verb::Delete).is_empty());
    let entries = &access(&spec, "Entry").grants[0];
    assert_eq!(entries.who, Who::System);
    let entries: Vec<&str> = entries
        .permissions
        .iter()
        .map(|it| it.verb.word())
        .collect();
    assert_eq!(entries, ["read", "create"]);
}

#[test]
fn roles_know_where_they_are_had_and_what_they_include() {
    let spec = compiled();
    let role = |name: &str| {
        spec.roles
            .iter()
            .find(|(_, role)| role.name == name)
            .unwrap()
    };
    let (owner, found) = role("Owner");
    assert_eq!(found.scope(), Some(entity(&spec, "Salon").id));
    assert_eq!(spec.with_included(owner).len(), 2);
    assert_eq!(role("Client").1.scope(), None);
    let From::Derived { person, .. } = &found.origin else {
        panic!("{found:?}")
    };
    assert!(matches!(person.kind, ExprKind::Field(_)));
    assert!(spec.has_access());
    let at = access(&spec, "Salon").grants[0].at.as_ref().unwrap();
    assert!(matches!(at.kind, ExprKind::This));
}
