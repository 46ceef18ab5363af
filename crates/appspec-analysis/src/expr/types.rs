use appspec_ir::Type;

use crate::names::Names;

/// A type in words, for messages.
pub(crate) fn describe(names: &Names<'_>, ty: Type) -> String {
    let plain = match ty {
        Type::Enum(id) => return format!("`{}`", names.enum_name(id)),
        Type::Reference(id) => return format!("a reference to `{}`", names.entity_name(id)),
        Type::Decimal { places: 0 } => "a decimal number without places",
        Type::Decimal { places: 1 } => "a decimal number with 1 place",
        Type::Decimal { places } => return format!("a decimal number with {places} places"),
        Type::Bool => "true or false",
        Type::Int => "a whole number",
        Type::Float => "a float",
        Type::Text => "text",
        Type::Date => "a date",
        Type::Time => "a time",
        Type::DateTime => "a moment",
        Type::Duration => "a duration",
        Type::Uuid => "a UUID",
        Type::Opaque => "a value that can't be compared",
    };
    plain.to_owned()
}

/// The type of a value that may come from either side; `None` when they have nothing to do with each other.
pub(super) fn unify(a: Type, b: Type) -> Option<Type> {
    match (a, b) {
        _ if a == b => Some(a),
        (Type::Decimal { places: a }, Type::Decimal { places: b }) => {
            Some(Type::Decimal { places: a.max(b) })
        }
        (Type::Int, Type::Decimal { places }) | (Type::Decimal { places }, Type::Int) => {
            Some(Type::Decimal { places })
        }
        _ => None,
    }
}

/// Whether `<` means the same in every layer.
pub(super) fn is_ordered(ty: Type) -> bool {
    matches!(
        ty,
        Type::Int
            | Type::Decimal { .. }
            | Type::Float
            | Type::Date
            | Type::Time
            | Type::DateTime
            | Type::Duration
    )
}
