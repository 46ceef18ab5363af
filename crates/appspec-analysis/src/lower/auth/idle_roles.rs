//! Roles that enter the admin site and may see nothing there.

use std::collections::BTreeSet;

use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Access, Id, Origin, Role, Verb, Who};
use appspec_syntax::ast::{AuthLine, AuthSettingKind};

use crate::names::Names;

/// Tells roles that open the admin site to people who may see nothing there.
pub(in crate::lower) fn report_idle_roles(
    names: &Names<'_>,
    roles: &[Option<Role>],
    accesses: &[Option<Access>],
    out: &mut Diagnostics,
) {
    let Some(found) = names.auths.first() else {
        return;
    };
    let grants = accesses.iter().flatten().flat_map(|it| &it.grants);
    let reading = grants.filter(|grant| {
        let mut permissions = grant.permissions.iter();
        permissions.any(|permission| permission.verb == Verb::Read)
    });
    let mut readers = BTreeSet::new();
    for grant in reading {
        match grant.who {
            Who::Anyone | Who::SignedIn => return,
            Who::System => {}
            Who::Role(role) => {
                readers.insert(role);
            }
        }
    }
    let has_signed_in = |id: &Id<Role>| {
        let role = roles.get(id.index()).and_then(Option::as_ref);
        role.is_some_and(|role| role.origin == Origin::SignedIn)
    };
    if readers.iter().any(has_signed_in) {
        return;
    }
    let paths = found.item.lines.iter().filter_map(|line| match line {
        AuthLine::Setting(setting) => match &setting.kind {
            AuthSettingKind::AdminSite(paths) => Some(paths),
            _ => None,
        },
        AuthLine::Suppress(_) => None,
    });
    for path in paths.flatten() {
        // What can't be found was told.
        let mut unheard = Diagnostics::new();
        let Some(id) = names.resolve_role(found.module, path, &mut unheard) else {
            continue;
        };
        if !readers.is_disjoint(&with_included(roles, id)) {
            continue;
        }
        let name = path.names.last().map_or("", |name| name.text.as_str());
        out.push(
            Diagnostic::new(
                &codes::auth::IDLE_ADMIN,
                path.span,
                format!(
                    "whoever has the role `{name}` enters the admin site and sees nothing there"
                ),
            )
            .label("may read nothing")
            .help(format!(
                "say in an `access` block what they see, `{name} may read`, or leave the role out"
            )),
        );
    }
}

/// A role and all that it includes.
fn with_included(roles: &[Option<Role>], id: Id<Role>) -> BTreeSet<Id<Role>> {
    let mut all = BTreeSet::new();
    let mut waiting = vec![id];
    while let Some(next) = waiting.pop() {
        if all.insert(next)
            && let Some(role) = roles.get(next.index()).and_then(Option::as_ref)
        {
            waiting.extend(&role.includes);
        }
    }
    all
}
