//! The standard library: `.appspec` files that are part of the compiler.

/// One module of the standard library.
#[derive(Debug)]
pub struct StdModule {
    /// Its dotted name: `std.auth`.
    pub path: &'static str,
    /// The name by which backends call it.
    pub label: &'static str,
    /// The path that messages show.
    pub file: &'static str,
    /// The text.
    pub text: &'static str,
}

/// The module that every spec has, because people sign in: it declares the user entity.
pub(crate) const AUTH: &str = "std.auth";

/// The entity of [`AUTH`] whose rows are the people who sign in.
pub(crate) const USER: &str = "User";

macro_rules! std_modules {
    ($($name:literal as $label:literal;)*) => {
        &[$(StdModule {
            path: concat!("std.", $name),
            label: $label,
            file: concat!("std/", $name, ".appspec"),
            text: include_str!(concat!("../stdlib/", $name, ".appspec")),
        }),*]
    };
}

// `auth` is taken by a Django app of that name, and a package `time` would hide behind Python's own module.
static MODULES: &[StdModule] = std_modules! {
    "address" as "address";
    "auth" as "accounts";
    "money" as "money";
    "text" as "text";
    "time" as "times";
};

/// All modules of the standard library, in alphabetical order.
pub fn std_modules() -> &'static [StdModule] {
    MODULES
}

/// The module with this dotted name; `std.` may be left out.
pub fn std_module(path: &str) -> Option<&'static StdModule> {
    let name = path.strip_prefix("std.").unwrap_or(path);
    MODULES
        .iter()
        .find(|module| module.path.strip_prefix("std.") == Some(name))
}

/// The module that declares a name. Reads the texts: a module that nobody uses is not parsed.
pub(crate) fn module_declaring(name: &str) -> Option<&'static StdModule> {
    MODULES.iter().find(|module| {
        module.text.lines().any(|line| {
            let mut words = line.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
            let is_item = matches!(
                words.next(),
                Some("type" | "enum" | "mixin" | "entity" | "role")
            );
            is_item && words.next() == Some(name)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{AUTH, module_declaring, std_module, std_modules};

    #[test]
    fn declarations_are_found_without_parsing() {
        let path = |name| module_declaring(name).map(|module| module.path);
        assert_eq!(path("Timestamped"), Some("std.time"));
        assert_eq!(path("Weekday"), Some("std.time"));
        assert_eq!(path("CountryCode"), Some("std.address"));
        assert_eq!(path("street"), None);
    }

    #[test]
    fn modules_are_found_with_and_without_prefix() {
        assert_eq!(std_module("std.auth").map(|module| module.path), Some(AUTH));
        assert_eq!(
            std_module("auth").map(|module| module.label),
            Some("accounts")
        );
        assert!(std_module("nothing").is_none());
    }

    #[test]
    fn modules_are_sorted_and_documented() {
        assert!(std_modules().is_sorted_by_key(|module| module.path));
        for module in std_modules() {
            assert!(
                module.text.starts_with("//"),
                "{} says what it is for",
                module.path
            );
        }
    }
}
