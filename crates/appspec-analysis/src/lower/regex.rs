//! The portable dialect of `matches`: one pattern that Python, PostgreSQL and SQLite read alike.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_syntax::ast::Text;
use regex_syntax::ast::{
    self, Ast, ClassPerl, ClassPerlKind, ClassSet, ClassSetItem, GroupKind, LiteralKind,
    RepetitionKind, RepetitionRange, parse::ParserBuilder,
};

/// PostgreSQL counts no further than this in `{m,n}`.
const MOST_REPEATS: u32 = 255;
/// Patterns of people are flat; deeper ones would only cost stack.
const DEEPEST: u32 = 32;

/// Why a part of a pattern is refused.
struct Refusal {
    span: ast::Span,
    message: String,
    help: &'static str,
}

/// The patterns that were found to be portable, as they are written, and as they were rewritten: many fields have the
/// same one.
#[derive(Debug, Default)]
pub(crate) struct Patterns(Mutex<HashMap<String, String>>);

impl Patterns {
    /// The pattern, rewritten so that it means the same everywhere; `None` when it can't, which is reported.
    pub(super) fn portable(&self, pattern: &Text, out: &mut Diagnostics) -> Option<String> {
        // A thread that died left no more than the others would.
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known().get(&pattern.value) {
            return Some(known.clone());
        }
        let normalized = portable(pattern, out)?;
        let written = pattern.value.clone();
        known().insert(written, normalized.clone());
        Some(normalized)
    }
}

fn portable(pattern: &Text, out: &mut Diagnostics) -> Option<String> {
    match normalize(&pattern.value) {
        Ok(normalized) if compile(&normalized).is_some() => Some(normalized),
        Ok(_) => {
            out.push(
                Diagnostic::new(
                    &codes::types::REGEX_NOT_PORTABLE,
                    pattern.span,
                    "the pattern grows too large",
                )
                .help("use fewer or smaller repeats"),
            );
            None
        }
        Err(refusal) => {
            let at = place(pattern, refusal.span);
            out.push(
                Diagnostic::new(&codes::types::REGEX_NOT_PORTABLE, at, refusal.message)
                    .help(refusal.help),
            );
            None
        }
    }
}

/// Whether the whole text matches a normalized pattern.
pub(crate) fn is_match(pattern: &str, text: &str) -> bool {
    compile(pattern).is_some_and(|regex| regex.is_match(text))
}

fn compile(pattern: &str) -> Option<regex_lite::Regex> {
    regex_lite::Regex::new(&format!(r"\A(?:{pattern})\z")).ok()
}

/// The part of the pattern in the source, which is certain for raw strings only.
fn place(pattern: &Text, part: ast::Span) -> Span {
    let raw = pattern.span.len() as usize == pattern.value.len() + 3;
    let offset = |at: usize| u32::try_from(at).unwrap_or(0) + pattern.span.start + 2;
    if raw && part.start.offset < part.end.offset {
        Span::new(
            pattern.span.file,
            offset(part.start.offset),
            offset(part.end.offset),
        )
    } else {
        pattern.span
    }
}

fn normalize(pattern: &str) -> Result<String, Refusal> {
    let ast = ParserBuilder::new()
        .nest_limit(DEEPEST)
        .build()
        .parse(pattern)
        .map_err(|error| unreadable(&error))?;
    let mut printer = Printer {
        source: pattern,
        out: String::with_capacity(pattern.len()),
    };
    printer.node(&ast)?;
    Ok(printer.out)
}

fn unreadable(error: &ast::Error) -> Refusal {
    let (message, help) = match error.kind() {
        ast::ErrorKind::UnsupportedLookAround => (
            "look-around is not the same in all databases".to_owned(),
            "describe the whole text without looking ahead or behind",
        ),
        ast::ErrorKind::UnsupportedBackreference => (
            "a pattern can't refer back to what it matched".to_owned(),
            "describe the whole text without `\\1`",
        ),
        ast::ErrorKind::NestLimitExceeded(_) => (
            "the pattern is nested too deeply".to_owned(),
            "use fewer groups",
        ),
        kind => (
            format!("this is not a regular expression: {kind}"),
            "mend the pattern; special characters are written with `\\` before them",
        ),
    };
    Refusal {
        span: *error.span(),
        message,
        help,
    }
}

struct Printer<'p> {
    source: &'p str,
    out: String,
}

