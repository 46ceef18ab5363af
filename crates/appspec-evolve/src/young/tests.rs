//! A session: what its builds added may go or get another spelling, what was there before may not.

use appspec_diagnostics::Diagnostics;
use appspec_ir::{FieldType, Spec};

use super::{Added, Young};
use crate::testing::{INT, Shop, TEXT, built, codes_with, facts_with, steps_with};
use crate::{History, diff_with, facts};

/// Customers with a name, and what is asked for.
fn shop(change: impl FnOnce(&mut Shop)) -> Spec {
    let mut shop = Shop::new();
    let customer = shop.entity("Customer");
    shop.field(customer, "name", TEXT);
    change(&mut shop);
    shop.spec
}

/// The customers have an optional text of this name.
fn with(name: &'static str) -> Spec {
    shop(|shop| {
        let customer = appspec_ir::Id::from_index(0);
        let field = shop.field(customer, name, TEXT);
        shop.change(field).optional = true;
    })
}

fn with_status(values: &[&str]) -> Spec {
    shop(|shop| {
        let customer = appspec_ir::Id::from_index(0);
        let status = shop.enumeration("Status", values);
        let field = shop.field(customer, "status", FieldType::Enum(status));
        shop.change(field).optional = true;
    })
}

fn with_entity(name: &str, field: &str) -> Spec {
    shop(|shop| {
        let entity = shop.entity(name);
        shop.field(entity, field, INT);
        shop.relation(entity, "customer", appspec_ir::Id::from_index(0));
    })
}

/// The builds of a session.
#[derive(Default)]
struct Session {
    history: History,
    young: Young,
    count: usize,
}

impl Session {
    /// One that begins where this was built.
    fn after(spec: &Spec) -> Self {
        Self {
            history: built(&History::default(), spec),
            ..Self::default()
        }
    }

    /// Builds, and gives the steps; what is remembered afterwards is the spec.
    fn builds(&mut self, spec: &Spec) -> Vec<String> {
        let steps = steps_with(&self.young, &self.history, spec);
        let young = self.young.clone();
        let changes = diff_with(&young, &self.history, spec, &mut Diagnostics::new());
        self.young.follow(&changes, self.count);
        self.count += 1;
        self.history = crate::testing::built_with(&young, &self.history, spec);
        assert_eq!(facts_with(&self.history, spec), facts(spec));
        steps
    }

    fn refuses(&self, spec: &Spec) -> Vec<&'static str> {
        codes_with(&self.young, &self.history, spec)
    }
}

#[test]
fn what_the_session_added_goes_without_a_word() {
    let mut session = Session::after(&shop(|_| {}));
    assert_eq!(session.builds(&with("nick")), ["add Customer.nick"]);
    assert_eq!(session.builds(&shop(|_| {})), ["drop nick"]);
    assert_eq!(session.builds(&with_entity("Visit", "day")), ["add Visit"]);
    assert_eq!(session.builds(&shop(|_| {})), ["drop Visit"]);
    assert_eq!(
        session.young,
        Young::default(),
        "nothing is left that could go"
    );
    assert_eq!(
        session.builds(&with_status(&["open", "done"])),
        ["add Customer.status"]
    );
    assert_eq!(
        session.builds(&with_status(&["open", "done", "late"])),
        ["alter Status"]
    );
    assert_eq!(
        session.builds(&with_status(&["open", "done"])),
        ["alter Status"]
    );
}

#[test]
fn what_the_session_added_gets_another_spelling_and_keeps_its_rows() {
    let mut session = Session::after(&shop(|_| {}));
    session.builds(&with("nick"));
    assert_eq!(
        session.builds(&with("nickname")),
        ["rename nick to Customer.nickname"]
    );
    assert_eq!(session.builds(&shop(|_| {})), ["drop nickname"]);
    session.builds(&with_entity("Visit", "day"));
    assert_eq!(
        session.builds(&with_entity("Stay", "day")),
        ["rename Visit to Stay", "alter Stay"]
    );
    assert_eq!(
        session.builds(&with_entity("Stay", "week")),
        ["rename day to Stay.week"],
        "what a young entity has is as young"
    );
    assert_eq!(session.builds(&shop(|_| {})), ["drop Stay"]);
    session.builds(&with_status(&["open", "dnoe"]));
    assert_eq!(
        session.builds(&with_status(&["open", "done"])),
        ["store dnoe as done", "alter Status"]
    );
}

