//! Numbers as they were written. Where only the order counts, a constant gives way to a value that the other side can
//! have; whoever reads about the rule reads what is in the spec.

use std::collections::BTreeMap;

use appspec_diagnostics::{Sources, Span};
use appspec_ir::{Expr, ExprKind, Spec, Value};
use rust_decimal::Decimal;

use crate::lower::constant;

/// The numbers in conditions of a spec that are others than those of its text, by their place.
pub(crate) fn of(spec: &Spec, sources: &Sources) -> BTreeMap<Span, Value> {
    let mut found = BTreeMap::new();
    let mut look = |part: &Expr| {
        let held = match &part.kind {
            ExprKind::Value(Value::Int(number)) => {
                Decimal::try_from_i128_with_scale(*number, 0).ok()
            }
            ExprKind::Value(Value::Decimal(number)) => Some(*number),
            _ => None,
        };
        let Some(held) = held else {
            return;
        };
        let digits: String = sources.text(part.span).split_whitespace().collect();
        // What was calculated is no number in the text.
        if let Ok(written) = constant::exact(&digits)
            && written != held
        {
            found.insert(part.span, Value::Decimal(written));
        }
    };
    for condition in conditions(spec) {
        condition.visit(&mut look);
    }
    found
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
        uniques.chain(overlaps).chain(guards)
    });
    invariants.chain(of_sets)
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
                "price < 10.5 and count < 3"
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
