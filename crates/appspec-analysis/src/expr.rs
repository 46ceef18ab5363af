//! Expressions: names found, types checked, optional values guarded, predicates and derived values put in place.

mod across;
mod arithmetic;
mod behind;
mod call;
mod compare;
mod computed;
mod facts;
mod guard;
mod lets;
mod literal;
mod lowerer;
mod me;
mod membership;
mod moment;
mod old;
mod path;
mod several;
mod types;
mod unknown;

pub(crate) use computed::{Computed, Results, lower_all, rename, rename_field};
pub(crate) use facts::set_where_true;
pub(crate) use lets::LetValue;
pub(crate) use lowerer::{Lowerer, Place, Site};
pub(crate) use types::describe;
