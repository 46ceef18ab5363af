//! Files, modules and `use`.

use crate::code::codes;

codes! { "module";

}
