//! Prepares an import: takes the file in and records the import or dry run, or its refusal.

use std::cell::Cell;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use convoke_people::id::{Block, ImportId, UploadId};
use convoke_people::record_type::RecordType;
use convoke_pipeline::mapping::MappingChoices;
use convoke_pipeline::problem::Problem;
use convoke_pipeline::recipe::Recipe;
use convoke_pipeline::records::Corrections;
use convoke_pipeline::scan::Scan;
use convoke_pipeline::settings::Settings;
use convoke_store::audit::{self, Entry};
use convoke_store::belongings::give_import;
use convoke_store::imports::{Import, ImportKind, ImportState, OnDrift};
use convoke_store::jobs::{Begins, JobKind, NewJob};
use convoke_store::uploads::Upload;
use convoke_store::{StoreError, drafts, imports, jobs, uploads};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::check::starts;
use super::intake::{TakenIn, Wishes};
use super::options::ImportOptions;
use super::source_info::{FileFacts, SourceInfo};
use super::text::Text;
use super::upstream::{Upstream, open_upload};
use crate::audit::Action;
use crate::crash;
use crate::error::{Error, Result};
use crate::once::Kept;
use crate::permissions::Permission;
use crate::workspace::Workspace;

/// A file that can be imported: stored, mapped, scanned, recorded.
pub struct Prepared {
    pub id: ImportId,
    pub kind: ImportKind,
    pub file_name: String,
    pub source: SourceInfo,
    pub recipe: Recipe,
    pub scan: Scan,
    /// Cells that were corrected after the upload.
    pub(crate) corrections: Arc<Corrections>,
    pub(crate) storage_key: String,
    pub(crate) text: Text,
    /// The same content was imported before.
    pub same_as: Option<ImportId>,
    /// As it was recorded.
    pub recorded: Option<Kept<Import>>,
}

impl Prepared {
    pub(crate) fn block(&self) -> Block {
        Block::of(self.id.0)
    }
}

/// An upload that was taken in, or refused; either way it is in the history.
pub enum Received {
    Accepted(Box<Prepared>),
    Refused(ImportId, Problem),
}

impl Workspace {
    /// Stores, reads and scans a file of this machine, and records the import or dry run, which this process begins
    /// itself. A refused file is recorded as refused.
    pub fn prepare(&self, path: &Path, options: &ImportOptions, kind: ImportKind) -> Result<Prepared> {
        let ask = Ask::of(self, options, kind, Begins::Maker)?;
        let file = open_upload(path, self.limits.bytes)?;
        match self.receive(file, ask)? {
            Received::Accepted(prepared) => Ok(*prepared),
            Received::Refused(_, problem) => Err(Error::Refused(problem)),
        }
    }

    /// The same for bytes that come from anywhere; an import is begun by the first worker that finds it. If they break
    /// off nothing is kept and nothing recorded.
    pub fn upload(&self, name: &str, bytes: impl Read, options: &ImportOptions, kind: ImportKind) -> Result<Received> {
        // Whoever asks for a dry run waits for it, and makes it.
        let begins = if kind == ImportKind::DryRun { Begins::Maker } else { Begins::AnyWorker };
        let ask = Ask::of(self, options, kind, begins)?;
        from_anywhere(name, bytes, |file| self.receive(file, ask))
    }

    fn receive(&self, mut file: Upstream<'_>, ask: Ask<'_>) -> Result<Received> {
        let wishes = Wishes { settings: ask.settings, choices: &ask.choices, hints: &ask.options.hints };
        let block = self.draw_block()?;
        let (id, kind) = (ImportId(block.id(0)), ask.kind);
        let key = format!("{}/{}", self.id.0, UploadId(id.0));
        let mut facts = FileFacts::default();
        let TakenIn { source, recipe, scan, text } = match self.take_in(&mut file, &key, &wishes, &mut facts) {
            Ok(taken_in) => taken_in,
            Err(error) => {
                let Error::Refused(problem) = error else { return Err(error) };
                if let Some(sha256) = &facts.sha256 {
                    self.know_body(&decode_hex(sha256));
                }
                let import = self.new_import(id, kind, &file.name, ask.options.record_type);
                self.record_refusal(Import { source: json(&facts)?, ..import }, &problem)?;
                return Ok(Received::Refused(id, problem));
            }
        };
        crash::at("upload_copied");
        let mut prepared = Prepared {
            id,
            kind,
            file_name: file.name,
            source,
            recipe,
            scan,
            corrections: Arc::default(),
            storage_key: key,
            text,
            same_as: None,
            recorded: None,
        };
        let recorded = self.record(&prepared, ask.begins);
        let recorded = recorded.inspect_err(|_| self.remove_unrecorded(id, &prepared.storage_key))?;
        (prepared.same_as, prepared.recorded) = (recorded.0, Some(recorded.1));
        crash::at("import_recorded");
        Ok(Received::Accepted(Box::new(prepared)))
    }

