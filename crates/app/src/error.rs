//! What can go wrong above the store, named after what the caller can do.

use convoke_pipeline::problem::Problem;
use convoke_pipeline::records::ReadError;
use convoke_pipeline::results::ResultsError;
use convoke_pipeline::scan::ScanError;
use convoke_store::StoreError;

/// A refusal of the app.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request itself is wrong: say it otherwise.
    #[error("{message}")]
    Usage { message: String, hint: String },
    /// The file cannot be imported; nothing happened.
    #[error("{}", .0.message)]
    Refused(Problem),
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

    pub(crate) fn files(doing: &'static str, path: &std::path::Path, source: std::io::Error) -> Self {
        Self::Files { doing, path: path.display().to_string(), source }
    }

    /// What to do next.
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::Usage { hint, .. } if !hint.is_empty() => Some(hint),
            Self::Refused(problem) => Some(&problem.hint),
            Self::ReadOtherwise(_) => Some("Use the version that made it, or import the file anew."),
            Self::Store(StoreError::Full(_)) => Some("Make room on the disk."),
            Self::Store(StoreError::Unavailable(_)) => Some("Is the database running, and the address right?"),
            _ => None,
        }
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
