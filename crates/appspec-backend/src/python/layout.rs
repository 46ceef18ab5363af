//! Where lines break: what fits stays on its line, what does not is written one element per line.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

use super::expr::{Argument, Call, Generator};
use super::imports::Imports;
use super::room::is_wider;
use super::{Expr, Operator, literal};

/// The longest line.
pub(super) const LIMIT: usize = 100;

/// How many columns a text takes.
pub(crate) fn width(text: &str) -> usize {
    // Nearly all text is ASCII, where the table of wide characters has nothing to say.
    if is_plain(text) {
        text.len()
    } else {
        text.width()
    }
}

/// Whether each byte is one column. Without an end before the last byte: so many of them are looked at together.
fn is_plain(text: &str) -> bool {
    text.bytes()
        .fold(true, |plain, byte| plain & (b' '..=b'~').contains(&byte))
}

/// How many columns an expression takes on one line.
pub(super) fn flat_width(expr: &Expr) -> usize {
    let imports = Imports::default();
    let mut printer = Printer {
        imports: &imports,
        out: String::new(),
    };
    printer.flat(expr);
    width(&printer.out)
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
        if self.fits(expr, reserve) {
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
            Expr::Text(text) => self.long_text(text, indent),
            _ => self.flat(expr),
        }
    }

    /// Prints the expression on the line if it fits there with `reserve` more columns; prints nothing otherwise.
    fn fits(&mut self, expr: &Expr, reserve: usize) -> bool {
        let start = self.out.len();
        let room = LIMIT.saturating_sub(self.column() + reserve);
        // A word is as soon written as counted.
        let is_word = matches!(
            expr,
            Expr::Name(_) | Expr::Import(..) | Expr::Text(_) | Expr::Constant(_)
        );
        if !is_word && is_wider(expr, room) {
            return false;
        }
        let fits = self.flat_within(expr, start, room) && width(self.since(start)) <= room;
        if !fits {
            self.out.truncate(start);
        }
        fits
    }

    fn call(&mut self, call: &Call, indent: usize) {
        self.expr(&call.function, indent, 1);
        self.out.push_str("(\n");
        if let [
            Argument {
                name: None,
                value: Expr::Generator(generator),
            },
        ] = call.arguments.as_slice()
        {
            self.generator(generator, indent + 4);
            self.pad(indent);
            self.out.push(')');
            return;
        }
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

    /// A part on each line, and no comma: it is the only argument.
    fn generator(&mut self, generator: &Generator, indent: usize) {
        let start = self.out.len();
        self.pad(indent);
        if self.flat_generator(generator, start, LIMIT) && width(self.since(start)) <= LIMIT {
            self.out.push('\n');
            return;
        }
        self.out.truncate(start);
        self.pad(indent);
        self.element(&generator.value, indent);
        self.out.push('\n');
        self.pad(indent);
        self.out.push_str("for ");
        self.out.push_str(generator.row.as_str());
        self.out.push_str(" in ");
        self.expr(&generator.rows, indent, 0);
        self.out.push('\n');
        if let Some(condition) = &generator.condition {
            self.pad(indent);
            self.out.push_str("if ");
            self.expr(condition, indent, 0);
            self.out.push('\n');
        }
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
            Expr::Binary(operator, operands) => {
                if !self.fits(expr, 1) {
                    self.operands(*operator, operands, indent, 1);
                }
            }
            _ => self.expr(expr, indent, 1),
        }
    }

    /// What a statement returns. Two operands of which the second ends in brackets break in brackets of their own,
    /// the second one first.
    pub(super) fn returned(&mut self, expr: &Expr, indent: usize) {
        if self.fits(expr, 0) {
            return;
        }
        if let Expr::Binary(operator, operands) = expr
            && let [first, last] = operands.as_slice()
            && let Some(head) = self.head(*operator, last)
        {
            self.broken(*operator, first, indent, head + operator.text().len() + 2);
            let _ = write!(self.out, " {} ", operator.text());
            self.broken(*operator, last, indent, 0);
        } else {
            self.expr(expr, indent, 0);
        }
    }

    /// How wide an operand is up to the bracket that goes on to its end; nothing for one without.
    fn head(&mut self, operator: Operator, operand: &Expr) -> Option<usize> {
        if operand.needs_parentheses_in(operator) {
            return Some(1);
        }
        match operand {
            Expr::Unary(sign, inner) if !inner.needs_parentheses_behind(*sign) => {
                Some(self.head(operator, inner)? + width(sign.text()))
            }
            Expr::Call(call) if !call.arguments.is_empty() => {
                let start = self.out.len();
                self.flat(&call.function);
                let head = width(self.since(start)) + 1;
                self.out.truncate(start);
                Some(head)
            }
            _ => None,
        }
    }

    /// An expression in parentheses of its own; an operator chain that is still too long, one operand per line.
    fn parenthesized(&mut self, expr: &Expr, indent: usize) {
        let inner = indent + 4;
        self.out.push_str("(\n");
        self.pad(inner);
        let fits = self.fits(expr, 0);
        match expr {
            _ if fits => {}
            Expr::Binary(operator, operands) => self.operands(*operator, operands, inner, 0),
            _ => self.flat(expr),
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
            self.broken(operator, operand, indent, reserve);
        }
    }

    /// An operand, broken where it has to be, in parentheses where it needs some.
    fn broken(&mut self, operator: Operator, operand: &Expr, indent: usize, reserve: usize) {
        if !operand.needs_parentheses_in(operator) {
            self.expr(operand, indent, reserve);
            return;
        }
        let before = self.out.len();
        self.out.push('(');
        if self.fits(operand, reserve + 1) {
            self.out.push(')');
        } else {
            self.out.truncate(before);
            self.parenthesized(operand, indent);
        }
    }

    /// A string that is too long for a line, as several that Python joins.
    fn long_text(&mut self, text: &str, indent: usize) {
        let pieces = literal::pieces(text, LIMIT.saturating_sub(indent + 4));
        self.out.push_str("(\n");
        for piece in pieces {
            self.pad(indent + 4);
            self.out.push_str(&literal::string(&piece));
            self.out.push('\n');
        }
        self.pad(indent);
        self.out.push(')');
    }

    /// Prints the expression on one line, however long.
    pub(super) fn flat(&mut self, expr: &Expr) {
        self.flat_within(expr, 0, usize::MAX);
    }

    /// Several expressions on one line, with commas between.
    pub(super) fn flat_list(&mut self, items: &[Expr]) {
        self.joined(items, 0, usize::MAX);
    }

    /// Prints on one line, and gives up once what stands behind `start` is certainly wider than `room`: a
    /// long list is not printed to its end at each level only to learn that it does not fit.
    fn flat_within(&mut self, expr: &Expr, start: usize, room: usize) -> bool {
        match expr {
            Expr::Name(name) => self.out.push_str(name.as_str()),
            Expr::Import(module, name) => {
                let spelling = self.imports.spelling(module, name.as_ref());
                self.out.push_str(&spelling);
            }
            Expr::Text(text) => literal::write_string(text, &mut self.out),
            Expr::Constant(constant) => self.out.push_str(&constant.0),
            Expr::Attribute(inner, name) => {
                if !self.flat_within(inner, start, room) {
                    return false;
                }
                self.out.push('.');
                self.out.push_str(name.as_str());
            }
            Expr::Call(call) => {
                if !self.flat_within(&call.function, start, room) {
                    return false;
                }
                self.out.push('(');
                for (index, Argument { name, value }) in call.arguments.iter().enumerate() {
                    if index > 0 {
                        self.out.push_str(", ");
                    }
                    if let Some(name) = name {
                        self.out.push_str(name.as_str());
                        self.out.push('=');
                    }
                    if !self.flat_within(value, start, room) {
                        return false;
                    }
                }
                self.out.push(')');
            }
            Expr::List(items) => return self.enclosed("[", items, "]", start, room),
            Expr::Tuple(items) if items.len() == 1 => {
                return self.enclosed("(", items, ",)", start, room);
            }
            Expr::Tuple(items) => return self.enclosed("(", items, ")", start, room),
            Expr::Dict(entries) => {
                self.out.push('{');
                for (index, (key, value)) in entries.iter().enumerate() {
                    if index > 0 {
                        self.out.push_str(", ");
                    }
                    if !self.flat_within(key, start, room) {
                        return false;
                    }
                    self.out.push_str(": ");
                    if !self.flat_within(value, start, room) {
                        return false;
                    }
                }
                self.out.push('}');
            }
            Expr::Subscript(inner, items) => {
                return self.flat_within(inner, start, room)
                    && self.enclosed("[", items, "]", start, room);
            }
            Expr::Generator(generator) => return self.flat_generator(generator, start, room),
            Expr::Unary(operator, inner) => {
                self.out.push_str(operator.text());
                let wrapped = inner.needs_parentheses_behind(*operator);
                return self.operand(inner, wrapped, start, room);
            }
            Expr::Binary(operator, operands) => {
                for (index, operand) in operands.iter().enumerate() {
                    if index > 0 {
                        self.out.push(' ');
                        self.out.push_str(operator.text());
                        self.out.push(' ');
                    }
                    let wrapped = operand.needs_parentheses_in(*operator);
                    if !self.operand(operand, wrapped, start, room) {
                        return false;
                    }
                }
            }
        }
        let written = self.since(start);
        written.len() <= room || !is_plain(written)
    }

    fn flat_generator(&mut self, generator: &Generator, start: usize, room: usize) -> bool {
        if !self.flat_within(&generator.value, start, room) {
            return false;
        }
        self.out.push_str(" for ");
        self.out.push_str(generator.row.as_str());
        self.out.push_str(" in ");
        if !self.flat_within(&generator.rows, start, room) {
            return false;
        }
        match &generator.condition {
            Some(condition) => {
                self.out.push_str(" if ");
                self.flat_within(condition, start, room)
            }
            None => true,
        }
    }

    fn operand(&mut self, operand: &Expr, wrapped: bool, start: usize, room: usize) -> bool {
        if wrapped {
            self.out.push('(');
        }
        let fits = self.flat_within(operand, start, room);
        if wrapped {
            self.out.push(')');
        }
        fits
    }

    fn enclosed(
        &mut self,
        open: &str,
        items: &[Expr],
        close: &str,
        start: usize,
        room: usize,
    ) -> bool {
        self.out.push_str(open);
        let fits = self.joined(items, start, room);
        self.out.push_str(close);
        fits
    }

    fn joined(&mut self, items: &[Expr], start: usize, room: usize) -> bool {
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.out.push_str(", ");
            }
            if !self.flat_within(item, start, room) {
                return false;
            }
        }
        true
    }

    fn since(&self, start: usize) -> &str {
        self.out.get(start..).unwrap_or_default()
    }

    pub(super) fn pad(&mut self, indent: usize) {
        const BLANKS: &str = "                                ";
        let mut left = indent;
        while let Some(blanks) = BLANKS
            .get(..left.min(BLANKS.len()))
            .filter(|it| !it.is_empty())
        {
            self.out.push_str(blanks);
            left -= blanks.len();
        }
    }

    fn column(&self) -> usize {
        let line = self.out.rfind('\n').map_or(0, |end| end + 1);
        width(self.since(line))
    }
}
