//! The macro of the crate's one-line tests: each line is a test of its own, named by what it shows.

/// `function; name: arguments => expected; ...`: a test a line that compares `function(arguments)` with `expected`.
macro_rules! cases {
    ($function:expr; $($name:ident: $($argument:expr),+ => $expected:expr;)+) => {
        $(#[test] fn $name() { assert_eq!($function($($argument),+), $expected); })+
    };
}
