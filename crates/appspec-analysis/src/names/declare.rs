use std::collections::{HashMap, HashSet};
use std::sync::atomic::AtomicU32;

use appspec_diagnostics::{Diagnostic, Diagnostics, Sources, Span, codes};
use appspec_ir::{Id, Module};
use appspec_syntax::ast::{self, Item, UseNames};

use super::uses::Uses;
use super::{Decl, Declared, FUNCTIONS, In, MOST_SUGGESTIONS, Names, SCALARS, Scope};
use crate::lower::Patterns;
use crate::unit::{Unit, dotted};

/// Gives every declaration its id and reports names that are taken.
pub(super) fn declare<'a>(
    units: &'a [Unit],
    sources: &'a Sources,
    out: &mut Diagnostics,
) -> Names<'a> {
    let mut names = Names {
        units,
        sources,
        project: None,
        types: Vec::new(),
        enums: Vec::new(),
        mixins: Vec::new(),
        entities: Vec::new(),
        predicates: Vec::new(),
        extends: Vec::new(),
        seeds: Vec::new(),
        roles: Vec::new(),
        accesses: Vec::new(),
        auths: Vec::new(),
        environments: Vec::new(),
        scopes: Vec::new(),
        modules: HashMap::new(),
        uses: Uses::default(),
        suggestions: AtomicU32::new(MOST_SUGGESTIONS),
        values: HashMap::new(),
        patterns: Patterns::default(),
    };
    let asked = Asked::new(units);
    for (index, unit) in units.iter().enumerate() {
        let module = Id::from_index(index);
        names.modules.insert(&unit.path, module);
        names.scopes.push(Scope::default());
        for item in &unit.ast.items {
            let needless =
                matches!(item, Item::Enum(item) if unit.is_std && !asked.has(unit, item));
            if !needless {
                declare_item(&mut names, module, item, out);
            }
        }
    }
    modules_apart(units, out);
    one_project(units, out);
    names.project = units.iter().flat_map(projects).next();
    names
}

/// What is asked of the standard library. An enum of it that nobody asks for is left out of the Spec, because
/// backends make something of every enum.
struct Asked<'a> {
    names: HashSet<(String, &'a str)>,
    modules: HashSet<String>,
}

impl<'a> Asked<'a> {
    fn new(units: &'a [Unit]) -> Self {
        let mut asked = Self {
            names: HashSet::new(),
            modules: HashSet::new(),
        };
        for item in units.iter().flat_map(|unit| &unit.ast.items) {
            let Item::Use(item) = item else { continue };
            let path = dotted(&item.module);
            match &item.names {
                UseNames::Qualified => {
                    asked.modules.insert(path);
                }
                UseNames::Listed(names) => {
                    let names = names.iter().map(|name| (path.clone(), name.text.as_str()));
                    asked.names.extend(names);
                }
            }
        }
        asked
    }

    fn has(&self, unit: &Unit, item: &'a ast::EnumDecl) -> bool {
        self.modules.contains(&unit.path)
            || self
                .names
                .contains(&(unit.path.clone(), item.name.text.as_str()))
    }
}

fn declare_item<'a>(
    names: &mut Names<'a>,
    module: Id<Module>,
    item: &'a Item,
    out: &mut Diagnostics,
) {
    let (name, decl) = match item {
        // What is acknowledged is asked for once everything has been looked at; see `suppressions`.
        Item::Project(_) | Item::Use(_) | Item::Suppress(_) => return,
        Item::Extend(item) => return names.extends.push(In { module, item }),
        Item::Seed(item) => return names.seeds.push(In { module, item }),
        Item::Access(item) => return names.accesses.push(In { module, item }),
        Item::Auth(item) => return names.auths.push(In { module, item }),
        Item::Environment(item) => return names.environments.push(In { module, item }),
        Item::Role(item) => {
            names.roles.push(In { module, item });
            (&item.name, Decl::Role(last(&names.roles)))
        }
        Item::Type(item) => {
            names.types.push(In { module, item });
            (&item.name, Decl::Type(last(&names.types)))
        }
        Item::Enum(item) => {
            names.enums.push(In { module, item });
            let id = last(&names.enums);
            for value in &item.values {
                names.values.entry(&value.name.text).or_default().push(id);
            }
            (&item.name, Decl::Enum(id))
        }
        Item::Mixin(item) => {
            names.mixins.push(In { module, item });
            (&item.name, Decl::Mixin(last(&names.mixins)))
        }
        Item::Entity(item) => {
            names.entities.push(In { module, item });
            (&item.name, Decl::Entity(last(&names.entities)))
        }
        Item::Predicate(item) => {
            names.predicates.push(In { module, item });
            (&item.name, Decl::Predicate(last(&names.predicates)))
        }
    };
    built_in(name, decl, out);
    let Some(scope) = names.scopes.get_mut(module.index()) else {
        return;
    };
    if let Some(first) = scope.own.get(name.text.as_str()) {
        out.push(duplicate(&name.text, name.span, first.span));
        return;
    }
    let declared = Declared {
        decl,
        span: name.span,
    };
    scope.own.insert(&name.text, declared);
    scope.own_order.push(&name.text);
}

