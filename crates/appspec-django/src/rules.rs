//! Every rule of a spec with the place where the emitted project enforces it.

use appspec_ir::{
    Across, Bound, Derive, Entity, Field, FieldType, FileRule, Id, Invariant, Keeper, Kept,
    Lifecycle, ListItem, Moment, Overlap, Scalar, Serial, Spec, State, Unique, Value, Walk,
    has_range, print_as_written, print_value,
};

use crate::constraints::said_when_changed;
use crate::words;

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The entity: `booking.Visit`.
    pub entity: String,
    /// Its name: the invariant's, the unique set's, or the field's.
    pub name: String,
    /// What must hold, in the words of the spec.
    pub says: String,
    /// What it looks at.
    pub class: RuleClass,
    /// Where the emitted project enforces it.
    pub enforced: &'static str,
    /// What people read when it is broken, if the spec says it.
    pub message: Option<String>,
}

/// What a rule looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleClass {
    /// One row.
    Row,
    /// One value.
    Field,
    /// All rows: no two may agree.
    Unique,
    /// All rows: no two may meet.
    Exclusion,
    /// A row and those around it.
    Across,
    /// One write, at the time of it.
    Moment,
    /// One change: what it makes of the row.
    Transition,
    /// Another row: it has to be there.
    Reference,
}

impl Rule {
    /// Whether the database looks at it, whatever writes.
    pub fn is_stored(&self) -> bool {
        self.enforced.contains("database")
    }

    /// Whether every save asks it, and not the validation alone.
    pub fn is_of_every_save(&self) -> bool {
        self.enforced.contains("every save")
    }

    /// Whether it is about files, which are looked at when they come.
    pub fn is_of_uploads(&self) -> bool {
        self.enforced == ON_UPLOAD
    }
}

impl RuleClass {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Row => "row",
            Self::Field => "field",
            Self::Unique => "unique",
            Self::Exclusion => "exclusion",
            Self::Across => "across",
            Self::Moment => "moment",
            Self::Transition => "transition",
            Self::Reference => "reference",
        }
    }
}

/// All rules of a spec: invariants first, then unique sets, then what the fields say and what is derived, entity by entity.
pub fn rules(spec: &Spec) -> Vec<Rule> {
    spec.walk_entities().flat_map(entity_rules).collect()
}

/// The rules that the project itself has to ask on `SQLite`: those that span rows.
pub fn asked_by_the_connection(spec: &Spec) -> Vec<String> {
    let entities = spec.walk_entities();
    let rules = entities.flat_map(|entity| {
        let own = entity.get().across.iter();
        own.map(move |rule| format!("{}.{}", entity.full_name(), rule.name))
    });
    rules.collect()
}

/// The rules of one entity.
pub(crate) fn entity_rules(entity: Walk<'_, Entity>) -> Vec<Rule> {
    let mut rules: Vec<Rule> = entity.invariants().map(invariant).collect();
    rules.extend(entity.get().across.iter().map(|rule| across(entity, rule)));
    rules.extend(entity.get().uniques.iter().map(|set| unique(entity, set)));
    let overlaps = entity.get().overlaps.iter();
    rules.extend(overlaps.map(|rule| overlap(entity, rule)));
    let lifecycles = entity.get().lifecycles.iter();
    rules.extend(lifecycles.flat_map(|rule| lifecycle(entity, rule)));
    rules.extend(entity.kept().iter().map(|rule| kept(entity, rule)));
    rules.extend(entity.fields().flat_map(field_rules));
    rules.extend(entity.derives().filter_map(derived));
    rules
}

