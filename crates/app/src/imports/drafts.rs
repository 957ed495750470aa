//! Drafts: an import that is prepared step by step. A file is uploaded and looked at; what was chosen is kept with it, can
//! be changed by anybody, and survives restarts; it is checked, and the plan of that check is what is confirmed.

use std::fs::File;
use std::io::{Read, Seek};

use convoke_people::id::{ImportId, UploadId};
use convoke_people::number::Decimal;
use convoke_pipeline::detect::encoding::{EncodingDetector, EncodingGuess};
use convoke_pipeline::mapping::{Mapping, MappingChoices};
use convoke_pipeline::problem::{Problem, ProblemCode};
use convoke_pipeline::settings::{Settings, StopRule};
use convoke_pipeline::source::{HEAD_BYTES, WORKBOOK_DIALECT, refuse_binary};
use convoke_pipeline::workbook::kind_of;
use convoke_store::audit::add_entry;
use convoke_store::belongings::give_import;
use convoke_store::corrections::forget_corrections;
use convoke_store::drafts::{
    Change, DraftChange, Frozen, begin_check, change_draft, confirm, draft_of, keep_as_dry_run,
};
use convoke_store::drafts::{set_draft, starts_of};
use convoke_store::imports::{Import, ImportKind, ImportState, OnDrift};
use convoke_store::{StoreError, Tx, imports, uploads};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::choices::Choices;
use super::found::Found;
use super::intake::{chosen, refuse_idle_hints};
use super::prepare::{decode_hex, from_anywhere, from_json, json, upload_of};
use super::shapes::rfc3339;
use super::source_info::{CSV, FileFacts, Format, hex};
use super::upstream::{Upstream, too_large};
use crate::audit::Action;
use crate::crash;
use crate::error::{Error, Result};
use crate::files::{BlockReader, Stored};
use crate::once;
use crate::permissions::Permission;
use crate::workspace::Workspace;

/// Bytes of a file that are looked at together.
const BLOCK_BYTES: usize = 256 << 10;
/// How often a change is made anew that met another one.
const TRIES: u32 = 10;

/// What is kept of a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) choices: Choices,
    pub(super) found: Found,
}

/// A draft and its import.
pub struct Draft {
    pub import: Import,
    pub(super) kept: Kept,
    /// The newest import of the same content.
    pub same_as: Option<ImportId>,
}

/// A file that was taken in as a draft, or refused; either way it is in the history.
pub enum Uploaded {
    Draft(Box<once::Kept<Import>>),
    Refused(ImportId, Problem),
}

impl Workspace {
    /// Takes a file in whose import is prepared step by step.
    pub fn upload_draft(&self, name: &str, bytes: impl Read, choices: &Choices) -> Result<Uploaded> {
        from_anywhere(name, bytes, |file| self.receive_draft(file, choices, None))
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
        self.put_results(id, convoke_pipeline::results::Selection::Failed, &failed)?;
        failed.rewind().map_err(|e| Error::Files { doing: "read", path: "the failed rows".to_owned(), source: e })?;
        let name = format!("failed rows of {}", parent.file_name);
        let choices = Choices::again(&settings, &mapping);
        let uploaded = from_anywhere(&name, failed, |file| self.receive_draft(file, &choices, Some(id)))?;
        match uploaded {
            Uploaded::Draft(draft) => Ok(*draft),
            Uploaded::Refused(_, problem) => Err(Error::Refused(problem)),
        }
    }

