//! Names: unknown, taken, or broken further down.

use crate::code::codes;

codes! { "name";
    UNKNOWN = "unknown" Error "a name that nothing declares";
}
