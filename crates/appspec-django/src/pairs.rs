//! The pairs of a `many` that no entity holds: the model that Django makes for them.

use appspec_ir::{Rows, Spec};

use crate::names;

/// `Visit_extras`, the app before it.
pub(crate) fn model(spec: &Spec, rows: Rows) -> String {
    match rows {
        Rows::Held(many) | Rows::Holding(many) => {
            let field = spec.walk(many);
            let entity = field.entity();
            format!("{}.{}_{}", names::app(entity), entity.name, field.name)
        }
        Rows::Pointing(field) | Rows::Matching { theirs: field, .. } => {
            names::model_label(spec.walk(field).entity())
        }
    }
}

/// What a pair calls the row from which one comes.
pub(crate) fn here(spec: &Spec, rows: Rows) -> String {
    end(spec, rows, matches!(rows, Rows::Held(_)))
}

/// What a pair calls the row at its other end.
pub(crate) fn there(spec: &Spec, rows: Rows) -> String {
    end(spec, rows, !matches!(rows, Rows::Held(_)))
}

fn end(spec: &Spec, rows: Rows, is_source: bool) -> String {
    let (Rows::Held(many)
    | Rows::Holding(many)
    | Rows::Pointing(many)
    | Rows::Matching { theirs: many, .. }) = rows;
    let field = spec.walk(many);
    let source = field.entity();
    let Some(target) = field.get().many().map(|many| spec.walk(many.target)) else {
        return field.name.clone();
    };
    let word = match (source.id == target.id, is_source) {
        (true, true) => "from_",
        (true, false) => "to_",
        (false, _) => "",
    };
    let entity = if is_source { source } else { target };
    format!("{word}{}", entity.name.to_lowercase())
}
