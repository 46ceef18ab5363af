//! What a spec amounts to, in numbers and in rows.

use appspec_ir::{Moment, Spec};

/// `3 files, 12 entities, 84 fields, 19 rules`: of the spec itself, what the standard library brings left out.
pub(crate) fn counts(spec: &Spec, files: usize) -> String {
    let own = || {
        spec.walk_entities()
            .filter(|entity| !entity.module().get().is_std)
    };
    let fields: usize = own().map(|entity| entity.get().fields.len()).sum();
    let rules: usize = own()
        .map(|entity| entity.get().invariants.len() + entity.get().uniques.len())
        .sum();
    [
        number(files, "file", "files"),
        number(own().count(), "entity", "entities"),
        number(fields, "field", "fields"),
        number(rules, "rule", "rules"),
    ]
    .join(", ")
}

/// `1 file`, `2 files`
pub(crate) fn number(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Lines of which all columns but the last are as wide as their widest cell.
pub(crate) fn align(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut out = String::new();
    for row in rows {
        let mut line = String::from(" ");
        for (cell, width) in row.iter().zip(&widths) {
            line.push(' ');
            line.push_str(cell);
            line.extend(std::iter::repeat_n(
                ' ',
                (width + 1).saturating_sub(cell.chars().count()),
            ));
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// Every rule of the spec with where it is enforced.
pub(crate) fn rules(spec: &Spec) -> String {
    let mut rows = Vec::new();
    for entity in spec.walk_entities() {
        let name = entity.full_name();
        for unique in &entity.get().uniques {
            let kind = if unique.condition.is_some() {
                "conditional unique"
            } else {
                "unique"
            };
            let place = "database constraint, model validation";
            rows.push(
                [&name, &unique.name, kind, place]
                    .map(str::to_owned)
                    .to_vec(),
            );
        }
        for invariant in entity.invariants() {
            let (kind, place) = match invariant.moment {
                Moment::Always => ("row", "database CHECK, model validation"),
                Moment::Create => ("moment", "model, when a row is created"),
            };
            rows.push(
                [&name, &invariant.name, kind, place]
                    .map(str::to_owned)
                    .to_vec(),
            );
        }
    }
    align(&rows)
}
