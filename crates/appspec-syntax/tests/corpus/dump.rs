//! The syntax tree in few lines, for snapshots: expressions fully parenthesised, operator first.

use std::fmt::Write as _;

use appspec_syntax::ast::{
    AccessLine, AuthLine, AuthSettingKind, Bound, Closing, Direction, Doc, EnvironmentLine, Expr,
    ExprKind, Field, File, Grant, Item, LifecycleAction, Literal, MarkKind, Member, Moment, Name,
    OnDeleteKind, Origin, Path, Role, RoleOrigin, SortKey, Summary, Suppress, TypeRef, TypeRefKind,
    UnaryOp, UseNames, VerbName, Who,
};

/// Every item, one line each, members and values indented.
pub(crate) fn file(file: &File) -> String {
    let mut out = String::new();
    for it in &file.items {
        item(&mut out, it);
    }
    if !file.comments.is_empty() {
        line(&mut out, 0, &format!("{} comments", file.comments.len()));
    }
    out
}

fn line(out: &mut String, depth: usize, text: &str) {
    writeln!(out, "{:depth$}{text}", "", depth = depth * 2).expect("a string can be written to");
}

fn doc(out: &mut String, depth: usize, doc: Option<&Doc>) {
    if let Some(doc) = doc {
        line(out, depth, &format!("doc {:?}", doc.text));
    }
}

#[allow(clippy::too_many_lines, reason = "one arm for each kind of item")]
fn item(out: &mut String, item: &Item) {
    match item {
        Item::Project(it) => {
            doc(out, 0, it.doc.as_ref());
            line(out, 0, &format!("project {}", it.name.text));
            for entry in &it.entries {
                line(
                    out,
                    1,
                    &format!("{}: {}", entry.key.text, expr(&entry.value)),
                );
            }
        }
        Item::Use(it) => {
            let names = match &it.names {
                UseNames::Qualified => String::new(),
                UseNames::Listed(listed) => format!(" names {}", names(listed)),
            };
            line(out, 0, &format!("use {}{names}", path(&it.module)));
        }
        Item::Type(it) => {
            doc(out, 0, it.doc.as_ref());
            let bounds: String = it.bounds.iter().map(bound).collect();
            let message = it
                .message
                .as_ref()
                .map(|it| format!(" message {:?}", it.value));
            let text = format!(
                "type {} = {}{bounds}{}",
                it.name.text,
                ty(&it.base),
                message.unwrap_or_default()
            );
            line(out, 0, &text);
        }
        Item::Enum(it) => {
            doc(out, 0, it.doc.as_ref());
            line(
                out,
                0,
                &format!("enum {}{}", it.name.text, was(it.was.as_ref())),
            );
            for value in &it.values {
                doc(out, 1, value.doc.as_ref());
                let label = value.label.as_ref().map(|it| format!(" {:?}", it.value));
                let stored = value
                    .stored_as
                    .as_ref()
                    .map(|it| format!(" stored as {:?}", it.value));
                let parts = [label, stored, Some(was(value.was.as_ref()))];
                let parts: String = parts.into_iter().flatten().collect();
                line(out, 1, &format!("{}{parts}", value.name.text));
            }
        }
        Item::Mixin(it) => {
            doc(out, 0, it.doc.as_ref());
            line(out, 0, &format!("mixin {}", it.name.text));
            it.members.iter().for_each(|it| member(out, it));
        }
        Item::Entity(it) => {
            doc(out, 0, it.doc.as_ref());
            let labels = it.labels.as_ref().map_or(String::new(), |it| {
                let plural = it.plural.as_ref().map(|it| format!(", {:?}", it.value));
                format!(" {:?}{}", it.singular.value, plural.unwrap_or_default())
            });
            let mixins: Vec<String> = it.mixins.iter().map(path).collect();
            let with = if mixins.is_empty() {
                String::new()
            } else {
                format!(" with {}", mixins.join(", "))
            };
            line(
                out,
                0,
                &format!(
                    "entity {}{labels}{with}{}",
                    it.name.text,
                    was(it.was.as_ref())
                ),
            );
            it.members.iter().for_each(|it| member(out, it));
        }
        Item::Extend(it) => {
            doc(out, 0, it.doc.as_ref());
            line(out, 0, &format!("extend entity {}", path(&it.entity)));
            it.members.iter().for_each(|it| member(out, it));
        }
        Item::Predicate(it) => {
            doc(out, 0, it.doc.as_ref());
            let (name, row) = (&it.name.text, &it.parameter.text);
            line(
                out,
                0,
                &format!(
                    "predicate {name}({row}: {}) = {}",
                    path(&it.entity),
                    expr(&it.body)
                ),
            );
        }
        Item::Seed(it) => {
            doc(out, 0, it.doc.as_ref());
            line(out, 0, &format!("seed {}", path(&it.entity)));
            for row in &it.rows {
                let values = row.values.iter();
                let values: Vec<String> = values
                    .map(|it| format!("{}: {}", it.field.text, expr(&it.value)))
                    .collect();
                line(
                    out,
                    1,
                    &format!("{} {{ {} }}", row.handle.text, values.join(", ")),
                );
            }
        }
        Item::Role(it) => {
            doc(out, 0, it.doc.as_ref());
            line(out, 0, &role(it));
        }
        Item::Access(it) => {
            doc(out, 0, it.doc.as_ref());
            line(out, 0, &format!("access {}", path(&it.entity)));
            it.lines.iter().for_each(|it| access_line(out, it));
        }
        Item::Auth(it) => {
            doc(out, 0, it.doc.as_ref());
            line(out, 0, "auth");
            it.lines.iter().for_each(|it| line(out, 1, &auth_line(it)));
        }
        Item::Environment(it) => {
            doc(out, 0, it.doc.as_ref());
            line(out, 0, "environment");
            it.lines.iter().for_each(|it| environment_line(out, it));
        }
        Item::Suppress(it) => line(out, 0, &suppress(it)),
    }
}

