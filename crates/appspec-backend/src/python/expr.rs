use std::borrow::Cow;

use super::Ident;
use super::literal;

/// A Python expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// A name of the file or of a function.
    Name(Ident),
    /// A name that the file imports; the import statement follows from its use.
    Import(ModulePath, Option<Ident>),
    /// A string.
    Text(String),
    /// A number, `None`, `True` or `False`.
    Constant(Constant),
    /// `a.b`
    Attribute(Box<Expr>, Ident),
    /// `f(x, y=z)`
    Call(Call),
    /// `[a, b]`
    List(Vec<Expr>),
    /// `(a, b)`
    Tuple(Vec<Expr>),
    /// `{a: b}`
    Dict(Vec<(Expr, Expr)>),
    /// `a[b]`
    Subscript(Box<Expr>, Vec<Expr>),
    /// `a for b in c if d`, as the only argument of a call.
    Generator(Box<Generator>),
    /// `not a`
    Unary(UnaryOperator, Box<Expr>),
    /// `a | b | c`: one operator between all operands.
    Binary(Operator, Vec<Expr>),
}

/// A printed constant; only this module makes one.
#[derive(Clone, Debug, PartialEq)]
pub struct Constant(pub(super) Cow<'static, str>);

/// `f(x, y=z)`
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// What is called.
    pub function: Box<Expr>,
    /// With what.
    pub arguments: Vec<Argument>,
}

/// `value for row in rows if condition`
#[derive(Clone, Debug, PartialEq)]
pub struct Generator {
    /// What is made of each.
    pub value: Expr,
    /// What each is called.
    pub row: Ident,
    /// Where they come from.
    pub rows: Expr,
    /// Which of them count.
    pub condition: Option<Expr>,
}

/// An argument of a call, by position or by name.
#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    /// The name, if given by name.
    pub name: Option<Ident>,
    /// The value.
    pub value: Expr,
}

/// The dotted path of a module.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ModulePath(Cow<'static, str>);

impl ModulePath {
    /// The path closest to a dotted spelling: each word becomes an identifier.
    pub fn new(dotted: &str) -> Self {
        let mut path = String::with_capacity(dotted.len());
        for (index, part) in dotted.split('.').enumerate() {
            if index > 0 {
                path.push('.');
            }
            Ident::write(part, &mut path);
        }
        Self(Cow::Owned(path))
    }

    /// The dotted spelling.
    pub fn dotted(&self) -> &str {
        &self.0
    }

    /// The first word.
    pub fn root(&self) -> &str {
        self.0.split('.').next().unwrap_or_default()
    }
}

/// A module that the compiler itself names, as most are: it costs no copy.
impl From<&'static str> for ModulePath {
    fn from(dotted: &'static str) -> Self {
        let fits = |byte: u8| byte == b'_' || byte == b'.' || byte.is_ascii_lowercase();
        let is_word = |word: &[u8]| !word.is_empty() && !Ident::is_keyword_of(word);
        if dotted.bytes().all(fits) && dotted.as_bytes().split(|byte| *byte == b'.').all(is_word) {
            Self(Cow::Borrowed(dotted))
        } else {
            Self::new(dotted)
        }
    }
}

impl From<&String> for ModulePath {
    fn from(dotted: &String) -> Self {
        Self::new(dotted)
    }
}

/// An operator with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum UnaryOperator {
    Not,
    Invert,
    Negate,
}

impl UnaryOperator {
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Not => "not ",
            Self::Invert => "~",
            Self::Negate => "-",
        }
    }
}

/// An operator between operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    NotIn,
    Is,
    IsNot,
    BitOr,
    BitAnd,
    Add,
    Subtract,
    Multiply,
    FloorDivide,
}

impl Operator {
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Or => "or",
            Self::And => "and",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::In => "in",
            Self::NotIn => "not in",
            Self::Is => "is",
            Self::IsNot => "is not",
            Self::BitOr => "|",
            Self::BitAnd => "&",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::FloorDivide => "//",
        }
    }

    fn is_logical(self) -> bool {
        matches!(self, Self::Or | Self::And)
    }

    fn is_comparison(self) -> bool {
        matches!(
            self,
            Self::Equal
                | Self::NotEqual
                | Self::Less
                | Self::LessOrEqual
                | Self::Greater
                | Self::GreaterOrEqual
                | Self::In
                | Self::NotIn
                | Self::Is
                | Self::IsNot
        )
    }
}

impl Expr {
    /// A name of the file or of a function.
    pub fn name(name: impl Into<Ident>) -> Self {
        Self::Name(name.into())
    }

    /// `name`, from `module`.
    pub fn from(module: impl Into<ModulePath>, name: impl Into<Ident>) -> Self {
        Self::Import(module.into(), Some(name.into()))
    }

    /// `module`, imported as it is.
    pub fn module(module: impl Into<ModulePath>) -> Self {
        Self::Import(module.into(), None)
    }

    /// `value for row in rows if condition`
    pub fn generator(
        value: Self,
        row: impl Into<Ident>,
        rows: Self,
        condition: Option<Self>,
    ) -> Self {
        Self::Generator(Box::new(Generator {
            value,
            row: row.into(),
            rows,
            condition,
        }))
    }

    /// A string.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A whole number.
    pub fn int(number: impl Into<i128>) -> Self {
        Self::Constant(Constant(literal::integer(number.into()).into()))
    }

    /// A binary fraction, from its decimal spelling: what is no number becomes `0.0`.
    pub fn float(decimal: &str) -> Self {
        let number: f64 = decimal.parse().unwrap_or(0.0);
        Self::Constant(Constant(format!("{number:?}").into()))
    }

