//! Two builds: what the second one does, and what it refuses.

use appspec_ir::{
    Default as DefaultValue, Direction, FieldType, Id, OnDelete, Scalar, SortKey, Spec, Value,
};

use crate::testing::{INT, Shop, TEXT, built, built_as, codes, fine, steps};
use crate::{Changes, History, Migration, MigrationName, Writers, facts};

/// Customers with a name, a unique number and an age; orders with a status.
fn shop(change: impl FnOnce(&mut Shop)) -> Spec {
    let mut shop = Shop::new();
    let customer = shop.entity("Customer");
    shop.field(customer, "name", TEXT);
    let number = shop.field(customer, "number", INT);
    let age = shop.field(customer, "age", INT);
    shop.unique(customer, &[number]);
    shop.index(customer, age);
    shop.at_least(age, "grown_up", 18);
    shop.change_entity(customer).sorted_by = vec![SortKey {
        field: number,
        direction: Direction::Descending,
    }];
    let status = shop.enumeration("Status", &["open", "done"]);
    let order = shop.entity("Order");
    shop.relation(order, "customer", customer);
    shop.field(order, "status", FieldType::Enum(status));
    change(&mut shop);
    shop.spec
}

const NAME: usize = 0;
const NUMBER: usize = 1;
const AGE: usize = 2;
const CUSTOMER: usize = 0;
const ORDER: usize = 1;

fn once() -> History {
    built(&History::default(), &shop(|_| {}))
}

fn rename_field(shop: &mut Shop, index: usize, name: &str) {
    let field = shop.change(Id::from_index(index));
    field.was = Some(std::mem::replace(&mut field.name, name.into()));
    // Rules are named after their fields.
    for entity in [CUSTOMER, ORDER] {
        let spec = shop.spec.clone();
        let entity = shop.change_entity(Id::from_index(entity));
        for unique in &mut entity.uniques {
            unique.name = format!("{}_unique", spec.fields[unique.fields[0]].name);
        }
        for overlap in &mut entity.overlaps {
            overlap.name = format!("{}_overlap", spec.fields[overlap.start].name);
        }
        for index in &mut entity.indexes {
            index.name = format!("{}_index", spec.fields[index.keys[0].field].name);
        }
    }
}

/// The second build does these steps, a third one nothing, and what is remembered is the spec.
fn evolves(change: impl Fn(&mut Shop), expected: &[&str]) {
    let first = once();
    let spec = shop(&change);
    assert_eq!(steps(&first, &spec), expected);
    let second = built(&first, &spec);
    assert_eq!(steps(&second, &spec), [""; 0]);
    assert_eq!(fine(&second, &spec).before, facts(&spec));
}

fn refuses(change: impl Fn(&mut Shop), expected: &[&str]) {
    assert_eq!(codes(&once(), &shop(change)), expected);
}

#[test]
fn the_first_build_adds_everything_and_the_second_nothing() {
    let spec = shop(|shop| {
        // A `was` of a project that was built elsewhere.
        shop.change(Id::from_index(NAME)).was = Some("title".into());
        shop.change_entity(Id::from_index(ORDER)).was = Some("Purchase".into());
    });
    assert_eq!(
        steps(&History::default(), &spec),
        ["add Customer", "add Order"]
    );
    let history = built(&History::default(), &spec);
    assert_eq!(steps(&history, &spec), [""; 0]);
    assert_eq!(fine(&history, &spec).before, facts(&spec));
}

#[test]
fn what_concerns_no_row_is_added() {
    evolves(
        |shop| {
            let customer = Id::from_index(CUSTOMER);
            let note = shop.field(customer, "note", TEXT);
            shop.change(note).optional = true;
            shop.unique(customer, &[note]);
            let visits = shop.field(customer, "visits", INT);
            shop.default(visits, Value::Int(0));
            shop.at_least(visits, "counted", 0);
            shop.index(customer, visits);
            let seen = shop.field(customer, "seen_at", FieldType::Scalar(Scalar::DateTime));
            shop.change(seen).touched = true;
            let invoice = shop.entity("Invoice");
            let order = Id::from_index(ORDER);
            shop.relation(invoice, "order", order);
        },
        &[
            "add Invoice",
            "add Customer.note",
            "add Customer.visits",
            "add Customer.seen_at",
            "add visits_index",
            "add note_unique",
            "add counted",
        ],
    );
}

