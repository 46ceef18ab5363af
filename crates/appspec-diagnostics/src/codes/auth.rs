//! How people sign in.

use crate::code::codes;

codes! { "auth";
    TWICE = "twice" Error "two `auth` blocks of one spec";
    USER = "user" Error "people who sign in as something else than the user entity";
    OUT_OF_RANGE = "out_of_range" Error "a session or a password of a length that can't be";
    ORIGIN = "origin" Error "a front end that no browser names like this";
    OIDC = "oidc" Error "a way to sign in and its provider, one without the other";
    FIRST_ADMIN = "first_admin" Error "a first admin with a role that nobody can be given";
    IDLE_ADMIN = "idle_admin" Warning "people who enter the admin site and see nothing there";
    NO_MAILER = "no_mailer" Warning "mail that has to be sent, and no server for it";
}
