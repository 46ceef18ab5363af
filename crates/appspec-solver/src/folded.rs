//! Texts in one case, or without blanks at their ends, that are equal to a constant.

use appspec_ir::{Comparison, Expr, ExprKind, Function, Value};

/// `lower(trim(name)) == "ana"`: what is done to a field, the last first, and what comes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Folded {
    functions: Vec<Function>,
    text: String,
}

impl Folded {
    /// Of a condition that says this and nothing else.
    pub(crate) fn of(condition: &Expr) -> Option<Self> {
        let ExprKind::Compare(Comparison::Equal, a, b) = &condition.kind else {
            return None;
        };
        let (inside, text) = match (&a.kind, &b.kind) {
            (_, ExprKind::Value(Value::Text(text))) => (a, text),
            (ExprKind::Value(Value::Text(text)), _) => (b, text),
            _ => return None,
        };
        let mut functions = Vec::new();
        let mut inside = inside.as_ref();
        while let ExprKind::Call(
            function @ (Function::Lower | Function::Upper | Function::Trim),
            arguments,
        ) = &inside.kind
        {
            functions.push(*function);
            inside = arguments.first()?;
        }
        let is_field = matches!(inside.kind, ExprKind::Field(_));
        (is_field && !functions.is_empty()).then(|| Self {
            functions,
            text: text.clone(),
        })
    }

    /// Whether nothing becomes this text. The last change of case decides, and blanks are of no case.
    pub(crate) fn is_never(&self) -> bool {
        let case = |function: &&Function| **function != Function::Trim;
        let has_case = match self.functions.iter().find(case) {
            Some(Function::Lower) => self.text.bytes().any(|byte| byte.is_ascii_uppercase()),
            Some(_) => self.text.bytes().any(|byte| byte.is_ascii_lowercase()),
            None => false,
        };
        has_case || (self.is_trimmed() && (self.text.starts_with(' ') || self.text.ends_with(' ')))
    }

    fn is_trimmed(&self) -> bool {
        self.functions.contains(&Function::Trim)
    }

    /// How many characters a text has that becomes this one.
    pub(crate) fn lengths(&self) -> (i128, i128) {
        let length = i128::try_from(self.text.chars().count()).unwrap_or(i128::MAX);
        let most = if self.is_trimmed() { i128::MAX } else { length };
        (length, most)
    }

    /// Whether a text that becomes this one does not become the other.
    pub(crate) fn excludes(&self, other: &Self) -> bool {
        self.functions == other.functions && self.text != other.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(functions: &[Function], text: &str) -> Folded {
        Folded {
            functions: functions.to_vec(),
            text: text.to_owned(),
        }
    }

    #[test]
    fn what_comes_out_is_in_one_case_and_has_no_blanks() {
        let never = |functions: &[Function], text: &str| folded(functions, text).is_never();
        assert!(never(&[Function::Lower], "aB"));
        assert!(!never(&[Function::Lower], " ab1é\u{c9} "));
        assert!(never(&[Function::Upper], "Ab"));
        assert!(!never(&[Function::Upper], "A-B"));
        assert!(never(&[Function::Trim], "a "));
        assert!(!never(&[Function::Trim], "a B"));
        // The inner change of case is undone.
        assert!(!never(&[Function::Upper, Function::Lower], "AB"));
        assert!(never(&[Function::Lower, Function::Trim], " a"));
        assert!(never(&[Function::Trim, Function::Lower], "A"));
    }

    #[test]
    fn case_keeps_the_length() {
        assert_eq!(folded(&[Function::Lower], "äb").lengths(), (2, 2));
        assert_eq!(folded(&[Function::Trim], "ab").lengths(), (2, i128::MAX));
    }
}
