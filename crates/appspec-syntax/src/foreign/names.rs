//! What tables and columns of other languages are called here.

use super::items::{before_keyword, name_of};
use super::lines::words;
use super::{headers, ruby};

/// The entity for a table: `order_items` is `OrderItem`.
pub(crate) fn entity(table: &str) -> String {
    let name = table.trim_matches(['"', '`', '\'', '[', ']']);
    let name = name.rsplit('.').next().unwrap_or(name);
    let name = name.trim_matches(['"', '`', '\'', '[', ']']);
    if name.starts_with(|it: char| it.is_uppercase()) && name.contains(|it: char| it.is_lowercase())
    {
        return name.to_owned();
    }
    let mut words: Vec<String> = name
        .split(['_', '-', ' '])
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    if let Some(last) = words.last_mut() {
        *last = singular(last);
    }
    words.iter().map(|word| capital(word)).collect()
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|it| it.to_uppercase().to_string());
    format!("{}{}", first.unwrap_or_default(), letters.as_str())
}

fn singular(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        return format!("{stem}y");
    }
    let hissing = ["sses", "shes", "ches", "xes", "zes"];
    if hissing.iter().any(|end| word.ends_with(end)) {
        return word.strip_suffix("es").unwrap_or(word).to_owned();
    }
    let kept = ["ss", "us", "is", "news", "series"];
    match word.strip_suffix('s') {
        Some(stem) if stem.len() > 1 && !kept.iter().any(|end| word.ends_with(end)) => {
            stem.to_owned()
        }
        _ => word.to_owned(),
    }
}

/// What one of several is called: `order_lines` is `order_line`, and of what has no plural its first letter.
pub(super) fn one(several: &str) -> String {
    let one = singular(several);
    if one == several {
        several.chars().take(1).collect()
    } else {
        one
    }
}

/// The reference for a column that holds a key: `user_id` and `userId` are `user`.
pub(super) fn reference(column: &str) -> &str {
    let stem = ["_id", "Id", "_ID", "ID", "_uuid"];
    let stem = stem.iter().find_map(|end| column.strip_suffix(end));
    stem.filter(|stem| !stem.is_empty()).unwrap_or(column)
}

/// A name as fields are called here: `createdAt` is `created_at`.
pub(super) fn snake(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut out = String::new();
    for (at, it) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| letters.get(at));
        let is_after_small = before.is_some_and(|it| it.is_lowercase() || it.is_ascii_digit());
        let begins_word = before.is_some_and(|it| it.is_uppercase())
            && letters.get(at + 1).is_some_and(|it| it.is_lowercase());
        if it.is_uppercase() && (is_after_small || begins_word) {
            out.push('_');
        }
        out.extend(it.to_lowercase());
    }
    out
}

/// A name without the quotes of another language, if it is one here.
pub(super) fn plain(name: &str) -> Option<&str> {
    let name = name.trim_matches(['"', '`', '\'', '[', ']']);
    let starts = name.starts_with(|it: char| it.is_alphabetic() || it == '_');
    (starts && name.chars().all(|it| it.is_alphanumeric() || it == '_')).then_some(name)
}

/// The entity whose block the end of a text is in, by what its headers say.
pub(super) fn around(before: &str) -> Option<String> {
    before.lines().rev().take(400).find_map(|line| {
        if line.starts_with([' ', '\t']) {
            return None;
        }
        if let Some(header) = headers::header(line) {
            return Some(header.entity);
        }
        if let Some((_, entity)) = ruby::header(line) {
            return Some(entity);
        }
        let header = line.get(before_keyword(line)..)?;
        let keywords = [
            "create table",
            "entity",
            "model",
            "class",
            "interface",
            "struct",
            "table",
        ];
        let length = keywords.iter().find_map(|it| words(header, it))?;
        name_of(header.get(length..)?)
    })
}

#[cfg(test)]
mod tests {
    use super::{around, entity, reference, snake};

    #[test]
    fn tables_and_columns() {
        for (table, name) in [
            ("users", "User"),
            ("order_items", "OrderItem"),
            ("categories", "Category"),
            ("public.\"addresses\"", "Address"),
            ("boxes", "Box"),
            ("status", "Status"),
            ("houses", "House"),
            ("UserProfile", "UserProfile"),
            ("NEWS", "News"),
        ] {
            assert_eq!(entity(table), name);
        }
        assert_eq!(snake("createdAt"), "created_at");
        assert_eq!(snake("userID"), "user_id");
        assert_eq!(snake("HTMLBody"), "html_body");
        assert_eq!(snake("line_1"), "line_1");
        assert_eq!(reference("user_id"), "user");
        assert_eq!(reference("authorId"), "author");
        assert_eq!(reference("id"), "id");
        assert_eq!(
            around("model Post {\n  id Int\n  ").as_deref(),
            Some("Post")
        );
        for header in [
            "export interface Post {",
            "CREATE TABLE IF NOT EXISTS posts (",
            "entity Post with Dated {",
        ] {
            assert_eq!(around(&format!("{header}\n  id")).as_deref(), Some("Post"));
        }
        assert_eq!(around("a\n"), None);
    }
}
