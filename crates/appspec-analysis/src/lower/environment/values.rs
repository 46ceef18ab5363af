//! Values of variables.

use appspec_diagnostics::{Diagnostic, Diagnostics, closest, codes};
use appspec_ir::{Scalar, Value, VarType};
use appspec_syntax::ast::{Expr, ExprKind, Literal, Name, Text, UnaryOp};
use rust_decimal::Decimal;

use crate::lower::address::Address;
use crate::lower::constant::fit_text;

/// The longest text that a value or a purpose may be: environments of some systems hold little more.
const LONGEST: usize = 2_000;

pub(super) fn find_type(written: &str) -> Option<VarType> {
    VarType::ALL.into_iter().find(|ty| ty.name() == written)
}

pub(super) fn unknown_type(written: &Name) -> Diagnostic {
    let finding = Diagnostic::new(
        &codes::env::TYPE,
        written.span,
        format!("variables have no type `{}`", written.text),
    );
    match closest(&written.text, VarType::ALL.map(VarType::name)) {
        Some(meant) => finding.did_you_mean(written.span, meant),
        None => finding
            .help("the types are `text`, `url`, `email`, `int`, `decimal`, `bool` and `duration`"),
    }
}

/// The value of a variable of this type; if it is none, this is told.
pub(super) fn value(written: &Expr, ty: VarType, out: &mut Diagnostics) -> Option<Value> {
    let found = read(written, ty);
    if found.is_none() {
        let article = if matches!(ty, VarType::Email | VarType::Int) {
            "an"
        } else {
            "a"
        };
        out.push(
            Diagnostic::new(
                &codes::env::TYPE,
                written.span,
                format!("this is not {article} `{}`", ty.name()),
            )
            .label(format!("no `{}`", ty.name()))
            .help(example(ty)),
        );
    }
    found
}

fn example(ty: VarType) -> &'static str {
    match ty {
        VarType::Text => "write a text of one line, not an empty one: `\"Lisbon\"`",
        VarType::Url => "write an address in quotes: `\"https://example.com\"`",
        VarType::Email => "write an address in quotes: `\"ana@example.com\"`",
        VarType::Int => "write a whole number of 64 bits: `50`",
        VarType::Decimal => "write a number: `2.50`",
        VarType::Bool => "write `true` or `false`",
        VarType::Duration => "write a length of time: `30s`, `15min`, `24h`, `30d`",
    }
}

fn read(written: &Expr, ty: VarType) -> Option<Value> {
    let (literal, is_negative) = match &written.kind {
        ExprKind::Literal(literal) => (literal, false),
        ExprKind::Unary {
            op: UnaryOp::Negate,
            operand,
        } => match &operand.kind {
            ExprKind::Literal(literal) => (literal, true),
            _ => return None,
        },
        _ => return None,
    };
    match (ty, literal) {
        (VarType::Int, Literal::Int(digits)) => {
            let number: i64 = signed(digits, is_negative).parse().ok()?;
            Some(Value::Int(i128::from(number)))
        }
        (VarType::Decimal, Literal::Int(digits) | Literal::Decimal(digits)) => {
            Decimal::from_str_exact(&signed(digits, is_negative))
                .ok()
                .map(Value::Decimal)
        }
        _ if is_negative => None,
        (VarType::Bool, Literal::Bool(value)) => Some(Value::Bool(*value)),
        (VarType::Duration, Literal::Duration(length)) => Some(Value::Duration(*length)),
        (VarType::Text, Literal::Text(text)) => {
            is_one_line(text).then(|| Value::Text(text.value.clone()))
        }
        (VarType::Url, Literal::Text(text)) => {
            Address::read(&text.value).map(|_| Value::Text(text.value.clone()))
        }
        (VarType::Email, Literal::Text(text)) if is_one_line(text) => {
            fit_text(&text.value, Scalar::Email).ok().map(Value::Text)
        }
        _ => None,
    }
}

fn signed(digits: &str, is_negative: bool) -> String {
    let sign = if is_negative { "-" } else { "" };
    format!("{sign}{digits}")
}

fn is_one_line(text: &Text) -> bool {
    !text.value.trim().is_empty()
        && text.value.trim() == text.value
        && text.value.len() <= LONGEST
        && !text.value.contains(char::is_control)
}

/// A text that stands on one line; any other is told.
pub(super) fn one_line(text: &Text, what: &str, out: &mut Diagnostics) -> Option<String> {
    if is_one_line(text) {
        return Some(text.value.clone());
    }
    out.push(
        Diagnostic::new(
            &codes::env::TYPE,
            text.span,
            format!("{what} is one line of text"),
        )
        .help("write a short text without blanks at its ends, or leave it out"),
    );
    None
}
