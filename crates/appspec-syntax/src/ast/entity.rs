use appspec_diagnostics::Span;

use super::{Doc, Expr, Field, Lifecycle, Name, Path, Suppress, Text, TypeRef};

/// `entity Visit "Visit", "Visits" with Timestamped { … } was Appointment`
#[derive(Clone, Debug, PartialEq)]
pub struct Entity {
    /// What one row is.
    pub doc: Option<Doc>,
    /// Its name.
    pub name: Name,
    /// How people see it.
    pub labels: Option<Labels>,
    /// The mixins, in order.
    pub mixins: Vec<Path>,
    /// `was OldName`, between the header and the brace.
    pub was: Option<Name>,
    /// What stands between the braces.
    pub members: Vec<Member>,
    /// The header could not be read beyond the name: mixins may be missing.
    pub is_partial: bool,
    /// The whole item.
    pub span: Span,
}

/// `"Visit", "Visits"`
#[derive(Clone, Debug, PartialEq)]
pub struct Labels {
    /// One row.
    pub singular: Text,
    /// Several rows.
    pub plural: Option<Text>,
}

/// `mixin Timestamped { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Mixin {
    /// What it brings.
    pub doc: Option<Doc>,
    /// Its name.
    pub name: Name,
    /// What stands between the braces; which members may, is checked later.
    pub members: Vec<Member>,
    /// The whole item.
    pub span: Span,
}

/// `extend entity User { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Extend {
    /// Why.
    pub doc: Option<Doc>,
    /// The entity of another module.
    pub entity: Path,
    /// What is added.
    pub members: Vec<Member>,
    /// The whole item.
    pub span: Span,
}

/// What can stand in an entity, a mixin or an extension. They differ much in size, so a list holds where they are.
#[derive(Clone, Debug, PartialEq)]
pub enum Member {
    /// `starts_at: datetime`
    Field(Box<Field>),
    /// `derive minutes: int = …`
    Derive(Box<Derive>),
    /// `predicate active = …`
    Predicate(Box<PredicateMember>),
    /// `unique (a, b) where …`
    Unique(Box<Unique>),
    /// `index (a, b desc)`
    Index(Box<Index>),
    /// `invariant ends_after_start: …`
    Invariant(Box<Invariant>),
    /// `no overlap of starts_at until ends_at per stylist`
    Overlap(Box<Overlap>),
    /// `lifecycle status { … }`
    Lifecycle(Box<Lifecycle>),
    /// `append only`
    AppendOnly(Box<AppendOnly>),
    /// `soft delete`
    SoftDelete(Box<SoftDelete>),
    /// `keep 5 years`
    Keep(Box<Keep>),
    /// `audited`
    Audited(Box<Audited>),
    /// `frozen when status == done except (note)`
    Frozen(Box<Frozen>),
    /// `shown as number`
    ShownAs(Box<ShownAs>),
    /// `sorted by starts_at desc`
    SortedBy(Box<SortedBy>),
    /// `identified by int`
    IdentifiedBy(Box<IdentifiedBy>),
    /// `suppress relation::redundant_index "…"`, about the member behind it
    Suppress(Box<Suppress>),
}

impl Member {
    /// From its first to its last token.
    pub fn span(&self) -> Span {
        match self {
            Self::Field(it) => it.span,
            Self::Derive(it) => it.span,
            Self::Predicate(it) => it.span,
            Self::Unique(it) => it.span,
            Self::Index(it) => it.span,
            Self::Invariant(it) => it.span,
            Self::Overlap(it) => it.span,
            Self::Lifecycle(it) => it.span,
            Self::AppendOnly(it) => it.span,
            Self::SoftDelete(it) => it.span,
            Self::Keep(it) => it.span,
            Self::Audited(it) => it.span,
            Self::Frozen(it) => it.span,
            Self::ShownAs(it) => it.span,
            Self::SortedBy(it) => it.span,
            Self::IdentifiedBy(it) => it.span,
            Self::Suppress(it) => it.span,
        }
    }
}

/// `derive minutes: int = minutes_between(starts_at, ends_at)`
#[derive(Clone, Debug, PartialEq)]
pub struct Derive {
    /// What it says.
    pub doc: Option<Doc>,
    /// Its name.
    pub name: Name,
    /// The type of the value.
    pub ty: TypeRef,
    /// Where the `?` stands, if the value may be missing.
    pub optional: Option<Span>,
    /// How it follows from the row.
    pub value: Expr,
    /// The whole member.
    pub span: Span,
}

/// `predicate active = status in {requested, confirmed}`
#[derive(Clone, Debug, PartialEq)]
pub struct PredicateMember {
    /// What it says.
    pub doc: Option<Doc>,
    /// Its name.
    pub name: Name,
    /// The condition on the row.
    pub body: Expr,
    /// The whole member.
    pub span: Span,
}

