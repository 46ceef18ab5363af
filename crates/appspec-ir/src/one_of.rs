use appspec_diagnostics::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Entity, Expr, ExprKind, Field, Id, Type, Walk};

/// `subject: one of Order, Invoice`: a row points to exactly one row of one of several entities, or with `?` to at most one.
///
/// There is an optional reference for each of them, and an invariant of the same name that says how many are set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OneOf {
    /// Its name, which is that of its rule too.
    pub name: String,
    /// What it holds, in words.
    pub doc: Option<String>,
    /// Whether a row may point to none.
    pub optional: bool,
    /// The references, in the order in which the entities are named.
    pub fields: Vec<Id<Field>>,
    /// `was old_name`
    pub was: Option<String>,
    /// Where the name stands.
    pub span: Span,
}

impl OneOf {
    /// How many entities it can name: its rule speaks of each pair of them.
    pub const MOST: usize = 8;

    /// The name of the reference to the rows of one entity: `subject` and `OrderLine` are `subject_order_line`.
    pub fn field_name(whole: &str, target: &str) -> String {
        format!("{whole}_{}", snake_case(target))
    }

    /// That as many of these references are set as it says.
    pub fn rule(fields: &[Id<Field>], optional: bool, span: Span) -> Expr {
        let of = |kind| Expr {
            kind,
            ty: Type::Bool,
            span,
        };
        let set = |id: &Id<Field>| of(ExprKind::IsSet(*id));
        let empty = |id: &Id<Field>| of(ExprKind::Not(Box::new(set(id))));
        let mut parts = Vec::new();
        if !optional {
            parts.push(of(ExprKind::Or(fields.iter().map(set).collect())));
        }
        for (at, first) in fields.iter().enumerate() {
            let others = fields.iter().skip(at + 1);
            parts.extend(others.map(|second| of(ExprKind::Or(vec![empty(first), empty(second)]))));
        }
        match parts.as_slice() {
            [only] => only.clone(),
            _ => of(ExprKind::And(parts)),
        }
    }
}

impl<'s> Walk<'s, Field> {
    /// The reference `one of` that it is a part of.
    pub fn part_of(self) -> Option<&'s OneOf> {
        let entity: Walk<'s, Entity> = self.spec.walk(self.get().entity);
        let mut all = entity.get().one_of.iter();
        all.find(|whole| whole.fields.contains(&self.id))
    }
}

/// `OrderLine` as `order_line`.
pub fn snake_case(name: &str) -> String {
    // Names of fields are so already.
    let is_small = |byte: u8| byte.is_ascii() && !byte.is_ascii_uppercase();
    if name.bytes().all(is_small) {
        return name.to_owned();
    }
    let mut out = String::with_capacity(name.len() + 4);
    let mut before: Option<char> = None;
    let mut characters = name.chars().peekable();
    while let Some(character) = characters.next() {
        if character.is_uppercase() {
            let starts_word = before.is_some_and(|b| b.is_lowercase() || b.is_numeric())
                || (before.is_some_and(char::is_uppercase)
                    && characters.peek().is_some_and(|next| next.is_lowercase()));
            if starts_word {
                out.push('_');
            }
            out.extend(character.to_lowercase());
        } else {
            out.push(character);
        }
        before = Some(character);
    }
    out
}
