//! What may be done.

use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::Verb;
use appspec_syntax::ast::{self, Member, Name};

use super::Block;

impl Block<'_, '_> {
    fn members(&self) -> impl Iterator<Item = &Member> {
        self.body.parts.iter().flat_map(|part| part.members)
    }

    pub(super) fn lifecycles(&self) -> impl Iterator<Item = &ast::Lifecycle> {
        self.members().filter_map(|member| match member {
            Member::Lifecycle(lifecycle) => Some(&**lifecycle),
            _ => None,
        })
    }

    /// The names of the actions of its lifecycles.
    fn actions(&self) -> impl Iterator<Item = &str> {
        let actions = self.lifecycles().flat_map(|it| &it.actions);
        actions.map(|action| action.name.text.as_str())
    }

    /// What `do anything` stands for.
    pub(super) fn anything(&self) -> Vec<Verb> {
        let never_changes = self
            .members()
            .any(|member| matches!(member, Member::AppendOnly(_)));
        let plain = [Verb::Read, Verb::Create, Verb::Update, Verb::Delete];
        let plain = plain.into_iter().filter(|verb| match verb {
            Verb::Update | Verb::Delete => !never_changes,
            _ => true,
        });
        let actions = self.actions().map(|name| Verb::Action(name.to_owned()));
        plain.chain(actions).collect()
    }

    /// The verb by this name; an unknown one is told.
    pub(super) fn verb(&self, name: &Name, out: &mut Diagnostics) -> Option<Verb> {
        let word = name.text.as_str();
        if let Some(verb) = of_any_row(word) {
            return Some(verb);
        }
        if self.actions().any(|action| action == word) {
            return Some(Verb::Action(word.to_owned()));
        }
        let finding = Diagnostic::new(
            &codes::name::UNKNOWN,
            name.span,
            format!("`{}` has no action `{word}`", self.body.name),
        )
        .label("neither an action nor what can be done with any row");
        if let Some(ours) = meant_verb(word) {
            let help = format!("in appspec it is `{ours}`");
            out.push(finding.help(help).edit(name.span, ours));
            return None;
        }
        let plain = ["read", "create", "update", "delete"];
        let known = plain.into_iter().chain(self.actions());
        out.push(match self.layout.names.closest(word, known) {
            Some(meant) => finding.did_you_mean(name.span, meant),
            None => finding.help(
                "name `read`, `create`, `update`, `delete`, or an action of a lifecycle of the entity",
            ),
        });
        None
    }
}

/// The words of other systems for what can be done with any row.
fn meant_verb(word: &str) -> Option<&'static str> {
    Some(match word.to_ascii_lowercase().as_str() {
        "view" | "list" | "get" | "see" | "select" | "retrieve" => "read",
        "add" | "insert" | "make" | "post" => "create",
        "edit" | "change" | "modify" | "patch" | "put" => "update",
        "remove" | "destroy" => "delete",
        "all" | "anything" | "everything" | "manage" => "do anything",
        _ => return None,
    })
}

/// The verb that a word stands for, unless it is an action.
fn of_any_row(word: &str) -> Option<Verb> {
    [Verb::Read, Verb::Create, Verb::Update, Verb::Delete]
        .into_iter()
        .find(|verb| verb.word() == word)
}
