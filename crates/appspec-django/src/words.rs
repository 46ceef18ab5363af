//! A field in the words of the spec, for pictures and tables.

use appspec_ir::{Derive, Entity, Field, FieldType, ListItem, OnDelete, Spec, Walk};

/// `text(200)?`, `many Service`, `Status`
pub(crate) fn field_type(field: Walk<'_, Field>) -> String {
    let spec = field.spec;
    let mark = if field.optional { "?" } else { "" };
    match field.named.and_then(|named| spec.types.find(named)) {
        Some(named) => format!("{}{mark}", named.name),
        None => format!("{}{mark}", plain_type(spec, &field.get().ty)),
    }
}

/// The declared type of a derived value.
pub(crate) fn derive_type(derive: Walk<'_, Derive>) -> String {
    let mark = if derive.optional { "?" } else { "" };
    format!("{}{mark}", plain_type(derive.spec, &derive.get().ty))
}

/// What happens to a row when the one it points to is deleted.
pub(crate) fn on_delete(on_delete: OnDelete) -> &'static str {
    match on_delete {
        OnDelete::Cascade => "cascade",
        OnDelete::Protect => "protect",
        OnDelete::Restrict => "restrict",
        OnDelete::SetNull => "set null",
    }
}

fn plain_type(spec: &Spec, ty: &FieldType) -> String {
    let entity = |id: appspec_ir::Id<Entity>| {
        spec.entities
            .find(id)
            .map_or("", |entity| entity.name.as_str())
    };
    let choice = |id| {
        spec.enums
            .find(id)
            .map_or("", |list: &appspec_ir::Enum| list.name.as_str())
    };
    match ty {
        FieldType::Scalar(scalar) => scalar.to_string(),
        FieldType::Enum(id) => choice(*id).to_owned(),
        FieldType::List(ListItem::Scalar(scalar)) => format!("list of {scalar}"),
        FieldType::List(ListItem::Enum(id)) => format!("list of {}", choice(*id)),
        FieldType::Relation(relation) => entity(relation.target).to_owned(),
        FieldType::Many(many) => format!("many {}", entity(many.target)),
    }
}

/// A name in a sentence that has to fit on a line: one that nobody could read there is left out.
pub(crate) fn rows_of(name: &str) -> String {
    if name.len() > LONGEST_IN_A_LINE {
        "its model".to_owned()
    } else {
        format!("`{name}`")
    }
}

/// With the words around it, a line has room for no more.
const LONGEST_IN_A_LINE: usize = 50;