fn role(it: &Role) -> String {
    let label = it.label.as_ref().map(|it| format!(" {:?}", it.value));
    let paths = |paths: &[Path]| paths.iter().map(path).collect::<Vec<_>>().join(", ");
    let origin = match &it.origin {
        RoleOrigin::SignedIn => "for signed in".to_owned(),
        RoleOrigin::Granted(by) => format!("granted by {}", paths(by)),
        RoleOrigin::Derived(it) => format!(
            "from {} {} for {}{}{}",
            path(&it.entity),
            it.row.text,
            expr(&it.person),
            at(it.scope.as_ref()),
            rows(it.condition.as_ref())
        ),
    };
    let includes = if it.includes.is_empty() {
        String::new()
    } else {
        format!(" includes {}", paths(&it.includes))
    };
    format!(
        "role {}{} {origin}{includes}{}",
        it.name.text,
        label.unwrap_or_default(),
        was(it.was.as_ref())
    )
}

fn at(it: Option<&Expr>) -> String {
    it.map_or(String::new(), |it| format!(" at {}", expr(it)))
}

fn access_line(out: &mut String, it: &AccessLine) {
    let (documentation, text) = match it {
        AccessLine::Let(it) => (
            it.doc.as_ref(),
            format!("let {} = {}", it.name.text, expr(&it.value)),
        ),
        AccessLine::Wall(it) => (
            it.doc.as_ref(),
            format!("only where {}", expr(&it.condition)),
        ),
        AccessLine::Grant(it) => (it.doc.as_ref(), grant(it)),
        AccessLine::Suppress(it) => (None, suppress(it)),
    };
    doc(out, 1, documentation);
    line(out, 1, &text);
}