    fn receive_draft(&self, mut file: Upstream<'_>, choices: &Choices, parent: Option<ImportId>) -> Result<Uploaded> {
        self.require(Permission::Import)?;
        let options = choices.options()?;
        self.settings(&options)?;
        let id = ImportId(self.draw_block()?.id(0));
        let key = format!("{}/{}", self.id.0, UploadId(id.0));
        let mut facts = FileFacts::default();
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
            self.keep_found(tx, id)
        });
        if recorded.is_err() && self.store.read(|r| imports::find_import(r, self.id, id)).is_ok_and(|it| it.is_none()) {
            self.drop_file(&key);
        }
        Ok(Uploaded::Draft(Box::new(recorded?)))
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

    fn found_in(&self, stored: &Stored, text: &super::text::Text, format: Format, choices: &Choices) -> Result<Found> {
        let options = choices.options()?;
        let (settings, columns) = (self.settings(&options)?, self.choices(&options)?);
        let fixed = matches!(format, Format::Workbook { .. }).then_some(WORKBOOK_DIALECT);
        Found::look(stored, text, format, (&options.hints, fixed), |header| columns.know(header, &settings))
    }

    /// A draft, and everything that was one.
    pub fn draft(&self, id: ImportId) -> Result<Draft> {
        let import = self.find_import(id)?;
        let (kept, same_as) = self.store.read(|r| {
            let upload = import.upload.map(|upload| uploads::find_upload(r, self.id, upload)).transpose()?.flatten();
            let same = upload.map(|upload| imports::import_of_content(r, self.id, &upload.sha256, id)).transpose()?;
            Ok((draft_of(r, self.id, id)?, same.flatten()))
        })?;
        let kept = kept.ok_or_else(|| {
            Error::not_found(format!("{id} was never a draft"), "It was imported or checked in one request.")
        })?;
        Ok(Draft { import, kept: from_json(&kept)?, same_as })
    }

    /// Changes what was chosen: `patch` is a JSON merge patch. `seen` is the revision it is made on.
    pub fn change_draft(&self, id: ImportId, seen: Option<u64>, patch: &Value) -> Result<Draft> {
        self.require(Permission::Import)?;
        for _ in 0..TRIES {
            let Draft { import, kept, .. } = self.draft(id)?;
            refuse_unless_draft(&import)?;
            if seen.is_some_and(|seen| seen != import.revision) {
                return Err(Error::ChangedMeanwhile(format!("{id} was changed since it was read")));
            }
            let choices = kept.choices.patched(patch)?;
            let options = choices.options()?;
            self.settings(&options)?;
            self.choices(&options)?;
            let is_same = choices.reads_alike(&kept.choices);
            let found = if is_same { kept.found } else { self.look_again(&import, &choices)? };
            let (source, total) = (json(&found.source)?, found.records);
            let draft = json(&Kept { choices: choices.clone(), found })?;
            let change = DraftChange { record_type: choices.of(), draft: &draft, source: &source, total };
            let changed = self.store.write(|tx| {
                if !is_same {
                    // Rows and columns may be others than those that were corrected.
                    forget_corrections(tx, self.id, id)?;
                }
                change_draft(tx, self.id, (id, import.revision), &change)
            })?;
            if changed == Change::Made {
                return self.draft(id);
            }
        }
        Err(too_lively(id))
    }

    /// Finds out anew how a stored file is read.
    fn look_again(&self, import: &Import, choices: &Choices) -> Result<Found> {
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

    /// Has a draft checked by the first worker that finds it. What still has to be decided is told at once.
    pub fn begin_check(&self, id: ImportId) -> Result<once::Kept<Import>> {
        self.require(Permission::Import)?;
        let begun = self.start_check(id, |tx| self.keep_found(tx, id))?;
        begun.map_or_else(|| self.keep_as_it_is(&self.find_import(id)?), Ok)
    }

    /// Has it checked again, which is not what was asked for.
    fn check_again(&self, id: ImportId) -> Result<()> {
        self.start_check(id, |_| Ok(())).map(drop)
    }

    /// None: it is being checked already. `begun` is part of the transaction.
    fn start_check<T>(
        &self,
        id: ImportId,
        begun: impl Fn(&mut Tx<'_>) -> std::result::Result<T, StoreError>,
    ) -> Result<Option<T>> {
        for _ in 0..TRIES {
            let Draft { import, kept, .. } = self.draft(id)?;
            if import.state == ImportState::Checking {
                return Ok(None);
            }
            refuse_unless_draft(&import)?;
            let (settings, mapping) = self.frozen(&kept)?;
            let frozen = Frozen { mapping: &json(&mapping)?, settings: &json(&settings)? };
            let started = self.store.write(|tx| match begin_check(tx, self.id, (id, import.revision), &frozen)? {
                Change::Made => begun(tx).map(Some),
                Change::TooLate => Ok(None),
            })?;
            if started.is_some() {
                return Ok(started);
            }
        }
        Err(too_lively(id))
    }

    /// What a check reads besides the file, as the workspace is now.
    pub(super) fn frozen(&self, kept: &Kept) -> Result<(Settings, Mapping)> {
        let options = kept.choices.options()?;
        let (mut settings, columns) = (self.settings(&options)?, self.choices(&options)?);
        if kept.found.source.encoding.is_none() {
            settings.decimal_if_open = Some(Decimal::Point);
        }
        let mapping = kept.mapping(&columns, &settings).map_err(Error::Refused)?;
        Ok((settings, mapping))
    }

    /// Starts the import whose plan has this digest. Asked again it answers the same; of a plan that would not be the
    /// one that is run it is said so, and it is checked anew.
    pub fn confirm(&self, id: ImportId, plan: &str, on_drift: OnDrift) -> Result<once::Kept<Import>> {
        self.require(Permission::Import)?;
        for _ in 0..TRIES {
            let import = self.find_import(id)?;
            let is_meant = import.plan_digest.as_deref().map(hex).is_some_and(|digest| digest == plan);
            match import.state {
                ImportState::Ready if is_meant => {}
                ImportState::Ready => return Err(stale(id, "It has another plan than the one that was confirmed")),
                ImportState::Draft if import.plan_digest.is_some() => {
                    self.check_again(id)?;
                    return Err(stale(id, "It was changed since it was checked; it is checked again"));
                }
                ImportState::Checking => return Err(stale(id, "It is being checked")),
                ImportState::Draft | ImportState::Refused => {
                    return Err(Error::Conflict {
                        message: format!("{id} is {} and has no plan to confirm", import.state.key()),
                        hint: "Check it first.".to_owned(),
                    });
                }
                _ if is_meant && import.kind == ImportKind::Import => return self.keep_as_it_is(&import),
                state => {
                    return Err(Error::Conflict {
                        message: format!("{id} is {} and cannot be confirmed", state.key()),
                        hint: "See its report.".to_owned(),
                    });
                }
            }
            let (settings, mapping) = self.frozen(&self.draft(id)?.kept)?;
            if (settings, mapping) != (from_json(&import.settings)?, from_json(&import.mapping)?) {
                self.check_again(id)?;
                return Err(stale(id, "Groups or fields changed since it was checked; it is checked again"));
            }
            refuse_by_stop_rule(&import)?;
            let digest = import.plan_digest.as_deref().unwrap_or_default();
            let chunks = self.starts(id)?.len() as u32;
            let entry = self.entry(Action::ImportConfirmed, Some(id.to_string()), json!({"plan": plan}))?;
            let confirmed = self.store.write(|tx| match confirm(tx, self.id, (id, digest), chunks, on_drift)? {
                Change::Made => {
                    add_entry(tx, self.id, &entry)?;
                    self.keep_found(tx, id).map(Some)
                }
                Change::TooLate => Ok(None),
            })?;
            if let Some(confirmed) = confirmed {
                crash::at("confirmed");
                return Ok(confirmed);
            }
        }
        Err(too_lively(id))
    }

    /// Where the chunks of an import start: byte and row.
    pub(super) fn starts(&self, id: ImportId) -> Result<Vec<(u64, u32)>> {
        let starts = self.store.read(|r| starts_of(r, self.id, id))?;
        starts.map_or_else(|| Ok(Vec::new()), |starts| from_json(&starts))
    }

    /// Keeps what was checked as a dry run.
    pub fn keep_as_dry_run(&self, id: ImportId) -> Result<once::Kept<Import>> {
        self.require(Permission::Import)?;
        let kept = self.store.write(|tx| match keep_as_dry_run(tx, self.id, id)? {
            Change::Made => self.keep_found(tx, id).map(Some),
            Change::TooLate => Ok(None),
        })?;
        if let Some(kept) = kept {
            return Ok(kept);
        }
        let import = self.find_import(id)?;
        let is_dry_run = import.kind == ImportKind::DryRun && import.state == ImportState::Completed;
        if is_dry_run {
            return self.keep_as_it_is(&import);
        }
        Err(Error::Conflict {
            message: format!("{id} is {} and cannot be kept as a dry run", import.state.key()),
            hint: "Only what is ready can; check it first.".to_owned(),
        })
    }
}

impl Kept {
    /// What the columns are, or what still has to be said.
    pub(super) fn mapping(
        &self,
        columns: &MappingChoices,
        settings: &Settings,
    ) -> std::result::Result<Mapping, Problem> {
        let found = &self.found;
        Mapping::decide(&found.headers, columns, settings, |nameless| {
            nameless.into_iter().filter(|column| !found.samples[*column].is_empty()).collect()
        })
    }
}

fn refuse_by_stop_rule(import: &Import) -> Result<()> {
    let settings: Settings = from_json(&import.settings)?;
    let (failed, total) = (import.counts.failed, import.total);
    let Some(rule) = settings.stop_rule.filter(|rule| rule.is_broken_by(failed, total)) else { return Ok(()) };
    let most = match rule {
        StopRule::Rows(most) => most.to_string(),
        StopRule::Percent(most) => format!("{most} %"),
    };
    Err(Error::Refused(Problem::new(
        ProblemCode::StopRule,
        format!("{failed} of {total} rows would fail; this import allows {most}"),
        "Nothing was imported. Correct the rows, or allow more.",
    )))
}

pub(super) fn refuse_unless_draft(import: &Import) -> Result<()> {
    if matches!(import.state, ImportState::Draft | ImportState::Ready) {
        return Ok(());
    }
    let since = import.started_at.map(|at| format!(" since {}", rfc3339(at))).unwrap_or_default();
    Err(Error::Conflict {
        message: format!("{} is {}{since} and no draft", import.id, import.state.key()),
        hint: if import.state == ImportState::Checking { "Wait until its check has ended." } else { "See its report." }
            .to_owned(),
    })
}

fn stale(id: ImportId, why: &str) -> Error {
    Error::PlanStale(format!("{id} was not started. {why}"))
}

fn too_lively(id: ImportId) -> Error {
    StoreError::Busy(format!("{id} changes all the time")).into()
}
