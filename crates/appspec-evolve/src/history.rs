use serde::{Deserialize, Serialize};

/// The migrations that earlier builds emitted, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// Oldest first; a migration stands after those that it depends on.
    pub migrations: Vec<Migration>,
}

/// One emitted migration and what it did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Migration {
    /// The app label.
    pub app: String,
    /// The migration's name: `0001_initial`.
    pub name: String,
    /// What it did to the schema.
    pub delta: Delta,
}

/// What one migration did to the schema as remembered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Delta {}
