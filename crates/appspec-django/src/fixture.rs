//! Specs for tests, made by hand: a small salon, and the same with hostile texts.

use appspec_diagnostics::{FileId, Span};
use appspec_ir::{
    Access, Arena, Bound, Choice, Comparison, Default, Derive, Entity, Enum, Environment, Expr,
    ExprKind, Field, FieldType, Fields, Grant, Id, Identity, Invariant, Labels, ManyRelation,
    Module, Moment, OnDelete, Origin, Permission, Project, Relation, Role, Scalar, Seed, Spec,
    Type, Unique, Value, Verb, Wall, Who,
};

/// Text that tries to end every literal there is.
pub(crate) const HOSTILE: &str = "\"\"\" ''' \\ {{ x }} {% x %} </script><b> --> `*_[a](b)| \" ' $(x) ${x} \n# a\r\n\u{0}\u{202e}é美😀";

/// A salon with people, visits and pictures.
pub(crate) fn salon() -> Spec {
    let mut build = Build::new();
    let accounts = build.module("std.auth", "accounts", true);
    let booking = build.module("booking", "booking", false);
    let user = build.entity(accounts, "User", "A person who can sign in.");
    build.field(user, "email", scalar(Scalar::Email));
    let stylist = build.entity(booking, "Stylist", "Somebody who cuts hair.");
    build.field(stylist, "user", relation(user, true));
    build.field(stylist, "photo", scalar(Scalar::Image));
    let status = build.status(booking);
    let visit = build.entity(booking, "Visit", "One visit of one client\nto one stylist.");
    let client = build.field(visit, "client", relation(user, false));
    build.field(visit, "stylist", relation(stylist, false));
    build.field(visit, "helpers", many(stylist));
    let starts_at = build.field(visit, "starts_at", scalar(Scalar::DateTime));
    build.field(visit, "status", FieldType::Enum(status));
    build.field(visit, "note", scalar(Scalar::Text { max: Some(200) }));
    build.limited(visit, "discount");
    build.rules(visit, client, starts_at);
    build.spec.user = user;
    build.spec
}

/// The same salon, with every free text hostile.
pub(crate) fn hostile() -> Spec {
    let mut spec = salon();
    spec.project.title = HOSTILE.to_owned();
    spec.project.doc = Some(HOSTILE.to_owned());
    spec.project.timezone = HOSTILE.to_owned();
    spec.project.language = HOSTILE.to_owned();
    let ids: Vec<_> = spec.entities.ids().collect();
    for id in ids {
        if let Some(entity) = spec.entities.find_mut(id) {
            entity.doc = Some(HOSTILE.to_owned());
        }
    }
    let ids: Vec<_> = spec.fields.ids().collect();
    for id in ids {
        if let Some(field) = spec.fields.find_mut(id) {
            field.doc = Some(HOSTILE.to_owned());
        }
    }
    let ids: Vec<_> = spec.invariants.ids().collect();
    for id in ids {
        if let Some(invariant) = spec.invariants.find_mut(id) {
            invariant.message = HOSTILE.to_owned();
        }
    }
    spec
}

/// The same salon without pictures and lookup rows.
pub(crate) fn plain() -> Spec {
    let mut spec = salon();
    let ids: Vec<_> = spec.fields.ids().collect();
    for id in ids {
        if let Some(field) = spec.fields.find_mut(id)
            && field.ty == scalar(Scalar::Image)
        {
            field.ty = scalar(Scalar::Url);
        }
    }
    spec.seeds = Arena::new();
    spec
}

