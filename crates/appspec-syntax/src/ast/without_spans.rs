//! The tree without its places, to compare what two texts say.

use appspec_diagnostics::{FileId, Span};

use super::{
    AccessLine, AuthLine, AuthSettingKind, Bound, Derive, Doc, EnumValue, EnvironmentLine, Expr,
    ExprKind, Field, File, Grant, Invariant, Item, Lifecycle, Literal, MarkKind, Member, Moment,
    Name, Origin, Overlap, Path, ProjectEntry, Role, RoleOrigin, SeedRow, SortKey, Suppress, Text,
    TypeRef, TypeRefKind, Unique, UseNames, VerbName, Who,
};

impl File {
    /// The same tree at no place, without comments.
    #[must_use]
    pub fn without_spans(mut self) -> Self {
        self.comments.clear();
        self.unread.clear();
        self.items.iter_mut().for_each(item);
        self
    }
}

const NOWHERE: Span = Span {
    file: FileId(0),
    start: 0,
    end: 0,
};

fn item(item: &mut Item) {
    let (doc_, span) = match item {
        Item::Project(it) => {
            name(&mut it.name);
            it.entries.iter_mut().for_each(entry);
            (&mut it.doc, &mut it.span)
        }
        Item::Use(it) => {
            path(&mut it.module);
            if let UseNames::Listed(names) = &mut it.names {
                names.iter_mut().for_each(name);
            }
            it.span = NOWHERE;
            return;
        }
        Item::Type(it) => {
            name(&mut it.name);
            ty(&mut it.base);
            it.bounds.iter_mut().for_each(bound);
            it.message.iter_mut().for_each(text);
            (&mut it.doc, &mut it.span)
        }
        Item::Enum(it) => {
            name(&mut it.name);
            it.values.iter_mut().for_each(value);
            it.was.iter_mut().for_each(name);
            (&mut it.doc, &mut it.span)
        }
        Item::Mixin(it) => {
            name(&mut it.name);
            it.members.iter_mut().for_each(member);
            (&mut it.doc, &mut it.span)
        }
        Item::Entity(it) => {
            name(&mut it.name);
            if let Some(labels) = &mut it.labels {
                text(&mut labels.singular);
                labels.plural.iter_mut().for_each(text);
            }
            it.mixins.iter_mut().for_each(path);
            it.was.iter_mut().for_each(name);
            it.members.iter_mut().for_each(member);
            (&mut it.doc, &mut it.span)
        }
        Item::Extend(it) => {
            path(&mut it.entity);
            it.members.iter_mut().for_each(member);
            (&mut it.doc, &mut it.span)
        }
        Item::Predicate(it) => {
            name(&mut it.name);
            name(&mut it.parameter);
            path(&mut it.entity);
            expr(&mut it.body);
            (&mut it.doc, &mut it.span)
        }
        Item::Seed(it) => {
            path(&mut it.entity);
            it.rows.iter_mut().for_each(row);
            (&mut it.doc, &mut it.span)
        }
        Item::Role(it) => {
            role(it);
            (&mut it.doc, &mut it.span)
        }
        Item::Access(it) => {
            path(&mut it.entity);
            it.lines.iter_mut().for_each(access_line);
            (&mut it.doc, &mut it.span)
        }
        Item::Auth(it) => {
            it.word = NOWHERE;
            it.lines.iter_mut().for_each(auth_line);
            (&mut it.doc, &mut it.span)
        }
        Item::Environment(it) => {
            it.word = NOWHERE;
            it.lines.iter_mut().for_each(environment_line);
            (&mut it.doc, &mut it.span)
        }
        Item::Suppress(it) => return suppress(it),
    };
    doc_.iter_mut().for_each(doc);
    *span = NOWHERE;
}

