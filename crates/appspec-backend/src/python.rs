//! Python, printed exactly as `ruff format` prints it (100 columns).
//!
//! What depends on a spec is a typed value: an [`Ident`], an [`Expr`], a [`Stmt`]. None of them can be made
//! from raw code, so text from a spec can become a string or a name, and nothing else.

mod docstring;
mod expr;
mod file;
mod ident;
mod imports;
mod layout;
mod literal;
mod room;
mod statement;

pub use expr::{Argument, Call, Expr, ModulePath, Operator, UnaryOperator};
pub use file::File;
pub use ident::Ident;
pub use imports::sort_names;
pub use statement::{Class, Def, Given, Parameter, Stmt};
