//! Numbers as they were written. Where only the order counts, a constant gives way to a value that the other side can
//! have, and none keeps the zeros at its end; whoever reads about the rule reads what is in the spec.

use std::collections::BTreeMap;

use appspec_diagnostics::{Sources, Span};
use appspec_ir::{Bound, Expr, ExprKind, Origin, Spec, Value};
use rust_decimal::Decimal;

/// Notes the numbers of a spec that look otherwise in its text.
pub(crate) fn read(spec: &mut Spec, sources: &Sources) {
    let (numbers, ends) = (numbers(spec, sources), ends(spec, sources));
    spec.written.numbers = numbers;
    spec.written.ends = ends;
}

/// Those in conditions, by their place.
fn numbers(spec: &Spec, sources: &Sources) -> BTreeMap<Span, Value> {
    let mut found = BTreeMap::new();
    let mut look = |part: &Expr| {
        let ExprKind::Value(held) = &part.kind else {
            return;
        };
        if let Some(written) = otherwise(sources.text(part.span), held) {
            found.insert(part.span, written);
        }
    };
    for condition in conditions(spec) {
        condition.visit(&mut look);
    }
    found
}

/// Those of ranges, by the place of the bound.
fn ends(spec: &Spec, sources: &Sources) -> BTreeMap<Span, [Option<Value>; 2]> {
    let mut found = BTreeMap::new();
    for bound in spec.fields.iter().flat_map(|(_, field)| &field.bounds) {
        let Bound::Range { low, high, span } = bound else {
            continue;
        };
        let text = sources.text(*span).trim_start_matches("in");
        let Some(texts) = text.split_once("..") else {
            continue;
        };
        let low = low.as_ref().and_then(|held| otherwise(texts.0, held));
        let high = high.as_ref().and_then(|held| otherwise(texts.1, held));
        if low.is_some() || high.is_some() {
            found.insert(*span, [low, high]);
        }
    }
    found
}

/// The number that a text is, if it looks otherwise than the one that is held.
fn otherwise(text: &str, held: &Value) -> Option<Value> {
    let held = match held {
        Value::Int(number) => Decimal::try_from_i128_with_scale(*number, 0).ok()?,
        Value::Decimal(number) => *number,
        _ => return None,
    };
    let digits: String = text.split_whitespace().collect();
    // What was calculated is no number in the text.
    let written = Decimal::from_str_exact(&digits).ok()?;
    (written != held || written.scale() != held.scale()).then_some(Value::Decimal(written))
}

/// What is printed for people.
fn conditions(spec: &Spec) -> impl Iterator<Item = &Expr> {
    let invariants = spec.invariants.iter().map(|(_, own)| &own.condition);
    let of_sets = spec.entities.iter().flat_map(|(_, entity)| {
        let uniques = entity
            .uniques
            .iter()
            .filter_map(|own| own.condition.as_ref());
        let overlaps = entity
            .overlaps
            .iter()
            .filter_map(|own| own.condition.as_ref());
        let lifecycles = entity.lifecycles.iter().flat_map(|own| &own.actions);
        let guards = lifecycles.filter_map(|action| action.when.as_ref());
        let changes = entity.changes.iter().map(|rule| &rule.condition);
        uniques.chain(overlaps).chain(guards).chain(changes)
    });
    let accesses = spec.entities.iter().flat_map(|(_, entity)| &entity.access);
    let of_accesses = accesses.flat_map(|access| {
        let walls = access.walls.iter().map(|wall| &wall.condition);
        walls.chain(access.grants.iter().filter_map(|it| it.condition.as_ref()))
    });
    let of_roles = spec
        .roles
        .iter()
        .filter_map(|(_, role)| match &role.origin {
            Origin::Derived { condition, .. } => condition.as_ref(),
            Origin::SignedIn | Origin::Granted { .. } => None,
        });
    invariants.chain(of_sets).chain(of_accesses).chain(of_roles)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails loudly")]
mod tests {
    use appspec_diagnostics::{Origin, Source, Sources};
    use appspec_ir::{print, print_as_written};

    /// What each invariant compares with, and what its reader reads.
    fn read(conditions: &[&str]) -> Vec<(String, String)> {
        let rules: String = (0..)
            .zip(conditions)
            .fold(String::new(), |rules, (at, own)| {
                format!("{rules}  invariant i{at}: {own}\n")
            });
        let mut sources = Sources::new();
        sources.add(Source {
            path: "shop.appspec".to_owned(),
            module: "shop".to_owned(),
            origin: Origin::Spec,
            text: format!(
                "project shop {{ title: \"Shop\" }}\nentity E {{\n  price: decimal(8, 2)\n  count: int\n{rules}}}\n"
            ),
        });
        let (compiled, _) = crate::compile(&mut sources);
        let spec = compiled.unwrap().spec;
        spec.invariants
            .iter()
            .map(|(_, own)| {
                let told = print_as_written(&spec, &own.condition);
                (print(&spec, &own.condition), told)
            })
            .collect()
    }

    #[test]
    fn the_reader_of_a_rule_reads_what_was_written() {
        let written = [
            "price < 9.999",
            "price > -0.001",
            "9.999 >= price",
            "price in 0.005..9.994",
            "count > 2.5",
            "price < 10.50 and count < 3",
        ];
        let found = read(&written);
        let told: Vec<&str> = found.iter().map(|(_, told)| told.as_str()).collect();
        assert_eq!(
            told,
            [
                "price < 9.999",
                "price > -0.001",
                "9.999 >= price",
                "price in 0.005..9.994",
                "count > 2.5",
                "price < 10.50 and count < 3"
            ]
        );
        let enforced: Vec<&str> = found
            .iter()
            .map(|(enforced, _)| enforced.as_str())
            .collect();
        assert_eq!(
            enforced,
            [
                "price < 10",
                "price > -0.01",
                "9.99 >= price",
                "price in 0.01..9.99",
                "count > 2",
                "price < 10.5 and count < 3"
            ]
        );
    }
}
