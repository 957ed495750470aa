//! Why the database refused, named after what the caller can do about it.

/// A refusal of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Somebody else held a lock for longer than the store waits; try again.
    #[error("the database is busy: {0}")]
    Busy(String),
    /// The database is away; try later.
    #[error("the database cannot be reached: {0}")]
    Unavailable(String),
    /// The disk is full; make room and try again.
    #[error("the disk is full: {0}")]
    Full(String),
    /// Another process took the job over: stop.
    #[error("another process took this job over")]
    Fenced,
    /// A person changed since it was looked up: look up and plan again.
    #[error("people changed since they were looked up")]
    Stale,
    /// A unique rule was met: the name, or the person, is there already.
    #[error("it is there already: {0}")]
    Conflict(String),
    /// The database refuses a value of this row, and would at every try.
    #[error("the database refuses a value: {0}")]
    Refused(String),
    /// Something the import was begun with was removed meanwhile.
    #[error("{0}")]
    Gone(String),
    /// The file is no sound database of ours.
    #[error("the database is damaged or no Convoke database: {0}")]
    Corrupt(String),
    /// A second process wants to write to one SQLite file.
    #[error("{0}")]
    Locked(String),
    /// The installation was made by a newer Convoke, or its migrations were altered.
    #[error("{0}")]
    Schema(String),
    #[error("unexpected answer of the database: {0}")]
    Bug(String),
}

pub type Result<T> = std::result::Result<T, StoreError>;

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        let text = error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy(text),
            Some(ErrorCode::DiskFull) => Self::Full(text),
            Some(ErrorCode::CannotOpen | ErrorCode::SystemIoFailure | ErrorCode::ReadOnly) => Self::Unavailable(text),
            Some(ErrorCode::ConstraintViolation) => Self::Conflict(text),
            Some(ErrorCode::TooBig | ErrorCode::TypeMismatch) => Self::Refused(text),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Corrupt(text),
            _ => Self::Bug(text),
        }
    }
}

impl From<postgres::Error> for StoreError {
    fn from(error: postgres::Error) -> Self {
        use postgres::error::SqlState;
        let Some(answer) = error.as_db_error() else {
            let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}")).unwrap_or_default();
            let text = format!("{error}{cause}");
            // Anything that is not an answer of the server broke on the way to it, but for mistakes of ours.
            let is_ours = text.starts_with("error serializing") || text.starts_with("error deserializing");
            return if is_ours { Self::Bug(text) } else { Self::Unavailable(text) };
        };
        let text = format!("{} ({})", answer.message(), answer.code().code());
        let code = answer.code();
        if [&SqlState::T_R_SERIALIZATION_FAILURE, &SqlState::T_R_DEADLOCK_DETECTED, &SqlState::LOCK_NOT_AVAILABLE]
            .contains(&code)
        {
            return Self::Busy(text);
        }
        if *code == SqlState::UNIQUE_VIOLATION {
            return Self::Conflict(answer.constraint().unwrap_or(&text).to_owned());
        }
        // Classes 22, 23 and 54: data, constraints, limits; P0001: a trigger's word. Classes 08, 53 and 57: connection,
        // resources, operator intervention.
        match &code.code()[..2] {
            "53" if *code == SqlState::DISK_FULL => Self::Full(text),
            "22" | "23" | "54" | "P0" => Self::Refused(text),
            "08" | "53" | "57" | "3D" | "28" => Self::Unavailable(text),
            _ => Self::Bug(text),
        }
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Corrupt(error.to_string())
    }
}
