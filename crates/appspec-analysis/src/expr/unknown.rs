//! Findings about names that mean nothing where they stand.

use appspec_diagnostics::{Diagnostic, Span, codes};
use appspec_ir::{Enum, Id, Type};
use appspec_syntax::ast::{Name, Path};

use super::lowerer::{Lowerer, Place};
use super::old::OLD;
use super::several::no_key;
use crate::lower::constant::{enum_root, is_empty, value_names, values_help};
use crate::lower::renamed;
use crate::names::near;

/// What other languages call the row that a rule is about.
const THE_ROW: &[&str] = &[
    "self", "this", "row", "new", "NEW", "obj", "instance", "record",
];

/// What begins a remark in other languages; here, two signs before a value.
const REMARK: &str = "-- ";

impl Lowerer<'_, '_> {
    pub(super) fn unknown_value(&mut self, id: Id<Enum>, value: &Name) {
        let names = self.names();
        if is_empty(names, id) {
            return;
        }
        let finding = Diagnostic::new(
            &codes::name::UNKNOWN,
            value.span,
            format!("`{}` has no value `{}`", names.enum_name(id), value.text),
        )
        .label("not one of its values");
        let finding = if let Some(new) = renamed::value(names, id, &value.text) {
            renamed::leads_to(finding, value.span, new)
        } else {
            let meant = names.closest(&value.text, value_names(names, id));
            let root = enum_root(names, id, &value.text, meant.map(|it| it.name));
            let finding = finding.rooted(root);
            match meant {
                Some(meant) => finding.did_you_mean(value.span, meant),
                None => finding.help(values_help(names, id)),
            }
        };
        self.out.push(finding);
    }

    pub(super) fn unknown_member(&mut self, name: &Name) {
        let Some(body) = self.body() else { return };
        let finding = Diagnostic::new(
            &codes::name::UNKNOWN,
            name.span,
            format!("`{}` has no `{}`", body.name, name.text),
        )
        .label("not declared");
        if let Some(new) = renamed::field(body, &name.text) {
            self.out.push(renamed::leads_to(finding, name.span, new));
            return;
        }
        let meant = self.names().closest(&name.text, body.order.iter().copied());
        let finding = finding.rooted(body.root(&name.text, meant.map(|it| it.name)));
        let finding = match meant {
            Some(meant) => {
                let finding = near::field(finding, name.span, &name.text, meant);
                match body.entries.get(meant.name) {
                    Some((_, declared)) => finding.note(*declared, "declared here"),
                    None => finding,
                }
            }
            None if body.is_incomplete => return,
            None => finding.help(format!("declare it in `{}`", body.name)),
        };
        self.out.push(finding);
    }

    pub(super) fn unknown(&mut self, path: &Path, hint: Option<Type>) {
        let Some(first) = path.names.first() else {
            return;
        };
        if self.no_old(path) {
            return;
        }
        // `this.x` and, in a predicate with a parameter, a bare field.
        if first.text == "this"
            && let (None, [_, rest, ..]) = (self.site.row, path.names.as_slice())
        {
            self.out.push(
                Diagnostic::new(
                    &codes::name::UNKNOWN,
                    path.span,
                    "the fields of the row are named without `this`",
                )
                .help(format!("write `{}`", rest.text))
                .edit(
                    Span::new(first.span.file, first.span.start, rest.span.start),
                    "",
                ),
            );
            return;
        }
        if let (Some(row), Some(_)) = (self.site.row, self.entry(&first.text)) {
            self.out.push(
                Diagnostic::new(
                    &codes::name::UNKNOWN,
                    first.span,
                    format!("`{}` belongs to the row `{row}`", first.text),
                )
                .help(format!("write `{row}.{}`", first.text))
                .edit(first.span.at_start(), format!("{row}.")),
            );
            return;
        }
        if let (Some(Type::Enum(id)), [only]) = (hint, path.names.as_slice()) {
            return self.unknown_value_or_field(id, only);
        }
        let finding = Diagnostic::new(
            &codes::name::UNKNOWN,
            first.span,
            match self.body() {
                Some(body) => format!("`{}` has no `{}`", body.name, first.text),
                None => format!("no `{}` here", first.text),
            },
        )
        .label("not declared");
        if self.site.row.is_none()
            && let Some(new) = self
                .body()
                .and_then(|body| renamed::field(body, &first.text))
        {
            self.out.push(renamed::leads_to(finding, first.span, new));
            return;
        }
        if let Some(finding) = self.are_rows(path) {
            self.out.push(finding);
            return;
        }
        if let [only] = path.names.as_slice()
            && let Some((help, at, ours)) = self.meant_otherwise(only)
        {
            self.out.push(finding.help(help).edit(at, ours));
            return;
        }
        if first.text == "id" && self.body().is_some_and(|body| body.entity.is_some()) {
            self.out.push(
                no_key(first).help("give the row a number or a name of its own, and compare that"),
            );
            return;
        }
        if let [_, next, ..] = path.names.as_slice()
            && THE_ROW.contains(&first.text.as_str())
            && self.entry(&next.text).is_some()
        {
            let before = Span::new(first.span.file, first.span.start, next.span.start);
            self.out.push(
                finding
                    .help(format!("write `{}` alone: it is the row's own", next.text))
                    .edit(before, ""),
            );
            return;
        }
        // As triggers of databases call the row before a change.
        let is_change = self.site.place == Place::Change && path.names.len() > 1;
        if is_change && first.text.eq_ignore_ascii_case(OLD) {
            self.out.push(
                finding
                    .help(format!("did you mean `{OLD}`?"))
                    .edit(first.span, OLD),
            );
            return;
        }
        self.like_a_member(path, first, finding);
    }