fn member(member: &mut Member) {
    match member {
        Member::Field(it) => field(it),
        Member::Derive(it) => derive(it),
        Member::Predicate(it) => {
            it.doc.iter_mut().for_each(doc);
            name(&mut it.name);
            expr(&mut it.body);
            it.span = NOWHERE;
        }
        Member::Unique(it) => unique(it),
        Member::Index(it) => {
            it.doc.iter_mut().for_each(doc);
            it.keys.iter_mut().for_each(key);
            it.condition.iter_mut().for_each(expr);
            it.span = NOWHERE;
        }
        Member::Invariant(it) => invariant(it),
        Member::Overlap(it) => overlap(it),
        Member::Lifecycle(it) => lifecycle(it),
        Member::AppendOnly(it) => {
            it.doc.iter_mut().for_each(doc);
            it.span = NOWHERE;
        }
        Member::SoftDelete(it) => {
            it.doc.iter_mut().for_each(doc);
            it.span = NOWHERE;
        }
        Member::Keep(it) => {
            it.doc.iter_mut().for_each(doc);
            it.span = NOWHERE;
        }
        Member::Audited(it) => {
            it.doc.iter_mut().for_each(doc);
            it.span = NOWHERE;
        }
        Member::Frozen(it) => {
            it.doc.iter_mut().for_each(doc);
            expr(&mut it.condition);
            it.except.iter_mut().for_each(name);
            it.span = NOWHERE;
        }
        Member::ShownAs(it) => {
            name(&mut it.field);
            it.span = NOWHERE;
        }
        Member::SortedBy(it) => {
            it.keys.iter_mut().for_each(key);
            it.span = NOWHERE;
        }
        Member::IdentifiedBy(it) => {
            name(&mut it.kind);
            it.span = NOWHERE;
        }
        Member::Suppress(it) => suppress(it),
    }
}

fn role(role: &mut Role) {
    name(&mut role.name);
    role.label.iter_mut().for_each(text);
    match &mut role.origin {
        RoleOrigin::SignedIn => {}
        RoleOrigin::Granted(by) => by.iter_mut().for_each(path),
        RoleOrigin::Derived(it) => {
            path(&mut it.entity);
            name(&mut it.row);
            expr(&mut it.person);
            it.scope.iter_mut().for_each(expr);
            it.condition.iter_mut().for_each(expr);
        }
    }
    role.includes.iter_mut().for_each(path);
    role.was.iter_mut().for_each(name);
}

fn access_line(line: &mut AccessLine) {
    match line {
        AccessLine::Let(it) => {
            it.doc.iter_mut().for_each(doc);
            name(&mut it.name);
            expr(&mut it.value);
            it.span = NOWHERE;
        }
        AccessLine::Wall(it) => {
            it.doc.iter_mut().for_each(doc);
            expr(&mut it.condition);
            it.span = NOWHERE;
        }
        AccessLine::Grant(it) => grant(it),
        AccessLine::Suppress(it) => suppress(it),
    }
}

fn auth_line(line: &mut AuthLine) {
    let setting = match line {
        AuthLine::Suppress(it) => return suppress(it),
        AuthLine::Setting(setting) => setting,
    };
    setting.span = NOWHERE;
    match &mut setting.kind {
        AuthSettingKind::User(it) => path(it),
        AuthSettingKind::SignIn(methods) => methods.iter_mut().for_each(|it| it.span = NOWHERE),
        AuthSettingKind::SignUp(_) => {}
        AuthSettingKind::Session { age, idle } => {
            age.span = NOWHERE;
            if let Some(idle) = idle {
                idle.span = NOWHERE;
            }
        }
        AuthSettingKind::Password { span, .. } => *span = NOWHERE,
        AuthSettingKind::AdminSite(roles) => roles.iter_mut().for_each(path),
        AuthSettingKind::AllowOrigins(origins) => {
            for origin in origins {
                match origin {
                    Origin::Var(it) => name(it),
                    Origin::Literal(it) => text(it),
                }
            }
        }
        AuthSettingKind::Oidc(it) => {
            text(&mut it.label);
            name(&mut it.issuer);
            name(&mut it.client);
            name(&mut it.secret);
        }
        AuthSettingKind::FirstAdmin { email, role } => {
            name(email);
            role.iter_mut().for_each(path);
        }
    }
}

