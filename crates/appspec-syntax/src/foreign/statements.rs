//! Statements of other languages that no item stands for: policies and triggers of SQL, options of JDL, code. Each is
//! answered for all that it holds, and all that mean the same are one finding.

use super::lines::words;

/// A statement, and what to say about it.
pub(crate) struct Statement {
    /// How many bytes its first words have.
    pub(crate) head: usize,
    /// How many bytes it has.
    pub(crate) length: usize,
    /// What the words are about here.
    pub(crate) meant: &'static str,
    /// What to do.
    pub(crate) help: &'static str,
}

/// The statement that begins here, at the start of a line.
pub(crate) fn statement(text: &str) -> Option<Statement> {
    let line = text.lines().next().unwrap_or("");
    if super::choices::choices(line).is_some() {
        return None;
    }
    // Its other parts change a table, which is said of the entity.
    let is_policy = words(line, "alter table").is_some()
        && line.to_ascii_lowercase().contains("row level security");
    for (starts, kind, meant, help) in STATEMENTS {
        let head = starts.iter().find_map(|start| match *start {
            "alter table" if !is_policy => None,
            start => head(line, start),
        });
        let Some(head) = head.filter(|head| kind.fits(line, *head)) else {
            continue;
        };
        return Some(Statement {
            head,
            length: kind.length(text),
            meant,
            help,
        });
    }
    None
}

/// `@dataclass` has a sign before its word, `module.exports` one inside.
fn head(line: &str, start: &str) -> Option<usize> {
    if start.starts_with('@') {
        return line.starts_with(start).then(|| {
            let end =
                line.find(|it: char| !(it.is_alphanumeric() || matches!(it, '@' | '_' | '.')));
            end.unwrap_or(line.len())
        });
    }
    words(line, start)
}

/// How far a statement goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// To its `;`, or to a blank line.
    Sql,
    /// `dto * with mapstruct`: a line.
    Jdl,
    /// `type Query {`, `scalar Money`: to the end of its brackets.
    Schema,
    /// `const x = …`: to the end of its brackets.
    Code,
    /// A line.
    Decorator,
}

impl Kind {
    /// Whether the line is such a statement, and no item with a slip in it.
    fn fits(self, line: &str, head: usize) -> bool {
        let behind = line.get(head..).unwrap_or("");
        match self {
            Self::Jdl => behind.contains(" with ") || behind.trim_start().starts_with(['*', '"']),
            Self::Code => behind.contains(['=', '(']),
            Self::Schema => {
                let behind = behind.trim();
                behind.starts_with(['{', '@'])
                    || (line.starts_with("scalar ") && !behind.contains([':', ' ']))
            }
            Self::Sql => !behind.trim_start().starts_with([':', '=']),
            Self::Decorator => true,
        }
    }

    fn length(self, text: &str) -> usize {
        let line = text.find(['\n', '\r']).unwrap_or(text.len());
        match self {
            Self::Jdl | Self::Decorator => line,
            Self::Sql => sql(text),
            Self::Code | Self::Schema => code(text).max(line),
        }
    }
}

/// To the `;` that stands in no quotes. The body of a function stands between two `$$`.
fn sql(text: &str) -> usize {
    let (mut at, mut dollars) = (0, None);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if let Some(mark) = dollar_quote(rest) {
            dollars = match dollars {
                None => Some(mark),
                Some(open) if open == mark => None,
                open => open,
            };
            at += mark.len();
            continue;
        }
        if dollars.is_none() {
            if rest.starts_with(';') {
                return at + 1;
            }
            if ends_without_sign(rest) {
                return indented(text).min(at);
            }
            if rest.starts_with(['\'', '"']) {
                at += super::parts::quoted(rest).max(1);
                continue;
            }
        }
        at += rest.chars().next().map_or(1, char::len_utf8);
    }
    indented(text)
}

/// The first line and those below it that are indented: all that a statement without its `;` can claim.
fn indented(text: &str) -> usize {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if at > 0 && !line.starts_with([' ', '\t']) {
            break;
        }
        at += line.len();
    }
    text.get(..at).unwrap_or(text).trim_end().len()
}

/// `$$` or `$body$` at the start.
fn dollar_quote(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('$')?;
    let end = inner.find('$')?;
    let tag = inner.get(..end)?;
    tag.chars()
        .all(|it| it.is_alphanumeric() || it == '_')
        .then(|| text.get(..end + 2))
        .flatten()
}

/// Whether a line ends here, and the next one is blank or begins an item, of ours or of a language that is not SQL.
fn ends_without_sign(text: &str) -> bool {
    let Some(next) = text.strip_prefix('\n') else {
        return false;
    };
    let bare = next.trim_start_matches([' ', '\t', '\r']);
    let is_item = ITEMS.iter().any(|word| words(next, word).is_some());
    bare.starts_with('\n') || bare.is_empty() || next.starts_with('}') || is_item
}

const ITEMS: &[&str] = &[
    "class",
    "create table",
    "entity",
    "enum",
    "export",
    "extend",
    "import",
    "interface",
    "mixin",
    "model",
    "predicate",
    "project",
    "seed",
    "struct",
    "type",
    "use",
];

