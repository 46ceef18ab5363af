//! What files of tests are made of: tables of cases, and tests that go through them.

use appspec_backend::python::{Def, Expr as Py, Operator, Parameter, Stmt};

use super::of_testing;

/// That all tests of a file use the database.
pub(super) fn in_database() -> Vec<Stmt> {
    let mark = Py::module("pytest").attr("mark").attr("django_db");
    vec![Stmt::assign("pytestmark", mark), Stmt::Blank]
}

/// `TERMS: list[Term] = […]`
pub(super) fn table(name: &'static str, class: &'static str, cases: Vec<Py>) -> Stmt {
    let ty = Py::name("list").subscript(of_testing(class));
    Stmt::Annotated(name.into(), ty, Py::List(cases))
}

/// A test that a helper finds nothing that it should not.
pub(super) fn test(
    name: &'static str,
    doc: &str,
    cases: (&'static str, Py),
    helper: &'static str,
) -> Stmt {
    for_each_case(name, doc, cases, of_testing(helper), None)
}

/// The same by every way of writing.
pub(super) fn test_of_ways(
    name: &'static str,
    doc: &str,
    cases: (&'static str, Py),
    helper: &'static str,
) -> Stmt {
    for_each_case(name, doc, cases, Py::from("core.ways", helper), None)
}

/// The same on pages of the admin site.
pub(super) fn test_on_pages(
    name: &'static str,
    doc: &str,
    cases: (&'static str, Py),
    helper: &'static str,
) -> Stmt {
    for_each_case(name, doc, cases, of_testing(helper), Some(client()))
}

/// The same for the ways of writing on pages.
pub(super) fn test_of_pages(
    name: &'static str,
    doc: &str,
    cases: (&'static str, Py),
    helper: &'static str,
) -> Stmt {
    let helper = Py::from("core.ways", helper);
    for_each_case(name, doc, cases, helper, Some(client()))
}

fn client() -> Parameter {
    Parameter::typed("client", Py::from("django.test", "Client"))
}

fn for_each_case(
    name: &'static str,
    doc: &str,
    (class, cases): (&'static str, Py),
    helper: Py,
    client: Option<Parameter>,
) -> Stmt {
    let parametrize = Py::module("pytest")
        .attr("mark")
        .attr("parametrize")
        .arg(Py::text("case"))
        .arg(cases)
        .kw("ids", Py::name("str"));
    let found = match &client {
        Some(_) => helper.arg(Py::name("client")),
        None => helper,
    };
    let own = Parameter::typed("case", of_testing(class));
    Stmt::Def(Def {
        decorators: vec![parametrize],
        name: name.into(),
        parameters: client.into_iter().chain([own]).collect(),
        returns: Py::none(),
        doc: Some(doc.to_owned()),
        body: vec![Stmt::Assert(Py::binary(
            Operator::Equal,
            found.arg(Py::name("case")),
            Py::List(vec![]),
        ))],
    })
}
