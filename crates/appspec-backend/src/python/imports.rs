use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::Range;

use super::layout::{LIMIT, width};
use super::{Ident, ModulePath};

/// What a file imports and how it calls it.
#[derive(Debug, Default)]
pub(super) struct Imports {
    modules: BTreeSet<ModulePath>,
    names: BTreeMap<ModulePath, BTreeSet<Ident>>,
    /// The same by name: which modules it comes from.
    origins: BTreeMap<Ident, BTreeSet<ModulePath>>,
    taken: BTreeSet<String>,
    /// Whether pytest looks into the file: it takes for a test whatever there has the name of one, so what others call so is
    /// called with its module before it.
    is_test: bool,
    /// Whether some name can't be called by its own name.
    has_clashes: bool,
    /// Where the texts lie that were added last.
    added: Vec<[Range<*const u8>; 2]>,
}

/// A file uses the same few names over and over, and most are texts of the compiler, which lie in one place. So many are
/// told by that place alone.
const MOST_PLACES: usize = 24;

/// The parts of Python's own library that emitted code uses.
const STANDARD: [&str; 13] = [
    "builtins",
    "collections",
    "contextlib",
    "datetime",
    "decimal",
    "json",
    "math",
    "re",
    "secrets",
    "typing",
    "uuid",
    "zoneinfo",
    "__future__",
];
const THIRD_PARTY: [&str; 5] = [
    "django",
    "drf_spectacular",
    "rest_framework",
    "pytest",
    "PIL",
];

impl Imports {
    /// No imports; none may take a name that the file gives to something else.
    pub(super) fn new(taken: BTreeSet<String>, is_test: bool) -> Self {
        Self {
            taken,
            is_test,
            ..Self::default()
        }
    }

    /// Adds what an expression uses. What was added lives as long as this is added to.
    pub(super) fn add(&mut self, module: &ModulePath, name: Option<&Ident>) {
        let places = [module.dotted(), name.map_or("", Ident::as_str)]
            .map(|text| text.as_bytes().as_ptr_range());
        if self.added.contains(&places) {
            return;
        }
        if self.added.len() < MOST_PLACES {
            self.added.push(places);
        }
        // A file uses the same few names over and over; only the first use costs a copy.
        match name {
            Some(name) if self.is_kept_out(name) => {
                self.has_clashes = true;
                self.modules.insert(module.clone());
            }
            Some(name) => {
                let origins = self.origins.get(name);
                if !origins.is_some_and(|modules| modules.contains(module)) {
                    let names = self.names.entry(module.clone()).or_default();
                    names.insert(name.clone());
                    let origins = self.origins.entry(name.clone()).or_default();
                    origins.insert(module.clone());
                    self.has_clashes |= origins.len() > 1 || self.taken.contains(name.as_str());
                }
            }
            None if self.modules.contains(module) => {}
            None => {
                self.has_clashes |= self.taken.contains(module.dotted());
                self.modules.insert(module.clone());
            }
        }
    }

    fn is_kept_out(&self, name: &Ident) -> bool {
        self.is_test && (name.as_str().starts_with("test") || name.as_str().starts_with("Test"))
    }

    /// How the file calls what it imports: another name where its own is taken.
    pub(super) fn spelling<'n>(
        &self,
        module: &'n ModulePath,
        name: Option<&'n Ident>,
    ) -> Cow<'n, str> {
        let own = name.map_or(module.dotted(), Ident::as_str);
        if !self.has_clashes {
            return Cow::Borrowed(own);
        }
        if let Some(name) = name.filter(|name| self.is_kept_out(name)) {
            return Cow::Owned(format!("{}.{name}", self.spelling(module, None)));
        }
        // Of several modules the first keeps the name.
        let origins = name.and_then(|name| self.origins.get(name));
        let earlier = origins.map_or(0, |modules| {
            modules.iter().take_while(|other| *other < module).count()
        });
        if earlier > 0 || self.taken.contains(own) {
            // Each of them the next name that nobody has: two would else meet at one.
            let mut other = own.to_owned();
            let mut before = earlier;
            while before > 0 || self.taken.contains(&other) {
                before -= usize::from(!self.taken.contains(&other));
                other.push('_');
            }
            return Cow::Owned(other);
        }
        Cow::Borrowed(own)
    }

    /// The import statements, sorted as ruff sorts them; a blank line between the sections.
    pub(super) fn print(&self) -> String {
        let sections: Vec<String> = (0..3)
            .map(|section| self.section(section))
            .filter(|text| !text.is_empty())
            .collect();
        sections.join("\n")
    }

    fn section(&self, wanted: usize) -> String {
        let mut out = String::new();
        for module in self.modules.iter().filter(|m| section_of(m) == wanted) {
            let own = module.dotted();
            let spelling = self.spelling(module, None);
            if own == spelling {
                let _ = writeln!(out, "import {own}");
            } else {
                let _ = writeln!(out, "import {own} as {spelling}");
            }
        }
        let mut modules: Vec<_> = self
            .names
            .iter()
            .filter(|(module, _)| section_of(module) == wanted)
            .collect();
        modules.sort_by(|(a, _), (b, _)| natural(a.dotted(), b.dotted()));
        for (module, names) in modules {
            self.from(module.dotted(), module, names, &mut out);
        }
        out
    }

    fn from(&self, dotted: &str, module: &ModulePath, names: &BTreeSet<Ident>, out: &mut String) {
        let mut names: Vec<&Ident> = names.iter().collect();
        names.sort_by(|a, b| by_kind(a.as_str(), b.as_str()));
        let (plain, renamed): (Vec<&Ident>, Vec<&Ident>) = names
            .into_iter()
            .partition(|name| self.spelling(module, Some(name)) == name.as_str());
        let mut statements: Vec<(&str, String)> = Vec::new();
        for name in renamed {
            let spelling = self.spelling(module, Some(name));
            let line = format!("from {dotted} import {name} as {spelling}\n");
            statements.push((name.as_str(), line));
        }
        if let Some(first) = plain.first() {
            let listed: Vec<&str> = plain.iter().map(|name| name.as_str()).collect();
            let line = format!("from {dotted} import {}\n", listed.join(", "));
            let line = if width(&line) <= LIMIT + 1 {
                line
            } else {
                format!(
                    "from {dotted} import (\n    {},\n)\n",
                    listed.join(",\n    ")
                )
            };
            statements.push((first.as_str(), line));
        }
        // Statements about one module stand in the order of their first names.
        statements.sort_by(|(a, _), (b, _)| by_kind(a, b));
        out.extend(statements.into_iter().map(|(_, line)| line));
    }
}

