//! What detection finds in a file, without importing it: nothing is stored and nobody is looked up.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::Path;

use convoke_people::record_type::RecordType;
use convoke_pipeline::decoding::{Decoder, TextEncoding};
use convoke_pipeline::detect::encoding::EncodingDetector;
use convoke_pipeline::mapping::{Mapping, MappingChoices, Target};
use convoke_pipeline::settings::Settings;
use convoke_pipeline::source::{Hints, WORKBOOK_DIALECT, refuse_binary};
use convoke_pipeline::suggesting::{Suggestion, Why, suggest};
use convoke_pipeline::workbook::kind_of;
use convoke_store::imports::list_imports;
use sha2::{Digest, Sha256};

use super::found::Found;
use super::intake::{chosen, refuse_idle_hints};
use super::options::ImportOptions;
use super::prepare::from_json;
use super::source_info::{Format, SourceInfo};
use super::text::Text;
use super::upstream::{Upstream, open_upload, too_large};
use crate::error::{Error, Result};
use crate::files::Stored;
use crate::workbooks::WorkbookReader;
use crate::workspace::Workspace;

/// A file as detection sees it.
#[derive(Clone, Debug)]
pub struct Inspection {
    pub file_name: String,
    pub source: SourceInfo,
    /// The sheets of a workbook.
    pub sheets: Vec<String>,
    /// Rows below the header that are not blank.
    pub records: u64,
    pub record_type: RecordType,
    /// Whether the record type was guessed by the columns.
    pub is_type_guessed: bool,
    pub columns: Vec<InspectedColumn>,
}

/// A column, what it may be, and some of its values.
#[derive(Clone, Debug)]
pub struct InspectedColumn {
    pub header: String,
    pub suggestion: Suggestion,
    /// The suggestion as users name it.
    pub label: Option<String>,
    /// The first values that differ.
    pub samples: Vec<String>,
}

/// What a file is compared with.
pub struct Inspector<'w> {
    pub workbooks: &'w WorkbookReader,
    pub limit_bytes: u64,
    /// What the record types have, custom fields included; the one chosen, or all to guess from.
    pub candidates: Vec<Candidate>,
}

/// A record type a file may be imported as.
pub struct Candidate {
    pub settings: Settings,
    /// What earlier imports made of a header.
    pub remembered: Vec<(String, Target)>,
}

/// Earlier imports looked at for what this workspace made of a header.
const EARLIER_IMPORTS: u32 = 50;

impl Workspace {
    /// A record type with what this workspace knows of it.
    pub fn candidate(&self, of: RecordType) -> Result<Candidate> {
        let settings = self.settings(&ImportOptions::new(of))?;
        let mut remembered = Vec::new();
        for saved in self.mappings()?.iter().filter(|saved| saved.record_type == of) {
            let choices: MappingChoices = from_json(&saved.choices)?;
            let targets = choices.map.iter().map(|(header, field)| (header.clone(), Target::parse(field, &settings)));
            remembered.extend(targets.filter_map(|(header, target)| Some((header, target?))));
        }
        // Whoever may import sees by this what columns were, and nothing else of the history.
        let earlier = self.store.read(|r| list_imports(r, self.id, None, EARLIER_IMPORTS))?;
        for import in earlier.iter().filter(|import| import.record_type == of) {
            // A refused file has none.
            let Ok(mapping) = from_json::<Mapping>(&import.mapping) else { continue };
            remembered.extend(mapping.columns.into_iter().filter_map(|column| Some((column.header, column.target?))));
        }
        Ok(Candidate { settings, remembered })
    }
}