fn environment_line(line: &mut EnvironmentLine) {
    match line {
        EnvironmentLine::Var(it) => {
            it.doc.iter_mut().for_each(doc);
            name(&mut it.name);
            it.ty.iter_mut().for_each(name);
            it.purpose.iter_mut().for_each(text);
            it.default.iter_mut().for_each(expr);
            for setting in &mut it.stages {
                name(&mut setting.stage);
                expr(&mut setting.value);
            }
            it.span = NOWHERE;
        }
        EnvironmentLine::Service(it) => {
            it.doc.iter_mut().for_each(doc);
            name(&mut it.name);
            name(&mut it.kind);
            for entry in &mut it.entries {
                name(&mut entry.key);
                expr(&mut entry.value);
            }
            it.span = NOWHERE;
        }
        EnvironmentLine::Suppress(it) => suppress(it),
    }
}

fn grant(grant: &mut Grant) {
    grant.doc.iter_mut().for_each(doc);
    match &mut grant.who {
        Who::SignedIn(span) => *span = NOWHERE,
        Who::Named(it) => path(it),
    }
    grant.at.iter_mut().for_each(expr);
    for permission in &mut grant.permissions {
        if let VerbName::Named(verb) = &mut permission.verb {
            name(verb);
        }
        if let Some(fields) = &mut permission.fields {
            fields.names.iter_mut().for_each(name);
            fields.span = NOWHERE;
        }
        permission.span = NOWHERE;
    }
    grant.condition.iter_mut().for_each(expr);
    if let Some(limit) = &mut grant.limit {
        name(&mut limit.per);
        limit.span = NOWHERE;
    }
    grant.message.iter_mut().for_each(text);
    grant.span = NOWHERE;
}

fn lifecycle(lifecycle: &mut Lifecycle) {
    lifecycle.doc.iter_mut().for_each(doc);
    name(&mut lifecycle.field);
    lifecycle.finals.iter_mut().for_each(name);
    lifecycle.suppressed.iter_mut().for_each(suppress);
    for action in &mut lifecycle.actions {
        action.doc.iter_mut().for_each(doc);
        name(&mut action.name);
        action.from.iter_mut().for_each(name);
        name(&mut action.to);
        action.needs.iter_mut().for_each(name);
        action.when.iter_mut().for_each(expr);
        for one in &mut action.sets {
            name(&mut one.field);
            expr(&mut one.value);
            one.span = NOWHERE;
        }
        action.message.iter_mut().for_each(text);
        action.span = NOWHERE;
    }
    lifecycle.span = NOWHERE;
}

fn suppress(suppress: &mut Suppress) {
    name(&mut suppress.code);
    suppress.reason.iter_mut().for_each(text);
    suppress.span = NOWHERE;
}

fn field(field: &mut Field) {
    field.doc.iter_mut().for_each(doc);
    name(&mut field.name);
    ty(&mut field.ty);
    field.optional = field.optional.map(|_| NOWHERE);
    field.bounds.iter_mut().for_each(bound);
    field.default.iter_mut().for_each(expr);
    for mark in &mut field.marks {
        if let MarkKind::Unique { condition, .. } = &mut mark.kind {
            condition.iter_mut().for_each(expr);
        }
        mark.span = NOWHERE;
    }
    if let Some(on_delete) = &mut field.on_delete {
        on_delete.span = NOWHERE;
    }
    field.inverse.iter_mut().for_each(name);
    field.was.iter_mut().for_each(name);
    field.message.iter_mut().for_each(text);
    field.span = NOWHERE;
}

fn derive(derive: &mut Derive) {
    derive.doc.iter_mut().for_each(doc);
    name(&mut derive.name);
    ty(&mut derive.ty);
    derive.optional = derive.optional.map(|_| NOWHERE);
    expr(&mut derive.value);
    derive.span = NOWHERE;
}

fn unique(unique: &mut Unique) {
    unique.doc.iter_mut().for_each(doc);
    unique.fields.iter_mut().for_each(name);
    unique.condition.iter_mut().for_each(expr);
    unique.message.iter_mut().for_each(text);
    unique.span = NOWHERE;
}

fn overlap(overlap: &mut Overlap) {
    overlap.doc.iter_mut().for_each(doc);
    name(&mut overlap.start);
    name(&mut overlap.end);
    overlap.per.iter_mut().for_each(name);
    overlap.condition.iter_mut().for_each(expr);
    overlap.message.iter_mut().for_each(text);
    overlap.span = NOWHERE;
}

