//! What a file is, told by its content: a workbook that can be read, one that cannot, or something else.
//!
//! Invariant: nothing is unpacked here but the beginning of small parts, and the file stands at byte 0 again.

use std::io::{Read, Seek, SeekFrom};

use memchr::memmem;

use super::archive::Archive;
use super::{locked, unreadable};
use crate::problem::{Problem, ProblemCode};

/// A workbook that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkbookKind {
    Xlsx,
    Ods,
}

const ZIP: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];
const COMPOUND: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0];

/// Bytes of a part that tells the kind.
const TELLING_BYTES: u64 = 1 << 20;

const AS_WORKBOOK: &str = "Save it as an Excel workbook (.xlsx) or as \"CSV UTF-8\" and import that.";
const CHOOSE_LIST: &str = "Choose the workbook or CSV file that holds the people.";

/// Other files by their first bytes: those, what they are, what next.
const OTHERS: &[(&[u8], &str, &str)] = &[
    (b"%PDF-", "a PDF document", "Choose the workbook or CSV file that the PDF was made from."),
    (b"\x89PNG", "a picture", CHOOSE_LIST),
    (&[0xFF, 0xD8, 0xFF], "a picture", CHOOSE_LIST),
    (b"GIF8", "a picture", CHOOSE_LIST),
    (&[0x1F, 0x8B], "a gzip archive", "Unpack it and import the file inside."),
    (b"BZh", "a bzip2 archive", "Unpack it and import the file inside."),
    (b"7z\xBC\xAF\x27\x1C", "a 7-Zip archive", "Unpack it and import the file inside."),
    (b"Rar!\x1A\x07", "a RAR archive", "Unpack it and import the file inside."),
    (&[0xFD, b'7', b'z', b'X', b'Z', 0], "an xz archive", "Unpack it and import the file inside."),
    (&[0x28, 0xB5, 0x2F, 0xFD], "a Zstandard archive", "Unpack it and import the file inside."),
    (b"SQLite format 3\0", "a SQLite database", CHOOSE_LIST),
    (b"{\\rtf", "a text document (.rtf)", AS_WORKBOOK),
];

impl WorkbookKind {
    /// The stable word of API and files.
    pub fn key(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Ods => "ods",
        }
    }
}

/// Whether a file that begins so is a container, which may hold a workbook: its bytes are no text.
pub fn is_container(head: &[u8]) -> bool {
    ZIP.iter().any(|magic| head.starts_with(magic)) || head.starts_with(COMPOUND)
}

/// Tells the kind by the file's first bytes and, of an archive, by its parts. `None` is no container: text, maybe.
/// Every other container and every picture is refused in its own words.
pub fn kind_of(head: &[u8], file: &mut (impl Read + Seek)) -> Result<Option<WorkbookKind>, Problem> {
    let kind = if ZIP.iter().any(|magic| head.starts_with(magic)) {
        kind_of_zip(&mut *file).map(Some)
    } else if head.starts_with(COMPOUND) {
        Err(compound(&mut *file)?)
    } else {
        match OTHERS.iter().find(|(magic, ..)| head.starts_with(magic)) {
            Some((_, what, hint)) => Err(refused(format!("The file is {what}, not a workbook or CSV file"), hint)),
            None => Ok(None),
        }
    }?;
    file.seek(SeekFrom::Start(0)).map_err(|error| unreadable(&error))?;
    Ok(kind)
}

/// The file is no container at all.
pub(super) fn no_workbook() -> Problem {
    refused("The file is not a workbook", CHOOSE_LIST)
}

fn refused(message: impl Into<String>, hint: &str) -> Problem {
    Problem::new(ProblemCode::FileType, message, hint)
}