#[test]
fn words_change_without_touching_data() {
    evolves(
        |shop| {
            let customer = shop.change_entity(Id::from_index(CUSTOMER));
            customer.doc = Some("Who buys.".into());
            customer.uniques[0].message = Some("Taken.".into());
            shop.change(Id::from_index(NAME)).doc = Some("First and last.".into());
            shop.spec
                .invariants
                .find_mut(Id::from_index(0))
                .unwrap()
                .message = "Too young.".into();
            let status = shop.spec.enums.find_mut(Id::from_index(0)).unwrap();
            status.choices[1].label = "Finished".into();
        },
        &[
            "alter Status",
            "alter Customer.name",
            "alter number_unique",
            "alter grown_up",
            "alter Customer",
        ],
    );
}

#[test]
fn a_renamed_entity_and_field_take_everything_along() {
    evolves(
        |shop| {
            let customer = shop.change_entity(Id::from_index(CUSTOMER));
            customer.name = "Client".into();
            customer.was = Some("Customer".into());
            customer.labels.singular = "client".into();
            rename_field(shop, NUMBER, "code");
            rename_field(shop, AGE, "years");
            let note = shop.field(Id::from_index(CUSTOMER), "note", TEXT);
            shop.change(note).optional = true;
        },
        &[
            "rename Customer to Client",
            "rename number to Client.code",
            "rename age to Client.years",
            "add Client.note",
            "alter Client",
        ],
    );
}

#[test]
fn the_names_of_then_are_known() {
    let spec = shop(|shop| {
        let customer = shop.change_entity(Id::from_index(CUSTOMER));
        customer.name = "Client".into();
        customer.was = Some("Customer".into());
        rename_field(shop, NUMBER, "code");
    });
    let once = once();
    let changes = fine(&once, &spec);
    let customer = Id::from_index(CUSTOMER);
    assert_eq!(changes.entity_before(customer).unwrap().name, "Customer");
    let field = changes.field_before(Id::from_index(NUMBER)).unwrap();
    assert_eq!(field.name, "number");
    let (name, fact) = changes.unique_before(customer, "code_unique").unwrap();
    assert_eq!(
        (name, fact.fields.as_slice()),
        ("number_unique", &["number".to_owned()][..])
    );
    let (name, _) = changes.index_before(customer, "age_index").unwrap();
    assert_eq!(name, "age_index");
}

#[test]
fn a_field_is_renamed_alone() {
    evolves(
        |shop| rename_field(shop, NUMBER, "code"),
        &["rename number to Customer.code"],
    );
}

#[test]
fn a_chain_of_renames_frees_each_name_first() {
    evolves(
        |shop| {
            rename_field(shop, NUMBER, "age");
            let age = shop.change(Id::from_index(AGE));
            age.name = "years".into();
            age.was = Some("age".into());
            let spec = shop.spec.clone();
            let customer = shop.change_entity(Id::from_index(CUSTOMER));
            customer.indexes[0].name = format!("{}_index", spec.fields[Id::from_index(AGE)].name);
        },
        &[
            "rename age to Customer.years",
            "rename number to Customer.age",
        ],
    );
}

#[test]
fn enum_values_are_added_and_renamed_with_their_rows() {
    evolves(
        |shop| {
            let status = shop.spec.enums.find_mut(Id::from_index(0)).unwrap();
            let mut late = status.choices[0].clone();
            status.choices[1].name = "closed".into();
            status.choices[1].stored = "closed".into();
            status.choices[1].was = Some("done".into());
            late.name = "late".into();
            late.stored = "late".into();
            status.choices.push(late);
        },
        &["store done as closed", "alter Status"],
    );
}

#[test]
fn an_enum_value_that_is_stored_as_before_may_have_any_name() {
    let first = once();
    let spec = shop(|shop| {
        let status = shop.spec.enums.find_mut(Id::from_index(0)).unwrap();
        status.choices[1].name = "closed".into();
    });
    assert_eq!(steps(&first, &spec), [""; 0]);
}

#[test]
fn a_renamed_enum_is_no_other_type() {
    evolves(
        |shop| {
            let status = shop.spec.enums.find_mut(Id::from_index(0)).unwrap();
            status.name = "State".into();
            status.was = Some("Status".into());
        },
        &["rename Status to State"],
    );
}

