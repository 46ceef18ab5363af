//! Every diagnostic code, grouped. The page of each lies in `docs/errors/<group>/<name>.md`.

pub mod auth;
pub mod django;
pub mod env;
pub mod evolve;
pub mod invariant;
pub mod module;
pub mod name;
pub mod permission;
pub mod relation;
pub mod role;
pub mod seed;
pub mod state;
pub mod suppression;
pub mod syntax;
pub mod types;
pub mod world;

use crate::Code;

/// All codes, group by group in alphabetical order.
pub fn all() -> impl Iterator<Item = &'static Code> {
    [
        auth::ALL,
        django::ALL,
        env::ALL,
        evolve::ALL,
        invariant::ALL,
        module::ALL,
        name::ALL,
        permission::ALL,
        relation::ALL,
        role::ALL,
        seed::ALL,
        state::ALL,
        suppression::ALL,
        syntax::ALL,
        types::ALL,
        world::ALL,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// The code with this id, `group::name`.
pub fn find(id: &str) -> Option<&'static Code> {
    all().find(|code| code.id == id)
}