fn invariant(invariant: &mut Invariant) {
    invariant.doc.iter_mut().for_each(doc);
    name(&mut invariant.name);
    match &mut invariant.moment {
        Moment::Always => {}
        Moment::Create(span) => *span = NOWHERE,
        Moment::Change { fields, span } => {
            fields.iter_mut().for_each(name);
            *span = NOWHERE;
        }
    }
    expr(&mut invariant.condition);
    invariant.message.iter_mut().for_each(text);
    invariant.span = NOWHERE;
}

fn entry(entry: &mut ProjectEntry) {
    name(&mut entry.key);
    expr(&mut entry.value);
}

fn value(value: &mut EnumValue) {
    value.doc.iter_mut().for_each(doc);
    name(&mut value.name);
    value.label.iter_mut().for_each(text);
    value.stored_as.iter_mut().for_each(text);
    value.was.iter_mut().for_each(name);
}

fn row(row: &mut SeedRow) {
    name(&mut row.handle);
    for value in &mut row.values {
        name(&mut value.field);
        expr(&mut value.value);
    }
    row.span = NOWHERE;
}

fn key(key: &mut SortKey) {
    name(&mut key.field);
    key.span = NOWHERE;
}

fn bound(bound: &mut Bound) {
    match bound {
        Bound::Range { low, high, span } => {
            low.iter_mut().for_each(expr);
            high.iter_mut().for_each(expr);
            *span = NOWHERE;
        }
        Bound::Matches { pattern, span } => {
            text(pattern);
            *span = NOWHERE;
        }
        Bound::Size(it) => {
            if let Some((_, span)) = &mut it.max_bytes {
                *span = NOWHERE;
            }
            it.kinds.iter_mut().for_each(name);
            it.span = NOWHERE;
        }
    }
}

fn ty(ty: &mut TypeRef) {
    ty.span = NOWHERE;
    match &mut ty.kind {
        TypeRefKind::Named {
            path: named,
            arguments,
        } => {
            path(named);
            for (_, span) in arguments {
                *span = NOWHERE;
            }
        }
        TypeRefKind::List(inner) => self::ty(inner),
        TypeRefKind::Many { entity, through } => {
            path(entity);
            through.iter_mut().for_each(path);
        }
        TypeRefKind::OneOf(entities) => entities.iter_mut().for_each(path),
        TypeRefKind::Serial(serial) => {
            text(&mut serial.pattern);
            serial.per.iter_mut().for_each(path);
            serial.gapless = serial.gapless.map(|_| NOWHERE);
        }
    }
}

fn expr(it: &mut Expr) {
    it.span = NOWHERE;
    match &mut it.kind {
        ExprKind::Literal(Literal::Text(it)) => text(it),
        ExprKind::Literal(_) | ExprKind::EmptyObject => {}
        ExprKind::Path(it) => path(it),
        ExprKind::Unary { operand, .. } | ExprKind::IsSet { operand, .. } => expr(operand),
        ExprKind::Binary {
            op_span,
            left,
            right,
            ..
        } => {
            *op_span = NOWHERE;
            expr(left);
            expr(right);
        }
        ExprKind::InSet {
            operand, values, ..
        } => {
            expr(operand);
            values.iter_mut().for_each(expr);
        }
        ExprKind::InRange {
            operand, low, high, ..
        } => {
            expr(operand);
            expr(low);
            expr(high);
        }
        ExprKind::Call {
            function,
            arguments,
        } => {
            name(function);
            arguments.iter_mut().for_each(expr);
        }
        ExprKind::Each(each) => {
            name(&mut each.row);
            path(&mut each.rows);
            each.summary.parts_mut().for_each(expr);
        }
        ExprKind::List(values) => values.iter_mut().for_each(expr),
    }
}

fn doc(it: &mut Doc) {
    it.span = NOWHERE;
}

fn text(it: &mut Text) {
    it.span = NOWHERE;
}

fn name(it: &mut Name) {
    it.span = NOWHERE;
}

fn path(it: &mut Path) {
    it.names.iter_mut().for_each(name);
    it.span = NOWHERE;
}