/// The same salon with roles and grants of every kind.
pub(crate) fn ruled() -> Spec {
    let mut spec = salon();
    let entity = |spec: &Spec, name: &str| {
        let mut entities = spec.walk_entities();
        entities.find(|it| it.name == name).unwrap().id
    };
    let field =
        |spec: &Spec, entity: Id<Entity>, name: &str| spec.walk(entity).field(name).unwrap().id;
    let (stylist, visit) = (entity(&spec, "Stylist"), entity(&spec, "Visit"));
    let client = field(&spec, visit, "client");
    let note = field(&spec, visit, "note");
    let of_visit = field(&spec, visit, "stylist");
    let person = field(&spec, stylist, "user");
    let module = spec.walk(visit).module().id;
    let user = spec.user;
    let expr = |kind, ty| Expr {
        kind,
        ty,
        span: nowhere(),
    };
    let to = |target, id| expr(ExprKind::Field(id), Type::Reference(target));
    let is_me = |expr_: Expr| {
        let me = expr(ExprKind::Me, Type::Reference(user));
        expr(
            ExprKind::Compare(Comparison::Equal, Box::new(expr_), Box::new(me)),
            Type::Bool,
        )
    };
    let role = |name: &str, origin, includes| Role {
        name: name.to_owned(),
        label: None,
        doc: None,
        module,
        origin,
        includes,
        was: None,
        span: nowhere(),
    };
    let cutter = spec.roles.push(role(
        "Cutter",
        Origin::Derived {
            entity: stylist,
            person: to(user, person),
            scope: Some(expr(ExprKind::This, Type::Reference(stylist))),
            condition: None,
        },
        Vec::new(),
    ));
    let support = Origin::Granted { by: vec![cutter] };
    let support = spec.roles.push(role("Support", support, vec![cutter]));
    let permission = |verb, fields| Permission {
        verb,
        fields,
        span: nowhere(),
    };
    let grant = |who, permissions| Grant {
        who,
        at: None,
        permissions,
        condition: None,
        limit: None,
        message: None,
        span: nowhere(),
    };
    let read = || permission(Verb::Read, Fields::All);
    let change = permission(Verb::Update, Fields::Only(vec![note]));
    let access = Access {
        walls: vec![Wall {
            condition: is_me(expr(
                ExprKind::Behind(of_visit, Box::new(to(user, person))),
                Type::Reference(user),
            )),
            span: nowhere(),
        }],
        grants: vec![
            Grant {
                condition: Some(is_me(to(user, client))),
                message: Some("Ask \"the desk\".".to_owned()),
                ..grant(Who::SignedIn, vec![read(), change])
            },
            Grant {
                at: Some(to(stylist, of_visit)),
                ..grant(
                    Who::Role(cutter),
                    vec![permission(Verb::Read, Fields::Except(vec![note]))],
                )
            },
            grant(
                Who::Role(support),
                vec![permission(Verb::Delete, Fields::All), read()],
            ),
            grant(Who::System, vec![read()]),
        ],
        span: nowhere(),
    };
    spec.entities.find_mut(visit).unwrap().access = Some(access);
    spec
}

fn scalar(scalar: Scalar) -> FieldType {
    FieldType::Scalar(scalar)
}

fn relation(target: Id<Entity>, one_to_one: bool) -> FieldType {
    FieldType::Relation(Relation {
        target,
        one_to_one,
        on_delete: OnDelete::Protect,
        inverse: None,
    })
}

fn many(target: Id<Entity>) -> FieldType {
    FieldType::Many(ManyRelation {
        target,
        through: None,
        inverse: None,
    })
}

fn nowhere() -> Span {
    Span::new(FileId(0), 0, 0)
}

struct Build {
    spec: Spec,
}

impl Build {
    fn new() -> Self {
        Self {
            spec: Spec {
                project: Project {
                    name: "salon".to_owned(),
                    title: "Salon bookings".to_owned(),
                    doc: Some("Appointments for a small chain\nof hair salons.".to_owned()),
                    timezone: "Europe/Lisbon".to_owned(),
                    language: "en".to_owned(),
                    span: nowhere(),
                },
                modules: Arena::new(),
                entities: Arena::new(),
                fields: Arena::new(),
                derives: Arena::new(),
                invariants: Arena::new(),
                enums: Arena::new(),
                types: Arena::new(),
                seeds: Arena::new(),
                roles: Arena::new(),
                auth: None,
                environment: Environment::new(),
                user: Id::from_index(0),
                written: appspec_ir::Written::default(),
            },
        }
    }

    fn module(&mut self, path: &str, label: &str, is_std: bool) -> Id<Module> {
        self.spec.modules.push(Module {
            path: path.to_owned(),
            label: label.to_owned(),
            is_std,
            entities: Vec::new(),
            enums: Vec::new(),
        })
    }

