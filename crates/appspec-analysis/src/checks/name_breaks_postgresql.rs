use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::Spec;

use super::declared::column;

/// The columns that every table of PostgreSQL has already. Reserved words are no danger: Django quotes names.
const SYSTEM_COLUMNS: [&str; 6] = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

/// A field whose column PostgreSQL would refuse to create.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    for field in spec.fields.ids().map(|id| spec.walk(id)) {
        if column(field).is_some_and(|column| SYSTEM_COLUMNS.contains(&column.as_str())) {
            let finding = Diagnostic::new(
                &codes::name::BREAKS_POSTGRESQL,
                field.get().span,
                format!(
                    "PostgreSQL has a column `{}` in every table",
                    field.get().name
                ),
            )
            .label("can't be a column too")
            .help("choose another name");
            found.push(finding);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::codes;

    #[test]
    fn a_reference_has_a_column_of_another_name() {
        assert_eq!(codes("entity E { xmin: int }"), ["name::breaks_postgresql"]);
        assert_eq!(codes("entity A { n: int }\nentity E { xmin: A }"), [""; 0]);
    }
}
