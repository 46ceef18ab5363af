//! A spec as a value: what is generated, printed and shrunk.
//!
//! Everything that can be named has an [`Id`], so that a part can be taken out and what speaks of it be found.

#![allow(
    missing_docs,
    reason = "the variants and fields have the names that the language gives them"
)]

use std::collections::BTreeMap;

use super::value::Value;

/// A declaration, a member or a field, unique in its spec.
pub type Id = u32;

/// All files of a spec.
#[derive(Debug, Clone, Default)]
pub struct Spec {
    /// The name of the project.
    pub name: String,
    /// Its settings, as they are written.
    pub settings: Vec<(&'static str, String)>,
    /// The documentation of the project.
    pub doc: Option<String>,
    /// The first one holds the project.
    pub modules: Vec<Module>,
    /// The warnings that are acknowledged above an item or a member, by their codes.
    pub acknowledged: BTreeMap<Id, Vec<&'static str>>,
}

/// One file.
#[derive(Debug, Clone)]
pub struct Module {
    /// As it is used: `people`, `back.office`.
    pub path: String,
    /// Whether names of other modules are brought in by `use path` and written with the module's name.
    pub qualifies: bool,
    /// What it declares, in this order.
    pub items: Vec<Item>,
}

/// A declaration.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its id.
    pub id: Id,
    /// Its name; that of what it is about for `extend` and `seed`, which have none.
    pub name: String,
    /// The `///` lines above it.
    pub doc: Option<String>,
    /// What it is.
    pub kind: ItemKind,
}

/// The kinds of declarations.
#[derive(Debug, Clone)]
pub enum ItemKind {
    /// `type`
    Type {
        base: Kind,
        bounds: Vec<Bound>,
        message: Option<String>,
    },
    /// `enum`
    Enum(Vec<Choice>),
    /// `mixin`
    Mixin(Vec<Member>),
    /// `entity`
    Entity {
        labels: Vec<String>,
        mixins: Vec<Id>,
        members: Vec<Member>,
    },
    /// `extend entity`
    Extend {
        target: Target,
        members: Vec<Member>,
    },
    /// `predicate name(x: Entity) = …`
    Predicate {
        row: String,
        entity: Id,
        condition: Expr,
    },
    /// `seed`
    Seed { entity: Id, rows: Vec<SeedRow> },
}

/// A value of an enum.
#[derive(Debug, Clone)]
pub struct Choice {
    pub name: String,
    pub label: Option<String>,
    pub stored: Option<String>,
    pub doc: Option<String>,
}

/// A row that every installation has.
#[derive(Debug, Clone)]
pub struct SeedRow {
    pub handle: String,
    pub values: Vec<(Id, SeedValue)>,
}

/// What a seed row gives a field.
#[derive(Debug, Clone)]
pub enum SeedValue {
    One(Value),
    List(Vec<Value>),
    /// The row of another entity with this handle.
    Row(String),
}

/// An entity that a relation or an extension is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// One of the spec.
    Entity(Id),
    /// `User` of `std.auth`.
    User,
}

/// A member of an entity, a mixin or an extension.
#[derive(Debug, Clone)]
pub struct Member {
    pub id: Id,
    pub doc: Option<String>,
    pub kind: MemberKind,
}

/// The kinds of members.
#[derive(Debug, Clone)]
pub enum MemberKind {
    Field(Field),
    Derive {
        name: String,
        ty: Kind,
        value: Expr,
    },
    Predicate {
        name: String,
        condition: Expr,
    },
    Invariant {
        name: String,
        on_create: bool,
        condition: Expr,
        message: Option<String>,
    },
    /// A rule about the change of a field, which says on which side of the value that it had it may lie.
    ChangeRule {
        name: String,
        field: Id,
        optional: bool,
        sign: &'static str,
        message: Option<String>,
    },
    Unique {
        fields: Vec<Id>,
        condition: Option<Expr>,
        message: Option<String>,
    },
    Index {
        /// Descending where `true`.
        keys: Vec<(Id, bool)>,
        condition: Option<Expr>,
    },
    ShownAs(Id),
    SortedBy(Vec<(Id, bool)>),
    IdentifiedByInt,
    Trait(Trait),
}

/// What an entity says of all its rows.
#[derive(Debug, Clone)]
pub enum Trait {
    Audited,
    SoftDelete,
    AppendOnly,
    /// So many years.
    Keep(usize),
    Frozen {
        condition: Expr,
        except: Vec<Id>,
    },
    Overlap {
        from: Id,
        to: Id,
        /// `until` or `through`.
        word: &'static str,
        per: Vec<Id>,
        condition: Option<Expr>,
        message: Option<String>,
    },
    Lifecycle {
        field: Id,
        /// The enum of its states.
        of: Id,
        actions: Vec<Action>,
        /// The final state.
        last: String,
    },
}

/// An action of a lifecycle.
#[derive(Debug, Clone)]
pub struct Action {
    pub name: String,
    pub from: Vec<String>,
    pub to: String,
    pub needs: Vec<Id>,
    pub guard: Option<Expr>,
}

/// A field; its id is that of its member.
#[allow(
    clippy::struct_excessive_bools,
    reason = "a field has each of these marks or not"
)]
#[derive(Debug, Clone)]
pub struct Field {
    pub name: String,
    pub kind: Kind,
    pub optional: bool,
    pub bounds: Vec<Bound>,
    pub default: Option<Initial>,
    pub unique: Option<Unique>,
    pub indexed: bool,
    pub touched: bool,
    pub immutable: bool,
    pub message: Option<String>,
    /// The value that it has in one row that keeps all rules; none where it is left empty or has no constant.
    pub sample: Option<Value>,
}

