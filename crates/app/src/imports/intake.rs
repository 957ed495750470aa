//! Upload -> text -> source -> mapping -> scan: everything that can refuse a file does so here, before any effect. A text
//! whose first bytes say how it is read is decoded and scanned while it is copied; any other one after that.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, Write};
use std::sync::Arc;

use convoke_people::number::Decimal;
use convoke_pipeline::decoding::{Decoder, TextEncoding};
use convoke_pipeline::detect::encoding::{EncodingDetector, EncodingGuess, guess_of_head};
use convoke_pipeline::mapping::{Mapping, MappingChoices};
use convoke_pipeline::problem::Problem;
use convoke_pipeline::recipe::Recipe;
use convoke_pipeline::records::{Corrections, Dialect, RecordReader};
use convoke_pipeline::scan::{Limits, Scan, filled_columns, scan};
use convoke_pipeline::settings::Settings;
use convoke_pipeline::source::{
    Guess, Head, Hints, Layout, Source, WORKBOOK_DIALECT, find_layout, read_header, refuse_binary,
};
use convoke_pipeline::workbook::{SheetInfo, WorkbookKind, is_container, kind_of};

use super::source_info::{CSV, FileFacts, Format, SourceInfo};
use super::text::{Copying, Text, TextHead};
use super::upstream::{Upstream, too_large};
use crate::error::{Error, Result};
use crate::files::{BlockReader, Stored};
use crate::workspace::Workspace;

/// Bytes written to a scratch file at once.
const SCRATCH_BYTES: usize = 256 << 10;

/// What an import needs to know of its file.
pub(super) struct TakenIn {
    pub(super) source: SourceInfo,
    pub(super) recipe: Recipe,
    pub(super) scan: Scan,
    pub(super) text: Text,
}

/// What the user says about a file, and what it is compared with.
pub(super) struct Wishes<'w> {
    pub(super) settings: Settings,
    pub(super) choices: &'w MappingChoices,
    pub(super) hints: &'w Hints,
}

impl Wishes<'_> {
    fn is_known(&self, header: &str) -> bool {
        self.choices.know(header, &self.settings)
    }

    fn mapping(&self, source: &Source, filled: impl FnOnce(Vec<usize>) -> Vec<usize>) -> Result<Mapping> {
        Mapping::decide(&source.headers, self.choices, &self.settings, filled).map_err(Error::Refused)
    }
}

/// How a text is read, known before it was copied.
struct Early {
    encoding: TextEncoding,
    source: Source,
    recipe: Recipe,
    /// Where the decoded text goes; UTF-8 stands in the stored file as it is.
    scratch: Option<File>,
}

/// What was seen of a file while it was copied.
struct Seen {
    /// None if the user said the encoding.
    encoding: Option<EncodingGuess>,
    scanned: Option<(Early, Result<Scan>)>,
}

impl Workspace {
    /// Copies a file to `key` and finds out how it is read. `facts` is what is known of it even if it is refused.
    pub(super) fn take_in(
        &self,
        file: &mut Upstream<'_>,
        key: &str,
        wishes: &Wishes<'_>,
        facts: &mut FileFacts,
    ) -> Result<TakenIn> {
        if file.head.is_empty() {
            *facts = FileFacts::of(&Stored::of_nothing());
            refuse_binary(&file.head, TextEncoding::UTF_8).map_err(Error::Refused)?;
        }
        let early = if is_container(&file.head) { None } else { self.early(file, wishes)? };
        let is_said = wishes.hints.encoding.is_some();
        let watch = |copy: BlockReader| self.see(copy, early, is_said);
        let (put, seen) = self.files.put(key, file.reader(), self.limits.bytes, watch)?;
        let (stored, original) = put.ok_or_else(|| too_large(None, self.limits.bytes))?;
        let taken_in = file.refuse_changed(stored.size_bytes).and_then(|()| {
            *facts = FileFacts::of(&stored);
            self.understand(file, (&stored, original, seen?), wishes, facts)
        });
        // What was not stored under this key is not ours to remove: somebody else's file may lie there.
        taken_in.inspect_err(|_| self.drop_file(key))
    }

    /// Finds out how a stored file is read, as far as that was not seen while it was copied.
    fn understand(
        &self,
        file: &Upstream<'_>,
        (stored, mut original, seen): (&Stored, File, Seen),
        wishes: &Wishes<'_>,
        facts: &mut FileFacts,
    ) -> Result<TakenIn> {
        let Seen { encoding, scanned } = seen;
        let kind = kind_of(&file.head, &mut original).map_err(Error::Refused)?;
        refuse_idle_hints(wishes.hints, kind)?;
        let found = match kind {
            Some(kind) => {
                facts.format = Some(kind.key().to_owned());
                self.read_workbook(original, kind, wishes)?
            }
            None => {
                let (encoding, guess) = chosen(wishes.hints, encoding);
                refuse_binary(&file.head, encoding).map_err(Error::Refused)?;
                let format = Format::Csv { encoding, guess };
                facts.format = Some(CSV.to_owned());
                match scanned {
                    Some((early, scan)) if early.encoding == encoding => {
                        let text = early.scratch.unwrap_or(original);
                        Found { format, text: Text::of(text), source: early.source, recipe: early.recipe, scan: scan? }
                    }
                    _ => {
                        let text = self.decoded(original, encoding)?;
                        self.read_text(text, format, None, wishes)?
                    }
                }
            }
        };
        let Found { format, text, source, recipe, scan } = found;
        let text_bytes = if format.is_stored_text() { None } else { Some(text.size_bytes().map_err(scratch_broken)?) };
        let source = SourceInfo::of(stored, text_bytes, &format, &source).with(scan.forms.clone(), wishes.hints);
        let recipe = recipe.with_findings(scan.forms.clone(), &scan);
        Ok(TakenIn { source, recipe, scan, text })
    }

