//! Expressions as Python source: the second reading of the language.

use appspec_ir::{ArithmeticOp, Comparison, Expr, ExprKind, Function, Row, Spec, Type, Value};

/// One line of the script: the row, the expression.
pub(crate) fn case(spec: &Spec, expr: &Expr, row: &Row) -> String {
    let values: Vec<_> = spec
        .fields
        .iter()
        .map(|(id, field)| {
            let ty = crate::generate::expression_type(&field.ty);
            row.get(id)
                .map_or("None".to_owned(), |given| value(given, ty))
        })
        .collect();
    format!(
        "case([{}], lambda row: {})\n",
        values.join(", "),
        python(expr)
    )
}

pub(crate) fn hex(text: &str) -> String {
    let bytes: Vec<_> = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    format!("text {}", bytes.concat())
}

fn value(value: &Value, ty: Type) -> String {
    match value {
        Value::Bool(true) => "True".into(),
        Value::Bool(false) => "False".into(),
        Value::Int(number) if ty == Type::Float => format!("float('{number}')"),
        Value::Decimal(number) if ty == Type::Float => format!("float('{number}')"),
        Value::Int(number) => format!("({number})"),
        Value::Decimal(number) => format!("Decimal('{number}')"),
        Value::Text(text) => format!("unhex('{}')", hex(text)),
        Value::Date(days) => format!("day({days})"),
        Value::Time(time) => format!("clock({time})"),
        Value::DateTime(moment) => format!("moment({moment})"),
        Value::Duration(length) => format!("timedelta(microseconds={length})"),
        Value::Uuid(name) | Value::Enum(name) => format!("'{name}'"),
    }
}

fn python(expr: &Expr) -> String {
    let all = |parts: &[Expr], word: &str| {
        let parts: Vec<_> = parts.iter().map(python).collect();
        format!("({})", parts.join(word))
    };
    match &expr.kind {
        ExprKind::Value(constant) => value(constant, expr.ty),
        ExprKind::Field(id) => format!("need(row[{}])", id.index()),
        ExprKind::IsSet(id) => format!("(row[{}] is not None)", id.index()),
        ExprKind::Otherwise(id, fallback) => {
            let field = format!("row[{}]", id.index());
            format!("({field} if {field} is not None else {})", python(fallback))
        }
        ExprKind::Not(inner) => format!("(not {})", python(inner)),
        ExprKind::And(parts) => all(parts, " and "),
        ExprKind::Or(parts) => all(parts, " or "),
        ExprKind::Implies(a, b) => format!("((not {}) or {})", python(a), python(b)),
        ExprKind::Compare(comparison, a, b) => {
            let sign = match comparison {
                Comparison::Equal => "==",
                Comparison::NotEqual => "!=",
                Comparison::Less => "<",
                Comparison::LessOrEqual => "<=",
                Comparison::Greater => ">",
                Comparison::GreaterOrEqual => ">=",
            };
            format!("({} {sign} {})", python(a), python(b))
        }
        ExprKind::In(inner, values) => {
            let values: Vec<_> = values.iter().map(|each| value(each, inner.ty)).collect();
            format!("({} in [{}])", python(inner), values.join(", "))
        }
        ExprKind::Between(inner, low, high) => {
            format!("({} <= {} <= {})", python(low), python(inner), python(high))
        }
        ExprKind::Negate(inner) => format!("(-{})", python(inner)),
        ExprKind::Arithmetic(operator, a, b) => {
            let sign = match operator {
                ArithmeticOp::Add => "+",
                ArithmeticOp::Subtract => "-",
                ArithmeticOp::Multiply => "*",
            };
            format!("({} {sign} {})", python(a), python(b))
        }
        ExprKind::Call(function, arguments) => call(*function, arguments),
        ExprKind::Behind(..)
        | ExprKind::Fallback(..)
        | ExprKind::Each(_)
        | ExprKind::Outer(_)
        | ExprKind::Old(_)
        | ExprKind::This
        | ExprKind::Me
        | ExprKind::Mine(_) => {
            panic!("rules of one row read no other")
        }
    }
}

fn call(function: Function, arguments: &[Expr]) -> String {
    let texts: Vec<_> = arguments.iter().map(python).collect();
    let all = texts.join(", ");
    let first = texts.first().cloned().unwrap_or_default();
    match function {
        Function::Now => "NOW".into(),
        Function::Today => "local(NOW).date()".into(),
        Function::Length => format!("len({all})"),
        Function::Lower => format!("ascii_lower({all})"),
        Function::Upper => format!("ascii_upper({all})"),
        Function::Trim => format!("{all}.strip(' ')"),
        Function::Round => format!("rounded({all})"),
        Function::Abs => format!("abs({all})"),
        Function::Floor => format!("floored({all})"),
        Function::Ceil => format!("ceiled({all})"),
        Function::Min => format!("min({all})"),
        Function::Max => format!("max({all})"),
        Function::Year => format!("day_of({all}).year"),
        Function::Month => format!("day_of({all}).month"),
        Function::Day => format!("day_of({all}).day"),
        Function::Weekday => format!("day_of({all}).isoweekday()"),
        Function::Hour => format!("time_of({all}).hour"),
        Function::Date => format!("day_of({all})"),
        Function::Time => format!("time_of({all})"),
        Function::MinutesBetween => format!("between({all}, 60_000_000)"),
        Function::HoursBetween => format!("between({all}, 3_600_000_000)"),
        Function::DaysBetween => format!("between({all}, 86_400_000_000)"),
        Function::StartsWith => format!("{first}.startswith({})", texts[1]),
        Function::EndsWith => format!("{first}.endswith({})", texts[1]),
        Function::Contains => format!("({} in {first})", texts[1]),
    }
}
