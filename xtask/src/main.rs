//! Ringback's own chores: codegen and checks.
fn main() {}