/// The id of the element that was pushed last; arenas of the IR are filled in the same order.
fn last<T, U>(list: &[T]) -> Id<U> {
    Id::from_index(list.len().saturating_sub(1))
}

/// The finding for a name that is declared twice.
pub(crate) fn duplicate(name: &str, again: Span, first: Span) -> Diagnostic {
    Diagnostic::new(
        &codes::name::DUPLICATE,
        again,
        format!("`{name}` is declared twice"),
    )
    .label("declared again here")
    .note(first, "first declared here")
    .help("rename one of the two")
}

fn built_in(name: &ast::Name, decl: Decl, out: &mut Diagnostics) {
    let text = name.text.as_str();
    let (taken, what) = match decl {
        Decl::Predicate(_) => (FUNCTIONS.contains(&text), "function"),
        _ => (SCALARS.contains(&text), "type"),
    };
    if taken {
        let finding = Diagnostic::new(
            &codes::name::BUILT_IN,
            name.span,
            format!("`{text}` is a {what} of the language"),
        )
        .label("this name is taken")
        .help("choose another name");
        out.push(finding);
    }
}

fn projects(unit: &Unit) -> impl Iterator<Item = &ast::Project> {
    unit.ast.items.iter().filter_map(|item| match item {
        Item::Project(project) => Some(project),
        _ => None,
    })
}

fn one_project(units: &[Unit], out: &mut Diagnostics) {
    let mut all = units.iter().flat_map(projects);
    let Some(first) = all.next() else {
        out.push(no_project(units));
        return;
    };
    for again in all {
        let finding = Diagnostic::new(
            &codes::module::PROJECT_TWICE,
            again.name.span,
            "a spec has one `project`, this is another",
        )
        .label("declared again here")
        .note(first.name.span, "the first one")
        .help("remove one of the two; all files of the folder are one spec");
        out.push(finding);
    }
}

fn no_project(units: &[Unit]) -> Diagnostic {
    let message = "the spec has no `project`";
    let help = "write `project name { title: \"…\" }` at the top of one file";
    let code = &codes::module::NO_PROJECT;
    match units.iter().find(|unit| !unit.is_std) {
        Some(unit) => Diagnostic::new(code, Span::new(unit.file, 0, 0), message),
        None => Diagnostic::without_place(code, message),
    }
    .help(help)
}

/// Two modules whose labels are the same would write the same files.
fn modules_apart(units: &[Unit], out: &mut Diagnostics) {
    let mut labels: HashMap<String, &Unit> = HashMap::new();
    // The standard library can't be renamed, so it comes first and the user's file is the one at fault.
    let std_first = units
        .iter()
        .filter(|unit| unit.is_std)
        .chain(units.iter().filter(|unit| !unit.is_std));
    for unit in std_first {
        let Some(other) = labels.insert(unit.label.to_lowercase(), unit) else {
            continue;
        };
        let finding = Diagnostic::new(
            &codes::module::COLLISION,
            Span::new(unit.file, 0, 0),
            format!(
                "the modules `{}` and `{}` would both become `{}`",
                other.path, unit.path, unit.label
            ),
        )
        .label("this file")
        .note(Span::new(other.file, 0, 0), "and this one")
        .help("rename this file");
        out.push(finding);
    }
}
