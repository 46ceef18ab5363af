//! Roles: who has them, where, and which others they bring along.

use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::{Entity, Expr, Id, Origin, Role, Type};
use appspec_syntax::ast::{self, Path, RoleOrigin};

use super::layout::Layout;
use crate::expr::{Lowerer, Place, Results, Site};
use crate::names::In;
use crate::order::order;

/// All roles in the order of their ids; `None` for one that is broken, which was reported.
pub(super) fn lower(
    layout: &Layout<'_>,
    results: &Results,
    user: Id<Entity>,
    out: &mut Diagnostics,
) -> Vec<Option<Role>> {
    let found = &layout.names.roles;
    let mut roles: Vec<Option<Role>> = found
        .iter()
        .map(|found| role(layout, results, user, found, out))
        .collect();
    let includes: Vec<Vec<usize>> = roles
        .iter()
        .map(|role| match role {
            Some(role) => role.includes.iter().map(|id| id.index()).collect(),
            None => Vec::new(),
        })
        .collect();
    let mut circles = Vec::new();
    order(&includes, |circle| circles.push(circle.to_vec()));
    for circle in circles {
        report_circle(layout, &circle, out);
        for at in circle {
            if let Some(role) = roles.get_mut(at) {
                *role = None;
            }
        }
    }
    for (at, found) in found.iter().enumerate() {
        check_scopes(layout, &roles, at, found.item, out);
    }
    roles
}

fn role(
    layout: &Layout<'_>,
    results: &Results,
    user: Id<Entity>,
    found: &In<'_, ast::Role>,
    out: &mut Diagnostics,
) -> Option<Role> {
    let item = found.item;
    let origin = match &item.origin {
        RoleOrigin::SignedIn => Some(Origin::SignedIn),
        RoleOrigin::Granted(by) => named(layout, found, by, out).map(|by| Origin::Granted { by }),
        RoleOrigin::Derived(derived) => self::derived(layout, results, user, found, derived, out),
    };
    let includes = named(layout, found, &item.includes, out);
    Some(Role {
        name: item.name.text.clone(),
        label: item.label.as_ref().map(|label| label.value.clone()),
        doc: super::doc(item.doc.as_ref()),
        module: found.module,
        origin: origin?,
        includes: includes?,
        was: item.was.as_ref().map(|name| name.text.clone()),
        span: item.name.span,
    })
}

/// The roles of a list, each named once.
fn named(
    layout: &Layout<'_>,
    found: &In<'_, ast::Role>,
    paths: &[Path],
    out: &mut Diagnostics,
) -> Option<Vec<Id<Role>>> {
    let mut roles: Vec<(Id<Role>, Span)> = Vec::with_capacity(paths.len());
    let mut is_whole = true;
    for path in paths {
        let Some(id) = layout.names.resolve_role(found.module, path, out) else {
            is_whole = false;
            continue;
        };
        if let Some((_, first)) = roles.iter().find(|(other, _)| *other == id) {
            out.push(
                Diagnostic::new(
                    &codes::name::DUPLICATE,
                    path.span,
                    "this role is named twice",
                )
                .label("named again here")
                .note(*first, "first named here")
                .help("remove one of the two"),
            );
            is_whole = false;
            continue;
        }
        roles.push((id, path.span));
    }
    is_whole.then(|| roles.into_iter().map(|(id, _)| id).collect())
}

fn derived(
    layout: &Layout<'_>,
    results: &Results,
    user: Id<Entity>,
    found: &In<'_, ast::Role>,
    derived: &ast::DerivedRole,
    out: &mut Diagnostics,
) -> Option<Origin> {
    let names = layout.names;
    let entity = names.resolve_entity(found.module, &derived.entity, out)?;
    let site = Site {
        body: names.mixins.len() + entity.index(),
        module: found.module,
        row: Some(&derived.row.text),
        place: Place::Role,
    };
    let person = Lowerer::new(layout, results, site, out)
        .allowing_missing()
        .lower(&derived.person, None)
        .filter(|person| is_person(layout, user, person, out));
    let scope = match &derived.scope {
        None => Some(None),
        Some(scope) => Lowerer::new(layout, results, site, out)
            .allowing_missing()
            .lower(scope, None)
            .filter(|scope| is_row(layout, scope, out))
            .map(Some),
    };
    let condition = match &derived.condition {
        None => Some(None),
        Some(condition) => Lowerer::new(layout, results, site, out)
            .condition(condition)
            .map(Some),
    };
    Some(Origin::Derived {
        entity,
        person: person?,
        scope: scope?,
        condition: condition?,
    })
}

/// Whether somebody signs in as what a path leads to; if not, this is told.
fn is_person(layout: &Layout<'_>, user: Id<Entity>, person: &Expr, out: &mut Diagnostics) -> bool {
    if person.ty == Type::Reference(user) {
        return true;
    }
    let names = layout.names;
    let written = names.text(person.span);
    let user = names.entity_name(user);
    let what = crate::expr::describe(names, person.ty);
    out.push(
        Diagnostic::new(
            &codes::role::NOT_A_PERSON,
            person.span,
            format!("`{written}` is {what}, and nobody signs in as that"),
        )
        .label(what)
        .help(format!(
            "name a reference to `{user}`, the entity of those who sign in"
        )),
    );
    false
}

/// Whether a path leads to a row; if not, this is told.
pub(super) fn is_row(layout: &Layout<'_>, scope: &Expr, out: &mut Diagnostics) -> bool {
    if scope.leads_to().is_some() {
        return true;
    }
    let what = crate::expr::describe(layout.names, scope.ty);
    out.push(
        Diagnostic::new(
            &codes::types::MISMATCH,
            scope.span,
            format!("`at` leads to a row, not to {what}"),
        )
        .label(what)
        .help("name a reference, such as the one to a shop or a team"),
    );
    false
}

