//! `name Type …`, as Prisma, SQL and JDL write it.

use super::super::{Around, Dialect, lines, names, parts, serial, types};
use super::Field;
use parts::Part;

/// `name Type …`, as Prisma, SQL and JDL write it.
pub(super) fn read(line: &str, around: &Around<'_>) -> Option<Field> {
    let (first, rest) = parts::next(line)?;
    let name = match first {
        Part::Word(name) | Part::Quoted(name) => names::plain(name)?,
        _ => return None,
    };
    if NO_FIELDS.contains(&name.to_ascii_lowercase().as_str()) {
        return None;
    }
    let (second, mut rest) = parts::next(rest)?;
    let (word, arguments) = match second {
        Part::Word(word) => (word, None),
        Part::Call(word, arguments) => (word, Some(arguments)),
        _ => return None,
    };
    for (word, behind) in [
        ("double", "precision"),
        ("character", "varying"),
        ("timestamp", "with time zone"),
        ("timestamp", "without time zone"),
        ("time", "with time zone"),
        ("time", "without time zone"),
    ] {
        let is_long = parts::path(line.get(name.len()..)?.trim_start())
            .0
            .eq_ignore_ascii_case(word);
        if is_long && let Some(length) = lines::words(rest, behind) {
            rest = rest.get(length..)?.trim_start();
        }
    }
    // `character varying(255)`
    let size = parts::group(rest).filter(|_| word.eq_ignore_ascii_case("character"));
    let arguments = size.map(|(inside, _)| inside).or(arguments);
    rest = size.map_or(rest, |(_, behind)| behind.trim_start());
    let mut field = Field {
        name: name.to_owned(),
        ..Field::default()
    };
    let dialect = around.dialect.or_else(|| dialect(word, rest));
    field.set_type(word, arguments, dialect)?;
    field.clauses(rest, dialect, around)?;
    let is_told = field.is_foreign || around.dialect.is_some();
    is_told.then_some(field)
}

/// Words that begin other members, here or elsewhere.
const NO_FIELDS: &[&str] = &[
    "shown",
    "sorted",
    "unique",
    "index",
    "identified",
    "derive",
    "invariant",
    "predicate",
    "suppress",
    "constraint",
    "primary",
    "foreign",
    "check",
    "key",
    "message",
    "where",
    "on",
    "inverse",
    "was",
    "has",
    "belongs",
    "def",
    "class",
    "return",
    "import",
    "from",
    "enum",
    "exclude",
];

/// The language that a type and what follows it are of.
fn dialect(ty: &str, rest: &str) -> Option<Dialect> {
    let jdl = [
        "required",
        "min",
        "max",
        "minlength",
        "maxlength",
        "pattern",
        "minbytes",
        "maxbytes",
    ];
    let found = parts::all(rest);
    let is = |word: &str| jdl.contains(&word);
    let begins = |word| lines::words(rest, word).is_some();
    if JDL_TYPES.contains(&ty)
        || found
            .iter()
            .any(|it| matches!(it, Part::Word(word) | Part::Call(word, _) if is(word)))
    {
        return Some(Dialect::Jdl);
    }
    if found.iter().any(|it| matches!(it, Part::Mark(..))) {
        return Some(Dialect::Prisma);
    }
    let lower = rest.to_ascii_lowercase();
    let sql = [
        "primary key",
        "references",
        "default ",
        "check",
        "not null",
        "generated",
        "auto_increment",
    ];
    let is_sql = sql.iter().any(|word| lower.contains(word)) || begins("null");
    is_sql.then_some(Dialect::Sql)
}

const JDL_TYPES: &[&str] = &[
    "AnyBlob",
    "BigDecimal",
    "Blob",
    "ImageBlob",
    "Instant",
    "LocalDate",
    "LocalTime",
    "Long",
    "TextBlob",
    "ZonedDateTime",
];

impl Field {
    /// Takes over a type, and what is said with it.
    pub(super) fn set_type(
        &mut self,
        name: &str,
        arguments: Option<&str>,
        dialect: Option<Dialect>,
    ) -> Option<()> {
        if serial::counts(name) {
            // `serial("A-{0000}")` is ours, in brackets.
            if arguments.is_some() {
                return None;
            }
            (self.ty, self.is_key, self.is_foreign) = ("int".to_owned(), true, true);
            return Some(());
        }
        if name.eq_ignore_ascii_case("citext") {
            (self.ty, self.is_foreign) = ("text".to_owned(), true);
            self.lost.push((
                name.to_owned(),
                "`unique ignoring case` compares without case",
            ));
            return Some(());
        }
        if name.starts_with("Positive") {
            self.low = Some("0".to_owned());
        }
        if let Some((ty, is_certain)) = types::written(name, arguments, dialect) {
            self.is_foreign = !types::is_ours(name);
            self.ty = ty;
            self.other_type = types::choice(name, dialect).filter(|_| arguments.is_none());
            if !is_certain {
                self.is_guess = true;
            }
            return Some(());
        }
        let is_type = arguments.is_none() && names::plain(name).is_some();
        let is_capital = name.starts_with(|it: char| it.is_uppercase());
        self.ty = match dialect {
            Some(Dialect::Sql) => names::entity(name),
            _ if is_capital => name.to_owned(),
            _ => return None,
        };
        self.is_guess = dialect == Some(Dialect::Sql);
        is_type.then_some(())
    }
}
