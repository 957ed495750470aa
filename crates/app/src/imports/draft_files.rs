//! The files of drafts: taken in and looked at, without asking yet what their columns are; looked at anew when somebody says
//! that they are read otherwise; and the failed rows of an import, as a file of their own.

use std::fs::File;
use std::io::{Read, Seek};

use convoke_people::id::{ImportId, UploadId};
use convoke_pipeline::detect::encoding::{EncodingDetector, EncodingGuess};
use convoke_pipeline::mapping::Mapping;
use convoke_pipeline::problem::Problem;
use convoke_pipeline::results::Selection;
use convoke_pipeline::settings::Settings;
use convoke_pipeline::source::{HEAD_BYTES, WORKBOOK_DIALECT, refuse_binary};
use convoke_pipeline::workbook::kind_of;
use convoke_store::audit::add_entry;
use convoke_store::belongings::give_import;
use convoke_store::corrections::copy_corrections;
use convoke_store::drafts::{draft_of, set_draft};
use convoke_store::imports::{Import, ImportKind, ImportState};
use convoke_store::{imports, uploads};

use super::choices::Choices;
use super::drafts::Kept;
use super::found::Found;
use super::intake::{chosen, refuse_idle_hints};
use super::prepare::{decode_hex, from_anywhere, from_json, json, upload_of};
use super::source_info::{CSV, FileFacts, Format, Said};
use super::text::Text;
use super::upstream::{Upstream, too_large};
use crate::error::{Error, Result};
use crate::files::{BlockReader, Stored};
use crate::once;
use crate::permissions::Permission;
use crate::workspace::Workspace;

/// Bytes of a file that are looked at together.
const BLOCK_BYTES: usize = 256 << 10;

/// A file that was taken in as a draft, or refused; either way it is in the history.
pub enum Uploaded {
    Draft(Box<once::Kept<Import>>),
    Refused(ImportId, Problem),
}

impl Uploaded {
    fn draft(self) -> Result<once::Kept<Import>> {
        match self {
            Self::Draft(draft) => Ok(*draft),
            Self::Refused(_, problem) => Err(Error::Refused(problem)),
        }
    }
}

/// What a draft comes from.
#[derive(Clone, Copy)]
enum After {
    Nothing,
    FailedRowsOf(ImportId),
    SameFile(ImportId),
}

impl Workspace {
    /// Takes a file in whose import is prepared step by step.
    pub fn upload_draft(&self, name: &str, bytes: impl Read, choices: &Choices) -> Result<Uploaded> {
        from_anywhere(name, bytes, |file| self.receive_draft(file, choices, After::Nothing))
    }

    /// Takes the file of an import in once more, as a draft of its own with the same choices and corrected cells.
    pub fn repeat(&self, id: ImportId) -> Result<once::Kept<Import>> {
        self.require(Permission::Import)?;
        let earlier = self.find_import(id)?;
        if earlier.upload.is_none() {
            return Err(Error::Conflict {
                message: format!("The file of {id} could not be understood and was not kept"),
                hint: "Upload it once more.".to_owned(),
            });
        }
        let (upload, source) = self.original_of(&earlier)?;
        let choices = match self.store.read(|r| draft_of(r, self.id, id))? {
            Some(kept) => from_json::<Kept>(&kept)?.choices,
            None => {
                let (settings, mapping): (Settings, Mapping) =
                    (from_json(&earlier.settings)?, from_json(&earlier.mapping)?);
                let Said { encoding, delimiter, header_row, sheet } = source.said;
                Choices { encoding, delimiter, header_row, sheet, ..Choices::again(&settings, &mapping) }
            }
        };
        let original = self.files.open(&upload.storage_key, &upload.sha256)?;
        let uploaded = from_anywhere(&earlier.file_name, original, |file| {
            self.receive_draft(file, &choices, After::SameFile(id))
        })?;
        uploaded.draft()
    }

    /// Takes the failed rows of an import as a draft of their own, with the same choices.
    pub fn follow_up(&self, id: ImportId) -> Result<once::Kept<Import>> {
        self.require(Permission::Import)?;
        let parent = self.find_import(id)?;
        let has_ended = matches!(parent.state, ImportState::Completed | ImportState::Failed | ImportState::Cancelled);
        if parent.kind != ImportKind::Import || !has_ended || parent.counts.failed == 0 {
            return Err(Error::Conflict {
                message: format!("{id} has no failed rows to import again"),
                hint: "Only an import that has ended and of which rows failed is followed by another.".to_owned(),
            });
        }
        let (settings, mapping): (Settings, Mapping) = (from_json(&parent.settings)?, from_json(&parent.mapping)?);
        let mut failed = self.files.scratch()?;
        self.put_results(id, Selection::Failed, &failed)?;
        failed.rewind().map_err(|e| Error::Files { doing: "read", path: "the failed rows".to_owned(), source: e })?;
        let name = format!("failed rows of {}", parent.file_name);
        let choices = Choices::again(&settings, &mapping);
        let uploaded =
            from_anywhere(&name, failed, |file| self.receive_draft(file, &choices, After::FailedRowsOf(id)))?;
        uploaded.draft()
    }

