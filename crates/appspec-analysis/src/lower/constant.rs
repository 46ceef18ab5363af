//! Constants of the text, fitted to the type that they are for.

use appspec_diagnostics::{Code, Diagnostic, Diagnostics, Root, Span, codes};
use appspec_ir::{Enum, Id, Module, Scalar, Value};
use appspec_syntax::ast::{Expr, ExprKind, Literal, Path, UnaryOp};
use rust_decimal::Decimal;

use super::calendar::{self, Moment};
use super::named::Shape;
use super::quoted;
use super::renamed;
use super::scalars::text_limit;
use crate::names::{Decl, Found, Names, near};

/// Why a constant is not a value of a type.
#[derive(Debug)]
pub(crate) struct Misfit {
    /// A code of its own, for mistakes that have nothing to do with the place.
    code: Option<&'static Code>,
    message: String,
    label: &'static str,
    help: Option<String>,
    edit: Option<String>,
    /// Boxed, because nearly all constants fit.
    root: Option<Box<Root>>,
    /// Whether what it comes from has a finding of its own.
    is_known: bool,
}

impl Misfit {
    fn new(message: impl Into<String>) -> Self {
        Self {
            code: None,
            message: message.into(),
            label: "this value",
            help: None,
            edit: None,
            root: None,
            is_known: false,
        }
    }

    fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Says so, with the code of the place where the constant stands.
    pub(crate) fn report(self, code: &'static Code, at: Span, out: &mut Diagnostics) {
        if self.is_known {
            return;
        }
        let mut finding =
            Diagnostic::new(self.code.unwrap_or(code), at, self.message).label(self.label);
        finding.root = self.root.map(|root| *root);
        if let Some(help) = self.help {
            finding = finding.help(help);
        }
        out.push(match self.edit {
            Some(edit) => finding.edit(at, edit),
            None => finding,
        });
    }
}

/// The constant as a value of a scalar or an enum.
pub(crate) fn fit(
    names: &Names<'_>,
    module: Id<Module>,
    expr: &Expr,
    shape: Shape,
) -> Result<Value, Misfit> {
    match shape {
        Shape::Scalar(scalar) => fit_scalar(expr, scalar),
        Shape::Enum(id) => fit_enum(names, module, expr, id),
        Shape::List(_) | Shape::One(_) | Shape::Many { .. } => {
            Err(Misfit::new("no constant has this type"))
        }
    }
}

fn fit_enum(
    names: &Names<'_>,
    module: Id<Module>,
    expr: &Expr,
    id: Id<Enum>,
) -> Result<Value, Misfit> {
    let name = names.enum_name(id);
    if is_empty(names, id) {
        return Err(Misfit {
            is_known: true,
            ..Misfit::new(format!("`{name}` has no values"))
        });
    }
    let ExprKind::Path(path) = &expr.kind else {
        let misfit = Misfit::new(format!("this is not a value of `{name}`"));
        return Err(match &expr.kind {
            ExprKind::Literal(Literal::Text(text)) if has_value(names, id, &text.value) => Misfit {
                edit: Some(text.value.clone()),
                ..misfit.help(format!("write the value without quotes: `{}`", text.value))
            },
            _ => misfit.help(values_help(names, id)),
        });
    };
    let value = match path.names.as_slice() {
        [value] => value,
        [qualifier @ .., value] => {
            let words: Vec<&str> = qualifier.iter().map(|name| name.text.as_str()).collect();
            match names.find_path(module, &words) {
                Found::Decl(found) if found.decl == Decl::Enum(id) => value,
                _ => {
                    return Err(Misfit::new(format!("this is not a value of `{name}`"))
                        .help(values_help(names, id)));
                }
            }
        }
        [] => return Err(Misfit::new("a value is missing")),
    };
    if has_value(names, id, &value.text) {
        return Ok(Value::Enum(value.text.clone()));
    }
    Err(unknown_value(names, id, path))
}

fn has_value(names: &Names<'_>, id: Id<Enum>, value: &str) -> bool {
    names.enums_with_value(value).contains(&id)
}

