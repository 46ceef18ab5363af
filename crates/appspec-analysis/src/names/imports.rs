use appspec_diagnostics::{Diagnostic, Diagnostics, Root, Span, codes};
use appspec_ir::{Id, Module};
use appspec_syntax::ast::{Item, Name, Use, UseNames};

use super::declare::duplicate;
use super::{Declared, Imported, Mark, Names, Qualified, near};
use crate::stdlib::{module_declaring, std_modules};
use crate::unit::dotted;

/// Finds the module and the names of every `use`.
pub(super) fn resolve(names: &mut Names<'_>, out: &mut Diagnostics) {
    let units = names.units;
    let mut meant = Vec::new();
    for (index, unit) in units.iter().enumerate() {
        for item in &unit.ast.items {
            if let Item::Use(item) = item {
                resolve_use(names, Id::from_index(index), item, &mut meant, out);
            }
        }
    }
    for meant in meant {
        import_meant(names, &meant);
    }
}

/// What a `use` would bring in if its name were written as it is declared.
struct Meant<'a> {
    here: Id<Module>,
    name: &'a str,
    declared: Declared,
}

/// The rest of the file may write the name right: only the slip in the `use` is told.
fn import_meant<'a>(names: &mut Names<'a>, meant: &Meant<'a>) {
    let Some(scope) = names.scopes.get_mut(meant.here.index()) else {
        return;
    };
    if scope.own.contains_key(meant.name) || scope.imported.contains_key(meant.name) {
        return;
    }
    let brought = Imported {
        declared: Some(meant.declared),
        used: Mark::new(true),
    };
    scope.imported.insert(meant.name, brought);
    scope.imported_order.push(meant.name);
    names.uses.mark(meant.declared.decl);
}

fn resolve_use<'a>(
    names: &mut Names<'a>,
    here: Id<Module>,
    item: &'a Use,
    meant: &mut Vec<Meant<'a>>,
    out: &mut Diagnostics,
) {
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
                let found = target.map(|target| find_in(names, target, &path, name, out));
                if let Some(Err(Some((name, declared)))) = found {
                    meant.push(Meant {
                        here,
                        name,
                        declared,
                    });
                }
                import(names, here, name, found.and_then(Result::ok), out);
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
        used: Mark::default(),
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

/// What a module declares by a name, or what it declares by the name that was meant.
fn find_in<'a>(
    names: &Names<'a>,
    target: Id<Module>,
    path: &str,
    name: &Name,
    out: &mut Diagnostics,
) -> Result<Declared, Option<(&'a str, Declared)>> {
    let scope = names.scopes.get(target.index()).ok_or(None)?;
    if let Some(found) = scope.own.get(name.text.as_str()) {
        return Ok(*found);
    }
    let finding = Diagnostic::new(
        &codes::name::UNKNOWN,
        name.span,
        format!("the module `{path}` has no `{}`", name.text),
    )
    .label("not declared there");
    let meant = names.closest(&name.text, scope.own_order.iter().copied());
    let Some((meant, declared)) = meant.and_then(|it| Some((it, *scope.own.get(it.name)?))) else {
        let file = names.units.get(target.index()).map(|unit| unit.file);
        let finding = match file {
            Some(file) => finding.rooted(Root::new(Span::new(file, 0, 0), name.text.as_str())),
            None => finding,
        };
        out.push(
            finding.help(match names.modules_declaring(&name.text).first() {
                Some(other) => format!("it is declared in `{other}`"),
                None => format!("declare it in `{path}` or remove it here"),
            }),
        );
        return Err(None);
    };
    let finding = finding.note(declared.span, "declared here");
    let place = Some((meant.name, declared.span));
    let root = near::root(&name.text, place, declared.span);
    out.push(finding.rooted(root).did_you_mean(name.span, meant));
    Err(Some((meant.name, declared)))
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
        used: Mark::default(),
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
