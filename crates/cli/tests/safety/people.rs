//! Lists of advocates for imports through the API.

use std::fmt::Write as _;

/// People `from..from + many`, of whom nobody fails.
pub(crate) fn list(from: u64, many: u64) -> Vec<u8> {
    let mut list = "Name,Email,Title,Company\n".to_owned();
    for n in from..from + many {
        let _ = writeln!(list, "Person {n},person.{n}@example.com,Head of {},Example {}", n % 13, n % 97);
    }
    list.into_bytes()
}

/// A list in which each hundredth row fails, and some come again.
pub(crate) fn mixed(from: u64, many: u64) -> Vec<u8> {
    let mut list = "Name,Email,Title,Company\n".to_owned();
    for n in from..from + many {
        let (person, at) = (if n % 50 == 7 { n - 3 } else { n }, if n % 100 == 99 { "@@" } else { "@" });
        let _ = writeln!(list, "Person {person},person.{person}{at}example.com,Title {n},Example {}", n % 97);
    }
    list.into_bytes()
}
