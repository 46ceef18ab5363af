//! The emitted tests of lifecycles: each action moves a row and refuses others, and nothing else changes a state.

use appspec_backend::python::{Expr as Py, Stmt};
use appspec_ir::{
    Acting, Action, Entity, Given, Lifecycle, Module, Row, Strayed, Surroundings, Walk, evaluate,
    holds,
};

use super::parametrized::{in_database, table, test};
use super::rows::{Arguments, Rows};
use super::{of_testing, ways};
use crate::constraints;
use crate::names;
use crate::services;
use crate::target::Target;

/// The tables of an app, and the tests of what they hold.
pub(super) fn of(rows: &Rows<'_>, module: Walk<'_, Module>) -> Vec<Stmt> {
    let mut tables = Tables::default();
    for entity in module.entities() {
        let (Some(base), Some(own)) = (rows.first(entity.id), rows.witnesses.of(entity.id)) else {
            continue;
        };
        let cases = Cases { rows, entity, base };
        for acting in &own.acting {
            cases.acting(acting, &mut tables);
        }
        let strayed = own
            .strayed
            .iter()
            .filter_map(|strayed| cases.strayed(strayed));
        tables.strayed.extend(strayed);
        let later = own
            .later
            .iter()
            .filter_map(|(place, row)| cases.later(*place, row));
        tables.later.extend(later);
    }
    tables.print(rows)
}

/// What is made of the rows of one entity.
struct Cases<'r, 'c> {
    rows: &'r Rows<'c>,
    entity: Walk<'c, Entity>,
    base: &'c Row,
}

impl<'c> Cases<'_, 'c> {
    fn lifecycle(&self, place: usize) -> Option<&'c Lifecycle> {
        self.entity.get().lifecycles.get(place)
    }

    fn acting(&self, acting: &Acting, tables: &mut Tables) {
        let Some(lifecycle) = self.lifecycle(acting.lifecycle) else {
            return;
        };
        let Some(action) = lifecycle.actions.get(acting.action) else {
            return;
        };
        if let Some(call) = self.call(action, &acting.moved) {
            let repeats = action.from.iter().any(|from| from.name == action.to.name);
            tables.asks |= !action.needs.is_empty();
            tables.ends |= !repeats;
            let state = self.state(lifecycle, &action.to.name);
            let field = &self.entity.spec.walk(lifecycle.field).get().name;
            let sets = changed(self.entity, action, &acting.moved);
            tables.actions.push(
                call.kw("becomes", Py::Dict(vec![(Py::text(field), state)]))
                    .maybe_kw("sets", (!sets.is_empty()).then(|| Py::text_tuple(sets)))
                    .kw("code", Py::text(&lifecycle.name))
                    .maybe_kw("repeats", repeats.then(|| Py::bool(true))),
            );
        }
        let refused = acting.refused.as_ref();
        if let Some(call) = refused.and_then(|refused| self.call(action, refused)) {
            tables.guarded.push(
                call.kw("code", Py::text(&action.name))
                    .kw("message", Py::text(&action.message)),
            );
        }
    }

    /// `Acting(make_visit, cancel_visit, row={…}, given={…})`
    fn call(&self, action: &Action, case: &Given) -> Option<Py> {
        let spec = self.entity.spec;
        let mut after = case.row.clone();
        for (field, value) in case.given.iter() {
            after.set(field, value.clone());
        }
        let [before, after] = self.rows.placed(self.entity, [&case.row, &after])?;
        let mut given: Arguments = Vec::with_capacity(action.needs.len());
        for id in &action.needs {
            let field = spec.walk(*id);
            let value = self.rows.written(field, after.get(*id)?, None)?;
            given.push((Py::text(services::parameter(field).as_str()), value));
        }
        let module = format!("{}.services", names::app(self.entity));
        let call = of_testing("Acting")
            .arg(self.rows.factory(self.entity, None))
            .arg(Py::from(&module, services::name(self.entity, action)))
            .kw("row", self.differs(&before));
        Some(call.maybe_kw("given", (!given.is_empty()).then_some(Py::Dict(given))))
    }

    fn strayed(&self, strayed: &Strayed) -> Option<Py> {
        let lifecycle = self.lifecycle(strayed.lifecycle)?;
        let [row] = self.rows.placed(self.entity, [&strayed.row])?;
        let case = self.case("Strayed", lifecycle, &row);
        let entity = self.entity;
        let kept = entity.kept().into_iter().filter(|kept| {
            let holds = |expr| holds(expr, &row, Surroundings::default()) != Ok(false);
            kept.fields.contains(&lifecycle.field) && kept.condition().is_none_or(holds)
        });
        let kept =
            kept.map(|kept| names::constraint(&names::app(entity), &entity.name, &kept.name));
        let also: Vec<String> = kept.collect();
        let case = case.kw("to", self.state(lifecycle, &strayed.to));
        Some(case.maybe_kw("also", (!also.is_empty()).then(|| Py::text_tuple(also))))
    }

    fn later(&self, place: usize, row: &Row) -> Option<Py> {
        let [row] = self.rows.placed(self.entity, [row])?;
        Some(self.case("Later", self.lifecycle(place)?, &row))
    }

    /// `Later(make_visit, "booking_visit_status_lifecycle", "status", row={…}, code="…", message="…")`
    fn case(&self, class: &'static str, lifecycle: &Lifecycle, row: &Row) -> Py {
        let entity = self.entity;
        let rule = names::constraint(&names::app(entity), &entity.name, &lifecycle.name);
        of_testing(class)
            .arg(self.rows.factory(entity, None))
            .arg(Py::text(rule))
            .arg(Py::text(&entity.spec.walk(lifecycle.field).name))
            .kw("row", self.differs(row))
            .kw("code", Py::text(&lifecycle.name))
            .kw(
                "message",
                Py::text(constraints::said_out_of_turn(entity, lifecycle)),
            )
    }

    fn differs(&self, row: &Row) -> Py {
        Py::Dict(self.rows.difference(self.entity, self.base, row, None))
    }

    fn state(&self, lifecycle: &Lifecycle, name: &str) -> Py {
        match lifecycle.states(self.entity.spec) {
            Some(states) => Target::Model.choice(self.entity.spec, states, name),
            None => Py::text(name),
        }
    }
}