impl Printer<'_> {
    fn refuse<T>(
        span: ast::Span,
        message: impl Into<String>,
        help: &'static str,
    ) -> Result<T, Refusal> {
        Err(Refusal {
            span,
            message: message.into(),
            help,
        })
    }

    fn text(&self, span: &ast::Span) -> &str {
        self.source
            .get(span.start.offset..span.end.offset)
            .unwrap_or("")
    }

    fn node(&mut self, node: &Ast) -> Result<(), Refusal> {
        match node {
            Ast::Empty(_) => Ok(()),
            Ast::Literal(literal) => self.literal(literal),
            Ast::Dot(_) => {
                self.out.push_str(r"[^\n]");
                Ok(())
            }
            Ast::Assertion(assertion) => Self::refuse(
                assertion.span,
                format!("`{}` is not portable", self.text(&assertion.span)),
                "drop it: a pattern always describes the whole text",
            ),
            Ast::Flags(flags) => Self::refuse(
                flags.span,
                "flags are not portable",
                "write both cases out: `[Aa]`",
            ),
            Ast::ClassUnicode(class) => Self::refuse(
                class.span,
                "Unicode classes are not portable",
                "list the characters: `[A-Za-z]`",
            ),
            Ast::ClassPerl(class) => {
                self.out.push('[');
                if class.negated {
                    self.out.push('^');
                }
                self.out.push_str(perl(&class.kind));
                self.out.push(']');
                Ok(())
            }
            Ast::ClassBracketed(class) => {
                self.out.push('[');
                if class.negated {
                    self.out.push('^');
                }
                match &class.kind {
                    ClassSet::Item(item) => self.class_item(item)?,
                    ClassSet::BinaryOp(operation) => {
                        return Self::refuse(
                            operation.span,
                            "set operations inside `[…]` are not portable",
                            "list the characters",
                        );
                    }
                }
                self.out.push(']');
                Ok(())
            }
            Ast::Repetition(repetition) => self.repetition(repetition),
            Ast::Group(group) => {
                let plain = match &group.kind {
                    GroupKind::CaptureIndex(_) => true,
                    GroupKind::CaptureName { .. } => false,
                    GroupKind::NonCapturing(flags) => flags.items.is_empty(),
                };
                if !plain {
                    return Self::refuse(
                        group.span,
                        "groups with names or flags are not portable",
                        "write a plain group: `(…)`",
                    );
                }
                self.out.push_str("(?:");
                self.node(&group.ast)?;
                self.out.push(')');
                Ok(())
            }
            Ast::Alternation(alternation) => {
                for (index, part) in alternation.asts.iter().enumerate() {
                    if index > 0 {
                        self.out.push('|');
                    }
                    self.node(part)?;
                }
                Ok(())
            }
            Ast::Concat(concat) => concat.asts.iter().try_for_each(|part| self.node(part)),
        }
    }

    fn literal(&mut self, literal: &ast::Literal) -> Result<(), Refusal> {
        if literal.c == '\0' {
            return Self::refuse(literal.span, "text can't hold U+0000", "remove it");
        }
        let special = matches!(
            literal.c,
            '\\' | '.' | '+' | '*' | '?' | '(' | ')' | '|' | '[' | ']' | '{' | '}' | '^' | '$'
        );
        self.character(literal, special)
    }

    fn character(&mut self, literal: &ast::Literal, special: bool) -> Result<(), Refusal> {
        if matches!(literal.kind, LiteralKind::Octal) {
            return Self::refuse(
                literal.span,
                "octal escapes are not portable",
                "write `\\x41`",
            );
        }
        match literal.c {
            '\n' => self.out.push_str(r"\n"),
            '\r' => self.out.push_str(r"\r"),
            '\t' => self.out.push_str(r"\t"),
            letter => {
                if special {
                    self.out.push('\\');
                }
                self.out.push(letter);
            }
        }
        Ok(())
    }

    fn class_literal(&mut self, literal: &ast::Literal) -> Result<(), Refusal> {
        // More than any one dialect needs: Python warns about `[[`, `--`, `&&`, `||` and `~~` in a set.
        let special = matches!(literal.c, '\\' | '[' | ']' | '^' | '-' | '&' | '|' | '~');
        self.character(literal, special)
    }

    fn class_item(&mut self, item: &ClassSetItem) -> Result<(), Refusal> {
        match item {
            ClassSetItem::Empty(_) => Ok(()),
            ClassSetItem::Literal(literal) => self.class_literal(literal),
            ClassSetItem::Range(range) => {
                self.class_literal(&range.start)?;
                self.out.push('-');
                self.class_literal(&range.end)
            }
            ClassSetItem::Perl(ClassPerl {
                kind,
                negated: false,
                ..
            }) => {
                self.out.push_str(perl(kind));
                Ok(())
            }
            ClassSetItem::Union(union) => union
                .items
                .iter()
                .try_for_each(|item| self.class_item(item)),
            ClassSetItem::Ascii(_)
            | ClassSetItem::Unicode(_)
            | ClassSetItem::Perl(_)
            | ClassSetItem::Bracketed(_) => Self::refuse(
                *item.span(),
                format!("`{}` inside `[…]` is not portable", self.text(item.span())),
                "list the characters: `[A-Za-z]`",
            ),
        }
    }

    fn repetition(&mut self, repetition: &ast::Repetition) -> Result<(), Refusal> {
        let written = self.text(&repetition.op.span).to_owned();
        if !repetition.greedy {
            return Self::refuse(
                repetition.op.span,
                format!("`{written}` is not portable"),
                "drop the `?`: the whole text has to match, so it changes nothing",
            );
        }
        if matches!(*repetition.ast, Ast::Repetition(_)) {
            return Self::refuse(
                repetition.op.span,
                format!("`{written}` after another repeat means different things"),
                "put the first repeat into a group",
            );
        }
        let most = match &repetition.op.kind {
            RepetitionKind::Range(
                RepetitionRange::Exactly(most)
                | RepetitionRange::AtLeast(most)
                | RepetitionRange::Bounded(_, most),
            ) => *most,
            _ => 0,
        };
        if most > MOST_REPEATS {
            return Self::refuse(
                repetition.op.span,
                format!("PostgreSQL repeats at most {MOST_REPEATS} times"),
                "bound the length with `text(n)` or `in 0..n`",
            );
        }
        self.node(&repetition.ast)?;
        let operator = match &repetition.op.kind {
            RepetitionKind::ZeroOrOne => "?".to_owned(),
            RepetitionKind::ZeroOrMore => "*".to_owned(),
            RepetitionKind::OneOrMore => "+".to_owned(),
            RepetitionKind::Range(RepetitionRange::Exactly(n)) => format!("{{{n}}}"),
            RepetitionKind::Range(RepetitionRange::AtLeast(n)) => format!("{{{n},}}"),
            RepetitionKind::Range(RepetitionRange::Bounded(low, high)) => {
                format!("{{{low},{high}}}")
            }
        };
        self.out.push_str(&operator);
        Ok(())
    }
}