    fn record(&self, prepared: &Prepared, begins: Begins) -> Result<(Option<ImportId>, Kept<Import>)> {
        let state = match prepared.kind {
            ImportKind::Import => ImportState::Pending,
            ImportKind::DryRun => ImportState::Checking,
        };
        let upload = upload_of(prepared.id, &prepared.file_name, &prepared.source, &prepared.storage_key);
        let import = Import {
            state,
            upload: Some(upload.id),
            source: json(&prepared.source)?,
            mapping: json(&prepared.recipe.mapping)?,
            settings: json(&prepared.recipe.settings)?,
            total: prepared.scan.records,
            ..self.new_import(prepared.id, prepared.kind, &prepared.file_name, prepared.recipe.settings.record_type)
        };
        let (kind, chunks) = match prepared.kind {
            ImportKind::Import => (JobKind::Run, prepared.scan.chunks.len() as u32),
            ImportKind::DryRun => (JobKind::Check, 0),
        };
        let (job, starts) = (NewJob { kind, import: prepared.id, chunks, begins }, starts(&prepared.scan)?);
        let entry = self.uploaded(&import)?;
        let by = self.actor.name();
        self.know_body(&upload.sha256);
        Ok(self.store.write(|tx| {
            uploads::add_upload(tx, self.id, &upload, &by)?;
            imports::add_import(tx, self.id, &import)?;
            drafts::set_starts(tx, self.id, prepared.id, &starts)?;
            jobs::add_job(tx, self.id, job)?;
            audit::add_entry(tx, self.id, &entry)?;
            if let Some(member) = self.actor.member() {
                give_import(tx, self.id, prepared.id, member)?;
            }
            let same = imports::import_of_content(tx, self.id, &upload.sha256, prepared.id)?;
            Ok((same, self.keep_found(tx, prepared.id)?))
        })?)
    }

    /// A commit that failed leaves open whether it held: on PostgreSQL if the connection broke, on SQLite until another commit has
    /// taken its place in the log, which is read again after a crash. Until that is known, and if it held, the file stays.
    pub(super) fn remove_unrecorded(&self, id: ImportId, key: &str) {
        let is_settled = self.draw_block().is_ok();
        if is_settled && let Ok(None) = self.store.read(|r| imports::find_import(r, self.id, id)) {
            self.drop_file(key);
        }
    }

    /// What cannot be removed now is removed by the janitor: no upload names it.
    pub(super) fn drop_file(&self, key: &str) {
        let _ = self.files.remove(key);
    }

    pub(super) fn record_refusal(&self, import: Import, problem: &Problem) -> Result<()> {
        let import = Import { state: ImportState::Refused, problem: Some(json(problem)?), ..import };
        let entry = self.uploaded(&import)?;
        Ok(self.store.write(|tx| {
            imports::add_import(tx, self.id, &import)?;
            audit::add_entry(tx, self.id, &entry)
        })?)
    }

    /// What is written down of a file that was taken in or refused.
    pub(super) fn uploaded(&self, import: &Import) -> Result<Entry> {
        let detail = json!({"file": import.file_name, "kind": import.kind.key(), "status": import.state.key()});
        self.entry(Action::ImportUploaded, Some(import.id.to_string()), detail)
    }

    pub(super) fn new_import(
        &self,
        id: ImportId,
        kind: ImportKind,
        file_name: &str,
        record_type: RecordType,
    ) -> Import {
        Import {
            id,
            kind,
            state: ImportState::Draft,
            record_type,
            upload: None,
            file_name: file_name.to_owned(),
            source: "{}".to_owned(),
            mapping: "{}".to_owned(),
            settings: "{}".to_owned(),
            total: 0,
            counts: Default::default(),
            created_by: self.actor.name(),
            created_at: 0,
            started_at: None,
            ended_at: None,
            problem: None,
            parent: None,
            revision: 0,
            plan_digest: None,
            on_drift: OnDrift::Name,
            drifted: 0,
        }
    }
}

/// Bytes that may break off, which is not the fault of the disk they are copied to.
struct Fragile<'f, R> {
    bytes: R,
    broke: &'f Cell<bool>,
}

impl<R: Read> Read for Fragile<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.bytes.read(buffer).inspect_err(|_| self.broke.set(true))
    }
}

/// Takes a file in whose bytes come from anywhere. If they break off, that is what is told.
pub(super) fn from_anywhere<T>(
    name: &str,
    bytes: impl Read,
    take_in: impl FnOnce(Upstream<'_>) -> Result<T>,
) -> Result<T> {
    let broke = Cell::new(false);
    let file = Upstream::of(name.to_owned(), Fragile { bytes, broke: &broke });
    match file.map_err(|e| Error::Interrupted(e.to_string())).and_then(take_in) {
        Err(Error::Files { source, .. }) if broke.get() => Err(Error::Interrupted(source.to_string())),
        taken => taken,
    }
}

/// What is asked of a file, before its first byte is read: what is wrong with the question is said at once.
struct Ask<'a> {
    options: &'a ImportOptions,
    choices: MappingChoices,
    settings: Settings,
    kind: ImportKind,
    begins: Begins,
}

impl<'a> Ask<'a> {
    fn of(workspace: &Workspace, options: &'a ImportOptions, kind: ImportKind, begins: Begins) -> Result<Self> {
        workspace.require(Permission::Import)?;
        let (choices, settings) = (workspace.choices(options)?, workspace.settings(options)?);
        Ok(Self { options, choices, settings, kind, begins })
    }
}

/// The record of a stored file.
pub(super) fn upload_of(id: ImportId, name: &str, source: &SourceInfo, key: &str) -> Upload {
    Upload {
        id: UploadId(id.0),
        name: name.to_owned(),
        size_bytes: source.bytes,
        sha256: decode_hex(&source.sha256),
        storage_key: key.to_owned(),
        removed_at: None,
    }
}

pub(crate) fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|e| Error::Output(e.to_string()))
}

pub(crate) fn from_json<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T> {
    serde_json::from_str(text).map_err(|e| StoreError::Corrupt(e.to_string()).into())
}

pub(crate) fn decode_hex(hex: &str) -> Vec<u8> {
    (0..hex.len() / 2).filter_map(|at| u8::from_str_radix(&hex[at * 2..at * 2 + 2], 16).ok()).collect()
}
