//! The disk, the terminal and everything else around the compiler.

use crate::code::codes;

codes! { "world";

}