fn unknown_value(names: &Names<'_>, id: Id<Enum>, path: &Path) -> Misfit {
    let value = path.names.last().map_or("", |name| name.text.as_str());
    let misfit = Misfit {
        code: Some(&codes::name::UNKNOWN),
        label: "not one of its values",
        ..Misfit::new(format!("`{}` has no value `{value}`", names.enum_name(id)))
    };
    if let Some(new) = renamed::value(names, id, value) {
        let misfit = misfit.help(format!("write `{}`, as it is called now", new.text));
        return Misfit {
            edit: (path.names.len() == 1).then(|| new.text.clone()),
            ..misfit
        };
    }
    match names.closest(value, value_names(names, id)) {
        Some(meant) => {
            let misfit = misfit.help(format!("did you mean `{}`?", meant.name));
            Misfit {
                root: enum_root(names, id, value, Some(meant.name)).map(Box::new),
                edit: (path.names.len() == 1 && meant.is_certain).then(|| meant.name.to_owned()),
                ..misfit
            }
        }
        None => Misfit {
            root: enum_root(names, id, value, None).map(Box::new),
            ..misfit.help(values_help(names, id))
        },
    }
}

/// What all uses of a value that an enum does not have come from: the one that was meant, or the enum.
pub(crate) fn enum_root(
    names: &Names<'_>,
    id: Id<Enum>,
    written: &str,
    meant: Option<&str>,
) -> Option<Root> {
    let item = names.enums.get(id.index())?.item;
    let value = item
        .values
        .iter()
        .find(|value| Some(value.name.text.as_str()) == meant);
    let declared = value.map(|value| (value.name.text.as_str(), value.name.span));
    Some(near::root(written, declared, item.name.span))
}

/// The names of an enum's values, in order.
pub(crate) fn value_names<'a>(
    names: &Names<'a>,
    id: Id<Enum>,
) -> impl Iterator<Item = &'a str> + use<'a> {
    names
        .enums
        .get(id.index())
        .map(|found| found.item.values.iter())
        .unwrap_or_default()
        .map(|value| value.name.text.as_str())
}

/// Whether an enum has no values, which is reported where it is declared.
pub(crate) fn is_empty(names: &Names<'_>, id: Id<Enum>) -> bool {
    value_names(names, id).next().is_none()
}

/// Beyond this many, a list of all values helps nobody.
const SHOWN_VALUES: usize = 6;

pub(crate) fn values_help(names: &Names<'_>, id: Id<Enum>) -> String {
    // A value that is there twice has a finding of its own.
    let mut values: Vec<&str> = Vec::new();
    for value in value_names(names, id) {
        if !values.contains(&value) {
            values.push(value);
        }
        if values.len() > SHOWN_VALUES {
            break;
        }
    }
    let mut list: Vec<String> = values
        .iter()
        .take(SHOWN_VALUES)
        .map(|value| format!("`{value}`"))
        .collect();
    if values.len() > SHOWN_VALUES {
        list.push("…".to_owned());
    }
    format!(
        "the values of `{}` are {}",
        names.enum_name(id),
        list.join(", ")
    )
}

/// A literal with its sign.
enum Constant<'e> {
    Literal(&'e Literal),
    Negative(&'e Literal),
}

fn constant(expr: &Expr) -> Option<Constant<'_>> {
    match &expr.kind {
        ExprKind::Literal(literal) => Some(Constant::Literal(literal)),
        ExprKind::Unary {
            op: UnaryOp::Negate,
            operand,
        } => match &operand.kind {
            ExprKind::Literal(literal) => Some(Constant::Negative(literal)),
            _ => None,
        },
        _ => None,
    }
}

