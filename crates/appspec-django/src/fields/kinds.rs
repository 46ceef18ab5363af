//! Which Django field holds which type.

use appspec_backend::python::Expr as Py;
use appspec_ir::{Enum, FieldType, Id, ListItem, Scalar, Spec};

use crate::expressions::models;
use crate::target::{Target, enum_class};

/// The field class with the arguments that its type needs.
pub(super) fn constructor(spec: &Spec, ty: &FieldType, target: Target) -> Py {
    match ty {
        FieldType::Scalar(scalar) => of_scalar(*scalar),
        FieldType::Enum(id) => of_enum(spec, *id, target),
        FieldType::List(_) | FieldType::Relation(_) | FieldType::Many(_) => {
            Py::from("core.fields", "DocumentField").call()
        }
    }
}

fn of_scalar(scalar: Scalar) -> Py {
    let field = |name: &'static str| models().attr(name).call();
    let sized = |name: &'static str, length: u32| field(name).kw("max_length", Py::int(length));
    let ours = |name: &'static str| Py::from("core.fields", name).call();
    match scalar {
        Scalar::Text { max: Some(max) } => sized("CharField", max),
        Scalar::Text { max: None } => field("TextField"),
        Scalar::Slug { max } => sized("SlugField", max).kw("db_index", Py::bool(false)),
        Scalar::Email => ours("LowercaseEmailField"),
        Scalar::Url => sized("URLField", 2000),
        Scalar::Phone => sized("CharField", 32),
        Scalar::Token { length } => sized("CharField", length),
        Scalar::Int => field("IntegerField"),
        Scalar::BigInt => field("BigIntegerField"),
        Scalar::Float => field("FloatField"),
        Scalar::Decimal { digits, places } => field("DecimalField")
            // Django counts the 0 before the point; a rule of the column and validators keep the number below 1.
            .kw("max_digits", Py::int(digits.max(places.saturating_add(1))))
            .kw("decimal_places", Py::int(places)),
        Scalar::Bool => field("BooleanField"),
        Scalar::Date => field("DateField"),
        Scalar::Time => field("TimeField"),
        Scalar::DateTime => field("DateTimeField"),
        Scalar::Duration => field("DurationField"),
        Scalar::Uuid => field("UUIDField"),
        Scalar::Json => ours("DocumentField"),
        Scalar::File => ours("PrivateFileField"),
        Scalar::Image => ours("PrivateImageField"),
        Scalar::Ip => field("GenericIPAddressField"),
        Scalar::Bytes => ours("BytesField"),
    }
}

fn of_enum(spec: &Spec, id: Id<Enum>, target: Target) -> Py {
    let choices = &spec.walk(id).get().choices;
    let longest = choices
        .iter()
        .map(|choice| choice.stored.chars().count())
        .max()
        .unwrap_or(1);
    let listed = match target {
        Target::Model => enum_class(spec, id),
        Target::Migration => Py::List(
            choices
                .iter()
                .map(|choice| Py::Tuple(vec![Py::text(&choice.stored), Py::text(&choice.label)]))
                .collect(),
        ),
    };
    let length = i128::try_from(longest).unwrap_or(255);
    models()
        .attr("CharField")
        .kw("max_length", Py::int(length))
        .kw("choices", listed)
}

/// Whether a column holds text that people may be shown and may look for: whoever knows a token holds a key.
pub(crate) fn is_open_text(ty: &FieldType) -> bool {
    is_text(ty) && !matches!(ty, FieldType::Scalar(Scalar::Token { .. }))
}

/// Whether a column holds text that must not be empty.
pub(crate) fn is_text(ty: &FieldType) -> bool {
    matches!(
        ty,
        FieldType::Scalar(
            Scalar::Text { .. }
                | Scalar::Slug { .. }
                | Scalar::Email
                | Scalar::Url
                | Scalar::Phone
                | Scalar::Token { .. }
        )
    )
}

/// The form that every value of a text-like type has, and how it is explained.
pub(crate) fn text_pattern(ty: &FieldType) -> Option<(&'static str, &'static str)> {
    match ty {
        FieldType::Scalar(Scalar::Slug { .. }) => Some((
            "[a-z0-9_-]+",
            "Use lower-case letters, digits, hyphens and underscores only.",
        )),
        FieldType::Scalar(Scalar::Phone) => Some((
            "[+][0-9][0-9 ().-]*[0-9]",
            "Enter a telephone number in international form, such as +351 210 000 000.",
        )),
        _ => None,
    }
}

/// What an item of a list is, as `core.lists` calls it.
pub(crate) fn json_kind(item: ListItem) -> &'static str {
    match item {
        ListItem::Enum(_) => "text",
        ListItem::Scalar(scalar) => match scalar {
            Scalar::Int => "int",
            Scalar::BigInt => "bigint",
            Scalar::Float => "float",
            Scalar::Bool => "bool",
            Scalar::Decimal { .. } => "decimal",
            Scalar::Date => "date",
            Scalar::Time => "time",
            Scalar::DateTime => "datetime",
            Scalar::Duration => "duration",
            Scalar::Uuid => "uuid",
            Scalar::Email => "email",
            Scalar::Url => "url",
            Scalar::Ip => "ip",
            Scalar::Text { .. }
            | Scalar::Slug { .. }
            | Scalar::Phone
            | Scalar::Token { .. }
            | Scalar::Json
            | Scalar::File
            | Scalar::Image
            | Scalar::Bytes => "text",
        },
    }
}
