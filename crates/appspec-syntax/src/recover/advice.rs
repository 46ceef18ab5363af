//! What to do about a mistake, told from the line that it is in: the form that was meant.

use crate::grammar::Rule;
use crate::words::split;

/// The form that a piece was meant to have. `piece` is the whole of it, `rest` what could not be read,
/// `expected` what would have fitted there.
pub(super) fn advice(
    rule: Rule,
    piece: &str,
    rest: &str,
    expected: &[&'static str],
) -> Option<&'static str> {
    let has = |name: &str| expected.contains(&name);
    let (first, behind) = split(piece);
    if has("a name") && rest.starts_with(|it: char| it.is_ascii_digit()) && !has("a value") {
        return Some("begin the name with a letter");
    }
    if has("a value")
        && let Some(help) = duration(rest)
    {
        return Some(help);
    }
    if first == "suppress" && !has("`(`") {
        return Some(
            "write `suppress group::name \"reason\"`: the code of a warning, and why it is meant",
        );
    }
    match rule {
        Rule::only_item | Rule::only_header => item(first, behind, rest, &has),
        Rule::only_member => member(first, behind, rest, &has),
        Rule::only_action => action(first, rest, &has),
        Rule::only_grant => grant(first, &has),
        Rule::only_auth => auth(first, behind),
        Rule::only_variable => variable(first, &has),
        Rule::only_value => value(rest, &has),
        Rule::only_row => Some("write a row as `name { field: value }`"),
        Rule::only_entry if has("`:`") || has("a name") => Some("write `field: value`"),
        Rule::only_setting | Rule::only_service_entry if has("`:`") || has("a name") => {
            Some("write `key: value`")
        }
        Rule::only_setting if has("the end of the line") => Some("put the text in double quotes"),
        _ => None,
    }
}

/// `18y`, `2weeks`: lengths of time that are told in days.
fn duration(rest: &str) -> Option<&'static str> {
    let unit = rest.trim_start_matches(|it: char| it.is_ascii_digit());
    let end = unit.find(|it: char| !it.is_ascii_alphabetic());
    let unit = unit.get(..end.unwrap_or(unit.len()))?;
    let is_long = [
        "y", "yr", "year", "years", "month", "months", "mo", "w", "week", "weeks",
    ];
    (rest.starts_with(|it: char| it.is_ascii_digit()) && is_long.contains(&unit)).then_some(
        "days are the largest unit of a duration: write a week as `7d`, a year as `365d`",
    )
}

fn item(first: &str, behind: &str, rest: &str, has: &dyn Fn(&str) -> bool) -> Option<&'static str> {
    match first {
        "entity" if rest.starts_with("with") => {
            Some("give the parts in this order: `entity Name \"Label\" with Mixin was Old {`")
        }
        "entity" if rest.starts_with("extends") || rest.starts_with(['(', ':']) => {
            Some("write `entity Name {`, or `entity Name with Mixin {` to take over its members")
        }
        "entity" if has("`,`") && rest.starts_with('"') => {
            Some("put a comma between the labels: `\"One\", \"Many\"`")
        }
        "entity" if has("`,`") => Some("put commas between the mixins: `with A, B`"),
        "entity" if has("a name") && behind.contains("with") => {
            Some("name the mixin behind `with`, or leave `with` out")
        }
        "entity" if has("a name") => Some("write the name as one word: `entity Customer {`"),
        "mixin" if rest.starts_with("with") => {
            Some("leave `with` out: an entity can take over several mixins, `with A, B`")
        }
        "mixin" if has("a name") => Some("write the name as one word: `mixin Address {`"),
        "project" if has("a name") => {
            Some("write `project shop { title: \"Shop\" }`: the name is one word")
        }
        "enum" if !rest.is_empty() => Some("write `enum Name { one, two \"Label\" }`"),
        "type" if has("`=`") || has("a name") => {
            Some("write `type Name = base`, such as `type Percent = decimal(5, 2)`")
        }
        "message" if has("a text in quotes") => {
            Some("write the text in double quotes: `message \"…\"`")
        }
        "extend" => Some("write `extend entity Name {`"),
        "predicate" if !has("a value") => Some(
            "write `predicate name(row: Entity) = rule`; inside an entity, `predicate name = rule`",
        ),
        "role" => Some(
            "write `role Name for signed in`, `role Name granted by Other` or `role Name from Entity row for row.user`",
        ),
        "access" => Some("write `access Entity { Role may read, update where condition }`"),
        "auth" => Some("write `auth { sign in: password }`"),
        "environment" => Some("write `environment { var SITE_URL: url }`"),
        "seed" => Some("write `seed Entity { row { field: value } }`"),
        "use" => Some("write `use module` or `use module.{Name, Other}`"),
        _ if has("`entity`") && behind.trim_start().starts_with(": ") => {
            Some("put fields into an entity: `entity Name { … }`")
        }
        _ => part(rest, has),
    }
}

