//! The fields that a verb is granted for.

use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::{Field, FieldType, Fields, Id, Verb};
use appspec_syntax::ast::{self, MarkKind, Name};

use super::Block;
use crate::lower::layout::{Entry, Slot};
use crate::names::near;

impl<'l, 'a> Block<'l, 'a> {
    /// The fields of a permission for these verbs, of which there are several only where no fields are named.
    pub(super) fn fields(
        &self,
        written: &'a ast::Permission,
        verbs: &[Verb],
        out: &mut Diagnostics,
    ) -> Option<Fields> {
        let Some(list) = &written.fields else {
            return Some(Fields::All);
        };
        let verb = verbs.first()?;
        if !verb.takes_fields() {
            let word = verb.word();
            out.push(
                Diagnostic::new(
                    &codes::permission::FIELDS_DO_NOT_FIT,
                    list.span,
                    format!("`{word}` is about the whole row"),
                )
                .label("not about single fields")
                .help(match verb {
                    Verb::Delete => "leave the fields out".to_owned(),
                    _ => "leave the fields out: what an action writes stands in the lifecycle"
                        .to_owned(),
                }),
            );
            return None;
        }
        let mut fields: Vec<Id<Field>> = Vec::with_capacity(list.names.len());
        let mut is_whole = true;
        for name in &list.names {
            let Some(slots) = self.named(name, out) else {
                is_whole = false;
                continue;
            };
            for slot in slots {
                if !self.fits(name, slot, verb, out) {
                    is_whole = false;
                } else if fields.contains(&slot.id) {
                    out.push(
                        Diagnostic::new(
                            &codes::name::DUPLICATE,
                            name.span,
                            format!("`{}` is named twice", name.text),
                        )
                        .label("named again here")
                        .help("remove it here"),
                    );
                    is_whole = false;
                } else {
                    fields.push(slot.id);
                }
            }
        }
        is_whole.then_some(if list.is_except {
            Fields::Except(fields)
        } else {
            Fields::Only(fields)
        })
    }

    /// The fields that a name stands for.
    fn named(&self, name: &Name, out: &mut Diagnostics) -> Option<Vec<&'l Slot<'a>>> {
        let body = self.body;
        match body.entries.get(name.text.as_str()) {
            Some((Entry::Field(at), _)) => Some(vec![body.slots.get(*at)?]),
            Some((Entry::OneOf(at), _)) => Some(body.references(body.one_of.get(*at)?).collect()),
            Some((Entry::Computed(_), declared)) => {
                out.push(
                    Diagnostic::new(
                        &codes::permission::FIELDS_DO_NOT_FIT,
                        name.span,
                        format!("`{}` is made of other fields", name.text),
                    )
                    .label("no field")
                    .note(*declared, "declared here")
                    .help("name those: whoever may read what it is made of may read it"),
                );
                None
            }
            None => {
                let names = self.layout.names;
                let finding = Diagnostic::new(
                    &codes::name::UNKNOWN,
                    name.span,
                    format!("`{}` has no field `{}`", body.name, name.text),
                )
                .label("not declared");
                let meant = names.closest(&name.text, body.order.iter().copied());
                let finding = finding.rooted(body.root(&name.text, meant.map(|it| it.name)));
                out.push(match meant {
                    Some(meant) => near::field(finding, name.span, &name.text, meant),
                    None if body.is_incomplete => return None,
                    None => finding.help(format!("declare it in `{}`", body.name)),
                });
                None
            }
        }
    }

    /// Whether a verb can be about a field; if not, this is told.
    fn fits(&self, name: &Name, slot: &Slot<'_>, verb: &Verb, out: &mut Diagnostics) -> bool {
        if *verb == Verb::Read {
            return true;
        }
        let text = &name.text;
        let mut lifecycles = self.lifecycles();
        let state = lifecycles.find(|it| it.field.text == slot.ast.name.text);
        if let Some(lifecycle) = state.filter(|_| matches!(slot.ty, Some(FieldType::Enum(_)))) {
            out.push(
                Diagnostic::new(
                    &codes::state::DIRECT_WRITE,
                    name.span,
                    format!("only its actions change the state `{text}`"),
                )
                .note(lifecycle.field.span, "its lifecycle")
                .help(match lifecycle.actions.first() {
                    Some(action) => format!(
                        "leave it out, and grant its actions, such as `{}`",
                        action.name.text
                    ),
                    None => "leave it out".to_owned(),
                }),
            );
            return false;
        }
        let mark = |wanted: &MarkKind| slot.ast.marks.iter().any(|mark| mark.kind == *wanted);
        let why = if slot.is_numbered() {
            "is a number that the system gives"
        } else if mark(&MarkKind::Touched) {
            "is set by each write to its own moment"
        } else if *verb == Verb::Update && mark(&MarkKind::Immutable) {
            "never changes"
        } else {
            return true;
        };
        out.push(does_not_fit(name.span, text, why, slot, verb));
        false
    }
}

fn does_not_fit(at: Span, text: &str, why: &str, slot: &Slot<'_>, verb: &Verb) -> Diagnostic {
    Diagnostic::new(
        &codes::permission::FIELDS_DO_NOT_FIT,
        at,
        format!("`{text}` {why}"),
    )
    .label(format!("nothing to {}", verb.word()))
    .note(slot.ast.name.span, "declared here")
    .help("leave it out")
}
