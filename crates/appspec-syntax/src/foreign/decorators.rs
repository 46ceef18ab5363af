//! `@unique` and `@Column({ length: 80 })` on lines of their own, above the field that they are about.

use super::lines::Answer;
use super::{Around, constraints, is_member, names, parts, shortened};

/// One of them: its name in small letters without what it belongs to, and what stands in its brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decorator<'t> {
    pub(super) written: &'t str,
    pub(super) name: &'t str,
    pub(super) arguments: &'t str,
}

/// The decorator at the start of a text, and what follows it.
fn read(text: &str) -> Option<(Decorator<'_>, &str)> {
    let behind = text.strip_prefix('@')?;
    let (name, rest) = parts::path(behind);
    (!name.is_empty()).then_some(())?;
    let (arguments, rest) = parts::group(rest).unwrap_or(("", rest));
    let written = text.get(..text.len() - rest.len())?;
    let name = name.rsplit('.').next().unwrap_or(name);
    let decorator = Decorator {
        written,
        name,
        arguments,
    };
    Some((decorator, rest))
}

/// Those directly above a line, the nearest one first. `before` ends where the line begins.
pub(super) fn above(before: &str) -> Vec<Decorator<'_>> {
    let mut found = Vec::new();
    let mut rest = before;
    while found.len() < MOST {
        rest = rest.trim_end_matches([' ', '\t']);
        let Some(at) = last(rest) else { break };
        let Some((decorator, behind)) = rest.get(at..).and_then(read) else {
            break;
        };
        // It stands on a line of its own, with nothing between it and the next one.
        let is_alone = behind.trim().is_empty() && behind.matches('\n').count() == 1;
        if !is_alone {
            break;
        }
        found.push(decorator);
        rest = rest.get(..at).unwrap_or("");
    }
    found
}

/// A field has a few.
const MOST: usize = 20;

/// How far back the beginning of one is looked for.
const FARTHEST: usize = 1_000;

/// Where the last line begins that could be the first one of a decorator.
fn last(text: &str) -> Option<usize> {
    let mut end = text.len();
    while end > 0 && text.len() - end < FARTHEST {
        let start = text.get(..end)?.trim_end_matches('\n');
        let start = start.rfind('\n').map_or(0, |at| at + 1);
        let line = text.get(start..end)?;
        let content = line.trim_start();
        if content.starts_with('@') && !content.starts_with("@@") {
            return Some(start + line.len() - content.len());
        }
        if content.trim().is_empty() || start == 0 {
            return None;
        }
        end = start;
    }
    None
}

/// A line of an entity that is a decorator.
pub(super) fn member(line: &str, around: &Around<'_>) -> Option<Answer> {
    let (decorator, rest) = read(line)?;
    let rest = parts::without_remark(rest).trim_end_matches([',', ';']);
    if let Some(keys) = decorator.keys(around) {
        let is_whole = rest.trim().is_empty();
        return Some(Answer {
            length: decorator.written.len(),
            meant: format!("`{keys}`"),
            help: Some(format!("write `{keys}`")),
            edit: is_whole.then_some(keys),
        });
    }
    let beside = rest.trim();
    let field = if beside.is_empty() {
        below(around.behind)
    } else {
        beside
    };
    let clause = decorator.clause();
    let Some(clause) = clause else {
        return Some(decorator.other());
    };
    let meant = format!("`{clause}` behind the type of its field");
    let ours = format!("{field} {clause}");
    let is_field = !field.is_empty() && is_member(field) && is_member(&ours);
    let where_to = if beside.is_empty() {
        ", and remove this line"
    } else {
        ""
    };
    let help = if is_field {
        format!("write `{ours}`{where_to}")
    } else {
        format!("write `{clause}` behind the type of the field that it is about{where_to}")
    };
    Some(Answer {
        length: decorator.written.len(),
        meant,
        help: Some(help),
        edit: None,
    })
}

