//! Access blocks: who may do what with the rows of an entity.

mod fields;
mod verbs;

use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::{
    Access, Entity, Expr, Grant, Id, Period, Permission, Rate, Role, Verb, Wall, Who,
};
use appspec_syntax::ast::{self, AccessLine, VerbName};

use super::layout::{Body, Layout, Slot};
use super::roles::is_row;
use crate::expr::{LetValue, Lowerer, Place, Results, Site};
use crate::names::{In, Mark, duplicate};

/// What the access blocks of a spec say.
#[derive(Debug, Default)]
pub(super) struct Lowered {
    /// By entity, in the order of their ids.
    pub(super) by_entity: Vec<Option<Access>>,
    /// Named conditions that no line of their block says.
    pub(super) unused: Vec<(String, Span)>,
}

/// All access blocks; of an entity that has two, the first.
pub(super) fn lower(
    layout: &Layout<'_>,
    results: &Results,
    roles: &[Option<Role>],
    out: &mut Diagnostics,
) -> Lowered {
    let names = layout.names;
    let mut lowered = Lowered {
        by_entity: names.entities.iter().map(|_| None).collect(),
        ..Lowered::default()
    };
    let mut seen: Vec<Option<Span>> = names.entities.iter().map(|_| None).collect();
    for found in &names.accesses {
        let path = &found.item.entity;
        let Some(entity) = names.resolve_entity(found.module, path, out) else {
            continue;
        };
        let Some(before) = seen.get_mut(entity.index()) else {
            continue;
        };
        if let Some(first) = before {
            let name = names.entity_name(entity);
            out.push(
                Diagnostic::new(
                    &codes::name::DUPLICATE,
                    path.span,
                    format!("`{name}` has an access block already"),
                )
                .label("a second one")
                .note(*first, "the first one")
                .help(
                    "move its lines into the first one: what an entity allows stands in one place",
                ),
            );
            continue;
        }
        *before = Some(path.span);
        let Some(body) = layout.entity(entity) else {
            continue;
        };
        let block = Block {
            layout,
            results,
            roles,
            found,
            entity,
            body,
        };
        let access = block.lower(&mut lowered.unused, out);
        if let Some(place) = lowered.by_entity.get_mut(entity.index()) {
            *place = Some(access);
        }
    }
    lowered
}

/// One access block.
struct Block<'l, 'a> {
    layout: &'l Layout<'a>,
    results: &'l Results,
    roles: &'l [Option<Role>],
    found: &'l In<'a, ast::Access>,
    entity: Id<Entity>,
    body: &'l Body<'a>,
}

impl<'l, 'a> Block<'l, 'a> {
    fn lower(&self, unused: &mut Vec<(String, Span)>, out: &mut Diagnostics) -> Access {
        let mut access = Access {
            walls: Vec::new(),
            grants: Vec::new(),
            span: self.found.item.entity.span,
        };
        let mut lets: Vec<LetValue<'a>> = Vec::new();
        for line in &self.found.item.lines {
            match line {
                AccessLine::Let(it) => {
                    if let Some(value) = self.one_let(it, &lets, out) {
                        lets.push(value);
                    }
                }
                AccessLine::Wall(wall) => {
                    let condition = self.condition(&wall.condition, &lets, out);
                    access.walls.extend(condition.map(|condition| Wall {
                        condition,
                        span: wall.span,
                    }));
                }
                AccessLine::Grant(grant) => access.grants.extend(self.grant(grant, &lets, out)),
                // It says something to the compiler, and nothing about the rows; see `suppressions`.
                AccessLine::Suppress(_) => {}
            }
        }
        let needless = lets.iter().filter(|it| !it.used.is_set());
        unused.extend(needless.map(|it| (it.name.to_owned(), it.span)));
        access
    }

