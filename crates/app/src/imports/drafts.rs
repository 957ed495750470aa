//! Drafts: an import that is prepared step by step. A file is uploaded and looked at; what was chosen is kept with it, can
//! be changed by anybody, and survives restarts; it is checked, and the plan of that check is what is confirmed.

use convoke_people::id::ImportId;
use convoke_people::number::Decimal;
use convoke_pipeline::mapping::{Mapping, MappingChoices};
use convoke_pipeline::problem::Problem;
use convoke_pipeline::settings::Settings;
use convoke_store::audit::add_entry;
use convoke_store::drafts::starts_of;
use convoke_store::drafts::{
    Change, DraftChange, Frozen, begin_check, change_draft, confirm, draft_of, keep_as_dry_run,
};
use convoke_store::imports::{Import, ImportKind, ImportState, OnDrift};
use convoke_store::{StoreError, Tx, imports, uploads};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::choices::Choices;
use super::found::Found;
use super::prepare::{from_json, json};
use super::shapes::rfc3339;
use super::source_info::hex;
use super::stop_rule::broken_rule;
use crate::audit::Action;
use crate::crash;
use crate::error::{Error, Result};
use crate::once;
use crate::permissions::Permission;
use crate::workspace::Workspace;

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

impl Workspace {
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
            let (record_type, forgets_corrections) = (choices.of(), !is_same);
            let draft = json(&Kept { choices, found })?;
            let change = DraftChange { record_type, draft: &draft, source: &source, total, forgets_corrections };
            let changed = self.store.write(|tx| change_draft(tx, self.id, (id, import.revision), &change))?;
            if changed == Change::Made {
                return self.draft(id);
            }
        }
        Err(too_lively(id))
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
            let entry = self.entry(
                Action::ImportConfirmed,
                Some(id.to_string()),
                json!({"plan": plan, "file": import.file_name}),
            )?;
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
    let hint = "Nothing was imported. Correct the rows, or allow more (--max-failed).";
    let broken = settings.stop_rule.and_then(|rule| broken_rule(rule, import.counts.failed, import.total, hint));
    broken.map_or(Ok(()), |problem| Err(Error::Refused(problem)))
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
