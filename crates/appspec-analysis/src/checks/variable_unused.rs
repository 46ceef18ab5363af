use std::collections::BTreeSet;

use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{AllowedOrigin, Id, ServiceKind, Spec, Var};

/// A variable that neither signing in nor a service reads.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    let used = used(spec);
    for (id, var) in spec.environment.vars.iter() {
        if used.contains(&id) {
            continue;
        }
        let name = &var.name;
        found.push(
            Diagnostic::new(
                &codes::env::UNUSED,
                var.span,
                format!("nothing reads `{name}`"),
            )
            .label("neither signing in nor a service names it")
            .help(
                "remove it, or put `suppress env::unused \"reason\"` above it if Python of your own reads it",
            ),
        );
    }
}

fn used(spec: &Spec) -> BTreeSet<Id<Var>> {
    let mut used = BTreeSet::new();
    for service in &spec.environment.services {
        match &service.kind {
            ServiceKind::Smtp { url, from } => {
                used.insert(*url);
                used.extend(from);
            }
            ServiceKind::Postgres { url, .. } => {
                used.insert(*url);
            }
        }
    }
    // The built project reads its database from it in any case.
    let mut vars = spec.environment.vars.iter();
    used.extend(vars.find_map(|(id, var)| (var.name == "DATABASE_URL").then_some(id)));
    if let Some(auth) = &spec.auth {
        used.extend(auth.origins.iter().filter_map(|origin| match origin {
            AllowedOrigin::Var(id) => Some(*id),
            AllowedOrigin::Literal(_) => None,
        }));
        if let Some(oidc) = &auth.oidc {
            used.extend([oidc.issuer, oidc.client, oidc.secret]);
        }
        used.extend(auth.first_admin.iter().map(|first| first.email));
    }
    used
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::findings;

    #[test]
    fn what_nothing_reads_is_told() {
        assert_eq!(
            findings("environment {\n var PAGE_SIZE: int\n secret STRIPE_KEY\n}"),
            [
                "env::unused: nothing reads `PAGE_SIZE`",
                "env::unused: nothing reads `STRIPE_KEY`"
            ]
        );
    }

    #[test]
    fn what_is_read_or_acknowledged_is_not() {
        let read = "\
environment {
  var SITE_URL: url
  var ADMIN: email
  var FROM_ADDRESS: email
  secret DATABASE_URL
  secret EMAIL_URL
  suppress env::unused \"Our own code pays with it.\"
  secret STRIPE_KEY
  service mailer: smtp { url: EMAIL_URL, from: FROM_ADDRESS }
}

auth { allow origins: SITE_URL, first admin: ADMIN }";
        assert_eq!(findings(read), [""; 0]);
    }
}