fn auth_line(it: &AuthLine) -> String {
    let setting = match it {
        AuthLine::Suppress(it) => return suppress(it),
        AuthLine::Setting(setting) => setting,
    };
    let value = match &setting.kind {
        AuthSettingKind::User(it) => path(it),
        AuthSettingKind::SignIn(methods) => {
            let methods = methods.iter().map(|it| format!("{:?}", it.kind));
            methods.collect::<Vec<_>>().join(", ")
        }
        AuthSettingKind::SignUp(it) => format!("{it:?}"),
        AuthSettingKind::Session { age, idle } => {
            let idle = idle.map(|it| format!(" idle {}us", it.microseconds));
            format!("{}us{}", age.microseconds, idle.unwrap_or_default())
        }
        AuthSettingKind::Password { least, .. } => least.to_string(),
        AuthSettingKind::AdminSite(roles) => roles.iter().map(path).collect::<Vec<_>>().join(", "),
        AuthSettingKind::AllowOrigins(origins) => {
            let origins = origins.iter().map(|it| match it {
                Origin::Var(it) => it.text.clone(),
                Origin::Literal(it) => format!("{:?}", it.value),
            });
            origins.collect::<Vec<_>>().join(", ")
        }
        AuthSettingKind::Oidc(it) => format!(
            "{:?} at {} as {} with {}",
            it.label.value, it.issuer.text, it.client.text, it.secret.text
        ),
        AuthSettingKind::FirstAdmin { email, role } => {
            let role = role.as_ref().map(|it| format!(" as {}", path(it)));
            format!("{}{}", email.text, role.unwrap_or_default())
        }
    };
    format!("{}: {value}", setting.kind.key())
}

fn environment_line(out: &mut String, it: &EnvironmentLine) {
    match it {
        EnvironmentLine::Suppress(it) => line(out, 1, &suppress(it)),
        EnvironmentLine::Var(it) => {
            doc(out, 1, it.doc.as_ref());
            let kind = match &it.ty {
                Some(ty) => format!("var {}: {}", it.name.text, ty.text),
                None => format!("secret {}", it.name.text),
            };
            let purpose = it.purpose.as_ref().map(|it| format!(" {:?}", it.value));
            let default = it.default.as_ref().map(|it| format!(" = {}", expr(it)));
            line(
                out,
                1,
                &format!(
                    "{kind}{}{}",
                    purpose.unwrap_or_default(),
                    default.unwrap_or_default()
                ),
            );
            for it in &it.stages {
                line(out, 2, &format!("{}: {}", it.stage.text, expr(&it.value)));
            }
        }
        EnvironmentLine::Service(it) => {
            doc(out, 1, it.doc.as_ref());
            line(
                out,
                1,
                &format!("service {}: {}", it.name.text, it.kind.text),
            );
            for it in &it.entries {
                line(out, 2, &format!("{}: {}", it.key.text, expr(&it.value)));
            }
        }
    }
}

fn grant(it: &Grant) -> String {
    let who = match &it.who {
        Who::SignedIn(_) => "signed in".to_owned(),
        Who::Named(it) => path(it),
    };
    let permissions = it.permissions.iter().map(|it| {
        let verb = match &it.verb {
            VerbName::Named(it) => it.text.clone(),
            VerbName::Anything => "do anything".to_owned(),
        };
        let fields = it.fields.as_ref().map(|it| {
            let except = if it.is_except { " except" } else { "" };
            format!("{except} {}", names(&it.names))
        });
        format!("{verb}{}", fields.unwrap_or_default())
    });
    let permissions: Vec<String> = permissions.collect();
    let limit = it.limit.as_ref().map(|it| {
        let per = &it.per.text;
        format!(" at most {} per {per}", it.times)
    });
    format!(
        "{who}{} may {}{}{}{}",
        at(it.at.as_ref()),
        permissions.join(", "),
        rows(it.condition.as_ref()),
        limit.unwrap_or_default(),
        message(it.message.as_ref())
    )
}

fn suppress(it: &Suppress) -> String {
    let reason = it.reason.as_ref().map(|it| format!(" {:?}", it.value));
    format!("suppress {}{}", it.code.text, reason.unwrap_or_default())
}

