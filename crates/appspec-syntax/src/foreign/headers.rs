//! Headers of blocks that are entities here and begin with the words of a library: `const User = z.object({`.

use super::lines::words;
use super::{Dialect, names};

/// A header, the language of the lines in its block, and the entity that it is.
pub(super) struct Header {
    /// How many bytes its words have.
    pub(super) length: usize,
    /// Where the lines of the block begin.
    pub(super) open: usize,
    pub(super) dialect: Dialect,
    pub(super) entity: String,
}

/// The header that begins here.
pub(super) fn header(text: &str) -> Option<Header> {
    let line = text.lines().next().unwrap_or("");
    let line = line.get(..line.len().min(super::LONGEST))?;
    graphql(line).or_else(|| script(line))
}

/// `type Order @auth(rules: […]) {`, `input OrderInput {`
fn graphql(line: &str) -> Option<Header> {
    let length = words(line, "type").or_else(|| words(line, "input"))?;
    let (name, behind) = name(line.get(length..)?)?;
    let open = line.trim_end().strip_suffix('{')?.len();
    let is_header = behind.starts_with(['{', '@']) || words(behind, "implements").is_some();
    // What is called with these is no row.
    let is_row = !["Query", "Mutation", "Subscription"].contains(&name);
    (is_header && is_row).then(|| Header {
        length,
        open: open + 1,
        dialect: Dialect::GraphQl,
        entity: names::entity(name),
    })
}

/// `export type Line = {`, `const userSchema = new mongoose.Schema({`, `export const users = pgTable("users", {`
fn script(line: &str) -> Option<Header> {
    let start = words(line, "export").unwrap_or(0);
    let keyword = line.get(start..)?;
    let is_type = words(keyword, "type");
    let length = start + is_type.or_else(|| words(keyword, "const"))?;
    let (name, behind) = name(line.get(length..)?)?;
    let value = behind.strip_prefix('=')?.trim_start();
    let open = line.trim_end().strip_suffix('{')?.len() + 1;
    let is_known = if is_type.is_some() {
        value.trim_end() == "{"
    } else {
        MAKERS.iter().any(|maker| value.starts_with(maker))
    };
    let stem = ["Schema", "_schema", "Model"]
        .iter()
        .find_map(|end| name.strip_suffix(end))
        .filter(|stem| !stem.is_empty());
    is_known.then(|| Header {
        length,
        open,
        dialect: Dialect::Script,
        entity: names::entity(&capital(stem.unwrap_or(name))),
    })
}

/// What makes a schema of an object.
const MAKERS: &[&str] = &[
    "z.object(",
    "new mongoose.Schema(",
    "mongoose.Schema(",
    "new Schema(",
    "Schema(",
    "pgTable(",
    "mysqlTable(",
    "sqliteTable(",
    "yup.object(",
    "Joi.object(",
];

/// The name at the start, and what follows it.
fn name(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let end = text.find(|it: char| !(it.is_ascii_alphanumeric() || it == '_'))?;
    let (name, behind) = text.split_at_checked(end)?;
    (!name.is_empty()).then_some((name, behind.trim_start()))
}

fn capital(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|it| it.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
