//! How large a spec may be. The limits are far above what people write; they exist so that no input
//! can exhaust the stack or the memory of the compiler or of a pass behind it.

/// Brackets inside brackets, of all three kinds together.
pub(crate) const MAX_NESTING: usize = 64;

/// Brackets that may be inside one another in one of several readings of a piece of text with mistakes.
pub(crate) const MAX_OPEN: usize = 512;

/// Height of an expression's tree. A chain `a and b and c` counts one per operator.
pub(crate) const MAX_EXPRESSION_DEPTH: usize = 100;

/// `list of list of …`
pub(crate) const MAX_LIST_DEPTH: usize = 4;

/// Bytes of one file: spans count in 32 bits, and the parser needs about fifty times the text.
pub(crate) const MAX_FILE_BYTES: usize = 32 * 1024 * 1024;
