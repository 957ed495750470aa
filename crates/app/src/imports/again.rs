//! Makes ready what was prepared before, from what was stored: the same recipe over the same bytes, with the cells that
//! were corrected since.

use std::sync::Arc;

use convoke_people::id::ImportId;
use convoke_pipeline::mapping::Mapping;
use convoke_pipeline::recipe::Recipe;
use convoke_pipeline::records::Corrections;
use convoke_pipeline::scan::Limits;
use convoke_pipeline::settings::Settings;
use convoke_store::corrections::list_corrections;
use convoke_store::imports::Import;
use convoke_store::uploads::{Upload, find_upload};

use super::Prepared;
use super::prepare::from_json;
use super::shapes::rfc3339;
use super::source_info::SourceInfo;
use super::text::Text;
use crate::error::{Error, Result};
use crate::workspace::Workspace;

/// How the numbers and dates of a file are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Forms {
    /// As was decided when it was checked or uploaded.
    AreKnown,
    /// It is found out, and the limits of an import are judged.
    AreFound,
}

impl Workspace {
    pub(super) fn prepare_again(&self, import: &Import, forms: Forms) -> Result<Prepared> {
        let (upload, mut source) = self.original_of(import)?;
        let settings: Settings = from_json(&import.settings)?;
        let mapping: Mapping = from_json(&import.mapping)?;
        let (known, limits) = match forms {
            Forms::AreKnown => (source.forms.clone(), Limits { rows: u64::MAX, bytes: u64::MAX }),
            Forms::AreFound => {
                (Vec::new(), Limits { rows: self.limits.rows_of(import.record_type), bytes: self.limits.bytes })
            }
        };
        let recipe = Recipe::new(settings, mapping, known).with_seeds(self.hash_seed, self.key_seed);
        let text = self.text_of(&upload, &source)?;
        let corrections = Arc::new(self.corrections_of(import.id)?);
        let scan = self.scan_again(&text, (&source, &corrections), &recipe, limits)?;
        if forms == Forms::AreFound {
            source.forms.clone_from(&scan.forms);
        }
        let recipe = recipe.with_findings(source.forms.clone(), &scan);
        Ok(Prepared {
            id: import.id,
            kind: import.kind,
            file_name: import.file_name.clone(),
            source,
            recipe,
            scan,
            corrections,
            storage_key: upload.storage_key,
            text,
            same_as: None,
            recorded: None,
        })
    }

    /// The upload of an import, and how it is read.
    pub(super) fn original_of(&self, import: &Import) -> Result<(Upload, SourceInfo)> {
        let refused = || Error::usage(format!("The file of {} was refused and not kept", import.id), "");
        let upload = import.upload.ok_or_else(refused)?;
        let upload = self.store.read(|r| find_upload(r, self.id, upload))?.ok_or_else(refused)?;
        if let Some(at) = upload.removed_at {
            let message = format!("The file of {} is gone since {}: its time was over", import.id, rfc3339(at));
            return Err(Error::Expired { message });
        }
        Ok((upload, from_json(&import.source)?))
    }

    /// The text of a stored file, whose digest was found to be right.
    pub(super) fn text_of(&self, upload: &Upload, source: &SourceInfo) -> Result<Text> {
        let original = self.files.open(&upload.storage_key, &upload.sha256)?;
        self.text_again(&upload.storage_key, original, source)
    }

    /// The same for whoever looks at a few rows: it may have been read for another look before.
    pub(super) fn text_at_hand(&self, upload: &Upload, source: &SourceInfo) -> Result<Text> {
        let key = format!("{} {:?} {:?}", upload.storage_key, source.encoding, source.sheet);
        self.texts.get(&key, || self.text_of(upload, source))
    }

    /// The cells of an import that were corrected.
    pub(super) fn corrections_of(&self, id: ImportId) -> Result<Corrections> {
        let mut corrections = Corrections::default();
        for stored in self.store.read(|r| list_corrections(r, self.id, id, (0, u32::MAX)))? {
            match stored.column {
                Some(column) => corrections.set(stored.row, column as usize, stored.value),
                None => corrections.bring_back(stored.row),
            }
        }
        Ok(corrections)
    }
}
