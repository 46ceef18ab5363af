use appspec_backend::literal::{Written, markdown_cell, markdown_code, markdown_line};
use appspec_ir::{Moment, Spec, Walk};
use askama::Template;

use crate::project::render;
use crate::rule_tests;
use crate::rules::{Rule, entity_rules};

#[derive(Template)]
#[template(path = "docs/invariants.md")]
struct Page<'s> {
    title: Written,
    entities: Vec<Section>,
    spec: &'s Spec,
}

/// Which kinds of rules have something to be said of them.
impl Page<'_> {
    fn has_lifecycles(&self) -> bool {
        rule_tests::has_lifecycles(self.spec)
    }

    fn has_rules_on_create(&self) -> bool {
        self.spec
            .walk_entities()
            .flat_map(Walk::invariants)
            .any(|invariant| invariant.moment == Moment::Create)
    }

    fn has_kept(&self) -> bool {
        rule_tests::has_kept(self.spec)
    }

    fn has_changes(&self) -> bool {
        rule_tests::has_changes(self.spec)
    }

    fn has_terms(&self) -> bool {
        rule_tests::has_terms(self.spec)
    }

    fn has_soft_delete(&self) -> bool {
        rule_tests::has_soft_delete(self.spec)
    }

    fn has_audit(&self) -> bool {
        crate::core::has_audit(self.spec)
    }

    fn has_access(&self) -> bool {
        self.spec.has_access()
    }

    fn has_across(&self) -> bool {
        rule_tests::has_across(self.spec)
    }
}

struct Section {
    name: Written,
    rules: Vec<Row>,
}

struct Row {
    name: Written,
    says: Written,
    class: Written,
    enforced: Written,
    message: Written,
}

/// `docs/invariants.md`
pub(super) fn page(spec: &Spec) -> String {
    let entities = spec
        .walk_entities()
        .map(|entity| Section {
            name: markdown_code(&format!("{}.{}", entity.module().get().label, entity.name)),
            rules: entity_rules(entity).iter().map(row).collect(),
        })
        .filter(|section| !section.rules.is_empty())
        .collect();
    render(&Page {
        title: markdown_line(&spec.project.title),
        entities,
        spec,
    })
}

fn row(rule: &Rule) -> Row {
    Row {
        name: markdown_code(&rule.name),
        says: markdown_code(&rule.says),
        class: markdown_cell(rule.class.word()),
        enforced: markdown_cell(rule.enforced),
        message: markdown_cell(rule.message.as_deref().unwrap_or("—")),
    }
}
