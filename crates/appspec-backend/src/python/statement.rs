use std::fmt::Write as _;

use super::docstring::docstring;
use super::imports::Imports;
use super::layout::{LIMIT, Printer, flat_width, width};
use super::{Expr, Ident, ModulePath};

/// A Python statement.
#[derive(Clone, Debug, PartialEq)]
pub enum Stmt {
    /// `name = value`
    Assign(Ident, Expr),
    /// `name: annotation = value`
    Annotated(Ident, Expr, Expr),
    /// `row.name = value`
    Set(Expr, Expr),
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
    /// `with manager as name:`
    WithAs(Expr, Ident, Vec<Stmt>),
    /// `with first, second as name:`
    WithBoth(Expr, Expr, Ident, Vec<Stmt>),
    /// `raise error`
    Raise(Expr),
    /// `yield`
    Yield,
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

/// How an argument is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// By its place or by its name.
    Either,
    /// By its place alone: `name, /`.
    ByPlace,
    /// By its name alone: `*, name`.
    ByName,
    /// All that have other names: `**name`.
    Rest,
}

/// A parameter of a function.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: Ident,
    /// Its type; none for `self`.
    pub annotation: Option<Expr>,
    /// What it is when nothing is given.
    pub default: Option<Expr>,
    /// How it is given.
    pub given: Given,
}

impl Parameter {
    /// A parameter without a type, such as `self`.
    pub fn bare(name: impl Into<Ident>) -> Self {
        Self {
            name: name.into(),
            annotation: None,
            default: None,
            given: Given::Either,
        }
    }

    /// A parameter with its type.
    pub fn typed(name: impl Into<Ident>, annotation: Expr) -> Self {
        Self {
            name: name.into(),
            annotation: Some(annotation),
            default: None,
            given: Given::Either,
        }
    }

    /// The parameter with a value for when nothing is given.
    #[must_use]
    pub fn or(self, default: Expr) -> Self {
        Self {
            default: Some(default),
            ..self
        }
    }

    /// The parameter, to be given by its place alone.
    #[must_use]
    pub fn by_place(self) -> Self {
        Self {
            given: Given::ByPlace,
            ..self
        }
    }

    /// The parameter, to be given by its name alone.
    #[must_use]
    pub fn by_name(self) -> Self {
        Self {
            given: Given::ByName,
            ..self
        }
    }