    fn lowerer<'s>(
        &'s self,
        lets: &'s [LetValue<'s>],
        out: &'s mut Diagnostics,
    ) -> Lowerer<'s, 'a> {
        let site = Site {
            body: self.layout.names.mixins.len() + self.entity.index(),
            module: self.found.module,
            row: None,
            place: Place::Access,
        };
        Lowerer::new(self.layout, self.results, site, out).with_lets(lets)
    }

    fn condition(
        &self,
        expr: &ast::Expr,
        lets: &[LetValue<'_>],
        out: &mut Diagnostics,
    ) -> Option<Expr> {
        self.lowerer(lets, out).condition(expr)
    }

    /// A named condition, which those behind it may say.
    fn one_let(
        &self,
        it: &'a ast::Let,
        lets: &[LetValue<'a>],
        out: &mut Diagnostics,
    ) -> Option<LetValue<'a>> {
        let name = &it.name;
        let value = self.condition(&it.value, lets, out);
        let member = self.body.entries.get(name.text.as_str());
        let member = member.map(|(_, span)| *span);
        let other = lets.iter().find(|other| other.name == name.text);
        if let Some(first) = member.or(other.map(|other| other.span)) {
            out.push(duplicate(&name.text, name.span, first));
            return None;
        }
        Some(LetValue {
            name: &name.text,
            span: name.span,
            value,
            used: Mark::default(),
        })
    }

    fn grant(
        &self,
        grant: &'a ast::Grant,
        lets: &[LetValue<'_>],
        out: &mut Diagnostics,
    ) -> Option<Grant> {
        let who = self.who(&grant.who, out);
        let permissions = self.permissions(grant, out);
        let at = match &grant.at {
            None => Some(None),
            Some(path) => self
                .lowerer(lets, out)
                .allowing_missing()
                .lower(path, None)
                .filter(|at| is_row(self.layout, at, out))
                .map(Some),
        };
        let condition = match &grant.condition {
            None => Some(None),
            Some(condition) => self.condition(condition, lets, out).map(Some),
        };
        let limit = match &grant.limit {
            None => Some(None),
            Some(limit) => rate(self.layout, limit, out).map(Some),
        };
        let (who, at) = (who?, at?);
        let fits = self.at_fits(grant, who, at.as_ref(), out);
        let (condition, limit) = (condition?, limit?);
        let knows = self.knows_who(grant, who, condition.as_ref(), out);
        if let (Some(written), false) = (&grant.limit, who == Who::Anyone) {
            out.push(
                Diagnostic::new(
                    &codes::permission::RATE,
                    written.span,
                    "only what anyone may do is limited",
                )
                .label("of people who are known")
                .help("leave it out, or grant it to `anyone`"),
            );
            return None;
        }
        let permissions = permissions?;
        (fits && knows).then(|| Grant {
            who,
            at,
            permissions,
            condition,
            limit,
            message: grant.message.as_ref().map(|message| message.value.clone()),
            span: grant.span,
        })
    }

    fn who(&self, who: &ast::Who, out: &mut Diagnostics) -> Option<Who> {
        let path = match who {
            ast::Who::SignedIn(_) => return Some(Who::SignedIn),
            ast::Who::Named(path) => path,
        };
        match path.names.as_slice() {
            [only] if only.text == "anyone" => Some(Who::Anyone),
            [only] if only.text == "system" => Some(Who::System),
            _ => {
                let names = self.layout.names;
                names
                    .resolve_role(self.found.module, path, out)
                    .map(Who::Role)
            }
        }
    }

    /// Whether `at` stands where the role needs it, and leads to where the role is had.
    fn at_fits(
        &self,
        grant: &ast::Grant,
        who: Who,
        at: Option<&Expr>,
        out: &mut Diagnostics,
    ) -> bool {
        let names = self.layout.names;
        let role = match who {
            Who::Role(id) => match self.roles.get(id.index()) {
                Some(Some(role)) => Some(role),
                // Where it is had is not known, which was reported.
                _ => return true,
            },
            Who::Anyone | Who::SignedIn | Who::System => None,
        };
        let scope = role.and_then(Role::scope);
        let written = names.text(grant.who.span());
        let finding = match (scope, at) {
            (None, None) => return true,
            (Some(scope), Some(at)) if at.leads_to() == Some(scope) => return true,
            (None, Some(at)) => Diagnostic::new(
                &codes::permission::AT_MISMATCH,
                at.span,
                format!("`{written}` is had everywhere, and not at a row"),
            )
            .label("at no row")
            .help("leave `at` and the path out"),
            (Some(scope), None) => {
                let entity = names.entity_name(scope);
                let help = match self.way_to(scope) {
                    Some(path) => format!("write `{written} at {path} may …`"),
                    None => {
                        format!("write `{written} at … may …`, with the path to the `{entity}`")
                    }
                };
                Diagnostic::new(
                    &codes::permission::AT_MISMATCH,
                    grant.who.span(),
                    format!("`{written}` is had at a `{entity}`, and at which one is not said"),
                )
                .label("at which row?")
                .help(help)
            }
            (Some(scope), Some(at)) => {
                let entity = names.entity_name(scope);
                let there = at.leads_to().map_or("", |there| names.entity_name(there));
                let finding = Diagnostic::new(
                    &codes::permission::AT_MISMATCH,
                    at.span,
                    format!("`{written}` is had at a `{entity}`, and this is a `{there}`"),
                )
                .label(format!("a `{there}`"));
                match self.way_to(scope) {
                    Some(path) => finding.help(format!("write `at {path}`")),
                    None => finding.help(format!("name the path to the `{entity}`")),
                }
            }
        };
        out.push(match role {
            Some(role) => finding.note(role.span, "the role"),
            None => finding,
        });
        false
    }

    /// The shortest way from the row to one of another entity, over two references at most.
    fn way_to(&self, scope: Id<Entity>) -> Option<String> {
        if scope == self.entity {
            return Some("this".to_owned());
        }
        let leads = |slot: &Slot<'_>| match &slot.ty {
            Some(appspec_ir::FieldType::Relation(relation)) => Some(relation.target),
            _ => None,
        };
        let direct = self
            .body
            .slots
            .iter()
            .find(|slot| leads(slot) == Some(scope));
        if let Some(slot) = direct {
            return Some(slot.ast.name.text.clone());
        }
        self.body.slots.iter().find_map(|slot| {
            let there = self.layout.entity(leads(slot)?)?;
            let next = there.slots.iter().find(|next| leads(next) == Some(scope))?;
            Some(format!("{}.{}", slot.ast.name.text, next.ast.name.text))
        })
    }

    /// Whether a rule that asks who is asking is about somebody in particular.
    fn knows_who(
        &self,
        grant: &ast::Grant,
        who: Who,
        condition: Option<&Expr>,
        out: &mut Diagnostics,
    ) -> bool {
        let (message, help) = match who {
            Who::SignedIn | Who::Role(_) => return true,
            Who::Anyone => (
                "`anyone` may be nobody who is known, and this asks who it is",
                "write `signed in may …`, or leave `me` out",
            ),
            Who::System => (
                "jobs act as `system`, and not for a person",
                "leave `me` out: what a job does is decided by its own conditions",
            ),
        };
        let Some(condition) = condition.filter(|condition| condition.asks_who()) else {
            return true;
        };
        out.push(
            Diagnostic::new(&codes::permission::NO_PERSON, condition.span, message)
                .label("asks who is asking")
                .note(grant.who.span(), "nobody in particular")
                .help(help),
        );
        false
    }

    /// What a grant allows, each verb once.
    fn permissions(&self, grant: &'a ast::Grant, out: &mut Diagnostics) -> Option<Vec<Permission>> {
        let mut permissions: Vec<Permission> = Vec::new();
        let mut is_whole = true;
        for written in &grant.permissions {
            let verbs = match &written.verb {
                VerbName::Anything => self.anything(),
                VerbName::Named(name) => match self.verb(name, out) {
                    Some(verb) => vec![verb],
                    None => {
                        is_whole = false;
                        continue;
                    }
                },
            };
            let Some(fields) = self.fields(written, &verbs, out) else {
                is_whole = false;
                continue;
            };
            let twice = permissions.iter().find(|it| verbs.contains(&it.verb));
            if let Some(first) = twice {
                out.push(granted_twice(first, written.span));
                is_whole = false;
                continue;
            }
            permissions.extend(verbs.into_iter().map(|verb| Permission {
                verb,
                fields: fields.clone(),
                span: written.span,
            }));
        }
        is_whole.then_some(permissions)
    }
}

