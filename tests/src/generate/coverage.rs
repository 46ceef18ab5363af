//! What occurs in generated specs, and what has to.

use std::collections::BTreeSet;

use super::deck::{self, Feature, Relation, To};
use super::model::{
    Bound, Expr, Field, Id, Initial, Item, ItemKind, Kind, Member, MemberKind, Scalar, SeedValue,
    Spec, Target, Trait,
};
use super::names;
use super::print::{base_name, scalar_name};
use super::value::Value;

/// Constructs of the language, and shapes of specs, by what this file calls them.
const CONSTRUCTS: &[&str] = &[
    "label of a value",
    "stored as",
    "type with bounds",
    "type with a message",
    "type of a type",
    "mixin",
    "rule of a mixin",
    "entity with a mixin",
    "one label",
    "two labels",
    "extend an entity",
    "extend the user",
    "predicate of the top level",
    "seed of several rows",
    "seed that points to a row",
    "seed with a list",
    "derive",
    "predicate of a member",
    "invariant",
    "invariant on create",
    "invariant on change of",
    "message of an invariant",
    "unique set",
    "unique set where",
    "unique set of 6 fields",
    "index",
    "index desc",
    "index where",
    "shown as",
    "sorted by",
    "sorted by desc",
    "identified by int",
    "path of 2 steps",
    "path of 3 steps",
    "long documentation",
    "suppress",
    "use of a module",
    "folder",
    "12 modules",
    "circle of modules",
    "entity without members",
    "entity of relations alone",
    "entity that may be empty",
    "60 fields",
    "list of an enum",
    "bound of a list",
    "message of a field",
    "inverse of one",
    "inverse of many",
    "indexed relation",
    "two references to one entity",
    "names that differ behind 63 bytes",
    "rules that differ behind 63 bytes",
    "int at its ends",
    "bigint at its ends",
    "first day",
    "last day",
    "decimal(1, 1)",
    "decimal(38, 0)",
    "decimal(38, 38)",
    "text(1)",
    "negative duration",
    "28 digits or fewer",
    "audited",
    "soft delete",
    "append only",
    "keep",
    "frozen when",
    "frozen except",
    "immutable",
    "no overlap until",
    "no overlap through",
    "no overlap per",
    "no overlap where",
    "lifecycle",
    "action that needs",
    "action with a guard",
    "serial",
    "serial per",
    "serial gapless",
    "one of",
    "one of or none",
    "one of on delete",
];

/// Operators and functions of expressions.
const EXPRESSIONS: &[&str] = &[
    "==",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "+",
    "-",
    "*",
    "and",
    "or",
    "not",
    "implies",
    "in {}",
    "not in {}",
    "in ..",
    "not in ..",
    "is set",
    "is not set",
    "otherwise",
    "length",
    "lower",
    "upper",
    "trim",
    "starts_with",
    "ends_with",
    "contains",
    "abs",
    "min",
    "max",
    "floor",
    "ceil",
    "year",
    "month",
    "day",
    "hour",
    "minutes_between",
    "hours_between",
    "days_between",
    "now",
    "today",
    "all",
    "count",
    "behind",
];

/// Everything that has to occur in a set of specs.
pub fn wanted() -> BTreeSet<String> {
    let fields = deck::fields()
        .into_iter()
        .map(|(scalar, feature)| of_feature(scalar, feature));
    let relations = deck::relations().into_iter().map(of_relation);
    let classes = names::CLASSES
        .iter()
        .map(|(class, _)| format!("field called like {class}"));
    let rest = [
        "field of 63 bytes",
        "entity called like a class",
        "entity beyond 63 bytes",
        "value called like a word",
    ];
    let named = CONSTRUCTS.iter().chain(&rest).map(|it| (*it).to_owned());
    let expressions = EXPRESSIONS.iter().map(|it| format!("expression {it}"));
    fields
        .chain(relations)
        .chain(classes)
        .chain(named)
        .chain(expressions)
        .collect()
}