fn kind_of_zip(file: impl Read + Seek) -> Result<WorkbookKind, Problem> {
    let mut archive = Archive::open(file)?;
    if let Some(mimetype) = archive.text_of("mimetype", TELLING_BYTES)? {
        return kind_of_open_document(mimetype.trim());
    }
    if let Some(content) = archive.text_of("[Content_Types].xml", TELLING_BYTES)? {
        return kind_of_office(&content);
    }
    let is_numbers = |name: &str| name.ends_with(".iwa") || name == "index.zip" || name.ends_with("/index.zip");
    if archive.names().any(is_numbers) {
        return Err(refused(
            "The file is a document of Apple's Numbers, Pages or Keynote",
            "In Numbers choose File > Export To > Excel or CSV, and import that.",
        ));
    }
    Err(match archive.names().find(|name| !name.ends_with('/')) {
        None => refused("The file is an empty zip archive", CHOOSE_LIST),
        Some(_) => refused("The file is a zip archive, not a workbook", "Unpack it and import the file inside."),
    })
}

fn kind_of_open_document(mimetype: &str) -> Result<WorkbookKind, Problem> {
    let document = mimetype.strip_prefix("application/vnd.oasis.opendocument.");
    match document.or_else(|| mimetype.strip_prefix("application/x-vnd.oasis.opendocument.")) {
        Some("spreadsheet" | "spreadsheet-template") => Ok(WorkbookKind::Ods),
        Some("text" | "text-template") => {
            Err(refused("The file is a text document (.odt), not a workbook", AS_WORKBOOK))
        }
        _ => Err(refused("The file is a document, but not a workbook", AS_WORKBOOK)),
    }
}

/// By the types that an Office file declares for its parts.
fn kind_of_office(content_types: &str) -> Result<WorkbookKind, Problem> {
    const MAIN: [&str; 4] = [
        "spreadsheetml.sheet.main",
        "spreadsheetml.template.main",
        "ms-excel.sheet.macroenabled.main",
        "ms-excel.template.macroenabled.main",
    ];
    let types = content_types.to_lowercase();
    if MAIN.iter().any(|main| types.contains(main)) {
        return Ok(WorkbookKind::Xlsx);
    }
    let what = if types.contains("ms-excel.sheet.binary") {
        "a binary Excel workbook (.xlsb)"
    } else if types.contains("wordprocessingml") || types.contains("ms-word") {
        "a Word document (.docx), not a workbook"
    } else if types.contains("presentationml") || types.contains("ms-powerpoint") {
        "a PowerPoint presentation (.pptx), not a workbook"
    } else {
        "an Office document, but not a workbook"
    };
    Err(refused(format!("The file is {what}"), AS_WORKBOOK))
}

/// Old Office files and locked new ones share a container; the names of its streams tell them apart.
fn compound(file: &mut (impl Read + Seek)) -> Result<Problem, Problem> {
    const STREAMS: [(&str, Option<&str>); 5] = [
        ("EncryptedPackage", None),
        ("Workbook", Some("The file is an old Excel workbook (.xls)")),
        ("Book", Some("The file is an old Excel workbook (.xls)")),
        ("WordDocument", Some("The file is an old Word document (.doc), not a workbook")),
        ("PowerPoint Document", Some("The file is an old PowerPoint presentation (.ppt), not a workbook")),
    ];
    let mut found = [false; STREAMS.len()];
    let entries: Vec<_> = STREAMS.iter().map(|(name, _)| directory_name(name)).collect();
    file.seek(SeekFrom::Start(0)).map_err(|error| unreadable(&error))?;
    // Whole pages, so that a directory entry (128 bytes at a multiple of them) never lies across two.
    let mut page = Vec::new();
    loop {
        page.clear();
        let read = (&mut *file).take(1 << 20).read_to_end(&mut page).map_err(|error| unreadable(&error))?;
        if read == 0 {
            break;
        }
        for (entry, found) in entries.iter().zip(&mut found) {
            *found = *found || memmem::find_iter(&page, entry).any(|at| at % 128 == 0);
        }
    }
    let kind = STREAMS.iter().zip(found).find(|(_, found)| *found).map(|((_, sentence), _)| sentence);
    Ok(match kind {
        Some(None) => locked(),
        Some(Some(sentence)) => refused(*sentence, AS_WORKBOOK),
        None => refused("The file is an old Office or Windows file, not a workbook", AS_WORKBOOK),
    })
}

/// How the directory of a compound file writes a name: UTF-16, and a zero behind it.
fn directory_name(name: &str) -> Vec<u8> {
    name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect()
}
