//! Types of fields and expressions.

use crate::code::codes;

codes! { "type";
    ARGUMENTS = "arguments" Error "a type with the wrong arguments";
    LIST_ITEM = "list_item" Error "a list of what can't be in a list";
    BOUND_DOES_NOT_FIT = "bound_does_not_fit" Error "a bound that the type can't have";
    BOUND_SAYS_NOTHING = "bound_says_nothing" Warning "a bound that refuses nothing";
    DEFAULT_DOES_NOT_FIT = "default_does_not_fit" Error "a default that the field can't hold";
    MARK_DOES_NOT_FIT = "mark_does_not_fit" Error "a mark or a list of fields with a field of the wrong type";
    CLAUSE_DOES_NOT_FIT = "clause_does_not_fit" Error "a clause that says something about another kind of field";
    MIXIN_MEMBER = "mixin_member" Error "something that a mixin can't have";
    REGEX_NOT_PORTABLE = "regex_not_portable" Error "a pattern that does not mean the same everywhere";
    EMPTY_ENUM = "empty_enum" Error "an enum without values";
    STORED_VALUE = "stored_value" Error "a value that can't be stored like this";
    NO_SUCH_MOMENT = "no_such_moment" Error "a date or time that does not exist, or is not clear";
    MISMATCH = "mismatch" Error "values of types that do not go together";
    LOSSY_LITERAL = "lossy_literal" Error "a constant that the other side can never have";
    FLOAT_EQUALITY = "float_equality" Error "floats compared for equality";
    FLOAT_MONEY = "float_money" Advice "money in a binary fraction";
    NOT_ORDERED = "not_ordered" Error "an order between values that have none";
    NOT_IN_A_RULE = "not_in_a_rule" Error "something that can't be used in a rule";
    NOT_CONSTANT = "not_constant" Error "a constant is needed";
    ALWAYS_SET = "always_set" Error "a required field asked whether it is set";
    FUNCTION_ARGUMENTS = "function_arguments" Error "a function or predicate with the wrong arguments";
    SERIAL_PATTERN = "serial_pattern" Error "a pattern that numbers no rows";
    SERIAL_SCOPE = "serial_scope" Error "a counter that begins anew for what can't tell rows apart";
    TOO_LARGE = "too_large" Error "a rule that grows beyond all measure";
}