/// To the end of the line on which all of its brackets are closed.
fn code(text: &str) -> usize {
    let (mut at, mut depth) = (0, 0_i32);
    while let Some(it) = text.get(at..).and_then(|rest| rest.chars().next()) {
        match it {
            '\'' | '"' => {
                at += super::parts::quoted(text.get(at..).unwrap_or("")).max(1);
                continue;
            }
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            '\n' if depth <= 0 => return at,
            _ => {}
        }
        at += it.len_utf8();
    }
    text.len()
}

type Row = (&'static [&'static str], Kind, &'static str, &'static str);

const STATEMENTS: &[Row] = &[
    (
        &[
            "alter table",
            "create policy",
            "alter policy",
            "drop policy",
            "grant",
            "revoke",
            "create role",
        ],
        Kind::Sql,
        "says: who may see and change which rows can't be said in this version of appspec",
        "leave it out: until then only a superuser can enter the admin site, and there is no other way in",
    ),
    (
        &[
            "create trigger",
            "create or replace trigger",
            "create constraint trigger",
            "create function",
            "create or replace function",
            "create procedure",
            "create or replace procedure",
            "drop trigger",
            "drop function",
            "do",
        ],
        Kind::Sql,
        "says: a spec holds no code of the database",
        "leave it out: a rule is an `invariant`, the moment of the last write a field `datetime touched`",
    ),
    (
        &[
            "create view",
            "create or replace view",
            "create materialized view",
        ],
        Kind::Sql,
        "says: a spec holds no queries",
        "leave it out: a value that follows from its row is `derive name: type = …`",
    ),
    (
        &[
            "create extension",
            "create schema",
            "create sequence",
            "create database",
            "comment on",
            "alter type",
            "alter function",
            "alter publication",
            "alter sequence",
            "drop table",
            "drop index",
            "drop type",
            "begin",
            "commit",
            "set",
        ],
        Kind::Sql,
        "nothing: `appspecc build` writes the migrations, and says there what the database needs",
        "leave it out",
    ),
    (
        &["insert into"],
        Kind::Sql,
        "a row of a `seed`, if every installation has it",
        "write `seed Entity { name { field: value } }`, or leave it out",
    ),
    (
        &["select", "update", "delete from"],
        Kind::Sql,
        "nothing: a spec says what rows there can be, and not what is done with them",
        "leave it out",
    ),
    (
        &[
            "dto",
            "service",
            "paginate",
            "search",
            "filter",
            "microservice",
            "skipClient",
            "skipServer",
            "angularSuffix",
            "clientRootFolder",
            "readOnly",
            "embed",
        ],
        Kind::Jdl,
        "nothing: `appspecc build` decides which layers are made",
        "leave it out",
    ),
    (
        &[
            "type Query",
            "type Mutation",
            "type Subscription",
            "extend type",
            "schema",
            "scalar",
            "directive",
        ],
        Kind::Schema,
        "says: a spec holds rows and their rules, and nothing of how they are asked for",
        "leave it out",
    ),
    (
        &["@"],
        Kind::Decorator,
        "nothing: an entity has no decorators",
        "leave it out",
    ),
    (
        &[
            "const",
            "let",
            "var",
            "function",
            "async function",
            "export const",
            "export type",
            "export default",
            "export function",
            "export async function",
            "module.exports",
            "def",
            "async def",
        ],
        Kind::Code,
        "says: a spec holds no code",
        "leave it out, or write it by hand in the built project",
    ),
];

#[cfg(test)]
mod tests {
    use super::statement;

    fn read(text: &str) -> Option<(&str, &str)> {
        let found = statement(text)?;
        Some((text.get(..found.head)?, text.get(..found.length)?))
    }

    #[test]
    fn statements_go_to_their_end() {
        let policy = "create policy \"a; b\"\n  on x for select\nusing (true);";
        assert_eq!(
            read(&format!("{policy}\nentity A {{}}")),
            Some(("create policy", policy))
        );
        let function = "create or replace function f()\nreturns trigger as $$\nbegin\n  x;\n\nend;\n$$ language plpgsql;";
        assert_eq!(
            read(&format!("{function}\n\nx")),
            Some(("create or replace function", function))
        );
        let open = "grant all on x to y";
        assert_eq!(
            read(&format!("{open}\n\nentity A {{}}")),
            Some(("grant", open))
        );
        let query = "select id\n  from x";
        assert_eq!(
            read(&format!("{query}\ncreate table y (\n  id int\n);")),
            Some(("select", query))
        );
        let code = "const f = (x) => {\n  return x;\n};";
        assert_eq!(
            read(&format!("{code}\nentity A {{}}")),
            Some(("const", code))
        );
        assert_eq!(
            read("@dataclass(frozen=True)\nclass A:"),
            Some(("@dataclass", "@dataclass(frozen=True)"))
        );
        assert_eq!(
            read("dto * with mapstruct\nx"),
            Some(("dto", "dto * with mapstruct"))
        );
    }

    #[test]
    fn slips_in_items_are_no_statements() {
        for item in [
            "service: text",
            "sett City {",
            "set = 3",
            "constant A {",
            "service Order {",
        ] {
            assert!(read(item).is_none(), "{item}");
        }
    }
}