/// Which states follow on which, and what each action asks for.
fn lifecycle(entity: Walk<'_, Entity>, rule: &Lifecycle) -> Vec<Rule> {
    let spec = entity.spec;
    let field = &spec.walk(rule.field).get().name;
    let own = |name: &str, says, enforced, message| Rule {
        entity: entity.full_name(),
        name: name.to_owned(),
        says,
        class: RuleClass::Transition,
        enforced,
        message,
    };
    let listed = |states: &[State]| {
        let names: Vec<&str> = states.iter().map(|state| state.name.as_str()).collect();
        names.join(", ")
    };
    let first = rule.first(spec).unwrap_or_default();
    let steps = rule.actions.iter();
    let steps: Vec<String> = steps
        .map(|action| format!("{} -> {}", listed(&action.from), action.to.name))
        .collect();
    let says = format!("{field} begins as {first}; {}", steps.join("; "));
    let mut found = vec![own(&rule.name, says, TRIGGERED, None)];
    for action in &rule.actions {
        let mut says = Vec::new();
        if !action.needs.is_empty() {
            let needs = action.needs.iter();
            let needs: Vec<&str> = needs.map(|id| spec.walk(*id).get().name.as_str()).collect();
            says.push(format!("needs {}", needs.join(", ")));
        }
        if let Some(condition) = &action.when {
            says.push(format!("when {}", print_as_written(spec, condition)));
        }
        if !says.is_empty() {
            let message = action.when.as_ref().map(|_| action.message.clone());
            found.push(own(&action.name, says.join(" "), BY_ACTION, message));
        }
    }
    found
}

/// What stays as it is.
fn kept(entity: Walk<'_, Entity>, rule: &Kept<'_>) -> Rule {
    let spec = entity.spec;
    let says = match rule.source {
        Keeper::Field(field) => format!("{} immutable", spec.walk(field).get().name),
        Keeper::Serial(field, serial) => format!(
            "{} serial \"{}\"{}{}",
            spec.walk(field).get().name,
            serial.pattern(),
            per(entity, serial),
            if serial.gapless { " gapless" } else { "" }
        ),
        Keeper::Rows => "append only".to_owned(),
        Keeper::Live(_) => "soft delete".to_owned(),
        Keeper::Term(term) => format!("keep {}", term.length()),
        Keeper::Audit => "audited".to_owned(),
        Keeper::Change(rule) => {
            let fields = rule.fields.iter();
            let fields: Vec<&str> = fields
                .map(|id| spec.walk(*id).get().name.as_str())
                .collect();
            let condition = print_as_written(spec, &rule.condition);
            match fields.as_slice() {
                [only] => format!("on change of {only}: {condition}"),
                _ => format!("on change of ({}): {condition}", fields.join(", ")),
            }
        }
        Keeper::Frozen(frozen) => {
            let except = frozen.except.iter();
            let except: Vec<&str> = except
                .map(|id| spec.walk(*id).get().name.as_str())
                .collect();
            let condition = print_as_written(spec, &frozen.condition);
            if except.is_empty() {
                format!("frozen when {condition}")
            } else {
                format!("frozen when {condition} except ({})", except.join(", "))
            }
        }
    };
    Rule {
        entity: entity.full_name(),
        name: rule.name.clone(),
        says,
        class: match rule.source {
            Keeper::Change(_) => RuleClass::Moment,
            Keeper::Field(_)
            | Keeper::Serial(..)
            | Keeper::Rows
            | Keeper::Frozen(_)
            | Keeper::Live(_)
            | Keeper::Term(_)
            | Keeper::Audit => RuleClass::Transition,
        },
        enforced: match rule.source {
            Keeper::Live(_) => MARKED,
            Keeper::Term(_) => STAYS,
            Keeper::Audit => RECORDED,
            Keeper::Field(_)
            | Keeper::Serial(..)
            | Keeper::Rows
            | Keeper::Frozen(_)
            | Keeper::Change(_) => KEPT,
        },
        message: Some(said_when_changed(entity, rule)),
    }
}

/// ` per stylist.salon, kind`
fn per(entity: Walk<'_, Entity>, serial: &Serial) -> String {
    let path = |path: &Vec<Id<Field>>| {
        let steps: Vec<&str> = path
            .iter()
            .map(|id| entity.spec.walk(*id).get().name.as_str())
            .collect();
        steps.join(".")
    };
    let paths: Vec<String> = serial.per.iter().map(path).collect();
    match paths.as_slice() {
        [] => String::new(),
        paths => format!(" per {}", paths.join(", ")),
    }
}

fn invariant(invariant: Walk<'_, Invariant>) -> Rule {
    let (class, enforced) = match invariant.moment {
        Moment::Always => (RuleClass::Row, CHECKED),
        Moment::Create => (
            RuleClass::Moment,
            "model validation and every save of a new row",
        ),
    };
    Rule {
        entity: invariant.spec.walk(invariant.get().entity).full_name(),
        name: invariant.name.clone(),
        says: print_as_written(invariant.spec, &invariant.get().condition),
        class,
        enforced,
        message: Some(invariant.message.clone()),
    }
}