fn section_of(module: &ModulePath) -> usize {
    if STANDARD.contains(&module.root()) {
        0
    } else if THIRD_PARTY.contains(&module.root()) {
        1
    } else {
        2
    }
}

/// Sorts names as ruff sorts them in `__all__`: as in imports, but capitals come before small letters.
pub fn sort_names(names: &mut [&str]) {
    names.sort_by(|a, b| kind(a).cmp(&kind(b)).then_with(|| numbers_by_value(a, b)));
}

/// Constants, then classes, then the rest.
fn by_kind(a: &str, b: &str) -> Ordering {
    kind(a).cmp(&kind(b)).then_with(|| natural(a, b))
}

fn kind(name: &str) -> u8 {
    if name.chars().count() > 1 && name.chars().all(|c| !c.is_lowercase()) {
        0
    } else if name.chars().next().is_some_and(char::is_uppercase) {
        1
    } else {
        2
    }
}

/// Letters without regard to case, numbers by value.
fn natural(a: &str, b: &str) -> Ordering {
    numbers_by_value(&a.to_lowercase(), &b.to_lowercase()).then_with(|| a.cmp(b))
}

fn numbers_by_value(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a.chars().peekable(), b.chars().peekable());
    loop {
        let order = match (left.peek().copied(), right.peek().copied()) {
            (None, None) => return a.cmp(b),
            (x, y)
                if x.is_some_and(|c| c.is_ascii_digit())
                    && y.is_some_and(|c| c.is_ascii_digit()) =>
            {
                number(&mut left).cmp(&number(&mut right))
            }
            (x, y) => {
                left.next();
                right.next();
                x.cmp(&y)
            }
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

fn number(characters: &mut std::iter::Peekable<std::str::Chars<'_>>) -> u128 {
    let mut value: u128 = 0;
    while let Some(digit) = characters.peek().and_then(|c| c.to_digit(10)) {
        value = value.saturating_mul(10).saturating_add(u128::from(digit));
        characters.next();
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_names_are_sorted_by_capitals_too() {
        let mut names = [
            "Testimonial",
            "Thing10",
            "TestResult",
            "thing",
            "Thing9",
            "URL",
        ];
        sort_names(&mut names);
        let sorted = [
            "URL",
            "TestResult",
            "Testimonial",
            "Thing9",
            "Thing10",
            "thing",
        ];
        assert_eq!(names, sorted);
    }

    #[test]
    fn a_taken_name_of_two_modules_has_two_spellings() {
        let (one, other) = (ModulePath::new("apps.choices"), ModulePath::new("uuid"));
        let name = Ident::from("UUID");
        for (taken, spellings) in [
            (vec![], ["UUID", "UUID_"]),
            (vec!["UUID"], ["UUID_", "UUID__"]),
            (vec!["UUID", "UUID_"], ["UUID__", "UUID___"]),
            (vec!["UUID_"], ["UUID", "UUID__"]),
        ] {
            let mut imports = Imports::new(taken.into_iter().map(str::to_owned).collect(), false);
            imports.add(&one, Some(&name));
            imports.add(&other, Some(&name));
            let found = [&one, &other].map(|module| imports.spelling(module, Some(&name)));
            assert_eq!(found, spellings);
        }
    }
}