fn fit_scalar(expr: &Expr, scalar: Scalar) -> Result<Value, Misfit> {
    let ty = scalar.to_string();
    let Some(constant) = constant(expr) else {
        return Err(Misfit::new("a constant is needed here").help(example(scalar)));
    };
    let bare = match &constant {
        Constant::Literal(Literal::Text(text)) => quoted::constant(&text.value, scalar.seen()),
        _ => None,
    };
    let wrong = || {
        let misfit = Misfit::new(format!("this is not a value of `{ty}`"));
        match &bare {
            Some(bare) => Misfit {
                help: Some(format!("write it without quotes: `{bare}`")),
                edit: Some(bare.clone()),
                ..misfit
            },
            None => misfit.help(example(scalar)),
        }
    };
    match (scalar, constant) {
        (Scalar::Int | Scalar::BigInt, constant) => match number(&constant) {
            Some(Ok(number)) => whole(number, scalar),
            Some(Err(misfit)) => Err(misfit),
            None => Err(wrong()),
        },
        (Scalar::Decimal { digits, places }, constant) => match number(&constant) {
            Some(number) => {
                let number = number?;
                let written = as_written(&constant).unwrap_or(number);
                decimal(number, written, digits, places).map(Value::Decimal)
            }
            None => Err(wrong()),
        },
        (Scalar::Float, constant) => match number(&constant) {
            Some(number) => Ok(Value::Decimal(number?)),
            None => Err(wrong()),
        },
        (Scalar::Bool, Constant::Literal(Literal::Bool(value))) => Ok(Value::Bool(*value)),
        (Scalar::Date, Constant::Literal(Literal::Date(text))) => calendar::date(text)
            .map(Value::Date)
            .ok_or_else(|| no_such("day", text)),
        (Scalar::Time, Constant::Literal(Literal::Time(text))) => calendar::time(text)
            .map(Value::Time)
            .ok_or_else(|| no_such("time", text)),
        (Scalar::DateTime, Constant::Literal(Literal::DateTime(text))) => {
            moment(text).map(Value::DateTime)
        }
        (Scalar::Duration, Constant::Literal(Literal::Duration(micros))) => {
            Ok(Value::Duration(*micros))
        }
        (Scalar::Duration, Constant::Negative(Literal::Duration(micros))) => {
            Ok(Value::Duration(-*micros))
        }
        (Scalar::Uuid, Constant::Literal(Literal::Text(text))) => {
            uuid(&text.value).map(Value::Uuid).ok_or_else(wrong)
        }
        (Scalar::Ip, Constant::Literal(Literal::Text(text))) => text
            .value
            .parse::<std::net::IpAddr>()
            .map(|address| Value::Text(address.to_string()))
            .map_err(|_| wrong()),
        (
            Scalar::Text { .. },
            Constant::Literal(Literal::Int(digits) | Literal::Decimal(digits)),
        ) => {
            let text = format!("\"{digits}\"");
            Err(Misfit {
                help: Some(format!("write it in quotes: `{text}`")),
                edit: Some(text),
                ..wrong()
            })
        }
        (scalar, Constant::Literal(Literal::Text(text))) if text_limit(scalar).is_some() => {
            fit_text(&text.value, scalar).map(Value::Text)
        }
        _ => Err(wrong()),
    }
}

fn example(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::Int | Scalar::BigInt => "write a whole number such as `5`",
        Scalar::Decimal { .. } | Scalar::Float => "write a number such as `2.50`",
        Scalar::Bool => "write `true` or `false`",
        Scalar::Date => "write a date such as `2026-03-01`",
        Scalar::Time => "write a time such as `09:30`",
        Scalar::DateTime => "write a moment with its zone such as `2026-03-01T09:30Z`",
        Scalar::Duration => "write a duration such as `15min`, `24h` or `30d`",
        Scalar::Uuid => "write the UUID in quotes: `\"6f1f64a2-4c07-4b36-9c1b-0a3f2b8a9d10\"`",
        Scalar::Ip => "write the address in quotes: `\"192.0.2.1\"`",
        Scalar::Email => "write an address in quotes: `\"ana@example.com\"`",
        Scalar::Url => "write an address in quotes: `\"https://example.com\"`",
        Scalar::Phone => "write a number in quotes: `\"+351 210 000 000\"`",
        Scalar::Slug { .. } => "use lower-case letters, digits, `-` and `_`, in quotes",
        Scalar::Text { .. } => "write text in quotes",
        Scalar::Token { .. } => "write `token()`: a constant could be guessed",
        Scalar::Json | Scalar::File | Scalar::Image | Scalar::Bytes => {
            "this type has no constants; leave it out"
        }
    }
}

/// The finding for a calendar literal that names nothing.
pub(crate) fn no_such(what: &str, text: &str) -> Misfit {
    Misfit {
        code: Some(&codes::types::NO_SUCH_MOMENT),
        ..Misfit::new(format!("there is no {what} `{text}`"))
            .help("look at the calendar: months end at 28 to 31, hours at 23")
    }
}

