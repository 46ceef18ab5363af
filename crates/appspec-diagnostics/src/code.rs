/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Taste; off unless asked for.
    Advice,
    /// A true consequence that might be wanted.
    Warning,
    /// Proven wrong; nothing is built.
    Error,
}

impl Severity {
    /// The word for it, as printed.
    pub fn word(self) -> &'static str {
        match self {
            Self::Advice => "advice",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One kind of mistake, declared once in [`codes`](crate::codes).
#[derive(Debug)]
pub struct Code {
    /// `group::name`, as printed and as asked of `appspecc explain`.
    pub id: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// One line that says what the mistake is, for lists.
    pub title: &'static str,
    /// The page `docs/errors/<group>/<name>.md`, in Markdown.
    pub page: &'static str,
}

impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Code {}

/// Declares the codes of one group: a constant for each and `ALL`, the list of them.
macro_rules! codes {
    ($group:literal; $($constant:ident = $name:literal $severity:ident $title:literal;)*) => {
        $(
            #[doc = $title]
            pub const $constant: $crate::Code = $crate::Code {
                id: concat!($group, "::", $name),
                severity: $crate::Severity::$severity,
                title: $title,
                page: include_str!(concat!("../../errors/", $group, "/", $name, ".md")),
            };
        )*

        /// Every code of this group, in the order of declaration.
        pub const ALL: &[&$crate::Code] = &[$(&$constant),*];
    };
}

pub(crate) use codes;
