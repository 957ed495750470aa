//! The look-up reads the identity index whatever PostgreSQL's statistics say: on a new database, on 100,000 rows that
//! were never analysed, and in a new workspace beside an analysed one. Otherwise an import takes ten times as long.

use convoke_people::field::Field;
use convoke_people::record_type::RecordType;
use convoke_pipeline::mapping::{Mapping, MappingChoices};
use convoke_pipeline::recipe::Recipe;
use convoke_pipeline::settings::Settings;
use convoke_store::accounts_elsewhere::ALL_AT_ONCE;
use convoke_store::matching::look_up_sql;
use convoke_store::secondary_keys::people_by_id_sql;
use convoke_testbed::postgres::{Database, Postgres};

use crate::databases::{on_postgres, on_sqlite};

fn recipe() -> Recipe {
    let settings = Settings::new(RecordType::Advocate);
    let headers = [Field::Name, Field::Email, Field::Title, Field::SalesforceId].map(|field| field.label().to_owned());
    let mapping = Mapping::decide(&headers, &MappingChoices::default(), &settings, |_| Vec::new()).expect("a mapping");
    Recipe::new(settings, mapping, Vec::new())
}

/// The plans of both look-ups.
fn explained(database: &Database<'_>, workspace: u32) -> [String; 2] {
    [&look_up_sql(&recipe()), ALL_AT_ONCE].map(|sql| explained_sql(database, sql, workspace))
}

fn explained_sql(database: &Database<'_>, sql: &str, workspace: u32) -> String {
    let identities: Vec<_> = (1..=2_000).map(|n| format!("person{n}@example.com")).collect();
    database.psql(&format!(
        "SET plan_cache_mode = force_custom_plan; PREPARE look_up(bigint, smallint, text[]) AS {sql}; \
         EXPLAIN EXECUTE look_up({workspace}, 3, '{{{}}}')",
        identities.join(",")
    ))
}

fn assert_identity_index(plans: &[String; 2], when: &str) {
    for plan in plans {
        assert!(plan.contains("person_identity"), "{when}: {plan}");
        for other in ["person_list", "person_pkey", "Seq Scan on person"] {
            assert!(!plan.contains(other), "{when}: {plan}");
        }
    }
}

fn fill(database: &Database<'_>, workspace: u32, rows: u32) {
    database.psql(&format!(
        "INSERT INTO person (workspace_id, id, record_type, identity, version, created_at, updated_at) \
         SELECT {workspace}, ({workspace}::bigint << 40) + n, 3, 'person' || n || '@example.com', 1, 0, 0 \
         FROM generate_series(1, {rows}) n"
    ));
}

#[test]
fn the_look_up_reads_the_identity_index_with_any_statistics() {
    if convoke_testbed::is_quick() {
        return;
    }
    let database = Postgres::shared().database();
    let address = convoke_store::Address::Postgres(database.url());
    convoke_store::Store::open(&address, convoke_store::Access::Write, crate::databases::clock).expect("a database");
    database.psql("ALTER TABLE person SET (autovacuum_enabled = off)");
    assert_identity_index(&explained(&database, 1), "a new database");
    fill(&database, 1, 100_000);
    assert_identity_index(&explained(&database, 1), "100,000 rows never analysed");
    database.psql("ANALYZE person");
    assert_identity_index(&explained(&database, 1), "100,000 rows analysed");
    assert_identity_index(&explained(&database, 2), "a new workspace beside an analysed one");
    fill(&database, 2, 1_000);
    assert_identity_index(&explained(&database, 2), "a small workspace beside an analysed one");
}

/// Those who hold a secondary key of a file are read by their ids, without another index on person.
#[test]
fn people_who_hold_a_key_are_read_by_the_primary_key() {
    let sql = people_by_id_sql(&recipe());
    assert!(sql.contains("salesforce_id"), "{sql}");
    let test = on_sqlite();
    let sqlite = format!("EXPLAIN QUERY PLAN {sql} = $2");
    let rows = test.store.read(|r| r.query(&sqlite, &[1.into(), 3.into()])).expect("a plan");
    assert!(rows[0].text(3).expect("text").contains("INTEGER PRIMARY KEY"), "{rows:?}");
    if convoke_testbed::is_quick() {
        return;
    }
    let database = Postgres::shared().database();
    let address = convoke_store::Address::Postgres(database.url());
    convoke_store::Store::open(&address, convoke_store::Access::Write, crate::databases::clock).expect("a database");
    database.psql("ALTER TABLE person SET (autovacuum_enabled = off)");
    let ids: Vec<_> = (1..=200).map(|n| ((1_i64 << 40) + n * 7).to_string()).collect();
    let explained = || {
        database.psql(&format!(
            "SET plan_cache_mode = force_custom_plan; PREPARE people(bigint, bigint[]) AS {sql} = ANY($2); \
             EXPLAIN EXECUTE people(1, '{{{}}}')",
            ids.join(",")
        ))
    };
    fill(&database, 1, 100_000);
    let never_analysed = explained();
    assert!(never_analysed.contains("person_pkey") && !never_analysed.contains("Seq Scan"), "{never_analysed}");
    database.psql("ANALYZE person");
    let analysed = explained();
    assert!(analysed.contains("person_pkey") && !analysed.contains("Seq Scan"), "{analysed}");
}

#[test]
fn sqlite_reads_the_identity_index_too() {
    let test = on_sqlite();
    let sql = "EXPLAIN QUERY PLAN SELECT id FROM person p WHERE p.workspace_id = $1 AND p.record_type = $2 \
               AND p.identity = $3";
    let rows = test.store.read(|r| r.query(sql, &[1.into(), 3.into(), "a@example.com".into()])).expect("a plan");
    let plan = rows[0].text(3).expect("text");
    assert!(plan.contains("person_identity"), "{plan}");
}

#[test]
fn a_list_walks_the_list_index() {
    if convoke_testbed::is_quick() {
        return;
    }
    let test = on_postgres();
    let sql = "EXPLAIN SELECT id FROM person WHERE (workspace_id * 8 + record_type) = 11 AND id > 0 AND workspace_id = 1 \
               ORDER BY id LIMIT 100";
    let rows = test.store.read(|r| r.query(sql, &[])).expect("a plan");
    let plan: Vec<_> = rows.iter().map(|row| row.text(0).expect("text").to_owned()).collect();
    assert!(plan.join("\n").contains("person_list"), "{plan:?}");
}
