//! The life of a row: its states, the actions between them, and what it keeps.

use crate::code::codes;

codes! { "state";
    NOT_A_STATE = "not_a_state" Error "a lifecycle of a field that holds no state";
    NO_FIRST_STATE = "no_first_state" Error "a lifecycle that begins nowhere";
    DIRECT_WRITE = "direct_write" Error "a state that something else than its actions would write";
    UNREACHABLE = "unreachable" Error "a state that no row comes to";
    DEAD_END = "dead_end" Error "a state that no row leaves, and that is not said to be final";
    FINAL_HAS_EXIT = "final_has_exit" Error "an action that leaves a final state";
    FINAL_GOES_ON = "final_goes_on" Warning "an action in a final state that stays in it";
    NO_WAY_TO_FINAL = "no_way_to_final" Warning "a state from which no final one is reached";
    TRANSITION_NEVER_FIRES = "transition_never_fires" Error "an action that no row allows";
    TRANSITION_BREAKS_INVARIANT = "transition_breaks_invariant" Error "an action that always breaks an invariant";
    ACTION_CHANGES_KEPT = "action_changes_kept" Error "an action that would change what never changes";
    GUARD_ALWAYS_TRUE = "guard_always_true" Warning "a `when` that refuses no row";
    FROZEN_NEVER = "frozen_never" Warning "a `frozen when` about no row";
    FROZEN_ALWAYS = "frozen_always" Warning "a `frozen when` about every row";
    NEVER_DELETED = "never_deleted" Error "a `soft delete` or a `keep` of rows that never go";
    KEEP_TERM = "keep_term" Error "a `keep` of no years, or of more than a hundred";
    KEPT_ALREADY = "kept_already" Warning "a rule about what changes that another one says already";
}
