use std::fmt::Write as _;

use super::docstring::docstring;
use super::imports::Imports;
use super::layout::{LIMIT, Printer, width};
use super::{Expr, Ident, ModulePath};

/// A Python statement.
#[derive(Clone, Debug, PartialEq)]
pub enum Stmt {
    /// `name = value`
    Assign(Ident, Expr),
    /// `name: annotation = value`
    Annotated(Ident, Expr, Expr),
    /// `class Name(Base):`
    Class(Class),
    /// `def name(…):`
    Def(Def),
    /// `return value`
    Return(Expr),
    /// `assert condition`
    Assert(Expr),
    /// An expression for its effect.
    Expr(Expr),
    /// `with a, b:`
    With(Vec<Expr>, Vec<Stmt>),
    /// `for name in values:`
    For(Ident, Expr, Vec<Stmt>),
    /// `if condition:`
    If(Expr, Vec<Stmt>),
    /// Imports names for others to import from here; prints nothing itself.
    Import(Vec<Expr>),
    /// A blank line.
    Blank,
}

/// A class.
#[derive(Clone, Debug, PartialEq)]
pub struct Class {
    /// What stands before it, without the `@`.
    pub decorators: Vec<Expr>,
    /// Its name.
    pub name: Ident,
    /// Its bases.
    pub bases: Vec<Expr>,
    /// Its docstring.
    pub doc: Option<String>,
    /// Its body.
    pub body: Vec<Stmt>,
}

/// A function or method.
#[derive(Clone, Debug, PartialEq)]
pub struct Def {
    /// What stands before it, without the `@`.
    pub decorators: Vec<Expr>,
    /// Its name.
    pub name: Ident,
    /// What it is given.
    pub parameters: Vec<Parameter>,
    /// What it gives back.
    pub returns: Expr,
    /// Its docstring.
    pub doc: Option<String>,
    /// Its body.
    pub body: Vec<Stmt>,
}

/// A parameter of a function.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: Ident,
    /// Its type; none for `self`.
    pub annotation: Option<Expr>,
}

impl Parameter {
    /// A parameter without a type, such as `self`.
    pub fn bare(name: impl Into<Ident>) -> Self {
        Self {
            name: name.into(),
            annotation: None,
        }
    }

    /// A parameter with its type.
    pub fn typed(name: impl Into<Ident>, annotation: Expr) -> Self {
        Self {
            name: name.into(),
            annotation: Some(annotation),
        }
    }
}

impl Stmt {
    /// `name = value`
    pub fn assign(name: impl Into<Ident>, value: Expr) -> Self {
        Self::Assign(name.into(), value)
    }

    fn is_definition(&self) -> bool {
        matches!(self, Self::Class(_) | Self::Def(_))
    }

    /// Calls `visit` for every import inside.
    pub(super) fn imports<'s>(&'s self, visit: &mut impl FnMut(&'s ModulePath, Option<&'s Ident>)) {
        match self {
            Self::Assign(_, value)
            | Self::Return(value)
            | Self::Assert(value)
            | Self::Expr(value) => {
                value.imports(visit);
            }
            Self::Annotated(_, annotation, value) => {
                annotation.imports(visit);
                value.imports(visit);
            }
            Self::Class(class) => {
                all(&class.decorators, visit);
                all(&class.bases, visit);
                body(&class.body, visit);
            }
            Self::Def(def) => {
                all(&def.decorators, visit);
                for parameter in &def.parameters {
                    if let Some(annotation) = &parameter.annotation {
                        annotation.imports(visit);
                    }
                }
                def.returns.imports(visit);
                body(&def.body, visit);
            }
            Self::With(managers, inner) => {
                all(managers, visit);
                body(inner, visit);
            }
            Self::For(_, values, inner) => {
                values.imports(visit);
                body(inner, visit);
            }
            Self::If(condition, inner) => {
                condition.imports(visit);
                body(inner, visit);
            }
            Self::Import(names) => all(names, visit),
            Self::Blank => {}
        }
    }

    /// Calls `visit` for every name that a class body or the file itself binds.
    pub(super) fn bound<'s>(&'s self, visit: &mut impl FnMut(&'s Ident)) {
        match self {
            Self::Assign(name, _) | Self::Annotated(name, _, _) => visit(name),
            Self::Class(class) => {
                visit(&class.name);
                for inner in &class.body {
                    // The body of an inner class sees neither its own names in functions nor those around it.
                    if !matches!(inner, Self::Class(_)) {
                        inner.bound(visit);
                    }
                }
            }
            Self::Def(def) => visit(&def.name),
            _ => {}
        }
    }
}

fn all<'s>(exprs: &'s [Expr], visit: &mut impl FnMut(&'s ModulePath, Option<&'s Ident>)) {
    for expr in exprs {
        expr.imports(visit);
    }
}

