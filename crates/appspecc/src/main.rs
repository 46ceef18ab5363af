//! `appspecc`: specs into Django projects.

fn main() {}
