//! Text that is not `.appspec`.

use crate::code::codes;

codes! { "syntax";
    BAD_TEXT = "bad_text" Error "a text with an escape or a character that it can't have";
    CHAINED_COMPARISON = "chained_comparison" Error "a comparison of a comparison";
    DUPLICATE_CLAUSE = "duplicate_clause" Error "the same clause twice";
    FOREIGN_SPELLING = "foreign_spelling" Error "a spelling of another language";
    MERGE_CONFLICT = "merge_conflict" Error "what a merge left in a file";
    MISSING_CLOSE = "missing_close" Error "a block without its `}`";
    MIXED_OPERATORS = "mixed_operators" Error "operators that need parentheses between them";
    NO_DIVISION = "no_division" Error "`/` or `%`, which the language does not have";
    NOT_IN_THIS_VERSION = "not_in_this_version" Error "a part of the language that this version does not build";
    RESERVED_WORD = "reserved_word" Error "a word of the language used as a name";
    STRAY_DOC = "stray_doc" Error "documentation that belongs to nothing";
    TOO_DEEP = "too_deep" Error "brackets, operators or lists too deep inside one another";
    TOO_LARGE = "too_large" Error "a number or a file beyond what can be held";
    UNEXPECTED = "unexpected" Error "something else was expected here";
}