fn body<'s>(stmts: &'s [Stmt], visit: &mut impl FnMut(&'s ModulePath, Option<&'s Ident>)) {
    for stmt in stmts {
        stmt.imports(visit);
    }
}

impl Printer<'_> {
    /// Prints statements, with the blank lines that belong between them.
    pub(super) fn block(&mut self, stmts: &[Stmt], indent: usize) {
        let mut before: Option<&Stmt> = None;
        for stmt in stmts {
            if let Some(before) = before
                && (before.is_definition() || stmt.is_definition())
                && *stmt != Stmt::Blank
            {
                self.out.push_str(if indent == 0 { "\n\n" } else { "\n" });
            }
            self.stmt(stmt, indent);
            before = Some(stmt);
        }
    }

    fn stmt(&mut self, stmt: &Stmt, indent: usize) {
        match stmt {
            Stmt::Blank => self.out.push('\n'),
            Stmt::Import(_) => {}
            Stmt::Assign(name, value) => self.simple(&format!("{name} = "), value, indent),
            Stmt::Annotated(name, annotation, value) => {
                let head = format!("{name}: {} = ", self.flat(annotation));
                self.simple(&head, value, indent);
            }
            Stmt::Return(value) => self.simple("return ", value, indent),
            Stmt::Assert(value) => self.simple("assert ", value, indent),
            Stmt::Expr(value) => self.simple("", value, indent),
            Stmt::Class(class) => self.class(class, indent),
            Stmt::Def(def) => self.def(def, indent),
            Stmt::With(managers, inner) => {
                let managers: Vec<String> = managers.iter().map(|m| self.flat(m)).collect();
                self.pad(indent);
                let _ = writeln!(self.out, "with {}:", managers.join(", "));
                self.block(inner, indent + 4);
            }
            Stmt::If(condition, inner) => {
                self.pad(indent);
                self.out.push_str("if ");
                self.expr(condition, indent, 1);
                self.out.push_str(":\n");
                self.block(inner, indent + 4);
            }
            Stmt::For(name, values, inner) => {
                self.pad(indent);
                let _ = write!(self.out, "for {name} in ");
                self.expr(values, indent, 1);
                self.out.push_str(":\n");
                self.block(inner, indent + 4);
            }
        }
    }

    fn simple(&mut self, head: &str, value: &Expr, indent: usize) {
        self.pad(indent);
        self.out.push_str(head);
        self.expr(value, indent, 0);
        self.out.push('\n');
    }

    fn decorators(&mut self, decorators: &[Expr], indent: usize) {
        for decorator in decorators {
            self.simple("@", decorator, indent);
        }
    }

    fn class(&mut self, class: &Class, indent: usize) {
        self.decorators(&class.decorators, indent);
        self.pad(indent);
        let bases: Vec<String> = class.bases.iter().map(|base| self.flat(base)).collect();
        let bases = if bases.is_empty() {
            String::new()
        } else {
            format!("({})", bases.join(", "))
        };
        let _ = writeln!(self.out, "class {}{bases}:", class.name);
        let doc = class
            .doc
            .as_deref()
            .and_then(|doc| docstring(doc, indent + 4));
        if let Some(doc) = &doc {
            self.out.push_str(doc);
            self.out.push('\n');
            if !class.body.is_empty() {
                self.out.push('\n');
            }
        }
        if doc.is_none() && class.body.is_empty() {
            self.pad(indent + 4);
            self.out.push_str("pass\n");
        }
        self.block(&class.body, indent + 4);
    }

    fn def(&mut self, def: &Def, indent: usize) {
        self.decorators(&def.decorators, indent);
        let parameters: Vec<String> = def
            .parameters
            .iter()
            .map(|parameter| match &parameter.annotation {
                Some(annotation) => format!("{}: {}", parameter.name, self.flat(annotation)),
                None => parameter.name.to_string(),
            })
            .collect();
        let returns = self.flat(&def.returns);
        let flat = format!("def {}({}) -> {returns}:", def.name, parameters.join(", "));
        self.pad(indent);
        if indent + width(&flat) <= LIMIT {
            self.out.push_str(&flat);
        } else {
            let _ = writeln!(self.out, "def {}(", def.name);
            for parameter in parameters {
                self.pad(indent + 4);
                let _ = writeln!(self.out, "{parameter},");
            }
            self.pad(indent);
            let _ = write!(self.out, ") -> {returns}:");
        }
        self.out.push('\n');
        if let Some(doc) = def
            .doc
            .as_deref()
            .and_then(|doc| docstring(doc, indent + 4))
        {
            self.out.push_str(&doc);
            self.out.push('\n');
        }
        self.block(&def.body, indent + 4);
    }
}

/// Prints the statements of a file.
pub(super) fn print(stmts: &[Stmt], imports: &Imports) -> String {
    let mut printer = Printer {
        imports,
        out: String::new(),
    };
    printer.block(stmts, 0);
    printer.out
}
