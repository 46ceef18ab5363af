//! `relationship OneToMany { Customer{orders} to Order{customer required} }` of JDL.

use super::lines::words;
use super::{is_member, names};

/// How long the first words are, what a block of relationships is here, and what to write for its lines.
pub(super) fn block(text: &str) -> Option<(usize, String, String)> {
    let length = words(text, "relationship")?;
    let behind = text.get(length..)?.trim_start();
    let (kind, body) = behind.split_once('{')?;
    let kind = KINDS
        .iter()
        .find(|it| it.eq_ignore_ascii_case(kind.trim()))?;
    let ends = body
        .rfind('}')
        .and_then(|end| body.get(..end))
        .unwrap_or(body);
    let written: Vec<(String, String)> = ends
        .split(['\n', ','])
        .filter_map(|line| relation(line.trim(), kind))
        .take(MOST)
        .collect();
    if written.is_empty() {
        return None;
    }
    let shown: Vec<String> = written
        .iter()
        .map(|(entity, field)| format!("`{field}` in `{entity}`"))
        .collect();
    let meant = "a field of one side, whose `inverse` is the other side".to_owned();
    Some((length, meant, format!("write {}", shown.join(", "))))
}

/// Whoever has more lines has seen how it goes.
const MOST: usize = 5;

const KINDS: [&str; 4] = ["OneToMany", "ManyToOne", "OneToOne", "ManyToMany"];

/// The entity that gets a field, and the field.
fn relation(line: &str, kind: &str) -> Option<(String, String)> {
    let (from, to) = line.split_once(" to ")?;
    let (from, to) = (side(from)?, side(to)?);
    let (owner, other) = if kind == "OneToMany" {
        (to, from)
    } else {
        (from, to)
    };
    let name = owner
        .field
        .map_or_else(|| names::snake(other.entity), names::snake);
    let inverse = other
        .field
        .map(|field| format!(" inverse {}", names::snake(field)))
        .unwrap_or_default();
    let target = other.entity;
    let mark = if owner.is_required { "" } else { "?" };
    let field = match kind {
        "ManyToMany" => format!("{name}: many {target}{inverse}"),
        "OneToOne" if owner.is_required => format!("{name}: {target} unique{inverse}"),
        "OneToOne" => format!("{name}: {target}? unique where {name} is set{inverse}"),
        _ => format!("{name}: {target}{mark}{inverse}"),
    };
    is_member(&field).then(|| (owner.entity.to_owned(), field))
}

/// One side of a relationship.
struct Side<'t> {
    entity: &'t str,
    field: Option<&'t str>,
    is_required: bool,
}

/// `Order{customer(name) required}`
fn side(text: &str) -> Option<Side<'_>> {
    let text = text.trim();
    let (entity, braces) = text.split_once('{').unwrap_or((text, ""));
    let inside = braces.split('}').next().unwrap_or("");
    let name = inside.split(['(', ' ']).next().unwrap_or("").trim();
    let entity = entity.trim();
    let is_name = entity
        .chars()
        .all(|it| it.is_ascii_alphanumeric() || it == '_');
    (is_name && !entity.is_empty()).then(|| Side {
        entity,
        field: (!name.is_empty()).then_some(name),
        is_required: inside.split_whitespace().any(|it| it == "required"),
    })
}

#[cfg(test)]
mod tests {
    use super::block;

    #[test]
    fn each_line_is_a_field_of_one_side() {
        let help = |text| block(text).map(|(_, _, help)| help);
        assert_eq!(
            help("relationship OneToMany {\n  Customer{orders} to Order{customer(name) required},\n  Order{lines} to Line\n}")
                .as_deref(),
            Some(
                "write `customer: Customer inverse orders` in `Order`, `order: Order? inverse lines` in `Line`"
            )
        );
        assert_eq!(
            help("relationship OneToOne {\n  Car{owner} to Driver{car}\n}").as_deref(),
            Some("write `owner: Driver? unique where owner is set inverse car` in `Car`")
        );
        assert_eq!(
            help("relationship ManyToMany { Order{items} to Item{orders} }").as_deref(),
            Some("write `items: many Item inverse orders` in `Order`")
        );
        assert_eq!(help("relationship between Customer and Order"), None);
    }
}
