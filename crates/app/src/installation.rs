//! An installation: one database and its files, with many workspaces. A server opens each workspace anew for each request
//! and each job; that costs one read.

use std::sync::Arc;

use convoke_people::id::WorkspaceId;
use convoke_store::job_counts::{Census, census};
use convoke_store::{Store, workspaces};

use crate::actor::Actor;
use crate::error::{Error, Result};
use crate::files::Files;
use crate::imports::Texts;
use crate::workbooks::WorkbookReader;
use crate::workspace::{Limits, Workspace};

/// What every workspace of a database shares.
#[derive(Clone)]
pub struct Installation {
    pub store: Arc<Store>,
    pub files: Files,
    pub limits: Limits,
    pub workbooks: WorkbookReader,
    pub texts: Texts,
}

/// What an installation needs to do its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Database,
    Migrations,
    Storage,
}

impl Part {
    pub fn name(self) -> &'static str {
        match self {
            Self::Database => "database",
            Self::Migrations => "migrations",
            Self::Storage => "storage",
        }
    }
}

impl Installation {
    /// The first part that is not ready, with the reason; None if all are.
    pub fn unready(&self) -> Option<(Part, Error)> {
        let database = self.workspaces().map(drop).err().map(|error| (Part::Database, error));
        let migrations = || self.store.refuse_unmigrated().err().map(|error| (Part::Migrations, error.into()));
        let storage = || self.files.probe().err().map(|error| (Part::Storage, error));
        database.or_else(migrations).or_else(storage)
    }

    /// Opens a workspace for `actor`; None if there is none with this id.
    pub fn workspace(&self, id: WorkspaceId, actor: Actor) -> Result<Option<Workspace>> {
        let found = self.store.read(|r| workspaces::list_workspaces(r))?.into_iter().find(|found| found.id == id);
        Ok(found.map(|found| {
            let opened = Workspace::of(Arc::clone(&self.store), self.files.clone(), self.limits.clone(), found);
            opened.with_workbooks(self.workbooks.clone()).with_texts(self.texts.clone()).acted_by(actor)
        }))
    }

    /// What waits and runs in all workspaces.
    pub fn jobs(&self) -> Result<Census> {
        let mut all = Census::default();
        for id in self.workspaces()? {
            let jobs = self.store.read(|r| census(r, id))?;
            all.waiting += jobs.waiting;
            all.running += jobs.running;
            all.oldest_due = [all.oldest_due, jobs.oldest_due].into_iter().flatten().min();
        }
        Ok(all)
    }

    /// The ids of all workspaces.
    pub fn workspaces(&self) -> Result<Vec<WorkspaceId>> {
        Ok(self.store.read(|r| workspaces::list_workspaces(r))?.into_iter().map(|found| found.id).collect())
    }

    /// Before the first worker begins: what was cut off on SQLite is gone on with at once, because nobody else can be at
    /// work there.
    pub fn forget_the_dead(&self) -> Result<()> {
        self.workspaces()?.into_iter().try_for_each(|id| Ok(self.store.forget_the_dead(id)?))
    }
}
