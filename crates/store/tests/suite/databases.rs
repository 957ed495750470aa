//! One body, two tests: on a SQLite file and on a PostgreSQL that the test process started itself.

use convoke_store::{Access, Address, Store};
use convoke_testbed::postgres::{Database, Postgres};

/// A store that goes away with the test.
pub(crate) struct TestStore {
    pub(crate) store: Store,
    pub(crate) address: Address,
    _folder: Option<tempfile::TempDir>,
    _database: Option<Database<'static>>,
}

pub(crate) fn clock() -> i64 {
    #[expect(clippy::disallowed_methods, reason = "leases are about real time")]
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| since.as_micros() as i64)
}

pub(crate) fn on_sqlite() -> TestStore {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let address = Address::Sqlite(folder.path().join("convoke.db"));
    let store = Store::open(&address, Access::Write, clock).expect("a new database");
    TestStore { store, address, _folder: Some(folder), _database: None }
}

pub(crate) fn on_postgres() -> TestStore {
    let database = Postgres::shared().database();
    let address = Address::Postgres(database.url());
    let store = Store::open(&address, Access::Write, clock).expect("a new database");
    TestStore { store, address, _folder: None, _database: Some(database) }
}

/// Turns one body into a test on each database.
macro_rules! store_test {
    ($(#[$attribute:meta])* $name:ident, |$store:ident| $body:block) => {
        $(#[$attribute])*
        mod $name {
            use super::*;

            fn body($store: &crate::databases::TestStore) $body

            #[test]
            fn sqlite() {
                body(&crate::databases::on_sqlite());
            }

            #[test]
            fn postgres() {
                if convoke_testbed::is_quick() {
                    return;
                }
                body(&crate::databases::on_postgres());
            }
        }
    };
}

pub(crate) use store_test;