/// The ASCII characters of `\d`, `\s`, `\w`, which differ between engines beyond ASCII.
fn perl(kind: &ClassPerlKind) -> &'static str {
    match kind {
        ClassPerlKind::Digit => "0-9",
        ClassPerlKind::Space => r" \t\n\r\f\v",
        ClassPerlKind::Word => "A-Za-z0-9_",
    }
}

#[cfg(test)]
mod tests {
    use super::{is_match, normalize};

    fn fails(pattern: &str) -> bool {
        normalize(pattern).is_err()
    }

    #[test]
    fn classes_are_spelled_out() {
        for (written, portable) in [
            (r"\d{4}-\d{2}", "[0-9]{4}-[0-9]{2}"),
            ("a.c", r"a[^\n]c"),
            (r"(\w+)\.png", r"(?:[A-Za-z0-9_]+)\.png"),
            (r"[\d\-a-f]", r"[0-9\-a-f]"),
            (r"[\[&]", r"[\[\&]"),
            ("a|b|", "a|b|"),
            ("é", "é"),
        ] {
            assert_eq!(
                normalize(written).ok().as_deref(),
                Some(portable),
                "{written}"
            );
        }
    }

    #[test]
    fn what_differs_between_engines_is_refused() {
        for pattern in [
            "^abc$",
            r"\bword\b",
            "(?P<y>a)",
            "(?i)a",
            "a*?",
            "a{2,}+",
            "[[:alpha:]]",
            r"\pL",
            "a{1,300}",
            "x{,3}",
            "(?=a)b",
            r"(a)\1",
            "[a&&b]",
            "(",
            r"[\W]",
            "[^[a]]",
        ] {
            assert!(fails(pattern), "{pattern} should be refused");
        }
    }

    #[test]
    fn the_whole_text_has_to_match() {
        assert!(is_match("[A-Z]{3}", "ABC"));
        assert!(!is_match("[A-Z]{3}", "ABCD"));
        assert!(!is_match("a|b", "ab"));
    }
}
