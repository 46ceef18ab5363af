//! Lookup rows.

use crate::code::codes;

codes! { "seed";

}