fn member(out: &mut String, member: &Member) {
    let documentation = match member {
        Member::Field(it) => it.doc.as_ref(),
        Member::Derive(it) => it.doc.as_ref(),
        Member::Predicate(it) => it.doc.as_ref(),
        Member::Unique(it) => it.doc.as_ref(),
        Member::Index(it) => it.doc.as_ref(),
        Member::Invariant(it) => it.doc.as_ref(),
        Member::Overlap(it) => it.doc.as_ref(),
        Member::Lifecycle(it) => it.doc.as_ref(),
        Member::AppendOnly(it) => it.doc.as_ref(),
        Member::SoftDelete(it) => it.doc.as_ref(),
        Member::Keep(it) => it.doc.as_ref(),
        Member::Audited(it) => it.doc.as_ref(),
        Member::Frozen(it) => it.doc.as_ref(),
        Member::ShownAs(_)
        | Member::SortedBy(_)
        | Member::IdentifiedBy(_)
        | Member::Suppress(_) => None,
    };
    doc(out, 1, documentation);
    let text = match member {
        Member::Field(it) => field(it),
        Member::Derive(it) => {
            let optional = if it.optional.is_some() { "?" } else { "" };
            format!(
                "derive {}: {}{optional} = {}",
                it.name.text,
                ty(&it.ty),
                expr(&it.value)
            )
        }
        Member::Predicate(it) => format!("predicate {} = {}", it.name.text, expr(&it.body)),
        Member::Unique(it) => format!(
            "unique {}{}{}",
            names(&it.fields),
            rows(it.condition.as_ref()),
            message(it.message.as_ref())
        ),
        Member::Index(it) => format!("index {}{}", keys(&it.keys), rows(it.condition.as_ref())),
        Member::Invariant(it) => {
            let moment = match &it.moment {
                Moment::Always => String::new(),
                Moment::Create(_) => " on create".to_owned(),
                Moment::Change { fields, .. } => format!(" on change of {}", names(fields)),
            };
            format!(
                "invariant {}{moment}: {}{}",
                it.name.text,
                expr(&it.condition),
                message(it.message.as_ref())
            )
        }
        Member::Overlap(it) => {
            let closing = match it.closing {
                Closing::Until => "until",
                Closing::Through => "through",
            };
            let per = if it.per.is_empty() {
                String::new()
            } else {
                format!(" per {}", names(&it.per))
            };
            format!(
                "no overlap of {} {closing} {}{per}{}{}",
                it.start.text,
                it.end.text,
                rows(it.condition.as_ref()),
                message(it.message.as_ref())
            )
        }
        Member::Lifecycle(it) => {
            let actions: String = it.actions.iter().map(action).collect();
            let finals = names(&it.finals);
            format!("lifecycle {}{actions}\n    final {finals}", it.field.text)
        }
        Member::AppendOnly(_) => "append only".to_owned(),
        Member::SoftDelete(_) => "soft delete".to_owned(),
        Member::Keep(it) => format!("keep {} years", it.years),
        Member::Audited(_) => "audited".to_owned(),
        Member::Frozen(it) => {
            let except = if it.except.is_empty() {
                String::new()
            } else {
                format!(" except {}", names(&it.except))
            };
            format!("frozen when {}{except}", expr(&it.condition))
        }
        Member::ShownAs(it) => format!("shown as {}", it.field.text),
        Member::SortedBy(it) => format!("sorted by {}", keys(&it.keys)),
        Member::IdentifiedBy(it) => format!("identified by {}", it.kind.text),
        Member::Suppress(it) => suppress(it),
    };
    line(out, 1, &text);
}

