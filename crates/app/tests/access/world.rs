//! An installation on either database, with a clock that a test moves.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use convoke_app::imports::Texts;
use convoke_app::joining::{Added, FirstOwner};
use convoke_app::people::id::{MemberId, WorkspaceId};
use convoke_app::sessions::{NewSession, SignedIn};
use convoke_app::sign_in::Client;
use convoke_app::store::memberships::Role;
use convoke_app::store::{Access, Address, Store, workspaces};
use convoke_app::workbooks::{WorkbookLimits, WorkbookReader};
use convoke_app::{Actor, Files, Installation, Limits, SECRET_BYTES, Who, Workspace};
use convoke_testbed::postgres::{Database, Postgres};

pub(crate) const SECOND: i64 = 1_000_000;
pub(crate) const DAY: i64 = 24 * 3600 * SECOND;
pub(crate) const PASSWORD: &str = "correct horse battery";

thread_local! {
    /// Of each test its own: the app does all in the thread that asks.
    static NOW: Cell<i64> = const { Cell::new(1_800_000_000_000_000) };
}

fn clock() -> i64 {
    NOW.get()
}

pub(crate) fn later(micros: i64) {
    NOW.set(NOW.get() + micros);
}

/// Different at every call, and the same in every run.
pub(crate) fn chance() -> convoke_app::Result<[u8; SECRET_BYTES]> {
    static DRAWN: AtomicU64 = AtomicU64::new(0);
    let mut bytes = [7; SECRET_BYTES];
    bytes[..8].copy_from_slice(&DRAWN.fetch_add(1, Ordering::Relaxed).to_le_bytes());
    Ok(bytes)
}

pub(crate) fn client() -> Client {
    client_at("192.0.2.7")
}

pub(crate) fn client_at(address: &str) -> Client {
    Client { address: Some(address.parse().expect("an address")), program: Some("test".to_owned()) }
}

pub(crate) struct World {
    pub(crate) installation: Installation,
    folder: tempfile::TempDir,
    _database: Option<Database<'static>>,
}

impl World {
    pub(crate) fn on_sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let address = Address::Sqlite(folder.path().join("convoke.db"));
        Self::at(&address, folder, None)
    }

    pub(crate) fn on_postgres() -> Self {
        let database = Postgres::shared().database();
        let address = Address::Postgres(database.url());
        Self::at(&address, tempfile::tempdir().expect("a folder"), Some(database))
    }

    fn at(address: &Address, folder: tempfile::TempDir, database: Option<Database<'static>>) -> Self {
        let store = Store::open(address, Access::Write, clock).expect("a database");
        store.write(|tx| workspaces::add_workspace(tx, "First", "first")).expect("a workspace");
        let installation = Installation {
            texts: Texts::default(),
            store: Arc::new(store),
            files: Files::new(folder.path().join("files")),
            limits: Limits::default(),
            workbooks: WorkbookReader { program: "none".into(), limits: WorkbookLimits::default() },
        };
        Self { installation, folder, _database: database }
    }

    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// The first workspace, opened for whoever sits at the machine.
    pub(crate) fn workspace(&self) -> Workspace {
        self.workspace_for(Actor::command_line())
    }

    pub(crate) fn workspace_for(&self, actor: Actor) -> Workspace {
        self.installation.workspace(WorkspaceId(1), actor).expect("read").expect("there")
    }

    /// Makes the first owner, and signs it in.
    pub(crate) fn owner(&self) -> SignedIn {
        let secret = self.installation.offer_first_owner(chance).expect("asked").expect("nobody is there yet");
        let wanted = FirstOwner {
            secret,
            email: "anna@example.com".to_owned(),
            name: "Anna Lee".to_owned(),
            password: PASSWORD.to_owned(),
        };
        self.installation.make_first_owner(&wanted, &client(), chance).expect("made");
        self.sign_in("anna@example.com").signed_in
    }

    /// Makes a member of the first workspace, with the password of everybody.
    pub(crate) fn member(&self, email: &str, role: Role) -> MemberId {
        let name = email.split('@').next().expect("a name");
        self.workspace().add_member(&Added { email, name, role, password: PASSWORD }, chance).expect("made")
    }

    pub(crate) fn sign_in(&self, email: &str) -> NewSession {
        self.installation.sign_in(email, PASSWORD, &client(), chance).expect("signed in")
    }

    /// Whether this token of a session still opens anything.
    pub(crate) fn is_signed_in(&self, token: &str) -> bool {
        self.installation.signed_in(token, &client()).expect("asked").is_some()
    }
}

pub(crate) fn member_actor(id: MemberId, role: Role) -> Actor {
    Actor { who: Who::Member { id, name: "Somebody".to_owned(), role }, address: None }
}

/// Turns one body into a test on each database.
macro_rules! access_test {
    ($name:ident, |$world:ident| $body:block) => {
        mod $name {
            use super::*;

            fn body($world: &crate::world::World) $body

            #[test]
            fn sqlite() {
                body(&crate::world::World::on_sqlite());
            }

            #[test]
            fn postgres() {
                if convoke_testbed::is_quick() {
                    return;
                }
                body(&crate::world::World::on_postgres());
            }
        }
    };
}

pub(crate) use access_test;
