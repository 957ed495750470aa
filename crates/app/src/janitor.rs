//! The janitor: removes what nobody will ask for. It may run beside imports and uploads, and in several processes at once:
//! it touches no file that is younger than a day, none that an upload names, and none that it cannot have made.

use std::collections::{BTreeMap, HashSet};

use convoke_people::id::{UploadId, WorkspaceId};
use convoke_store::uploads::{has_uploads, keys_between};

use crate::actor::Actor;
use crate::error::Result;
use crate::files::Found;
use crate::installation::Installation;
use crate::retention::Removed;

/// What is younger may belong to an upload that is not recorded yet.
const YOUNGEST_MICROS: i64 = 86_400_000_000;

/// What a round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Files that no upload names.
    pub orphans: u64,
    /// Uploads that were cut off.
    pub cut_off: u64,
    /// What had its time.
    pub expired: Removed,
}

impl Installation {
    /// One round, at `now` (UTC microseconds).
    pub fn sweep(&self, now: i64) -> Result<Swept> {
        let mut swept = Swept::default();
        for id in self.workspaces()? {
            let Some(workspace) = self.workspace(id, Actor::worker())? else { continue };
            let removed = workspace.remove_expired(now)?;
            swept.expired.files += removed.files;
            swept.expired.unconfirmed += removed.unconfirmed;
        }
        self.forget_old_answers()?;
        self.files.each(&mut |found| {
            let old: Vec<_> = found.into_iter().filter(|file| file.changed_at < now - YOUNGEST_MICROS).collect();
            for partial in old.iter().filter(|file| file.is_partial) {
                self.files.give_up(partial)?;
                swept.cut_off += 1;
            }
            for orphan in self.orphans(&old)? {
                self.files.remove(&orphan)?;
                swept.orphans += 1;
            }
            Ok(())
        })?;
        Ok(swept)
    }

    /// Those that no upload names, of the files that can be uploads.
    fn orphans(&self, files: &[Found]) -> Result<Vec<String>> {
        let mut by_workspace: BTreeMap<WorkspaceId, Vec<(UploadId, &str)>> = BTreeMap::new();
        for file in files.iter().filter(|file| !file.is_partial) {
            if let Some((workspace, upload)) = parsed(&file.key) {
                by_workspace.entry(workspace).or_default().push((upload, &file.key));
            }
        }
        let mut orphans = Vec::new();
        for (workspace, files) in by_workspace {
            let ids = || files.iter().map(|(id, _)| *id);
            let (Some(first), Some(last)) = (ids().min(), ids().max()) else { continue };
            // A database that knows of no upload at all is more likely the wrong one than all files are nobody's.
            let named = self.store.read(|r| {
                let is_known = has_uploads(r, workspace)?;
                Ok(is_known.then_some(keys_between(r, workspace, (first, last))?))
            })?;
            let Some(named) = named else { continue };
            let named: HashSet<_> = named.iter().map(String::as_str).collect();
            orphans.extend(files.iter().filter(|(_, key)| !named.contains(key)).map(|(_, key)| (*key).to_owned()));
        }
        Ok(orphans)
    }
}

/// Workspace and upload of a key as this program makes them; anything else is somebody else's.
fn parsed(key: &str) -> Option<(WorkspaceId, UploadId)> {
    let (workspace, upload) = key.split_once('/')?;
    Some((WorkspaceId(workspace.parse().ok()?), upload.parse().ok()?))
}
