//! What a project is told from outside.

use crate::code::codes;

codes! { "env";
    UNDECLARED = "undeclared" Error "a variable that nothing declares";
    UNUSED = "unused" Warning "a variable that nothing reads";
    MISSING_IN = "missing_in" Error "a stage without the value that something needs there";
    SECRET_DEFAULT = "secret_default" Error "a secret that stands in the spec";
    TYPE = "type" Error "a value, or a use of a variable, that its type does not have";
    NAME = "name" Error "a variable with a name that it can't have";
    STAGE = "stage" Error "a stage that does not exist";
    SERVICE = "service" Error "a service that can't be reached as it is said";
    TWICE = "twice" Error "two environments of one spec";
}
