//! Whether there is room for an expression, told without printing it.

use super::Expr;

/// Whether an expression is certainly wider than `room` on one line. What has to be broken is so at each level, and this
/// tells without printing it; it counts only what surely takes a column.
pub(super) fn is_wider(expr: &Expr, room: usize) -> bool {
    rest(expr, room).is_none()
}

/// The columns that an expression leaves of `room` at the most; none if it needs more.
fn rest(expr: &Expr, room: usize) -> Option<usize> {
    let word = |text: &str, room: usize| {
        let least = if text.is_ascii() { text.len() } else { 0 };
        room.checked_sub(least)
    };
    // The brackets, and a comma and a blank between each two.
    let between = |count: usize| 2 * count.saturating_sub(1) + 2;
    match expr {
        Expr::Name(name) => word(name.as_str(), room),
        Expr::Import(module, name) => {
            let own = name.as_ref().map_or(module.dotted(), |name| name.as_str());
            word(own, room)
        }
        Expr::Text(text) => word(text, room.checked_sub(2)?),
        Expr::Constant(constant) => word(&constant.0, room),
        Expr::Attribute(inner, name) => word(name.as_str(), rest(inner, room)?.checked_sub(1)?),
        Expr::Call(call) => {
            let room = rest(&call.function, room)?;
            let room = room.checked_sub(between(call.arguments.len()))?;
            call.arguments.iter().try_fold(room, |room, argument| {
                let room = match &argument.name {
                    Some(name) => word(name.as_str(), room)?.checked_sub(1)?,
                    None => room,
                };
                rest(&argument.value, room)
            })
        }
        Expr::List(items) | Expr::Tuple(items) => {
            let room = room.checked_sub(between(items.len()))?;
            items.iter().try_fold(room, |room, item| rest(item, room))
        }
        Expr::Dict(entries) => {
            let room = room.checked_sub(between(entries.len()))?;
            entries.iter().try_fold(room, |room, (key, value)| {
                rest(value, rest(key, room)?.checked_sub(2)?)
            })
        }
        Expr::Subscript(inner, items) => {
            let room = rest(inner, room)?.checked_sub(between(items.len()))?;
            items.iter().try_fold(room, |room, item| rest(item, room))
        }
        Expr::Generator(generator) => {
            let room = rest(&generator.value, room)?.checked_sub(9)?;
            let room = rest(&generator.rows, word(generator.row.as_str(), room)?)?;
            match &generator.condition {
                Some(condition) => rest(condition, room.checked_sub(4)?),
                None => Some(room),
            }
        }
        Expr::Unary(operator, inner) => rest(inner, room.checked_sub(operator.text().len())?),
        Expr::Binary(operator, operands) => {
            let signs = (operator.text().len() + 2) * operands.len().saturating_sub(1);
            let room = room.checked_sub(signs)?;
            operands
                .iter()
                .try_fold(room, |room, operand| rest(operand, room))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::Operator;

    #[test]
    fn what_fits_is_never_called_wider() {
        let call = || Expr::from("core.models", "Record").attr("of").call();
        let expressions = [
            Expr::text("a\"b\\c\n"),
            Expr::text("日本語 \u{301}"),
            Expr::texts(["a", "b", ""]),
            Expr::text_tuple(["a"]),
            Expr::List(vec![]),
            Expr::Dict(vec![
                (Expr::int(1), Expr::none()),
                (Expr::bool(true), Expr::float("1")),
            ]),
            call(),
            call().arg(Expr::name("x")).kw("y", Expr::text("z")),
            Expr::name("a").subscript(Expr::int(12_345)).not(),
            Expr::chain(
                Operator::And,
                vec![Expr::name("a"), Expr::name("b").not(), call().invert()],
            ),
            Expr::binary(
                Operator::Multiply,
                Expr::binary(Operator::Add, Expr::int(1), Expr::int(-2)),
                Expr::name("é").negate(),
            ),
        ];
        for expr in expressions {
            let width = expr.width();
            assert!(!is_wider(&expr, width), "{expr:?}");
            // What is plain is measured to the column, but for parentheses.
            assert!(width < 20 || is_wider(&expr, width / 2), "{expr:?}");
        }
    }
}
