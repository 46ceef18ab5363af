use std::sync::atomic::Ordering;

use appspec_diagnostics::{Diagnostic, Diagnostics, Listed, Root, Span, Suggestion, codes};
use appspec_ir::{Entity, Enum, Id, Module, Role};
use appspec_syntax::ast::{Item, Path, UseNames};

use super::{Decl, Declared, Names, SCALARS, Scope, near};
use crate::stdlib::{self, module_declaring, std_module};
use crate::unit::dotted;

/// What a lookup found.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Found {
    /// A declaration.
    Decl(Declared),
    /// Nothing, and that was reported before: stay silent.
    Poisoned,
    /// Nothing.
    Nothing,
}

impl<'a> Names<'a> {
    /// What stands at a place of the spec.
    pub(crate) fn text(&self, at: Span) -> &'a str {
        self.sources.text(at)
    }

    fn scope(&self, module: Id<Module>) -> Option<&Scope<'a>> {
        self.scopes.get(module.index())
    }

    /// The name that was most likely meant; silent once too many were asked for.
    pub(crate) fn closest<'c>(
        &self,
        word: &str,
        candidates: impl IntoIterator<Item = &'c str>,
    ) -> Option<Suggestion<'c>> {
        let left = self.suggestions_left().checked_sub(1)?;
        self.suggest_so_many(left);
        appspec_diagnostics::closest(word, candidates)
    }

    /// How many more names are compared with all others.
    pub(crate) fn suggestions_left(&self) -> u32 {
        self.suggestions.load(Ordering::Relaxed)
    }

    /// As many as there were before something is gone through once more.
    pub(crate) fn suggest_so_many(&self, left: u32) {
        self.suggestions.store(left, Ordering::Relaxed);
    }

    /// What a bare name means in a module.
    pub(crate) fn find(&self, module: Id<Module>, name: &str) -> Found {
        let Some(scope) = self.scope(module) else {
            return Found::Nothing;
        };
        if let Some(own) = scope.own.get(name) {
            self.uses.mark(own.decl);
            return Found::Decl(*own);
        }
        let Some(imported) = scope.imported.get(name) else {
            return Found::Nothing;
        };
        imported.used.set();
        imported.declared.map_or(Found::Poisoned, Found::Decl)
    }

    /// What a path of one or two names means in a module: `User`, `auth.User`.
    pub(crate) fn find_path(&self, module: Id<Module>, names: &[&str]) -> Found {
        match names {
            [name] => self.find(module, name),
            [qualifier, name] => {
                let Some(brought) = self
                    .scope(module)
                    .and_then(|scope| scope.qualified.get(qualifier))
                else {
                    return Found::Nothing;
                };
                let Some(target) = brought.module else {
                    return Found::Poisoned;
                };
                let found = self.scope(target).and_then(|scope| scope.own.get(*name));
                if let Some(declared) = found {
                    brought.used.set();
                    self.uses.mark(declared.decl);
                }
                found.map_or(Found::Nothing, |declared| Found::Decl(*declared))
            }
            _ => Found::Nothing,
        }
    }

    /// Whether `use path` gave a module this name here.
    pub(crate) fn is_qualifier(&self, module: Id<Module>, name: &str) -> bool {
        self.scope(module)
            .is_some_and(|scope| scope.qualified.contains_key(name))
    }

    /// Looks a path up and reports it where there is nothing.
    pub(crate) fn resolve(
        &self,
        module: Id<Module>,
        path: &Path,
        what: &str,
        out: &mut Diagnostics,
    ) -> Option<Decl> {
        let names: Vec<&str> = path.names.iter().map(|name| name.text.as_str()).collect();
        match self.find_path(module, &names) {
            Found::Decl(declared) => Some(declared.decl),
            Found::Poisoned => None,
            Found::Nothing => {
                out.push(self.unknown(module, path, what));
                None
            }
        }
    }

    /// Looks up an entity; anything else by that name is reported.
    pub(crate) fn resolve_entity(
        &self,
        module: Id<Module>,
        path: &Path,
        out: &mut Diagnostics,
    ) -> Option<Id<Entity>> {
        match self.resolve(module, path, "entity", out)? {
            Decl::Entity(id) => Some(id),
            other => {
                out.push(wrong_kind(path, other, "an entity"));
                None
            }
        }
    }

    /// The entity of the people who sign in. `std.auth` is part of the compiler, so it is always there.
    pub(crate) fn user(&self) -> Option<Id<Entity>> {
        let mut units = self.units.iter();
        let at = units.position(|unit| unit.path == stdlib::AUTH)?;
        match self.scopes.get(at)?.own.get(stdlib::USER)?.decl {
            Decl::Entity(id) => Some(id),
            _ => None,
        }
    }

    /// Looks up a role; anything else by that name is reported.
    pub(crate) fn resolve_role(
        &self,
        module: Id<Module>,
        path: &Path,
        out: &mut Diagnostics,
    ) -> Option<Id<Role>> {
        match self.resolve(module, path, "role", out)? {
            Decl::Role(id) => Some(id),
            other => {
                out.push(wrong_kind(path, other, "a role"));
                None
            }
        }
    }

    /// The finding for a path that means nothing, with the best guess at what was meant.
    pub(crate) fn unknown(&self, module: Id<Module>, path: &Path, what: &str) -> Diagnostic {
        let written = dotted(path);
        let finding = Diagnostic::new(
            &codes::name::UNKNOWN,
            path.span,
            format!("no {what} `{written}`"),
        )
        .label("not declared, and not brought in");
        let Some(last) = path.names.last() else {
            return finding;
        };
        let home = Span::new(path.span.file, 0, 0);
        let finding = finding.rooted(Root::new(home, written));
        if let [qualifier, _] = path.names.as_slice() {
            return self.unknown_qualified(module, path, &qualifier.text, &last.text, finding);
        }
        if let Some(helped) = self.import_offer(module, &last.text, &finding) {
            return helped;
        }
        let Some(scope) = self.scope(module) else {
            return finding;
        };
        let candidates = scope
            .own_order
            .iter()
            .chain(&scope.imported_order)
            .copied()
            .chain(SCALARS);
        let Some(meant) = self.closest(&last.text, candidates) else {
            return match appspec_syntax::nearly_foreign(&last.text) {
                Some((ours, is_certain)) => finding
                    .help(format!("did you mean `{ours}`?"))
                    .edit_if(is_certain, path.span, ours),
                None => self.far_offer(last.text.as_str(), finding),
            };
        };
        let declared = scope
            .own
            .get(meant.name)
            .or_else(|| scope.imported.get(meant.name)?.declared.as_ref());
        let finding = match declared {
            Some(declared) => {
                let finding = finding.note(declared.span, "declared here");
                let place = Some((meant.name, declared.span));
                finding.rooted(near::root(&last.text, place, home))
            }
            None => finding,
        };
        match declared.map(|it| it.decl) {
            Some(Decl::Entity(_) | Decl::Enum(_) | Decl::Role(_)) => {
                near::class(finding, path.span, &last.text, meant)
            }
            _ => finding.did_you_mean(path.span, meant),
        }
    }

    /// A slip in a name that some other module declares.
    fn far_offer(&self, name: &str, finding: Diagnostic) -> Diagnostic {
        let others = self
            .scopes
            .iter()
            .zip(self.units)
            .flat_map(|(scope, unit)| scope.own_order.iter().map(move |own| (*own, unit)));
        let meant = self.closest(name, others.clone().map(|(own, _)| own));
        match others
            .into_iter()
            .find(|(own, _)| meant.is_some_and(|meant| meant.name == *own))
        {
            Some((own, unit)) => finding.help(format!(
                "did you mean `{own}` of another module? add `use {}.{{{own}}}`",
                unit.path
            )),
            None if std_module(name).is_some() => finding.help(format!(
                "`{name}` is a module: `appspecc std {name}` lists what `use std.{name}.{{…}}` brings in"
            )),
            None => finding.help(match often_declared(name) {
                Some(base) => format!("declare it: `type {name} = {base}`"),
                None => format!("declare `{name}` or bring it in with `use`"),
            }),
        }
    }

    fn unknown_qualified(
        &self,
        module: Id<Module>,
        path: &Path,
        qualifier: &str,
        name: &str,
        finding: Diagnostic,
    ) -> Diagnostic {
        let target = self
            .scope(module)
            .and_then(|scope| scope.qualified.get(qualifier))
            .and_then(|qualified| self.scope(qualified.module?));
        if let Some(scope) = target {
            let meant = self.closest(name, scope.own_order.iter().copied());
            return match (meant, path.names.last()) {
                (Some(meant), Some(last)) => {
                    let declared = scope.own.get(meant.name).map(|it| (meant.name, it.span));
                    finding
                        .rooted(near::root(name, declared, Span::new(path.span.file, 0, 0)))
                        .help(format!("did you mean `{qualifier}.{}`?", meant.name))
                        .edit_if(meant.is_certain, last.span, meant.name)
                }
                _ => finding.help(format!("the module `{qualifier}` declares no `{name}`")),
            };
        }
        let by_last_word =
            |unit: &&crate::unit::Unit| unit.path.rsplit('.').next() == Some(qualifier);
        let own = self.units.iter().find(by_last_word);
        let own = own.map(|unit| unit.path.as_str());
        match own.or_else(|| Some(std_module(qualifier)?.path)) {
            Some(path_of_use) => {
                let home = Span::new(path.span.file, 0, 0);
                let finding = Diagnostic {
                    message: format!("the module `{qualifier}` is not in use here"),
                    ..finding.rooted(Root::new(home, qualifier))
                };
                self.with_use(
                    module,
                    path_of_use,
                    finding.help(format!("add `use {path_of_use}`")),
                )
            }
            None => finding.help(format!(
                "declare `{name}` in a file `{qualifier}.appspec`, and add `use {qualifier}` here"
            )),
        }
    }

    /// When another module declares exactly this name: the `use` that is missing, as an edit when there is one answer.
    fn import_offer(
        &self,
        module: Id<Module>,
        name: &str,
        finding: &Diagnostic,
    ) -> Option<Diagnostic> {
        let mut modules = self.modules_declaring(name);
        let std = module_declaring(name).map(|module| module.path);
        modules.extend(std.filter(|path| !modules.contains(path)));
        match modules.as_slice() {
            [] => None,
            [only] => {
                let place = finding.primary.as_ref()?.span;
                // All that a `use` would bring in is missing because it is.
                let root = Root::new(Span::new(place.file, 0, 0), format!("use {only}"));
                let listed = Listed {
                    around: (format!("add `use {only}.{{"), "}`".to_owned()),
                    names: vec![name.to_owned()],
                    edit: self.place_in_use(module, only),
                };
                Some(finding.clone().listed(root, listed))
            }
            several => Some(finding.clone().help(format!(
                "it is declared in {}; add a `use` for one of them",
                several
                    .iter()
                    .map(|path| format!("`{path}`"))
                    .collect::<Vec<_>>()
                    .join(" and ")
            ))),
        }
    }

    /// The paths of the modules that declare a name.
    pub(crate) fn modules_declaring(&self, name: &str) -> Vec<&'a str> {
        self.scopes
            .iter()
            .zip(self.units)
            .filter(|(scope, _)| scope.own.contains_key(name))
            .map(|(_, unit)| unit.path.as_str())
            .collect()
    }

    fn with_use(&self, module: Id<Module>, path: &str, finding: Diagnostic) -> Diagnostic {
        match self.place_for_use(module) {
            Some(at) => finding.edit(at, format!("use {path}\n")),
            None => finding,
        }
    }

    /// Where names of that module are brought in, and what stands around them there: at the end of an existing list, or
    /// on a line of their own.
    fn place_in_use(&self, module: Id<Module>, path: &str) -> Option<(Span, (String, String))> {
        let unit = self.units.get(module.index());
        let listed =
            unit.into_iter()
                .flat_map(|unit| &unit.ast.items)
                .find_map(|item| match item {
                    Item::Use(item) if dotted(&item.module) == path => match &item.names {
                        UseNames::Listed(names) => names.last(),
                        UseNames::Qualified => None,
                    },
                    _ => None,
                });
        if let Some(last) = listed {
            return Some((last.span.at_end(), (", ".to_owned(), String::new())));
        }
        let at = self.place_for_use(module)?;
        Some((at, (format!("use {path}.{{"), "}\n".to_owned())))
    }

    /// The start of the first `use`, so that the new one stands beside it; nowhere certain without one.
    fn place_for_use(&self, module: Id<Module>) -> Option<Span> {
        self.units
            .get(module.index())?
            .ast
            .items
            .iter()
            .find_map(|item| match item {
                Item::Use(item) => Some(item.span.at_start()),
                _ => None,
            })
    }

    /// The enums that have a value of this name.
    pub(crate) fn enums_with_value(&self, value: &str) -> &[Id<Enum>] {
        self.values.get(value).map_or(&[], Vec::as_slice)
    }

    /// The name of an enum.
    pub(crate) fn enum_name(&self, id: Id<Enum>) -> &'a str {
        self.enums
            .get(id.index())
            .map_or("", |found| found.item.name.text.as_str())
    }

    /// The name of an entity.
    pub(crate) fn entity_name(&self, id: Id<Entity>) -> &'a str {
        self.entities
            .get(id.index())
            .map_or("", |found| found.item.name.text.as_str())
    }
}

/// The finding for a name that means something else than is wanted here.
/// What people mean by a type that many languages and none of theirs has.
fn often_declared(name: &str) -> Option<&'static str> {
    match name.to_ascii_lowercase().as_str() {
        "percent" | "percentage" => Some("decimal(5, 2) in 0..100"),
        "money" | "currency" | "amount" | "price" => Some("decimal(12, 2)"),
        _ => None,
    }
}

pub(crate) fn wrong_kind(path: &Path, found: Decl, wanted: &str) -> Diagnostic {
    Diagnostic::new(
        &codes::name::WRONG_KIND,
        path.span,
        format!("`{}` is {}, not {wanted}", dotted(path), found.kind()),
    )
    .label(format!("{wanted} is needed here"))
    .help(format!("give the name of {wanted}"))
}
