//! What files of tests are made of: tables of cases, and tests that go through them.

use appspec_backend::python::{Def, Expr as Py, Operator, Parameter, Stmt};

use super::of_testing;
use super::rows::Rows;

/// That all tests of a file use the database.
pub(crate) fn in_database() -> Vec<Stmt> {
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
    test_with(name, doc, cases, of_testing(helper))
}

/// The same with a helper of any module.
pub(super) fn test_with(
    name: &'static str,
    doc: &str,
    cases: (&'static str, Py),
    helper: Py,
) -> Stmt {
    for_each_case(name, doc, cases, None, helper)
}

/// The same on pages of the admin site; none where nobody is known who could sign in.
pub(super) fn test_on_pages(
    rows: &Rows<'_>,
    name: &'static str,
    doc: &str,
    cases: (&'static str, Py),
    helper: &'static str,
) -> Option<Stmt> {
    test_on_pages_with(rows, name, doc, cases, of_testing(helper))
}

/// The same with a helper of any module.
pub(super) fn test_on_pages_with(
    rows: &Rows<'_>,
    name: &'static str,
    doc: &str,
    cases: (&'static str, Py),
    helper: Py,
) -> Option<Stmt> {
    let user = rows.spec.walk(rows.spec.user);
    rows.has(user.id).then(|| {
        let client = Parameter::typed("client", Py::from("django.test", "Client"));
        let found = helper.arg(Py::name("client")).arg(rows.factory(user, None));
        for_each_case(name, doc, cases, Some(client), found)
    })
}

fn for_each_case(
    name: &'static str,
    doc: &str,
    (class, cases): (&'static str, Py),
    client: Option<Parameter>,
    found: Py,
) -> Stmt {
    let parametrize = Py::module("pytest")
        .attr("mark")
        .attr("parametrize")
        .arg(Py::text("case"))
        .arg(cases)
        .kw("ids", Py::name("str"));
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
