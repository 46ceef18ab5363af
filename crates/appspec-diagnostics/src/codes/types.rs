//! Types of fields and expressions.

use crate::code::codes;

codes! { "type";

}
