//! What a spec says of signing in is built, or refused with a word about it.

use appspec_evolve::History;
use appspec_tests::spec;

const SPEC: &str = "project notes { title: \"Notes\" }

use std.auth.{User}

role Owner granted by Owner

entity Note {
  owner: User on delete cascade inverse notes
  body: text
}

access Note {
  signed in may do anything where owner == me
  Owner may read
}

access User { signed in may read where this == me }
";

const MAILER: &str = "
environment {
  var MAIL_FROM: email \"Codes come from here\" { development: \"dev@example.com\" }
  secret EMAIL_URL
  secret DATABASE_URL \"The shop's own\"
  service database: postgres { url: DATABASE_URL }
  service mailer: smtp {
    url: EMAIL_URL
    from: MAIL_FROM
    timeout: 2500ms
    when down: \"No codes now.\"
  }
}
";

/// What a build says to an `auth` block, and what else the spec has.
fn refusal(auth: &str, others: &str) -> String {
    let text = format!("{SPEC}\nauth {{ {auth} }}\n{others}");
    spec::build(&text, &History::default()).map_or_else(|said| said, |_| String::new())
}

#[test]
fn what_is_built_changes_the_project() {
    let built = |auth: &str| {
        let text = format!("{SPEC}\nauth {{ {auth} }}\n{MAILER}");
        spec::build(&text, &History::default())
            .unwrap_or_else(|said| panic!("{said}"))
            .files
    };
    let files = built("sign up: open\n session: 10d idle 3h\n password: at least 20 characters");
    let text = |path: &str| files.get(path).expect("a file").content.clone();
    let settings = text("config/settings/base.py");
    for line in [
        "ACCOUNT_SIGNUP_ENABLED = True",
        "ACCOUNT_LOGIN_BY_CODE_ENABLED = False",
        "SESSION_COOKIE_AGE = 864_000",
        "SESSION_IDLE = 10_800",
        "\"OPTIONS\": {\"min_length\": 20}",
        "MAIL_WHEN_DOWN = \"No codes now.\"",
    ] {
        assert!(settings.contains(line), "{line}");
    }
    assert!(text("config/env.py").contains("name=\"EMAIL_URL\""));
    assert!(text("config/env.py").contains("Stage.DEVELOPMENT: \"dev@example.com\""));
    assert!(text(".env.example").contains("\n# The shop's own\nDATABASE_URL=\n"));
    assert!(text("config/mail.py").contains("timeout: int = 3"));
    assert!(text(".env.example").contains("\n# Codes come from here\nMAIL_FROM=\n"));
    let files = built(
        "admin site: Owner\n allow origins: \"https://app.example.com\"\n first admin: MAIL_FROM as Owner",
    );
    let text = |path: &str| files.get(path).expect("a file").content.clone();
    let production = text("config/settings/production.py");
    let named = "CORS_ALLOWED_ORIGINS = [\"https://app.example.com\"]\n";
    assert!(production.contains(named), "{production}");
    assert!(text("accounts/roles.py").contains("ADMIN_SITE: Sequence[Role] = (OWNER,)"));
    assert!(text("core/admin_site.py").contains("roles_known(request.user, ADMIN_SITE)"));
    let command = text("core/management/commands/first_admin.py");
    assert!(
        command.contains("settings.ENVIRONMENT.mail_from"),
        "{command}"
    );
    assert!(text("requirements/base.txt").contains("\ndjango-cors-headers=="));
    let files = built("sign up: invite");
    for path in ["core/inviting.py", "core/management/commands/invite.py"] {
        assert!(files.get(path).is_some(), "{path}");
    }
    let files = built("sign in: password, email link");
    let settings = &files
        .get("config/settings/base.py")
        .expect("a file")
        .content;
    assert!(settings.contains("ACCOUNT_SIGNUP_ENABLED = False"));
    assert!(settings.contains("ACCOUNT_LOGIN_BY_CODE_ENABLED = True"));
    assert!(settings.contains("SESSION_IDLE = 1_209_600"));
}

#[test]
fn what_is_not_built_is_refused() {
    let company = "sign in: password, oidc
        oidc: \"Company\" at OIDC_ISSUER as OIDC_CLIENT with OIDC_SECRET";
    let secrets = "var OIDC_ISSUER: url\n var OIDC_CLIENT: text\n secret OIDC_SECRET\n";
    let known = MAILER.replace("secret EMAIL_URL", &format!("{secrets} secret EMAIL_URL"));
    for (auth, others, word) in [
        ("sign in: email link", MAILER, "without a password"),
        (company, known.as_str(), "`oidc`"),
    ] {
        let said = refusal(auth, others);
        assert!(said.contains("syntax::not_in_this_version"), "{said}");
        assert!(said.contains(word), "{said}");
    }
    for auth in ["sign up: open", "sign up: invite"] {
        let said = refusal(auth, "");
        assert!(said.contains("no service sends any"), "{said}");
    }
    let named = "extend entity User { nick: text }";
    let said = refusal("sign up: open", &format!("{MAILER}\n{named}"));
    assert!(said.contains("no `nick`"), "{said}");
    let eager = MAILER.replace(
        "secret EMAIL_URL",
        "secret EMAIL_URL { development: required }",
    );
    let said = refusal("sign in: password", &eager);
    assert!(said.contains("`EMAIL_URL` is required there"), "{said}");
    let many = MAILER.replace(
        "{ url: DATABASE_URL }",
        "{ url: DATABASE_URL, connections: 40 }",
    );
    let said = refusal("sign in: password", &many);
    assert!(said.contains("how many connections"), "{said}");
}