    /// `**name`, each of a type.
    pub fn rest(name: impl Into<Ident>, annotation: Expr) -> Self {
        Self {
            given: Given::Rest,
            ..Self::typed(name, annotation)
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
            | Self::Raise(value)
            | Self::Expr(value) => {
                value.imports(visit);
            }
            Self::Set(target, value) => {
                target.imports(visit);
                value.imports(visit);
            }
            Self::WithAs(manager, _, inner) => {
                manager.imports(visit);
                body(inner, visit);
            }
            Self::WithBoth(first, second, _, inner) => {
                first.imports(visit);
                second.imports(visit);
                body(inner, visit);
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
                    if let Some(default) = &parameter.default {
                        default.imports(visit);
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
            Self::Yield | Self::Blank => {}
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
            Stmt::Assign(name, value) => {
                self.pad(indent);
                self.out.push_str(name.as_str());
                self.rest(" = ", value, indent);
            }
            Stmt::Annotated(name, annotation, value) => {
                self.pad(indent);
                let _ = write!(self.out, "{name}: ");
                self.flat(annotation);
                self.rest(" = ", value, indent);
            }
            Stmt::Set(target, value) => {
                self.pad(indent);
                self.flat(target);
                self.rest(" = ", value, indent);
            }
            Stmt::Yield => {
                self.pad(indent);
                self.out.push_str("yield\n");
            }
            Stmt::Raise(value) => self.simple("raise ", value, indent),
            Stmt::WithAs(manager, name, inner) => {
                self.pad(indent);
                self.out.push_str("with ");
                let bound = format!(" as {name}:");
                self.expr(manager, indent, width(&bound));
                self.out.push_str(&bound);
                self.out.push('\n');
                self.block(inner, indent + 4);
            }
            Stmt::WithBoth(first, second, name, inner) => {
                self.pad(indent);
                let flat = flat_width(first) + flat_width(second);
                let around = width("with ,  as :") + width(name.as_str());
                if indent + flat + around <= LIMIT {
                    self.out.push_str("with ");
                    self.flat(first);
                    self.out.push_str(", ");
                    self.flat(second);
                    let _ = writeln!(self.out, " as {name}:");
                } else {
                    self.out.push_str("with (\n");
                    self.pad(indent + 4);
                    self.expr(first, indent + 4, 1);
                    self.out.push_str(",\n");
                    self.pad(indent + 4);
                    let bound = format!(" as {name},");
                    self.expr(second, indent + 4, width(&bound));
                    let _ = writeln!(self.out, "{bound}");
                    self.pad(indent);
                    self.out.push_str("):\n");
                }
                self.block(inner, indent + 4);
            }
            Stmt::Return(value) => {
                self.pad(indent);
                self.out.push_str("return ");
                self.returned(value, indent);
                self.out.push('\n');
            }
            Stmt::Assert(value) => self.simple("assert ", value, indent),
            Stmt::Expr(value) => self.simple("", value, indent),
            Stmt::Class(class) => self.class(class, indent),
            Stmt::Def(def) => self.def(def, indent),
            Stmt::With(managers, inner) => {
                self.pad(indent);
                self.out.push_str("with ");
                self.flat_list(managers);
                self.out.push_str(":\n");
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
        self.rest(head, value, indent);
    }

    /// The end of a line.
    fn rest(&mut self, head: &str, value: &Expr, indent: usize) {
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
        let start = self.out.len();
        let _ = write!(self.out, "class {}", class.name);
        if !class.bases.is_empty() {
            self.out.push('(');
            self.flat_list(&class.bases);
            self.out.push(')');
        }
        self.out.push(':');
        let flat = self.out.get(start..).unwrap_or_default();
        if indent + width(flat) > LIMIT && !class.bases.is_empty() {
            self.out.truncate(start);
            let _ = writeln!(self.out, "class {}(", class.name);
            let line = self.out.len();
            self.pad(indent + 4);
            self.flat_list(&class.bases);
            if width(self.out.get(line..).unwrap_or_default()) > LIMIT {
                self.out.truncate(line);
                for base in &class.bases {
                    self.pad(indent + 4);
                    self.expr(base, indent + 4, 1);
                    self.out.push_str(",\n");
                }
            } else {
                self.out.push('\n');
            }
            self.pad(indent);
            self.out.push_str("):");
        }
        self.out.push('\n');
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
        self.pad(indent);
        let start = self.out.len();
        self.signature(def, None);
        let flat = self.out.get(start..).unwrap_or_default();
        if indent + width(flat) > LIMIT {
            self.out.truncate(start);
            self.signature(def, Some(indent));
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

impl Printer<'_> {
    /// The head of a function: on one line, or each parameter on its own when there is an indentation.
    fn signature(&mut self, def: &Def, split: Option<usize>) {
        let _ = write!(self.out, "def {}(", def.name);
        for (index, parameter) in def.parameters.iter().enumerate() {
            match split {
                Some(indent) => {
                    self.out.push('\n');
                    self.pad(indent + 4);
                }
                None if index > 0 => self.out.push_str(", "),
                None => {}
            }
            if parameter.given == Given::Rest {
                self.out.push_str("**");
            }
            let is_first = index
                .checked_sub(1)
                .and_then(|before| def.parameters.get(before))
                .is_none_or(|before| before.given != Given::ByName);
            if parameter.given == Given::ByName && is_first {
                self.out.push_str("*,");
                match split {
                    Some(indent) => {
                        self.out.push('\n');
                        self.pad(indent + 4);
                    }
                    None => self.out.push(' '),
                }
            }
            self.out.push_str(parameter.name.as_str());
            if let Some(annotation) = &parameter.annotation {
                self.out.push_str(": ");
                self.flat(annotation);
            }
            if let Some(default) = &parameter.default {
                self.out.push_str(" = ");
                self.flat(default);
            }
            let is_last = def
                .parameters
                .get(index + 1)
                .is_none_or(|next| next.given != Given::ByPlace);
            if parameter.given == Given::ByPlace && is_last {
                self.out.push(',');
                match split {
                    Some(indent) => {
                        self.out.push('\n');
                        self.pad(indent + 4);
                    }
                    None => self.out.push(' '),
                }
                self.out.push('/');
            }
            if split.is_some() {
                self.out.push(',');
            }
        }
        if let Some(indent) = split {
            self.out.push('\n');
            self.pad(indent);
        }
        self.out.push_str(") -> ");
        self.flat(&def.returns);
        self.out.push(':');
    }
}

/// Prints the statements of a file behind what it begins with.
pub(super) fn print(stmts: &[Stmt], imports: &Imports, out: String) -> String {
    let mut printer = Printer { imports, out };
    printer.block(stmts, 0);
    printer.out
}