/// The member below a line, past other decorators.
fn below(behind: &str) -> &str {
    let lines = behind.lines().skip(1).map(str::trim).take(MOST);
    let mut members = lines.filter(|line| !line.starts_with(['@', '/']));
    let line = members.next().unwrap_or("");
    parts::without_remark(line)
}

impl Decorator<'_> {
    fn is(&self, names: &[&str]) -> bool {
        names.iter().any(|it| it.eq_ignore_ascii_case(self.name))
    }

    /// `@unique([a, b])`: what lists fields is about them, wherever it stands.
    pub(super) fn keys(&self, around: &Around<'_>) -> Option<String> {
        let kind = if self.is(&["unique", "uniqueconstraint"]) {
            "unique"
        } else if self.is(&["index"]) {
            "index"
        } else {
            return None;
        };
        let listed = parts::arguments(self.arguments);
        let are_names = !listed.is_empty() && listed.iter().all(|it| names::plain(it) == Some(*it));
        // `@Index("name", { … })` has the name of an index.
        let is_list = listed.iter().any(|it| it.starts_with('['))
            && listed.iter().all(|it| it.starts_with(['[', '"', '\'']));
        if !are_names && !is_list {
            return None;
        }
        let line = format!("@@{kind}({})", self.arguments);
        let entity = around.entity();
        constraints::keys(&line, around.whole, entity.as_deref())
    }

    /// The one clause that says the same.
    fn clause(&self) -> Option<String> {
        let is_bare = self.arguments.is_empty();
        let clause = match self.name.to_ascii_lowercase().as_str() {
            "unique" if is_bare => "unique",
            "immutable" | "readonly" | "final" if is_bare => "immutable",
            "index" | "indexed" if is_bare => "indexed",
            "createdatecolumn" | "creationtimestamp" | "createdat" => "= now()",
            "updatedatecolumn" | "updatetimestamp" | "updatedat" => "= now() touched",
            "default" => {
                let value = parts::unquoted(self.arguments)
                    .map_or_else(|| self.arguments.to_owned(), |inner| format!("\"{inner}\""));
                return is_member(&format!("x: text = {value}")).then(|| format!("= {value}"));
            }
            "min" if super::values::is_number(self.arguments) => {
                return Some(format!("in {}..", self.arguments));
            }
            "max" if super::values::is_number(self.arguments) => {
                return Some(format!("in ..{}", self.arguments));
            }
            _ => return None,
        };
        Some(clause.to_owned())
    }

    /// What says the same as one that no clause stands for.
    fn other(&self) -> Answer {
        let (meant, help) = match self.name.to_ascii_lowercase().as_str() {
            "id" | "primarykey" | "primarycolumn" | "primarygeneratedcolumn" | "generatedvalue" => {
                (
                    "nothing: every entity has a key `id` of its own",
                    "remove this line, and the field of the key",
                )
            }
            "notnull" | "notblank" | "nonnull" | "notempty" | "isnotempty" | "required" => (
                "said by a field without `?`",
                "remove this line, and a `?` behind the type of the field below",
            ),
            "nullable" | "optional" | "isoptional" => (
                "`?` directly behind the type",
                "write `?` directly behind the type of the field below, and remove this line",
            ),
            "length" | "size" | "maxlength" => (
                "the number behind the type: `text(80)`",
                "write the length behind the type of the field below, such as `text(80)`, and remove this line",
            ),
            "column" | "field" | "prop" | "property" if self.arguments.is_empty() => {
                ("nothing: a field has no decorators", "remove this line")
            }
            "manytoone" | "onetoone" | "onetomany" | "manytomany" | "joincolumn" | "jointable" => (
                "the name of the other entity as the type: `author: Author on delete cascade`",
                "write the name of the other entity as the type of the field below, and remove this line",
            ),
            _ => (
                "words behind the type of a field, without `@`",
                "write what it says behind the type of the field below, such as `text(80)?`, `= value`, `in 0..100` or `unique`, and remove this line",
            ),
        };
        Answer {
            length: self.written.len(),
            meant: meant.to_owned(),
            help: Some(help.to_owned()),
            edit: None,
        }
    }

    /// What its options say, `{ length: 80 }` or `length = 80`.
    pub(super) fn options(&self) -> Vec<(&str, &str)> {
        let inside = self.arguments.trim();
        let object = inside.rfind('{').filter(|_| inside.ends_with('}'));
        let inside = match object {
            Some(start) => inside.get(start + 1..inside.len() - 1).unwrap_or(""),
            None => inside,
        };
        let options = parts::arguments(inside).into_iter().filter_map(|it| {
            let end = it.find([':', '='])?;
            let (key, value) = (it.get(..end)?.trim(), it.get(end + 1..)?.trim());
            (names::plain(key) == Some(key)).then_some((key, value))
        });
        options.collect()
    }

    /// How it is told.
    pub(super) fn shown(&self) -> String {
        shortened(self.written)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Around;
    use super::{above, member};

    /// What is said of a line, and the edit.
    fn told(line: &str, behind: &str) -> (String, Option<String>) {
        let around = Around {
            dialect: None,
            before: "entity A {\n  a: int\n  ",
            behind,
            whole: "entity A {\n  a: int\n",
        };
        let found = member(line, &around).unwrap();
        (found.help.unwrap(), found.edit)
    }

    #[test]
    fn what_lists_fields_is_a_set() {
        for written in [
            "@unique([a, bCd])",
            "@Unique(\"name\", [\"a\", \"bCd\"])",
            "@unique(a, b_cd)",
        ] {
            let wanted = "unique (a, b_cd)".to_owned();
            let help = format!("write `{wanted}`");
            assert_eq!(told(written, "\n}"), (help, Some(wanted)), "{written}");
        }
    }

    #[test]
    fn what_stands_above_a_field_is_about_it() {
        let alone = |help: &str| (help.to_owned(), None);
        assert_eq!(
            told("@Unique", "\n  @NotNull\n  email: text(80) // why\n}"),
            alone("write `email: text(80) unique`, and remove this line")
        );
        assert_eq!(
            told("@immutable", "\n}"),
            alone(
                "write `immutable` behind the type of the field that it is about, and remove this line"
            )
        );
        assert_eq!(
            told("@unique email: text(80)", "\n}"),
            alone("write `email: text(80) unique`")
        );
        assert_eq!(
            told("@NotNull", "\n  age: int?\n}"),
            alone("remove this line, and a `?` behind the type of the field below")
        );
    }

    #[test]
    fn those_above_a_line() {
        let written = |before: &str| -> Vec<String> {
            let found = above(before).into_iter();
            found.map(|it| it.written.to_owned()).collect()
        };
        assert_eq!(
            written("  a: int\n  @Column({\n    length: 80,\n  })\n  @Index()\n  "),
            ["@Index()", "@Column({\n    length: 80,\n  })"]
        );
        assert_eq!(written("  @Index()\n\n  "), [""; 0]);
        assert_eq!(written("  @Index() b: int\n  "), [""; 0]);
        assert_eq!(written("@Index()\n"), ["@Index()"]);
        assert_eq!(written(""), [""; 0]);
    }

    #[test]
    fn options() {
        let found = above("@Column({ length: 80, unique: true })\n");
        let found = found.first().unwrap();
        assert_eq!(found.options(), [("length", "80"), ("unique", "true")]);
        let found = above("@Column(length = 80)\n");
        assert_eq!(found.first().unwrap().options(), [("length", "80")]);
        let found = above("@ManyToOne(() => City, { onDelete: 'CASCADE' })\n");
        assert_eq!(
            found.first().unwrap().options(),
            [("onDelete", "'CASCADE'")]
        );
    }
}
