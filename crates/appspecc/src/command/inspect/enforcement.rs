//! Where each rule holds.

use appspec_django::{RuleClass, rules};
use appspec_ir::Spec;
use schemars::JsonSchema;
use serde::Serialize;

/// Every rule, with the layers that hold it.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Enforcement {
    /// The rules, entity by entity.
    rules: Vec<Enforced>,
}

/// A rule.
#[derive(Debug, Serialize, JsonSchema)]
struct Enforced {
    /// Its entity: `booking.Visit`.
    entity: String,
    /// Its name: the invariant's, the unique set's, or the field's.
    rule: String,
    /// What must hold, in the words of the spec.
    says: String,
    /// What it looks at: `row`, `field`, `unique`, `exclusion`, `across`, `moment`, `transition` or `reference`.
    class: &'static str,
    /// What holds it on `PostgreSQL`; nothing where only Python can.
    postgresql: Option<&'static str>,
    /// What holds it on `SQLite`.
    sqlite: Option<&'static str>,
    /// What holds it in Python.
    python: &'static str,
    /// What people read when it is broken, if the spec says it.
    message: Option<String>,
}

pub(crate) fn of(spec: &Spec) -> Enforcement {
    let rules = rules(spec).into_iter().map(|rule| {
        let both = |name| (Some(name), Some(name));
        let ((postgresql, sqlite), python) = match rule.class {
            RuleClass::Row => (both("CHECK"), "validation"),
            RuleClass::Field if rule.is_stored() => (both("CHECK"), "validation"),
            RuleClass::Field if rule.is_of_uploads() => ((None, None), "validation of an upload"),
            RuleClass::Field => ((None, None), "validation"),
            RuleClass::Unique => (both("UNIQUE"), "validation"),
            RuleClass::Exclusion => ((Some("EXCLUDE"), Some("triggers")), "validation"),
            RuleClass::Across => (
                (
                    Some("deferred triggers"),
                    Some("triggers and the end of the transaction"),
                ),
                "validation",
            ),
            RuleClass::Transition if rule.is_of_every_save() => {
                (both("triggers"), "validation and every save")
            }
            RuleClass::Transition | RuleClass::Moment if rule.is_stored() => {
                (both("triggers"), "validation")
            }
            RuleClass::Transition => ((None, None), "the action"),
            RuleClass::Moment => ((None, None), "validation and every save of a new row"),
            RuleClass::Reference => (both("FOREIGN KEY"), "on delete"),
        };
        Enforced {
            entity: rule.entity,
            rule: rule.name,
            says: rule.says,
            class: rule.class.word(),
            postgresql,
            sqlite,
            python,
            message: rule.message,
        }
    });
    Enforcement {
        rules: rules.collect(),
    }
}
