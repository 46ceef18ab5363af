use std::fmt;

use appspec_diagnostics::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Entity, Id, ManyRelation, Module, Relation};

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// One value.
    Scalar(Scalar),
    /// One value of an enum.
    Enum(Id<Enum>),
    /// `list of T`
    List(ListItem),
    /// One row of an entity.
    Relation(Relation),
    /// Any number of rows of an entity.
    Many(ManyRelation),
}

/// The built-in types of single values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scalar {
    /// Text of at most so many characters; any length without a number.
    Text {
        /// Largest length in Unicode code points.
        max: Option<u32>,
    },
    /// Lower-case letters, digits, `-` and `_`, for addresses; at most so many (50 when nothing is said).
    Slug {
        /// Largest length.
        max: u32,
    },
    /// An e-mail address, stored lower case, at most 254 characters.
    Email,
    /// An absolute address, at most 2000 characters.
    Url,
    /// A telephone number in international form, at most 32 characters.
    Phone,
    /// A whole number of 32 bits.
    Int,
    /// A whole number of 64 bits.
    BigInt,
    /// A binary fraction of 64 bits; never NaN or infinite.
    Float,
    /// An exact decimal number.
    Decimal {
        /// Digits in all, at most 38.
        digits: u32,
        /// Digits after the point, at most `digits`.
        places: u32,
    },
    /// True or false.
    Bool,
    /// A calendar day.
    Date,
    /// A time of day.
    Time,
    /// A moment.
    DateTime,
    /// A length of time, in microseconds.
    Duration,
    /// A UUID.
    Uuid,
    /// Any JSON value.
    Json,
    /// A stored file.
    File,
    /// A stored picture.
    Image,
    /// An IPv4 or IPv6 address.
    Ip,
    /// Raw bytes.
    Bytes,
    /// A random string that nobody can guess, of so many characters (32 when nothing is said).
    Token {
        /// Length in characters of the URL-safe alphabet.
        length: u32,
    },
}

impl FieldType {
    /// The type by which an expression sees a field.
    pub fn seen(&self) -> Type {
        match self {
            Self::Scalar(scalar) => scalar.seen(),
            Self::Enum(id) => Type::Enum(*id),
            Self::Relation(relation) => Type::Reference(relation.target),
            Self::List(_) | Self::Many(_) => Type::Opaque,
        }
    }
}

impl Scalar {
    /// The type by which an expression sees a value.
    pub fn seen(self) -> Type {
        match self {
            Self::Text { .. }
            | Self::Slug { .. }
            | Self::Email
            | Self::Url
            | Self::Phone
            | Self::Token { .. } => Type::Text,
            Self::Int | Self::BigInt => Type::Int,
            Self::Float => Type::Float,
            Self::Decimal { places, .. } => Type::Decimal { places },
            Self::Bool => Type::Bool,
            Self::Date => Type::Date,
            Self::Time => Type::Time,
            Self::DateTime => Type::DateTime,
            Self::Duration => Type::Duration,
            Self::Uuid => Type::Uuid,
            Self::Json | Self::File | Self::Image | Self::Ip | Self::Bytes => Type::Opaque,
        }
    }
}

impl fmt::Display for Scalar {
    /// The scalar as it is written in a spec.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self {
            Scalar::Text { max: Some(max) } => return write!(out, "text({max})"),
            Scalar::Decimal { digits, places } => {
                return write!(out, "decimal({digits}, {places})");
            }
            Scalar::Text { max: None } => "text",
            Scalar::Slug { .. } => "slug",
            Scalar::Email => "email",
            Scalar::Url => "url",
            Scalar::Phone => "phone",
            Scalar::Int => "int",
            Scalar::BigInt => "bigint",
            Scalar::Float => "float",
            Scalar::Bool => "bool",
            Scalar::Date => "date",
            Scalar::Time => "time",
            Scalar::DateTime => "datetime",
            Scalar::Duration => "duration",
            Scalar::Uuid => "uuid",
            Scalar::Json => "json",
            Scalar::File => "file",
            Scalar::Image => "image",
            Scalar::Ip => "ip",
            Scalar::Bytes => "bytes",
            Scalar::Token { .. } => "token",
        };
        out.write_str(word)
    }
}

/// What a list holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ListItem {
    /// Single values; not `json`, `file`, `image` or `bytes`.
    Scalar(Scalar),
    /// Values of an enum.
    Enum(Id<Enum>),
}

/// The type of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Type {
    /// True or false.
    Bool,
    /// A whole number of any size (`int`, `bigint`, literals, lengths).
    Int,
    /// An exact decimal number with at most so many digits after the point.
    Decimal {
        /// Digits after the point.
        places: u32,
    },
    /// A binary fraction.
    Float,
    /// Text of any of the text-like types.
    Text,
    /// A calendar day.
    Date,
    /// A time of day.
    Time,
    /// A moment.
    DateTime,
    /// A length of time.
    Duration,
    /// A UUID.
    Uuid,
    /// A value of an enum.
    Enum(Id<Enum>),
    /// A reference to a row; can only be compared for equality and `is set`.
    Reference(Id<Entity>),
    /// Anything that can only be asked `is set`: json, file, image, ip, bytes, list.
    Opaque,
}

/// A closed list of values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Enum {
    /// Its name.
    pub name: String,
    /// What it stands for.
    pub doc: Option<String>,
    /// The module that declares it.
    pub module: Id<Module>,
    /// The values in order; at least one.
    pub choices: Vec<Choice>,
    /// `was OldName`
    pub was: Option<String>,
    /// Where the name stands.
    pub span: Span,
}

/// One value of an enum.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Choice {
    /// Its name.
    pub name: String,
    /// How people see it; made from the name when the spec says nothing.
    pub label: String,
    /// What the database holds.
    pub stored: String,
    /// What it stands for.
    pub doc: Option<String>,
    /// `was old_name`
    pub was: Option<String>,
    /// Where the name stands.
    pub span: Span,
}

/// A `type`: fields that use it carry its base and bounds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NamedType {
    /// Its name.
    pub name: String,
    /// What it stands for.
    pub doc: Option<String>,
    /// The module that declares it.
    pub module: Id<Module>,
    /// Where the name stands.
    pub span: Span,
}