fn of_feature(scalar: Scalar, feature: Feature) -> String {
    format!("{} {feature:?}", base_name(scalar))
}

fn of_relation(relation: Relation) -> String {
    format!("{relation:?}")
}

/// Everything that occurs in one spec.
pub fn found(spec: &Spec) -> BTreeSet<String> {
    let mut found = Found {
        spec,
        all: BTreeSet::new(),
    };
    found.modules();
    for (module, item) in spec.items() {
        found.item(module, item);
    }
    found.names();
    found.all
}

struct Found<'s> {
    spec: &'s Spec,
    all: BTreeSet<String>,
}

impl Found<'_> {
    fn note(&mut self, what: impl Into<String>) {
        self.all.insert(what.into());
    }

    fn note_if(&mut self, is_so: bool, what: &str) {
        if is_so {
            self.note(what);
        }
    }

    fn modules(&mut self) {
        let modules = &self.spec.modules;
        self.note_if(modules.len() >= 12, "12 modules");
        self.note_if(modules.iter().any(|it| it.path.contains('.')), "folder");
        self.note_if(
            modules.len() > 1 && modules.iter().any(|it| it.qualifies),
            "use of a module",
        );
        self.note_if(!self.spec.acknowledged.is_empty(), "suppress");
        let home = |id: Id| {
            self.spec
                .items()
                .find(|(_, item)| item.id == id)
                .map(|(at, _)| at)
        };
        let mut uses: BTreeSet<(usize, usize)> = BTreeSet::new();
        for (module, item) in self.spec.items() {
            for field in item.members().iter().filter_map(Member::field) {
                if let Kind::One {
                    target: Target::Entity(id),
                    ..
                } = field.kind
                    && let Some(other) = home(id)
                    && other != module
                {
                    uses.insert((module, other));
                }
            }
        }
        let is_circle = uses.iter().any(|(a, b)| uses.contains(&(*b, *a)));
        self.note_if(is_circle, "circle of modules");
    }

    fn item(&mut self, module: usize, item: &Item) {
        self.note_if(
            item.doc.as_ref().is_some_and(|doc| doc.contains("\n\n")),
            "long documentation",
        );
        match &item.kind {
            ItemKind::Type {
                base,
                bounds,
                message,
            } => {
                self.note_if(!bounds.is_empty(), "type with bounds");
                self.note_if(message.is_some(), "type with a message");
                self.note_if(matches!(base, Kind::Named(_)), "type of a type");
            }
            ItemKind::Enum(choices) => {
                self.note_if(
                    choices.iter().any(|it| it.label.is_some()),
                    "label of a value",
                );
                self.note_if(choices.iter().any(|it| it.stored.is_some()), "stored as");
            }
            ItemKind::Mixin(members) => {
                self.note("mixin");
                let has_rule = members
                    .iter()
                    .any(|it| matches!(it.kind, MemberKind::Invariant { .. }));
                self.note_if(has_rule, "rule of a mixin");
            }
            ItemKind::Entity {
                labels,
                mixins,
                members,
            } => {
                self.note_if(labels.len() == 1, "one label");
                self.note_if(labels.len() == 2, "two labels");
                self.note_if(!mixins.is_empty(), "entity with a mixin");
                self.entity(members, mixins.is_empty());
            }
            ItemKind::Extend {
                target: Target::User,
                ..
            } => self.note("extend the user"),
            ItemKind::Extend { .. } => self.note("extend an entity"),
            ItemKind::Predicate { condition, .. } => {
                self.note("predicate of the top level");
                self.expr(condition);
            }
            ItemKind::Seed { rows, .. } => {
                self.note_if(rows.len() > 1, "seed of several rows");
                let values = || rows.iter().flat_map(|row| &row.values);
                let points = values().any(|(_, value)| matches!(value, SeedValue::Row(_)));
                self.note_if(points, "seed that points to a row");
                let lists = values().any(|(_, value)| matches!(value, SeedValue::List(_)));
                self.note_if(lists, "seed with a list");
            }
        }
        for member in item.members() {
            self.member(module, item.id, member);
        }
    }

    fn entity(&mut self, members: &[Member], is_alone: bool) {
        let fields: Vec<&Field> = members.iter().filter_map(Member::field).collect();
        self.note_if(members.is_empty(), "entity without members");
        self.note_if(fields.len() >= 60, "60 fields");
        if fields.is_empty() || !is_alone {
            return;
        }
        let is_relation = |kind: &Kind| matches!(kind, Kind::One { .. } | Kind::Many { .. });
        self.note_if(
            fields.iter().all(|it| is_relation(&it.kind)),
            "entity of relations alone",
        );
        let may_be_empty =
            |it: &&Field| it.optional || matches!(it.kind, Kind::ListOf(_) | Kind::ListOfEnum(_));
        self.note_if(
            fields.len() > 3 && fields.iter().all(may_be_empty),
            "entity that may be empty",
        );
        let targets: Vec<Target> = fields
            .iter()
            .filter_map(|it| match it.kind {
                Kind::One { target, .. } => Some(target),
                _ => None,
            })
            .collect();
        let twice = targets
            .iter()
            .any(|it| targets.iter().filter(|other| *other == it).count() > 1);
        self.note_if(twice, "two references to one entity");
    }

    fn member(&mut self, module: usize, item: Id, member: &Member) {
        match &member.kind {
            MemberKind::Field(field) => self.field(module, item, field),
            MemberKind::Derive { value, .. } => {
                self.note("derive");
                self.expr(value);
            }
            MemberKind::Predicate { condition, .. } => {
                self.note("predicate of a member");
                self.expr(condition);
            }
            MemberKind::Invariant {
                on_create,
                condition,
                message,
                ..
            } => {
                self.note(if *on_create {
                    "invariant on create"
                } else {
                    "invariant"
                });
                self.note_if(message.is_some(), "message of an invariant");
                self.expr(condition);
            }
            MemberKind::ChangeRule { message, .. } => {
                self.note("invariant on change of");
                self.note_if(message.is_some(), "message of an invariant");
            }
            MemberKind::Unique {
                fields, condition, ..
            } => {
                self.note(if condition.is_some() {
                    "unique set where"
                } else {
                    "unique set"
                });
                self.note_if(fields.len() >= 6, "unique set of 6 fields");
            }
            MemberKind::Index { keys, condition } => {
                self.note(if condition.is_some() {
                    "index where"
                } else {
                    "index"
                });
                self.note_if(keys.iter().any(|(_, descending)| *descending), "index desc");
            }
            MemberKind::ShownAs(_) => self.note("shown as"),
            MemberKind::SortedBy(keys) => {
                self.note("sorted by");
                self.note_if(
                    keys.iter().any(|(_, descending)| *descending),
                    "sorted by desc",
                );
            }
            MemberKind::IdentifiedByInt => self.note("identified by int"),
            MemberKind::Trait(said) => self.said(said),
        }
    }

    fn said(&mut self, said: &Trait) {
        match said {
            Trait::Audited => self.note("audited"),
            Trait::SoftDelete => self.note("soft delete"),
            Trait::AppendOnly => self.note("append only"),
            Trait::Keep(_) => self.note("keep"),
            Trait::Frozen { except, condition } => {
                self.note("frozen when");
                self.note_if(!except.is_empty(), "frozen except");
                self.expr(condition);
            }
            Trait::Overlap {
                word,
                per,
                condition,
                ..
            } => {
                self.note(format!("no overlap {word}"));
                self.note_if(!per.is_empty(), "no overlap per");
                self.note_if(condition.is_some(), "no overlap where");
            }
            Trait::Lifecycle { actions, .. } => {
                self.note("lifecycle");
                let needs = actions.iter().any(|it| !it.needs.is_empty());
                self.note_if(needs, "action that needs");
                let guarded = actions.iter().any(|it| it.guard.is_some());
                self.note_if(guarded, "action with a guard");
            }
        }
    }

    fn field(&mut self, _module: usize, item: Id, field: &Field) {
        self.note_if(field.immutable, "immutable");
        self.note_if(field.message.is_some(), "message of a field");
        match &field.kind {
            Kind::Scalar(scalar) => self.scalar_field(*scalar, field),
            Kind::Named(_) => {
                if let Some(scalar) = self.spec.scalar(&field.kind) {
                    self.note(of_feature(scalar, Feature::Named));
                }
            }
            Kind::ListOf(scalar) => {
                self.note(of_feature(*scalar, Feature::ListOf));
                self.note_if(!field.bounds.is_empty(), "bound of a list");
            }
            Kind::ListOfEnum(_) => self.note("list of an enum"),
            Kind::Enum(_) => {}
            Kind::One {
                target,
                on_delete,
                inverse,
            } => {
                self.note_if(inverse.is_some(), "inverse of one");
                self.note_if(field.indexed, "indexed relation");
                self.note(of_relation(Relation::One {
                    to: to(*target, item),
                    on_delete: *on_delete,
                    optional: field.optional,
                    unique: field.unique.is_some(),
                }));
            }
            Kind::Many {
                target,
                through,
                inverse,
            } => {
                self.note_if(inverse.is_some(), "inverse of many");
                let to = to(*target, item);
                let relation = if through.is_some() {
                    Relation::Through(to)
                } else {
                    Relation::Many(to)
                };
                self.note(of_relation(relation));
            }
            Kind::OneOf { on_delete, .. } => {
                self.note("one of");
                self.note_if(field.optional, "one of or none");
                self.note_if(on_delete.is_some(), "one of on delete");
            }
            Kind::Serial { per, gapless, .. } => {
                self.note("serial");
                self.note_if(!per.is_empty(), "serial per");
                self.note_if(*gapless, "serial gapless");
            }
        }
        match &field.default {
            Some(Initial::Path(steps)) if steps.len() == 2 => self.note("path of 2 steps"),
            Some(Initial::Path(steps)) if steps.len() == 3 => self.note("path of 3 steps"),
            _ => {}
        }
    }

    fn scalar_field(&mut self, scalar: Scalar, field: &Field) {
        let mut note = |feature| self.all.insert(of_feature(scalar, feature));
        note(Feature::Plain);
        if field.optional {
            note(Feature::Optional);
        }
        for bound in &field.bounds {
            note(match bound {
                Bound::Range(..) => Feature::Range,
                Bound::Matches(_) => Feature::Matches,
                Bound::Size(..) => Feature::Size,
            });
        }
        match &field.default {
            Some(Initial::Value(_)) => {
                note(Feature::Constant);
            }
            Some(Initial::Path(_)) | None => {}
            Some(_) => {
                note(Feature::Generated);
            }
        }
        if let Some(unique) = &field.unique {
            note(Feature::Unique);
            if unique.ignoring_case {
                note(Feature::UniqueIgnoringCase);
            }
            if unique.condition.is_some() {
                note(Feature::UniqueWhere);
            }
        }
        if field.indexed {
            note(Feature::Indexed);
        }
        if field.touched {
            note(Feature::Touched);
        }
        self.edges(scalar, field);
    }

    fn edges(&mut self, scalar: Scalar, field: &Field) {
        let name = scalar_name(scalar);
        if CONSTRUCTS.contains(&name.as_str()) {
            self.note(name);
        }
        let ends = field.bounds.iter().flat_map(|bound| match bound {
            Bound::Range(low, high) => vec![low.clone(), high.clone()],
            _ => Vec::new(),
        });
        let default = match &field.default {
            Some(Initial::Value(value)) => Some(value.clone()),
            _ => None,
        };
        for value in ends.flatten().chain(default) {
            match value {
                Value::Int(number) if scalar == Scalar::Int => {
                    self.note_if(
                        number == i32::MIN.into() || number == i32::MAX.into(),
                        "int at its ends",
                    );
                }
                Value::Int(number) if scalar == Scalar::BigInt => {
                    self.note_if(
                        number == i64::MIN.into() || number == i64::MAX.into(),
                        "bigint at its ends",
                    );
                }
                Value::Date(1, 1, 1) => self.note("first day"),
                Value::Date(9999, 12, 31) => self.note("last day"),
                Value::Duration(millis) => self.note_if(millis < 0, "negative duration"),
                Value::Decimal(..) => self.note("28 digits or fewer"),
                _ => {}
            }
        }
    }

    fn expr(&mut self, expr: &Expr) {
        let mut note = |word: &str| self.all.insert(format!("expression {word}"));
        match expr {
            Expr::Constant(_) | Expr::Member(_) | Expr::Predicate(_) | Expr::Negate(_) => {}
            Expr::IsSet(_, true) => {
                note("is set");
            }
            Expr::IsSet(_, false) => {
                note("is not set");
            }
            Expr::Otherwise(..) => {
                note("otherwise");
            }
            Expr::Binary(sign, left, right) => {
                note(sign);
                self.expr(left);
                self.expr(right);
            }
            Expr::Chain(word, parts) | Expr::Call(word, parts) => {
                note(word);
                for part in parts {
                    self.expr(part);
                }
            }
            Expr::Not(inner) => {
                note("not");
                self.expr(inner);
            }
            Expr::InSet(inner, negated, _) => {
                note(if *negated { "not in {}" } else { "in {}" });
                self.expr(inner);
            }
            Expr::Rows(word, _, inner) => {
                note(word);
                self.expr(inner);
            }
            Expr::Behind(..) => {
                note("behind");
            }
            Expr::InRange(inner, negated, ..) => {
                note(if *negated { "not in .." } else { "in .." });
                self.expr(inner);
            }
        }
    }

    fn names(&mut self) {
        let fields: Vec<String> = self
            .spec
            .fields()
            .map(|(_, field)| field.name.clone())
            .collect();
        for (class, words) in names::CLASSES {
            let has = fields.iter().any(|name| words.contains(&name.as_str()));
            self.note_if(has, &format!("field called like {class}"));
        }
        self.note_if(
            fields.iter().any(|name| name.len() == 63),
            "field of 63 bytes",
        );
        let mut entities: Vec<&str> = Vec::new();
        let mut has_word = false;
        for (_, item) in self.spec.items() {
            match &item.kind {
                ItemKind::Entity { .. } => entities.push(&item.name),
                ItemKind::Enum(choices) => {
                    has_word |= choices
                        .iter()
                        .any(|it| names::CHOICE_WORDS.contains(&it.name.as_str()));
                }
                _ => {}
            }
        }
        let is_class = entities
            .iter()
            .any(|name| names::ENTITY_WORDS.contains(name));
        let is_long = entities.iter().any(|name| name.len() > 63);
        self.note_if(has_word, "value called like a word");
        self.note_if(is_class, "entity called like a class");
        self.note_if(is_long, "entity beyond 63 bytes");
        let rules = self
            .spec
            .members()
            .filter(|it| matches!(it.kind, MemberKind::Invariant { .. }));
        let rules: Vec<&str> = rules.filter_map(Member::name).collect();
        let (same_entities, same_rules) = (differ_late(&entities), differ_late(&rules));
        self.note_if(same_entities, "names that differ behind 63 bytes");
        self.note_if(same_rules, "rules that differ behind 63 bytes");
    }
}

fn to(target: Target, own: Id) -> To {
    match target {
        Target::User => To::User,
        Target::Entity(id) if id == own => To::Itself,
        Target::Entity(_) => To::Other,
    }
}

/// Whether two names are the same in their first 63 bytes.
fn differ_late(names: &[&str]) -> bool {
    let long: Vec<&&str> = names.iter().filter(|name| name.len() > 63).collect();
    let starts: BTreeSet<&str> = long.iter().map(|name| &name[..63]).collect();
    starts.len() < long.len()
}
