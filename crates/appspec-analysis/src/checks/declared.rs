use appspec_diagnostics::Span;
use appspec_ir::{Entity, Field, FieldType, Id, Inverse, Spec, Walk};

/// What a name stands for; decides what becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Entity,
    Enum,
    Choice,
    /// A field, a derived value or an inverse: an attribute of the model of this entity.
    Attribute(Id<Entity>),
    Invariant,
    /// The way from one state to another: a part of a function's name.
    Action,
    /// What people can be: a constant.
    Role,
}

/// A name of the spec that becomes a name of the emitted project.
pub(super) struct Declared<'s> {
    pub(super) kind: Kind,
    pub(super) name: &'s str,
    pub(super) span: Span,
}

/// All names, in the order of declaration.
pub(super) fn declared(spec: &Spec) -> impl Iterator<Item = Declared<'_>> {
    let enums = spec.enums.iter().flat_map(|(_, found)| {
        let choices = found.choices.iter().map(|choice| Declared {
            kind: Kind::Choice,
            name: &choice.name,
            span: choice.span,
        });
        std::iter::once(Declared {
            kind: Kind::Enum,
            name: &found.name,
            span: found.span,
        })
        .chain(choices)
    });
    let entities = spec.walk_entities().flat_map(|entity| {
        let invariants = entity
            .get()
            .invariants
            .iter()
            .map(|id| spec.walk(*id).get());
        // The rule of a `one of` has its name and its place.
        let wholes = &entity.get().one_of;
        let invariants =
            invariants.filter(|own| !wholes.iter().any(|whole| whole.span == own.span));
        let invariants = invariants.map(|invariant| Declared {
            kind: Kind::Invariant,
            name: &invariant.name,
            span: invariant.span,
        });
        let lifecycles = entity.get().lifecycles.iter();
        let actions = lifecycles.flat_map(|lifecycle| &lifecycle.actions);
        let actions = actions.map(|action| Declared {
            kind: Kind::Action,
            name: &action.name,
            span: action.span,
        });
        std::iter::once(Declared {
            kind: Kind::Entity,
            name: &entity.get().name,
            span: entity.get().span,
        })
        .chain(invariants)
        .chain(actions)
    });
    let roles = spec.roles.iter().map(|(_, role)| Declared {
        kind: Kind::Role,
        name: &role.name,
        span: role.span,
    });
    enums.chain(entities).chain(attributes(spec)).chain(roles)
}

/// Every attribute that a model has by the words of the spec.
fn attributes(spec: &Spec) -> impl Iterator<Item = Declared<'_>> {
    let fields = spec.fields.ids().map(|id| spec.walk(id));
    // What is wrong with the name of a `one of` is wrong with those that are made of it.
    let fields = fields.filter(|field| field.part_of().is_none_or(|whole| is_plain(&whole.name)));
    let fields = fields.map(|field| Declared {
        kind: Kind::Attribute(field.get().entity),
        name: &field.get().name,
        span: field.get().span,
    });
    let wholes = spec.entities.iter().flat_map(|(id, entity)| {
        entity.one_of.iter().map(move |whole| Declared {
            kind: Kind::Attribute(id),
            name: &whole.name,
            span: whole.span,
        })
    });
    let derives = spec.derives.iter().map(|(_, derive)| Declared {
        kind: Kind::Attribute(derive.entity),
        name: &derive.name,
        span: derive.span,
    });
    let inverses = inverses(spec).map(|(_, target, inverse)| Declared {
        kind: Kind::Attribute(target),
        name: &inverse.name,
        span: inverse.span,
    });
    fields.chain(wholes).chain(derives).chain(inverses)
}

/// Whether a name is made of words with one `_` between each two.
fn is_plain(name: &str) -> bool {
    !name.contains(|it: char| it.is_ascii_uppercase()) && !name.split('_').any(str::is_empty)
}

/// Every inverse name: the field that declares it, the entity that gets it, the name.
pub(super) fn inverses(spec: &Spec) -> impl Iterator<Item = (Id<Field>, Id<Entity>, &Inverse)> {
    spec.fields.iter().filter_map(|(id, field)| {
        let (target, inverse) = match &field.ty {
            FieldType::Relation(relation) => (relation.target, &relation.inverse),
            FieldType::Many(many) => (many.target, &many.inverse),
            _ => return None,
        };
        Some((id, target, inverse.as_ref()?))
    })
}

/// The column of a field: a reference to one row is kept under its name with `_id`.
pub(super) fn column(field: Walk<'_, Field>) -> Option<String> {
    match &field.get().ty {
        FieldType::Relation(_) => Some(format!("{}_id", field.get().name)),
        FieldType::Many(_) => None,
        _ => Some(field.get().name.clone()),
    }
}