#[test]
fn a_rename_that_has_been_applied_may_stay_and_be_followed_by_another() {
    let renamed = shop(|shop| rename_field(shop, NAME, "title"));
    let twice = built(&once(), &renamed);
    let back = shop(|shop| {
        let name = shop.change(Id::from_index(NAME));
        name.was = Some("title".into());
    });
    assert_eq!(steps(&twice, &back), ["rename title to Customer.name"]);
    let thrice = built(&twice, &back);
    assert_eq!(steps(&thrice, &back), [""; 0]);
}

#[test]
fn what_is_gone_is_missed() {
    refuses(
        |shop| {
            let customer = shop.change_entity(Id::from_index(CUSTOMER));
            customer.fields.remove(NAME);
            let status = shop.spec.enums.find_mut(Id::from_index(0)).unwrap();
            status.choices.pop();
        },
        &["field_dropped", "value_dropped"],
    );
    refuses(
        |shop| {
            shop.spec
                .modules
                .find_mut(Id::from_index(0))
                .unwrap()
                .entities
                .pop();
            let mut entities = appspec_ir::Arena::new();
            entities.push(shop.spec.entities[Id::from_index(CUSTOMER)].clone());
            shop.spec.entities = entities;
        },
        &["entity_dropped"],
    );
}

#[test]
fn a_table_does_not_move_to_another_module() {
    refuses(
        |shop| {
            let module = shop.spec.modules.find_mut(Id::from_index(0)).unwrap();
            let order = module.entities.pop().unwrap();
            let mut other = module.clone();
            other.path = "billing".into();
            other.label = "billing".into();
            other.entities = vec![order];
            let other = shop.spec.modules.push(other);
            shop.change_entity(order).module = other;
        },
        &["entity_moved"],
    );
}

#[test]
fn what_looks_like_a_rename_is_asked_about() {
    refuses(
        |shop| shop.change(Id::from_index(NAME)).name = "title".into(),
        &["possible_rename"],
    );
    refuses(
        |shop| shop.change_entity(Id::from_index(CUSTOMER)).name = "Client".into(),
        &["possible_rename"],
    );
}

#[test]
fn what_existing_rows_may_not_fit_is_refused() {
    let customer = Id::from_index(CUSTOMER);
    refuses(
        |shop| {
            shop.field(customer, "city", TEXT);
        },
        &["needs_default"],
    );
    refuses(
        |shop| {
            let code = shop.field(customer, "code", FieldType::Scalar(Scalar::Uuid));
            shop.change(code).default = Some(DefaultValue::Uuid);
        },
        &["shared_default"],
    );
    refuses(
        |shop| {
            let visits = shop.field(customer, "visits", INT);
            shop.default(visits, Value::Int(0));
            shop.unique(customer, &[visits]);
        },
        &["rule_added"],
    );
    refuses(
        |shop| {
            let visits = shop.field(customer, "visits", INT);
            shop.default(visits, Value::Int(0));
            shop.at_least(visits, "came", 1);
        },
        &["rule_added"],
    );
}

#[test]
fn rows_are_asked_about_new_rules() {
    let customer = Id::from_index(CUSTOMER);
    let history = built(&History::default(), &shop(|_| {}));
    let asks = |change: &dyn Fn(&mut Shop), wanted: &[&str]| {
        let spec = shop(change);
        assert_eq!(steps(&history, &spec), wanted);
        assert_eq!(steps(&built(&history, &spec), &spec), [""; 0]);
    };
    asks(
        &|shop| {
            shop.unique(customer, &[Id::from_index(NAME)]);
        },
        &["add name_unique to rows"],
    );
    asks(
        &|shop| {
            shop.at_least(Id::from_index(NUMBER), "positive", 1);
        },
        &["add positive to rows"],
    );
}

#[test]
fn what_is_narrower_is_refused() {
    let name = Id::from_index(NAME);
    refuses(
        |shop| shop.change(name).ty = FieldType::Scalar(Scalar::Text { max: Some(40) }),
        &["type_changed"],
    );
    refuses(|shop| shop.change(name).ty = INT, &["type_changed"]);
    refuses(
        |shop| {
            let order = shop.change_entity(Id::from_index(ORDER));
            order.identity = appspec_ir::Identity::Int;
        },
        &["identity_changed"],
    );
}