    fn entity(&mut self, module: Id<Module>, name: &str, doc: &str) -> Id<Entity> {
        let id = self.spec.entities.push(Entity {
            name: name.to_owned(),
            doc: Some(doc.to_owned()),
            module,
            labels: Labels {
                singular: name.to_lowercase(),
                plural: format!("{}s", name.to_lowercase()),
            },
            identity: Identity::Uuid,
            fields: Vec::new(),
            derives: Vec::new(),
            invariants: Vec::new(),
            uniques: Vec::new(),
            across: Vec::new(),
            overlaps: Vec::new(),
            lifecycles: Vec::new(),
            changes: Vec::new(),
            one_of: Vec::new(),
            append_only: None,
            audited: None,
            soft_delete: None,
            keep: None,
            frozen: None,
            access: None,
            indexes: Vec::new(),
            shown_as: None,
            sorted_by: Vec::new(),
            was: None,
            span: nowhere(),
        });
        self.spec
            .modules
            .find_mut(module)
            .unwrap()
            .entities
            .push(id);
        id
    }

    fn field(&mut self, entity: Id<Entity>, name: &str, ty: FieldType) -> Id<Field> {
        let id = self.spec.fields.push(Field {
            optional: name == "note",
            ..Field::plain(entity, name, ty, nowhere())
        });
        self.spec.entities.find_mut(entity).unwrap().fields.push(id);
        id
    }

    fn limited(&mut self, entity: Id<Entity>, name: &str) {
        let id = self.field(entity, name, scalar(Scalar::Int));
        let field = self.spec.fields.find_mut(id).unwrap();
        field.default = Some(Default::Value(Value::Int(0)));
        field.bounds.push(Bound::Range {
            low: Some(Value::Int(0)),
            high: Some(Value::Int(100)),
            span: nowhere(),
        });
        field.bounds_message = Some("A discount is a percentage.".to_owned());
    }

    fn status(&mut self, module: Id<Module>) -> Id<Enum> {
        let choice = |name: &str| Choice {
            name: name.to_owned(),
            label: name.to_owned(),
            stored: name.to_owned(),
            doc: None,
            was: None,
            span: nowhere(),
        };
        let id = self.spec.enums.push(Enum {
            name: "Status".to_owned(),
            doc: None,
            module,
            choices: vec![choice("requested"), choice("done")],
            was: None,
            span: nowhere(),
        });
        self.spec.modules.find_mut(module).unwrap().enums.push(id);
        id
    }

    /// An invariant, a moment, a derived value, a unique set, a lookup row: one of each.
    fn rules(&mut self, entity: Id<Entity>, client: Id<Field>, starts_at: Id<Field>) {
        let holds = Expr {
            kind: ExprKind::Value(Value::Bool(true)),
            ty: Type::Bool,
            span: nowhere(),
        };
        for (name, moment, message) in [
            (
                "ends_after_start",
                Moment::Always,
                "A visit must end after it starts.",
            ),
            (
                "booked_ahead",
                Moment::Create,
                "Choose a time in the future.",
            ),
        ] {
            let id = self.spec.invariants.push(Invariant {
                name: name.to_owned(),
                doc: None,
                entity,
                moment,
                condition: holds.clone(),
                message: message.to_owned(),
                span: nowhere(),
            });
            self.spec
                .entities
                .find_mut(entity)
                .unwrap()
                .invariants
                .push(id);
        }
        let minutes = self.spec.derives.push(Derive {
            name: "minutes".to_owned(),
            doc: Some("How long it takes.".to_owned()),
            entity,
            ty: scalar(Scalar::Int),
            optional: false,
            value: holds,
            span: nowhere(),
        });
        let visit = self.spec.entities.find_mut(entity).unwrap();
        visit.derives.push(minutes);
        visit.uniques.push(Unique {
            name: "client_starts_at_unique".to_owned(),
            fields: vec![client, starts_at],
            condition: None,
            ignoring_case: false,
            message: None,
            span: nowhere(),
        });
        self.spec.seeds.push(Seed {
            entity,
            key: Vec::new(),
            rows: Vec::new(),
            span: nowhere(),
        });
    }
}
