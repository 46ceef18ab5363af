use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::Delta;

/// The migrations that earlier builds emitted, sorted by app and name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// Sorted by app and name.
    pub migrations: Vec<Migration>,
}

/// One emitted migration and what it did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Migration {
    /// The app label.
    pub app: String,
    /// The migration's name: `0001_initial`.
    pub name: String,
    /// The migrations that it comes after, of its own app and of others, as far as this compiler emitted them.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub after: BTreeSet<MigrationName>,
    /// What its file imports from the project, in the backend's spelling: later builds have to keep it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub uses: BTreeSet<String>,
    /// What it did to the schema.
    pub delta: Delta,
}

/// Which migration: serialized as `booking/0001_initial`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MigrationName {
    /// The app label.
    pub app: String,
    /// The migration's name.
    pub name: String,
}

impl TryFrom<String> for MigrationName {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match text.split_once('/') {
            Some((app, name)) if !app.is_empty() && !name.is_empty() => Ok(Self {
                app: app.to_owned(),
                name: name.to_owned(),
            }),
            _ => Err("a migration is named `app/name`"),
        }
    }
}

impl From<MigrationName> for String {
    fn from(name: MigrationName) -> Self {
        format!("{}/{}", name.app, name.name)
    }
}

/// The folder, relative to the emitted project, that holds one file per migration.
const FOLDER: &str = ".appspec/migrations";

impl Migration {
    /// Which migration it is.
    pub fn id(&self) -> MigrationName {
        MigrationName {
            app: self.app.clone(),
            name: self.name.clone(),
        }
    }

    /// Where the migration is remembered, relative to the emitted project.
    pub fn path(&self) -> String {
        format!("{FOLDER}/{}/{}.json", self.app, self.name)
    }

    /// What is written at [`Migration::path`]: JSON, one fact per line, so that reviews and merges read well.
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Reads what [`Migration::to_json`] wrote. The error says what is wrong with the text.
    pub fn from_json(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }
}

impl History {
    /// The folder, relative to the emitted project, under which every `*/*.json` is a migration's memory.
    pub const FOLDER: &str = FOLDER;

    /// The history that these migrations make, in whatever order they were found.
    pub fn new(mut migrations: Vec<Migration>) -> Self {
        migrations.sort_by(|a, b| (&a.app, &a.name).cmp(&(&b.app, &b.name)));
        Self { migrations }
    }

    /// Whether nothing has been built yet.
    pub fn is_empty(&self) -> bool {
        self.migrations.is_empty()
    }

    /// The last migrations of an app: those that no other one of the app comes after. One, or none for a
    /// new app; several after a merge of branches: the app's next migration has to come after all of them.
    pub fn leaves<'h>(&'h self, app: &str) -> Vec<&'h str> {
        let of_app = self.of_app(app);
        let followed: BTreeSet<&str> = of_app
            .iter()
            .flat_map(|migration| &migration.after)
            .filter(|name| name.app == app)
            .map(|name| name.name.as_str())
            .collect();
        of_app
            .iter()
            .map(|migration| migration.name.as_str())
            .filter(|name| !followed.contains(name))
            .collect()
    }

    /// The number of the app's next migration: one more than the largest in use, so 1 for a new app.
    pub fn next_number(&self, app: &str) -> u32 {
        self.of_app(app)
            .iter()
            .filter_map(|migration| {
                let digits = migration.name.split('_').next()?;
                digits.parse::<u32>().ok()
            })
            .max()
            .unwrap_or(0)
            .saturating_add(1)
    }

    /// The migrations of an app, which stand side by side.
    fn of_app(&self, app: &str) -> &[Migration] {
        let start = self.migrations.partition_point(|it| it.app.as_str() < app);
        let (_, rest) = self.migrations.split_at_checked(start).unwrap_or_default();
        let end = rest.partition_point(|it| it.app == app);
        rest.split_at_checked(end).unwrap_or_default().0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn migration(app: &str, name: &str, after: &[(&str, &str)]) -> Migration {
        Migration {
            app: app.to_owned(),
            name: name.to_owned(),
            after: after
                .iter()
                .map(|(app, name)| MigrationName {
                    app: (*app).to_owned(),
                    name: (*name).to_owned(),
                })
                .collect(),
            uses: BTreeSet::new(),
            delta: Delta::default(),
        }
    }

    #[test]
    fn a_merged_app_has_two_leaves_and_one_next_number() {
        let history = History::new(vec![
            migration("booking", "0002_note", &[("booking", "0001_initial")]),
            migration("booking", "0001_initial", &[("people", "0001_initial")]),
            migration("people", "0001_initial", &[]),
            migration("booking", "0002_price", &[("booking", "0001_initial")]),
        ]);
        assert_eq!(history.leaves("booking"), ["0002_note", "0002_price"]);
        assert_eq!(history.leaves("people"), ["0001_initial"]);
        assert!(history.leaves("billing").is_empty());
        assert_eq!(history.next_number("booking"), 3);
        assert_eq!(history.next_number("billing"), 1);
    }

    #[test]
    fn what_is_written_is_read() {
        let migration = migration("booking", "0002_note", &[("booking", "0001_initial")]);
        let text = migration.to_json();
        assert!(text.contains("\"booking/0001_initial\""), "{text}");
        assert_eq!(Migration::from_json(&text), Ok(migration));
        assert!(Migration::from_json("{\"app\": 1}").is_err());
    }
}