fn action(it: &LifecycleAction) -> String {
    let documentation = it
        .doc
        .as_ref()
        .map(|doc| format!("\n    doc {:?}", doc.text));
    let mut text = documentation.unwrap_or_default();
    write!(
        text,
        "\n    {}: {} -> {}",
        it.name.text,
        names(&it.from),
        it.to.text
    )
    .expect("a string can be written to");
    if !it.needs.is_empty() {
        text.push_str(&format!(" needs {}", names(&it.needs)));
    }
    if let Some(condition) = &it.when {
        text.push_str(&format!(" when {}", expr(condition)));
    }
    for set in &it.sets {
        text.push_str(&format!(" sets {} = {}", set.field.text, expr(&set.value)));
    }
    text + &message(it.message.as_ref())
}

fn field(it: &Field) -> String {
    let mut text = format!("{}: {}", it.name.text, ty(&it.ty));
    if it.optional.is_some() {
        text.push('?');
    }
    it.bounds.iter().for_each(|it| text.push_str(&bound(it)));
    if let Some(value) = &it.default {
        text.push_str(&format!(" = {}", expr(value)));
    }
    for mark in &it.marks {
        match &mark.kind {
            MarkKind::Unique {
                ignoring_case,
                condition,
            } => {
                text.push_str(" unique");
                text.push_str(if *ignoring_case { " ignoring case" } else { "" });
                text.push_str(&rows(condition.as_ref()));
            }
            MarkKind::Indexed => text.push_str(" indexed"),
            MarkKind::Touched => text.push_str(" touched"),
            MarkKind::Immutable => text.push_str(" immutable"),
        }
    }
    if let Some(it) = it.on_delete {
        text.push_str(" on delete ");
        text.push_str(match it.kind {
            OnDeleteKind::Cascade => "cascade",
            OnDeleteKind::Protect => "protect",
            OnDeleteKind::Restrict => "restrict",
            OnDeleteKind::SetNull => "set null",
        });
    }
    if let Some(name) = &it.inverse {
        text.push_str(&format!(" inverse {}", name.text));
    }
    text + &was(it.was.as_ref()) + &message(it.message.as_ref())
}

fn ty(it: &TypeRef) -> String {
    match &it.kind {
        TypeRefKind::Named {
            path: name,
            arguments,
        } if arguments.is_empty() => path(name),
        TypeRefKind::Named {
            path: name,
            arguments,
        } => {
            let arguments: Vec<String> = arguments.iter().map(|(it, _)| it.to_string()).collect();
            format!("{}({})", path(name), arguments.join(", "))
        }
        TypeRefKind::List(inner) => format!("list of {}", ty(inner)),
        TypeRefKind::Many {
            entity,
            through: None,
        } => format!("many {}", path(entity)),
        TypeRefKind::Many {
            entity,
            through: Some(link),
        } => {
            format!("many {} through {}", path(entity), path(link))
        }
        TypeRefKind::OneOf(entities) => {
            let entities: Vec<String> = entities.iter().map(path).collect();
            format!("one of {}", entities.join(", "))
        }
        TypeRefKind::Serial(it) => {
            let per: Vec<String> = it.per.iter().map(path).collect();
            let per = match per.as_slice() {
                [] => String::new(),
                per => format!(" per {}", per.join(", ")),
            };
            let gapless = it.gapless.map_or("", |_| " gapless");
            format!("serial {:?}{per}{gapless}", it.pattern.value)
        }
    }
}

fn bound(it: &Bound) -> String {
    let end = |value: &Option<Expr>| value.as_ref().map(expr).unwrap_or_default();
    match it {
        Bound::Range { low, high, .. } => format!(" in {}..{}", end(low), end(high)),
        Bound::Matches { pattern, .. } => format!(" matches {:?}", pattern.value),
        Bound::Size(size) => {
            let bytes = size
                .max_bytes
                .map(|(bytes, _)| format!(" max {bytes} bytes"));
            let kinds = if size.kinds.is_empty() {
                String::new()
            } else {
                format!(" of {}", names(&size.kinds))
            };
            bytes.unwrap_or_default() + &kinds
        }
    }
}

