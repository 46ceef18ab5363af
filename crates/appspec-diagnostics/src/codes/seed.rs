//! Lookup rows.

use crate::code::codes;

codes! { "seed";
    NO_KEY = "no_key" Error "seed rows that nothing tells apart";
    MISSING_VALUE = "missing_value" Error "a seed row without a required value";
    VALUE_DOES_NOT_FIT = "value_does_not_fit" Error "a seed value that the field can't hold";
    DUPLICATE_KEY = "duplicate_key" Error "two seed rows with one key";
    CYCLE = "cycle" Error "seed rows that refer to one another in a circle";
}