    /// `True` or `False`.
    pub fn bool(truth: bool) -> Self {
        Self::Constant(Constant(if truth { "True" } else { "False" }.into()))
    }

    /// `None`
    pub fn none() -> Self {
        Self::Constant(Constant("None".into()))
    }

    /// The columns that the expression takes on one line.
    pub fn width(&self) -> usize {
        super::layout::flat_width(self)
    }

    /// `self.name`
    #[must_use]
    pub fn attr(self, name: impl Into<Ident>) -> Self {
        Self::Attribute(Box::new(self), name.into())
    }

    /// A call without arguments, to which [`Expr::arg`] and [`Expr::kw`] add some.
    #[must_use]
    pub fn call(self) -> Self {
        Self::Call(Call {
            function: Box::new(self),
            arguments: Vec::new(),
        })
    }

    /// Adds an argument by position to a call; calls what is none yet.
    #[must_use]
    pub fn arg(self, value: Self) -> Self {
        self.with(Argument { name: None, value })
    }

    /// Adds an argument by name to a call; calls what is none yet.
    #[must_use]
    pub fn kw(self, name: impl Into<Ident>, value: Self) -> Self {
        self.with(Argument {
            name: Some(name.into()),
            value,
        })
    }

    /// Adds an argument by name if there is one.
    #[must_use]
    pub fn maybe_kw(self, name: impl Into<Ident>, value: Option<Self>) -> Self {
        match value {
            Some(value) => self.kw(name, value),
            None => self,
        }
    }

    /// Adds an argument to a call; calls what is none yet.
    #[must_use]
    pub fn with(self, argument: Argument) -> Self {
        match self {
            Self::Call(mut call) => {
                call.arguments.push(argument);
                Self::Call(call)
            }
            function => Self::Call(Call {
                function: Box::new(function),
                arguments: vec![argument],
            }),
        }
    }

    /// `self[index]`
    #[must_use]
    pub fn subscript(self, index: Self) -> Self {
        Self::Subscript(Box::new(self), vec![index])
    }

    /// `left OPERATOR right`
    pub fn binary(operator: Operator, left: Self, right: Self) -> Self {
        Self::Binary(operator, vec![left, right])
    }

    /// `a OPERATOR b OPERATOR c`; a single operand stays as it is.
    pub fn chain(operator: Operator, mut operands: Vec<Self>) -> Self {
        match operands.len() {
            1 => operands.remove(0),
            _ => Self::Binary(operator, operands),
        }
    }

    /// `not self`
    #[must_use]
    #[allow(
        clippy::should_implement_trait,
        reason = "it reads as Python's `not`, which no operator of Rust is"
    )]
    pub fn not(self) -> Self {
        Self::Unary(UnaryOperator::Not, Box::new(self))
    }

    /// `~self`
    #[must_use]
    pub fn invert(self) -> Self {
        Self::Unary(UnaryOperator::Invert, Box::new(self))
    }

    /// `-self`
    #[must_use]
    pub fn negate(self) -> Self {
        Self::Unary(UnaryOperator::Negate, Box::new(self))
    }

    /// A list of strings.
    pub fn texts<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Self {
        Self::List(texts.into_iter().map(Self::text).collect())
    }

    /// A tuple of strings.
    pub fn text_tuple<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Self {
        Self::Tuple(texts.into_iter().map(Self::text).collect())
    }

    /// Whether the expression needs parentheses as an operand of `operator`.
    pub(super) fn needs_parentheses_in(&self, operator: Operator) -> bool {
        match self {
            Self::Binary(inner, _) if operator.is_logical() => !inner.is_comparison(),
            Self::Binary(inner, _) if operator.is_comparison() => {
                inner.is_comparison() || inner.is_logical()
            }
            Self::Binary(..) => true,
            Self::Unary(UnaryOperator::Not, _) => !operator.is_logical(),
            _ => false,
        }
    }

    /// Whether the expression needs parentheses behind a unary operator.
    pub(super) fn needs_parentheses_behind(&self, operator: UnaryOperator) -> bool {
        match self {
            Self::Binary(inner, _) => operator != UnaryOperator::Not || !inner.is_comparison(),
            Self::Unary(UnaryOperator::Not, _) => operator != UnaryOperator::Not,
            _ => false,
        }
    }

    /// Calls `visit` for every import inside.
    pub(super) fn imports<'e>(&'e self, visit: &mut impl FnMut(&'e ModulePath, Option<&'e Ident>)) {
        match self {
            Self::Import(module, name) => visit(module, name.as_ref()),
            Self::Name(_) | Self::Text(_) | Self::Constant(_) => {}
            Self::Attribute(inner, _) | Self::Unary(_, inner) => inner.imports(visit),
            Self::Call(call) => {
                call.function.imports(visit);
                for argument in &call.arguments {
                    argument.value.imports(visit);
                }
            }
            Self::List(items) | Self::Tuple(items) | Self::Binary(_, items) => {
                for item in items {
                    item.imports(visit);
                }
            }
            Self::Subscript(inner, items) => {
                inner.imports(visit);
                for item in items {
                    item.imports(visit);
                }
            }
            Self::Generator(generator) => {
                generator.value.imports(visit);
                generator.rows.imports(visit);
                if let Some(condition) = &generator.condition {
                    condition.imports(visit);
                }
            }
            Self::Dict(entries) => {
                for (key, value) in entries {
                    key.imports(visit);
                    value.imports(visit);
                }
            }
        }
    }
}
