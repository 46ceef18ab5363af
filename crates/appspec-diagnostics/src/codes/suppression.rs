//! `suppress`, where it says nothing or says it about the wrong thing.

use crate::code::codes;

codes! { "suppression";
    NO_REASON = "no_reason" Error "a `suppress` that does not say why";
    NOT_POSSIBLE = "not_possible" Error "a `suppress` of what can't be acknowledged";
    UNKNOWN_CODE = "unknown_code" Error "a `suppress` of a code that does not exist";
    UNUSED = "unused" Warning "a `suppress` with nothing to acknowledge";
}
