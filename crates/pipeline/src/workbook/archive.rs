//! The zip archive that a workbook is: its parts by name, unpacked as a stream.
//!
//! Invariants: bytes are counted as they come out, never believed from a header; opening reads a bounded part of the
//! file however many entries it declares; names of parts are compared, never used as paths.

use std::cell::Cell;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::rc::Rc;

use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

use super::{damaged, locked, too_large};
use crate::problem::Problem;

/// Unpacked bytes that are read of one workbook.
const MAX_UNPACKED: u64 = 2 << 30;

/// A part that unpacks to more than this many times its size is a bomb, once it is past [`BOMB_FROM`]. A sheet of a
/// million formatted, blank rows stays below 60.
const BOMB_RATIO: u64 = 200;
const BOMB_FROM: u64 = 64 << 20;

/// Bytes read to find the entries: each has at least 46, a workbook has some dozens of them.
const DIRECTORY_BYTES: u64 = 8 << 20;

const FILE_BUFFER_BYTES: usize = 16 * 1024;
const PART_BUFFER_BYTES: usize = 64 * 1024;

/// An opened archive.
pub(super) struct Archive<R> {
    zip: ZipArchive<BufReader<Rationed<R>>>,
    /// Names in lower case with forward slashes, by index: some programs write others than they refer to.
    names: Vec<String>,
    unpacked: u64,
}

/// One part, unpacked as it is read.
pub(super) type Part<'a, R> = BufReader<Counted<'a, ZipFile<'a, BufReader<Rationed<R>>>>>;

impl<R: Read + Seek> Archive<R> {
    pub(super) fn open(file: R) -> Result<Self, Problem> {
        let ration = Rc::new(Cell::new(DIRECTORY_BYTES));
        let rationed = Rationed { file, left: Rc::clone(&ration) };
        let zip = ZipArchive::new(BufReader::with_capacity(FILE_BUFFER_BYTES, rationed));
        let zip = zip.map_err(|error| problem_of_zip(&error))?;
        ration.set(u64::MAX);
        let name = |name: &[u8]| String::from_utf8_lossy(name).replace('\\', "/").to_lowercase();
        let names = zip.file_names_raw().map(name).collect();
        Ok(Self { zip, names, unpacked: 0 })
    }

    /// Names of the parts, in lower case.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// The part of this name, in any case and with or without a slash in front.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<Part<'_, R>>, Problem> {
        let name = name.trim_start_matches('/').to_lowercase();
        let Some(index) = self.names.iter().position(|known| *known == name) else { return Ok(None) };
        let file = self.zip.by_index(index).map_err(|error| problem_of_zip(&error))?;
        let packed = file.compressed_size();
        // What a part declares is a promise that it can break, but then it is told at once.
        if let Some(problem) = beyond(file.size(), packed, self.unpacked.saturating_add(file.size())) {
            return Err(problem);
        }
        let counted = Counted { inner: file, packed, here: 0, all: &mut self.unpacked };
        Ok(Some(BufReader::with_capacity(PART_BUFFER_BYTES, counted)))
    }

    /// The same for whoever reads a second time: what was unpacked before does not count twice.
    pub(super) fn part_again(&mut self, name: &str) -> Result<Option<Part<'_, R>>, Problem> {
        self.unpacked = 0;
        self.part(name)
    }

    /// The beginning of a small part, if there is such a part.
    pub(super) fn text_of(&mut self, name: &str, most: u64) -> Result<Option<String>, Problem> {
        let Some(part) = self.part(name)? else { return Ok(None) };
        let mut text = Vec::new();
        part.take(most).read_to_end(&mut text).map_err(|error| problem_of_reading(&error))?;
        Ok(Some(String::from_utf8_lossy(&text).into_owned()))
    }
}

/// Why a part could not be read on: a limit of ours, or the archive.
pub(super) fn problem_of_reading(error: &io::Error) -> Problem {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<Limit>());
    inner.map_or_else(|| damaged(format_args!("it cannot be unpacked ({error})")), |limit| limit.0.clone())
}

fn problem_of_zip(error: &ZipError) -> Problem {
    match error {
        ZipError::Io(error) => problem_of_reading(error),
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => locked(),
        error => damaged(format_args!("it cannot be unpacked ({error})")),
    }
}

/// A limit that was met while reading, on its way through an `io::Error`.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.message)]
pub(super) struct Limit(pub(super) Problem);

/// A file that gives so many bytes and no more.
pub(super) struct Rationed<R> {
    file: R,
    left: Rc<Cell<u64>>,
}

impl<R: Read> Read for Rationed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        match self.left.get().checked_sub(read as u64) {
            Some(left) => self.left.set(left),
            None => {
                return Err(io::Error::other(Limit(too_large("The workbook has more parts than any workbook needs"))));
            }
        }
        Ok(read)
    }
}

impl<R: Seek> Seek for Rationed<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

/// Why no honest workbook has a part of `here` bytes in `packed` ones, or `all` bytes in its parts.
fn beyond(here: u64, packed: u64, all: u64) -> Option<Problem> {
    if all > MAX_UNPACKED {
        let most = MAX_UNPACKED >> 30;
        return Some(too_large(format!("The workbook is too large: it unpacks to more than {most} GB")));
    }
    let is_bomb = here > BOMB_FROM && here / BOMB_RATIO > packed;
    is_bomb.then(|| {
        let (small, large) = (packed.div_ceil(1024), BOMB_FROM >> 20);
        too_large(format!("The workbook is too large: {small} KB in it unpack to more than {large} MB"))
    })
}

/// Counts what comes out, here and over all parts, and stops what cannot be honest.
pub(super) struct Counted<'a, R> {
    inner: R,
    /// Bytes in the archive: it cannot be more, the reader below stops there.
    packed: u64,
    here: u64,
    all: &'a mut u64,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.here += read as u64;
        *self.all += read as u64;
        if let Some(problem) = beyond(self.here, self.packed, *self.all) {
            return Err(io::Error::other(Limit(problem)));
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(bytes: u64, packed: u64, already: u64) -> Result<u64, String> {
        let mut all = already;
        let inner = io::repeat(b'x').take(bytes);
        let mut counted = Counted { inner, packed, here: 0, all: &mut all };
        io::copy(&mut counted, &mut io::sink()).map_err(|error| problem_of_reading(&error).message)
    }

    #[test]
    fn what_unpacks_like_a_sheet_passes() {
        assert_eq!(read_all(BOMB_FROM * 2, BOMB_FROM / 90, 0), Ok(BOMB_FROM * 2));
        assert_eq!(read_all(BOMB_FROM, 1, 0), Ok(BOMB_FROM));
    }

    #[test]
    fn what_unpacks_to_two_hundred_times_its_size_is_stopped() {
        let message = read_all(BOMB_FROM * 2, 1024, 0).expect_err("a bomb");
        assert_eq!(message, "The workbook is too large: 1 KB in it unpack to more than 64 MB");
    }

    #[test]
    fn the_parts_count_together() {
        assert_eq!(read_all(100, 100, MAX_UNPACKED - 100), Ok(100));
        let message = read_all(101, 101, MAX_UNPACKED - 100).expect_err("too much");
        assert_eq!(message, "The workbook is too large: it unpacks to more than 2 GB");
    }
}
