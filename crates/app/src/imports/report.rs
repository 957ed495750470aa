//! What became of an import: its counts, its issues (errors first), and the files that say it row by row. Everything is
//! read from the stored original and the stored reports; nothing is kept twice.

use std::io::Write;
use std::sync::Arc;

use convoke_people::id::{Block, ImportId};
use convoke_pipeline::issue::{Issue, IssueCode, Severity};
use convoke_pipeline::mapping::Mapping;
use convoke_pipeline::plan::Outcome;
use convoke_pipeline::records::RecordReader;
use convoke_pipeline::report::{ChunkReport, IssueCounts, ReportRow};
use convoke_pipeline::results::{Selection, write_results};
use convoke_store::StoreError;
use convoke_store::committing::Pass;
use convoke_store::imports::{ChunkSummary, Import, ImportState, chunk_body, chunk_summaries, find_import};
use convoke_store::uploads::Upload;
use serde_json::json;

use super::prepare::from_json;
use super::source_info::{FileFacts, SourceInfo};
use crate::audit::Action;
use crate::error::{Error, Result};
use crate::permissions::Permission;
use crate::workspace::Workspace;

/// Issues a report holds; the files hold all.
pub const MAX_ISSUES: usize = 10_000;

/// An issue with its row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssueLine {
    pub row: u32,
    pub outcome: Outcome,
    pub issue: Issue,
}

/// The report of an import or dry run.
#[derive(Clone, Debug)]
pub struct ImportReport {
    pub import: Import,
    /// What is known of the file, even of one that was refused.
    pub file: FileFacts,
    /// How it was read, if it was not refused.
    pub source: Option<SourceInfo>,
    /// How often each issue occurred.
    pub issue_counts: IssueCounts,
    /// The first [`MAX_ISSUES`], errors first, then warnings, then notices, each by row.
    pub issues: Vec<IssueLine>,
}

impl ImportReport {
    pub fn issues_total(&self) -> u64 {
        self.issue_counts.values().sum()
    }
}

impl Workspace {
    pub fn find_import(&self, id: ImportId) -> Result<Import> {
        // Who imports or exports sees what it is about.
        self.require_any(&[Permission::See, Permission::Import, Permission::Export])?;
        let found = self.store.read(|r| find_import(r, self.id, id))?;
        found.ok_or_else(|| {
            Error::not_found(format!("There is no import {id}"), "See convoke imports list, or /api/v1/imports.")
        })
    }

    pub fn report(&self, id: ImportId) -> Result<ImportReport> {
        let import = self.find_import(id)?;
        let source = import.upload.map(|_| from_json::<SourceInfo>(&import.source)).transpose()?;
        let chunks = self.chunks(&import)?;
        let mut issue_counts = IssueCounts::new();
        for (code, count) in chunks.iter().flat_map(|chunk| &chunk.issues) {
            *issue_counts.entry(*code).or_default() += count;
        }
        let issues = self.first_issues(&import, &chunks)?;
        let file = from_json(&import.source)?;
        Ok(ImportReport { import, file, source, issue_counts, issues })
    }

    fn chunks(&self, import: &Import) -> Result<Vec<ChunkSummary>> {
        Ok(self.store.read(|r| chunk_summaries(r, self.id, import.id, pass_of(import)))?)
    }

    fn first_issues(&self, import: &Import, chunks: &[ChunkSummary]) -> Result<Vec<IssueLine>> {
        let mut found = Vec::new();
        for severity in [Severity::Error, Severity::Warning, Severity::Notice] {
            let has = |chunk: &&ChunkSummary| chunk.issues.keys().any(|code: &IssueCode| code.severity() == severity);
            for chunk in chunks.iter().filter(has) {
                if found.len() >= MAX_ISSUES {
                    return Ok(found);
                }
                for row in self.chunk_rows(import, chunk.chunk)? {
                    let issues = row.issues.into_iter().filter(|issue| issue.code.severity() == severity);
                    found.extend(issues.map(|issue| IssueLine { row: row.row, outcome: row.outcome, issue }));
                }
                found.truncate(MAX_ISSUES);
            }
        }
        Ok(found)
    }

    fn chunk_rows(&self, import: &Import, chunk: u32) -> Result<Vec<ReportRow>> {
        let body = self.store.read(|r| chunk_body(r, self.id, import.id, pass_of(import), chunk))?;
        let body = body.unwrap_or_default();
        let damaged = |e| StoreError::Corrupt(format!("the report of chunk {chunk}: {e}"));
        Ok(ChunkReport::rows(&body, Block::of(import.id.0)).map_err(damaged)?)
    }

    /// Every stored row of an import, in file order.
    pub fn report_rows(&self, id: ImportId) -> Result<Vec<ReportRow>> {
        let import = self.find_import(id)?;
        let mut rows = Vec::new();
        for chunk in self.chunks(&import)? {
            rows.extend(self.chunk_rows(&import, chunk.chunk)?);
        }
        Ok(rows)
    }

    /// The import of which a file is about to be sent to somebody, which is written down.
    pub fn import_to_download(&self, id: ImportId, file: &str) -> Result<Import> {
        self.require(Permission::Export)?;
        let import = self.find_import(id)?;
        self.note(Action::FileDownloaded, Some(id.to_string()), json!({"file": file}))?;
        Ok(import)
    }

    /// Writes the rows of an import with their fate.
    pub fn write_results(&self, id: ImportId, selection: Selection, out: impl Write) -> Result<()> {
        self.require(Permission::Export)?;
        self.put_results(id, selection, out)
    }

    /// The same for what stays here.
    pub(super) fn put_results(&self, id: ImportId, selection: Selection, out: impl Write) -> Result<()> {
        let import = self.find_import(id)?;
        let (upload, source) = self.original_of(&import)?;
        let mapping: Mapping = from_json(&import.mapping)?;
        let headers: Vec<_> = mapping.columns.iter().map(|column| column.header.clone()).collect();
        let text = self.text_of(&upload, &source)?;
        let corrections = Arc::new(self.corrections_of(id)?);
        let reader = RecordReader::new(text.from(source.body_byte), source.dialect(), source.body());
        let reader = reader.with_corrections(&corrections);
        let mut broken = None;
        let chunks = self.chunks(&import)?.into_iter();
        let rows = chunks.map_while(|chunk| self.chunk_rows(&import, chunk.chunk).map_err(|e| broken = Some(e)).ok());
        write_results(reader, &headers, rows.flatten(), selection, out)?;
        broken.map_or(Ok(()), Err)
    }

    /// Copies the uploaded file back, byte for byte; a damaged one is refused.
    pub fn write_original(&self, id: ImportId, mut out: impl Write) -> Result<Upload> {
        self.require(Permission::Export)?;
        let import = self.find_import(id)?;
        let (upload, _) = self.original_of(&import)?;
        let mut file = self.files.open(&upload.storage_key, &upload.sha256)?;
        std::io::copy(&mut file, &mut out).map_err(|e| Error::Output(format!("cannot write the original: {e}")))?;
        Ok(upload)
    }
}

/// The pass that tells what became of the rows: of an import its stop rule refused, only the check ever was.
fn pass_of(import: &Import) -> Pass {
    if import.state == ImportState::Refused { Pass::Check } else { import.kind.pass() }
}