#[test]
fn a_field_becomes_something_else_that_holds_its_values() {
    let name = Id::from_index(NAME);
    evolves(
        |shop| shop.change(name).ty = FieldType::Scalar(Scalar::Text { max: Some(120) }),
        &["alter Customer.name"],
    );
    evolves(
        |shop| shop.change(name).optional = true,
        &["alter Customer.name"],
    );
    evolves(
        |shop| {
            let age = Id::from_index(AGE);
            let span = shop.change(age).span;
            shop.change(age).ty = FieldType::Scalar(Scalar::BigInt);
            shop.change(age).bounds = vec![appspec_ir::Bound::Range {
                low: Some(Value::Int(0)),
                high: None,
                span,
            }];
        },
        &["alter Customer.age"],
    );
    evolves(
        |shop| {
            let customer = Id::from_index(3);
            if let FieldType::Relation(relation) = &mut shop.change(customer).ty {
                relation.on_delete = OnDelete::Cascade;
                relation.one_to_one = true;
            }
        },
        &["alter Order.customer"],
    );
}

#[test]
fn what_was_built_is_dropped() {
    evolves(
        |shop| {
            let customer = shop.change_entity(Id::from_index(CUSTOMER));
            customer.uniques.clear();
            customer.indexes.clear();
            customer.invariants.clear();
        },
        &["drop number_unique", "drop age_index", "drop grown_up"],
    );
}

#[test]
fn what_was_built_says_something_else() {
    let customer = Id::from_index(CUSTOMER);
    evolves(
        |shop| {
            let grown_up = shop.spec.invariants.find_mut(Id::from_index(0)).unwrap();
            grown_up.name = "adult".into();
        },
        &["drop grown_up", "add adult to rows"],
    );
    evolves(
        |shop| {
            let customer = shop.change_entity(customer);
            customer.uniques[0].ignoring_case = true;
            customer.indexes[0].keys[0].direction = Direction::Descending;
            let invariants = std::mem::replace(&mut shop.spec.invariants, appspec_ir::Arena::new());
            assert_eq!(invariants.ids().count(), 1);
            shop.change_entity(Id::from_index(CUSTOMER))
                .invariants
                .clear();
            shop.at_least(Id::from_index(AGE), "grown_up", 16);
        },
        &[
            "add age_index",
            "drop age_index",
            "change number_unique to rows",
            "change grown_up to rows",
        ],
    );
}

/// A rename, a changed rule over what is renamed, a wider type and a new value of an enum, all at once.
#[test]
fn everything_changes_in_one_build() {
    evolves(
        |shop| {
            rename_field(shop, AGE, "years");
            shop.change(Id::from_index(AGE)).ty = FieldType::Scalar(Scalar::BigInt);
            shop.spec.invariants = appspec_ir::Arena::new();
            let customer = shop.change_entity(Id::from_index(CUSTOMER));
            customer.invariants.clear();
            customer.uniques.clear();
            customer.name = "Client".into();
            customer.was = Some("Customer".into());
            shop.at_least(Id::from_index(AGE), "grown_up", 16);
            let status = shop.spec.enums.find_mut(Id::from_index(0)).unwrap();
            let mut late = status.choices[0].clone();
            late.name = "late".into();
            late.stored = "late".into();
            status.choices.push(late);
        },
        &[
            "rename Customer to Client",
            "rename age to Client.years",
            "alter Status",
            "alter Client.years",
            "drop number_unique",
            "change grown_up to rows",
        ],
    );
}

#[test]
fn a_was_that_can_not_be_meant_is_refused() {
    let was = |index: usize, name: &'static str, was: &'static str| {
        move |shop: &mut Shop| {
            let field = shop.change(Id::from_index(index));
            field.name = name.into();
            field.was = Some(was.into());
        }
    };
    refuses(was(NAME, "title", "nome"), &["was_unknown"]);
    refuses(was(NAME, "name", "number"), &["was_still_there"]);
    // The field that took the name is another one: it is not blamed for being so.
    refuses(
        |shop| {
            was(NAME, "title", "name")(shop);
            let customer = Id::from_index(CUSTOMER);
            shop.field(customer, "name", FieldType::Scalar(appspec_ir::Scalar::Int));
        },
        &["was_still_there"],
    );
    // Nor is an entity, nor what refers to either of the two.
    refuses(
        |shop| {
            let id = Id::from_index(CUSTOMER);
            let customer = shop.change_entity(id);
            customer.name = "Client".into();
            customer.was = Some("Customer".into());
            let other = shop.entity("Customer");
            shop.field(other, "mood", TEXT);
        },
        &["was_still_there"],
    );
    refuses(
        |shop| {
            was(NAME, "title", "name")(shop);
            let other = shop.field(Id::from_index(CUSTOMER), "other", TEXT);
            shop.change(other).was = Some("name".into());
        },
        &["was_twice"],
    );
    refuses(
        |shop| {
            let customer = Id::from_index(CUSTOMER);
            shop.change_entity(customer).fields.remove(NAME);
            let number = shop.change(Id::from_index(NUMBER));
            number.was = Some("name".into());
        },
        &["was_merged"],
    );
    refuses(
        |shop| {
            was(NUMBER, "age", "number")(shop);
            was(AGE, "number", "age")(shop);
        },
        &["rename_circle"],
    );
}

