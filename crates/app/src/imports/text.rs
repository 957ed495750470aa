//! The text of an upload, in UTF-8: the stored file itself, or a scratch file without a name that holds what was decoded.
//! A scratch file goes with its process; whoever needs the text again makes it again from the stored original.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::unix::fs::FileExt;
use std::sync::{Arc, Mutex, PoisonError};

use convoke_pipeline::records::Position;
use convoke_pipeline::source::{HEAD_BYTES, Head, first_filled_line};

/// A text that may be read from several places at once.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    file: Arc<File>,
}

impl Text {
    pub(crate) fn of(file: File) -> Self {
        Self { file: Arc::new(file) }
    }

    /// Reads from this byte on.
    pub(crate) fn from(&self, byte: u64) -> TextReader {
        TextReader { file: self.file.clone(), at: byte }
    }

    pub(crate) fn size_bytes(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    /// The bytes detection looks at, from the first line that is not blank.
    pub(crate) fn head(&self) -> io::Result<TextHead> {
        let mut start = Position::START;
        loop {
            let (mut text, is_whole) = self.block(start.byte)?;
            // An LF may follow.
            if !is_whole && text.last() == Some(&b'\r') {
                text.pop();
            }
            let (line, is_filled) = first_filled_line(&text, start);
            if is_filled || is_whole || line == start {
                let (text, is_whole) = self.block(line.byte)?;
                return Ok(TextHead { text, start: line, is_whole });
            }
            start = line;
        }
    }

    fn block(&self, from: u64) -> io::Result<(Vec<u8>, bool)> {
        let mut block = Vec::new();
        self.from(from).take(HEAD_BYTES as u64 + 1).read_to_end(&mut block)?;
        let is_whole = block.len() <= HEAD_BYTES;
        block.truncate(HEAD_BYTES);
        Ok((block, is_whole))
    }
}

/// Texts that were looked at lately. A page of rows is read from one without decoding, unpacking or fetching the file again;
/// what is removed from the store is asked for no more.
#[derive(Clone, Debug, Default)]
pub struct Texts(Arc<Mutex<Vec<(String, Text)>>>);

/// Texts that are kept.
const MOST_TEXTS: usize = 8;

impl Texts {
    /// The text of this key; `make` makes it, while others get theirs.
    pub(crate) fn get<E>(&self, key: &str, make: impl FnOnce() -> Result<Text, E>) -> Result<Text, E> {
        let kept = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept().iter().find(|(other, _)| other == key).map(|(_, text)| text.clone());
        let text = found.map_or_else(make, Ok)?;
        let mut kept = kept();
        kept.retain(|(other, _)| other != key);
        kept.truncate(MOST_TEXTS - 1);
        kept.insert(0, (key.to_owned(), text.clone()));
        Ok(text)
    }
}

/// What [`Head`] borrows.
#[derive(Debug)]
pub(crate) struct TextHead {
    text: Vec<u8>,
    start: Position,
    is_whole: bool,
}

impl TextHead {
    pub(crate) fn head(&self) -> Head<'_> {
        Head { text: &self.text, start: self.start, is_whole: self.is_whole }
    }

    /// The head of a text whose first bytes are these.
    pub(crate) fn of_first_bytes(text: Vec<u8>, is_whole: bool) -> Option<Self> {
        let (start, is_filled) = first_filled_line(&text, Position::START);
        let text = text.get(start.byte as usize..)?.to_vec();
        is_filled.then_some(Self { text, start, is_whole })
    }
}

/// Reads a text from a place of its own.
#[derive(Debug)]
pub(crate) struct TextReader {
    file: Arc<File>,
    at: u64,
}

impl Read for TextReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read_at(buffer, self.at)?;
        self.at += count as u64;
        Ok(count)
    }
}

/// Writes down what is read through it.
pub(crate) struct Copying<R, W> {
    pub(crate) source: R,
    pub(crate) copy: W,
}

impl<R: Read, W: Write> Read for Copying<R, W> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        self.copy.write_all(&buffer[..count])?;
        Ok(count)
    }
}
