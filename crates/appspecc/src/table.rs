//! What a spec amounts to, in numbers and in rows.

use appspec_diagnostics::render::clean;
use appspec_django::rules as rules_of_django;
use appspec_ir::Spec;

use crate::terminal::Paint;

/// `3 files, 12 entities, 84 fields, 19 rules`: of the spec itself, what the standard library brings left out.
pub(crate) fn counts(spec: &Spec, files: usize) -> String {
    let own = || {
        spec.walk_entities()
            .filter(|entity| !entity.module().get().is_std)
    };
    let fields: usize = own().map(|entity| entity.get().fields.len()).sum();
    let rules: usize = own().map(|entity| entity.get().rule_count()).sum();
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

/// Lines of which all columns but the last are as wide as their widest cell; what is in a cell stays on its line.
pub(crate) fn align(rows: &[Vec<String>]) -> String {
    let cell = |text: &String| clean(text).replace(['\n', '\r', '\t'], " ");
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| row.iter().map(cell).collect())
        .collect();
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
    for row in &rows {
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

/// Every rule with where the emitted project enforces it, entity by entity.
pub(crate) fn rules(spec: &Spec, paint: Paint, with_messages: bool) -> String {
    let rules = rules_of_django(spec);
    let mut out = String::new();
    for rules in rules.chunk_by(|a, b| a.entity == b.entity) {
        if let Some(first) = rules.first() {
            if !out.is_empty() {
                out.push('\n');
            }
            out.push_str(&paint.bold(&first.entity));
            out.push('\n');
        }
        let rows: Vec<Vec<String>> = rules
            .iter()
            .map(|rule| {
                let enforced = rule.enforced.to_owned();
                let class = rule.class.word().to_owned();
                let mut row = vec![rule.name.clone(), class, enforced, rule.says.clone()];
                if with_messages {
                    row.extend(rule.message.clone());
                }
                row
            })
            .collect();
        out.push_str(&align(&rows));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{align, number};

    #[test]
    fn columns_are_aligned_without_blanks_at_the_end() {
        let row = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
        let rows = [row(["größer", "b"]), row(["a", ""])];
        assert_eq!(align(&rows), "  größer  b\n  a\n");
        assert_eq!(align(&[row(["a", "b\n\u{1b}[2Jc"])]), "  a  b ?[2Jc\n");
    }

    #[test]
    fn one_is_one() {
        assert_eq!(number(1, "entity", "entities"), "1 entity");
        assert_eq!(number(0, "entity", "entities"), "0 entities");
    }
}
