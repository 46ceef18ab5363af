//! Changes of a spec that can't be turned into a migration.

use crate::code::codes;

codes! { "evolve";
    BRANCHES_CONFLICT = "branches_conflict" Error "two merged branches changed the same thing";
    COUNTED_ELSEWHERE = "counted_elsewhere" Error "what numbers of another module are counted by has another name";
    ENTITY_DROPPED = "entity_dropped" Error "an entity that was built is gone";
    ENTITY_MOVED = "entity_moved" Error "an entity that was built is in another module";
    FIELD_DROPPED = "field_dropped" Error "a field that was built is gone";
    HISTORY_INCOMPLETE = "history_incomplete" Error "what earlier builds remembered is not all there";
    IDENTITY_CHANGED = "identity_changed" Error "the key of an entity that was built has another type";
    NEEDS_DEFAULT = "needs_default" Error "a new required field leaves existing rows without a value";
    POSSIBLE_RENAME = "possible_rename" Error "something new looks like something that is gone";
    RENAME_CIRCLE = "rename_circle" Error "names are exchanged in one build";
    RULE_ADDED = "rule_added" Error "a new rule that every existing row breaks";
    SHARED_DEFAULT = "shared_default" Error "all existing rows would get the same value that should be unique to each";
    TYPE_CHANGED = "type_changed" Error "a field that was built has a type that holds less, or something else";
    VALUE_DROPPED = "value_dropped" Error "an enum value that was built is gone";
    WAS_MERGED = "was_merged" Error "a rename onto a name that was built as well";
    WAS_STILL_THERE = "was_still_there" Error "a rename away from a name that is still in use";
    WAS_TWICE = "was_twice" Error "two renames away from the same name";
    WAS_UNKNOWN = "was_unknown" Error "a rename away from a name that was never built";
}