/// What the settings of `auth` look like.
fn auth(first: &str, behind: &str) -> Option<&'static str> {
    let second = split(behind.trim_start()).0;
    Some(match (first, second) {
        ("user", _) => "write `user: User`",
        ("sign", "up") => "write `sign up: open`, `invite` or `closed`",
        ("sign", _) => "write `sign in: password, email link, oidc`, as many of them as there are",
        ("session", _) => "write `session: 14d`, or `session: 14d idle 2h`",
        ("password", _) => "write `password: at least 12 characters`",
        ("admin", _) => "write `admin site: Role, Other`",
        ("allow", _) => "write `allow origins: SITE_URL, \"https://app.example.com\"`",
        ("oidc", _) => "write `oidc: \"Label\" at ISSUER_URL as CLIENT_ID with CLIENT_SECRET`",
        ("first", _) => "write `first admin: ADMIN_EMAIL`, or `first admin: ADMIN_EMAIL as Role`",
        _ => return None,
    })
}

/// What the declarations of `environment` look like.
fn variable(first: &str, has: &dyn Fn(&str) -> bool) -> Option<&'static str> {
    Some(match first {
        "var" => "write `var NAME: type \"purpose\" = default { production: required }`",
        "secret" => "write `secret NAME \"purpose\" { development: optional }`",
        "service" => "write `service mailer: smtp { url: EMAIL_URL }`",
        _ if has("`var`") => {
            "begin it with its kind: `var NAME: type`, `secret NAME` or `service name: kind { … }`"
        }
        _ => return None,
    })
}

fn grant(first: &str, has: &dyn Fn(&str) -> bool) -> Option<&'static str> {
    match first {
        "let" => Some("write `let name = condition`"),
        "only" => Some("write `only where condition`"),
        _ if has("`may`") => Some("write `Role may read, update (field) where condition`"),
        _ if has("what may be done") => {
            Some("name `read`, `create`, `update`, `delete`, an action, or `do anything`")
        }
        _ => None,
    }
}

fn member(
    first: &str,
    behind: &str,
    rest: &str,
    has: &dyn Fn(&str) -> bool,
) -> Option<&'static str> {
    let is_named = !behind.trim_start().starts_with(':');
    match first {
        "invariant" if !is_named => Some("give the rule a name: `invariant name: rule`"),
        "invariant" if has("`:`") && has("`on`") => {
            Some("write `:` behind the name of the rule: `invariant name: rule`")
        }
        _ if has("`:`") && rest.starts_with('=') && !first.is_empty() && first != "derive" => {
            Some("write the type before the default: `name: type = value`")
        }
        _ if has("`indexed`") && rest.starts_with(['>', '<']) => {
            Some("write the bounds as a range: `in 1..`, `in ..100` or `in 1..100`")
        }
        "derive" if is_named && !has("a value") => Some("write `derive name: type = value`"),
        "lifecycle" if is_named && (has("a name") || has("`{`")) => {
            Some("write `lifecycle field { action: from -> to }`")
        }
        "append" if is_named && has("`only`") => Some("write `append only`"),
        "soft" if is_named && has("`delete`") => Some("write `soft delete`"),
        "keep" if is_named && (has("a whole number") || has("`years`")) => {
            Some("write `keep 5 years`")
        }
        "audited" if is_named => Some("write `audited` alone on its line"),
        "frozen" if is_condition(behind) => {
            Some("write `frozen when condition except (field, other)`, without `:`")
        }
        "frozen" if is_named && has("`when`") => {
            Some("write `frozen when condition except (field, other)`")
        }
        "shown" if is_named => Some("write `shown as field`"),
        "sorted" if is_named => Some("write `sorted by field, other desc`"),
        "identified" if is_named => Some("write `identified by int`"),
        "predicate" if is_named && rest.starts_with('(') => {
            Some("leave the parameter out: inside an entity it is `predicate name = rule`")
        }
        "predicate" if is_named && has("`=`") => Some("write `predicate name = rule`"),
        "unique" if is_named && !has("a value") => Some("write `unique (field, other)`"),
        "index" if is_named && !has("a value") => Some("write `index (field, other desc)`"),
        "on" if has("`cascade`") => {
            Some("write `on delete cascade`, `protect`, `restrict` or `set null` in one line")
        }
        _ if has("`delete`") || has("`cascade`") || (has("`null`") && !has("a value")) => {
            Some("write `on delete cascade`, `protect`, `restrict` or `set null`")
        }
        _ if has("a text in quotes") && !has("a value") => {
            Some("write the text in double quotes: `message \"…\"`")
        }
        _ if rest.starts_with(')') && !has("a name") => {
            Some("remove this `)`: no bracket is open here")
        }
        _ if has("`message`") && rest.starts_with('"') && !has("`indexed`") => {
            Some("write `message` before the text")
        }
        _ if behind.trim_start().starts_with(": list ") && has("`indexed`") => {
            Some("write `list of` before the type of the items")
        }
        _ if rest.starts_with('{') && has("`indexed`") => {
            Some("declare `enum Name { … }` outside of the entity, and use its name as the type")
        }
        _ if rest.starts_with("ondelete") => Some("write `on delete` as two words"),
        _ if rest.starts_with('-') && has("`:`") => {
            Some("write the name with letters, digits and `_` only")
        }
        _ if has("a name") && rest.is_empty() && has("`list`") => {
            Some("write the type of the items, such as `list of int`")
        }
        _ if has("a name") && rest.is_empty() && !has("a value") => {
            Some("write the name that belongs here, or leave the word before it out")
        }
        _ if has("`:`") && rest.is_empty() => Some("write a field as `name: type`"),
        _ if has("`set`") => Some("write `is set` or `is not set`"),
        _ if has("a name") && rest.starts_with('.') => {
            Some("write a range behind `in`: `x in 1..5`")
        }
        _ if has("`message`")
            && !has("`indexed`")
            && rest.starts_with(|it: char| it.is_alphanumeric()) =>
        {
            Some("put an operator between the two values, such as `==` or `and`")
        }
        _ => part(rest, has),
    }
}

