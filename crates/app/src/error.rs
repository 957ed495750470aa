//! What can go wrong above the store, named after what the caller can do.

use std::io::ErrorKind;

use convoke_pipeline::problem::Problem;
use convoke_pipeline::records::ReadError;
use convoke_pipeline::results::ResultsError;
use convoke_pipeline::scan::ScanError;
use convoke_store::StoreError;

/// What stands in the way of a request that is sound in itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hindrance {
    /// Something else has this name.
    NameTaken,
    /// Another group has this join code.
    JoinCodeTaken,
    /// It concerns people, and nobody said that this is meant.
    ConsentNeeded,
    /// People have what is about to go.
    InUse,
    /// The idempotency key is none.
    KeyInvalid,
    /// The idempotency key belongs to another request.
    KeyMismatch,
    /// The first request with this key is not answered yet.
    KeyInProgress,
    /// Its cancellation was asked for, which is final.
    Cancelling,
}

impl Hindrance {
    fn code(self) -> &'static str {
        match self {
            Self::NameTaken => "name_taken",
            Self::JoinCodeTaken => "join_code_taken",
            Self::ConsentNeeded => "consent_needed",
            Self::InUse => "in_use",
            Self::KeyInvalid => "idempotency_key_invalid",
            Self::KeyMismatch => "idempotency_mismatch",
            Self::KeyInProgress => "idempotency_in_progress",
            Self::Cancelling => "cancelling",
        }
    }
}

/// A refusal of the app.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request itself is wrong: say it otherwise.
    #[error("{message}")]
    Usage { message: String, hint: String },
    /// There is no such thing here.
    #[error("{message}")]
    NotFound { message: String, hint: String },
    /// The request is sound, but not in this state.
    #[error("{message}")]
    Conflict { message: String, hint: String },
    /// Something particular stands in the way.
    #[error("{message}")]
    Hindered { by: Hindrance, message: String, hint: String },
    /// The plan that is confirmed is not the one that would be run.
    #[error("{0}")]
    PlanStale(String),
    /// Somebody changed it since it was read.
    #[error("{0}")]
    ChangedMeanwhile(String),
    /// Nobody is signed in, or not with these words.
    #[error("{message}")]
    NotSignedIn { code: &'static str, message: String, hint: String },
    /// Whoever asks may not do that.
    #[error("{message}")]
    Forbidden { code: &'static str, message: String, hint: String },
    /// Too many tries of late: wait so many seconds.
    #[error("too many tries; the next one in {0} s")]
    TooManyTries(u64),
    /// The system gives no random bytes.
    #[error("the system gives no random bytes: {0}")]
    NoChance(String),
    /// Somebody else, whom the product had to ask, did not answer as agreed.
    #[error("the provider: {0}")]
    Outside(String),
    /// The file cannot be imported; nothing happened.
    #[error("{}", .0.message)]
    Refused(Problem),
    /// The upload broke off: send it again.
    #[error("the upload broke off: {0}")]
    Interrupted(String),
    /// The file was removed when its time was over.
    #[error("{message}")]
    Expired { message: String },
    /// Storage of uploads failed.
    #[error("cannot {doing} {path}: {source}")]
    Files { doing: &'static str, path: String, source: std::io::Error },
    /// The stored original is not what was uploaded.
    #[error("the stored original {0} is damaged: its SHA-256 is not the one of the upload")]
    Damaged(String),
    /// Another version of the program reads the stored original in another way.
    #[error(
        "the stored original {0} is read otherwise by this version of convoke than by the one that began the import"
    )]
    ReadOtherwise(String),
    /// A panic that was caught; its place is for the log.
    #[error("Convoke made a mistake, which the log names {id}")]
    Mistake { id: String, place: String },
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A report or output file could not be written.
    #[error("{0}")]
    Output(String),
}

pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), hint: hint.into() }
    }

    pub(crate) fn not_found(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::NotFound { message: message.into(), hint: hint.into() }
    }

    pub(crate) fn conflict(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Conflict { message: message.into(), hint: hint.into() }
    }

    pub fn hindered(by: Hindrance, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Hindered { by, message: message.into(), hint: hint.into() }
    }

    /// Whether the same may succeed later without anybody's help.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Store(error) => matches!(
                error,
                StoreError::Busy(_) | StoreError::Unavailable(_) | StoreError::Full(_) | StoreError::Fenced
            ),
            Self::Files { source, .. } => is_away(source),
            _ => false,
        }
    }

    /// The stable code that programs see.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Usage { .. } => "usage",
            Self::NotFound { .. } => "not_found",
            Self::Conflict { .. } => "conflict",
            Self::Hindered { by, .. } => by.code(),
            Self::PlanStale(_) => "plan_stale",
            Self::ChangedMeanwhile(_) => "changed_meanwhile",
            Self::NotSignedIn { code, .. } | Self::Forbidden { code, .. } => code,
            Self::TooManyTries(_) => "too_many_tries",
            Self::NoChance(_) => "no_chance",
            Self::Outside(_) => "provider_failed",
            Self::Refused(problem) => problem.code.key(),
            Self::Interrupted(_) => "upload_interrupted",
            Self::Expired { .. } => "file_expired",
            Self::Files { source, .. } if source.kind() == ErrorKind::StorageFull => "disk_full",
            Self::Files { .. } => "files_unavailable",
            Self::Damaged(_) => "original_damaged",
            Self::ReadOtherwise(_) => "read_otherwise",
            Self::Mistake { .. } => "mistake",
            Self::Output(_) => "output_failed",
            Self::Store(error) => store_code(error),
        }
    }

    pub(crate) fn files(doing: &'static str, path: &std::path::Path, source: std::io::Error) -> Self {
        Self::Files { doing, path: path.display().to_string(), source }
    }

    /// What to do next.
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::Usage { hint, .. }
            | Self::NotFound { hint, .. }
            | Self::Conflict { hint, .. }
            | Self::NotSignedIn { hint, .. }
            | Self::Forbidden { hint, .. }
            | Self::Hindered { hint, .. }
                if !hint.is_empty() =>
            {
                Some(hint)
            }
            Self::PlanStale(_) => Some("Look at the plan once its check has ended, and confirm that one."),
            Self::ChangedMeanwhile(_) => Some("Read it again and change what is there now."),
            Self::TooManyTries(_) => Some("Wait; the account is not locked."),
            Self::Outside(_) => Some("Try again; if it stays, tell the operator: the log of the server says why."),
            Self::Refused(problem) => Some(&problem.hint),
            Self::Expired { .. } => Some("Its report and counts are still there."),
            Self::Mistake { .. } => {
                Some("Nothing of what it was at took effect. Try again; if it stays, tell the operator this name.")
            }
            Self::ReadOtherwise(_) => Some("Use the version that made it, or import the file anew."),
            Self::Files { source, .. } if is_away(source) => Some("It is tried again by itself."),
            Self::Files { source, .. } if source.kind() == ErrorKind::StorageFull => Some("Make room for files."),
            Self::Files { source, .. } if source.kind() == ErrorKind::PermissionDenied => {
                Some("The operator sets the place of files and its key (convoke config).")
            }
            Self::Store(StoreError::Full(_)) => Some("Make room on the disk."),
            Self::Store(StoreError::Unavailable(_)) => Some("Is the database running, and the address right?"),
            _ => None,
        }
    }
}

/// Whether the storage of files is another machine that does not answer, or not now.
fn is_away(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::HostUnreachable | ErrorKind::ConnectionReset | ErrorKind::TimedOut)
}

fn store_code(error: &StoreError) -> &'static str {
    match error {
        StoreError::Busy(_) => "database_busy",
        StoreError::Unavailable(_) => "database_unavailable",
        StoreError::Full(_) => "disk_full",
        StoreError::Fenced => "taken_over",
        StoreError::Stale | StoreError::Conflict(_) | StoreError::Refused(_) | StoreError::Bug(_) => "database_error",
        StoreError::Gone(_) => "removed_meanwhile",
        StoreError::Corrupt(_) => "database_damaged",
        StoreError::Locked(_) => "database_locked",
        StoreError::Schema(_) => "database_schema",
    }
}

impl From<ScanError> for Error {
    fn from(error: ScanError) -> Self {
        match error {
            ScanError::Refused(problem) => Self::Refused(problem),
            ScanError::Io(source) => Self::Files { doing: "read", path: "the stored original".to_owned(), source },
        }
    }
}

impl From<ReadError> for Error {
    fn from(error: ReadError) -> Self {
        ScanError::from(error).into()
    }
}

impl From<ResultsError> for Error {
    fn from(error: ResultsError) -> Self {
        Self::Output(error.to_string())
    }
}
