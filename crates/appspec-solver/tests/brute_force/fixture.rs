//! An entity with a field of each kind.

use appspec_diagnostics::{FileId, Span};
use appspec_ir::{
    Arena, Choice, Entity, Enum, Environment, Field, FieldType, Id, Identity, Labels, Module,
    OnDelete, Project, Relation, Scalar, Spec,
};

pub(crate) struct Fixture {
    pub(crate) spec: Spec,
    pub(crate) entity: Id<Entity>,
}

pub(crate) fn nowhere() -> Span {
    Span::new(FileId(0), 0, 0)
}

impl Fixture {
    pub(crate) fn new() -> Self {
        let mut spec = Spec {
            project: Project {
                name: "p".into(),
                title: "P".into(),
                doc: None,
                timezone: "UTC".into(),
                language: "en".into(),
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
        };
        let module = spec.modules.push(Module {
            path: "m".into(),
            label: "m".into(),
            is_std: false,
            entities: Vec::new(),
            enums: Vec::new(),
        });
        let choice = |name: &str| Choice {
            name: name.into(),
            label: name.into(),
            stored: name.into(),
            doc: None,
            was: None,
            span: nowhere(),
        };
        let level: Id<Enum> = spec.enums.push(Enum {
            name: "Level".into(),
            doc: None,
            module,
            choices: ["low", "mid", "high"].map(choice).to_vec(),
            was: None,
            span: nowhere(),
        });
        let entity = spec.entities.push(Entity {
            name: "E".into(),
            doc: None,
            module,
            labels: Labels {
                singular: "e".into(),
                plural: "es".into(),
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
        let key = FieldType::Relation(Relation {
            target: entity,
            one_to_one: false,
            on_delete: OnDelete::Protect,
            inverse: None,
        });
        let decimal = |places| Scalar::Decimal { digits: 8, places };
        let text = Scalar::Text { max: Some(3) };
        let types = [
            ("int", FieldType::Scalar(Scalar::Int)),
            ("tenths", FieldType::Scalar(decimal(1))),
            ("cents", FieldType::Scalar(decimal(2))),
            ("day", FieldType::Scalar(Scalar::Date)),
            ("moment", FieldType::Scalar(Scalar::DateTime)),
            ("span", FieldType::Scalar(Scalar::Duration)),
            ("flag", FieldType::Scalar(Scalar::Bool)),
            ("level", FieldType::Enum(level)),
            ("text", FieldType::Scalar(text)),
            ("key", key),
            ("float", FieldType::Scalar(Scalar::Float)),
            ("time", FieldType::Scalar(Scalar::Time)),
        ];
        for (name, ty) in types {
            // Two that are required and two that are not, of each kind.
            for (suffix, optional) in [("a", false), ("b", false), ("c", true), ("d", true)] {
                let id = spec.fields.push(Field {
                    optional,
                    ..Field::plain(entity, format!("{name}_{suffix}"), ty.clone(), nowhere())
                });
                spec.entities.find_mut(entity).unwrap().fields.push(id);
            }
        }
        Self { spec, entity }
    }
}