    /// How the file will be read, if its first bytes tell.
    fn early(&self, file: &Upstream<'_>, wishes: &Wishes<'_>) -> Result<Option<Early>> {
        let encoding = wishes.hints.encoding.unwrap_or_else(|| guess_of_head(&file.head).encoding);
        if refuse_binary(&file.head, encoding).is_err() {
            return Ok(None);
        }
        let mut text = Vec::new();
        if encoding == TextEncoding::UTF_8 {
            text.clone_from(&file.head);
        } else {
            let decoded = Decoder::new(file.head.as_slice(), encoding).read_to_end(&mut text);
            decoded.map_err(scratch_broken)?;
        }
        let Some(head) = TextHead::of_first_bytes(text, file.is_whole()) else { return Ok(None) };
        let layout = find_layout(head.head(), wishes.hints, None, &|header| wishes.is_known(header));
        let Some(source) = header_in(head.head(), &layout) else { return Ok(None) };
        let Ok(mapping) = wishes.mapping(&source, |_| Vec::new()) else { return Ok(None) };
        let scratch = if encoding == TextEncoding::UTF_8 { None } else { Some(self.files.scratch()?) };
        let recipe = self.recipe(wishes.settings.clone(), mapping);
        Ok(Some(Early { encoding, source, recipe, scratch }))
    }

    /// Looks at every byte of a copy: for its encoding, and for its records if it is known how to read them.
    fn see(&self, copy: BlockReader, early: Option<Early>, is_said: bool) -> Result<Seen> {
        let mut copy = Detecting { source: copy, detector: (!is_said).then(EncodingDetector::new) };
        let scanned = early
            .map(|early| {
                let scan = self.scan_copy(&mut copy, &early)?;
                Ok::<_, Error>((early, scan))
            })
            .transpose()?;
        // A scan that refuses the file stops early; the encoding hangs on all of it.
        io::copy(&mut copy, &mut io::sink()).map_err(scratch_broken)?;
        Ok(Seen { encoding: copy.detector.map(EncodingDetector::finish), scanned })
    }

    fn scan_copy(&self, copy: impl Read, early: &Early) -> Result<Result<Scan>> {
        let (source, recipe) = (&early.source, &early.recipe);
        let Some(scratch) = &early.scratch else {
            return Ok(self.scan_from_top(copy, source, recipe));
        };
        let mut text = Copying {
            source: Decoder::new(copy, early.encoding),
            copy: BufWriter::with_capacity(SCRATCH_BYTES, scratch),
        };
        let scan = self.scan_from_top(&mut text, source, recipe);
        io::copy(&mut text, &mut io::sink()).and_then(|_| text.copy.flush()).map_err(scratch_broken)?;
        Ok(scan)
    }

    fn scan_from_top(&self, mut text: impl Read, source: &Source, recipe: &Recipe) -> Result<Scan> {
        let above = io::copy(&mut (&mut text).take(source.body.byte), &mut io::sink());
        above.map_err(scratch_broken)?;
        let reader = RecordReader::new(text, source.dialect, source.body);
        Ok(scan(reader, recipe, self.scan_limits(recipe))?)
    }

    /// The text of a stored file, decoded to a scratch file unless it is UTF-8.
    pub(super) fn decoded(&self, mut original: File, encoding: TextEncoding) -> Result<Text> {
        original.rewind().map_err(scratch_broken)?;
        if encoding == TextEncoding::UTF_8 {
            return Ok(Text::of(original));
        }
        let mut scratch = self.files.scratch()?;
        io::copy(&mut Decoder::new(original, encoding), &mut scratch).map_err(scratch_broken)?;
        Ok(Text::of(scratch))
    }

    fn read_workbook(&self, original: File, kind: WorkbookKind, wishes: &Wishes<'_>) -> Result<Found> {
        let (text, sheet) = self.workbook_text(original, wishes.hints.sheet.as_deref())?;
        let (read, others) = (sheet.sheet.clone(), sheet.others());
        let format = Format::Workbook { kind, sheet };
        let settings = Settings { decimal_if_open: Some(Decimal::Point), ..wishes.settings.clone() };
        let wishes = Wishes { settings, ..*wishes };
        self.read_text(text, format, Some(WORKBOOK_DIALECT), &wishes).map_err(|error| match error {
            Error::Refused(problem) if !others.is_empty() => {
                let hint = format!("{} This is the sheet {read}; others are {others} (--sheet NAME).", problem.hint);
                Error::Refused(Problem { hint, ..problem })
            }
            error => error,
        })
    }

