//! Names: unknown, taken, or broken further down.

use crate::code::codes;

codes! { "name";
    UNKNOWN = "unknown" Error "a name that nothing declares";
    NOT_ASCII = "not_ascii" Error "a name with letters outside of ASCII";
    BREAKS_PYTHON = "breaks_python" Error "a name that Python can't use";
    BREAKS_DJANGO = "breaks_django" Error "a name that Django needs for itself";
    BREAKS_POSTGRESQL = "breaks_postgresql" Error "a name that PostgreSQL needs for itself";
    CASE = "case" Error "a name that is not spelled as Python spells its kind";
    COLLIDES = "collides" Error "two names that become one in the emitted project";
    TOO_LONG = "too_long" Error "a name that does not fit where it is kept";
    TAKEN_MODULE = "taken_module" Error "a module with the name of a package that the project needs";
    HIDDEN_CHARACTER = "hidden_character" Warning "a text that shows something else than it holds";
    SAME_LABEL = "same_label" Warning "values of an enum that look the same to people";
    DUPLICATE = "duplicate" Error "one name for two things";
    BUILT_IN = "built_in" Error "a declaration with the name of something built in";
    WRONG_KIND = "wrong_kind" Error "a name that means something else than is needed here";
    AMBIGUOUS = "ambiguous" Error "a name that is a value of an enum and a member of the row";
    UNUSED = "unused" Warning "a declaration that nothing uses";
    CYCLE = "cycle" Error "something that is made of itself";
}