/// An expression, operator first.
fn expr(it: &Expr) -> String {
    let not = |negated: bool| if negated { "not " } else { "" };
    match &it.kind {
        ExprKind::Literal(it) => literal(it),
        ExprKind::Path(it) => path(it),
        ExprKind::Unary {
            op: UnaryOp::Not,
            operand,
        } => format!("(not {})", expr(operand)),
        ExprKind::Unary {
            op: UnaryOp::Negate,
            operand,
        } => format!("(- {})", expr(operand)),
        ExprKind::Binary {
            op, left, right, ..
        } => format!("({op:?} {} {})", expr(left), expr(right)),
        ExprKind::IsSet { operand, negated } => format!("({}set {})", not(*negated), expr(operand)),
        ExprKind::InSet {
            operand,
            values,
            negated,
        } => {
            format!(
                "({}in {} {{{}}})",
                not(*negated),
                expr(operand),
                exprs(values)
            )
        }
        ExprKind::InRange {
            operand,
            low,
            high,
            negated,
        } => {
            format!(
                "({}in {} {}..{})",
                not(*negated),
                expr(operand),
                expr(low),
                expr(high)
            )
        }
        ExprKind::Call {
            function,
            arguments,
        } => format!("{}({})", function.text, exprs(arguments)),
        ExprKind::Each(each) => {
            let row = format!("{} in {}", each.row.text, path(&each.rows));
            match &each.summary {
                Summary::All(it) => format!("(all {row} have {})", expr(it)),
                Summary::Some(it) => format!("(some {row} has {})", expr(it)),
                Summary::Count(it) => format!("(count {row}{})", rows(it.as_ref())),
                Summary::Sum(value, it) => {
                    format!("(sum {} for {row}{})", expr(value), rows(it.as_ref()))
                }
                Summary::Min(value, it) => {
                    format!("(min {} for {row}{})", expr(value), rows(it.as_ref()))
                }
                Summary::Max(value, it) => {
                    format!("(max {} for {row}{})", expr(value), rows(it.as_ref()))
                }
                Summary::Exists(it) => format!("(exists {row} where {})", expr(it)),
            }
        }
        ExprKind::List(values) => format!("[{}]", exprs(values)),
        ExprKind::EmptyObject => "{}".to_owned(),
    }
}

fn literal(it: &Literal) -> String {
    match it {
        Literal::Int(it) | Literal::Decimal(it) => it.clone(),
        Literal::Text(it) => format!("{:?}", it.value),
        Literal::Bool(it) => it.to_string(),
        Literal::Duration(it) => format!("{it}us"),
        Literal::Size(it) => format!("{it}bytes"),
        Literal::Date(it) => format!("date {it}"),
        Literal::Time(it) => format!("time {it}"),
        Literal::DateTime(it) => format!("datetime {it}"),
    }
}

fn exprs(values: &[Expr]) -> String {
    values.iter().map(expr).collect::<Vec<_>>().join(", ")
}

fn rows(condition: Option<&Expr>) -> String {
    condition
        .map(|it| format!(" where {}", expr(it)))
        .unwrap_or_default()
}

fn message(text: Option<&appspec_syntax::ast::Text>) -> String {
    text.map(|it| format!(" message {:?}", it.value))
        .unwrap_or_default()
}

fn was(name: Option<&Name>) -> String {
    name.map(|it| format!(" was {}", it.text))
        .unwrap_or_default()
}

fn keys(keys: &[SortKey]) -> String {
    let keys = keys.iter().map(|it| match it.direction {
        Direction::Ascending => it.field.text.clone(),
        Direction::Descending => format!("{} desc", it.field.text),
    });
    format!("({})", keys.collect::<Vec<_>>().join(", "))
}

fn names(names: &[Name]) -> String {
    let names = names.iter().map(|it| it.text.as_str());
    format!("({})", names.collect::<Vec<_>>().join(", "))
}

fn path(it: &Path) -> String {
    let names = it.names.iter().map(|it| it.text.as_str());
    names.collect::<Vec<_>>().join(".")
}
