//! What the operator is told, on stderr: what went wrong, its code, and the first line of the cause. Databases put values into
//! the lines behind it, and values of people do not belong into a log.

use convoke_app::Error;

pub(crate) fn fault(what: &str, error: &Error) {
    let cause = error.to_string();
    say(&format!("{what}: {}: {}", error.code(), cause.lines().next().unwrap_or_default()));
}

pub(crate) fn say(sentence: &str) {
    eprintln!("convoke: {sentence}");
}
