//! Handlers that forget their answer, or give two, do not compile, and the compiler says what to do.

#[test]
fn wrong_handlers_do_not_compile() {
    trybuild::TestCases::new().compile_fail("tests/compile/*.rs");
}
