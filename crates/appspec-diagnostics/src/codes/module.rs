//! Files, modules and `use`.

use crate::code::codes;

codes! { "module";
    UNKNOWN = "unknown" Error "a module that does not exist";
    USES_ITSELF = "uses_itself" Error "a module that uses itself";
    NEEDLESS_USE = "needless_use" Warning "a `use` of what the file does not need";
    NO_PROJECT = "no_project" Error "a spec without a project";
    PROJECT_TWICE = "project_twice" Error "a spec with two projects";
    UNKNOWN_SETTING = "unknown_setting" Error "a project setting that does not exist";
    BAD_SETTING = "bad_setting" Error "a project setting with a value that it can't have";
    COLLISION = "collision" Error "two modules that become one";
    EXTENDS_OWN = "extends_own" Error "an extension of an entity of the same file";
    EXTENSION_MEMBER = "extension_member" Error "something that only the entity itself may say";
}
