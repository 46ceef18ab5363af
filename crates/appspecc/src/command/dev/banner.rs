//! What is said when the app answers: where to click.

use std::fmt;
use std::path::Path;

use super::address;
use super::place::Place;
use super::prepare::{Prepared, shown};
use crate::table::{align, number};
use crate::terminal::Paint;

/// More kinds of rows than this are counted and not named.
const MOST_MODELS: usize = 12;

/// Where to click.
pub(super) struct Banner<'a> {
    pub(super) title: &'a str,
    pub(super) port: u16,
    pub(super) prepared: &'a Prepared,
    pub(super) place: &'a Place,
    /// Whether the spec is followed from now on.
    pub(super) follows: bool,
    pub(super) paint: Paint,
}

impl fmt::Display for Banner<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = address(self.port);
        let verb = if self.follows { "runs" } else { "answers" };
        writeln!(
            out,
            "\n{} {verb} at {}\n",
            self.paint.bold(&shown(self.title)),
            self.paint.bold(&address)
        )?;
        let admin = &self.prepared.admin;
        let mut rows = Vec::new();
        match (&admin.email, &admin.password) {
            (Some(email), Some(password)) => {
                rows.push(vec!["sign in".to_owned(), email.clone()]);
                rows.push(vec!["password".to_owned(), password.clone()]);
            }
            (Some(email), None) => {
                rows.push(vec!["sign in".to_owned(), email.clone()]);
                let hint = format!(
                    "the one you gave it; `python manage.py changepassword {email}` gives it another"
                );
                rows.push(vec!["password".to_owned(), hint]);
            }
            (None, _) => rows.push(vec![
                "sign in".to_owned(),
                "nobody can yet; `python manage.py createsuperuser` asks for what is needed"
                    .to_owned(),
            ]),
        }
        let database = Path::new(&self.prepared.database);
        rows.push(vec!["data".to_owned(), Place::shown(database)]);
        rows.push(vec![
            "log".to_owned(),
            Place::shown(&self.place.kept.join("server.log")),
        ]);
        out.write_str(&align(&rows))?;

        let mut models: Vec<_> = self.prepared.models.iter().collect();
        models.sort_by_key(|model| std::cmp::Reverse(model.rows > 0));
        let base = address.trim_end_matches('/');
        let listed: Vec<Vec<String>> = models
            .iter()
            .take(MOST_MODELS)
            .map(|model| {
                let label = shown(&model.label);
                let rows = number(model.rows, "row", "rows");
                vec![label, rows, format!("{base}{}", model.path)]
            })
            .collect();
        if !listed.is_empty() {
            writeln!(out)?;
            out.write_str(&align(&listed))?;
        }
        if models.len() > MOST_MODELS {
            writeln!(out, "  … and {} more", models.len() - MOST_MODELS)?;
        }
        if self.follows {
            writeln!(
                out,
                "\nSave a file of the spec, and the app follows. Ctrl-C ends it."
            )?;
        }
        Ok(())
    }
}
