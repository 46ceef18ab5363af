//! The environment contract: `config/env.py`, what reads its values, and its tests.

use appspec_ir::VarType;
use askama::Template;

use super::signing_in::Mail;
use super::variables::Own;
use super::{Files, render};
use crate::core::chosen;

#[derive(Template)]
#[template(path = "project/config/env.py")]
struct Env<'a> {
    has_files: bool,
    mail: Option<&'a Mail>,
    own: &'a Own,
    has_decimals: bool,
    has_durations: bool,
}

#[derive(Template)]
#[template(path = "project/config/tests/test_env.py")]
struct TestEnv<'a> {
    has_files: bool,
    mail: Option<&'a Mail>,
    own: &'a Own,
}

/// Emits what reads the environment.
pub(super) fn emit(files: &mut Files<'_>) {
    let has_files = files.facts.has_files;
    let mail = files.facts.mail.as_ref();
    let own = &files.facts.own;
    let env = render(&Env {
        has_files,
        mail,
        own,
        has_decimals: own.reads(VarType::Decimal),
        has_durations: own.reads(VarType::Duration),
    });
    let test_env = render(&TestEnv {
        has_files,
        mail,
        own,
    });
    let has_sender = mail.is_some_and(|mail| mail.from.is_some());
    let parsers = chosen(
        include_str!("../../templates/project/config/parsers.py"),
        &[
            ("files", has_files),
            ("email", has_sender || own.reads(VarType::Email)),
            ("split", own.has_origins || own.reads(VarType::Url)),
            ("url", own.reads(VarType::Url)),
            ("origin", own.has_origins),
            ("decimal", own.reads(VarType::Decimal)),
            ("bool", own.reads(VarType::Bool)),
            ("duration", own.reads(VarType::Duration)),
            ("pattern", own.has_origins || own.reads(VarType::Duration)),
        ],
    );
    files.fixed("config/env.py", &env);
    files.fixed("config/parsers.py", &parsers);
    files.fixed("config/tests/test_env.py", &test_env);
}