impl Inspector<'_> {
    /// Reads the whole file once.
    pub fn inspect(&self, path: &Path, hints: &Hints) -> Result<Inspection> {
        let mut upload = open_upload(path, self.limit_bytes)?;
        let Copied { mut file, stored, detector } = copy(&mut upload, self.limit_bytes)?;
        file.rewind().map_err(broken)?;
        let kind = kind_of(&upload.head, &mut file).map_err(Error::Refused)?;
        refuse_idle_hints(hints, kind)?;
        let (format, text, fixed) = match kind {
            Some(kind) => {
                let scratch = tempfile::tempfile().map_err(broken)?;
                let out = scratch.try_clone().map_err(broken)?;
                let sheet = self.workbooks.read(file, hints.sheet.as_deref(), out)?;
                (Format::Workbook { kind, sheet }, Text::of(scratch), Some(WORKBOOK_DIALECT))
            }
            None => {
                let (encoding, guess) = chosen(hints, Some(detector.finish()));
                refuse_binary(&upload.head, encoding).map_err(Error::Refused)?;
                let original = Text::of(file);
                let text = if encoding == TextEncoding::UTF_8 {
                    original
                } else {
                    let mut scratch = tempfile::tempfile().map_err(broken)?;
                    io::copy(&mut Decoder::new(original.from(0), encoding), &mut scratch).map_err(broken)?;
                    Text::of(scratch)
                };
                (Format::Csv { encoding, guess }, text, None)
            }
        };
        let found = Found::look(&stored, &text, format, (hints, fixed), |header| self.knows(header))?;
        let best = self.best(&found.headers, &found.samples);
        Ok(Inspection {
            file_name: path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into()),
            source: found.source,
            sheets: found.sheets,
            records: found.records,
            record_type: best.0,
            is_type_guessed: self.candidates.len() > 1,
            columns: best.1,
        })
    }

    fn knows(&self, header: &str) -> bool {
        self.candidates.iter().any(|candidate| MappingChoices::default().know(header, &candidate.settings))
    }

    /// The record type whose columns these are, as far as can be told, and what they are.
    fn best(&self, headers: &[String], samples: &[Vec<String>]) -> (RecordType, Vec<InspectedColumn>) {
        let all = self.candidates.iter().map(|candidate| {
            let settings = &candidate.settings;
            let suggestions = suggest(headers, samples, settings, &candidate.remembered);
            let by_name = |s: &&Suggestion| matches!(s.why, Why::Exact | Why::Synonym | Why::Remembered);
            let named = suggestions.iter().filter(by_name).count();
            // Prospects may have accounts too, but a list that names several is more often one of creators.
            let is_of_creators = settings.record_type == RecordType::Creator
                && suggestions.iter().any(|s| matches!(s.target, Some(Target::Account(_))));
            (2 * named + usize::from(is_of_creators), settings, suggestions)
        });
        // Of equals the first: the order of the candidates is that of likelihood.
        let (_, settings, suggestions) = all.rev().max_by_key(|(named, ..)| *named).expect("there is a candidate");
        let columns =
            suggestions.into_iter().zip(headers.iter().zip(samples)).map(|(suggestion, (header, samples))| {
                let label = suggestion.target.map(|target| target.label(settings));
                let samples = samples.iter().take(3).cloned().collect();
                InspectedColumn { header: header.clone(), label, suggestion, samples }
            });
        (settings.record_type, columns.collect())
    }
}

/// One state of the file, wherever it comes from, with its digest and what its bytes say about the encoding.
struct Copied {
    file: File,
    stored: Stored,
    detector: EncodingDetector,
}

fn copy(upload: &mut Upstream<'_>, limit: u64) -> Result<Copied> {
    // Without a name it is left behind by nobody.
    let mut copy = tempfile::tempfile().map_err(broken)?;
    let (mut digest, mut detector) = (Sha256::new(), EncodingDetector::new());
    let mut reader = upload.reader();
    let mut block = vec![0; 1 << 20];
    let mut size_bytes = 0;
    loop {
        let count = reader.read(&mut block).map_err(broken)?;
        let bytes = &block[..count];
        size_bytes += count as u64;
        if count == 0 || size_bytes > limit {
            break;
        }
        digest.update(bytes);
        detector.feed(bytes);
        copy.write_all(bytes).map_err(broken)?;
    }
    drop(reader);
    if size_bytes > limit {
        return Err(too_large(None, limit));
    }
    upload.refuse_changed(size_bytes)?;
    let stored = Stored { size_bytes, sha256: digest.finalize().to_vec() };
    Ok(Copied { file: copy, stored, detector })
}

fn broken(error: io::Error) -> Error {
    Error::Files { doing: "read", path: "the file, or write its temporary copy".to_owned(), source: error }
}
