//! What Django or the emitted project can't express.

use crate::code::codes;

codes! { "django";

}