/// The fields that an action sets to something else than this row has. What follows from the moment of the test is
/// nothing that the row could have.
fn changed(entity: Walk<'_, Entity>, action: &Action, case: &Given) -> Vec<String> {
    let mut row = case.row.clone();
    for (field, value) in case.given.iter() {
        row.set(field, value.clone());
    }
    let mut found = Vec::new();
    for set in &action.sets {
        let value = evaluate(&set.value, &row, Surroundings::default()).ok();
        if value.is_none() || value.as_ref() != case.row.get(set.field) {
            found.push(entity.spec.walk(set.field).get().name.clone());
        }
        match value {
            Some(value) => row.set(set.field, value),
            None => row.clear(set.field),
        }
    }
    found
}

#[derive(Default)]
struct Tables {
    actions: Vec<Py>,
    guarded: Vec<Py>,
    strayed: Vec<Py>,
    later: Vec<Py>,
    /// Whether some action asks for something.
    asks: bool,
    /// Whether some action can't be done twice.
    ends: bool,
}

impl Tables {
    fn print(self, rows: &Rows<'_>) -> Vec<Stmt> {
        let mut body = Vec::new();
        let mut tests = Vec::new();
        let mut table = |name: &'static str, class: &'static str, cases: Vec<Py>| {
            if cases.is_empty() {
                return false;
            }
            body.push(table(name, class, cases));
            true
        };
        if table("ACTIONS", "Acting", self.actions) {
            let all = || Py::name("ACTIONS");
            tests.push(test(
                "test_an_action_moves_a_row",
                "The row is in the next state, with all that the action sets.",
                ("Acting", all()),
                "unmoved",
            ));
            if self.ends {
                tests.push(test(
                    "test_an_action_leaves_other_states_alone",
                    "What an action has moved, it refuses the next time.",
                    ("Acting", of_testing("once").arg(all())),
                    "repeatable",
                ));
            }
            if self.asks {
                tests.push(test(
                    "test_an_action_gets_what_it_needs",
                    "Without one of its inputs, an action is refused.",
                    ("Acting", of_testing("asking").arg(all())),
                    "dispensable",
                ));
            }
        }
        if table("GUARDED", "Acting", self.guarded) {
            tests.push(test(
                "test_an_action_is_refused",
                "A row that is not ready stays where it is, and its reader learns why.",
                ("Acting", Py::name("GUARDED")),
                "unguarded",
            ));
        }
        if table("LATER", "Later", self.later) {
            tests.push(test(
                "test_a_row_begins_in_the_first_state",
                "No way of making a row begins in the middle of its life.",
                ("Later", Py::name("LATER")),
                "begun",
            ));
        }
        if table("STRAYED", "Strayed", self.strayed) {
            tests.push(test(
                "test_only_actions_change_the_state",
                "No other way of writing a row moves it.",
                ("Strayed", Py::name("STRAYED")),
                "moved",
            ));
            tests.extend(ways::moved(rows, ("Strayed", Py::name("STRAYED"))));
        }
        if tests.is_empty() {
            return tests;
        }
        let mut all = in_database();
        all.extend(body);
        all.extend(tests);
        all
    }
}
