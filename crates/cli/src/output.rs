//! Where words and data go: data to stdout or to a file that is there whole or not at all, everything else to stderr.

use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::failure::OutputError;
use crate::print;
use anyhow::Result;

static READER_LEFT: AtomicBool = AtomicBool::new(false);
static HAS_PRINTED: AtomicBool = AtomicBool::new(false);

/// Says something to the person at the terminal.
pub(crate) fn say(text: &str) {
    say_raw(&format!("{}\n", print::plain_lines(text)));
}

/// Writes to stderr what was made by us or by clap, colours included.
pub(crate) fn say_raw(text: &str) {
    // Nobody can be told that stderr is closed.
    let _ = io::stderr().write_all(text.as_bytes());
}

/// Prints a whole text on stdout; a reader who left has seen enough.
pub(crate) fn print(text: &str) -> Result<()> {
    let mut out = Target::Stdout(BufWriter::new(io::stdout()));
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(late("the standard output", error)),
        _ => Ok(()),
    }
}

/// Whether somebody closed the other end of our stdout.
pub(crate) fn reader_left() -> bool {
    READER_LEFT.load(Ordering::Relaxed)
}

/// Whether anything went to stdout yet.
pub(crate) fn has_printed() -> bool {
    HAS_PRINTED.load(Ordering::Relaxed)
}

/// A place for data.
pub(crate) enum Target {
    Stdout(BufWriter<io::Stdout>),
    File(OutFile),
}

/// A file that gets its name when it is whole.
pub(crate) struct OutFile {
    file: BufWriter<File>,
    path: PathBuf,
    /// None: the path is a device or pipe and is written as it is.
    partial: Option<PathBuf>,
}

impl Target {
    /// Opens the file named, or stdout. Fails before anything is done.
    pub(crate) fn open(path: Option<&Path>) -> Result<Self> {
        match path {
            None => Ok(Self::Stdout(BufWriter::new(io::stdout()))),
            Some(path) if path.as_os_str() == "-" => Ok(Self::Stdout(BufWriter::new(io::stdout()))),
            Some(path) => OutFile::open(path)
                .map(Self::File)
                .map_err(|source| OutputError { path: path.display().to_string(), source, is_early: true }.into()),
        }
    }

    /// Everything was written: a file gets its name.
    pub(crate) fn finish(mut self) -> Result<()> {
        self.flush().map_err(|error| late(&self.name(), error))?;
        let Self::File(file) = &mut self else { return Ok(()) };
        let Some(partial) = file.partial.clone() else { return Ok(()) };
        let named = file.file.get_ref().sync_all().and_then(|()| fs::rename(&partial, &file.path));
        named.map_err(|error| late(&file.path.display().to_string(), error))?;
        file.partial = None;
        Ok(())
    }

    fn name(&self) -> String {
        match self {
            Self::Stdout(_) => "the standard output".to_owned(),
            Self::File(file) => file.path.display().to_string(),
        }
    }
}

fn late(path: &str, source: io::Error) -> anyhow::Error {
    OutputError { path: path.to_owned(), source, is_early: false }.into()
}

impl OutFile {
    fn open(path: &Path) -> io::Result<Self> {
        // Through a link to the file behind it, so that the link stays one.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        match fs::metadata(&path) {
            Ok(facts) if facts.is_dir() => return Err(io::Error::other("it is a directory")),
            Ok(facts) if !facts.is_file() => {
                let file = BufWriter::new(File::options().write(true).open(&path)?);
                return Ok(Self { file, path, partial: None });
            }
            _ => {}
        }
        let name = path.file_name().ok_or_else(|| io::Error::other("it has no name"))?;
        let partial = path.with_file_name(format!(".{}.{}.part", name.to_string_lossy(), std::process::id()));
        let file = BufWriter::new(File::create(&partial)?);
        Ok(Self { file, path, partial: Some(partial) })
    }
}

impl Drop for OutFile {
    fn drop(&mut self) {
        if let Some(partial) = &self.partial {
            let _ = fs::remove_file(partial);
        }
    }
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(out) => {
                HAS_PRINTED.store(true, Ordering::Relaxed);
                out.write(bytes).inspect_err(note_reader)
            }
            Self::File(file) => file.file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(out) => out.flush().inspect_err(note_reader),
            Self::File(file) => file.file.flush(),
        }
    }
}

fn note_reader(error: &io::Error) {
    if error.kind() == ErrorKind::BrokenPipe {
        READER_LEFT.store(true, Ordering::Relaxed);
    }
}
