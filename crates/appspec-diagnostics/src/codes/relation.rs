//! Relations between entities.

use crate::code::codes;

codes! { "relation";

}
