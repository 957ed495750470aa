//! How long the files of a workspace are kept, and what is removed when. The report and counts of an import stay; its
//! original, and the files that are made from it, are gone with the upload.

use convoke_store::workspaces::{set_settings, settings};
use convoke_store::{expiry, uploads};
use serde_json::{Map, Value};

use crate::error::{Error, Result};
use crate::imports::from_json;
use crate::permissions::Permission;
use crate::workspace::Workspace;

const DAY_MICROS: i64 = 86_400_000_000;
/// Drafts and dry runs that nobody confirms are kept so long.
pub const UNCONFIRMED_DAYS: u32 = 30;
/// The setting, among those of the workspace.
const KEY: &str = "retention_days";
const LONGEST_DAYS: u32 = 36_500;
/// How often it is tried again when others change settings at the same moment.
const TRIES: u32 = 10;

/// How long the files of ended imports are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Retention {
    /// For ever.
    #[default]
    Keep,
    /// From the upload on.
    Days(u32),
}

/// What was removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    /// Files of ended imports.
    pub files: u64,
    /// Drafts and dry runs.
    pub unconfirmed: u64,
}

impl Workspace {
    pub fn retention(&self) -> Result<Retention> {
        let settings = self.stored_settings()?.1;
        let days = settings.get(KEY).and_then(Value::as_u64).and_then(|days| u32::try_from(days).ok());
        Ok(days.map_or(Retention::Keep, Retention::Days))
    }

    /// From now on; what is older goes at the next round of the janitor.
    pub fn set_retention(&self, retention: Retention) -> Result<()> {
        self.require(Permission::ManageWorkspace)?;
        if matches!(retention, Retention::Days(days) if !(1..=LONGEST_DAYS).contains(&days)) {
            let message = format!("Files are kept for 1 to {LONGEST_DAYS} days");
            return Err(Error::usage(message, "Or for ever."));
        }
        for _ in 0..TRIES {
            let (seen, mut settings) = self.stored_settings()?;
            match retention {
                Retention::Keep => settings.remove(KEY),
                Retention::Days(days) => settings.insert(KEY.to_owned(), days.into()),
            };
            let changed = Value::from(settings).to_string();
            if self.store.write(|tx| set_settings(tx, self.id, &seen, &changed))? {
                return Ok(());
            }
        }
        Err(convoke_store::StoreError::Busy("the settings change all the time".to_owned()).into())
    }

    fn stored_settings(&self) -> Result<(String, Map<String, Value>)> {
        let text = self.store.read(|r| settings(r, self.id))?;
        let settings = from_json(&text)?;
        Ok((text, settings))
    }

    /// Removes the files whose time is over at `now`, and what was never confirmed. The database says first that a file
    /// is gone: one that is left behind by a process that dies here is nobody's, and goes later.
    pub fn remove_expired(&self, now: i64) -> Result<Removed> {
        let mut removed = Removed::default();
        if let Retention::Days(days) = self.retention()? {
            let before = now - i64::from(days) * DAY_MICROS;
            for upload in self.store.read(|r| uploads::unneeded(r, self.id, before))? {
                self.store.write(|tx| uploads::mark_removed(tx, self.id, upload.id))?;
                self.files.remove(&upload.storage_key)?;
                removed.files += 1;
            }
        }
        let before = now - i64::from(UNCONFIRMED_DAYS) * DAY_MICROS;
        for (import, upload) in self.store.read(|r| expiry::never_confirmed(r, self.id, before))? {
            let key = upload.map(|upload| self.store.read(|r| uploads::find_upload(r, self.id, upload))).transpose()?;
            let key = key.flatten().map(|upload| upload.storage_key);
            let (is_forgotten, is_unnamed) = self.store.write(|tx| {
                let is_forgotten = expiry::forget_import(tx, self.id, import)?;
                let is_unnamed = match upload {
                    Some(upload) if is_forgotten => uploads::forget_unnamed(tx, self.id, upload)?,
                    _ => false,
                };
                Ok((is_forgotten, is_unnamed))
            })?;
            if let Some(key) = key.filter(|_| is_unnamed) {
                self.files.remove(&key)?;
            }
            removed.unconfirmed += u64::from(is_forgotten);
        }
        Ok(removed)
    }
}
