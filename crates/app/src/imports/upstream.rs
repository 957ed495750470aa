//! A file as the user gave it: opened once, its beginning read, and refused if it changes while it is copied.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use convoke_pipeline::problem::{Problem, ProblemCode};
use convoke_pipeline::source::HEAD_BYTES;

use crate::error::{Error, Result};

/// A file as the user gave it, with its beginning read.
pub(super) struct Upstream<'u> {
    pub(super) name: String,
    bytes: Box<dyn Read + 'u>,
    pub(super) head: Vec<u8>,
    /// A file of this machine, as it was when it was opened.
    seen: Option<Seen>,
}

struct Seen {
    path: PathBuf,
    file: File,
    modified: SystemTime,
}

fn unreadable(path: &Path, why: impl std::fmt::Display) -> Error {
    Error::Refused(Problem::new(
        ProblemCode::FileUnreadable,
        format!("Cannot read {}: {why}", path.display()),
        "Check the name and that the file may be read.",
    ))
}

pub(super) fn too_large(bytes: Option<u64>, limit: u64) -> Error {
    let found = bytes.map_or_else(String::new, |bytes| format!("{bytes} bytes; "));
    Error::Refused(Problem::new(
        ProblemCode::FileTooLarge,
        format!("The file is too large: {found}the limit is {limit} bytes"),
        "Nothing was imported. The operator can raise the limit (--max-bytes).",
    ))
}

/// A file of this machine.
pub(super) fn open_upload<'u>(path: &Path, limit: u64) -> Result<Upstream<'u>> {
    let facts = fs::metadata(path).map_err(|e| unreadable(path, e))?;
    if facts.is_dir() {
        return Err(unreadable(path, "it is a directory, not a file"));
    }
    if facts.is_file() && facts.len() > limit {
        return Err(too_large(Some(facts.len()), limit));
    }
    let name = path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into());
    let file = File::open(path).map_err(|e| unreadable(path, e))?;
    let same = file.try_clone().map_err(|e| unreadable(path, e))?;
    let upstream = Upstream::of(name, file).map_err(|e| unreadable(path, e))?;
    let modified = facts.is_file().then(|| facts.modified().ok()).flatten();
    let seen = modified.map(|modified| Seen { path: path.to_owned(), file: same, modified });
    Ok(Upstream { seen, ..upstream })
}

impl<'u> Upstream<'u> {
    /// Bytes that come from anywhere; their beginning is read now.
    pub(super) fn of(name: String, mut bytes: impl Read + 'u) -> io::Result<Self> {
        let mut head = Vec::new();
        (&mut bytes).take(HEAD_BYTES as u64).read_to_end(&mut head)?;
        Ok(Self { name, bytes: Box::new(bytes), head, seen: None })
    }

    /// Whether the head is all of it.
    pub(super) fn is_whole(&self) -> bool {
        self.head.len() < HEAD_BYTES
    }

    /// The whole file from its first byte; what comes from a pipe cannot be rewound, so what was read comes again.
    pub(super) fn reader(&mut self) -> impl Read {
        self.head.as_slice().chain(&mut self.bytes)
    }

    /// The copy is one state of the file only if the file did not change meanwhile.
    pub(super) fn refuse_changed(&self, copied: u64) -> Result<()> {
        let Some(Seen { path, file, modified }) = &self.seen else { return Ok(()) };
        let facts = file.metadata().map_err(|e| unreadable(path, e))?;
        if facts.len() == copied && facts.modified().ok() == Some(*modified) {
            return Ok(());
        }
        Err(Error::Refused(Problem::new(
            ProblemCode::FileChanged,
            format!("{} changed while it was read", path.display()),
            "Nothing was imported. Wait until the program that writes it is done, and import it again.",
        )))
    }
}
