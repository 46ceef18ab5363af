//! Access blocks: who may do what with the rows of an entity.

mod at;
mod fields;
mod rate;
mod verbs;

use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::{Access, Entity, Expr, Grant, Id, Permission, Role, Wall, Who};
use appspec_syntax::ast::{self, AccessLine, VerbName};

use super::layout::{Body, Layout};
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

impl<'a> Block<'_, 'a> {
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
            Some(limit) => rate::rate(self.layout, limit, out).map(Some),
        };
        let (who, at) = (who?, at?);
        let fits = self.at_fits(grant, who, at.as_ref(), out);
        let (condition, limit) = (condition?, limit?);
        let knows = knows_who(grant, who, condition.as_ref(), out);
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

    /// What a grant allows, each verb once.
    fn permissions(&self, grant: &'a ast::Grant, out: &mut Diagnostics) -> Option<Vec<Permission>> {
        let mut permissions: Vec<Permission> = Vec::new();
        let mut is_whole = true;
        for written in &grant.permissions {
            let verbs = match &written.verb {
                VerbName::Anything => self.anything(),
                VerbName::Named(name) => self.verb(name, out).into_iter().collect(),
            };
            if verbs.is_empty() {
                is_whole = false;
                continue;
            }
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

/// Whether a rule that asks who is asking is about somebody in particular.
fn knows_who(
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

#[cfg(test)]
mod tests {
    use crate::checks::testing::{helps, mended};

    /// `group::name` of each finding, but for what follows from so few lines.
    fn codes(text: &str) -> Vec<&'static str> {
        let found = crate::checks::testing::codes(text).into_iter();
        let is_asked =
            |code: &&str| !matches!(*code, "role::no_permissions" | "permission::nobody_can");
        found.filter(is_asked).collect()
    }

    /// A line of the access block of `Visit`.
    fn line(line: &str) -> String {
        format!(
            "use std.auth.{{User}}\n\
             entity Salon {{ name: text(80) }}\n\
             entity Staff {{\n user: User\n salon: Salon\n}}\n\
             entity Visit {{\n client: User\n helper: User?\n salon: Salon\n on: date immutable\n state: State = asked\n\
             number: serial \"V-{{000}}\"\n note: text?\n\
             lifecycle state {{\n confirm: asked -> done\n final done\n }}\n}}\n\
             enum State {{ asked, done }}\n\
             role Client for signed in\n\
             role Clerk from Staff s for s.user at s.salon\n\
             access Visit {{\n {line}\n}}\n"
        )
    }

    #[test]
    fn what_is_meant_is_fine() {
        for fine in [
            "Client may read, create (client, salon, on, note), update (note), delete, confirm where client == me",
            "Clerk at salon may do anything",
            "signed in may read except (note, number) where helper is set and helper == me",
            "anyone may read\n anyone may create at most 5 per minute",
            "let own = client == me\n only where own or me.is_staff\n Client may read where own",
            "system may read, confirm where on < today()",
        ] {
            assert_eq!(codes(&line(fine)), [""; 0], "{fine}");
        }
    }

    #[test]
    fn what_can_not_be_meant_is_told() {
        for (wrong, code) in [
            ("Clark may read", "name::unknown"),
            ("Salon may read", "name::wrong_kind"),
            ("Client may confirmed", "name::unknown"),
            ("Client may read (notes)", "name::unknown"),
            ("Client may read (note, note)", "name::duplicate"),
            ("Client may read, read", "name::duplicate"),
            ("Client may do anything, confirm", "name::duplicate"),
            ("Client may update (state)", "state::direct_write"),
            ("Client may create (state, on)", "state::direct_write"),
            ("Client may update (on)", "permission::fields_do_not_fit"),
            (
                "Client may create (number)",
                "permission::fields_do_not_fit",
            ),
            ("Client may delete (note)", "permission::fields_do_not_fit"),
            (
                "Client may confirm except (note)",
                "permission::fields_do_not_fit",
            ),
            ("Clerk may read", "permission::at_mismatch"),
            ("Clerk at client may read", "permission::at_mismatch"),
            ("Clerk at this may read", "permission::at_mismatch"),
            ("Client at salon may read", "permission::at_mismatch"),
            ("anyone at salon may read", "permission::at_mismatch"),
            ("Clerk at note may read", "type::mismatch"),
            (
                "anyone may read where client == me",
                "permission::no_person",
            ),
            ("system may read where me.is_staff", "permission::no_person"),
            (
                "Client may read where helper == me",
                "invariant::optional_unguarded",
            ),
            (
                "Client may read where note == me.name",
                "invariant::optional_unguarded",
            ),
            ("Client may create at most 5 per hour", "permission::rate"),
            ("anyone may create at most 0 per hour", "permission::rate"),
            ("anyone may create at most 5 per week", "name::unknown"),
            (
                "let note = client == me\n Client may read",
                "name::duplicate",
            ),
            ("let own = client == me\n Client may read", "name::unused"),
            (
                "Client may read where exists(s in Staff where s.user == me)",
                "type::not_in_a_rule",
            ),
            ("Client may read where client == salon", "type::mismatch"),
            ("Client may read where me", "type::mismatch"),
        ] {
            let found = codes(&line(wrong));
            assert_eq!(found.first(), Some(&code), "{wrong}: {found:?}");
        }
    }

    #[test]
    fn an_entity_has_one_block_wherever_it_stands() {
        let block = "access Visit { Client may read }";
        let twice = format!("{}{block}\n", line("Client may delete"));
        assert_eq!(codes(&twice), ["name::duplicate"]);
        let of_a_library = format!(
            "{}access User {{ signed in may read where this == me }}\n",
            line("Client may read")
        );
        assert_eq!(codes(&of_a_library), [""; 0]);
    }

    #[test]
    fn the_way_to_where_a_role_is_had_is_told() {
        assert_eq!(
            helps(&line("Clerk may read")),
            ["write `Clerk at salon may …`"]
        );
    }

    #[test]
    fn words_of_other_systems_are_answered() {
        let found = mended(&line("Client may view, edit (note)"));
        assert!(found.contains("Client may read, update (note)"), "{found}");
    }

    #[test]
    fn me_is_no_default_yet() {
        let spec = "use std.auth.{User}\nentity Visit { client: User = me }";
        assert_eq!(codes(spec), ["syntax::not_in_this_version"]);
    }

    #[test]
    fn me_is_nobody_in_rules_about_rows() {
        for rule in [
            "invariant own: client == me",
            "derive mine: bool = client == me",
            "unique (client) where client == me",
            "predicate own = client == me",
        ] {
            let spec =
                format!("use std.auth.{{User}}\nentity Visit {{\n client: User\n {rule}\n}}");
            let found = codes(&spec);
            assert_eq!(
                found.first(),
                Some(&"permission::no_person"),
                "{rule}: {found:?}"
            );
        }
    }
}
