use schemars::Schema;

use crate::Spec;

/// The JSON Schema of a serialized [`Spec`], as published in `docs/reference/spec.schema.json`.
pub fn json_schema() -> Schema {
    schemars::schema_for!(Spec)
}
