use std::collections::BTreeSet;

use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Id, Origin, Role, Spec, Who};

/// A role by which nobody may anything: not itself, not by what it includes, and not to give another one.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    let accesses = spec.entities.iter();
    let accesses = accesses.filter_map(|(_, entity)| entity.access.as_ref());
    let grants = accesses.flat_map(|access| &access.grants);
    let granted = grants.filter_map(|grant| match grant.who {
        Who::Role(role) => Some(role),
        Who::Anyone | Who::SignedIn | Who::System => None,
    });
    let mut useful: BTreeSet<Id<Role>> = granted.collect();
    for (id, role) in spec.roles.iter() {
        if let Origin::Granted { by } = &role.origin {
            // To give a role to oneself is of no use by itself.
            useful.extend(by.iter().filter(|giver| **giver != id));
        }
    }
    for (id, role) in spec.roles.iter() {
        let module = spec.modules.find(role.module);
        let is_own = module.is_some_and(|module| !module.is_std);
        if !is_own || !spec.with_included(id).is_disjoint(&useful) {
            continue;
        }
        found.push(
            Diagnostic::new(
                &codes::role::NO_PERMISSIONS,
                role.span,
                format!("whoever has the role `{}` may nothing by it", role.name),
            )
            .label("no line of an access block names it")
            .help(format!(
                "say what they may, `{} may read`, or remove the role",
                role.name
            )),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{codes, findings};

    fn roles(roles: &str) -> String {
        format!(
            "entity Order {{ n: int }}\naccess Order {{\n anyone may read\n Boss may delete\n}}\nrole Boss granted by Boss\n{roles}"
        )
    }

    #[test]
    fn a_role_of_no_use_is_told() {
        assert_eq!(
            findings(&roles("role Clerk granted by Boss")),
            ["role::no_permissions: whoever has the role `Clerk` may nothing by it"]
        );
        assert_eq!(
            codes(&roles("role Clerk for signed in")),
            ["role::no_permissions"]
        );
        assert_eq!(
            codes(&roles("role Clerk granted by Clerk")),
            ["role::no_permissions"]
        );
    }

    #[test]
    fn what_it_includes_or_gives_is_of_use() {
        assert_eq!(
            codes(&roles("role Clerk granted by Boss includes Boss")),
            [""; 0]
        );
        let giver = roles("role Giver granted by Boss").replace(
            "role Boss granted by Boss",
            "role Boss granted by Boss, Giver",
        );
        assert_eq!(codes(&giver), [""; 0]);
    }
}
