//! An installation: one database and its files, with many workspaces. A server opens each workspace anew for each request
//! and each job; that costs one read.

use std::sync::Arc;

use convoke_people::id::WorkspaceId;
use convoke_store::{Store, workspaces};

use crate::actor::Actor;
use crate::error::Result;
use crate::files::Files;
use crate::workbooks::WorkbookReader;
use crate::workspace::{Limits, Workspace};

/// What every workspace of a database shares.
#[derive(Clone)]
pub struct Installation {
    pub store: Arc<Store>,
    pub files: Files,
    pub limits: Limits,
    pub workbooks: WorkbookReader,
}

impl Installation {
    /// Opens a workspace for `actor`; None if there is none with this id.
    pub fn workspace(&self, id: WorkspaceId, actor: Actor) -> Result<Option<Workspace>> {
        let found = self.store.read(|r| workspaces::list_workspaces(r))?.into_iter().find(|found| found.id == id);
        Ok(found.map(|found| {
            let opened = Workspace::of(Arc::clone(&self.store), self.files.clone(), self.limits.clone(), found);
            opened.with_workbooks(self.workbooks.clone()).acted_by(actor)
        }))
    }

    /// The ids of all workspaces.
    pub fn workspaces(&self) -> Result<Vec<WorkspaceId>> {
        Ok(self.store.read(|r| workspaces::list_workspaces(r))?.into_iter().map(|found| found.id).collect())
    }
}
