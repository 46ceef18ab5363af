//! Who may do what.

use crate::code::codes;

codes! { "permission";
    AT_MISMATCH = "at_mismatch" Error "an `at` that is missing, needless, or leads to rows of another kind";
    NO_PERSON = "no_person" Error "`me` where nobody in particular asks";
    FIELDS_DO_NOT_FIT = "fields_do_not_fit" Error "fields that a verb can't be about";
    REQUIRED_FIELD_DENIED = "required_field_denied" Error "rows that somebody may make and can't, for want of a field";
    RULE_ALWAYS_FALSE = "rule_always_false" Error "an access rule about no row";
    RULE_ALWAYS_TRUE = "rule_always_true" Warning "an access rule that refuses no row";
    SHADOWED = "shadowed" Warning "a line that another one for the same people says already";
    SELF_PROMOTION = "self_promotion" Error "people who may give themselves a role";
    NOBODY_CAN = "nobody_can" Warning "rows that nobody may read, or an action that nobody may do";
    CASCADE_BYPASS = "cascade_bypass" Warning "rows that somebody may not delete, and takes along with others";
    ANONYMOUS_WRITE = "anonymous_write" Warning "what anyone may write, as often as they like";
    RATE = "rate" Error "an `at most` that limits nothing";
}