    fn receive_draft(&self, mut file: Upstream<'_>, choices: &Choices, after: After) -> Result<Uploaded> {
        self.require(Permission::Import)?;
        let options = choices.options()?;
        self.settings(&options)?;
        let id = ImportId(self.draw_block()?.id(0));
        let key = format!("{}/{}", self.id.0, UploadId(id.0));
        let mut facts = FileFacts::default();
        let parent = if let After::FailedRowsOf(parent) = after { Some(parent) } else { None };
        let new = Import { parent, ..self.new_import(id, ImportKind::Import, &file.name, choices.of()) };
        let found = match self.look_at(&mut file, &key, choices, &mut facts) {
            Ok(found) => found,
            Err(error) => {
                let Error::Refused(problem) = error else { return Err(error) };
                facts.sha256.iter().for_each(|sha256| self.know_body(&decode_hex(sha256)));
                self.record_refusal(Import { source: json(&facts)?, ..new }, &problem)?;
                return Ok(Uploaded::Refused(id, problem));
            }
        };
        let upload = upload_of(id, &file.name, &found.source, &key);
        let (source, total) = (json(&found.source)?, found.records);
        let import = Import { upload: Some(upload.id), source, total, ..new };
        let kept = json(&Kept { choices: choices.clone(), found })?;
        let (entry, by) = (self.uploaded(&import)?, self.actor.name());
        self.know_body(&upload.sha256);
        let recorded = self.store.write(|tx| {
            uploads::add_upload(tx, self.id, &upload, &by)?;
            imports::add_import(tx, self.id, &import)?;
            add_entry(tx, self.id, &entry)?;
            if let Some(member) = self.actor.member() {
                give_import(tx, self.id, id, member)?;
            }
            set_draft(tx, self.id, id, &kept)?;
            if let After::SameFile(earlier) = after {
                copy_corrections(tx, self.id, earlier, id)?;
            }
            self.keep_found(tx, id)
        });
        let recorded = recorded.inspect_err(|_| self.remove_unrecorded(id, &key))?;
        Ok(Uploaded::Draft(Box::new(recorded)))
    }

    /// Stores a file and finds out how it is read.
    fn look_at(&self, file: &mut Upstream<'_>, key: &str, choices: &Choices, facts: &mut FileFacts) -> Result<Found> {
        if file.head.is_empty() {
            *facts = FileFacts::of(&Stored::of_nothing());
        }
        let detect = |mut copy: BlockReader| {
            let mut detector = EncodingDetector::new();
            let mut block = vec![0; BLOCK_BYTES];
            while let Ok(read @ 1..) = copy.read(&mut block) {
                detector.feed(&block[..read]);
            }
            detector.finish()
        };
        let (put, guess) = self.files.put(key, file.reader(), self.limits.bytes, detect)?;
        let (stored, original) = put.ok_or_else(|| too_large(None, self.limits.bytes))?;
        *facts = FileFacts::of(&stored);
        let found = self.find_out(&file.head, (&stored, original, guess), choices, facts);
        // What was not stored under this key is not ours to remove.
        found.inspect_err(|_| self.drop_file(key))
    }

    /// Finds out how a stored file is read.
    fn find_out(
        &self,
        head: &[u8],
        (stored, mut original, guess): (&Stored, File, EncodingGuess),
        choices: &Choices,
        facts: &mut FileFacts,
    ) -> Result<Found> {
        let hints = choices.options()?.hints;
        let kind = kind_of(head, &mut original).map_err(Error::Refused)?;
        refuse_idle_hints(&hints, kind)?;
        if let Some(kind) = kind {
            facts.format = Some(kind.key().to_owned());
            let (text, sheet) = self.workbook_text(original, hints.sheet.as_deref())?;
            return self.found_in(stored, &text, Format::Workbook { kind, sheet }, choices);
        }
        let (encoding, guess) = chosen(&hints, Some(guess));
        refuse_binary(head, encoding).map_err(Error::Refused)?;
        facts.format = Some(CSV.to_owned());
        self.found_in(stored, &self.decoded(original, encoding)?, Format::Csv { encoding, guess }, choices)
    }

    fn found_in(&self, stored: &Stored, text: &Text, format: Format, choices: &Choices) -> Result<Found> {
        let options = choices.options()?;
        let (settings, columns) = (self.settings(&options)?, self.choices(&options)?);
        let fixed = matches!(format, Format::Workbook { .. }).then_some(WORKBOOK_DIALECT);
        Found::look(stored, text, format, (&options.hints, fixed), |header| columns.know(header, &settings))
    }

    /// Finds out anew how a stored file is read.
    pub(super) fn look_again(&self, import: &Import, choices: &Choices) -> Result<Found> {
        let (upload, _) = self.original_of(import)?;
        let mut original = self.files.open(&upload.storage_key, &upload.sha256)?;
        let broken = |e| Error::Files { doing: "read", path: upload.storage_key.clone(), source: e };
        let (mut head, mut detector) = (Vec::new(), EncodingDetector::new());
        let mut block = vec![0; BLOCK_BYTES];
        loop {
            let read = original.read(&mut block).map_err(broken)?;
            if read == 0 {
                break;
            }
            let room = HEAD_BYTES.saturating_sub(head.len()).min(read);
            head.extend_from_slice(&block[..room]);
            detector.feed(&block[..read]);
        }
        original.rewind().map_err(broken)?;
        let stored = Stored { size_bytes: upload.size_bytes, sha256: upload.sha256.clone() };
        self.find_out(&head, (&stored, original, detector.finish()), choices, &mut FileFacts::default())
    }
}
