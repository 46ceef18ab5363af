//! Relations between entities, and the tables that keep them.

use crate::code::codes;

codes! { "relation";
    REQUIRED_CYCLE = "required_cycle" Error "entities need each other in a circle";
    REQUIRED_SELF = "required_self" Error "every row of an entity needs another row of it";
    ONE_TO_ONE_BOTH_REQUIRED = "one_to_one_both_required" Error "both sides of a pair need the other";
    SET_NULL_REQUIRED = "set_null_required" Error "a deletion would empty a required reference";
    DELETE_BREAKS_RULE = "delete_breaks_rule" Error "a deletion would always break an invariant";
    DELETE_CAN_BREAK_RULE = "delete_can_break_rule" Warning "a deletion would break a rule of some rows";
    DELETE_CHANGES_KEPT = "delete_changes_kept" Error "a deletion that would change what never changes";
    CASCADE_LOSES_ROWS = "cascade_loses_rows" Error "a cascade between rows of which one side can be restored";
    CASCADE_BLOCKED = "cascade_blocked" Warning "a row that goes with another keeps it from going";
    CASCADE_CYCLE = "cascade_cycle" Advice "deletions that take each other along in a circle";
    PAIR_TWICE = "pair_twice" Warning "a link that can hold the same pair twice";
    NUMBERS_REPEAT = "numbers_repeat" Warning "numbers that are counted for something that may change";
    REVERSE_CLASH = "reverse_clash" Error "an inverse has a name that its target has already";
    UNIQUE_CAPS_ROWS = "unique_caps_rows" Warning "a unique set that leaves room for a few rows only";
    UNIQUE_DEFAULT = "unique_default" Warning "a unique set that only one row with the defaults keeps";
    REDUNDANT_UNIQUE = "redundant_unique" Warning "a unique set that another one guarantees already";
    REDUNDANT_OVERLAP = "redundant_overlap" Warning "a `no overlap` that another rule guarantees already";
    REDUNDANT_INDEX = "redundant_index" Warning "an index that another one makes needless";
    ONE_OF_TARGETS = "one_of_targets" Error "a `one of` with entities that it can't have";
    THROUGH = "through" Error "a link entity that does not link the two sides";
}
