//! Every name that a syntax tree declares.

use appspec_syntax::ast::{
    AccessLine, AuthLine, EnvironmentLine, File, Grant, Item, Member, Moment, Name, Path, UseNames,
    VerbName, Who,
};

/// The names of all items and of what stands in them, sorted.
pub(crate) fn declared(file: &File) -> Vec<String> {
    let mut names = Vec::new();
    for item in &file.items {
        match item {
            Item::Project(it) => {
                names.push(it.name.text.clone());
                names.extend(it.entries.iter().map(|it| it.key.text.clone()));
            }
            Item::Use(it) => {
                names.extend(path(&it.module));
                if let UseNames::Listed(listed) = &it.names {
                    names.extend(texts(listed));
                }
            }
            Item::Type(it) => names.push(it.name.text.clone()),
            Item::Enum(it) => {
                names.push(it.name.text.clone());
                names.extend(it.values.iter().map(|it| it.name.text.clone()));
            }
            Item::Mixin(it) => {
                names.push(it.name.text.clone());
                names.extend(members(&it.members));
            }
            Item::Entity(it) => {
                names.push(it.name.text.clone());
                names.extend(members(&it.members));
            }
            Item::Extend(it) => {
                names.extend(path(&it.entity));
                names.extend(members(&it.members));
            }
            Item::Predicate(it) => names.push(it.name.text.clone()),
            Item::Seed(it) => {
                names.extend(path(&it.entity));
                for row in &it.rows {
                    names.push(row.handle.text.clone());
                    names.extend(row.values.iter().map(|it| it.field.text.clone()));
                }
            }
            Item::Role(it) => {
                names.push(it.name.text.clone());
                names.extend(it.includes.iter().flat_map(path));
            }
            Item::Access(it) => {
                names.extend(path(&it.entity));
                for line in &it.lines {
                    names.extend(match line {
                        AccessLine::Let(it) => vec![it.name.text.clone()],
                        AccessLine::Wall(_) => vec!["only".to_owned()],
                        AccessLine::Grant(it) => granted(it),
                        AccessLine::Suppress(it) => vec![it.code.text.clone()],
                    });
                }
            }
            Item::Auth(it) => names.extend(it.lines.iter().map(|line| match line {
                AuthLine::Setting(it) => it.kind.key().to_owned(),
                AuthLine::Suppress(it) => it.code.text.clone(),
            })),
            Item::Environment(it) => names.extend(it.lines.iter().map(|line| match line {
                EnvironmentLine::Var(it) => it.name.text.clone(),
                EnvironmentLine::Service(it) => it.name.text.clone(),
                EnvironmentLine::Suppress(it) => it.code.text.clone(),
            })),
            Item::Suppress(it) => names.push(it.code.text.clone()),
        }
    }
    names.sort();
    names
}

fn granted(grant: &Grant) -> Vec<String> {
    let who = match &grant.who {
        Who::SignedIn(_) => vec!["signed in".to_owned()],
        Who::Named(it) => path(it),
    };
    let verbs = grant.permissions.iter().map(|it| match &it.verb {
        VerbName::Named(it) => it.text.clone(),
        VerbName::Anything => "do anything".to_owned(),
    });
    who.into_iter().chain(verbs).collect()
}

fn members(members: &[Member]) -> Vec<String> {
    let names = members.iter().map(|member| match member {
        Member::Field(it) => vec![it.name.text.clone()],
        Member::Derive(it) => vec![it.name.text.clone()],
        Member::Predicate(it) => vec![it.name.text.clone()],
        Member::Invariant(it) => match &it.moment {
            Moment::Change { fields, .. } => [vec![it.name.text.clone()], texts(fields)].concat(),
            Moment::Always | Moment::Create(_) => vec![it.name.text.clone()],
        },
        Member::Unique(it) => texts(&it.fields),
        Member::Overlap(it) => [vec![it.start.clone(), it.end.clone()], it.per.clone()]
            .concat()
            .iter()
            .map(|it| it.text.clone())
            .collect(),
        Member::Lifecycle(it) => {
            let actions = it.actions.iter().map(|it| it.name.text.clone());
            let states = it.finals.iter().map(|it| it.text.clone());
            [it.field.text.clone()]
                .into_iter()
                .chain(actions)
                .chain(states)
                .collect()
        }
        Member::Index(it) => it.keys.iter().map(|it| it.field.text.clone()).collect(),
        Member::SortedBy(it) => it.keys.iter().map(|it| it.field.text.clone()).collect(),
        Member::AppendOnly(_) | Member::SoftDelete(_) | Member::Keep(_) | Member::Audited(_) => {
            vec![]
        }
        Member::Frozen(it) => texts(&it.except),
        Member::ShownAs(it) => vec![it.field.text.clone()],
        Member::IdentifiedBy(it) => vec![it.kind.text.clone()],
        Member::Suppress(it) => vec![it.code.text.clone()],
    });
    names.flatten().collect()
}

fn path(path: &Path) -> Vec<String> {
    texts(&path.names)
}

fn texts(names: &[Name]) -> Vec<String> {
    names.iter().map(|it| it.text.clone()).collect()
}
