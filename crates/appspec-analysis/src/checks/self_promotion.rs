use std::collections::BTreeSet;

use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{
    Asker, Comparison, Entity, Expr, ExprKind, Grant, Id, Origin, Permission, Role, Spec, Verb,
    Walk, Who,
};

/// People who may give themselves a role: they may write the rows that say who has it.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    for (id, role) in spec.roles.iter() {
        let Origin::Derived {
            entity,
            person,
            condition,
            ..
        } = &role.origin
        else {
            continue;
        };
        let entity = spec.walk(*entity);
        // What has to hold of everything besides may hold them off.
        let access = entity.get().access.as_ref();
        let Some(access) = access.filter(|access| access.walls.is_empty()) else {
            continue;
        };
        for grant in &access.grants {
            if is_had_anyway(spec, grant.who, id) || !gives_more(spec, grant.who, id) {
                continue;
            }
            let way = match &person.kind {
                ExprKind::Field(person) => names_oneself(entity, grant, |permission| {
                    let fields = permission.fields.resolve(entity, &permission.verb);
                    fields.contains(person)
                }),
                ExprKind::This => changes_oneself(entity, grant, condition.as_ref()),
                _ => None,
            };
            if let Some(permission) = way {
                found.push(finding(spec, grant, permission, role));
            }
        }
    }
}

/// Whether whoever is asked about has the role anyway, or is no person who could take it.
fn is_had_anyway(spec: &Spec, who: Who, role: Id<Role>) -> bool {
    match who {
        Who::Anyone | Who::System => true,
        Who::SignedIn => matches!(
            spec.roles.find(role).map(|role| &role.origin),
            Some(Origin::SignedIn)
        ),
        Who::Role(own) => spec.with_included(own).contains(&role),
    }
}

/// Whether a role gives anything to those who are asked about that they can't do with every row already.
fn gives_more(spec: &Spec, who: Who, role: Id<Role>) -> bool {
    let (mine, gained) = (roles_of(spec, who), spec.with_included(role));
    let is_mine = |who: Who| match who {
        Who::Anyone | Who::SignedIn => true,
        Who::System => false,
        Who::Role(role) => mine.contains(&role),
    };
    let mut roles = spec.roles.iter();
    let gives_others = roles.any(|(_, other)| match &other.origin {
        Origin::Granted { by } => {
            by.iter().any(|it| gained.contains(it)) && !by.iter().any(|it| mine.contains(it))
        }
        _ => false,
    });
    let mut entities = spec.entities.iter();
    gives_others
        || entities.any(|(id, entity)| {
            let grants = entity.access.iter().flat_map(|access| &access.grants);
            let (open, gained): (Vec<_>, Vec<_>) = grants
                .filter(|grant| {
                    matches!(grant.who, Who::Role(it) if gained.contains(&it)) || is_mine(grant.who)
                })
                .partition(|grant| is_mine(grant.who));
            let is_open = |permission: &Permission| {
                let wanted = permission.fields.resolve(spec.walk(id), &permission.verb);
                let open = open
                    .iter()
                    .filter(|grant| grant.at.is_none() && grant.condition.is_none());
                let mut open = open.flat_map(|grant| &grant.permissions);
                open.any(|it| {
                    it.verb == permission.verb
                        && it
                            .fields
                            .resolve(spec.walk(id), &it.verb)
                            .is_superset(&wanted)
                })
            };
            let mut gained = gained.iter().flat_map(|grant| &grant.permissions);
            gained.any(|permission| !is_open(permission))
        })
}

/// The roles that those who are asked about have for sure.
fn roles_of(spec: &Spec, who: Who) -> BTreeSet<Id<Role>> {
    let everybody = spec.roles.iter();
    let everybody = everybody.filter(|(_, role)| matches!(role.origin, Origin::SignedIn));
    let own = match who {
        Who::Role(role) => Some(role),
        _ => None,
    };
    let roles = everybody.map(|(id, _)| id).chain(own);
    roles.flat_map(|role| spec.with_included(role)).collect()
}

