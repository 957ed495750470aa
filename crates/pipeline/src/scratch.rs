//! A scratch file of the planner's own: what outgrows its memory is written behind the last piece and read back by its
//! place. Nothing in it outlives the process.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// An empty file; without one nothing is taken.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    file: Option<File>,
    bytes: u64,
}

/// Where something lies in the file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece {
    at: u64,
    length: u32,
}

impl Scratch {
    pub(crate) fn new(file: Option<File>) -> Self {
        Self { file, bytes: 0 }
    }

    /// None without a file.
    pub(crate) fn write(&mut self, value: &impl Serialize) -> io::Result<Option<Piece>> {
        let Some(mut file) = self.file.as_ref() else { return Ok(None) };
        let json = serde_json::to_vec(value)?;
        file.seek(SeekFrom::Start(self.bytes))?;
        file.write_all(&json)?;
        let piece = Piece { at: self.bytes, length: json.len() as u32 };
        self.bytes += json.len() as u64;
        Ok(Some(piece))
    }

    pub(crate) fn read<T: DeserializeOwned>(&self, piece: Piece) -> io::Result<T> {
        let Some(mut file) = self.file.as_ref() else { return Err(io::ErrorKind::NotFound.into()) };
        let mut json = vec![0; piece.length as usize];
        file.seek(SeekFrom::Start(piece.at))?;
        file.read_exact(&mut json)?;
        Ok(serde_json::from_slice(&json)?)
    }
}
