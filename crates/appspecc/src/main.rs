//! `appspecc`: specs into Django projects.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Many threads make small things here, and the system's allocator lets them wait for each other.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    appspecc::main(std::env::args_os()).into()
}