#[test]
fn of_several_the_slip_of_the_finger_is_meant() {
    let two = |one: &'static str, other: &'static str| {
        shop(|shop| {
            for name in [one, other] {
                let field = shop.field(appspec_ir::Id::from_index(0), name, TEXT);
                shop.change(field).optional = true;
            }
        })
    };
    let mut session = Session::after(&shop(|_| {}));
    session.builds(&two("steet", "mobil"));
    assert_eq!(
        session.builds(&two("mobile", "street")),
        [
            "rename mobil to Customer.mobile",
            "rename steet to Customer.street"
        ]
    );
    assert_eq!(
        session.builds(&two("a", "b")),
        [
            "add Customer.a",
            "add Customer.b",
            "drop mobile",
            "drop street"
        ],
        "nobody knows which is which"
    );
}

#[test]
fn what_was_there_before_is_protected() {
    let session = Session::after(&with("nick"));
    assert_eq!(session.refuses(&shop(|_| {})), ["field_dropped"]);
    assert_eq!(session.refuses(&with("nickname")), ["possible_rename"]);
    let session = Session::after(&with_entity("Visit", "day"));
    assert_eq!(session.refuses(&shop(|_| {})), ["entity_dropped"]);
    let session = Session::after(&with_status(&["open", "done"]));
    assert_eq!(session.refuses(&with_status(&["open"])), ["value_dropped"]);
}

#[test]
fn an_old_field_stays_protected_under_a_new_name() {
    let mut session = Session::after(&with("nick"));
    let renamed = shop(|shop| {
        let field = shop.field(appspec_ir::Id::from_index(0), "nickname", TEXT);
        shop.change(field).optional = true;
        shop.change(field).was = Some("nick".into());
    });
    assert_eq!(
        session.builds(&renamed),
        ["rename nick to Customer.nickname"]
    );
    assert_eq!(session.refuses(&shop(|_| {})), ["field_dropped"]);
    let mut session = Session::after(&with_status(&["open", "done"]));
    session.builds(&with_status(&["open", "done", "late"]));
    assert_eq!(
        session.refuses(&with_status(&["open", "late"])),
        ["value_dropped"]
    );
}

#[test]
fn what_somebody_else_may_have_is_not_young_any_more() {
    let mut session = Session::after(&shop(|_| {}));
    session.builds(&with("nick"));
    session.builds(&shop(|shop| {
        for name in ["nick", "city"] {
            let field = shop.field(appspec_ir::Id::from_index(0), name, TEXT);
            shop.change(field).optional = true;
        }
    }));
    let city = Added::Field("shop.Customer".into(), "city".into());
    assert_eq!(session.young.build(&city), Some(1));
    session.young.settle(0);
    assert_eq!(session.refuses(&with("city")), ["field_dropped"]);
    assert_eq!(session.builds(&with("nick")), ["drop city"]);
}

#[test]
fn a_module_without_entities_has_nobody_to_drop_its_last_one() {
    let mut session = Session::default();
    session.builds(&shop(|_| {}));
    let mut empty = Shop::new().spec;
    assert_eq!(session.refuses(&empty), ["entity_dropped"]);
    let mut found = Diagnostics::new();
    diff_with(&session.young, &session.history, &empty, &mut found);
    let help = found.iter().find_map(|finding| finding.help.clone());
    assert!(help.unwrap().contains("the app that would drop the table"));
    empty.modules = appspec_ir::Arena::new();
    assert_eq!(session.refuses(&empty), ["entity_dropped"]);
}
