//! Connections to PostgreSQL over TLS, by what the address says.

use convoke_store::{Access, Address, Query, Store, StoreError};
use convoke_testbed::postgres::{Options, Postgres};

fn open(url: &str) -> Result<Store, StoreError> {
    Store::open(&Address::parse(url), Access::Write, || 0)
}

/// Whether the connection that answers is encrypted.
fn is_encrypted(store: &Store) -> bool {
    let sql = "SELECT CASE WHEN ssl THEN 1 ELSE 0 END::bigint FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    let row = store.read(|r| r.query_one(sql, &[])).expect("asked").expect("a row");
    row.int(0).expect("a number") == 1
}

#[test]
fn a_connection_is_encrypted_and_checked_as_the_address_says() {
    if convoke_testbed::is_quick() {
        return;
    }
    let cluster = Postgres::start(&Options::quick().encrypted());
    let database = cluster.database();
    let url = cluster.network_url(database.name(), "localhost");
    let certificate = cluster.certificate().display().to_string();
    assert!(!is_encrypted(&open(&url).expect("as before")));
    assert!(is_encrypted(&open(&format!("{url}?sslmode=require")).expect("whoever it is")));
    assert!(is_encrypted(&open(&format!("{url}?sslmode=verify-full&sslrootcert={certificate}")).expect("vouched for")));
    let wrong = |url: &str| open(url).err().unwrap_or_else(|| panic!("{url} is believed")).to_string();
    for mode in ["verify-ca", "verify-full"] {
        wrong(&format!("{url}?sslmode={mode}"));
    }
    let by_number = cluster.network_url(database.name(), "127.0.0.1");
    wrong(&format!("{by_number}?sslmode=verify-full&sslrootcert={certificate}"));
    assert!(wrong(&format!("{url}?sslmode=always")).contains("disable, require, verify-ca or verify-full"));
    assert!(wrong(&format!("{url}?sslmode=verify-full&sslrootcert=/nowhere.pem")).contains("sslrootcert /nowhere.pem"));
}
