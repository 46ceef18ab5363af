//! What every module declares and what its names mean.

mod built_in;
mod declare;
mod imports;
mod lookup;
mod mark;
pub(crate) mod near;
mod not_ascii;
mod project;
mod timezone;
mod unused;
mod uses;

use std::collections::HashMap;
use std::sync::atomic::AtomicU32;

use appspec_diagnostics::{Diagnostics, Sources, Span};
use appspec_ir::{Entity, Enum, Id, Module, NamedType, Role};
use appspec_syntax::ast;

use crate::lower::Patterns;
use crate::unit::Unit;
use uses::Uses;

pub(crate) use built_in::{FUNCTIONS, SCALARS};
pub(crate) use declare::duplicate;
pub(crate) use lookup::{Found, wrong_kind};
pub(crate) use mark::Mark;
pub(crate) use not_ascii::check as not_ascii;

/// Something with a name at the top level of a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decl {
    Type(Id<NamedType>),
    Enum(Id<Enum>),
    Mixin(Id<ast::Mixin>),
    Entity(Id<Entity>),
    Predicate(Id<ast::Predicate>),
    Role(Id<Role>),
}

impl Decl {
    /// The kind with its article, for messages.
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Self::Type(_) => "a type",
            Self::Enum(_) => "an enum",
            Self::Mixin(_) => "a mixin",
            Self::Entity(_) => "an entity",
            Self::Predicate(_) => "a predicate",
            Self::Role(_) => "a role",
        }
    }
}

/// A declaration and where its name stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Declared {
    pub(crate) decl: Decl,
    pub(crate) span: Span,
}

/// An item of the tree and the module that it stands in.
#[derive(Debug)]
pub(crate) struct In<'a, T> {
    pub(crate) module: Id<Module>,
    pub(crate) item: &'a T,
}

/// The names that one module can use.
#[derive(Debug, Default)]
pub(crate) struct Scope<'a> {
    /// What it declares.
    own: HashMap<&'a str, Declared>,
    /// In the order of the text, for suggestions.
    own_order: Vec<&'a str>,
    /// What `use path.{Name}` brings.
    imported: HashMap<&'a str, Imported>,
    imported_order: Vec<&'a str>,
    /// What `use path` brings: the last word of the path.
    qualified: HashMap<&'a str, Qualified>,
}

/// A name that a `use` brings in.
#[derive(Debug)]
struct Imported {
    /// `None` where that failed, so that uses of the name stay silent.
    declared: Option<Declared>,
    /// Whether it was looked up.
    used: Mark,
}

/// A module that a `use` brings in.
#[derive(Debug)]
struct Qualified {
    /// `None` where there is no such module, so that uses of it stay silent.
    module: Option<Id<Module>>,
    /// Whether a name of it was looked up.
    used: Mark,
}

/// All declarations of a spec.
#[derive(Debug)]
pub(crate) struct Names<'a> {
    pub(crate) units: &'a [Unit],
    sources: &'a Sources,
    pub(crate) project: Option<&'a ast::Project>,
    pub(crate) types: Vec<In<'a, ast::TypeDecl>>,
    pub(crate) enums: Vec<In<'a, ast::EnumDecl>>,
    pub(crate) mixins: Vec<In<'a, ast::Mixin>>,
    pub(crate) entities: Vec<In<'a, ast::Entity>>,
    pub(crate) predicates: Vec<In<'a, ast::Predicate>>,
    pub(crate) extends: Vec<In<'a, ast::Extend>>,
    pub(crate) seeds: Vec<In<'a, ast::Seed>>,
    pub(crate) roles: Vec<In<'a, ast::Role>>,
    pub(crate) accesses: Vec<In<'a, ast::Access>>,
    pub(crate) auths: Vec<In<'a, ast::Auth>>,
    pub(crate) environments: Vec<In<'a, ast::Environment>>,
    scopes: Vec<Scope<'a>>,
    modules: HashMap<&'a str, Id<Module>>,
    /// What was looked up.
    uses: Uses,
    /// How many more names are compared with all others, for "did you mean".
    suggestions: AtomicU32,
    /// Where each enum value occurs, to answer a value that is out of reach.
    values: HashMap<&'a str, Vec<Id<Enum>>>,
    /// What is known about patterns.
    pub(crate) patterns: Patterns,
}

/// A file with more unknown names than this has another problem than slips of the pen, and comparing each of them
/// with every name would take minutes.
const MOST_SUGGESTIONS: u32 = 100;

/// The names pass: finds every declaration and every `use`.
pub(crate) fn collect<'a>(
    units: &'a [Unit],
    sources: &'a Sources,
    out: &mut Diagnostics,
) -> Names<'a> {
    let mut names = declare::declare(units, sources, out);
    names.uses = Uses::of(&names);
    imports::resolve(&mut names, out);
    names
}

pub(crate) use project::{given_twice, lower as lower_project};
pub(crate) use unused::{report as report_unused, unused};
