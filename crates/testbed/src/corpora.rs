//! The public corpora that the reader and the importer are judged by: where they are, and the line a test prints about
//! one. Invariant: without `CONVOKE_CORPORA` a test says that nothing was read, and passes.

use std::path::PathBuf;

/// The folder of a set; `None` (said on stdout) if no corpora were given.
#[expect(clippy::disallowed_methods, reason = "where the corpora are is a setting of the test run")]
pub fn folder(set: &str) -> Option<PathBuf> {
    let corpora = std::env::var_os("CONVOKE_CORPORA").filter(|corpora| !corpora.is_empty());
    if corpora.is_none() {
        println!("CONVOKE_CORPORA is not set: {set} was not read");
    }
    Some(PathBuf::from(corpora?).join(set))
}

/// Prints what `scripts/corpora` makes a table of: the cases of a set, how many are met, and the exceptions, each with
/// its reason. Exceptions of the same reason stand together.
pub fn report(set: &str, cases: usize, met: usize, exceptions: &[(&str, &str)]) {
    println!("{}", line(set, cases, met, exceptions));
}

fn line(set: &str, cases: usize, met: usize, exceptions: &[(&str, &str)]) -> String {
    let mut by_reason: Vec<(Vec<&str>, &str)> = Vec::new();
    for (name, reason) in exceptions {
        match by_reason.iter_mut().find(|(_, known)| known == reason) {
            Some((names, _)) => names.push(name),
            None => by_reason.push((vec![name], reason)),
        }
    }
    let told: Vec<String> =
        by_reason.iter().map(|(names, reason)| format!("{}: {reason}", names.join(", ")).replace('|', "\\|")).collect();
    format!("corpus | {set} | {cases} | {met} | {}", told.join("; "))
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn exceptions_of_the_same_reason_stand_together() {
        let exceptions = [("a", "no pipe |"), ("b", "too old"), ("c", "no pipe |")];
        assert_eq!(line("tables", 5, 2, &exceptions), "corpus | tables | 5 | 2 | a, c: no pipe \\|; b: too old");
    }
}