#[test]
fn branches_that_change_different_things_merge() {
    let first = once();
    let with = |note: bool, code: bool| {
        shop(move |shop| {
            let customer = Id::from_index(CUSTOMER);
            for (wanted, name) in [(note, "note"), (code, "code")] {
                if wanted {
                    let field = shop.field(customer, name, TEXT);
                    shop.change(field).optional = true;
                }
            }
        })
    };
    let left = built_as(&first, &with(true, false), "note", &["0001_next"]);
    let both = built_as(&left, &with(false, true), "code", &["0001_next"]);
    let merged = with(true, true);
    assert_eq!(steps(&both, &merged), ["merge shop"]);
    let joined = built(&both, &merged);
    assert_eq!(joined.migrations.last().unwrap().name, "0003_next");
    assert_eq!(steps(&joined, &merged), [""; 0]);
    assert_eq!(fine(&joined, &merged).before, facts(&merged));
}

#[test]
fn branches_that_add_to_one_enum_have_it_stated_again() {
    let first = once();
    let with = |values: &'static [&'static str]| {
        shop(move |shop| {
            let status = shop.spec.enums.find_mut(Id::from_index(0)).unwrap();
            for value in values {
                let mut choice = status.choices[0].clone();
                choice.name = (*value).into();
                choice.stored = (*value).into();
                status.choices.push(choice);
            }
        })
    };
    let left = built_as(&first, &with(&["late"]), "late", &["0001_next"]);
    let both = built_as(&left, &with(&["lost"]), "lost", &["0001_next"]);
    for merged in [with(&["late", "lost"]), with(&["lost", "late"])] {
        assert_eq!(steps(&both, &merged), ["merge shop", "alter Status"]);
        let joined = built(&both, &merged);
        assert_eq!(steps(&joined, &merged), [""; 0]);
    }
}

#[test]
fn branches_that_quarrel_are_refused() {
    let first = once();
    let renamed = shop(|shop| rename_field(shop, NAME, "title"));
    let documented = shop(|shop| {
        shop.change(Id::from_index(NAME)).doc = Some("First and last.".into());
    });
    let left = built_as(&first, &renamed, "title", &["0001_next"]);
    let both = built_as(&left, &documented, "words", &["0001_next"]);
    assert_eq!(codes(&both, &renamed), ["branches_conflict"]);
}

/// Without this order a fresh database would meet a reference to a name that is gone already.
#[test]
fn a_rename_comes_after_what_refers_to_the_old_name() {
    let spec = shop(|_| {});
    let nothing = History::default();
    let changes = fine(&nothing, &spec);
    let migration = |app: &str, step: usize, after: &[(&str, &str)]| Migration {
        app: app.into(),
        name: "0001_initial".into(),
        after: after
            .iter()
            .map(|(app, name)| MigrationName {
                app: (*app).into(),
                name: (*name).into(),
            })
            .collect(),
        uses: std::collections::BTreeSet::new(),
        delta: Changes::delta([&changes.steps[step]]),
    };
    // As if customers and orders were two apps, the second one referring to the first.
    let customers = migration("customers", 0, &[]);
    let orders = migration("orders", 1, &[("customers", "0001_initial")]);
    let history = History::new(vec![customers, orders]);
    let renamed = shop(|shop| {
        let customer = shop.change_entity(Id::from_index(CUSTOMER));
        customer.name = "Client".into();
        customer.was = Some("Customer".into());
    });
    let changes = fine(&history, &renamed);
    let delta = Changes::delta(&changes.steps);
    let needed = Writers::of(&history).needed_by("customers", [&delta], []);
    assert_eq!(
        needed.iter().map(|it| it.app.as_str()).collect::<Vec<_>>(),
        ["orders"]
    );
    assert!(
        Writers::of(&history)
            .needed_by("orders", [&delta], [])
            .is_empty(),
        "it comes after `customers` already"
    );
    let mut migrations = history.migrations.clone();
    migrations.push(Migration {
        app: "customers".into(),
        name: "0002_rename".into(),
        after: needed.into_iter().chain([migrations[0].id()]).collect(),
        uses: std::collections::BTreeSet::new(),
        delta,
    });
    assert_eq!(steps(&History::new(migrations), &renamed), [""; 0]);
}

