//! `a / b` and `a % b`, which do not exist here: what says the same without them.

use appspec_diagnostics::{Span, codes::syntax};

use crate::ast::{BinaryOp, Expr, ExprKind, Literal};
use crate::build::Context;
use crate::invisible;

/// Whether an operator divides.
pub(crate) fn is_division(operator: &str) -> bool {
    matches!(operator, "/" | "%")
}

/// Reports a division; `whole` is the expression that it is in, as far as that could be read.
pub(crate) fn no_division(cx: &mut Context<'_>, at: Span, whole: Option<&Expr>) {
    let written = cx.slice(at).to_owned();
    if let Some(day) = date(cx, at) {
        // Of its two signs the first one tells it.
        if day.is_told_here {
            let written = cx.slice(day.place).to_owned();
            let meant = format!("`{}`", day.ours);
            super::answer(cx, day.place, &written, &meant, Some(&day.ours));
        }
        return;
    }
    let help = whole
        .and_then(|whole| found(whole, at, None))
        .map(|(division, around)| division.instead(cx, around))
        .filter(|help| help.len() < MOST_TOLD && !help.contains(['\n', '\r']));
    let help = help.unwrap_or_else(|| NO_OTHER.to_owned());
    cx.error(
        &syntax::NO_DIVISION,
        at,
        format!("`{written}` does not exist in appspec"),
        "no division",
        format!(
            "{}: rounding and division by zero differ between Python and the databases",
            invisible::shown(&help)
        ),
    );
}

/// A day that was written with signs of division.
struct Day {
    place: Span,
    ours: String,
    is_told_here: bool,
}

/// `2026/02/01`, of which this is one of the two signs.
fn date(cx: &Context<'_>, at: Span) -> Option<Day> {
    let (before, behind) = cx.around(at);
    let is_part = |it: char| it.is_ascii_digit() || it == '/';
    let start = before.trim_end_matches(is_part).len();
    let head = before.get(start..)?;
    let end = behind.find(|it| !is_part(it)).unwrap_or(behind.len());
    let written = format!("{head}{}{}", cx.slice(at), behind.get(..end)?);
    let parts: Vec<&str> = written.split('/').collect();
    let [year, month, day] = parts.as_slice() else {
        return None;
    };
    let within = |text: &str, most: u32| {
        let number = text.parse().ok().filter(|it: &u32| (1..=most).contains(it));
        number.filter(|_| text.len() <= 2)
    };
    let (month, day) = (within(month, 12)?, within(day, 31)?);
    (year.len() == 4).then_some(())?;
    let place = Span {
        start: at.start - u32::try_from(head.len()).ok()?,
        end: at.end + u32::try_from(end).ok()?,
        ..at
    };
    Some(Day {
        place,
        ours: format!("{year}-{month:02}-{day:02}"),
        is_told_here: !head.contains('/'),
    })
}

const MOST_TOLD: usize = 200;
const NO_OTHER: &str =
    "multiply the other side of the comparison, or keep the result in a field of its own";

/// A division and its two sides.
struct Division<'e> {
    at: Span,
    dividend: &'e Expr,
    divisor: &'e Expr,
}

/// A comparison that a division is one whole side of.
#[derive(Clone, Copy)]
struct Comparison<'e> {
    sign: Span,
    op: BinaryOp,
    other: &'e Expr,
    is_left: bool,
}

/// The division with its operator at a place. Parentheses begin an expression of their own; what remains is walked as deep as
/// the parser allows.
fn found<'e>(
    expr: &'e Expr,
    at: Span,
    around: Option<Comparison<'e>>,
) -> Option<(Division<'e>, Option<Comparison<'e>>)> {
    let (op, sign, left, right) = match &expr.kind {
        ExprKind::Unary { operand, .. } => return found(operand, at, None),
        ExprKind::Binary {
            op,
            op_span,
            left,
            right,
        } => (*op, *op_span, left, right),
        _ => return None,
    };
    if sign == at {
        let division = Division {
            at,
            dividend: left,
            divisor: right,
        };
        return Some((division, around));
    }
    let side = |other, is_left| {
        let compares = matches!(
            op,
            BinaryOp::Equal
                | BinaryOp::NotEqual
                | BinaryOp::Less
                | BinaryOp::LessOrEqual
                | BinaryOp::Greater
                | BinaryOp::GreaterOrEqual
        );
        compares.then_some(Comparison {
            sign,
            op,
            other,
            is_left,
        })
    };
    if at.start < sign.start {
        found(left, at, side(right, true))
    } else {
        found(right, at, side(left, false))
    }
}

impl Division<'_> {
    /// What to write instead.
    fn instead(&self, cx: &Context<'_>, around: Option<Comparison<'_>>) -> String {
        if cx.slice(self.at) == "%" {
            return format!(
                "there is no remainder either; keep how often `{}` goes into `{}` in a field of its own",
                cx.slice(self.divisor.span),
                cx.slice(self.dividend.span)
            );
        }
        let (dividend, divisor) = (factor(cx, self.dividend), factor(cx, self.divisor));
        let number = positive(self.divisor);
        if let Some(around) = around {
            let product = format!("{} * {divisor}", factor(cx, around.other));
            let sign = match around.op {
                BinaryOp::Equal => "==",
                BinaryOp::NotEqual => "!=",
                _ => cx.slice(around.sign),
            };
            let text = if around.is_left {
                format!("{dividend} {sign} {product}")
            } else {
                format!("{product} {sign} {dividend}")
            };
            return match number {
                Some(_) => format!("write `{text}`"),
                None => format!("write `{text}` if `{divisor}` is always above 0"),
            };
        }
        match number.and_then(inverse) {
            Some(share) => format!("write `{dividend} * {share}`"),
            None => NO_OTHER.to_owned(),
        }
    }
}

/// A part of a product: sums get parentheses, which others have already.
fn factor(cx: &Context<'_>, expr: &Expr) -> String {
    let text = cx.slice(expr.span);
    match &expr.kind {
        ExprKind::Binary {
            op: BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Otherwise,
            ..
        } if !text.starts_with('(') => format!("({text})"),
        _ => text.to_owned(),
    }
}

/// A whole number above zero.
fn positive(expr: &Expr) -> Option<u64> {
    match &expr.kind {
        ExprKind::Literal(Literal::Int(digits)) => digits.parse().ok().filter(|it| *it > 0),
        _ => None,
    }
}

/// One divided by a number, if that has an end: `0.25` for 4.
fn inverse(number: u64) -> Option<String> {
    let mut power: u64 = 1;
    for places in 0..=8_usize {
        if power.is_multiple_of(number) && number > 1 {
            return Some(format!("0.{:0places$}", power / number));
        }
        power *= 10;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::inverse;

    #[test]
    fn shares_that_have_an_end() {
        assert_eq!(inverse(2).as_deref(), Some("0.5"));
        assert_eq!(inverse(4).as_deref(), Some("0.25"));
        assert_eq!(inverse(100).as_deref(), Some("0.01"));
        assert_eq!(inverse(3), None);
        assert_eq!(inverse(1), None);
    }
}
