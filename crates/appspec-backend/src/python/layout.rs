//! Where lines break: what fits stays on its line, what does not is written one element per line.

use unicode_width::UnicodeWidthStr;

use super::expr::{Argument, Call};
use super::imports::Imports;
use super::{Expr, Operator, literal};

/// The longest line.
pub(super) const LIMIT: usize = 100;

/// How many columns a text takes.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// How many columns an expression takes on one line.
pub(super) fn flat_width(expr: &Expr) -> usize {
    let imports = Imports::default();
    let printer = Printer {
        imports: &imports,
        out: String::new(),
    };
    width(&printer.flat(expr))
}

/// Prints expressions into a text.
pub(super) struct Printer<'i> {
    /// How imported names are spelled in this file.
    pub(super) imports: &'i Imports,
    /// What is printed so far.
    pub(super) out: String,
}

impl Printer<'_> {
    /// Prints an expression at the end of the text; `indent` is that of its statement or element, `reserve`
    /// the columns that follow on its last line.
    pub(super) fn expr(&mut self, expr: &Expr, indent: usize, reserve: usize) {
        let flat = self.flat(expr);
        if self.column() + width(&flat) + reserve <= LIMIT {
            self.out.push_str(&flat);
            return;
        }
        match expr {
            Expr::Call(call) if !call.arguments.is_empty() => self.call(call, indent),
            Expr::List(items) if !items.is_empty() => self.elements("[", items, "]", indent),
            Expr::Tuple(items) if !items.is_empty() => self.elements("(", items, ")", indent),
            Expr::Dict(entries) if !entries.is_empty() => self.dict(entries, indent),
            Expr::Binary(..) => self.parenthesized(expr, indent),
            Expr::Unary(operator, inner) => {
                self.out.push_str(operator.text());
                if inner.needs_parentheses_behind(*operator) {
                    self.parenthesized(inner, indent);
                } else {
                    self.expr(inner, indent, reserve);
                }
            }
            Expr::Attribute(inner, name) => {
                self.expr(inner, indent, reserve + width(name.as_str()) + 1);
                self.out.push('.');
                self.out.push_str(name.as_str());
            }
            Expr::Text(text) => self.long_text(text, &flat, indent),
            _ => self.out.push_str(&flat),
        }
    }

    fn call(&mut self, call: &Call, indent: usize) {
        self.expr(&call.function, indent, 1);
        self.out.push_str("(\n");
        for Argument { name, value } in &call.arguments {
            self.pad(indent + 4);
            if let Some(name) = name {
                self.out.push_str(name.as_str());
                self.out.push('=');
                self.expr(value, indent + 4, 1);
            } else {
                self.element(value, indent + 4);
            }
            self.out.push_str(",\n");
        }
        self.pad(indent);
        self.out.push(')');
    }

    fn elements(&mut self, open: &str, items: &[Expr], close: &str, indent: usize) {
        self.out.push_str(open);
        self.out.push('\n');
        for item in items {
            self.pad(indent + 4);
            self.element(item, indent + 4);
            self.out.push_str(",\n");
        }
        self.pad(indent);
        self.out.push_str(close);
    }

    fn dict(&mut self, entries: &[(Expr, Expr)], indent: usize) {
        self.out.push_str("{\n");
        for (key, value) in entries {
            self.pad(indent + 4);
            self.expr(key, indent + 4, 1);
            self.out.push_str(": ");
            self.expr(value, indent + 4, 1);
            self.out.push_str(",\n");
        }
        self.pad(indent);
        self.out.push('}');
    }

    /// An element of something in brackets, or an argument without a name: the brackets around it let an
    /// operator chain break without parentheses of its own.
    fn element(&mut self, expr: &Expr, indent: usize) {
        match expr {
            Expr::Binary(operator, operands)
                if self.column() + width(&self.flat(expr)) + 1 > LIMIT =>
            {
                self.operands(*operator, operands, indent, 1);
            }
            _ => self.expr(expr, indent, 1),
        }
    }

    /// An expression in parentheses of its own; an operator chain that is still too long, one operand per line.
    fn parenthesized(&mut self, expr: &Expr, indent: usize) {
        let inner = indent + 4;
        self.out.push_str("(\n");
        self.pad(inner);
        let flat = self.flat(expr);
        match expr {
            Expr::Binary(operator, operands) if self.column() + width(&flat) > LIMIT => {
                self.operands(*operator, operands, inner, 0);
            }
            _ => self.out.push_str(&flat),
        }
        self.out.push('\n');
        self.pad(indent);
        self.out.push(')');
    }

    /// An operator chain, one operand per line; `reserve` columns follow on the last one.
    fn operands(&mut self, operator: Operator, operands: &[Expr], indent: usize, reserve: usize) {
        for (index, operand) in operands.iter().enumerate() {
            if index > 0 {
                self.out.push('\n');
                self.pad(indent);
                self.out.push_str(operator.text());
                self.out.push(' ');
            }
            let reserve = if index + 1 == operands.len() {
                reserve
            } else {
                0
            };
            if operand.needs_parentheses_in(operator) {
                let flat = format!("({})", self.flat(operand));
                if self.column() + width(&flat) + reserve <= LIMIT {
                    self.out.push_str(&flat);
                } else {
                    self.parenthesized(operand, indent);
                }
            } else {
                self.expr(operand, indent, reserve);
            }
        }
    }

    /// A string that is too long for a line, as several that Python joins.
    fn long_text(&mut self, text: &str, flat: &str, indent: usize) {
        let pieces = literal::pieces(text, LIMIT.saturating_sub(indent + 4));
        if pieces.len() < 2 && indent + 4 + width(flat) > LIMIT {
            self.out.push_str(flat);
            return;
        }
        self.out.push_str("(\n");
        for piece in pieces {
            self.pad(indent + 4);
            self.out.push_str(&literal::string(&piece));
            self.out.push('\n');
        }
        self.pad(indent);
        self.out.push(')');
    }

    /// The expression on one line, however long.
    pub(super) fn flat(&self, expr: &Expr) -> String {
        match expr {
            Expr::Name(name) => name.to_string(),
            Expr::Import(module, name) => self.imports.spelling(module, name.as_ref()),
            Expr::Text(text) => literal::string(text),
            Expr::Constant(constant) => constant.0.clone(),
            Expr::Attribute(inner, name) => format!("{}.{name}", self.flat(inner)),
            Expr::Call(call) => {
                let arguments: Vec<String> = call
                    .arguments
                    .iter()
                    .map(|argument| match &argument.name {
                        Some(name) => format!("{name}={}", self.flat(&argument.value)),
                        None => self.flat(&argument.value),
                    })
                    .collect();
                format!("{}({})", self.flat(&call.function), arguments.join(", "))
            }
            Expr::List(items) => format!("[{}]", self.joined(items)),
            Expr::Tuple(items) if items.len() == 1 => format!("({},)", self.joined(items)),
            Expr::Tuple(items) => format!("({})", self.joined(items)),
            Expr::Dict(entries) => {
                let entries: Vec<String> = entries
                    .iter()
                    .map(|(key, value)| format!("{}: {}", self.flat(key), self.flat(value)))
                    .collect();
                format!("{{{}}}", entries.join(", "))
            }
            Expr::Subscript(inner, items) => {
                format!("{}[{}]", self.flat(inner), self.joined(items))
            }
            Expr::Unary(operator, inner) if inner.needs_parentheses_behind(*operator) => {
                format!("{}({})", operator.text(), self.flat(inner))
            }
            Expr::Unary(operator, inner) => format!("{}{}", operator.text(), self.flat(inner)),
            Expr::Binary(operator, operands) => {
                let operands: Vec<String> = operands
                    .iter()
                    .map(|operand| {
                        let flat = self.flat(operand);
                        if operand.needs_parentheses_in(*operator) {
                            format!("({flat})")
                        } else {
                            flat
                        }
                    })
                    .collect();
                operands.join(&format!(" {} ", operator.text()))
            }
        }
    }

    fn joined(&self, items: &[Expr]) -> String {
        let items: Vec<String> = items.iter().map(|item| self.flat(item)).collect();
        items.join(", ")
    }

    pub(super) fn pad(&mut self, indent: usize) {
        self.out.push_str(&" ".repeat(indent));
    }

    fn column(&self) -> usize {
        width(self.out.rsplit('\n').next().unwrap_or(""))
    }
}