/// `: when open` behind a word that is no name here.
fn is_condition(behind: &str) -> bool {
    let behind = behind.trim_start().strip_prefix(':').unwrap_or("");
    split(behind.trim_start()).0 == "when"
}

fn action(first: &str, rest: &str, has: &dyn Fn(&str) -> bool) -> Option<&'static str> {
    match first {
        "final" if has("a state") || has("a name") || has("`,`") => {
            Some("write `final state, other`")
        }
        _ if rest.starts_with(['=', '→', '>', '-']) && has("`->`") => {
            Some("write `->` between the states")
        }
        _ if has("`,`") && has("`->`") => Some("write `action: from, other -> to`"),
        _ if has("`:`") || has("`->`") || has("a state") => Some("write `action: from -> to`"),
        _ if rest.starts_with("->") => Some("write an action of its own for each step"),
        _ if has("`=`") && !has("`needs`") => Some("write `sets field = value`"),
        _ if rest.starts_with("if") => Some("write `when condition`"),
        _ if has("`needs`") => {
            Some("write `needs field`, `when condition` or `sets field = value` behind the states")
        }
        _ if has("a text in quotes") && !has("a value") => {
            Some("write the text in double quotes: `message \"…\"`")
        }
        _ => part(rest, has),
    }
}

fn value(rest: &str, has: &dyn Fn(&str) -> bool) -> Option<&'static str> {
    if rest.starts_with(['=', ':']) {
        return Some("write what the database holds as `name stored as \"value\"`");
    }
    if rest.starts_with('-') {
        return Some("write the name with letters, digits and `_` only");
    }
    if has("`as`") || (has("a text in quotes") && !has("`,`")) {
        return Some("write `stored as \"value\"`");
    }
    if has("a name") && rest.starts_with('"') {
        return Some("write the name before the label: `open \"Open\"`");
    }
    if has("a name") && rest.is_empty() {
        return Some("write the old name behind `was`");
    }
    None
}

/// Parts that items and members have alike.
fn part(rest: &str, has: &dyn Fn(&str) -> bool) -> Option<&'static str> {
    if has("`..`") && rest.starts_with(',') {
        return Some("put the values into braces: `x in {a, b}`");
    }
    if has("`..`") {
        return Some("write both ends of a range: `1..5`");
    }
    if has("a whole number") {
        return Some("write whole numbers, as in `text(80)` or `decimal(8, 2)`");
    }
    let is_listed = rest.starts_with(|it: char| it.is_alphanumeric());
    (has("`,`") && has("`)`") && is_listed).then_some("put a comma between the two")
}
