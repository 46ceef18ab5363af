use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A constant of the language, exact.
///
/// Bounds: decimals have at most 28 significant digits (`rust_decimal`), which the analysis checks.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i128),
    /// An exact decimal number; also the constants of `float`.
    Decimal(#[schemars(with = "String")] Decimal),
    /// Text.
    Text(String),
    /// Days since 1970-01-01.
    Date(i64),
    /// Microseconds since midnight.
    Time(i64),
    /// Microseconds since 1970-01-01T00:00Z.
    DateTime(i64),
    /// Microseconds.
    Duration(i64),
    /// A UUID in canonical form.
    Uuid(String),
    /// The stored text of an enum value is found through the enum; this is the value's name.
    Enum(String),
}
