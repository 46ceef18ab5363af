//! Who may do what.

use crate::code::codes;

codes! { "permission";
    AT_MISMATCH = "at_mismatch" Error "an `at` that is missing, needless, or leads to rows of another kind";
    NO_PERSON = "no_person" Error "`me` where nobody in particular asks";
    FIELDS_DO_NOT_FIT = "fields_do_not_fit" Error "fields that a verb can't be about";
    RATE = "rate" Error "an `at most` that limits nothing";
}
