use std::cell::Cell;
use std::collections::BTreeSet;

use super::docstring::docstring;
use super::imports::Imports;
use super::statement::{self, Stmt};

/// A Python file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct File {
    /// What the first line says, without the `#`.
    pub header: String,
    /// Its docstring; none when empty.
    pub doc: String,
    /// Its statements; imports follow from what they use.
    pub body: Vec<Stmt>,
    /// Whether pytest looks for tests in it: what it imports must not be taken for one.
    pub has_tests: bool,
}

thread_local! {
    /// Where a file grows. Kept for the next one, so that it grows once in a thread, and the text has no room to spare.
    static GROWING: Cell<String> = const { Cell::new(String::new()) };
}

impl File {
    /// The text of the file.
    pub fn print(&self) -> String {
        let mut out = GROWING.take();
        out.clear();
        let out = self.print_into(out);
        let text = out.as_str().to_owned();
        GROWING.set(out);
        text
    }

    fn print_into(&self, mut out: String) -> String {
        let mut taken = BTreeSet::new();
        for stmt in &self.body {
            stmt.bound(&mut |name| {
                taken.insert(name.to_string());
            });
        }
        let mut imports = Imports::new(taken, self.has_tests);
        for stmt in &self.body {
            stmt.imports(&mut |module, name| imports.add(module, name));
        }
        for line in self.header.lines() {
            out.push_str("# ");
            out.push_str(line.trim_end());
            out.push('\n');
        }
        if let Some(doc) = docstring(&self.doc, 0) {
            out.push_str(&doc);
            out.push('\n');
        }
        let imported = imports.print();
        if !imported.is_empty() {
            if !out.is_empty() {
                out.push('\n');
            }
            out.push_str(&imported);
        }
        if !self.body.is_empty() {
            let spread = matches!(self.body.first(), Some(Stmt::Class(_) | Stmt::Def(_)));
            if !out.is_empty() {
                out.push_str(if spread { "\n\n" } else { "\n" });
            }
            out = statement::print(&self.body, &imports, out);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::{Class, Expr, Operator};

    #[test]
    fn pytest_finds_no_class_of_others() {
        let kind = || Expr::from("clinic.choices", "Test").attr("BLOOD");
        let body = vec![Stmt::assign("kinds", Expr::List(vec![kind(), kind()]))];
        let printed = |has_tests| {
            let body = body.clone();
            let file = File {
                body,
                has_tests,
                ..File::default()
            };
            file.print()
        };
        let text = "import clinic.choices\n\nkinds = [clinic.choices.Test.BLOOD, clinic.choices.Test.BLOOD]\n";
        assert_eq!(printed(true), text);
        let text = "from clinic.choices import Test\n\nkinds = [Test.BLOOD, Test.BLOOD]\n";
        assert_eq!(printed(false), text);
    }

    /// As `ruff format` prints them.
    #[test]
    fn two_operands_that_are_returned_break_in_their_own_brackets() {
        let q = |name: String| Expr::from("m", "Q").kw(name, Expr::name("me"));
        let printed = |first: Expr, last: Expr| {
            let value = Expr::chain(Operator::BitAnd, vec![first, last]);
            let body = vec![Stmt::Return(value)];
            let file = File {
                body,
                ..File::default()
            };
            file.print().replacen("from m import Q\n\n", "", 1)
        };
        let (long, longer) = ("a".repeat(36), "b".repeat(85));
        let or = Expr::chain(Operator::BitOr, vec![q("c".repeat(60)), q("d".to_owned())]);
        assert_eq!(
            printed(q(long.clone()), q(long.clone())),
            format!("return Q({long}=me) & Q({long}=me)\n")
        );
        assert_eq!(
            printed(q(long.clone()), q(longer.clone()).invert()),
            format!("return Q({long}=me) & ~Q(\n    {longer}=me,\n)\n")
        );
        assert_eq!(
            printed(q(longer.clone()), q(long.clone())),
            format!("return Q(\n    {longer}=me,\n) & Q({long}=me)\n")
        );
        assert_eq!(
            printed(q(long.clone()), or),
            format!(
                "return Q({long}=me) & (\n    Q({}=me) | Q(d=me)\n)\n",
                "c".repeat(60)
            )
        );
    }

    #[test]
    fn a_file_reads_as_ruff_prints_it() {
        let models = || Expr::from("django.db", "models");
        let q = |name: &'static str| models().attr("Q").kw(name, Expr::text("a".repeat(30)));
        let file = File {
            header: "Generated.".to_owned(),
            doc: "Things.".to_owned(),
            has_tests: false,
            body: vec![Stmt::Class(Class {
                decorators: vec![],
                name: "Thing".into(),
                bases: vec![Expr::from("core.models", "Record")],
                doc: Some("A thing.".to_owned()),
                body: vec![
                    Stmt::assign(
                        "uuid",
                        models()
                            .attr("UUIDField")
                            .kw("default", Expr::module("uuid").attr("uuid4")),
                    ),
                    Stmt::assign(
                        "rule",
                        Expr::chain(
                            Operator::BitOr,
                            vec![q("a"), Expr::chain(Operator::BitAnd, vec![q("b"), q("c")])],
                        )
                        .invert(),
                    ),
                    Stmt::Class(Class {
                        decorators: vec![],
                        name: "Meta".into(),
                        bases: vec![],
                        doc: None,
                        body: vec![Stmt::assign("ordering", Expr::texts(["-a", "b"]))],
                    }),
                ],
            })],
        };
        insta::assert_snapshot!(file.print());
    }
}