fn across(entity: Walk<'_, Entity>, rule: &Across) -> Rule {
    Rule {
        entity: entity.full_name(),
        name: rule.name.clone(),
        says: print_as_written(entity.spec, &rule.condition),
        class: RuleClass::Across,
        enforced: ACROSS,
        message: Some(rule.message.clone()),
    }
}

fn unique(entity: Walk<'_, Entity>, set: &Unique) -> Rule {
    let spec = entity.spec;
    let names: Vec<&str> = set
        .fields
        .iter()
        .map(|id| spec.walk(*id).get().name.as_str())
        .collect();
    let mut says = format!("unique ({})", names.join(", "));
    if set.ignoring_case {
        says.push_str(" ignoring case");
    }
    if let Some(condition) = &set.condition {
        says.push_str(" where ");
        says.push_str(&print_as_written(spec, condition));
    }
    Rule {
        entity: entity.full_name(),
        name: set.name.clone(),
        says,
        class: RuleClass::Unique,
        enforced: if set.condition.is_some() || set.ignoring_case {
            "unique index in the database, model validation"
        } else {
            "database UNIQUE, model validation"
        },
        message: set.message.clone(),
    }
}

fn overlap(entity: Walk<'_, Entity>, rule: &Overlap) -> Rule {
    let spec = entity.spec;
    let name = |id: &Id<Field>| spec.walk(*id).get().name.as_str();
    let (start, end) = (name(&rule.start), name(&rule.end));
    let until = if rule.closed { "through" } else { "until" };
    let mut says = format!("no overlap of {start} {until} {end}");
    if !rule.per.is_empty() {
        let per: Vec<&str> = rule.per.iter().map(name).collect();
        says.push_str(" per ");
        says.push_str(&per.join(", "));
    }
    if let Some(condition) = &rule.condition {
        says.push_str(" where ");
        says.push_str(&print_as_written(spec, condition));
    }
    Rule {
        entity: entity.full_name(),
        name: rule.name.clone(),
        says,
        class: RuleClass::Exclusion,
        enforced: "exclusion constraint in the database (SQLite: triggers), model validation",
        message: rule.message.clone(),
    }
}

/// A derived value that may be too large for its type.
fn derived(derive: Walk<'_, Derive>) -> Option<Rule> {
    let FieldType::Scalar(scalar) = derive.ty else {
        return None;
    };
    has_range(derive).then(|| Rule {
        entity: derive.spec.walk(derive.get().entity).full_name(),
        name: derive.name.clone(),
        says: format!("fits {scalar}"),
        class: RuleClass::Row,
        enforced: CHECKED,
        message: None,
    })
}

/// What the database and the model both look at.
const CHECKED: &str = "database CHECK, model validation";
/// What the database looks at when a row is written, and the model before it.
const TRIGGERED: &str = "triggers in the database, model validation and every save";
/// What the database looks at when a row is written or deleted, and the model before it.
const KEPT: &str = "triggers in the database, model validation";
/// What the database refuses to delete, and Django before it.
const STAYS: &str = "triggers in the database, every deletion through Django";
/// What the database writes down, and refuses nothing.
const RECORDED: &str = "recorded by triggers in the database";
/// What the project does instead of deleting, and what the database refuses to delete.
const MARKED: &str = "triggers in the database, every deletion through Django marks";
/// What the database asks when a transaction ends, and the model of a record with the rows that are there.
const ACROSS: &str = "triggers in the database at the end of the transaction, model validation";
/// What a write past the action does not ask.
const BY_ACTION: &str = "the action, under a lock of the row";
/// What nothing looks at once the file is there.
const ON_UPLOAD: &str = "model validation, when a file is uploaded";

