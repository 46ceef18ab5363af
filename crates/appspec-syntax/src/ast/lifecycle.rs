use appspec_diagnostics::Span;

use super::{Doc, Expr, Name, Suppress, Text};

/// `lifecycle status { confirm: requested -> confirmed … final done }`
#[derive(Clone, Debug, PartialEq)]
pub struct Lifecycle {
    /// Why.
    pub doc: Option<Doc>,
    /// The field that holds the state.
    pub field: Name,
    /// What moves a row from state to state.
    pub actions: Vec<LifecycleAction>,
    /// The warnings that are meant, each about the action behind it.
    pub suppressed: Vec<Suppress>,
    /// The states that are meant to be ends, of all `final` lines.
    pub finals: Vec<Name>,
    /// The whole member.
    pub span: Span,
}

/// `cancel: requested, confirmed -> cancelled needs reason when … sets cancelled_at = now() message "…"`
#[derive(Clone, Debug, PartialEq)]
pub struct LifecycleAction {
    /// What it does.
    pub doc: Option<Doc>,
    /// Its name.
    pub name: Name,
    /// The states that it leaves.
    pub from: Vec<Name>,
    /// The state that it enters.
    pub to: Name,
    /// The fields that have to be given.
    pub needs: Vec<Name>,
    /// What has to hold.
    pub when: Option<Expr>,
    /// What it writes besides the state.
    pub sets: Vec<Assignment>,
    /// What people read when it can't be done.
    pub message: Option<Text>,
    /// The whole action.
    pub span: Span,
}

/// `cancelled_at = now()`
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    /// The field.
    pub field: Name,
    /// What it holds afterwards.
    pub value: Expr,
    /// Both.
    pub span: Span,
}
