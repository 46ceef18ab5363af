//! Lifecycles: states and fields found, conditions and values lowered.

use appspec_diagnostics::{Diagnostic, Span, codes};
use appspec_ir::{
    Action, Assignment, Enum, Expr, ExprKind, Field, FieldType, Id, Lifecycle, State, Value,
};
use appspec_syntax::ast::{self, Name};

use super::derives::{self, Receiver};
use super::layout::Slot;
use super::members::Lowering;
use super::renamed;
use crate::expr::{Lowerer, Place};
use crate::names::duplicate;

impl<'l, 'a> Lowering<'l, 'a, '_> {
    /// A lifecycle; `known` are the actions of those above, with their places.
    pub(super) fn lifecycle(
        &mut self,
        lifecycle: &'a ast::Lifecycle,
        known: &mut Vec<(&'a str, Span)>,
    ) -> Option<Lifecycle> {
        let slot = self.column(&lifecycle.field)?;
        let states = self.states(&lifecycle.field, slot)?;
        let mut actions = Vec::with_capacity(lifecycle.actions.len());
        let mut is_whole = true;
        for action in &lifecycle.actions {
            let name = &action.name;
            match known.iter().find(|(other, _)| *other == name.text) {
                Some((_, first)) => {
                    self.out.push(duplicate(&name.text, name.span, *first));
                    is_whole = false;
                }
                None => known.push((&name.text, name.span)),
            }
            match self.action(action, slot, states) {
                Some(lowered) => actions.push(lowered),
                None => is_whole = false,
            }
        }
        let finals = self.listed_states(&lifecycle.finals, states);
        (is_whole && finals.len() == lifecycle.finals.len()).then(|| Lifecycle {
            name: format!("{}_lifecycle", lifecycle.field.text),
            field: slot.id,
            actions,
            finals,
            span: lifecycle.field.span,
        })
    }

    /// The enum of a field that can be a state.
    fn states(&mut self, name: &Name, slot: &Slot<'a>) -> Option<Id<Enum>> {
        let finding = match slot.ty.as_ref()? {
            FieldType::Enum(id) if slot.ast.optional.is_none() => return Some(*id),
            FieldType::Enum(_) => Diagnostic::new(
                &codes::state::NOT_A_STATE,
                name.span,
                format!(
                    "`{}` may be empty, and a row is always in some state",
                    name.text
                ),
            )
            .note(slot.ast.name.span, "declared optional")
            .help("remove the `?` of the field"),
            _ => Diagnostic::new(
                &codes::state::NOT_A_STATE,
                name.span,
                format!("`{}` is not one of the values of an enum", name.text),
            )
            .note(slot.ast.name.span, "declared here")
            .help("name a field whose type is an enum: its values are the states"),
        };
        self.out.push(finding);
        None
    }

    fn action(
        &mut self,
        action: &'a ast::LifecycleAction,
        state: &'l Slot<'a>,
        states: Id<Enum>,
    ) -> Option<Action> {
        let from = self.listed_states(&action.from, states);
        let to = self.state(&action.to, states);
        let needs = self.needs(action, state);
        let known: Vec<Id<Field>> = needs.iter().map(|slot| slot.id).collect();
        let is_whole = from.len() == action.from.len() && needs.len() == action.needs.len();
        if let (Some(message), None) = (&action.message, &action.when) {
            self.out.push(
                Diagnostic::new(
                    &codes::types::BOUND_DOES_NOT_FIT,
                    message.span,
                    "nothing can be refused here: the action has no `when`",
                )
                .label("never shown")
                .help("write `when condition` before the message, or remove it"),
            );
            return None;
        }
        let when = match &action.when {
            Some(condition) => {
                let site = self.site(Place::Action);
                let lowerer = Lowerer::new(self.layout, self.results, site, self.out);
                Some(lowerer.knowing(&known).condition(condition)?)
            }
            None => None,
        };
        let truths = when.iter().flat_map(crate::expr::set_where_true);
        let known: Vec<Id<Field>> = known.into_iter().chain(truths).collect();
        let sets = self.sets(action, state, known)?;
        is_whole.then_some(Action {
            name: action.name.text.clone(),
            doc: super::doc(action.doc.as_ref()),
            from,
            to: to?,
            needs: needs.into_iter().map(|slot| slot.id).collect(),
            when,
            sets,
            message: action.message.as_ref().map_or_else(
                || super::words::not_possible(&action.name.text),
                |message| message.value.clone(),
            ),
            span: action.name.span,
        })
    }

    /// The fields that have to be given.
    fn needs(&mut self, action: &'a ast::LifecycleAction, state: &Slot<'a>) -> Vec<&'l Slot<'a>> {
        let mut needs: Vec<&'l Slot<'a>> = Vec::with_capacity(action.needs.len());
        for name in &action.needs {
            let Some(slot) = self.written(name, state) else {
                continue;
            };
            if needs.iter().any(|other| other.id == slot.id) {
                self.twice(name);
                continue;
            }
            needs.push(slot);
        }
        needs
    }

    /// What an action writes; None when something of it is broken.
    fn sets(
        &mut self,
        action: &'a ast::LifecycleAction,
        state: &Slot<'a>,
        mut known: Vec<Id<Field>>,
    ) -> Option<Vec<Assignment>> {
        let mut sets: Vec<Assignment> = Vec::with_capacity(action.sets.len());
        let mut is_whole = true;
        for one in &action.sets {
            let Some(slot) = self.written(&one.field, state) else {
                is_whole = false;
                continue;
            };
            let given = action.needs.iter().any(|name| name.text == one.field.text);
            if given || sets.iter().any(|other| other.field == slot.id) {
                self.twice(&one.field);
                is_whole = false;
                continue;
            }
            let Some(ty) = slot.ty.as_ref() else {
                is_whole = false;
                continue;
            };
            let receiver = Receiver {
                name: &slot.ast.name.text,
                ty,
                declared: slot.ast.ty.span,
                is_derived: false,
            };
            let site = self.site(Place::Action);
            let lowerer = Lowerer::new(self.layout, self.results, site, self.out);
            match derives::received(lowerer.knowing(&known), &receiver, &one.value) {
                Some(value) if is_blank(&value) => {
                    self.out.push(blank(&value, slot));
                    is_whole = false;
                }
                Some(value) => sets.push(Assignment {
                    field: slot.id,
                    value,
                }),
                None => is_whole = false,
            }
            known.push(slot.id);
        }
        is_whole.then_some(sets)
    }

    /// A field that an action can write.
    fn written(&mut self, name: &'a Name, state: &Slot<'a>) -> Option<&'l Slot<'a>> {
        let slot = self.column(name)?;
        let finding = if slot.id == state.id {
            Diagnostic::new(
                &codes::state::DIRECT_WRITE,
                name.span,
                format!("`{}` is what the action changes by itself", name.text),
            )
            .note(slot.ast.name.span, "the state")
            .help("leave it out: the state behind `->` is written anyway")
        } else if let Some(other) = self.lifecycle_of(name)
            && matches!(slot.ty, Some(FieldType::Enum(_)))
        {
            Diagnostic::new(
                &codes::state::DIRECT_WRITE,
                name.span,
                format!("only its own actions change the state `{}`", name.text),
            )
            .note(other, "its lifecycle")
            .help(format!(
                "leave it out, and let an action of `lifecycle {}` follow",
                name.text
            ))
        } else if slot.is_numbered() {
            Diagnostic::new(
                &codes::types::MARK_DOES_NOT_FIT,
                name.span,
                format!("`{}` is given once, when the row is made", name.text),
            )
            .note(slot.ast.name.span, "a number that the system gives")
            .help("leave it out")
        } else if matches!(slot.ty.as_ref()?, FieldType::Many(_)) {
            Diagnostic::new(
                &codes::types::MARK_DOES_NOT_FIT,
                name.span,
                format!(
                    "`{}` holds many rows, which an action does not write",
                    name.text
                ),
            )
            .note(slot.ast.name.span, "declared here")
            .help("leave it out, and change those rows before or after the action")
        } else if slot
            .ast
            .marks
            .iter()
            .any(|mark| matches!(mark.kind, ast::MarkKind::Touched))
        {
            Diagnostic::new(
                &codes::types::MARK_DOES_NOT_FIT,
                name.span,
                format!("every write sets `{}` to its own moment", name.text),
            )
            .note(slot.ast.name.span, "declared here")
            .help("leave it out, or remove the mark `touched`")
        } else {
            return Some(slot);
        };
        self.out.push(finding);
        None
    }

    /// Where the entity says that a field is a state.
    fn lifecycle_of(&self, name: &Name) -> Option<Span> {
        self.part.members.iter().find_map(|member| match member {
            ast::Member::Lifecycle(own) if own.field.text == name.text => Some(own.field.span),
            _ => None,
        })
    }

    fn listed_states(&mut self, names: &'a [Name], states: Id<Enum>) -> Vec<State> {
        let mut listed: Vec<State> = Vec::with_capacity(names.len());
        for name in names {
            let Some(state) = self.state(name, states) else {
                continue;
            };
            if listed.iter().any(|other| other.name == state.name) {
                self.twice(name);
                continue;
            }
            listed.push(state);
        }
        listed
    }

    fn state(&mut self, name: &Name, states: Id<Enum>) -> Option<State> {
        let names = self.layout.names;
        let item = names.enums.get(states.index())?.item;
        let mut values = item.values.iter().map(|value| value.name.text.as_str());
        if values.clone().any(|value| value == name.text) {
            return Some(State {
                name: name.text.clone(),
                span: name.span,
            });
        }
        let finding = Diagnostic::new(
            &codes::name::UNKNOWN,
            name.span,
            format!("`{}` has no value `{}`", item.name.text, name.text),
        );
        if let Some(new) = renamed::value(names, states, &name.text) {
            self.out.push(renamed::leads_to(finding, name.span, new));
            return None;
        }
        let finding = finding.note(item.name.span, "the states are its values");
        self.out
            .push(match names.closest(&name.text, values.by_ref()) {
                Some(meant) => finding.did_you_mean(name.span, meant),
                None => finding.help(format!("name a value of `{}`", item.name.text)),
            });
        None
    }
}

fn is_blank(value: &Expr) -> bool {
    matches!(&value.kind, ExprKind::Value(Value::Text(text)) if text.is_empty())
}

/// Text is never empty, and no action empties a field.
fn blank(value: &Expr, slot: &Slot<'_>) -> Diagnostic {
    let help = if slot.ast.optional.is_some() {
        "an action gives a field a value and never takes one away: write what should stand there, or hold it in a row of its \
         own that can be deleted"
    } else {
        "write a text of at least one character"
    };
    Diagnostic::new(
        &codes::types::LOSSY_LITERAL,
        value.span,
        "text is never empty",
    )
    .label("this value")
    .note(slot.ast.name.span, "written to this field")
    .help(help)
}
