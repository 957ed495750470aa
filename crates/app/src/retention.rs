//! How long the files of a workspace are kept, and what is removed when. The report and counts of an import stay; its
//! original, and the files that are made from it, are gone with the upload.

use convoke_store::{expiry, uploads};
use serde_json::{Map, Value};

use crate::error::{Error, Result};
use crate::imports::from_json;
use crate::workspace::Workspace;

const DAY_MICROS: i64 = 86_400_000_000;
/// Drafts and dry runs that nobody confirms are kept so long.
pub const UNCONFIRMED_DAYS: u32 = 30;
/// The setting, among those of the workspace.
const KEY: &str = "retention_days";
const LONGEST_DAYS: u32 = 36_500;

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

impl Retention {
    /// In days; None is for ever.
    pub(crate) fn of_days(days: Option<u32>) -> Result<Self> {
        match days {
            None => Ok(Self::Keep),
            Some(days) if (1..=LONGEST_DAYS).contains(&days) => Ok(Self::Days(days)),
            Some(days) => {
                let message = format!("retention_days: {days} is not from 1 to {LONGEST_DAYS}");
                Err(Error::usage(message, "Or null: files are kept for ever."))
            }
        }
    }

    pub fn days(self) -> Option<u32> {
        match self {
            Self::Keep => None,
            Self::Days(days) => Some(days),
        }
    }

    /// As it stands among the settings of a workspace.
    pub(crate) fn read(settings: &Map<String, Value>) -> Self {
        let days = settings.get(KEY).and_then(Value::as_u64).and_then(|days| u32::try_from(days).ok());
        days.map_or(Self::Keep, Self::Days)
    }

    pub(crate) fn write(self, settings: &mut Map<String, Value>) {
        match self {
            Self::Keep => settings.remove(KEY),
            Self::Days(days) => settings.insert(KEY.to_owned(), days.into()),
        };
    }
}

impl Workspace {
    pub fn retention(&self) -> Result<Retention> {
        Ok(Retention::read(&from_json(&self.set()?.others)?))
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
