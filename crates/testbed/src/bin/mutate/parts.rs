//! The parts of a workbook, taken out of its archive to be changed and packed again.
//! Invariant: of no part more is unpacked than the largest input holds.

use std::io::{Cursor, Read, Write};

use zip::result::ZipResult;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::MAX_INPUT;

/// A part's name and content.
pub(crate) type Part = (String, Vec<u8>);

/// The parts of an archive that is sound.
pub(crate) fn unpack(archive: &[u8]) -> ZipResult<Vec<Part>> {
    let mut zip = ZipArchive::new(Cursor::new(archive))?;
    let mut parts = vec![];
    for index in 0..zip.len() {
        let part = zip.by_index(index)?;
        let name = part.name()?.into_owned();
        let mut content = vec![];
        part.take(MAX_INPUT as u64).read_to_end(&mut content)?;
        parts.push((name, content));
    }
    Ok(parts)
}

/// An archive of these parts.
pub(crate) fn pack(parts: &[Part], method: CompressionMethod) -> ZipResult<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(vec![]));
    for (name, content) in parts {
        zip.start_file(name.as_str(), SimpleFileOptions::default().compression_method(method))?;
        zip.write_all(content)?;
    }
    Ok(zip.finish()?.into_inner())
}
