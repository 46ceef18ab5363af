use appspec_diagnostics::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{ChangeRule, Entity, Expr, Field, Id, Serial, SoftDelete, Term, Walk, audit};

/// `frozen when status == done except (note)`: while the condition holds of a row as it was, nothing else about it
/// changes, and it is not deleted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Frozen {
    /// What has to hold of the row as it was.
    pub condition: Expr,
    /// The fields that may change all the same.
    pub except: Vec<Id<Field>>,
    /// Where it was written.
    pub span: Span,
}

/// A rule about what a row keeps for its whole life, or while something holds: `immutable`, `append only` or `frozen`. Or
/// about what it may become: `on change of`.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept<'s> {
    /// Distinct within the entity: `number_immutable`, `append_only`, `frozen`.
    pub name: String,
    /// What it was made from.
    pub source: Keeper<'s>,
    /// The columns that keep their values, in order; for `append only` all of them, for `on change of` those whose change
    /// it is about.
    pub fields: Vec<Id<Field>>,
    /// Where it was written.
    pub span: Span,
}

/// What says that something is kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Keeper<'s> {
    /// `immutable`: one field.
    Field(Id<Field>),
    /// `serial "…"`: the number of a row, and the row too where no number may be missing.
    Serial(Id<Field>, &'s Serial),
    /// `append only`: every row as a whole.
    Rows,
    /// `frozen when …`: rows for which the condition holds.
    Frozen(&'s Frozen),
    /// `on change of`: fields may only become what the rule says.
    Change(&'s ChangeRule),
    /// `soft delete`: a row that is not marked stays, and may change.
    Live(&'s SoftDelete),
    /// `keep 5 years`: a row stays for so long, and may change.
    Term(&'s Term),
    /// `audited`: a row may change and go, and the trail of its changes stays.
    Audit,
}

/// What the rule of a field of this name, which gives and keeps numbers, is called.
pub fn serial_name(field: &str) -> String {
    format!("{field}_serial")
}

impl Kept<'_> {
    /// What has to hold of the row as it was; nothing where the rule always applies.
    pub fn condition(&self) -> Option<&Expr> {
        match self.source {
            Keeper::Frozen(frozen) => Some(&frozen.condition),
            Keeper::Live(marked) => Some(&marked.live),
            Keeper::Field(_)
            | Keeper::Serial(..)
            | Keeper::Rows
            | Keeper::Change(_)
            | Keeper::Term(_)
            | Keeper::Audit => None,
        }
    }

    /// Whether the row has to stay as well.
    pub fn keeps_row(&self) -> bool {
        match self.source {
            Keeper::Field(_) | Keeper::Change(_) | Keeper::Audit => false,
            Keeper::Serial(_, serial) => serial.gapless,
            Keeper::Rows | Keeper::Frozen(_) | Keeper::Live(_) | Keeper::Term(_) => true,
        }
    }

    /// The rule about a change, if it is one.
    pub fn change(&self) -> Option<&ChangeRule> {
        match self.source {
            Keeper::Change(rule) => Some(rule),
            Keeper::Field(_)
            | Keeper::Serial(..)
            | Keeper::Rows
            | Keeper::Frozen(_)
            | Keeper::Live(_)
            | Keeper::Term(_)
            | Keeper::Audit => None,
        }
    }

    /// Whether it keeps the numbers of rows as well, which they get after they were made on some databases.
    pub fn keeps_numbers(&self) -> bool {
        matches!(self.source, Keeper::Rows | Keeper::Frozen(_))
    }
}

impl<'s> Walk<'s, Entity> {
    /// The rules about what rows keep: those of fields in their order, then those of the entity, then those about changes.
    pub fn kept(self) -> Vec<Kept<'s>> {
        let columns = || self.fields().filter(|field| field.is_column());
        let immutable = columns().filter(|field| field.immutable);
        let mut found: Vec<Kept<'s>> = immutable
            .map(|field| Kept {
                name: format!("{}_immutable", field.name),
                source: Keeper::Field(field.id),
                fields: vec![field.id],
                span: field.get().span,
            })
            .collect();
        found.extend(self.serials().map(|(field, serial)| Kept {
            name: serial_name(&field.name),
            source: Keeper::Serial(field.id, serial),
            fields: vec![field.id],
            span: serial.span,
        }));
        found.extend(self.get().append_only.map(|span| Kept {
            name: "append_only".to_owned(),
            source: Keeper::Rows,
            fields: columns().map(|field| field.id).collect(),
            span,
        }));
        found.extend(self.get().frozen.as_ref().map(|frozen| {
            // What the compiler maintains goes on changing.
            let kept = columns().filter(|field| !field.is_given_by_writes());
            let kept = kept.map(|field| field.id);
            Kept {
                name: "frozen".to_owned(),
                source: Keeper::Frozen(frozen),
                fields: kept.filter(|id| !frozen.except.contains(id)).collect(),
                span: frozen.span,
            }
        }));
        found.extend(self.get().soft_delete.as_ref().map(|marked| Kept {
            name: SoftDelete::RULE.to_owned(),
            source: Keeper::Live(marked),
            fields: Vec::new(),
            span: marked.span,
        }));
        found.extend(self.get().keep.as_ref().map(|term| Kept {
            name: Term::RULE.to_owned(),
            source: Keeper::Term(term),
            fields: Vec::new(),
            span: term.span,
        }));
        found.extend(self.get().audited.map(|span| Kept {
            name: audit::RULE.to_owned(),
            source: Keeper::Audit,
            fields: Vec::new(),
            span,
        }));
        found.extend(self.get().changes.iter().map(|rule| Kept {
            name: rule.name.clone(),
            source: Keeper::Change(rule),
            fields: rule.fields.clone(),
            span: rule.span,
        }));
        found
    }
}
