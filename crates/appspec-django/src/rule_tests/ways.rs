//! Tests that go by every way of writing a row: pages of the admin site, Django, and plain SQL.

use appspec_backend::python::{Expr as Py, Stmt};

use super::parametrized::{test_on_pages_with, test_with};
use super::rows::Rows;

/// A class of cases, and those that there are.
type Cases = (&'static str, Py);

/// A test of a table that goes by Django and plain SQL.
pub(super) type Way = fn(Cases) -> Stmt;

/// A test of a table that goes by pages; none where nobody could sign in.
pub(super) type Page = fn(&Rows<'_>, Cases) -> Option<Stmt>;

fn of_ways(helper: &'static str) -> Py {
    Py::from("core.ways", helper)
}

pub(super) fn passed(cases: Cases) -> Stmt {
    test_with(
        "test_no_way_of_writing_gets_past_a_rule",
        "The database names the rule, whoever makes or changes a row, or empties a reference of it.",
        cases,
        of_ways("passed"),
    )
}

pub(super) fn typed(rows: &Rows<'_>, cases: Cases) -> Option<Stmt> {
    test_on_pages_with(
        rows,
        "test_pages_ask_the_rule",
        "What is typed is refused in the words of the rule, and accepted where it keeps it.",
        cases,
        of_ways("untold_by_pages"),
    )
}

pub(super) fn validated(rows: &Rows<'_>, cases: Cases) -> Option<Stmt> {
    test_on_pages_with(
        rows,
        "test_pages_ask_the_validator",
        "What is typed is refused in the words of the validator, and accepted where it is fine.",
        cases,
        of_ways("untold_by_pages"),
    )
}

pub(super) fn unasked(cases: Cases) -> Stmt {
    test_with(
        "test_only_new_rows_are_asked",
        "Raw SQL makes the row all the same, and what is there is written by every way.",
        cases,
        of_ways("unasked"),
    )
}

pub(super) fn typed_as_new(rows: &Rows<'_>, cases: Cases) -> Option<Stmt> {
    test_on_pages_with(
        rows,
        "test_pages_ask_new_rows",
        "A new row is refused in the words of the rule, and accepted where it keeps it.",
        cases,
        of_ways("untold_by_pages"),
    )
}

pub(super) fn met(cases: Cases) -> Stmt {
    test_with(
        "test_no_way_of_writing_brings_two_rows_together",
        "The database names the rule, whoever makes the second row or changes another into it.",
        cases,
        of_ways("met"),
    )
}

pub(super) fn typed_beside(rows: &Rows<'_>, cases: Cases) -> Option<Stmt> {
    test_on_pages_with(
        rows,
        "test_pages_keep_two_rows_apart",
        "The second row is refused in the words of the rule.",
        cases,
        of_ways("untold_by_pages"),
    )
}

pub(super) fn moved(rows: &Rows<'_>, cases: Cases) -> Option<Stmt> {
    test_on_pages_with(
        rows,
        "test_pages_change_no_state",
        "No page has the state to type, and none takes one that is sent.",
        cases,
        of_ways("moved_by_pages"),
    )
}

pub(super) fn changed(rows: &Rows<'_>, cases: Cases) -> Option<Stmt> {
    test_on_pages_with(
        rows,
        "test_pages_change_nothing_that_a_row_keeps",
        "A page takes no value that the row may not get, and deletes no row that stays.",
        cases,
        of_ways("changed_by_pages"),
    )
}
