use std::collections::BTreeSet;

use appspec_ir::{
    Across, Derive, Entity, Enum, Field, FieldType, Id, Index, Invariant, Keeper, Kept, Lifecycle,
    Moment, Overlap, Serial, Spec, Traced, Unique, Walk, has_range, is_immutable,
};

use crate::canonical::Canonical;
use crate::{
    AcrossFact, ChangeFact, ChoiceFact, DeriveFact, EntityFact, EntityFacts, EnumFact, FieldFact,
    IndexFact, InvariantFact, KeptFact, LifecycleFact, OverlapFact, RelationFact, Schema,
    SerialFact, UniqueFact,
};

/// The facts that a spec states.
pub fn facts(spec: &Spec) -> Schema {
    let canonical = Canonical { spec, names: None };
    let mut schema = Schema::default();
    for id in spec.entities.ids() {
        schema
            .entities
            .insert(canonical.entity(id), canonical.entity_facts(id));
    }
    for id in spec.enums.ids() {
        schema
            .enums
            .insert(canonical.enumeration(id), canonical.enum_fact(id));
    }
    schema
}

impl Canonical<'_> {
    pub(crate) fn entity_facts(self, id: Id<Entity>) -> EntityFacts {
        let entity = self.spec.walk(id).get();
        EntityFacts {
            entity: Some(self.entity_fact(id)),
            fields: entity
                .fields
                .iter()
                .map(|id| (self.field(*id), self.field_fact(self.spec.walk(*id).get())))
                .collect(),
            derives: entity
                .derives
                .iter()
                .map(|id| self.spec.walk(*id))
                .map(|derive| (derive.name.clone(), self.derive_fact(derive)))
                .collect(),
            uniques: entity
                .uniques
                .iter()
                .map(|unique| (unique.name.clone(), self.unique_fact(unique)))
                .collect(),
            overlaps: entity
                .overlaps
                .iter()
                .map(|overlap| (overlap.name.clone(), self.overlap_fact(overlap)))
                .collect(),
            lifecycles: entity
                .lifecycles
                .iter()
                .map(|lifecycle| (lifecycle.name.clone(), self.lifecycle_fact(lifecycle)))
                .collect(),
            kept: self
                .spec
                .walk(id)
                .kept()
                .iter()
                .map(|kept| (kept.name.clone(), self.kept_fact(id, kept)))
                .collect(),
            across: entity
                .across
                .iter()
                .map(|rule| (rule.name.clone(), self.across_fact(rule)))
                .collect(),
            indexes: entity
                .indexes
                .iter()
                .map(|index| (index.name.clone(), self.index_fact(index)))
                .collect(),
            invariants: entity
                .invariants
                .iter()
                .map(|id| self.spec.walk(*id).get())
                .filter(|invariant| invariant.moment == Moment::Always)
                .map(|invariant| (invariant.name.clone(), self.invariant_fact(invariant)))
                .collect(),
        }
    }

    pub(crate) fn entity_fact(self, id: Id<Entity>) -> EntityFact {
        let entity = self.spec.walk(id).get();
        let module = self.spec.walk(entity.module).get();
        EntityFact {
            name: entity.name.clone(),
            module: module.path.clone(),
            app: module.label.clone(),
            labels: entity.labels.clone(),
            doc: entity.doc.clone(),
            identity: entity.identity,
            sorted_by: entity.sorted_by.iter().map(|key| self.sort(*key)).collect(),
            was: entity.was.clone(),
        }
    }

    pub(crate) fn field_fact(self, field: &Field) -> FieldFact {
        FieldFact {
            name: field.name.clone(),
            ty: match &field.serial {
                Some(_) => "serial".to_owned(),
                None => self.ty(&field.ty),
            },
            optional: field.optional,
            bounds: field.bounds.iter().map(Self::bound).collect(),
            message: field.bounds_message.clone(),
            default: field
                .default
                .as_ref()
                .and_then(|default| self.default(default, &field.ty)),
            touched: field.touched,
            relation: relation_fact(&field.ty),
            doc: field.doc.clone(),
            was: field.was.clone(),
        }
    }

    pub(crate) fn derive_fact(self, derive: Walk<'_, Derive>) -> DeriveFact {
        DeriveFact {
            ty: self.ty(&derive.ty),
            optional: derive.optional,
            value: self.expr(&derive.value),
            kept: Some(is_immutable(&derive.value)),
            range: Some(has_range(derive)),
            doc: derive.doc.clone(),
        }
    }

    pub(crate) fn unique_fact(self, unique: &Unique) -> UniqueFact {
        UniqueFact {
            fields: unique.fields.iter().map(|id| self.field(*id)).collect(),
            condition: unique.condition.as_ref().map(|expr| self.expr(expr)),
            ignoring_case: unique.ignoring_case,
            message: unique.message.clone(),
        }
    }

    pub(crate) fn overlap_fact(self, overlap: &Overlap) -> OverlapFact {
        OverlapFact {
            start: self.field(overlap.start),
            end: self.field(overlap.end),
            closed: overlap.closed,
            per: overlap.per.iter().map(|id| self.field(*id)).collect(),
            condition: overlap.condition.as_ref().map(|expr| self.expr(expr)),
            message: overlap.message.clone(),
        }
    }

    pub(crate) fn lifecycle_fact(self, lifecycle: &Lifecycle) -> LifecycleFact {
        let stored = |state: &str| match lifecycle.states(self.spec) {
            Some(states) => self.stored(states, state),
            None => state.to_owned(),
        };
        let moves = lifecycle.moves().into_iter();
        LifecycleFact {
            field: self.field(lifecycle.field),
            first: lifecycle.first(self.spec).map(stored).unwrap_or_default(),
            moves: moves
                .map(|(from, to)| (stored(from), to.into_iter().map(stored).collect()))
                .collect(),
        }
    }

    pub(crate) fn kept_fact(self, id: Id<Entity>, kept: &Kept<'_>) -> KeptFact {
        let names = |ids: &[Id<Field>]| ids.iter().map(|id| self.field(*id)).collect();
        let (fields, except) = match kept.source {
            Keeper::Rows | Keeper::Live(_) => (BTreeSet::new(), BTreeSet::new()),
            Keeper::Field(_) | Keeper::Serial(..) | Keeper::Change(_) => {
                (names(&kept.fields), BTreeSet::new())
            }
            Keeper::Frozen(frozen) => (names(&kept.fields), names(&frozen.except)),
            Keeper::Term(term) => (names(&[term.since]), BTreeSet::new()),
            Keeper::Audit => self.traced(id),
        };
        KeptFact {
            fields,
            except,
            condition: kept.condition().map(|expr| self.expr(expr)),
            keeps_row: kept.keeps_row(),
            numbers: match kept.source {
                Keeper::Rows | Keeper::Audit => self.numbers(id),
                _ => BTreeSet::new(),
            },
            serial: match kept.source {
                Keeper::Serial(field, serial) => Some(self.serial_fact(field, serial)),
                _ => None,
            },
            may_change: matches!(
                kept.source,
                Keeper::Live(_) | Keeper::Term(_) | Keeper::Audit
            ),
            years: match kept.source {
                Keeper::Term(term) => Some(term.years),
                _ => None,
            },
            change: kept.change().map(|rule| ChangeFact {
                condition: self.expr(&rule.condition),
                message: rule.message.clone(),
            }),
        }
    }

    /// The fields that the trail of an entity is about, and those of which it says no values.
    fn traced(self, id: Id<Entity>) -> (BTreeSet<String>, BTreeSet<String>) {
        let traced = self.spec.walk(id).traced();
        let (mut fields, mut hidden) = (BTreeSet::new(), BTreeSet::new());
        for (field, traced) in traced {
            let name = self.field(field.id);
            if traced == Traced::Changes {
                hidden.insert(name.clone());
            }
            fields.insert(name);
        }
        (fields, hidden)
    }

    /// The fields that number the rows of an entity.
    fn numbers(self, id: Id<Entity>) -> BTreeSet<String> {
        let serials = self.spec.walk(id).serials();
        serials.map(|(field, _)| self.field(field.id)).collect()
    }

    fn serial_fact(self, field: Id<Field>, serial: &Serial) -> SerialFact {
        let path = |path: &Vec<Id<Field>>| {
            let steps: Vec<String> = path.iter().map(|id| self.field(*id)).collect();
            steps.join(".")
        };
        let made = self.spec.walk(field).entity().made_at();
        SerialFact {
            pattern: serial.parts.iter().map(ToString::to_string).collect(),
            per: serial.per.iter().map(path).collect(),
            zone: serial
                .has_date()
                .then(|| self.spec.project.timezone.clone()),
            made: made.map(|field| self.field(field.id)),
        }
    }

    pub(crate) fn across_fact(self, rule: &Across) -> AcrossFact {
        AcrossFact {
            condition: self.expr(&rule.condition),
            message: rule.message.clone(),
        }
    }

    pub(crate) fn index_fact(self, index: &Index) -> IndexFact {
        IndexFact {
            keys: index.keys.iter().map(|key| self.key(*key)).collect(),
            condition: index.condition.as_ref().map(|expr| self.expr(expr)),
        }
    }

    pub(crate) fn invariant_fact(self, invariant: &Invariant) -> InvariantFact {
        InvariantFact {
            condition: self.expr(&invariant.condition),
            message: invariant.message.clone(),
        }
    }

    pub(crate) fn enum_fact(self, id: Id<Enum>) -> EnumFact {
        let enumeration = self.spec.walk(id).get();
        EnumFact {
            name: enumeration.name.clone(),
            module: self.spec.walk(enumeration.module).get().path.clone(),
            choices: enumeration
                .choices
                .iter()
                .map(|choice| ChoiceFact {
                    name: choice.name.clone(),
                    stored: self.stored(id, &choice.name),
                    label: choice.label.clone(),
                    was: choice.was.clone(),
                })
                .collect(),
            was: enumeration.was.clone(),
        }
    }
}

fn relation_fact(ty: &FieldType) -> Option<RelationFact> {
    match ty {
        FieldType::Relation(relation) => Some(RelationFact {
            on_delete: Some(relation.on_delete),
            one_to_one: relation.one_to_one,
            inverse: relation
                .inverse
                .as_ref()
                .map(|inverse| inverse.name.clone()),
        }),
        FieldType::Many(many) => Some(RelationFact {
            on_delete: None,
            one_to_one: false,
            inverse: many.inverse.as_ref().map(|inverse| inverse.name.clone()),
        }),
        _ => None,
    }
}
