//! Which reference holds the key that another language keeps in a field of its own: `authorId` is `author`.

use super::lines::words;
use super::{names, parts, types};

/// The reference of an entity that another line says to be stored in this field: `fields: [authorId]`.
pub(super) fn by_key(text: &str, entity: Option<&str>, key: &str) -> Option<String> {
    text.match_indices("fields:")
        .take(MOST_ASKED)
        .find_map(|(at, found)| {
            let list = text
                .get(at + found.len()..)?
                .trim_start()
                .strip_prefix('[')?;
            let (keys, _) = list.split_once(']')?;
            let is_in = keys.len() < MOST_KEYS && keys.split(',').any(|it| it.trim() == key);
            let before = text.get(..at).filter(|_| is_in)?;
            let line = before.lines().next_back()?;
            if names::around(before).as_deref() != entity {
                return None;
            }
            Some(names::snake(parts::path(line.trim_start()).0))
        })
}

/// The reference that is called like the key, as it is written once it was mended: `author: User`.
pub(super) fn by_name(text: &str, entity: Option<&str>, key: &str) -> Option<String> {
    let name = names::reference(key);
    if name == key {
        return None;
    }
    let name = names::snake(name);
    let is_there = lines_of(text, entity, &name).any(|rest| {
        let ty = rest.trim_start_matches([':', ' ', '\t']);
        let (ty, _) = parts::path(ty);
        ty.starts_with(char::is_uppercase) && types::meant(ty).is_none()
    });
    is_there.then_some(name)
}

/// The reference that a column of SQL is: `customer_id int references customers(id)`.
fn by_column(text: &str, entity: Option<&str>, key: &str) -> Option<String> {
    let refers = |rest: &str| {
        let mut ends = rest.match_indices([' ', '\t']);
        ends.any(|(at, _)| {
            rest.get(at..)
                .is_some_and(|it| words(it, "references").is_some())
        })
    };
    lines_of(text, entity, key)
        .any(refers)
        .then(|| names::snake(names::reference(key)))
}

/// What a key of this name is called here: the reference that holds it, if there is one.
pub(super) fn field(text: &str, entity: Option<&str>, key: &str) -> String {
    by_key(text, entity, key)
        .or_else(|| by_column(text, entity, key))
        .or_else(|| by_name(text, entity, key))
        .unwrap_or_else(|| names::snake(key))
}

/// What follows this name on lines of an entity that begin with it.
fn lines_of<'t>(
    text: &'t str,
    entity: Option<&'t str>,
    name: &'t str,
) -> impl Iterator<Item = &'t str> {
    let found = text.match_indices(name).take(MOST_ASKED);
    found.filter_map(move |(at, _)| {
        let (before, behind) = text.split_at_checked(at)?;
        let start = before.rsplit('\n').next()?;
        let rest = behind.lines().next()?.get(name.len()..)?;
        let is_field = start.trim().is_empty() && rest.starts_with([':', ' ', '\t']);
        let is_here = is_field && names::around(before).as_deref() == entity;
        is_here.then_some(rest)
    })
}

const MOST_KEYS: usize = 200;
/// In a file with more of them, the others are not asked about each line.
const MOST_ASKED: usize = 100;

#[cfg(test)]
mod tests {
    use super::{by_key, field};

    #[test]
    fn other_lines_are_asked() {
        let text = "model Post {\n  author User @relation(fields: [authorId], references: [id])\n  tags Tag[]\n}\n";
        let post = Some("Post");
        assert_eq!(by_key(text, post, "authorId").as_deref(), Some("author"));
        assert_eq!(by_key(text, Some("Tag"), "authorId"), None);
        assert_eq!(by_key(text, post, "id"), None);
    }

    #[test]
    fn keys_are_called_like_their_references() {
        for (text, key, name) in [
            ("entity Post {\n  author: User\n}\n", "authorId", "author"),
            ("entity Post {\n  author: Int\n}\n", "authorId", "author_id"),
            ("entity Tag {\n  author: User\n}\n", "authorId", "author_id"),
            (
                "CREATE TABLE posts (\n  user_id int REFERENCES users(id)\n);\n",
                "user_id",
                "user",
            ),
            (
                "CREATE TABLE posts (\n  user_id int\n);\n",
                "user_id",
                "user_id",
            ),
        ] {
            assert_eq!(field(text, Some("Post"), key), name, "{text}");
        }
    }
}