/// The mark `unique`.
#[derive(Debug, Clone)]
pub struct Unique {
    pub ignoring_case: bool,
    pub condition: Option<Expr>,
}

/// The type of a field.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    Scalar(Scalar),
    Named(Id),
    Enum(Id),
    ListOf(Scalar),
    ListOfEnum(Id),
    One {
        target: Target,
        on_delete: Option<OnDelete>,
        inverse: Option<String>,
    },
    Many {
        target: Target,
        through: Option<Id>,
        inverse: Option<String>,
    },
    OneOf {
        targets: Vec<Target>,
        on_delete: Option<OnDelete>,
    },
    Serial {
        pattern: &'static str,
        per: Vec<Id>,
        gapless: bool,
    },
}

/// What is built in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scalar {
    Text(Option<u32>),
    Slug(Option<u32>),
    Email,
    Url,
    Phone,
    Ip,
    Int,
    BigInt,
    Float,
    Decimal(u32, u32),
    Bool,
    Date,
    Time,
    DateTime,
    Duration,
    Uuid,
    Bytes,
    Json,
    Token(Option<u32>),
    File,
    Image,
}

/// `on delete`
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OnDelete {
    Cascade,
    Protect,
    Restrict,
    SetNull,
}

/// A bound of a field or a type.
#[derive(Debug, Clone, PartialEq)]
pub enum Bound {
    Range(Option<Value>, Option<Value>),
    Matches(&'static str),
    Size(Option<&'static str>, Vec<&'static str>),
}

/// A default.
#[derive(Debug, Clone)]
pub enum Initial {
    Value(Value),
    /// With an offset in milliseconds.
    Now(i64),
    Today,
    Uuid,
    Token(Option<u32>),
    EmptyList,
    EmptyObject,
    /// Through relations to a field of another row.
    Path(Vec<Id>),
}

/// An expression; its operands stand in parentheses wherever they have operators of their own.
#[derive(Debug, Clone)]
pub enum Expr {
    Constant(Value),
    /// A field, a derived value or a predicate of the row.
    Member(Id),
    /// A predicate of the top level about this row.
    Predicate(Id),
    IsSet(Id, bool),
    Otherwise(Id, Value),
    Binary(&'static str, Box<Expr>, Box<Expr>),
    /// Several `and` or several `or`.
    Chain(&'static str, Vec<Expr>),
    Not(Box<Expr>),
    Negate(Box<Expr>),
    InSet(Box<Expr>, bool, Vec<Value>),
    InRange(Box<Expr>, bool, Value, Value),
    Call(&'static str, Vec<Expr>),
    /// `all(x in rows have …)`, `count(x in rows where …)`: of the rows that point here by a reference.
    Rows(&'static str, Id, Box<Expr>),
    /// `reference.field`
    Behind(Id, Id),
}

impl Item {
    /// Its members, if it has any.
    pub fn members(&self) -> &[Member] {
        match &self.kind {
            ItemKind::Mixin(members)
            | ItemKind::Entity { members, .. }
            | ItemKind::Extend { members, .. } => members,
            _ => &[],
        }
    }

    /// The same, to be changed.
    pub fn members_mut(&mut self) -> Option<&mut Vec<Member>> {
        match &mut self.kind {
            ItemKind::Mixin(members)
            | ItemKind::Entity { members, .. }
            | ItemKind::Extend { members, .. } => Some(members),
            _ => None,
        }
    }
}

impl Member {
    /// The field that it is.
    pub fn field(&self) -> Option<&Field> {
        match &self.kind {
            MemberKind::Field(field) => Some(field),
            _ => None,
        }
    }

    /// The name by which expressions know it.
    pub fn name(&self) -> Option<&str> {
        match &self.kind {
            MemberKind::Field(Field { name, .. })
            | MemberKind::Derive { name, .. }
            | MemberKind::Predicate { name, .. }
            | MemberKind::Invariant { name, .. }
            | MemberKind::ChangeRule { name, .. } => Some(name),
            _ => None,
        }
    }
}

impl Spec {
    /// All declarations, with the number of their module.
    pub fn items(&self) -> impl Iterator<Item = (usize, &Item)> {
        let modules = self.modules.iter().enumerate();
        modules.flat_map(|(at, module)| module.items.iter().map(move |item| (at, item)))
    }

    /// A declaration.
    pub fn item(&self, id: Id) -> Option<&Item> {
        self.items()
            .map(|(_, item)| item)
            .find(|item| item.id == id)
    }

    /// All members of all items.
    pub fn members(&self) -> impl Iterator<Item = &Member> {
        self.items().flat_map(|(_, item)| item.members())
    }

    /// All fields.
    pub fn fields(&self) -> impl Iterator<Item = (Id, &Field)> {
        self.members()
            .filter_map(|member| Some((member.id, member.field()?)))
    }

    /// A field.
    pub fn field(&self, id: Id) -> Option<&Field> {
        self.fields()
            .find_map(|(other, field)| (other == id).then_some(field))
    }

    /// What a type stands for.
    pub fn scalar(&self, kind: &Kind) -> Option<Scalar> {
        match kind {
            Kind::Scalar(scalar) => Some(*scalar),
            Kind::Named(id) => match &self.item(*id)?.kind {
                ItemKind::Type { base, .. } => self.scalar(base),
                _ => None,
            },
            _ => None,
        }
    }
}
