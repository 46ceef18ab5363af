//! Changes of a spec that can't be turned into a migration.

use crate::code::codes;

codes! { "evolve";

}
