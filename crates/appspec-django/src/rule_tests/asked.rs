//! What is asked of each row of a table.

use appspec_backend::python::{Def, Expr as Py, Operator, Parameter, Stmt};

/// A test function.
#[derive(Clone, Copy)]
pub(super) enum Asked {
    Refused,
    RefusedByDatabase,
    Accepted,
    Invalid,
    Valid,
    RefusedWhenNew,
    AcceptedWhenNew,
    NeverStored,
    Apart,
    Alone,
}

impl Asked {
    /// The function, for the rows of a table.
    pub(super) fn test(self, table: &'static str, class: &'static str) -> Stmt {
        let parametrize = Py::module("pytest")
            .attr("mark")
            .attr("parametrize")
            .arg(Py::text("case"))
            .arg(Py::name(table))
            .kw("ids", Py::name("str"));
        let (name, doc) = self.words();
        Stmt::Def(Def {
            decorators: vec![parametrize],
            name: name.into(),
            parameters: vec![Parameter::typed("case", Py::from("core.testing", class))],
            returns: Py::none(),
            doc: Some(doc.to_owned()),
            body: self.body(),
        })
    }

    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Refused => (
                "test_validation_refuses",
                "A row that breaks a rule is refused in the words of the rule.",
            ),
            Self::RefusedByDatabase => (
                "test_the_database_refuses",
                "What gets past validation is refused by the database, which names the rule.",
            ),
            Self::Accepted => (
                "test_what_keeps_the_rule_is_saved",
                "A row that differs a little from the refused one is accepted.",
            ),
            Self::Invalid => (
                "test_a_validator_refuses",
                "What no database can judge is refused by validation.",
            ),
            Self::Valid => (
                "test_a_validator_accepts",
                "A value that differs a little is accepted.",
            ),
            Self::RefusedWhenNew => (
                "test_a_new_row_is_refused",
                "A rule about the creation of rows is asked by forms and by every way to save.",
            ),
            Self::AcceptedWhenNew => (
                "test_a_new_row_is_saved",
                "A row that differs a little from the refused one is accepted.",
            ),
            Self::NeverStored => (
                "test_the_database_refuses_what_django_never_writes",
                "A value that only raw SQL could store is refused too.",
            ),
            Self::Apart => (
                "test_two_rows_are_kept_apart",
                "The second row is refused by validation and by the database.",
            ),
            Self::Alone => (
                "test_either_row_may_stand_alone",
                "The second row is saved where the first one is not.",
            ),
        }
    }

    fn body(self) -> Vec<Stmt> {
        let case = |name: &'static str| Py::name("case").attr(name);
        let refused = |row: Py| {
            equal(
                helper("refusals").arg(row).arg(case("message")),
                Py::List(vec![case("code")]),
            )
        };
        let accepted = |row: Py| equal(helper("refusals").arg(row), Py::List(vec![]));
        let saved = |row: Py| Stmt::Expr(row.attr("save").call());
        let named = |row: Py| {
            equal(
                helper("named_by_insert").arg(row),
                Py::List(vec![case("rule")]),
            )
        };
        let one_of = |named: Py| {
            let answers = case("answers").call();
            Stmt::Assert(Py::binary(Operator::In, named, answers))
        };
        let broken = || case("broken").call();
        let kept = || case("kept").call();
        match self {
            Self::Refused | Self::Invalid => vec![refused(broken())],
            Self::RefusedByDatabase => vec![one_of(helper("named_by_insert").arg(broken()))],
            Self::Accepted | Self::AcceptedWhenNew => vec![accepted(kept()), saved(kept())],
            Self::Valid => vec![accepted(kept())],
            Self::RefusedWhenNew => {
                let row = || Py::name("row");
                let many = Py::name("type")
                    .arg(row())
                    .attr("_default_manager")
                    .attr("bulk_create")
                    .arg(Py::List(vec![row()]));
                vec![
                    Stmt::assign("row", broken()),
                    refused(row()),
                    raises(saved(row())),
                    raises(Stmt::Expr(many)),
                ]
            }
            Self::NeverStored => vec![one_of(
                helper("named_by_update")
                    .arg(case("make").call())
                    .arg(case("values")),
            )],
            Self::Apart => vec![
                saved(case("older").call()),
                refused(case("newer").call()),
                named(case("newer").call()),
            ],
            Self::Alone => vec![accepted(case("newer").call()), saved(case("newer").call())],
        }
    }
}

fn equal(left: Py, right: Py) -> Stmt {
    Stmt::Assert(Py::binary(Operator::Equal, left, right))
}

fn raises(statement: Stmt) -> Stmt {
    let error = Py::from("django.core.exceptions", "ValidationError");
    Stmt::With(
        vec![Py::module("pytest").attr("raises").arg(error)],
        vec![statement],
    )
}

fn helper(name: &'static str) -> Py {
    Py::from("core.testing", name)
}
