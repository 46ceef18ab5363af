//! How often anyone may: `at most 5 per hour`.

use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{Period, Rate};
use appspec_syntax::ast;

use super::super::layout::Layout;

/// `at most 5 per hour`
pub(super) fn rate(layout: &Layout<'_>, limit: &ast::Rate, out: &mut Diagnostics) -> Option<Rate> {
    let word = limit.per.text.as_str();
    let Some(per) = Period::ALL.into_iter().find(|per| per.word() == word) else {
        let finding = Diagnostic::new(
            &codes::name::UNKNOWN,
            limit.per.span,
            format!("`{word}` is no stretch of time that is counted in"),
        );
        let known = Period::ALL.into_iter().map(Period::word);
        out.push(match layout.names.closest(word, known) {
            Some(meant) => finding.did_you_mean(limit.per.span, meant),
            None => finding.help("write `second`, `minute`, `hour` or `day`"),
        });
        return None;
    };
    let times = u32::try_from(limit.times).ok().filter(|times| *times > 0);
    if times.is_none() {
        out.push(
            Diagnostic::new(
                &codes::permission::RATE,
                limit.span,
                if limit.times == 0 {
                    "`at most 0` allows nothing"
                } else {
                    "a limit that nobody comes near limits nothing"
                },
            )
            .label(format!("{} times", limit.times))
            .help("write how often one person may, such as `at most 5 per hour`"),
        );
    }
    Some(Rate { times: times?, per })
}
