//! Text that is not `.appspec`.

use crate::code::codes;

codes! { "syntax";
    UNEXPECTED = "unexpected" Error "something else was expected here";
    NOT_IN_THIS_VERSION = "not_in_this_version" Error "a part of the language that this version does not build";
}
