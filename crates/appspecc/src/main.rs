//! `appspecc`: specs into Django projects.

use std::process::ExitCode;

fn main() -> ExitCode {
    appspecc::main(std::env::args_os()).into()
}