fn report_circle(layout: &Layout<'_>, circle: &[usize], out: &mut Diagnostics) {
    let mut members = circle.iter().filter_map(|at| layout.names.roles.get(*at));
    let Some(first) = members.next() else { return };
    let name = &first.item.name;
    let rest: Vec<&ast::Name> = members.map(|found| &found.item.name).collect();
    let way = [name]
        .into_iter()
        .chain(rest.iter().copied())
        .chain([name])
        .map(|name| format!("`{}`", name.text));
    let way: Vec<String> = way.collect();
    let at = first.item.includes.first().map_or(name.span, |it| it.span);
    let mut finding = Diagnostic::new(
        &codes::role::INHERITANCE_CYCLE,
        at,
        format!("`{}` includes itself: {}", name.text, way.join(" → ")),
    )
    .label("leads back here");
    for name in rest {
        finding = finding.note(name.span, "on the way");
    }
    out.push(
        finding.help("remove one of these `includes`; roles that may do the same are one role"),
    );
}

/// Whoever has a role at one row has no other role everywhere, nor at rows of another kind.
fn check_scopes(
    layout: &Layout<'_>,
    roles: &[Option<Role>],
    at: usize,
    item: &ast::Role,
    out: &mut Diagnostics,
) {
    let Some(Some(role)) = roles.get(at) else {
        return;
    };
    for (included, path) in role.includes.iter().zip(&item.includes) {
        let Some(Some(other)) = roles.get(included.index()) else {
            continue;
        };
        let Some(there) = other.scope().filter(|there| role.scope() != Some(*there)) else {
            continue;
        };
        let entity = layout.names.entity_name(there);
        let (name, included) = (&role.name, &other.name);
        let message = match role.scope() {
            None => format!("`{included}` is had at a `{entity}`, and `{name}` at none"),
            Some(here) => format!(
                "`{included}` is had at a `{entity}`, and `{name}` at a `{}`",
                layout.names.entity_name(here)
            ),
        };
        out.push(
            Diagnostic::new(&codes::role::SCOPE_MISMATCH, path.span, message)
                .label("at which one is not said")
                .note(other.span, "the included role")
                .help(format!(
                    "leave it out here, and grant `{name}` what it may do in each `access` block"
                )),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::codes;

    fn roles(roles: &str) -> Vec<&'static str> {
        codes(&format!(
            "use std.auth.{{User}}\n\
             entity Shop {{ name: text(80) }}\n\
             entity Team {{ shop: Shop }}\n\
             entity Staff {{\n user: User\n guest: User?\n shop: Shop\n team: Team?\n leads: bool = false\n}}\n\
             {roles}\n\
             access Shop {{ anyone may read }}\n"
        ))
        .into_iter()
        .filter(|code| *code != "role::no_permissions")
        .collect()
    }

    #[test]
    fn a_role_comes_from_signing_in_from_somebody_or_from_rows() {
        for fine in [
            "role Client for signed in",
            "role Boss \"The boss\" granted by Boss",
            "role A granted by B, A\nrole B granted by A",
            "role Clerk from Staff s for s.user at s.shop where s.leads",
            "role Clerk from Staff s for s.guest at s.team.shop",
            "role Self from User u for u where u.is_staff",
            "role Shift from Staff s for s.user at s",
            "role Clerk from Staff s for s.user at s.shop\nrole Head from Staff s for s.user at s.shop where s.leads includes Clerk",
            "role Client for signed in\nrole Head from Staff s for s.user at s.shop includes Client",
        ] {
            assert_eq!(roles(fine), [""; 0], "{fine}");
        }
    }

    #[test]
    fn what_no_role_can_be_is_told() {
        for (wrong, code) in [
            ("role A granted by C", "name::unknown"),
            ("role A granted by Shop", "name::wrong_kind"),
            ("role A granted by A, A", "name::duplicate"),
            ("role Shop granted by Shop", "name::duplicate"),
            ("role A granted by A includes A", "role::inheritance_cycle"),
            (
                "role A granted by A includes B\nrole B granted by A includes A",
                "role::inheritance_cycle",
            ),
            ("role A from Staff s for s.shop", "role::not_a_person"),
            ("role A from Staff s for s.leads", "role::not_a_person"),
            ("role A from Staff s for s", "role::not_a_person"),
            (
                "role A from Staff s for s.user at s.leads",
                "type::mismatch",
            ),
            (
                "role A from Staff s for s.user where s.shop",
                "type::mismatch",
            ),
            (
                "role A from Staff s for s.user where s.user == me",
                "permission::no_person",
            ),
            (
                "role A from Staff s for s.user where s.guest == s.user",
                "invariant::optional_unguarded",
            ),
            ("role A from Staf s for s.user", "name::unknown"),
            ("role A from Staff s for user", "name::unknown"),
            (
                "role A from Staff s for s.user at s.shop\nrole B granted by B includes A",
                "role::scope_mismatch",
            ),
            (
                "role A from Staff s for s.user at s.shop\nrole B from Staff s for s.user at s includes A",
                "role::scope_mismatch",
            ),
            ("role anyone for signed in", "syntax::reserved_word"),
            ("role A", "syntax::unexpected"),
        ] {
            let found = roles(wrong);
            assert_eq!(found.first(), Some(&code), "{wrong}: {found:?}");
        }
    }
}