/// A row of any person's choice may be made, or changed: the one who is named may be oneself.
fn names_oneself<'s>(
    entity: Walk<'_, Entity>,
    grant: &'s Grant,
    may_name: impl Fn(&Permission) -> bool,
) -> Option<&'s Permission> {
    if grant.condition.is_some() || grant.at.is_some() || entity.get().append_only.is_some() {
        return None;
    }
    let mut permissions = grant.permissions.iter();
    permissions.find(|it| matches!(it.verb, Verb::Create | Verb::Update) && may_name(it))
}

/// The own row may be changed in a field that decides about the role.
fn changes_oneself<'s>(
    entity: Walk<'_, Entity>,
    grant: &'s Grant,
    decides: Option<&Expr>,
) -> Option<&'s Permission> {
    let decides = decides?.fields();
    if grant.at.is_some() || !grant.condition.as_ref().is_none_or(is_oneself) {
        return None;
    }
    let mut permissions = grant.permissions.iter();
    permissions.find(|it| {
        let fields = it.fields.resolve(entity, &it.verb);
        it.verb == Verb::Update && decides.iter().any(|field| fields.contains(field))
    })
}

/// `this == me`
fn is_oneself(condition: &Expr) -> bool {
    let ExprKind::Compare(Comparison::Equal, a, b) = &condition.kind else {
        return false;
    };
    matches!(
        (&a.kind, &b.kind),
        (ExprKind::This, ExprKind::Me) | (ExprKind::Me, ExprKind::This)
    )
}

fn finding(spec: &Spec, grant: &Grant, permission: &Permission, role: &Role) -> Diagnostic {
    let who = Asker::of(spec, grant.who);
    let who = who.name(spec);
    Diagnostic::new(
        &codes::permission::SELF_PROMOTION,
        permission.span,
        format!("`{who}` may give themselves the role `{}`", role.name),
    )
    .label("writes what says who has it")
    .note(role.span, "had by whom such a row names")
    .help(
        "leave the fields out that decide about the role, or say `where` the row is not one's own",
    )
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings};

    fn staff(lines: &str) -> String {
        format!(
            "use std.auth.{{User}}\nentity Staff {{\n user: User\n kind: text(20)\n}}\n\
             role Clerk from Staff s for s.user\nrole Boss granted by Boss\n\
             access Staff {{\n Clerk may read, delete\n Boss may read\n{lines}\n}}"
        )
    }

    #[test]
    fn whoever_may_make_the_rows_makes_one_for_themselves() {
        assert_eq!(
            findings(&staff("signed in may create")),
            ["permission::self_promotion: `signed in` may give themselves the role `Clerk`"]
        );
        for hole in ["signed in may update (user)", "Boss may create"] {
            assert_eq!(
                codes(&staff(hole)),
                ["permission::self_promotion"],
                "{hole}"
            );
        }
    }

    #[test]
    fn whoever_may_change_the_own_account_keeps_off_what_decides() {
        let user = |line: &str| {
            format!(
                "use std.auth.{{User}}\nrole Admin from User u for u where u.is_staff\n\
                 access User {{\n Admin may do anything\n signed in may {line} where this == me\n}}"
            )
        };
        assert_eq!(codes(&user("update")), ["permission::self_promotion"]);
        assert_eq!(
            codes(&user("update (name, is_staff)")),
            ["permission::self_promotion"]
        );
        assert_eq!(codes(&user("read, update (name)")), [""; 0]);
        assert_eq!(codes(&user("read, update except (is_staff)")), [""; 0]);
    }

    #[test]
    fn what_holds_them_off_is_believed() {
        for fine in [
            "Clerk may create",
            "signed in may update (kind)",
            "Boss may create, update, delete",
            "Boss may create where user != me",
            "only where me.is_staff\n signed in may create",
            "system may create",
        ] {
            assert_eq!(codes(&staff(fine)), [""; 0], "{fine}");
        }
    }
}