    /// A name that is a function without its brackets, or the first word of a remark behind `--`: what to do, and the edit.
    fn meant_otherwise(&self, name: &Name) -> Option<(String, Span, String)> {
        let word = name.text.to_ascii_lowercase();
        let call = match word.as_str() {
            "today" | "current_date" => Some("today()"),
            "now" | "current_timestamp" => Some("now()"),
            _ => None,
        };
        if let Some(call) = call {
            return Some((format!("write `{call}`"), name.span, call.to_owned()));
        }
        let start = name
            .span
            .start
            .checked_sub(u32::try_from(REMARK.len()).ok()?)?;
        let sign = Span::new(name.span.file, start, name.span.start);
        (self.names().text(sign) == REMARK).then(|| {
            let help = format!("a remark begins with `//`: write `// {}`", name.text);
            (help, sign, "// ".to_owned())
        })
    }

    /// A name that is like no other thing than a member of the row.
    fn like_a_member(&mut self, path: &Path, first: &Name, finding: Diagnostic) {
        let names = self.names();
        let order = self.body().map_or(&[][..], |body| body.order.as_slice());
        let meant = self
            .names()
            .closest(&first.text, order.iter().copied().chain(self.site.row));
        let finding = match self.body() {
            Some(body) => finding.rooted(body.root(&first.text, meant.map(|it| it.name))),
            None => finding,
        };
        let finding = match meant {
            Some(meant) => near::field(finding, first.span, &first.text, meant),
            None if self.body().is_some_and(|body| body.is_incomplete) => return,
            None => match names.enums_with_value(&first.text) {
                [only] if path.names.len() == 1 => finding.help(format!(
                    "for the enum value write `{}.{}`",
                    names.enum_name(*only),
                    first.text
                )),
                _ if path.names.len() > 1 && names.is_qualifier(self.site.module, &first.text) => {
                    finding.help("a module is no value")
                }
                _ => finding.help("name a field of the row, a value or a function"),
            },
        };
        self.out.push(finding);
    }

    fn unknown_value_or_field(&mut self, id: Id<Enum>, name: &Name) {
        let names = self.names();
        if is_empty(names, id) {
            return;
        }
        let order = self.body().map_or(&[][..], |body| body.order.as_slice());
        let fields = if self.site.row.is_none() { order } else { &[] };
        let candidates = value_names(names, id).chain(fields.iter().copied());
        let finding = Diagnostic::new(
            &codes::name::UNKNOWN,
            name.span,
            format!("`{}` has no value `{}`", names.enum_name(id), name.text),
        )
        .label("not one of its values");
        let old_field = || renamed::field(self.body()?, &name.text);
        if let Some(new) = renamed::value(names, id, &name.text).or_else(old_field) {
            self.out.push(renamed::leads_to(finding, name.span, new));
            return;
        }
        let meant = self.names().closest(&name.text, candidates);
        let finding = match (meant, self.body()) {
            (Some(meant), Some(body)) if fields.contains(&meant.name) => {
                finding.rooted(body.root(&name.text, Some(meant.name)))
            }
            _ => finding.rooted(enum_root(names, id, &name.text, meant.map(|it| it.name))),
        };
        let finding = match meant {
            Some(meant) if fields.contains(&meant.name) => {
                near::field(finding, name.span, &name.text, meant)
            }
            Some(meant) => finding.did_you_mean(name.span, meant),
            // It may be a field that the missing mixin would have brought.
            None if self.body().is_some_and(|body| body.is_incomplete) => return,
            None => finding.help(values_help(names, id)),
        };
        self.out.push(finding);
    }
}
