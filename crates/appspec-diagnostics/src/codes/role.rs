//! What people can be to the system.

use crate::code::codes;

codes! { "role";
    INHERITANCE_CYCLE = "inheritance_cycle" Error "roles that include one another";
    SCOPE_MISMATCH = "scope_mismatch" Error "a role that includes one which is had at rows of another kind";
    NO_PERMISSIONS = "no_permissions" Warning "a role by which nobody may anything";
    NOT_A_PERSON = "not_a_person" Error "a role of something that nobody signs in as";
}
