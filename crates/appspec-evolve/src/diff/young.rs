//! What is young and gone: it has another spelling, or goes without a word.

use appspec_ir::{Entity, Enum, FieldType, Id, ListItem, Module};

use super::Diff;
use crate::matching::{Matched, Named};
use crate::young::respelled;
use crate::{Added, Change, Delta, EntityFact, EntityFacts, EnumFact};

impl<'a> Diff<'a> {
    /// A young entity that has got another spelling has got another name.
    pub(super) fn respelled_entities(
        &self,
        module: &Module,
        now: &[Named<'a>],
        matched: &mut Matched<'a>,
    ) {
        let full_name = |name: &str| format!("{}.{name}", module.path);
        let is_young = |name: &str| self.young.has(&Added::Entity(full_name(name)));
        let alike = |old: &str, index: usize| {
            let id = module.entities.get(index);
            id.is_some_and(|id| self.looks_like(*id, &full_name(old)))
        };
        respell(now, matched, is_young, alike);
    }

    /// Young entities that are gone are dropped, where their module has others: it is their module's migrations that do it.
    pub(super) fn take_back_entities(
        &mut self,
        vanished: &mut Vec<&'a EntityFact>,
        arrived: &[Id<Entity>],
    ) {
        let spec = self.spec;
        let has_moved = |fact: &EntityFact| {
            let mut arrived = arrived.iter();
            arrived.any(|id| spec.walk(*id).get().name == fact.name)
        };
        let module_of = |fact: &EntityFact| {
            let mut modules = spec.modules.iter();
            let found = modules.find(|(_, module)| module.path == fact.module)?;
            (!found.1.entities.is_empty()).then_some(found.0)
        };
        let (young, old): (Vec<_>, Vec<_>) = vanished.drain(..).partition(|fact| {
            let name = Added::Entity(format!("{}.{}", fact.module, fact.name));
            self.young.has(&name) && module_of(fact).is_some() && !has_moved(fact)
        });
        *vanished = old;
        for fact in young {
            let mut delta = Delta::default();
            let full_name = format!("{}.{}", fact.module, fact.name);
            delta.gone.entities.insert(full_name);
            if let Some(module) = module_of(fact) {
                let name = fact.name.clone();
                self.step(Change::DropEntity { module, name }, delta);
            }
        }
    }

    /// A young field that has got another spelling has got another name.
    pub(super) fn respelled_fields(
        &self,
        id: Id<Entity>,
        facts: &EntityFacts,
        now: &[Named<'a>],
        matched: &mut Matched<'a>,
    ) {
        let fields = &self.spec.walk(id).get().fields;
        let as_then = self.as_before();
        let alike = |old: &str, index: usize| {
            let field = fields.get(index).map(|id| self.spec.walk(*id).get());
            let then = facts.fields.get(old);
            then.zip(field)
                .is_some_and(|(then, field)| then.ty == as_then.ty(&field.ty))
        };
        respell(now, matched, |name| self.is_young(id, name), alike);
    }

    /// Whether the field of this name of then was built so lately that it may go.
    pub(super) fn is_young(&self, id: Id<Entity>, name: &str) -> bool {
        let entity = self.names.entity_before(id);
        entity.is_some_and(|entity| {
            let field = Added::Field(entity.to_owned(), name.to_owned());
            self.young.has(&field)
        })
    }

    pub(super) fn drop_field(&mut self, entity: Id<Entity>, name: &str) {
        let name = name.to_owned();
        let mut delta = Delta::default();
        let gone = delta.gone.fields.entry(self.spec.walk(entity).full_name());
        gone.or_default().insert(name.clone());
        self.step(Change::DropField { entity, name }, delta);
    }

    /// A young value that has got another spelling has got another name.
    pub(super) fn respelled_values(
        &self,
        id: Id<Enum>,
        fact: &EnumFact,
        now: &[Named<'a>],
        matched: &mut Matched<'a>,
    ) {
        let is_young = |name: &str| self.is_young_value(id, fact, name);
        respell(now, matched, is_young, |_, _| true);
    }

    fn is_young_value(&self, id: Id<Enum>, fact: &EnumFact, name: &str) -> bool {
        let choice = fact.choices.iter().find(|choice| choice.name == name);
        let list = self.names.enum_before(id);
        list.zip(choice).is_some_and(|(list, choice)| {
            let value = Added::Value(list.to_owned(), choice.stored.clone());
            self.young.has(&value)
        })
    }

    /// Whether a value may go: it is young, and rows that hold it can be found. Nobody looks into lists for it.
    pub(super) fn may_go(&self, id: Id<Enum>, fact: &EnumFact, name: &str) -> bool {
        let mut fields = self.spec.fields.iter();
        let in_list = FieldType::List(ListItem::Enum(id));
        self.is_young_value(id, fact, name) && fields.all(|(_, field)| field.ty != in_list)
    }
}

/// Names that are gone, and young, are now the new ones that are other spellings of them.
fn respell<'a>(
    now: &[Named<'a>],
    matched: &mut Matched<'a>,
    is_young: impl Fn(&str) -> bool,
    alike: impl Fn(&str, usize) -> bool,
) {
    let vanished: Vec<&'a str> = matched
        .vanished
        .iter()
        .copied()
        .filter(|name| is_young(name))
        .collect();
    let arrived = matched.arrived(now);
    for (index, old) in respelled(&vanished, &arrived, alike) {
        matched.is_now(index, old);
    }
}
