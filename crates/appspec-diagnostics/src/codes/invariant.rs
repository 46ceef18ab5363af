//! Rules that can't be kept, or that say nothing.

use crate::code::codes;

codes! { "invariant";
    NEVER_TRUE = "never_true" Error "an invariant that no row can fulfil";
    ALWAYS_TRUE = "always_true" Warning "an invariant that every row fulfils";
    CONTRADICTION = "contradiction" Error "rules that no row keeps together";
    REDUNDANT = "redundant" Advice "an invariant that follows from others";
    DEAD_BRANCH = "dead_branch" Warning "a part of an invariant that is never true";
    ONLY_EMPTY = "only_empty" Warning "an optional field that can never have a value";
    NEVER_EMPTY = "never_empty" Advice "an optional field that always has a value";
    UNIQUE_NEVER_APPLIES = "unique_never_applies" Warning "a unique set that is about no row";
    OVERLAP_BACKWARDS = "overlap_backwards" Error "a `no overlap` about rows that may end before they begin";
    OVERLAP_EMPTY = "overlap_empty" Warning "a `no overlap` about rows that may end where they begin";
    DEFAULTS_CONTRADICT = "defaults_contradict" Warning "defaults that no row keeps together";
    ROUNDING_DEPENDENT = "rounding_dependent" Warning "a field equal to a number with more places than it keeps";
    UNDECIDED = "undecided" Advice "rules that nobody could decide about";
    COMPARES_ITSELF = "compares_itself" Warning "a comparison with the same thing on both sides";
    COPIED = "copied" Warning "an invariant in the words of another one";
    REPEATED = "repeated" Warning "the same value twice in a set";
    DEFAULT_BREAKS_RULE = "default_breaks_rule" Error "a default that an invariant refuses";
    TOUCHED_BREAKS_RULE = "touched_breaks_rule" Error "a `touched` field that a rule refuses at every write";
    SEED_BREAKS_RULE = "seed_breaks_rule" Error "a seed row that the rules of its entity refuse";
    EXPIRING_VALUE = "expiring_value" Warning "a default or a seed row that a rule refuses from some day on";
    PATTERN_NEVER_FITS = "pattern_never_fits" Error "a pattern and a length that no text has together";
    UNIQUE_OPTIONAL = "unique_optional" Error "a unique set with a field that may be empty";
    OPTIONAL_UNGUARDED = "optional_unguarded" Error "an optional value used without asking whether it is set";
    TIME_DEPENDENT = "time_dependent" Error "a standing rule that changes with time";
    TIME_ZONE_DEPENDENT = "time_zone_dependent" Error "a standing rule that hangs on the time zone";
}
