//! What an entity says of all its rows, as text.

use super::super::model::{Action, Id, OnDelete, Target, Trait};
use super::{Printer, quoted, worded};

impl Printer<'_> {
    pub(super) fn said(&mut self, said: &Trait) -> String {
        match said {
            Trait::Audited => "audited".to_owned(),
            Trait::SoftDelete => "soft delete".to_owned(),
            Trait::AppendOnly => "append only".to_owned(),
            Trait::Keep(years) => format!("keep {years} years"),
            Trait::Frozen { condition, except } => {
                let mut line = format!("frozen when {}", self.expr(condition));
                if !except.is_empty() {
                    line += &format!(" except ({})", self.listed(except));
                }
                line
            }
            Trait::Overlap {
                from,
                to,
                word,
                per,
                condition,
                message,
            } => {
                let (from, to) = (self.member_name(*from), self.member_name(*to));
                let mut line = format!("no overlap of {from} {word} {to}");
                if !per.is_empty() {
                    line += &format!(" per {}", self.listed(per));
                }
                line += &self.condition(condition.as_ref());
                line + &worded(message.as_ref())
            }
            Trait::Lifecycle {
                field,
                actions,
                last,
                ..
            } => {
                let lines: Vec<String> = actions.iter().map(|it| self.action(it)).collect();
                let field = self.member_name(*field);
                format!(
                    "lifecycle {field} {{\n    {}\n    final {last}\n  }}",
                    lines.join("\n    ")
                )
            }
        }
    }

    fn action(&mut self, action: &Action) -> String {
        let from = action.from.join(", ");
        let mut line = format!("{}: {from} -> {}", action.name, action.to);
        if !action.needs.is_empty() {
            line += &format!(" needs {}", self.listed(&action.needs));
        }
        if let Some(guard) = &action.guard {
            line += &format!(" when {}", self.expr(guard));
        }
        line
    }

    fn listed(&self, fields: &[Id]) -> String {
        let names: Vec<&str> = fields.iter().map(|id| self.member_name(*id)).collect();
        names.join(", ")
    }

    pub(super) fn serial(&self, pattern: &str, per: &[Id], gapless: bool) -> String {
        let mut line = format!("serial {}", quoted(pattern));
        if !per.is_empty() {
            line += &format!(" per {}", self.listed(per));
        }
        if gapless {
            line += " gapless";
        }
        line
    }

    pub(super) fn one_of(&mut self, targets: &[Target]) -> String {
        let targets: Vec<String> = targets.iter().map(|it| self.target(*it)).collect();
        format!("one of {}", targets.join(", "))
    }
}

/// `on delete`, with a blank before it.
pub(super) fn on_delete(kind: OnDelete) -> &'static str {
    match kind {
        OnDelete::Cascade => " on delete cascade",
        OnDelete::Protect => " on delete protect",
        OnDelete::Restrict => " on delete restrict",
        OnDelete::SetNull => " on delete set null",
    }
}
