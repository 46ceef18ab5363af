use appspec_diagnostics::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Entity, FieldType, Id, NamedType, Serial, Value};

/// One column of an entity, or a relation to many.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What it holds, in words.
    pub doc: Option<String>,
    /// The entity that has it.
    pub entity: Id<Entity>,
    /// What it holds.
    pub ty: FieldType,
    /// The `type` it was declared with, if any.
    pub named: Option<Id<NamedType>>,
    /// Whether the value may be missing.
    pub optional: bool,
    /// What narrows the type, the bounds of a named type first.
    pub bounds: Vec<Bound>,
    /// What people read when a bound is broken.
    pub bounds_message: Option<String>,
    /// The value of a new row for which nothing is given.
    pub default: Option<Default>,
    /// Whether every write sets it to the current moment.
    pub touched: bool,
    /// Whether it keeps the value with which its row was made.
    pub immutable: bool,
    /// How the system numbers rows with it, if it does.
    pub serial: Option<Serial>,
    /// `was old_name`
    pub was: Option<String>,
    /// Where the name stands.
    pub span: Span,
}

/// A constant that narrows a type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// Between two constants of the field's type, both included; for text-like fields, of its length.
    Range {
        /// The smallest value.
        low: Option<Value>,
        /// The largest value.
        high: Option<Value>,
        /// Where it was written.
        span: Span,
    },
    /// The whole text matches a regular expression of the portable dialect, written without anchors.
    Matches {
        /// The pattern, normalized so that Python, PostgreSQL and SQLite read it alike.
        pattern: String,
        /// Where it was written.
        span: Span,
    },
    /// What a file may be.
    File {
        /// Size and kinds.
        rule: FileRule,
        /// Where it was written.
        span: Span,
    },
}

/// What a file may be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FileRule {
    /// The largest size in bytes.
    pub max_bytes: Option<u64>,
    /// The kinds allowed; all kinds when empty.
    pub kinds: Vec<FileKind>,
}

/// A kind of file, known by extension and first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names are the extensions")]
pub enum FileKind {
    Png,
    Jpeg,
    Gif,
    Webp,
    Pdf,
    Csv,
    Txt,
    Json,
    Zip,
    Docx,
    Xlsx,
    Mp3,
    Mp4,
}

/// Where the value of a new row comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Default {
    /// A constant of the field's type (enum values included).
    Value(Value),
    /// `now()`, `now() + 7d`: the moment of the write, moved by so many microseconds.
    Now {
        /// Microseconds added.
        offset: i64,
    },
    /// `today()`, in the project's time zone.
    Today,
    /// `uuid()`
    Uuid,
    /// `token(n)`
    Token {
        /// Length in characters.
        length: u32,
    },
    /// `[]`
    EmptyList,
    /// `{}`
    EmptyObject,
    /// `service.price`: copied from the row that a required relation of this row points to.
    Path(Vec<Id<Field>>),
}

/// A reference to one row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Relation {
    /// The entity pointed to.
    pub target: Id<Entity>,
    /// Whether no two rows may point to the same row: one-to-one (a `unique` mark without a condition, or with
    /// `where x is set` on an optional relation). The unique sets of the entity do not repeat it.
    pub one_to_one: bool,
    /// What happens when the row pointed to is deleted.
    pub on_delete: OnDelete,
    /// The name by which the other side sees this one.
    pub inverse: Option<Inverse>,
}

/// References to any number of rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ManyRelation {
    /// The entity pointed to.
    pub target: Id<Entity>,
    /// The entity that holds the pairs, with its field to this side and its field to the other side.
    pub through: Option<Through>,
    /// The name by which the other side sees this one.
    pub inverse: Option<Inverse>,
}

/// The entity that holds the pairs of a `many … through`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Through {
    /// The entity.
    pub entity: Id<Entity>,
    /// Its relation to the entity that declares the `many`.
    pub source: Id<Field>,
    /// Its relation to the target.
    pub target: Id<Field>,
}

/// A reverse name and where it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Inverse {
    /// The name.
    pub name: String,
    /// Where it stands.
    pub span: Span,
}

/// What happens to a row when the row it points to is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnDelete {
    /// It is deleted too.
    Cascade,
    /// The deletion is refused.
    Protect,
    /// The deletion is refused unless the row goes as well, by another cascade.
    Restrict,
    /// The reference is emptied.
    SetNull,
}

impl Field {
    /// A required field of which nothing is said but what it holds.
    #[must_use]
    pub fn plain(entity: Id<Entity>, name: impl Into<String>, ty: FieldType, span: Span) -> Self {
        Self {
            name: name.into(),
            doc: None,
            entity,
            ty,
            named: None,
            optional: false,
            bounds: Vec::new(),
            bounds_message: None,
            default: None,
            touched: false,
            immutable: false,
            serial: None,
            was: None,
            span,
        }
    }

    /// The reference, if the field is one to a single row.
    pub fn relation(&self) -> Option<&Relation> {
        match &self.ty {
            FieldType::Relation(relation) => Some(relation),
            _ => None,
        }
    }

    /// The relation, if the field is one to any number of rows.
    pub fn many(&self) -> Option<&ManyRelation> {
        match &self.ty {
            FieldType::Many(many) => Some(many),
            _ => None,
        }
    }

    /// Whether the field is a column of its entity's own table.
    pub fn is_column(&self) -> bool {
        !matches!(self.ty, FieldType::Many(_))
    }
}