/// A date-time literal as microseconds since 1970.
pub(crate) fn moment(text: &str) -> Result<i64, Misfit> {
    match calendar::moment(text) {
        Moment::At(micros) => Ok(micros),
        Moment::Invalid => Err(no_such("moment", text)),
        Moment::NoZone => Err(Misfit {
            code: Some(&codes::types::NO_SUCH_MOMENT),
            ..Misfit::new(format!("`{text}` is another moment in every time zone")).help(format!(
                "add the zone: `{text}Z`, or an offset such as `{text}+01:00`"
            ))
        }),
    }
}

/// A number with the zeros at its end, for messages.
fn as_written(constant: &Constant<'_>) -> Option<Decimal> {
    let (sign, Literal::Int(digits) | Literal::Decimal(digits)) = (match constant {
        Constant::Literal(literal) => ("", *literal),
        Constant::Negative(literal) => ("-", *literal),
    }) else {
        return None;
    };
    Decimal::from_str_exact(&format!("{sign}{digits}")).ok()
}

fn number(constant: &Constant<'_>) -> Option<Result<Decimal, Misfit>> {
    let (literal, negative) = match constant {
        Constant::Literal(literal) => (literal, false),
        Constant::Negative(literal) => (literal, true),
    };
    let (Literal::Int(digits) | Literal::Decimal(digits)) = literal else {
        return None;
    };
    Some(exact(digits).map(|number| if negative { -number } else { number }))
}

/// Digits as an exact number; constants hold 28 digits.
pub(crate) fn exact(digits: &str) -> Result<Decimal, Misfit> {
    let digits = match digits.split_once('.') {
        Some((whole, fraction)) => format!("{whole}.{}", fraction.trim_end_matches('0')),
        None => digits.to_owned(),
    };
    Decimal::from_str_exact(digits.trim_end_matches('.')).map_err(|_| Misfit {
        code: Some(&codes::types::LOSSY_LITERAL),
        ..Misfit::new("this number has too many digits").help("constants hold 28 digits")
    })
}

fn whole(number: Decimal, scalar: Scalar) -> Result<Value, Misfit> {
    if !number.is_integer() {
        return Err(Misfit::new(format!("`{number}` is not a whole number"))
            .help("write a whole number, or declare a `decimal`"));
    }
    let limits = match scalar {
        Scalar::Int => i128::from(i32::MIN)..=i128::from(i32::MAX),
        _ => i128::from(i64::MIN)..=i128::from(i64::MAX),
    };
    match i128::try_from(number.trunc()) {
        Ok(value) if limits.contains(&value) => Ok(Value::Int(value)),
        _ => {
            let misfit = Misfit::new(format!(
                "`{number}` is outside of `{}`, which ends at {}",
                scalar,
                limits.end()
            ));
            Err(match scalar {
                Scalar::Int => misfit.help("use `bigint` or a smaller number"),
                _ => misfit.help("use a smaller number"),
            })
        }
    }
}

fn decimal(number: Decimal, written: Decimal, digits: u32, places: u32) -> Result<Decimal, Misfit> {
    let number = number.normalize();
    if number.scale() > places {
        return Err(Misfit::new(format!(
            "`{written}` has {} digits after the point, `decimal({digits}, {places})` keeps {places}",
            written.scale()
        ))
        .help(format!("write `{}`", number.round_dp(places))));
    }
    let before = number.trunc().abs().to_string();
    let needed = if before == "0" { 0 } else { before.len() };
    if needed > (digits - places) as usize {
        return Err(Misfit::new(format!(
            "`{written}` needs {needed} digits before the point, `decimal({digits}, {places})` holds {}",
            digits - places
        ))
        .help("write a smaller number, or let the field hold more digits"));
    }
    Ok(number)
}

