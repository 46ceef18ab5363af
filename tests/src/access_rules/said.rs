use serde_json::{Value, json};

/// A part of a rule, twice: as a spec has it, and as data that a program evaluates without having read the spec.
#[derive(Clone, Debug)]
pub(super) struct Said {
    /// In the language.
    pub(super) text: String,
    /// The same with `_` for each constant: rules of one shape differ in constants alone.
    pub(super) shape: String,
    /// As lists, the operator first.
    pub(super) data: Value,
    /// Whether it stands in parentheses beside an operator.
    is_compound: bool,
}

impl Said {
    /// Something that is one word, however it is used.
    pub(super) fn word(text: impl Into<String>, data: Value) -> Self {
        let text = text.into();
        Self {
            shape: text.clone(),
            text,
            data,
            is_compound: false,
        }
    }

    /// A constant, whose data says its type.
    pub(super) fn constant(text: impl Into<String>, data: Value) -> Self {
        Self {
            shape: "_".to_owned(),
            ..Self::word(text, data)
        }
    }

    /// `length(name)`, `some(e in tasks has …)`: text around parts, each of which stands where there is a `{}`.
    pub(super) fn around(frame: &str, parts: &[&Self], data: Value) -> Self {
        let fill = |of: &dyn Fn(&Self) -> &str| {
            let mut filled = frame.to_owned();
            for part in parts {
                filled = filled.replacen("{}", of(part), 1);
            }
            filled
        };
        Self {
            text: fill(&|part| &part.text),
            shape: fill(&|part| &part.shape),
            data,
            is_compound: false,
        }
    }

    /// Parts with an operator between them.
    pub(super) fn joined(tag: &str, operator: &str, parts: &[Self]) -> Self {
        let datas: Vec<&Value> = parts.iter().map(|part| &part.data).collect();
        let join = |of: fn(&Self) -> &str| {
            let texts: Vec<String> = parts.iter().map(|part| part.operand(of(part))).collect();
            texts.join(&format!(" {operator} "))
        };
        Self {
            text: join(|part| &part.text),
            shape: join(|part| &part.shape),
            data: json!([tag, datas]),
            is_compound: true,
        }
    }

    /// `a and b`
    pub(super) fn and(parts: &[Self]) -> Self {
        match parts {
            [only] => only.clone(),
            _ => Self::joined("and", "and", parts),
        }
    }

    /// `not a`
    pub(super) fn negated(&self) -> Self {
        Self {
            text: format!("not {}", self.operand(&self.text)),
            shape: format!("not {}", self.operand(&self.shape)),
            data: json!(["not", self.data]),
            is_compound: true,
        }
    }

    /// `a is set`
    pub(super) fn is_set(&self) -> Self {
        self.followed("is set", "is_set")
    }

    /// `a is not set`
    pub(super) fn is_not_set(&self) -> Self {
        self.followed("is not set", "is_not_set")
    }

    fn followed(&self, words: &str, tag: &str) -> Self {
        Self {
            text: format!("{} {words}", self.text),
            shape: format!("{} {words}", self.shape),
            data: json!([tag, self.data]),
            is_compound: true,
        }
    }

    fn operand(&self, text: &str) -> String {
        if self.is_compound {
            format!("({text})")
        } else {
            text.to_owned()
        }
    }
}
