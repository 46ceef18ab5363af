//! Rules that can't be kept.

use crate::code::codes;

codes! { "invariant";

}
