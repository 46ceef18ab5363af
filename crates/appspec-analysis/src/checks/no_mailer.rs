use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{SignIn, SignUp, Spec};

/// Signing in that sends mail, without a server that does.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    let Some(auth) = &spec.auth else { return };
    if !auth.sends_mail() || spec.environment.mailer().is_some() {
        return;
    }
    let what = if auth.has(SignIn::EmailLink) {
        "links to sign in are mailed"
    } else {
        match auth.sign_up {
            SignUp::Open => "addresses of new accounts are verified by mail",
            SignUp::Invite => "invitations are mailed",
            SignUp::Closed => "forgotten passwords are reset by mail",
        }
    };
    found.push(
        Diagnostic::new(
            &codes::auth::NO_MAILER,
            auth.span,
            format!("{what}, and no service sends it"),
        )
        .label("nobody would get it")
        .help(
            "add `service mailer: smtp { url: EMAIL_URL, from: MAIL_FROM }` with `secret EMAIL_URL` and `var MAIL_FROM: email` to the `environment`",
        ),
    );
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::findings;

    const MAILER: &str =
        "environment {\n secret EMAIL_URL\n service mailer: smtp { url: EMAIL_URL }\n}\n";

    #[test]
    fn mail_needs_a_server() {
        for (auth, what) in [
            (
                "auth { sign in: email link }",
                "links to sign in are mailed",
            ),
            (
                "auth { sign up: open }",
                "addresses of new accounts are verified by mail",
            ),
            ("auth { sign up: invite }", "invitations are mailed"),
            ("auth { }", "forgotten passwords are reset by mail"),
        ] {
            let expected = format!("auth::no_mailer: {what}, and no service sends it");
            assert_eq!(findings(auth), [expected]);
            assert_eq!(findings(&format!("{MAILER}{auth}")), [""; 0]);
        }
    }
}
