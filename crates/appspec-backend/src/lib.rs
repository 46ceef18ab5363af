//! What every backend shares: the contract ([`Backend`]), its result ([`Artifacts`]) and, for each language
//! that is emitted, a typed writer through which text from a spec can't become code.

mod artifacts;
mod backend;
pub mod literal;
mod naming;
pub mod python;
mod refuse;

pub use artifacts::{Artifact, Artifacts, Ownership};
pub use backend::Backend;
pub use naming::{pascal_case, shortened, snake_case};
pub use refuse::Refuse;