fn field_rules(field: Walk<'_, Field>) -> Vec<Rule> {
    let element = field.get();
    let rule = |says: String, class, enforced, message| Rule {
        entity: field.entity().full_name(),
        name: element.name.clone(),
        says,
        class,
        enforced,
        message,
    };
    let mut rules = Vec::new();
    match &element.ty {
        FieldType::Scalar(Scalar::Text { .. }) if element.serial.is_none() => {
            rules.push(rule(
                "not empty".to_owned(),
                RuleClass::Field,
                CHECKED,
                None,
            ));
        }
        FieldType::Enum(_) => {
            let says = format!("one of {}", words::field_type(field).trim_end_matches('?'));
            rules.push(rule(says, RuleClass::Field, CHECKED, None));
        }
        FieldType::List(item) => {
            let item = match item {
                ListItem::Scalar(scalar) => scalar.to_string(),
                ListItem::Enum(id) => format!("one of {}", field.spec.walk(*id).name),
            };
            let says = format!("each item is {item}");
            rules.push(rule(says, RuleClass::Field, "model validation", None));
        }
        FieldType::Relation(relation) => rules.push(rule(
            format!(
                "{} on delete {}",
                field.spec.walk(relation.target).name,
                words::on_delete(relation.on_delete)
            ),
            RuleClass::Reference,
            "database foreign key, Django on delete",
            None,
        )),
        _ => {}
    }
    for bound in &element.bounds {
        let message = element.bounds_message.clone();
        rules.push(match bound {
            Bound::Range { low, high, span } => rule(
                range(field.spec.written.ends(*span, low.as_ref(), high.as_ref())),
                RuleClass::Field,
                CHECKED,
                message,
            ),
            Bound::Matches { pattern, .. } => rule(
                format!("matches r\"{pattern}\""),
                RuleClass::Field,
                CHECKED,
                message,
            ),
            Bound::File { rule: file, .. } => {
                rule(file_rule(file), RuleClass::Field, ON_UPLOAD, message)
            }
        });
    }
    rules
}

/// `in 0..100`
fn range((low, high): (Option<&Value>, Option<&Value>)) -> String {
    let end = |value: Option<&Value>| value.map(print_value).unwrap_or_default();
    format!("in {}..{}", end(low), end(high))
}

/// `5MB`
fn size(bytes: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "KB")];
    UNITS
        .iter()
        .find(|(unit, _)| bytes >= *unit && bytes.is_multiple_of(*unit))
        .map_or_else(
            || format!("{bytes} bytes"),
            |(unit, name)| format!("{}{name}", bytes / unit),
        )
}

/// `max 5MB of png, jpeg`
fn file_rule(file: &FileRule) -> String {
    let mut says = match file.max_bytes {
        Some(bytes) => format!("max {}", size(bytes)),
        None => "any size".to_owned(),
    };
    let kinds: Vec<String> = file
        .kinds
        .iter()
        .map(|kind| format!("{kind:?}").to_lowercase())
        .collect();
    if !kinds.is_empty() {
        says.push_str(" of ");
        says.push_str(&kinds.join(", "));
    }
    says
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::salon;

    #[test]
    fn every_rule_of_a_visit_says_where_it_is_enforced() {
        let table: Vec<String> = rules(&salon())
            .into_iter()
            .filter(|rule| rule.entity == "booking.Visit")
            .map(|rule| {
                format!(
                    "{} | {} | {} | {}",
                    rule.name,
                    rule.says,
                    rule.class.word(),
                    rule.enforced
                )
            })
            .collect();
        insta::assert_snapshot!(table.join("\n"));
    }

    #[test]
    fn items_of_a_list_are_looked_at_by_the_model_alone() {
        let mut spec = salon();
        let first = spec.fields.ids().next().unwrap();
        let text = Scalar::Text { max: Some(20) };
        let field = spec.fields.find_mut(first).unwrap();
        field.ty = FieldType::List(ListItem::Scalar(text));
        field.bounds.clear();
        let found = field_rules(spec.walk(first));
        let [rule] = found.as_slice() else {
            panic!("{found:?}");
        };
        assert_eq!(rule.says, "each item is text(20)");
        assert_eq!(rule.enforced, "model validation");
        assert!(!rule.is_stored() && !rule.is_of_uploads());
    }

    #[test]
    fn sizes_are_said_as_in_the_spec() {
        assert_eq!(size(5 << 20), "5MB");
        assert_eq!(size(1500), "1500 bytes");
        assert_eq!(size(3 << 10), "3KB");
    }
}
