use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::Scalar;

/// PostgreSQL's limit for `varchar(n)`.
const LONGEST_TEXT: u64 = 10_485_760;
/// Fewer characters of the URL-safe alphabet (6 bits each) can be guessed.
pub(crate) const SHORTEST_TOKEN: u32 = 8;

/// The scalar of a built-in name with its arguments; `None` when they were refused.
pub(crate) fn scalar(
    name: &str,
    arguments: &[(u64, Span)],
    span: Span,
    out: &mut Diagnostics,
) -> Option<Scalar> {
    match name {
        "text" => {
            length(name, arguments, span, 1..=LONGEST_TEXT, out).map(|max| Scalar::Text { max })
        }
        "slug" => length(name, arguments, span, 1..=255, out).map(|max| Scalar::Slug {
            max: max.unwrap_or(50),
        }),
        "token" => {
            length(name, arguments, span, u64::from(SHORTEST_TOKEN)..=255, out).map(|length| {
                Scalar::Token {
                    length: length.unwrap_or(32),
                }
            })
        }
        "decimal" => decimal(arguments, span, out),
        _ => {
            if let Some((_, at)) = arguments.first() {
                out.push(
                    Diagnostic::new(
                        &codes::types::ARGUMENTS,
                        *at,
                        format!("`{name}` takes no arguments"),
                    )
                    .help(format!("write `{name}`")),
                );
                return None;
            }
            plain(name)
        }
    }
}

fn plain(name: &str) -> Option<Scalar> {
    Some(match name {
        "email" => Scalar::Email,
        "url" => Scalar::Url,
        "phone" => Scalar::Phone,
        "int" => Scalar::Int,
        "bigint" => Scalar::BigInt,
        "float" => Scalar::Float,
        "bool" => Scalar::Bool,
        "date" => Scalar::Date,
        "time" => Scalar::Time,
        "datetime" => Scalar::DateTime,
        "duration" => Scalar::Duration,
        "uuid" => Scalar::Uuid,
        "json" => Scalar::Json,
        "file" => Scalar::File,
        "image" => Scalar::Image,
        "ip" => Scalar::Ip,
        "bytes" => Scalar::Bytes,
        _ => return None,
    })
}

#[allow(
    clippy::option_option,
    reason = "outer: refused; inner: no argument written"
)]
fn length(
    name: &str,
    arguments: &[(u64, Span)],
    span: Span,
    allowed: std::ops::RangeInclusive<u64>,
    out: &mut Diagnostics,
) -> Option<Option<u32>> {
    match arguments {
        [] => Some(None),
        [(length, at)] => {
            if let (true, Ok(length)) = (allowed.contains(length), u32::try_from(*length)) {
                return Some(Some(length));
            }
            out.push(
                Diagnostic::new(
                    &codes::types::ARGUMENTS,
                    *at,
                    format!("`{name}({length})` has an impossible length"),
                )
                .help(format!(
                    "write a length from {} to {}",
                    allowed.start(),
                    allowed.end()
                )),
            );
            None
        }
        _ => {
            out.push(
                Diagnostic::new(
                    &codes::types::ARGUMENTS,
                    span,
                    format!("`{name}` takes one argument, the length"),
                )
                .help(format!("write `{name}(80)`")),
            );
            None
        }
    }
}

fn decimal(arguments: &[(u64, Span)], span: Span, out: &mut Diagnostics) -> Option<Scalar> {
    let finding = |at, message: String| Diagnostic::new(&codes::types::ARGUMENTS, at, message);
    let [(digits, digits_at), (places, places_at)] = arguments else {
        out.push(
            finding(
                span,
                "`decimal` needs two arguments: digits in all, digits after the point".to_owned(),
            )
            .help("write for example `decimal(10, 2)` for amounts up to 99999999.99"),
        );
        return None;
    };
    if !(1..=38).contains(digits) {
        out.push(
            finding(*digits_at, format!("a decimal can't have {digits} digits"))
                .help("write 1 to 38 digits"),
        );
        return None;
    }
    if places > digits {
        out.push(
            finding(
                *places_at,
                format!("{places} digits after the point are more than {digits} in all"),
            )
            .label("digits after the point")
            .note(*digits_at, "digits in all")
            .help("the first number counts all digits, the second those after the point"),
        );
        return None;
    }
    Some(Scalar::Decimal {
        digits: u32::try_from(*digits).ok()?,
        places: u32::try_from(*places).ok()?,
    })
}

/// The largest length of a text-like scalar; `None` for other scalars, `Some(None)` without a limit.
#[allow(
    clippy::option_option,
    reason = "outer: not text; inner: text without a limit"
)]
pub(crate) fn text_limit(scalar: Scalar) -> Option<Option<u32>> {
    match scalar {
        Scalar::Text { max } => Some(max),
        Scalar::Slug { max } => Some(Some(max)),
        Scalar::Email => Some(Some(254)),
        Scalar::Url => Some(Some(2000)),
        Scalar::Phone => Some(Some(32)),
        Scalar::Token { length } => Some(Some(length)),
        _ => None,
    }
}