fn granted_twice(first: &Permission, again: Span) -> Diagnostic {
    let word = first.verb.word();
    Diagnostic::new(
        &codes::name::DUPLICATE,
        again,
        format!("`{word}` is granted twice in one line"),
    )
    .label("granted again here")
    .note(first.span, "first granted here")
    .help("remove one of the two; what holds under other conditions stands on a line of its own")
}

/// `at most 5 per hour`
fn rate(layout: &Layout<'_>, limit: &ast::Rate, out: &mut Diagnostics) -> Option<Rate> {
    let word = limit.per.text.as_str();
    let Some(per) = Period::ALL.into_iter().find(|per| per.word() == word) else {
        let finding = Diagnostic::new(
            &codes::name::UNKNOWN,
            limit.per.span,
            format!("`{word}` is no stretch of time that is counted in"),
        );
        let known = Period::ALL.into_iter().map(Period::word);
        out.push(match layout.names.closest(word, known) {
            Some(meant) => finding.did_you_mean(limit.per.span, meant),
            None => finding.help("write `second`, `minute`, `hour` or `day`"),
        });
        return None;
    };
    let times = u32::try_from(limit.times).ok().filter(|times| *times > 0);
    if times.is_none() {
        out.push(
            Diagnostic::new(
                &codes::permission::RATE,
                limit.span,
                if limit.times == 0 {
                    "`at most 0` allows nothing"
                } else {
                    "a limit that nobody comes near limits nothing"
                },
            )
            .label(format!("{} times", limit.times))
            .help("write how often one person may, such as `at most 5 per hour`"),
        );
    }
    Some(Rate { times: times?, per })
}

/// The words of other systems for what can be done with any row.
fn meant_verb(word: &str) -> Option<&'static str> {
    Some(match word.to_ascii_lowercase().as_str() {
        "view" | "list" | "get" | "see" | "select" | "retrieve" => "read",
        "add" | "insert" | "make" | "post" => "create",
        "edit" | "change" | "modify" | "patch" | "put" => "update",
        "remove" | "destroy" => "delete",
        "all" | "anything" | "everything" | "manage" => "do anything",
        _ => return None,
    })
}

/// The verb that a word stands for, unless it is an action.
fn of_any_row(word: &str) -> Option<Verb> {
    [Verb::Read, Verb::Create, Verb::Update, Verb::Delete]
        .into_iter()
        .find(|verb| verb.word() == word)
}
