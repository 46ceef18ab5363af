use std::cell::Cell;

use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Id, Module};
use appspec_syntax::ast::{Item, Name, Use, UseNames};

use super::declare::duplicate;
use super::{Declared, Imported, Names, Qualified};
use crate::stdlib::{module_declaring, std_modules};
use crate::unit::dotted;

/// Finds the module and the names of every `use`.
pub(super) fn resolve(names: &mut Names<'_>, out: &mut Diagnostics) {
    let units = names.units;
    for (index, unit) in units.iter().enumerate() {
        for item in &unit.ast.items {
            if let Item::Use(item) = item {
                resolve_use(names, Id::from_index(index), item, out);
            }
        }
    }
}

fn resolve_use<'a>(names: &mut Names<'a>, here: Id<Module>, item: &'a Use, out: &mut Diagnostics) {
    let path = dotted(&item.module);
    let target = names.modules.get(path.as_str()).copied();
    if target.is_none()
        && let Some(forgotten) = forgotten_braces(names, here, item)
    {
        out.push(forgotten.finding);
        import(names, here, forgotten.name, forgotten.declared, out);
        return;
    }
    match target {
        None => out.push(unknown_module(names, item, &path)),
        Some(target) if target == here => {
            let finding = Diagnostic::new(
                &codes::module::USES_ITSELF,
                item.module.span,
                format!("the module `{path}` uses itself"),
            )
            .label("this is the file that it stands in")
            .help("remove this line; names of the file are known without it");
            out.push(finding);
        }
        Some(_) => {}
    }
    match &item.names {
        UseNames::Qualified => {
            if let Some(last) = item.module.names.last() {
                qualify(names, here, last, target, out);
            }
        }
        UseNames::Listed(list) => {
            for name in list {
                let found = target.and_then(|target| find_in(names, target, &path, name, out));
                import(names, here, name, found, out);
            }
        }
    }
}

/// A `use` that names what a module declares as if it were a module.
struct ForgottenBraces<'a> {
    finding: Diagnostic,
    name: &'a Name,
    /// `None` while the module is not loaded: one of the standard library is, once it is named right.
    declared: Option<Declared>,
}

/// `use std.money.Price`, as other languages write it.
fn forgotten_braces<'a>(
    names: &Names<'a>,
    here: Id<Module>,
    item: &'a Use,
) -> Option<ForgottenBraces<'a>> {
    let (name, module) = item.module.names.split_last()?;
    if !matches!(item.names, UseNames::Qualified) || module.is_empty() {
        return None;
    }
    let path: Vec<&str> = module.iter().map(|it| it.text.as_str()).collect();
    let path = path.join(".");
    let target = names.modules.get(path.as_str());
    if target == Some(&here) {
        return None;
    }
    let scope = target.and_then(|target| names.scopes.get(target.index()));
    let declared = scope.and_then(|scope| scope.own.get(name.text.as_str()).copied());
    let in_library = module_declaring(&name.text).is_some_and(|it| it.path == path);
    if declared.is_none() && !in_library {
        return None;
    }
    let meant = format!("{path}.{{{}}}", name.text);
    let finding = Diagnostic::new(
        &codes::module::UNKNOWN,
        item.module.span,
        format!("there is no module `{path}.{}`", name.text),
    )
    .label(format!(
        "`{}` is declared in the module `{path}`",
        name.text
    ))
    .help(format!("write `use {meant}`"))
    .edit(item.module.span, meant);
    Some(ForgottenBraces {
        finding,
        name,
        declared,
    })
}

fn qualify<'a>(
    names: &mut Names<'a>,
    here: Id<Module>,
    last: &'a Name,
    target: Option<Id<Module>>,
    out: &mut Diagnostics,
) {
    let Some(scope) = names.scopes.get_mut(here.index()) else {
        return;
    };
    let brought = Qualified {
        module: target,
        used: Cell::new(false),
    };
    let before = scope.qualified.insert(&last.text, brought);
    if target.is_some()
        && before.is_some_and(|before| before.module.is_some() && before.module != target)
    {
        let finding = Diagnostic::new(
            &codes::name::DUPLICATE,
            last.span,
            format!("two modules would both be called `{}` here", last.text),
        )
        .help("bring in the names of one of them: `use path.{Name}`");
        out.push(finding);
    }
}

fn find_in(
    names: &Names<'_>,
    target: Id<Module>,
    path: &str,
    name: &Name,
    out: &mut Diagnostics,
) -> Option<Declared> {
    let scope = names.scopes.get(target.index())?;
    let found = scope.own.get(name.text.as_str()).copied();
    if found.is_none() {
        let meant = names.closest(&name.text, scope.own_order.iter().copied());
        let mut finding = Diagnostic::new(
            &codes::name::UNKNOWN,
            name.span,
            format!("the module `{path}` has no `{}`", name.text),
        )
        .label("not declared there");
        finding = match meant.and_then(|meant| Some((meant, scope.own.get(meant.name)?))) {
            Some((meant, declared)) => finding
                .note(declared.span, "declared here")
                .did_you_mean(name.span, meant),
            None => finding.help(match names.modules_declaring(&name.text).first() {
                Some(other) => format!("it is declared in `{other}`"),
                None => format!("declare it in `{path}` or remove it here"),
            }),
        };
        out.push(finding);
    }
    found
}

fn import<'a>(
    names: &mut Names<'a>,
    here: Id<Module>,
    name: &'a Name,
    found: Option<Declared>,
    out: &mut Diagnostics,
) {
    let Some(scope) = names.scopes.get_mut(here.index()) else {
        return;
    };
    if let (Some(own), Some(_)) = (scope.own.get(name.text.as_str()), found) {
        out.push(duplicate(&name.text, name.span, own.span));
        return;
    }
    let brought = Imported {
        declared: found,
        used: Cell::new(false),
    };
    let before = scope.imported.insert(&name.text, brought);
    // What is brought in without need is told where that is done, and not once more where it is declared.
    if let Some(found) = found {
        names.uses.mark(found.decl);
    }
    match (before.map(|before| before.declared), found) {
        (None, _) => scope.imported_order.push(&name.text),
        (Some(Some(before)), Some(found)) => {
            let finding = if before.decl == found.decl {
                Diagnostic::new(
                    &codes::name::DUPLICATE,
                    name.span,
                    format!("`{}` is brought in twice", name.text),
                )
                .label("brought in again here")
                .help("remove it here")
            } else {
                Diagnostic::new(
                    &codes::name::DUPLICATE,
                    name.span,
                    format!("two modules bring in `{}`", name.text),
                )
                .label("this one")
                .note(before.span, "one is declared here")
                .note(found.span, "the other here")
                .help("use one of the modules without a list and write `module.Name`")
            };
            out.push(finding);
        }
        _ => {}
    }
}

fn unknown_module(names: &Names<'_>, item: &Use, path: &str) -> Diagnostic {
    let finding = Diagnostic::new(
        &codes::module::UNKNOWN,
        item.module.span,
        format!("there is no module `{path}`"),
    )
    .label("not found");
    let spec = names.units.iter().map(|unit| unit.path.as_str());
    let std = std_modules().iter().map(|module| module.path);
    if let Some(meant) = names.closest(path, spec.chain(std)) {
        return finding.did_you_mean(item.module.span, meant);
    }
    if path == "std" || path.starts_with("std.") {
        let list: Vec<String> = std_modules()
            .iter()
            .map(|module| format!("`{}`", module.path))
            .collect();
        return finding.help(format!("the standard library has {}", list.join(", ")));
    }
    finding.help(format!(
        "a module is a file: create `{path}.appspec` in the folder of the spec"
    ))
}
