//! Names of every kind that somebody could give: plain ones, words of Python, SQL and Django, and very long ones.

use crate::random::Random;

/// Plain names of fields.
pub const FIELDS: &[&str] = &[
    "name",
    "title",
    "amount",
    "price",
    "colour",
    "size",
    "weight",
    "starts_at",
    "ends_at",
    "number",
    "street",
    "city",
    "note",
    "rate",
    "height",
    "opened_on",
    "closed_on",
    "rank",
    "score",
    "level",
    "owner",
    "code",
    "place",
    "remark",
    "reason",
    "total",
    "share",
    "x",
    "y2",
    "a_b",
    "vat_id",
    "is_open",
    "has_key",
    "i18n",
];
/// Words of Python that are no keywords, and names that its modules have.
pub const PYTHON: &[&str] = &[
    "type",
    "list",
    "dict",
    "set",
    "int",
    "float",
    "bytes",
    "object",
    "property",
    "super",
    "len",
    "print",
    "range",
    "max",
    "min",
    "sum",
    "abs",
    "round",
    "any",
    "all",
    "map",
    "filter",
    "iter",
    "next",
    "hash",
    "input",
    "open",
    "format",
    "vars",
    "dir",
    "repr",
    "tuple",
    "callable",
    "isinstance",
    "staticmethod",
    "classmethod",
    "match",
    "case",
    "exec",
    "eval",
    "cls",
    "args",
    "kwargs",
    "datetime",
    "decimal",
    "uuid",
    "re",
    "math",
    "json",
    "zip",
    "reversed",
    "sorted",
    "slice",
    "l",
    "o",
    "getattr",
    "help",
    "exit",
    "compile",
    "complex",
    "frozenset",
];
/// Words of SQL, and names that PostgreSQL and SQLite keep for themselves in places.
pub const SQL: &[&str] = &[
    "order",
    "select",
    "table",
    "group",
    "user",
    "where",
    "column",
    "constraint",
    "primary",
    "foreign",
    "references",
    "limit",
    "offset",
    "union",
    "distinct",
    "having",
    "values",
    "default",
    "grant",
    "desc",
    "asc",
    "begin",
    "commit",
    "rowid",
    "oid",
    "timestamp",
    "interval",
    "natural",
    "cross",
    "left",
    "current_user",
    "current_date",
    "session_user",
    "analyze",
    "collate",
    "cast",
    "when",
    "using",
    "window",
    "trigger",
    "between",
    "like",
    "exists",
    "into",
    "key",
    "index",
    "unique",
    "position",
    "year",
    "month",
    "zone",
    "array",
    "row",
    "end",
    "to",
    "on",
    "by",
];
/// Words of Django and of what is emitted for it.
pub const DJANGO: &[&str] = &[
    "meta",
    "model",
    "models",
    "manager",
    "queryset",
    "field",
    "fields",
    "form",
    "admin",
    "request",
    "instance",
    "groups",
    "permissions",
    "session",
    "content_type",
    "app_label",
    "verbose_name",
    "ordering",
    "state",
    "db",
    "query",
    "status",
    "action",
    "q",
    "f",
    "value",
    "count",
    "get",
    "create",
    "exclude",
    "label",
    "validators",
    "choices",
    "migration",
    "settings",
    "url",
    "slug",
    "django",
    "core",
    "rules",
    "record",
    "factory",
    "message",
    "derived",
    "errors",
    "date",
    "time",
    "password",
    "username",
    "config",
    "history",
    "lookup",
    "media",
];
/// Words of the language itself.
pub const LANGUAGE: &[&str] = &[
    "entity",
    "mixin",
    "seed",
    "predicate",
    "invariant",
    "derive",
    "project",
    "use",
    "inverse",
    "was",
    "many",
    "through",
    "matches",
    "indexed",
    "touched",
    "shown",
    "stored",
    "ignoring",
    "cascade",
    "protect",
    "restrict",
    "access",
    "role",
    "job",
    "extend",
    "suppress",
    "identified",
    "now",
    "today",
    "length",
    "contains",
];

/// Plain names of entities.
pub const ENTITIES: &[&str] = &[
    "Customer", "Visit", "Product", "Line", "Invoice", "Shop", "Room", "Guest", "Team", "Match",
    "Season", "Club", "Book", "Loan", "Sensor", "Reading", "Recipe", "Step", "Patient", "Case2",
    "VATRate", "X",
];
/// Entities called like something of Python, SQL or Django.
pub const ENTITY_WORDS: &[&str] = &[
    "Order",
    "Select",
    "Table",
    "Group",
    "View",
    "Index",
    "Column",
    "Trigger",
    "Values",
    "Type",
    "List",
    "Dict",
    "Set",
    "Object",
    "Class",
    "Decimal",
    "Path",
    "Any",
    "Self",
    "Enum",
    "Counter",
    "UUID",
    "Model",
    "Field",
    "Manager",
    "Meta",
    "Q",
    "F",
    "Value",
    "Case",
    "When",
    "Func",
    "Record",
    "Permission",
    "Session",
    "ContentType",
    "LogEntry",
    "Admin",
    "Form",
    "Migration",
    "Settings",
    "Site",
    "Lookup",
    "Date",
    "Time",
    "User2",
    "Key",
    "Rule",
    "Check",
    "Test",
    "Factory",
    "Rules",
    "Choices",
    "Optional",
    "Callable",
    "ClassVar",
    "Iterator",
    "Registry",
];