/// `unique (client, starts_at) where status == open message "…"`
#[derive(Clone, Debug, PartialEq)]
pub struct Unique {
    /// Why.
    pub doc: Option<Doc>,
    /// The fields together.
    pub fields: Vec<Name>,
    /// Which rows it concerns; all without it.
    pub condition: Option<Expr>,
    /// What people read when it is broken.
    pub message: Option<Text>,
    /// The whole member.
    pub span: Span,
}

/// `index (stylist, starts_at desc) where …`
#[derive(Clone, Debug, PartialEq)]
pub struct Index {
    /// Why.
    pub doc: Option<Doc>,
    /// The fields, each with its direction.
    pub keys: Vec<SortKey>,
    /// Which rows it covers; all without it.
    pub condition: Option<Expr>,
    /// The whole member.
    pub span: Span,
}

/// `starts_at desc`
#[derive(Clone, Debug, PartialEq)]
pub struct SortKey {
    /// The field.
    pub field: Name,
    /// Ascending when nothing is written.
    pub direction: Direction,
    /// Field and direction.
    pub span: Span,
}

/// Which end comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Smallest first.
    Ascending,
    /// Largest first: `desc`.
    Descending,
}

/// `invariant booked_ahead on create: starts_at > now() message "…"`
#[derive(Clone, Debug, PartialEq)]
pub struct Invariant {
    /// Why.
    pub doc: Option<Doc>,
    /// Its name.
    pub name: Name,
    /// When it has to hold.
    pub moment: Moment,
    /// What has to hold.
    pub condition: Expr,
    /// What people read when it is broken.
    pub message: Option<Text>,
    /// The whole member.
    pub span: Span,
}

/// When an invariant has to hold.
#[derive(Clone, Debug, PartialEq)]
pub enum Moment {
    /// At any time.
    Always,
    /// At the write that creates the row: `on create`, with the place of these words.
    Create(Span),
    /// At each write that changes one of the fields: `on change of price`, `on change of (starts_at, ends_at)`.
    Change {
        /// The fields.
        fields: Vec<Name>,
        /// The place of these words.
        span: Span,
    },
}

/// `no overlap of starts_at until ends_at per stylist where … message "…"`
#[derive(Clone, Debug, PartialEq)]
pub struct Overlap {
    /// Why.
    pub doc: Option<Doc>,
    /// The field where the stretch of a row begins.
    pub start: Name,
    /// The field where it ends.
    pub end: Name,
    /// Whether the end is part of it.
    pub closing: Closing,
    /// What two rows have to share before they can be in each other's way.
    pub per: Vec<Name>,
    /// Which rows it concerns; all without it.
    pub condition: Option<Expr>,
    /// What people read when it is broken.
    pub message: Option<Text>,
    /// The whole member.
    pub span: Span,
}

/// Whether the end of a stretch is part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closing {
    /// `until`: the next one may begin where this one ends.
    Until,
    /// `through`: the end is taken too.
    Through,
}

/// `append only`
#[derive(Clone, Debug, PartialEq)]
pub struct AppendOnly {
    /// Why.
    pub doc: Option<Doc>,
    /// The whole member.
    pub span: Span,
}

/// `soft delete`
#[derive(Clone, Debug, PartialEq)]
pub struct SoftDelete {
    /// Why.
    pub doc: Option<Doc>,
    /// The whole member.
    pub span: Span,
}

/// `keep 5 years`
#[derive(Clone, Debug, PartialEq)]
pub struct Keep {
    /// Why.
    pub doc: Option<Doc>,
    /// How many.
    pub years: u64,
    /// The whole member.
    pub span: Span,
}

/// `audited`
#[derive(Clone, Debug, PartialEq)]
pub struct Audited {
    /// Why.
    pub doc: Option<Doc>,
    /// The whole member.
    pub span: Span,
}

/// `frozen when status == done except (note)`
#[derive(Clone, Debug, PartialEq)]
pub struct Frozen {
    /// Why.
    pub doc: Option<Doc>,
    /// What has to hold of the row as it was.
    pub condition: Expr,
    /// The fields that may change all the same.
    pub except: Vec<Name>,
    /// The whole member.
    pub span: Span,
}

/// `shown as number`
#[derive(Clone, Debug, PartialEq)]
pub struct ShownAs {
    /// The field that stands for a row.
    pub field: Name,
    /// The whole member.
    pub span: Span,
}

/// `sorted by starts_at desc, number`
#[derive(Clone, Debug, PartialEq)]
pub struct SortedBy {
    /// The fields, most significant first.
    pub keys: Vec<SortKey>,
    /// The whole member.
    pub span: Span,
}

/// `identified by int`
#[derive(Clone, Debug, PartialEq)]
pub struct IdentifiedBy {
    /// `int` or `uuid`; anything else is refused later.
    pub kind: Name,
    /// The whole member.
    pub span: Span,
}
