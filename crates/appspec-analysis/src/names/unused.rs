use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::{Id, Module};
use appspec_syntax::ast::{Item, Name, Use, UseNames};

use super::{Decl, Declared, Names, Scope};
use crate::unit::dotted;

/// What the files of the spec declare or bring in and never look up. Asked once everything resolved: what stands in a
/// part that could not be read counts as neither.
pub(crate) fn unused(names: &Names<'_>, out: &mut Diagnostics) {
    for (index, unit) in names.units.iter().enumerate() {
        let Some(scope) = names.scopes.get(index).filter(|_| !unit.is_std) else {
            continue;
        };
        for item in &unit.ast.items {
            match item {
                Item::Use(item) => of_use(scope, item, out),
                Item::Type(item) => of_name(names, index, &item.name, out),
                Item::Enum(item) => of_name(names, index, &item.name, out),
                Item::Mixin(item) => of_name(names, index, &item.name, out),
                Item::Predicate(item) => of_name(names, index, &item.name, out),
                Item::Project(_)
                | Item::Entity(_)
                | Item::Extend(_)
                | Item::Seed(_)
                | Item::Role(_)
                | Item::Access(_)
                | Item::Auth(_)
                | Item::Environment(_)
                | Item::Suppress(_) => {}
            }
        }
    }
}

fn of_name(names: &Names<'_>, module: usize, name: &Name, out: &mut Diagnostics) {
    let module: Id<Module> = Id::from_index(module);
    let scope = names.scopes.get(module.index());
    let Some(Declared { decl, span }) = scope.and_then(|scope| scope.own.get(name.text.as_str()))
    else {
        return;
    };
    if !names.uses.has(*decl) {
        let kind = match decl {
            Decl::Type(_) => "type",
            Decl::Enum(_) => "enum",
            Decl::Mixin(_) => "mixin",
            Decl::Predicate(_) => "predicate",
            Decl::Entity(_) | Decl::Role(_) => return,
        };
        report(kind, &name.text, *span, out);
    }
}

/// The finding for something with a name that has no effect on anything.
pub(crate) fn report(kind: &str, name: &str, span: Span, out: &mut Diagnostics) {
    out.push(
        Diagnostic::new(
            &codes::name::UNUSED,
            span,
            format!("nothing uses the {kind} `{name}`"),
        )
        .label("has no effect")
        .help("use it, or remove it"),
    );
}

fn of_use(scope: &Scope<'_>, item: &Use, out: &mut Diagnostics) {
    match &item.names {
        UseNames::Qualified => {
            let Some(last) = item.module.names.last() else {
                return;
            };
            let brought = scope.qualified.get(last.text.as_str());
            if brought.is_some_and(|brought| !brought.used.is_set()) {
                let path = dotted(&item.module);
                let message = format!("nothing of the module `{path}` is used here");
                out.push(needless(item.module.span, message).edit(item.span, ""));
            }
        }
        UseNames::Listed(list) => {
            let is_used = |name: &Name| {
                let brought = scope.imported.get(name.text.as_str());
                brought.is_none_or(|brought| brought.used.is_set())
            };
            let unused: Vec<&Name> = list.iter().filter(|name| !is_used(name)).collect();
            let [first, rest @ ..] = unused.as_slice() else {
                return;
            };
            let words: Vec<String> = unused
                .iter()
                .map(|name| format!("`{}`", name.text))
                .collect();
            let verb = if rest.is_empty() { "is" } else { "are" };
            let message = format!("{} {verb} brought in and not used", words.join(" and "));
            let mut finding = needless(first.span, message);
            for name in rest {
                finding = finding.note(name.span, "nor this");
            }
            let cuts = if unused.len() == list.len() {
                vec![item.span]
            } else {
                cuts(list, is_used)
            };
            for span in cuts {
                finding = finding.edit(span, "");
            }
            out.push(finding);
        }
    }
}

fn needless(at: Span, message: String) -> Diagnostic {
    Diagnostic::new(&codes::module::NEEDLESS_USE, at, message)
        .label("not used in this file")
        .help("remove it")
}

/// What to cut out of a list so that the used names remain, with one comma between each two of them.
fn cuts(list: &[Name], is_used: impl Fn(&Name) -> bool) -> Vec<Span> {
    let mut cuts = Vec::new();
    let mut previous: Option<&Name> = None;
    let mut first: Option<&Name> = None;
    for name in list {
        if is_used(name) {
            if let (None, Some(start)) = (previous, first) {
                cuts.push(Span::new(
                    start.span.file,
                    start.span.start,
                    name.span.start,
                ));
            }
            previous = Some(name);
        } else if let Some(before) = previous {
            cuts.push(Span::new(name.span.file, before.span.end, name.span.end));
            previous = Some(name);
        } else {
            first = first.or(Some(name));
        }
    }
    cuts
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::mended;

    #[test]
    fn what_remains_of_a_list_is_a_list() {
        let used = |list: &str, field: &str| {
            mended(&format!(
                "use std.money.{{{list}}}\n\nentity E {{ {field} }}"
            ))
        };
        let fields = "a: Price\n b: Percent";
        for list in [
            "Price, Percent",
            "Money, Price, Percent",
            "Iban, Money, Price, Percent",
            "Price, Iban, Money, Percent",
            "Iban, Price, Money, Percent, CurrencyCode",
            "Price, Percent, Iban, Money",
        ] {
            assert_eq!(used(list, fields), used("Price, Percent", fields), "{list}");
        }
        assert!(!used("Iban, Money", "n: int").contains("use"));
    }
}