/// Plain values of enums.
pub const CHOICES: &[&str] = &[
    "open",
    "paid",
    "done",
    "low",
    "high",
    "small",
    "large",
    "red",
    "green",
    "blue",
    "monday",
    "no_show",
    "inStock",
    "v1",
    "x",
    "A",
    "NorthEast",
];
/// Values called like something of Python or of Django's enums.
pub const CHOICE_WORDS: &[&str] = &[
    "class", "def", "pass", "import", "lambda", "return", "async", "yield", "none", "self", "cls",
    "name", "value", "names", "values", "labels", "choices", "mro", "label", "pk", "id", "type",
    "object", "order", "select", "null2", "default", "for", "while", "print", "global", "del",
    "with",
];

/// Modules; none of them is a module of Python or a package beside the project.
pub const MODULES: &[&str] = &[
    "people",
    "catalogue",
    "stock",
    "booking",
    "billing",
    "office",
    "orders",
    "clubs",
    "rooms",
    "things",
    "places",
    "parts",
    "visits",
    "user",
    "groups",
    "models",
    "views",
    "admins",
    "rules",
    "factories",
    "apps",
    "urls",
    "forms",
    "shop2",
    "data",
    "common",
];

/// What the language keeps for itself, what Python never takes, and what models have already.
const REFUSED: &[&str] = &[
    "and",
    "or",
    "not",
    "implies",
    "otherwise",
    "in",
    "is",
    "true",
    "false",
    "null",
    "this",
    "me",
    "if",
    "then",
    "else",
    "report",
    "search",
    "live",
    "scenario",
    "api",
];

/// All names of fields by their class.
pub const CLASSES: [(&str, &[&str]); 5] = [
    ("plain", FIELDS),
    ("python", PYTHON),
    ("sql", SQL),
    ("django", DJANGO),
    ("language", LANGUAGE),
];

/// A name for a field, in snake case.
pub fn field(random: &mut Random, longest: usize) -> String {
    let list = match random.below(20) {
        0..=7 => FIELDS,
        8..=10 => PYTHON,
        11..=14 => SQL,
        15..=16 => DJANGO,
        17..=18 => LANGUAGE,
        _ => {
            return long(
                "a_field_with_a_very_long_name_that_goes_on_and_on_and_on_until_",
                random,
                longest,
                false,
            );
        }
    };
    pick(random, list)
}

/// A name for a rule, which may have any length.
pub fn rule(random: &mut Random) -> String {
    if random.below(6) == 0 {
        let start = "every_row_of_this_entity_has_to_keep_this_rule_whatever_else_may_come_";
        return long(start, random, 120, false);
    }
    let list = CLASSES[random.below(CLASSES.len())].1;
    pick(random, list)
}

/// A name for an entity, an enum, a type or a mixin.
pub fn entity(random: &mut Random, longest: usize) -> String {
    match random.below(10) {
        0..=4 => pick(random, ENTITIES),
        5..=8 => pick(random, ENTITY_WORDS),
        _ => long(
            "AnEntityWithAVeryLongNameThatGoesOnAndOnAndOnUntilNothingIsLeftOfIt",
            random,
            longest,
            true,
        ),
    }
}

/// A name for a value of an enum.
pub fn choice(random: &mut Random) -> String {
    if random.below(2) == 0 {
        pick(random, CHOICES)
    } else {
        pick(random, CHOICE_WORDS)
    }
}

/// Names that are the same in their first letters and differ in the last ones.
fn long(start: &str, random: &mut Random, longest: usize, capital: bool) -> String {
    let mut name = start.to_owned();
    while name.len() < longest {
        name.push('q');
    }
    name.truncate(longest - 1);
    if name.ends_with('_') {
        name.pop();
        name.push('r');
    }
    let last = b'a' + u8::try_from(random.below(26)).expect("a letter");
    name.push(char::from(if capital {
        last.to_ascii_uppercase()
    } else {
        last
    }));
    name
}

fn pick(random: &mut Random, list: &[&str]) -> String {
    loop {
        let name = list[random.below(list.len())];
        if !name.is_empty() && !REFUSED.contains(&name) {
            return name.to_owned();
        }
    }
}

/// Another name where one is taken.
pub fn numbered(name: &str, number: usize, longest: usize) -> String {
    let end = number.to_string();
    let mut start = name.to_owned();
    start.truncate(longest.saturating_sub(end.len()));
    format!("{start}{end}")
}
