use appspec_diagnostics::Span;

use super::{Doc, Expr, Name, Path, Text};

/// `client: User? = … unique on delete protect inverse appointments was customer`
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// What it holds.
    pub doc: Option<Doc>,
    /// Its name.
    pub name: Name,
    /// The type.
    pub ty: TypeRef,
    /// Where the `?` stands, if there is one.
    pub optional: Option<Span>,
    /// What narrows the type, in order.
    pub bounds: Vec<Bound>,
    /// The reference `one of` that it is a part of. Nothing that is read from a text has it: analysis makes a field for each
    /// entity that is named.
    pub part_of: Option<Name>,
    /// The expression after `=`.
    pub default: Option<Expr>,
    /// `unique`, `indexed`, `touched`, `immutable`, in order.
    pub marks: Vec<Mark>,
    /// `on delete …`
    pub on_delete: Option<OnDelete>,
    /// `inverse name`
    pub inverse: Option<Name>,
    /// `was old_name`
    pub was: Option<Name>,
    /// `message "…"`: what people read when a bound is broken.
    pub message: Option<Text>,
    /// The whole member.
    pub span: Span,
}

/// A type as written.
#[derive(Clone, Debug, PartialEq)]
pub struct TypeRef {
    /// Its form.
    pub kind: TypeRefKind,
    /// Where it stands.
    pub span: Span,
}

/// The forms of a type.
#[derive(Clone, Debug, PartialEq)]
pub enum TypeRefKind {
    /// `text(80)`, `Status`, `auth.User`, `decimal(8, 2)`: a path with optional whole-number arguments.
    Named {
        /// A scalar, an enum, a named type or an entity.
        path: Path,
        /// `(8, 2)`; empty when there are no parentheses.
        arguments: Vec<(u64, Span)>,
    },
    /// `list of T`
    List(Box<TypeRef>),
    /// `many Service through Booking`
    Many {
        /// The other side.
        entity: Path,
        /// The entity that holds the pairs, when there is one.
        through: Option<Path>,
    },
    /// `one of Order, Invoice`
    OneOf(Vec<Path>),
    /// `serial "A-{year}-{00000}" per salon gapless`
    Serial(Serial),
}

/// `serial "A-{year}-{00000}" per salon gapless`: a text that the system numbers its row with.
#[derive(Clone, Debug, PartialEq)]
pub struct Serial {
    /// What a number looks like.
    pub pattern: Text,
    /// What the counter begins anew for.
    pub per: Vec<Path>,
    /// Where `gapless` stands, if it does.
    pub gapless: Option<Span>,
}

/// What narrows a type.
#[derive(Clone, Debug, PartialEq)]
pub enum Bound {
    /// `in 0..100`, either end may be left open: `in 1..`
    Range {
        /// The smallest value allowed.
        low: Option<Expr>,
        /// The largest value allowed.
        high: Option<Expr>,
        /// The whole bound.
        span: Span,
    },
    /// `matches r"[A-Z]{3}"`
    Matches {
        /// The regular expression, as written between the quotes.
        pattern: Text,
        /// The whole bound.
        span: Span,
    },
    /// `max 5MB of png, jpeg`
    Size(SizeBound),
}

/// `max 5MB of png, jpeg`: either half may be missing, not both.
#[derive(Clone, Debug, PartialEq)]
pub struct SizeBound {
    /// The largest size in bytes.
    pub max_bytes: Option<(u64, Span)>,
    /// The kinds of file, by extension.
    pub kinds: Vec<Name>,
    /// The whole bound.
    pub span: Span,
}

/// A word after the default.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Which one.
    pub kind: MarkKind,
    /// Where it stands.
    pub span: Span,
}

/// The marks of this version.
#[derive(Clone, Debug, PartialEq)]
pub enum MarkKind {
    /// `unique ignoring case where x is set`
    Unique {
        /// `ignoring case`
        ignoring_case: bool,
        /// `where …`
        condition: Option<Expr>,
    },
    /// `indexed`
    Indexed,
    /// `touched`: set to the current moment by every write.
    Touched,
    /// `immutable`: set when the row is made, never changed afterwards.
    Immutable,
}

/// `on delete protect`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OnDelete {
    /// What happens.
    pub kind: OnDeleteKind,
    /// The whole clause.
    pub span: Span,
}

/// What happens to a row when the row it points to is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnDeleteKind {
    /// It is deleted too.
    Cascade,
    /// The deletion is refused.
    Protect,
    /// The deletion is refused unless the row goes as well, by another cascade.
    Restrict,
    /// The reference is emptied.
    SetNull,
}
