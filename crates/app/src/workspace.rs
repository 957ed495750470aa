//! A workspace opened for work: its store, its files, its limits, and who acts.

use std::collections::BTreeMap;
use std::sync::Arc;

use convoke_people::id::{Block, WorkspaceId};
use convoke_people::record_type::RecordType;
use convoke_people::text;
use convoke_store::jobs::{self, Job};
use convoke_store::{Access, Store, workspaces};

use crate::actor::{Actor, Who};
use crate::error::{Error, Result};
use crate::files::Files;
use crate::imports::Texts;
use crate::once::Once;
use crate::permissions::Permission;
use crate::workbooks::WorkbookReader;

/// Name of the workspace that is made on first use.
const FIRST_WORKSPACE: &str = "Workspace";

/// Limits of one import, set by the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    pub bytes: u64,
    /// Rows that differ from the record type's default.
    pub rows: BTreeMap<&'static str, u64>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 512 << 20, rows: BTreeMap::new() }
    }
}

impl Limits {
    pub fn rows_of(&self, record_type: RecordType) -> u64 {
        self.rows.get(record_type.key()).copied().unwrap_or_else(|| record_type.default_row_limit())
    }
}

/// Which workspace of the installation is meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum WorkspaceChoice {
    /// The only one, made on first use.
    #[default]
    Only,
    Named(String),
}

/// A workspace opened for work.
pub struct Workspace {
    pub store: Arc<Store>,
    pub files: Files,
    pub limits: Limits,
    pub id: WorkspaceId,
    pub name: String,
    /// Who acts.
    pub actor: Actor,
    workbooks: Option<WorkbookReader>,
    /// Texts that were looked at lately.
    pub(crate) texts: Texts,
    /// The request that is being done, if it carries an idempotency key.
    pub(crate) once: Option<Once>,
    /// Identities are hashed from here on; the moment of opening, which no file can know.
    pub(crate) hash_seed: u64,
    /// Secondary keys are hashed from here on; the moment the workspace was made, the same for ever.
    pub(crate) key_seed: u64,
}

impl Workspace {
    pub fn open(
        store: impl Into<Arc<Store>>,
        files: Files,
        limits: Limits,
        choice: &WorkspaceChoice,
        access: Access,
    ) -> Result<Self> {
        let store = store.into();
        let workspace = find(&store, choice)?;
        let workspace = match (workspace, access) {
            (Some(found), _) => found,
            (None, Access::Read) => {
                if let WorkspaceChoice::Named(name) = choice {
                    return Err(Error::usage(format!("There is no workspace \"{name}\""), ""));
                }
                return Err(Error::usage("The database has no workspace yet", "It is made by the first import."));
            }
            (None, Access::Write) => make(&store, choice)?,
        };
        Ok(Self::of(store, files, limits, workspace))
    }

    pub(crate) fn of(store: Arc<Store>, files: Files, limits: Limits, workspace: workspaces::Workspace) -> Self {
        let hash_seed = store.now() as u64;
        Self {
            store,
            files,
            limits,
            id: workspace.id,
            name: workspace.name,
            actor: Actor::command_line(),
            workbooks: None,
            texts: Texts::default(),
            once: None,
            hash_seed,
            key_seed: workspace.created_at as u64,
        }
    }

    /// Shares the texts that were looked at lately from now on.
    pub fn with_texts(self, texts: Texts) -> Self {
        Self { texts, ..self }
    }

    /// Reads workbooks with this from now on; without it they are refused.
    pub fn with_workbooks(self, reader: WorkbookReader) -> Self {
        Self { workbooks: Some(reader), ..self }
    }

    /// What happens from now on is done by `actor`.
    pub fn acted_by(self, actor: Actor) -> Self {
        Self { actor, ..self }
    }

    /// Refuses who may do none of these; the first one is named.
    pub(crate) fn require_any(&self, permissions: &[Permission]) -> Result<()> {
        if permissions.iter().any(|permission| self.actor.may(*permission)) {
            return Ok(());
        }
        permissions.first().map_or(Ok(()), |permission| self.require(*permission))
    }

    /// Refuses what the actor may not do.
    pub fn require(&self, permission: Permission) -> Result<()> {
        if self.actor.may(permission) {
            return Ok(());
        }
        Err(match (&self.actor.who, permission.scope()) {
            (Who::Token { .. }, Some(scope)) => Error::Forbidden {
                code: "scope_missing",
                message: format!("This token may not do that: it lacks the scope {}", scope.key()),
                hint: format!("Make a token with that scope: convoke token create NAME --scope {}.", scope.key()),
            },
            (Who::Token { .. }, None) => Error::Forbidden {
                code: "scope_missing",
                message: format!("No token may {}", permission.words()),
                hint: "Sign in.".to_owned(),
            },
            _ => Error::Forbidden {
                code: "permission_missing",
                message: format!("Your role may not {}", permission.words()),
                hint: format!("Ask an owner of {} for the role {}.", self.name, permission.least_role().key()),
            },
        })
    }

    pub(crate) fn workbook_reader(&self) -> Result<&WorkbookReader> {
        self.workbooks.as_ref().ok_or_else(|| Error::usage("Workbooks cannot be read here", "Save it as CSV."))
    }

    /// Imports that were cut off: running, with nobody at work.
    pub fn interrupted(&self, now: i64) -> Result<Vec<Job>> {
        Ok(self.store.read(|r| jobs::interrupted(r, self.id, now))?)
    }

    /// A block of ids for what this process makes.
    pub fn draw_block(&self) -> Result<Block> {
        Ok(self.store.draw_block()?)
    }
}

fn find(store: &Store, choice: &WorkspaceChoice) -> Result<Option<workspaces::Workspace>> {
    let mut all = store.read(|r| workspaces::list_workspaces(r))?;
    match choice {
        WorkspaceChoice::Named(name) => {
            let key = text::key(name);
            Ok(all.into_iter().find(|w| text::key(&w.name) == key))
        }
        WorkspaceChoice::Only if all.len() > 1 => {
            let names: Vec<_> = all.iter().map(|w| w.name.as_str()).collect();
            Err(Error::usage("There are several workspaces", format!("Say which: --workspace {}", names.join(" | "))))
        }
        WorkspaceChoice::Only => Ok(all.pop()),
    }
}

fn make(store: &Store, choice: &WorkspaceChoice) -> Result<workspaces::Workspace> {
    let name = match choice {
        WorkspaceChoice::Only => FIRST_WORKSPACE,
        WorkspaceChoice::Named(name) => name,
    };
    let (name, key) = workspace_name(name)?;
    Ok(store.write(|tx| {
        let id = workspaces::add_workspace(tx, name, &key)?;
        Ok(workspaces::Workspace { id, name: name.to_owned(), created_at: tx.now })
    })?)
}

/// A name as it is kept and as it is compared.
pub(crate) fn workspace_name(name: &str) -> Result<(&str, String)> {
    let name = text::trim(name);
    if name.is_empty() || name.chars().count() > 100 || text::remove_controls(name).is_some() {
        return Err(Error::usage("A workspace's name has 1 to 100 visible characters", ""));
    }
    Ok((name, text::key(name)))
}