#[test]
fn a_history_with_a_hole_is_refused() {
    let mut history = built(&once(), &shop(|shop| rename_field(shop, NAME, "title")));
    history.migrations.remove(0);
    assert_eq!(codes(&history, &shop(|_| {})), ["history_incomplete"]);
}

/// The shop, in which no two customers may have met numbers and ages.
fn apart(change: impl FnOnce(&mut Shop)) -> Spec {
    shop(|shop| {
        let (start, end) = (Id::from_index(NUMBER), Id::from_index(AGE));
        shop.overlap(Id::from_index(CUSTOMER), start, end);
        change(shop);
    })
}

#[test]
fn stretches_get_another_message() {
    let first = built(&History::default(), &apart(|_| {}));
    let spec = apart(|shop| {
        let customer = shop.change_entity(Id::from_index(CUSTOMER));
        customer.overlaps[0].message = Some("Taken.".into());
    });
    assert_eq!(steps(&first, &spec), ["alter number_overlap"]);
    let second = built(&first, &spec);
    assert_eq!(steps(&second, &spec), [""; 0]);
    assert_eq!(fine(&second, &spec).before, facts(&spec));
}

#[test]
fn stretches_keep_their_rule_when_a_field_is_renamed() {
    let first = built(&History::default(), &apart(|_| {}));
    let spec = apart(|shop| rename_field(shop, NUMBER, "code"));
    assert_eq!(steps(&first, &spec), ["rename number to Customer.code"]);
    let second = built(&first, &spec);
    assert_eq!(steps(&second, &spec), [""; 0]);
    assert_eq!(fine(&second, &spec).before, facts(&spec));
}

#[test]
fn stretches_of_rows_that_exist_are_compared_later() {
    let (without, with) = (shop(|_| {}), apart(|_| {}));
    let first = built(&History::default(), &without);
    assert_eq!(
        steps(&first, &with).last().unwrap(),
        "add number_overlap to rows"
    );
    let first = built(&History::default(), &with);
    assert_eq!(steps(&first, &without), ["drop number_overlap"]);
    let closed = apart(|shop| {
        let customer = shop.change_entity(Id::from_index(CUSTOMER));
        customer.overlaps[0].closed = true;
    });
    assert_eq!(steps(&first, &closed), ["change number_overlap to rows"]);
    let renamed = apart(|shop| {
        rename_field(shop, AGE, "years");
        let customer = shop.change_entity(Id::from_index(CUSTOMER));
        customer.overlaps.clear();
    });
    assert_eq!(
        steps(&first, &renamed),
        ["rename age to Customer.years", "drop number_overlap"]
    );
    let second = built(&first, &renamed);
    assert_eq!(steps(&second, &renamed), [""; 0]);
    assert_eq!(fine(&second, &renamed).before, facts(&renamed));
}

#[test]
fn branches_that_change_one_rule_are_refused_and_those_that_drop_it_merge() {
    let first = once();
    let dropped = shop(|shop| {
        shop.change_entity(Id::from_index(CUSTOMER))
            .invariants
            .clear();
    });
    let changed = shop(|shop| {
        shop.spec.invariants = appspec_ir::Arena::new();
        shop.change_entity(Id::from_index(CUSTOMER))
            .invariants
            .clear();
        shop.at_least(Id::from_index(AGE), "grown_up", 16);
    });
    let left = built_as(&first, &dropped, "left", &["0001_next"]);
    let both = built_as(&left, &changed, "right", &["0001_next"]);
    assert_eq!(codes(&both, &changed), ["branches_conflict"]);
    let both = built_as(&left, &dropped, "right", &["0001_next"]);
    assert_eq!(steps(&both, &dropped), ["merge shop"]);
    let wider = |ty| shop(move |shop| shop.change(Id::from_index(AGE)).ty = FieldType::Scalar(ty));
    let optional = shop(|shop| shop.change(Id::from_index(AGE)).optional = true);
    let left = built_as(&first, &wider(Scalar::BigInt), "left", &["0001_next"]);
    let both = built_as(&left, &optional, "right", &["0001_next"]);
    assert_eq!(codes(&both, &optional), ["branches_conflict"]);
}
