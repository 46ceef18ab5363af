//! "Did you mean": a name that is close to what is written, and which of the two is the one to change.

use appspec_diagnostics::{Diagnostic, Root, Span, Suggestion};

use crate::checks::spelling::{cap_words, snake_case};

/// Leads to a field that is called nearly so. What is written as `name::case` asks for stays: the declaration will be renamed.
pub(crate) fn field(
    finding: Diagnostic,
    at: Span,
    written: &str,
    meant: Suggestion<'_>,
) -> Diagnostic {
    lead(finding, at, written, meant, &snake_case(meant.name))
}

/// The same for an entity or an enum.
pub(crate) fn class(
    finding: Diagnostic,
    at: Span,
    written: &str,
    meant: Suggestion<'_>,
) -> Diagnostic {
    lead(finding, at, written, meant, &cap_words(meant.name))
}

/// All uses of a name that nothing declares are one mistake: a slip in the declaration, or one that was copied. `meant` is what
/// is called nearly so, `home` is where it would be declared.
pub(crate) fn root(written: &str, meant: Option<(&str, Span)>, home: Span) -> Root {
    let Some((meant, declared)) = meant else {
        return Root::new(home, written);
    };
    let root = Root::new(declared, written);
    // Where the declaration has to be renamed anyway, one help says it for all.
    if snake_case(meant) == written || cap_words(meant) == written {
        return root;
    }
    root.help(format!(
        "declare it as `{written}`, or write `{meant}` in each of these places"
    ))
}

fn lead(
    finding: Diagnostic,
    at: Span,
    written: &str,
    meant: Suggestion<'_>,
    renamed: &str,
) -> Diagnostic {
    if renamed == written && meant.name != written {
        return finding.help(format!(
            "rename `{}` to `{written}` where it is declared and used, as `name::case` asks",
            meant.name
        ));
    }
    finding.did_you_mean(at, meant)
}
