//! Real servers and sample data for tests and benchmarks. Only a dev-dependency, never part of the
//! product. Invariant: whatever a test starts here ends with the test's process, however that ends.

pub mod corpora;
pub mod people;
pub mod postgres;
pub mod relay;
pub mod s3;

/// Whether this run is one without servers (`make test-quick`): their tests then return at once.
#[expect(clippy::disallowed_methods, reason = "the one switch of the tests themselves")]
pub fn is_quick() -> bool {
    std::env::var_os("CONVOKE_TEST_QUICK").is_some_and(|value| !value.is_empty() && value != "0")
}
