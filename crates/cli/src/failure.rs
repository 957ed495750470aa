//! Why a command did not do what it was asked: a stable code, a sentence, a hint, and the exit code.

use convoke_app::Error;
use convoke_app::store::StoreError;

use crate::output;
use crate::remote::Refusal;

/// Rows failed, the others are done.
pub(crate) const ROWS_FAILED: u8 = 1;
/// The file was refused, or the command was said wrongly.
pub(crate) const REFUSED: u8 = 2;
/// The machine, not the user: database away, disk full, damaged, locked.
pub(crate) const COULD_NOT_RUN: u8 = 3;

/// A command that failed.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) hint: String,
    pub(crate) exit: u8,
}

/// A file the user named for output cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write {path}: {source}")]
pub(crate) struct OutputError {
    pub(crate) path: String,
    pub(crate) source: std::io::Error,
    /// Seen before anything was done.
    pub(crate) is_early: bool,
}

impl Failure {
    pub(crate) fn of(error: &anyhow::Error) -> Self {
        if let Some(error) = error.downcast_ref::<Error>() {
            let hint = own_hint(error).or(error.hint()).unwrap_or_default();
            return Self {
                code: error.code().to_owned(),
                message: error.to_string(),
                hint: hint.to_owned(),
                exit: exit_code(error),
            };
        }
        if let Some(refusal) = error.downcast_ref::<Refusal>() {
            let exit = if refusal.is_ours { REFUSED } else { COULD_NOT_RUN };
            let (code, message) = (refusal.code.clone(), refusal.message.clone());
            return Self { code, message, hint: refusal.hint.clone(), exit };
        }
        let is_early = error.downcast_ref::<OutputError>().is_some_and(|error| error.is_early);
        let exit = if is_early { REFUSED } else { COULD_NOT_RUN };
        Self { code: "output_failed".to_owned(), message: error.to_string(), hint: String::new(), exit }
    }

    /// What clap says about arguments it does not understand.
    pub(crate) fn bad_usage(message: &str) -> Self {
        // Its first paragraph says what is wrong, over several lines where something is missing.
        let lines: Vec<_> = message.lines().take_while(|line| !line.is_empty()).map(str::trim).collect();
        let sentence = lines.join(" ");
        Self {
            code: "usage".to_owned(),
            message: sentence.strip_prefix("error: ").unwrap_or(&sentence).to_owned(),
            hint: "See convoke --help.".to_owned(),
            exit: REFUSED,
        }
    }

    /// On stderr: the sentence, and the hint below it.
    pub(crate) fn say(&self) {
        output::say(&format!("error: {}", self.message));
        if !self.hint.is_empty() {
            output::say(&format!("hint: {}", self.hint));
        }
    }
}

/// Whether it is for the user to mend, or for the machine.
fn exit_code(error: &Error) -> u8 {
    match error {
        Error::Usage { .. }
        | Error::NotFound { .. }
        | Error::Conflict { .. }
        | Error::Forbidden { .. }
        | Error::Hindered { .. }
        | Error::Refused(_) => REFUSED,
        _ => COULD_NOT_RUN,
    }
}

/// Hints that name commands.
fn own_hint(error: &Error) -> Option<&'static str> {
    match error {
        Error::Store(StoreError::Corrupt(_)) => {
            Some("Is --db the right file? If it is, restore the last backup: convoke restore FOLDER")
        }
        Error::Store(StoreError::Unavailable(what)) if what.starts_with("there is no database") => {
            Some("Is --db the right path? A database is made by the first import, or by convoke migrate.")
        }
        Error::Store(StoreError::Locked(_)) => Some("If it is convoke serve, ask it over HTTP, or end it first."),
        Error::Store(StoreError::Busy(_)) => Some("Run the command again in a moment."),
        Error::Damaged(_) => Some("Restore the file from a backup of the files folder."),
        _ => None,
    }
}