/// Text that fits a text-like scalar, in the form in which it is stored.
pub(crate) fn fit_text(text: &str, scalar: Scalar) -> Result<String, Misfit> {
    let length = text.chars().count();
    if text.is_empty() {
        return Err(Misfit::new("text is never empty").help(
            "where there may be no text, make the field optional with `?` and leave this out",
        ));
    }
    if text.contains('\0') {
        return Err(Misfit::new("text can't hold the character U+0000").help("remove it"));
    }
    if let Some(Some(max)) = text_limit(scalar)
        && length > max as usize
    {
        return Err(Misfit::new(format!(
            "this needs {length} characters, `{scalar}` holds {max}"
        ))
        .help("shorten the text, or let the field hold more"));
    }
    let shaped = match scalar {
        Scalar::Slug { .. } => text.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_'
        }),
        Scalar::Email => text.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty() && host.contains('.') && !host.contains('@')
        }),
        Scalar::Url => text.starts_with("http://") || text.starts_with("https://"),
        Scalar::Phone => text.starts_with('+'),
        Scalar::Token { .. } => false,
        _ => true,
    };
    if !shaped {
        return Err(Misfit::new(format!("this is not a value of `{scalar}`")).help(example(scalar)));
    }
    Ok(match scalar {
        Scalar::Email => text.to_lowercase(),
        _ => text.to_owned(),
    })
}

/// Whether a field of a scalar could have this text: what is no address to one judge may be one to another, so of those only
/// what no address lacks is asked for.
pub(crate) fn could_be(text: &str, scalar: Scalar) -> bool {
    let within = |allowed: &str| {
        let is_allowed = |byte: u8| byte.is_ascii_digit() || allowed.as_bytes().contains(&byte);
        text.bytes().all(is_allowed)
    };
    match scalar {
        Scalar::Slug { .. } => within("abcdefghijklmnopqrstuvwxyz-_"),
        Scalar::Email => text
            .rsplit_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty()),
        Scalar::Url => text.contains(':'),
        Scalar::Phone => text.starts_with('+') && within("+ ().-"),
        _ => true,
    }
}

/// A UUID in canonical form.
pub(crate) fn uuid(text: &str) -> Option<String> {
    let groups: Vec<&str> = text.split('-').collect();
    let shaped = groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups
            .iter()
            .all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()));
    shaped.then(|| text.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::{could_be, decimal, exact, fit_text, uuid, whole};
    use appspec_ir::{Scalar, Value};

    #[test]
    fn decimals_fit_by_digits_on_both_sides_of_the_point() {
        let decimal = |text, digits, places| {
            let number = exact(text).unwrap();
            decimal(number, number, digits, places)
        };
        assert!(decimal("999.99", 5, 2).is_ok());
        assert!(decimal("1000", 5, 2).is_err());
        assert!(decimal("1.005", 5, 2).is_err());
        assert!(decimal("1.500", 5, 1).is_ok());
        assert!(decimal("0.5", 2, 2).is_ok());
    }

    #[test]
    fn whole_numbers_end_at_their_width() {
        let at_limit = whole(exact("2147483647").unwrap(), Scalar::Int);
        assert_eq!(at_limit.ok(), Some(Value::Int(2_147_483_647)));
        assert!(whole(exact("2147483648").unwrap(), Scalar::Int).is_err());
        assert!(whole(exact("9223372036854775807").unwrap(), Scalar::BigInt).is_ok());
        assert!(whole(exact("9223372036854775808").unwrap(), Scalar::BigInt).is_err());
    }

    #[test]
    fn text_counts_characters_and_is_never_empty() {
        let three = Scalar::Text { max: Some(3) };
        assert!(fit_text("äöü", three).is_ok());
        assert!(fit_text("abcd", three).is_err());
        assert!(fit_text("", three).is_err());
        assert_eq!(
            fit_text("Ana@Example.com", Scalar::Email).ok().as_deref(),
            Some("ana@example.com")
        );
        assert!(uuid("6F1F64A2-4c07-4b36-9c1b-0a3f2b8a9d10").is_some());
        assert!(uuid("6f1f64a2").is_none());
    }

    #[test]
    fn a_constant_that_a_field_could_have() {
        let slug = Scalar::Slug { max: 9 };
        for (scalar, text, could) in [
            (slug, "a-b_1", true),
            (slug, "A", false),
            (slug, "a b", false),
            (Scalar::Email, "root@localhost", true),
            (Scalar::Email, "\"a@b\"@c.de", true),
            (Scalar::Email, "ana", false),
            (Scalar::Email, "@example.com", false),
            (Scalar::Url, "ftp://example.com", true),
            (Scalar::Url, "example.com", false),
            (Scalar::Phone, "+351 210-000", true),
            (Scalar::Phone, "210000", false),
            (Scalar::Phone, "+351 ext", false),
        ] {
            assert_eq!(could_be(text, scalar), could, "{scalar} {text}");
        }
    }
}