    pub(super) fn workbook_text(&self, original: File, sheet: Option<&str>) -> Result<(Text, SheetInfo)> {
        let scratch = self.files.scratch()?;
        let copy = scratch.try_clone().map_err(scratch_broken)?;
        let sheet = self.workbook_reader()?.read(original, sheet, copy)?;
        Ok((Text::of(scratch), sheet))
    }

    /// Finds out how a whole text is read: the slow way, for what its first bytes do not tell or what is about to be
    /// refused for a reason that needs all of it.
    fn read_text(&self, text: Text, format: Format, fixed: Option<Dialect>, wishes: &Wishes<'_>) -> Result<Found> {
        let head = text.head().map_err(scratch_broken)?;
        let layout = find_layout(head.head(), wishes.hints, fixed, &|header| wishes.is_known(header));
        let source = read_header(text.from(layout.start.byte), &layout)?;
        let records = || RecordReader::new(text.from(source.body.byte), source.dialect, source.body);
        let mapping = wishes.mapping(&source, |columns| filled_columns(records(), columns))?;
        let recipe = self.recipe(wishes.settings.clone(), mapping);
        let scan = scan(records(), &recipe, self.scan_limits(&recipe))?;
        Ok(Found { format, text, source, recipe, scan })
    }

    fn recipe(&self, settings: Settings, mapping: Mapping) -> Recipe {
        Recipe::new(settings, mapping, Vec::new()).with_seeds(self.hash_seed, self.key_seed)
    }

    fn scan_limits(&self, recipe: &Recipe) -> Limits {
        Limits { rows: self.limits.rows_of(recipe.settings.record_type), bytes: self.limits.bytes }
    }

    /// The text of a stored file as it was when the import was prepared.
    pub(super) fn text_again(&self, key: &str, original: File, source: &SourceInfo) -> Result<Text> {
        let text = match source.text_encoding()? {
            Some(encoding) => self.decoded(original, encoding)?,
            None => self.workbook_text(original, source.sheet.as_deref())?.0,
        };
        match source.text_bytes {
            Some(bytes) if text.size_bytes().map_err(scratch_broken)? != bytes => {
                Err(Error::ReadOtherwise(key.to_owned()))
            }
            _ => Ok(text),
        }
    }

    /// Scans a text again whose layout is known.
    pub(super) fn scan_again(
        &self,
        text: &Text,
        (source, corrections): (&SourceInfo, &Arc<Corrections>),
        recipe: &Recipe,
        limits: Limits,
    ) -> Result<Scan> {
        let reader = RecordReader::new(text.from(source.body_byte), source.dialect(), source.body());
        Ok(scan(reader.with_corrections(corrections), recipe, limits)?)
    }
}

/// A text that can be imported.
struct Found {
    format: Format,
    text: Text,
    source: Source,
    recipe: Recipe,
    scan: Scan,
}

/// What was said about the file must be able to mean something.
pub(super) fn refuse_idle_hints(hints: &Hints, kind: Option<WorkbookKind>) -> Result<()> {
    let (what, hint) = match kind {
        None if hints.sheet.is_some() => ("text and has no sheets", "Leave out --sheet."),
        Some(_) if hints.encoding.is_some() || hints.delimiter.is_some() => {
            ("a workbook, which has neither encoding nor delimiter", "Leave out --encoding and --delimiter.")
        }
        _ => return Ok(()),
    };
    Err(Error::usage(format!("The file is {what}"), hint))
}

/// The encoding the user said, or else the one that was found.
pub(super) fn chosen(hints: &Hints, detected: Option<EncodingGuess>) -> (TextEncoding, Guess<TextEncoding>) {
    match (hints.encoding, detected) {
        (Some(said), _) => (said, Guess { certainty: 100, runner_up: None }),
        (None, Some(found)) => (found.encoding, Guess { certainty: found.certainty, runner_up: found.runner_up }),
        (None, None) => (TextEncoding::UTF_8, Guess { certainty: 0, runner_up: None }),
    }
}

/// The header, if it lies whole within the first bytes of a file.
fn header_in(head: Head<'_>, layout: &Layout) -> Option<Source> {
    let behind = &head.text[(layout.start.byte - head.start.byte) as usize..];
    let source = read_header(behind, layout).ok()?;
    (source.body.byte < layout.start.byte + behind.len() as u64).then_some(source)
}

fn scratch_broken(error: io::Error) -> Error {
    Error::Files { doing: "decode", path: "the stored original".to_owned(), source: error }
}

/// Shows every byte that is read to the detector of encodings.
struct Detecting<R> {
    source: R,
    detector: Option<EncodingDetector>,
}

impl<R: Read> Read for Detecting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        if let Some(detector) = &mut self.detector {
            detector.feed(&buffer[..count]);
        }
        Ok(count)
    }
}
